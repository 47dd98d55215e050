"""Prices for tonnes above demand, and demand that may go unmet at a price."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from model import allocate, plan, read_case, site, verify
from model.case.case import Case
from model.case.distances import with_distances
from model.case.errors import BadInput
from model.reading.read_case import read_whole
from model.result.figures import COST_PARTS, FIGURES
from model.studies.sweep.distributions import Distribution
from model.studies.sweep.draws import DrawPlan, Variation, draw
from model.studies.sweep.resolve_each import drawn_case
from model.studies.sweep.study import sweep as sweep_of
from tests.support.chosen_cases import ENDLESS, check_choices, check_plans
from tests.support.compared import NIGHTLY
from tests.support.small_case import write_file
from tests.support.study_oracles import STUDIES
from tests.support.trade_cases import trade_cases

SLOW = pytest.param(NIGHTLY, marks=pytest.mark.slow)
FILES = {
    "case.toml": 'name = "trade"\nyear = 2025\n',
    "origins.csv": "origin,supply_kt,cost_cny_per_t\nA,100,100\nB,50,150\n",
    "sinks.csv": """sink,demand_kt,kind,max_kt,price_cny_per_t,shortage_cny_per_t
Home,60,domestic,,,
Far,40,domestic,60,300,900
Port,0,export,80,200,
Remote,10,domestic,,,250
""",
    "lanes.csv": """origin,sink,cost_cny_per_t,max_kt
A,Home,10,
B,Home,5,
A,Far,250,25
B,Far,200,
A,Port,50,
B,Port,20,
B,Remote,300,
""",
}
"""By hand: B serves Far, its 40 kt at 350 CNY/t; A serves Home at 110. Of the 50 kt left, 40 of A's
go to Port at 150 and 10 of B's at 170, for 200; Remote goes without, at 250 rather than 450."""
COST_KCNY = 40 * 350 + 60 * 110 + 40 * 150 + 10 * 170 + 10 * 250 - 50 * 200


def written(folder: Path, **texts: str) -> Case:
    for name, text in (FILES | {f"{key}.csv": text for key, text in texts.items()}).items():
        write_file(folder / name, text)
    return read_case(folder)


def test_sales_earn_and_shortages_cost(tmp_path: Path) -> None:
    result = allocate(written(tmp_path / "case"))
    figures = result.figures
    assert figures["total_cost_mcny"] * 1e3 == pytest.approx(COST_KCNY)
    assert figures["revenue_mcny"] == pytest.approx(50 * 200 / 1e3)
    assert figures["shortage_cost_mcny"] == pytest.approx(10 * 250 / 1e3)
    assert (figures["shortage_kt"], figures["shipped_kt"], figures["unshipped_kt"]) == (10, 150, 0)
    assert set(result.flows["origin"]) == {"A", "B"} and "Remote" not in set(result.flows["sink"])
    spent = result.flows["cost_mcny"].sum()
    assert figures["total_cost_mcny"] == pytest.approx(spent + 2.5 - 10)
    assert verify(result.save(tmp_path / "runs")).agrees


def test_the_example_of_the_mathematics_holds(tmp_path: Path) -> None:
    case = written(
        tmp_path,
        origins="origin,supply_kt,cost_cny_per_t\nPlant,70,100\n",
        sinks="sink,demand_kt,kind,max_kt,price_cny_per_t\nHome,60,domestic,,\nPort,0,export,80,200\n",
        lanes="origin,sink,cost_cny_per_t\nPlant,Home,10\nPlant,Port,50\n",
    )
    assert allocate(case).figures["objective_kcny"] == pytest.approx(6100)


def test_marginal_values_know_what_is_paid(tmp_path: Path) -> None:
    """A tonne less at Port costs its 200; one more at Remote is short, whatever is shipped."""
    prices = allocate(written(tmp_path)).prices.set_index(["place", "role"])
    assert prices.loc[("Remote", "sink"), "right_cny_per_t"] == 250
    assert prices.loc[("Far", "sink"), "right_cny_per_t"] == 350 + 30
    assert prices.loc[("A", "origin"), "left_cny_per_t"] == 50


def test_demand_beyond_all_supply_is_a_shortage_where_it_may_be(tmp_path: Path) -> None:
    few = "origin,supply_kt,cost_cny_per_t\nA,70,100\n"
    lanes = "\n".join(row for row in FILES["lanes.csv"].splitlines() if row[0] != "B")
    figures = allocate(written(tmp_path, origins=few, lanes=lanes)).figures
    assert figures["shortage_kt"] == 40 and figures["total_cost_mcny"] == pytest.approx(
        (60 * 110 + 10 * 350 + 30 * 900 + 10 * 250) / 1e3
    )


@pytest.mark.parametrize(
    ("column", "forged"),
    [("revenue_mcny", '"revenue_mcny": 10.0'), ("shortage_cost_mcny", '"shortage_cost_mcny": 2.5')],
)
def test_a_forged_revenue_or_shortage_is_found(tmp_path: Path, column: str, forged: str) -> None:
    folder = allocate(written(tmp_path / "case")).save(tmp_path / "runs")
    text = (folder / "run.json").read_text(encoding="utf-8")
    assert forged in text
    (folder / "run.json").write_text(text.replace(forged, f'"{column}": 9.0'), encoding="utf-8")
    assert not verify(folder).agrees


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ((",300,900", ",300,299"), "price_cny_per_t.*at most shortage_cny_per_t, which is 299"),
        ((",300,900", ",-1,900"), "price_cny_per_t.*at least 0"),
        ((",,,250", ",,,-250"), "shortage_cny_per_t.*at least 0"),
    ],
)
def test_prices_that_make_no_sense_are_refused(
    tmp_path: Path, change: tuple[str, str], message: str
) -> None:
    with pytest.raises(BadInput, match=f"sinks.csv:.*{message}"):
        written(tmp_path, sinks=FILES["sinks.csv"].replace(*change))


