"""The best set of projects along a duty agrees with trying every set at every duty."""

from __future__ import annotations

from itertools import chain, combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from model.case.case import Case
from model.case.errors import BadInput
from model.market.compile_market import compile_market
from model.market.market import KCNY_PER_MCNY
from model.reading.read_case import read_case
from model.scenarios.scenario import apply, load_scenario
from model.solve.column_generation import Allocator
from model.studies.parametric.figure import Figure
from model.studies.siting.choice_along import NOTHING, choice_along

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
        costs = {" + ".join(chosen) or NOTHING: brute.cost_mcny(chosen) for chosen in sets}
        assert min(costs, key=costs.__getitem__) == row["set"]
        at_start = BruteForce(case, start)
        chosen = () if row["set"] == NOTHING else tuple(row["set"].split(" + "))
        assert at_start.cost_mcny(chosen) == pytest.approx(row["cost_mcny"], rel=1e-9)


def test_sets_change_where_they_cost_the_same() -> None:
    case = case_under("base")
    table = choice_along(case, RATE, 0.0, 10.0)
    assert table["set"].tolist() == [
        NOTHING,
        "Shangtai Malaysia 50",
        "PTL South-East Asia 50 + Shangtai Malaysia 50",
    ]
    np.testing.assert_allclose(table["from"], [0.0, 0.236491, 0.467467], atol=1e-6)
    names = [() if name == NOTHING else tuple(name.split(" + ")) for name in table["set"]]
    for rate, before, after in zip(table["from"][1:], names, names[1:], strict=False):
        brute = BruteForce(case, rate)
        assert brute.cost_mcny(before) == pytest.approx(brute.cost_mcny(after), rel=1e-9)


def test_with_one_plant_running_no_other_site_pays_at_any_duty() -> None:
    table = choice_along(case_under("indonesia_runs"), RATE, 0.0, 10.0)
    assert table["set"].tolist() == [NOTHING]


def test_a_figure_that_moves_bounds_is_refused() -> None:
    figure = Figure("sinks.demand_kt", "sink=United States")
    with pytest.raises(BadInput, match="prices alone"):
        choice_along(case_under("base"), figure, 100.0, 120.0)


def test_projects_with_a_size_to_choose_are_refused() -> None:
    case = case_under("base")
    sized = case.replace(projects=case.projects.assign(min_kt=10.0))
    with pytest.raises(BadInput, match="fixed size"):
        choice_along(sized, RATE, 0.0, 1.0)
