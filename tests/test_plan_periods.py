"""Periods of any length: months, seasons, milestone years; names, stocks, starts and proof."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from model.case.case import Case, Settings
from model.case.periods import timeline
from model.case.write import write_case
from model.reading.read_case import read_case
from model.scenarios.apply import LEDGER
from model.scenarios.info import ScenarioInfo
from model.studies.compare.differences import differences
from model.studies.plan.plan import Plan, plan
from reports.page.plan_sections import plan_headline
from reports.workbook.template import case_workbook
from tests.support.cases import same_case
from tests.support.plan_cases import random_plan

MONTHS = [f"2026-{month:02d}" for month in range(1, 13)]
DEMAND = [60.0, 60.0, 90.0, 150.0, 150.0, 120.0, 60.0, 30.0, 60.0, 90.0, 90.0, 60.0]
"""Demand of each month, kt per year."""
COST = [100.0] * 3 + [180.0] * 6 + [100.0] * 3
"""What it costs to make a tonne in the South in each month, CNY/t."""
HOLDING, ROOM = 4.0, 6.0


def planned(case: Case) -> Plan:
    return plan(case, ScenarioInfo("base"), pd.DataFrame(columns=list(LEDGER)))


def monthly(rate: float = 0.08, room: float = ROOM) -> Case:
    """Twelve months of one year: demand and production cost move, stock may be carried."""
    paths = [
        {"target": target, "where": where, "period": month, "value": value}
        for target, where, values in (
            ("sinks.demand_kt", "", DEMAND),
            ("origins.cost_cny_per_t", "origin=South", COST),
        )
        for month, value in zip(MONTHS, values, strict=True)
    ]
    return Case.of(
        Settings(name="months", discount_rate=rate),
        origins=pd.DataFrame(
            {"origin": ["North", "South"], "supply_kt": [70.0, 90.0], "cost_cny_per_t": 120.0}
        ),
        sinks=pd.DataFrame({"sink": ["Town"], "demand_kt": [60.0]}),
        lanes=pd.DataFrame(
            {"origin": ["North", "South"], "sink": "Town", "cost_cny_per_t": [30.0, 10.0]}
        ),
        periods=pd.DataFrame(
            {"period": MONTHS, "length_years": 1 / 12, "holding_cny_per_t": HOLDING,
             "max_stock_kt": room}
        ),
        paths=pd.DataFrame(paths),
    )  # fmt: skip


def written_out(rate: float, room: float) -> float:
    """The least cost of these months, MCNY: tonnes made, sold and held in each month, in kt."""
    months, places = 12, ((70.0, 30.0, [120.0] * 12), (90.0, 10.0, COST))
    width = months * len(places)
    make, sell, hold = (np.arange(width) + part * width for part in range(3))
    cost, upper, room_rows = np.zeros(3 * width), np.full(3 * width, np.inf), []
    balance, demand = np.zeros((width, 3 * width)), np.zeros((months, 3 * width))
    for at, (supply, freight, production) in enumerate(places):
        for month in range(months):
            here = at * months + month
            worth = (1 + rate) ** (-month / 12)
            cost[make[here]], cost[sell[here]] = worth * production[month], worth * freight
            cost[hold[here]] = worth * HOLDING
            upper[make[here]] = supply / 12
            balance[here, [make[here], sell[here], hold[here]]] = 1.0, -1.0, -1.0
            if month:
                balance[here, hold[here - 1]] = 1.0
            demand[month, sell[here]] = 1.0
        upper[hold[at * months + months - 1]] = 0.0
    for month in range(months):
        row = np.zeros(3 * width)
        row[[hold[month], hold[months + month]]] = 1.0
        room_rows.append(row)
    found = linprog(
        cost,
        A_ub=np.array(room_rows),
        b_ub=np.full(months, room),
        A_eq=np.vstack([balance, demand]),
        b_eq=np.r_[np.zeros(width), np.array(DEMAND) / 12],
        bounds=list(zip(np.zeros(3 * width), upper, strict=True)),
    )
    assert found.status == 0
    return float(found.fun) / 1000


@pytest.mark.parametrize("rate", [0.0, 0.08])
@pytest.mark.parametrize("room", [ROOM, 1.0])
def test_twelve_months_cost_what_one_program_written_out_says(rate: float, room: float) -> None:
    found = planned(monthly(rate, room))
    assert found.figures["total_cost_mcny"] == pytest.approx(written_out(rate, room), abs=1e-7)
    assert len(found.years) == 12
    assert 0 < found.years["stock_kt"].max() <= room + 1e-9


def test_without_room_for_stock_months_that_fall_short_have_no_plan() -> None:
    found = planned(monthly(room=0.0).replace(origins=monthly().origins.assign(supply_kt=70.0)))
    assert found.status == "infeasible"
    assert found.diagnosis is not None
    assert found.diagnosis.headline.startswith("In 2026-04: ")


def in_months(case: Case, count: int) -> Case:
    """The case over one year from 2025, cut into equal parts."""
    names = [f"part {number}" for number in range(count)]
    periods = pd.DataFrame({"period": names, "length_years": 1 / count})
    return case.replace(periods=periods, paths=case.paths.iloc[:0])


@pytest.mark.parametrize("seed", [3, 5, 8, 13, 21, 34, 55, 89])
def test_months_of_constant_figures_cost_what_their_year_does(seed: int) -> None:
    case, _, _ = random_plan(seed)
    case = case.replace(
        settings=Settings(name="year", year=2025, discount_rate=0.0),
        projects=case.projects.assign(earliest="", life_years=20.0, forced=False),
    )
    year, months = planned(in_months(case, 1)), planned(in_months(case, 12))
    assert months.status == year.status
    if year.status == "optimal":
        assert months.figures["total_cost_mcny"] == pytest.approx(year.figures["total_cost_mcny"])


@pytest.mark.parametrize("seed", range(12))
def test_milestone_years_cost_what_every_year_listed_does(seed: int) -> None:
    """Nothing changes within a period, so that projects start with milestones alone."""
    case, _, _ = random_plan(seed)
    case = case.replace(
        projects=case.projects.assign(after_life="rebuilt", earliest="", life_years=20.0),
        closures=case.closures.iloc[:0],
        duties=case.duties.iloc[:0],  # they have dates
        paths=case.paths.iloc[:0],
    )
    miles = case.replace(periods=pd.DataFrame({"year": [2025, 2028, 2033]}))
    years = case.replace(periods=pd.DataFrame({"year": range(2025, 2034)}))
    one, all_years = planned(miles), planned(years)
    assert one.status == all_years.status
    if one.status == "optimal":
        assert one.figures["total_cost_mcny"] == pytest.approx(all_years.figures["total_cost_mcny"])


def test_a_stretch_weighs_its_length_at_the_time_of_its_beginning() -> None:
    """Half a year, then three years and a half: whole years and a rest."""
    periods = pd.DataFrame({"period": ["dry", "later"], "length_years": [0.5, 3.5]})
    found = planned(monthly().replace(periods=periods, paths=monthly().paths.iloc[:0]))
    later = sum(1.08**-at for at in (0.5, 1.5, 2.5)) + 0.5 * 1.08**-3.5
    weight = found.years["length_years"] * found.years["discount"]
    assert weight.tolist() == pytest.approx([0.5, later])


def test_periods_begin_with_their_years_or_as_the_one_above_ends() -> None:
    periods = (
        monthly()
        .replace(
            periods=pd.DataFrame(
                {
                    "year": [2025, np.nan, np.nan, 2030, 2031],
                    "period": ["spring", "autumn", "long", "", "end"],
                    "length_years": [1 / 4, 3 / 4, np.nan, np.nan, np.nan],
                }
            )
        )
        .periods
    )
    time = timeline(periods, None)
    spans = [(span.begin, span.end) for span in time.spans]
    assert spans == [(0, Fraction(1, 4)), (Fraction(1, 4), 1), (1, 5), (5, 6), (6, 7)]
    assert [time.label(span) for span in time.spans] == ["spring", "autumn", "long", "2030", "end"]
    assert (time.begin("2031"), time.begin("autumn"), time.begin("winter")) == (
        6, Fraction(1, 4), None,
    )  # fmt: skip


def with_project(**cells: object) -> Case:
    """A project that pays from the first month on."""
    case = monthly()
    project = {"project": "New", "region": "South", "capacity_kt": 30.0, "life_years": 20.0}
    lanes = [
        *case.lanes.to_dict("records"),
        {"origin": "New", "sink": "Town", "cost_cny_per_t": 5.0},
    ]
    return case.replace(projects=[project | cells], lanes=lanes)


@pytest.mark.parametrize(
    ("cells", "starts"),
    [({}, "2026-01"), ({"earliest": "2026-05"}, "2026-05"),
     ({"earliest": "2026-05", "lead_years": 1 / 4}, "2026-08"),
     ({"earliest": "2026-05", "lead_years": 1.0}, None)],
)  # fmt: skip
def test_a_project_starts_with_a_named_period(cells: dict[str, object], starts: object) -> None:
    found = planned(with_project(**cells))
    assert found.figures["starts"] == ({"New": starts} if starts else {})


def test_a_life_of_a_quarter_is_bought_again_or_gone() -> None:
    rebuilt = planned(with_project(life_years=0.25, capex_cny_per_t=10.0))
    assert rebuilt.schedule["bought"].tolist() == ["2026-01|2026-04|2026-07|2026-10"]
    assert rebuilt.figures["capital_mcny"] == pytest.approx(4 * 30.0 * 10.0 / 1000)
    gone = planned(with_project(life_years=0.25, capex_cny_per_t=10.0, after_life="gone"))
    (row,) = gone.schedule.to_dict("records")
    assert row["ends"] - row["starts"] == pytest.approx(0.25)


def test_what_could_be_gone_but_is_not_built_changes_no_stock() -> None:
    """It cuts the months in two; within a month stock passes freely."""
    dear = with_project(life_years=0.2, after_life="gone", capex_cny_per_t=1e6)
    with_cuts, plain = planned(dear), planned(monthly())
    assert len(with_cuts.years) > 12
    assert with_cuts.figures["opened"] == []
    assert with_cuts.figures["total_cost_mcny"] == pytest.approx(plain.figures["total_cost_mcny"])
    carried = with_cuts.stocks.groupby("from_period")["stock_kt"].sum()
    assert carried.to_dict() == pytest.approx(
        plain.stocks.groupby("from_period")["stock_kt"].sum().to_dict()
    )
    assert (with_cuts.stocks["from_period"] != with_cuts.stocks["to_period"]).all()
    assert with_cuts.years["stock_kt"].max() == pytest.approx(carried.max())


def test_tables_and_headline_name_the_periods() -> None:
    found = planned(with_project(earliest="2026-05"))
    assert found.years["period"].tolist() == MONTHS
    assert set(found.flows["period"]) <= set(MONTHS)
    assert set(found.stocks["to_period"]) <= set(MONTHS[1:])
    assert found.schedule["period"].tolist() == ["2026-05"]
    found.figures["run"] = "here"
    headline = plan_headline(found)
    assert "Start New (30 kt) in 2026-05." in headline
    assert "2026-01 to 2026-12 cost " in headline


def test_a_case_keeps_names_fractions_and_the_order_of_periods(tmp_path: Path) -> None:
    case = monthly().replace(periods=monthly().periods.iloc[::-1])
    assert case.periods["period"].tolist() == MONTHS[::-1]
    write_case(case, tmp_path / "case")
    text = (tmp_path / "case" / "periods.csv").read_text("utf-8")
    assert text.splitlines()[:2] == [
        "period,length_years,holding_cny_per_t,max_stock_kt", "2026-12,1/12,4,6",
    ]  # fmt: skip
    assert same_case(read_case(tmp_path / "case"), case)
    (tmp_path / "case.xlsx").write_bytes(case_workbook(case))
    assert same_case(read_case(tmp_path / "case.xlsx"), case)


def test_a_comparison_of_cases_knows_periods_by_name() -> None:
    case = monthly()
    assert differences(case, case) == []
    longer = case.periods.assign(length_years=[1 / 12] * 11 + [1 / 6])
    (found,) = differences(case, case.replace(periods=longer))
    assert (found.row, found.column) == ("period=2026-12", "length_years")


FORGED = (
    ("years.csv", "2026-03\n", "2026-04\n"),
    ("flows.csv", "2026-03,2026-03", "2026-03,2026-02"),
    ("stocks.csv", "2026-03,2026-04", "2026-03,2026-05"),
    ("schedule.csv", "2026-05\n", "2026-06\n"),
    ("schedule.csv", ",2026-05,", ",2026-06,"),
    ("run.json", '"New": "2026-05"', '"New": "2026-06"'),
)


def test_verify_derives_a_plan_of_months_and_finds_a_forged_name(
    tmp_path: Path, command: Callable[..., object]
) -> None:
    write_case(with_project(earliest="2026-05", capex_cny_per_t=1.0), tmp_path / "case")
    ended = command("plan", "--case", tmp_path / "case", "--out", tmp_path / "runs", "--json")
    run = Path(json.loads(ended.out)["run"])  # type: ignore[attr-defined]
    assert command("verify", run).code == 0  # type: ignore[attr-defined]
    for name, old, new in FORGED:
        text = (run / name).read_text("utf-8")
        assert old in text, (name, old)
        (run / name).write_text(text.replace(old, new, 1), "utf-8")
        ended = command("verify", run)
        assert ended.code == 5, name  # type: ignore[attr-defined]
        said = f"{ended.out}{ended.err}"  # type: ignore[attr-defined]
        assert f"{name}: " in said and "said; " in said, name
        (run / name).write_text(text, "utf-8")