def test_a_price_that_nothing_can_earn_warns(tmp_path: Path) -> None:
    sinks = FILES["sinks.csv"].replace("Home,60,domestic,,,", "Home,60,domestic,,50,")
    written(tmp_path, sinks=sinks)
    (warning,) = (text for text in read_whole(tmp_path).warnings if "price_cny_per_t" in text)
    assert "sinks.csv:2" in warning and "takes no more than that; give max_kt" in warning


@pytest.mark.parametrize("study", STUDIES)
@pytest.mark.parametrize("count", [12, SLOW])
def test_studies_with_prices_agree(study: str, count: int) -> None:
    for seed, case in trade_cases(count, count):
        assert STUDIES[study](case, seed) == [], seed


@pytest.mark.parametrize("count", [12, SLOW])
def test_choices_with_prices_are_those_of_full_enumeration(count: int) -> None:
    check_choices(trade_cases(count, ENDLESS), count)


@pytest.mark.parametrize("count", [12, SLOW])
def test_plans_with_prices_are_those_of_every_schedule(count: int) -> None:
    check_plans(trade_cases(count, ENDLESS), count)


def test_a_site_and_a_plan_add_revenue_and_shortage_up(tmp_path: Path) -> None:
    """A new plant at Remote saves its shortage; every part sums to the total."""
    case = written(tmp_path / "case").replace(
        projects=[{"project": "New", "capacity_kt": 10, "capex_cny_per_t": 100, "life_years": 10}],
        lanes=[
            *read_case(tmp_path / "case").lanes.to_dict("records"),
            {"origin": "New", "sink": "Remote", "cost_cny_per_t": 20},
        ],
    )
    parts = ("transport", "production", "duty", "carbon", "fixed", "shortage")
    for answer in (site(case), plan(case.replace(periods=[{"year": 2025}, {"year": 2026}]))):
        figures = answer.figures
        assert figures["opened"] == ["New"] and figures["shortage_cost_mcny"] == 0
        total = sum(figures[f"{part}_cost_mcny"] for part in parts)
        total += figures.get("holding_cost_mcny") or 0.0
        assert figures["total_cost_mcny"] == pytest.approx(total - figures["revenue_mcny"])
        assert verify(answer.save(tmp_path / "runs")).agrees


def test_prices_and_shortages_move_from_period_to_period(tmp_path: Path) -> None:
    """In the second year a port pays nothing, and a shortage costs 500: the plant is built then."""
    case = written(
        tmp_path / "case",
        projects="project,capacity_kt,capex_cny_per_t,life_years\nNew,10,900,10\n",
        lanes=FILES["lanes.csv"] + "New,Remote,120,\n",
        periods="year\n2025\n2026\n",
        paths="target,where,year,value,how\n"
        "sinks.price_cny_per_t,sink=Port,2026,0,absolute\n"
        "sinks.shortage_cny_per_t,sink=Remote,2026,500,absolute\n",
    )
    found = plan(case)
    assert found.figures["starts"] == {"New": 2026}
    years = found.tables["years"].set_index("year")
    assert years["revenue_mcny"].tolist() == [10.0, 0.0]
    assert years["shortage_cost_mcny"].tolist() == [2.5, 0.0]
    assert years["shortage_kt"].tolist() == [10.0, 0.0]
    assert verify(found.save(tmp_path / "runs")).agrees


def test_a_path_may_not_let_demand_go_unmet_in_some_periods_alone(tmp_path: Path) -> None:
    paths = "target,where,year,value,how\nsinks.shortage_cny_per_t,sink=Home,2026,500,absolute\n"
    projects = "project,capacity_kt,capex_cny_per_t\nNew,10,900\n"
    lanes = FILES["lanes.csv"] + "New,Remote,120,\n"
    periods = "year\n2025\n2026\n"
    with pytest.raises(BadInput, match="its demand must be met in every period"):
        plan(written(tmp_path, projects=projects, lanes=lanes, periods=periods, paths=paths))


@pytest.mark.parametrize("target", ["sinks.price_cny_per_t", "sinks.shortage_cny_per_t"])
def test_draws_of_prices_are_runs_of_their_own(tmp_path: Path, target: str) -> None:
    case = with_distances(written(tmp_path))
    where = {"sink": ["Port" if "price" in target else "Remote"]}
    band = Distribution("uniform", low=0.9, high=1.4)
    questions = DrawPlan((Variation("price", target, where, distribution=band),), draws=12)
    found, drawn = sweep_of(case, questions), draw(case, questions)
    for number, (_, row) in enumerate(found.draws.iterrows()):
        alone = allocate(drawn_case(case, drawn.part(slice(number, number + 1))))
        assert row["total_cost_mcny"] == pytest.approx(alone.figures["total_cost_mcny"])
        for name in ("revenue_mcny", "shortage_cost_mcny", "shortage_kt"):
            assert row[name] == pytest.approx(alone.figures[name]), name
    for table in (found.draws, found.quantiles.set_index("figure")["mean"]):
        parts = sum(FIGURES[name].sign * table[name] for name in COST_PARTS if name in table)
        assert np.allclose(parts, table["total_cost_mcny"])
    assert found.draws["total_cost_mcny"].nunique() > 1
