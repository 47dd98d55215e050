"""Plans: one year is site; stocks, schedules, discounting; refusals; the stored plan."""

from __future__ import annotations

import itertools

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.case.case import Case, Settings
from model.case.errors import BadInput
from model.case.periods import timeline
from model.scenarios.apply import LEDGER
from model.scenarios.info import ScenarioInfo
from model.studies.plan.periods import case_at, read_horizon
from model.studies.plan.plan import Plan, plan
from model.studies.plan.starts import read_starts
from model.studies.siting.read_options import capital_recovery_factor
from model.studies.siting.requirements import Requirements
from tests.support.growing import growing, with_years
from tests.support.siting_problems import answer, best_of, posed, problems, small, tried


def planned(case: Case, requirements: Requirements | None = None) -> Plan:
    return plan(case, ScenarioInfo("base"), pd.DataFrame(columns=list(LEDGER)), requirements)


def case_of(case: Case, year: int) -> Case:
    """The case as its paths have it in a year."""
    time = timeline(case.periods, case.settings.year)
    begin = time.begin(str(year))
    assert begin is not None
    return case_at(case, time, begin)


def test_a_plan_of_one_year_is_a_siting() -> None:
    one = planned(with_years(small(), 2024))
    site = answer(small()).result
    assert one.figures["opened"] == site.figures["opened"]
    for name in ("total_cost_mcny", "fixed_cost_mcny", "capital_mcny"):
        assert one.figures[name] == pytest.approx(site.figures[name])
    for found in (one, site):  # each proves a bound of its own
        assert found.figures["proved_bound_mcny"] <= found.figures["total_cost_mcny"]
    shipped = one.flows.groupby(["origin", "sink"])["ship_kt"].sum()
    assert shipped.to_dict() == pytest.approx(
        site.flows.groupby(["origin", "sink"])["ship_kt"].sum().to_dict()
    )


@tried(10)
@given(problems())
def test_random_plans_of_one_year_are_sitings(drawn: tuple[Case, Requirements]) -> None:
    problem = posed(*drawn)
    best = best_of(problem)
    one = planned(with_years(drawn[0], 2030), problem.requirements)
    assert one.figures["total_cost_mcny"] == pytest.approx(best.cost_kcny / 1000, abs=1e-7)


def test_paths_hold_until_the_next_value() -> None:
    case = growing()
    demand = {
        year: case_of(case, year).sinks.set_index("sink")["demand_kt"]["east"]
        for year in (2024, 2025, 2026, 2030)
    }
    assert demand == {2024: 60.0, 2025: 80.0, 2026: 100.0, 2030: 100.0}


def test_a_factor_multiplies_what_the_case_has() -> None:
    paths = growing().paths.assign(how="factor", value=[1.5, 2.0])
    twice = case_of(growing().replace(paths=paths), 2026)
    assert twice.sinks.set_index("sink")["demand_kt"]["east"] == 120.0


def test_projects_start_no_earlier_than_they_can() -> None:
    horizon, found = read_starts(read_horizon(growing()))
    starts: dict[str, list[float]] = {}
    for start in found.starts:
        starts.setdefault(start.name, []).append(horizon.periods[start.period].year)
    assert starts == {"A": [2025, 2026], "B": [2026], "C": [2024, 2025, 2026]}


def test_costs_are_those_of_the_years_discounted() -> None:
    found = planned(growing())
    years = found.years
    assert list(years["discount"]) == pytest.approx([1.0, 1 / 1.1, 1 / 1.21])
    total = (years["total_cost_mcny"] * years["discount"]).sum()
    assert found.figures["total_cost_mcny"] == pytest.approx(total)
    assert found.figures["claimed_bound_mcny"] == pytest.approx(total)
    assert found.figures["proved_bound_mcny"] <= total
    factor = capital_recovery_factor(0.1, 20)
    starts = found.figures["starts"]
    fixed = {
        year: factor
        * sum(
            found.figures["opened_kt"][name] * capex / 1000
            for name, capex in (("A", 500.0), ("B", 600.0), ("C", 450.0))
            if name in starts and starts[name] <= year
        )
        for year in (2024, 2025, 2026)
    }
    assert dict(zip(years["year"], years["fixed_cost_mcny"], strict=True)) == pytest.approx(fixed)


