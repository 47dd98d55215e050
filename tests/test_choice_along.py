"""The best set of projects along a duty agrees with trying every set at every duty."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain, combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from model import site, verify
from model.case.case import Case
from model.case.errors import BadInput, NoPlan
from model.market.compile_market import compile_market
from model.market.market import KCNY_PER_MCNY
from model.reading.read_case import read_case
from model.scenarios.scenario import apply, load_scenario
from model.solve.column_generation import Allocator
from model.studies.parametric.figure import Figure
from model.studies.siting.choice_along import choice_along, read_along
from model.studies.siting.read_options import capital_recovery_factor
from model.studies.siting.requirements import Requirements
from model.studies.siting.set_names import JOINT, NOTHING
from tests.support.compared import FEWER, Record, blocks, compare
from tests.support.siting_answers import requirements, set_of
from tests.support.siting_oracle import Asked, Enumeration
from tests.support.siting_problems import small
from tests.support.siting_varied import varied_question, with_loads

CASE = Path(__file__).parents[1] / "data" / "battery_2024"
RATE = Figure("duties.rate")
YEARS, YEARLY = 15, 0.08
ANNUITY = YEARLY / (1 - (1 + YEARLY) ** -YEARS)


def case_under(scenario: str) -> Case:
    return apply(read_case(CASE), load_scenario(CASE, scenario))[0]


def every_set(projects: pd.DataFrame) -> list[tuple[str, ...]]:
    """All sets that keep what groups and requirements say."""
    names = projects["project"].tolist()
    table = projects.set_index("project")
    sets = chain.from_iterable(combinations(names, size) for size in range(len(names) + 1))
    kept = []
    for chosen in sets:
        groups = [table.loc[name, "group"] for name in chosen if table.loc[name, "group"]]
        needs = {table.loc[name, "requires"] for name in chosen} - {""}
        if len(set(groups)) == len(groups) and needs <= set(chosen):
            kept.append(chosen)
    return kept


class BruteForce:
    """Every set at every duty: each project an origin, opened by its bound."""

    def __init__(self, case: Case, rate: float) -> None:
        self.projects = case.projects
        host = case.origins.set_index("origin")
        rows = pd.DataFrame(
            {
                "origin": self.projects["project"],
                "supply_kt": 0.0,
                "region": host.loc[self.projects["origin"], "region"].to_numpy(),
                "kind": "abroad",
                "node": host.loc[self.projects["origin"], "node"].to_numpy(),
                "cost_cny_per_t": self.projects["cost_cny_per_t"],
            }
        )
        sited = RATE.put(case, rate).replace(origins=pd.concat([case.origins, rows]))
        self.allocator = Allocator(compile_market(sited))

    def cost_mcny(self, chosen: tuple[str, ...]) -> float:
        market = self.allocator.market
        upper = market.row_upper_kt.copy()
        picked = self.projects[self.projects["project"].isin(chosen)]
        for project, size in zip(picked["project"], picked["capacity_kt"], strict=True):
            upper[market.row_of("supply_limit", project)] = size
        with self.allocator.bounds((market.row_lower_kt, upper)):
            least = self.allocator.optimise().objective
        capital = float((picked["capacity_kt"] * picked["capex_cny_per_t"]).sum())
        return (least + capital * ANNUITY) / KCNY_PER_MCNY


@pytest.mark.parametrize(
    "scenario", ["base", pytest.param("less_in_china", marks=pytest.mark.slow)]
)
def test_the_best_set_agrees_with_trying_all(scenario: str) -> None:
    case = case_under(scenario)
    table = choice_along(case, RATE, 0.0, 10.0)
    sets = every_set(case.projects)
    assert len(sets) == 360
    for start, end in zip(table["from"], table["to"], strict=True):
        row = table[table["from"] == start].iloc[0]
        brute = BruteForce(case, (start + end) / 2)
        costs = {JOINT.join(chosen) or NOTHING: brute.cost_mcny(chosen) for chosen in sets}
        assert min(costs, key=costs.__getitem__) == row["set"]
        at_start = BruteForce(case, start)
        chosen = () if row["set"] == NOTHING else tuple(row["set"].split(JOINT))
        assert at_start.cost_mcny(chosen) == pytest.approx(row["cost_from_mcny"], rel=1e-9)


def test_sets_change_where_they_cost_the_same() -> None:
    case = case_under("base")
    table = choice_along(case, RATE, 0.0, 10.0)
    assert table["set"].tolist() == [
        NOTHING,
        "Shangtai Malaysia 50",
        "PTL South-East Asia 50; Shangtai Malaysia 50",
    ]
    np.testing.assert_allclose(table["from"], [0.0, 0.236491, 0.467467], atol=1e-6)
    names = [() if name == NOTHING else tuple(name.split(JOINT)) for name in table["set"]]
    for rate, before, after in zip(table["from"][1:], names, names[1:], strict=False):
        brute = BruteForce(case, rate)
        assert brute.cost_mcny(before) == pytest.approx(brute.cost_mcny(after), rel=1e-9)


def test_with_one_plant_running_no_other_site_pays_at_any_duty() -> None:
    table = choice_along(case_under("indonesia_runs"), RATE, 0.0, 10.0)
    assert table["set"].tolist() == [NOTHING]


def assert_best(case: Case, requested: Asked, figure: Figure, low: float, high: float) -> int:
    """The table against an enumeration at the ends and the middle of each stretch."""
    try:
        table = choice_along(case, figure, low, high, requirements(requested))
    except BadInput:
        return 0
    except NoPlan:
        assert Enumeration(figure.put(case, (low + high) / 2), requested).best() is None
        return 0
    assert [*table["from"], high] == pytest.approx([low, *table["to"]])
    for row in table.to_dict("records"):
        room = 1e-6 * (high - low)
        if row["to"] - row["from"] < 4 * room:
            continue
        for at in np.linspace(row["from"] + room, row["to"] - room, 3):
            oracle = Enumeration(figure.put(case, float(at)), requested)
            best = oracle.best()
            if row["set"] == "no plan":
                assert best is None
            else:
                plan = oracle.plan(set_of(row["set"]))
                assert plan is not None and best is not None
                assert plan.cost == pytest.approx(best, rel=1e-6, abs=3e-5)
    return len(table)


BOUNDS = ("sinks.demand_kt", "origins.supply_kt", "limits.max", "lanes.max_kt")
PRICES = (
    "origins.cost_cny_per_t", "case.carbon_price_cny_per_t", "projects.capex_cny_per_t",
    "projects.fixed_capex_mcny", "closures.saved_mcny_per_year", "duties.rate",
)  # fmt: skip


def ask(seed: int) -> str | None:
    question = varied_question(seed)
    if question is None:
        return None
    case, requested = with_loads(question[0], seed), question[1]
    target = (*BOUNDS, *PRICES)[seed % (len(BOUNDS) + len(PRICES))]
    if target.startswith("projects.") or seed % 3 == 0:
        requested = replace(requested, budget_mcny=float("inf"))
    table, _, name = target.partition(".")
    how = "absolute" if table == "case" else "factor"
    if table != "case" and (
        not len(case.table(table)) or not (case.table(table)[name].fillna(0) > 0).any()
    ):
        return None
    high = 900.0 if table == "case" else 2.0
    if target == "sinks.demand_kt":
        case = case.replace_unchecked(sinks=case.sinks.assign(max_kt=case.sinks["max_kt"] * 2.0))
    return "" if assert_best(case, requested, Figure(target, "", how), 0.0, high) else None


@pytest.mark.parametrize("block", blocks(FEWER))
def test_the_best_set_along_a_figure_is_that_of_full_enumeration(
    block: tuple[int, int], record_property: Record
) -> None:
    compare("site --along", block, ask, record_property)


def test_sets_change_with_demand_by_hand() -> None:
    """A saves 60 a tonne in the west and 90 in the east, and costs 3,230 CNY thousand a year."""
    case = small(projects=small().projects.assign(capex_cny_per_t=[550.0, 9e6, 9e6]))
    figure = Figure("sinks.demand_kt", "sink=east")
    table = choice_along(case, figure, 0.0, 60.0)
    yearly = 50 * 550 * capital_recovery_factor(0.1, 20)
    assert table["set"].tolist() == [NOTHING, "A"]
    assert table["from"][1] == pytest.approx((yearly - 50 * 60) / 30)


def test_a_range_without_a_plan_says_so() -> None:
    figure = Figure("sinks.demand_kt", "sink=east")
    table = choice_along(small(), figure, 0.0, 1000.0)
    assert table["set"].tolist()[-1] == "no plan"
    assert table["to"].iloc[-2] == pytest.approx(200 + 50 + 50 + 100 - 50)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("duties.rate", "must be a figure, = and two ends from the least on"),
        ("duties.rate=0.3:0", "must be a figure, = and two ends from the least on"),
        ("modes.name=0:1", "a choice runs along a figure on which costs or bounds depend"),
        ("sinks.demand_kt where sink=nowhere=0:1", "must pick a row of sinks"),
        ("sinks.demand_kt=-5:1", "must be at least 0"),
    ],
)
def test_figures_along_which_no_choice_runs_are_refused(text: str, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        along = read_along(text)
        choice_along(small(), along.figure, along.low, along.high)


def test_a_capital_cost_moves_the_budget_too() -> None:
    with pytest.raises(BadInput, match="drop --budget"):
        choice_along(
            small(), Figure("projects.capex_cny_per_t"), 0.0, 1.0, Requirements(budget_mcny=9.0)
        )


def test_the_table_stands_in_the_folder_and_is_asked_again(tmp_path: Path) -> None:
    folder = site(small(), along="sinks.demand_kt where sink=east=0:60").save(tmp_path)
    table = pd.read_csv(folder / "along.csv", keep_default_na=False)
    assert table["set"].tolist()[-1] == "A; B"
    assert not verify(folder).disagreements