def test_stock_is_carried_when_it_pays_and_within_its_limit() -> None:
    """Cheap production this year, dear next year: as much is carried as the limit allows."""
    case = Case.of(
        Settings(name="stock", discount_rate=0.0),
        origins=pd.DataFrame({"origin": ["o"], "supply_kt": [100.0], "cost_cny_per_t": [10.0]}),
        sinks=pd.DataFrame({"sink": ["s"], "demand_kt": [50.0]}),
        lanes=pd.DataFrame({"origin": ["o"], "sink": ["s"], "cost_cny_per_t": [1.0]}),
        periods=pd.DataFrame(
            {"year": [1.0, 2.0], "holding_cny_per_t": [3.0, 3.0], "max_stock_kt": [30.0, 30.0]}
        ).assign(year=[2024.0, 2025.0]),
        paths=pd.DataFrame(
            {
                "target": ["origins.cost_cny_per_t"],
                "where": ["origin=o"],
                "year": [2025],
                "value": [20.0],
            }
        ),
    )
    found = planned(case)
    assert found.stocks["stock_kt"].tolist() == [30.0]
    expected = 50 * 11 + 30 * 14 + 20 * 21
    assert 1000 * found.figures["total_cost_mcny"] == pytest.approx(expected)
    assert found.years["holding_cost_mcny"].tolist() == pytest.approx([0.09, 0.0])
    assert found.years["made_kt"].tolist() == pytest.approx([80.0, 20.0])


def test_a_project_stands_to_the_end_and_is_built_once() -> None:
    found = planned(growing())
    assert found.schedule["option"].is_unique
    assert found.schedule["starts"].between(2024, 2026).all()


@tried(6)
@given(st.data())
def test_schedules_are_those_of_full_enumeration(data: st.DataObject) -> None:
    capex = [data.draw(st.integers(10, 90)) * 10.0 for _ in range(2)]
    needs = data.draw(st.sampled_from(["", "A"]))
    case = growing()
    case = case.replace(
        lanes=case.lanes[case.lanes["origin"] != "C"],
        projects=pd.DataFrame(
            {
                "project": ["A", "B"],
                "capacity_kt": [50.0, 40.0],
                "capex_cny_per_t": capex,
                "requires": ["", needs],
            }
        ),
    )
    found = planned(case)
    years = (2024, 2025, 2026)
    costs = []
    for starts in itertools.product([None, *years], repeat=2):
        if needs and starts[1] and (not starts[0] or starts[0] > starts[1]):
            continue
        costs.append(fixed_schedule(case, dict(zip("AB", starts, strict=True))))
    assert found.figures["total_cost_mcny"] == pytest.approx(min(costs), abs=1e-7)


def fixed_schedule(case: Case, starts: dict[str, int | None]) -> float:
    """Discounted cost of a schedule; its projects are origins that supply from their years on."""
    factor = capital_recovery_factor(0.1, 20)
    projects = case.projects.set_index("project")
    origins = pd.DataFrame({"origin": ["far", *starts], "supply_kt": [200.0, 0.0, 0.0]})
    paths = [case.paths]
    fixed = 0.0
    for name, start in starts.items():
        if start:
            size = float(projects["capacity_kt"][name])
            paths.append(
                pd.DataFrame(
                    {
                        "target": ["origins.supply_kt"],
                        "where": [f"origin={name}"],
                        "year": [start],
                        "value": [size],
                    }
                )
            )
            standing = sum(1.1 ** (2024 - year) for year in (2024, 2025, 2026) if year >= start)
            fixed += standing * factor * size * float(projects["capex_cny_per_t"][name])
    plain = case.replace(origins=origins, projects=case.projects.iloc[:0], paths=pd.concat(paths))
    return float(planned(plain).figures["total_cost_mcny"]) + fixed / 1000


def test_a_forced_project_starts_as_soon_as_it_can() -> None:
    case = growing()
    forced = case.replace(projects=case.projects.assign(forced=[False, True, False]))
    assert planned(forced).figures["starts"]["B"] == 2026


def test_a_forced_project_beyond_the_plan_is_refused() -> None:
    case = growing()
    late = case.projects.assign(forced=[True, False, False], earliest=[2026.0, 2025.0, 2024.0])
    with pytest.raises(BadInput, match="must be able to start by 2026, the last year of the plan"):
        planned(case.replace(projects=late))


def test_a_plan_without_years_is_refused() -> None:
    with pytest.raises(BadInput, match="a plan must have years"):
        planned(small())


def test_a_year_that_cannot_be_supplied_is_named() -> None:
    case = growing()
    poor = case.replace(
        origins=case.origins.assign(supply_kt=20.0),
        projects=case.projects.iloc[:1],
        lanes=case.lanes[case.lanes["origin"].isin(["far", "A"])],
    )
    found = planned(poor)
    assert found.status == "infeasible"
    assert found.diagnosis is not None
    assert found.diagnosis.headline.startswith("In 2024: east, west need 110 kt")


def test_a_closure_saves_from_its_year_on() -> None:
    case = growing()
    closing = case.replace(
        origins=pd.DataFrame({"origin": ["far", "old"], "supply_kt": [200.0, 30.0]}),
        closures=pd.DataFrame({"origin": ["old"], "saved_mcny_per_year": [0.1]}),
    )
    found = planned(closing)
    assert found.figures["closed"] == ["old"]
    assert found.figures["starts"]["old"] == 2024
