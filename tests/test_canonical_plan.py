"""The published plan rests on the case alone: not on the order of rows, nor on the solver's path.

On networks of equal links with limits, many plans have the same cost, the same length and the same
flows on every link; which tonnes take which route is decided by names.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from model.case.case import Case
from model.market import network_lanes as routes
from model.market.lanes import Lanes
from model.market.network_lanes import NetworkOffer
from model.run import RunOptions, evaluate
from model.scenarios.info import ScenarioInfo
from tests.support.degenerate import degenerate

NAMES = ["origin", "sink", "mode", "route"]


def plan(case: Case) -> pd.DataFrame | None:
    result = evaluate(case, ScenarioInfo("base"), pd.DataFrame(), RunOptions())
    return result.flows if result.status == "optimal" else None


def shuffled(case: Case, seed: int) -> Case:
    tables = {name: table for name, table in case.tables().items() if len(table) > 1}
    return case.replace(
        **{name: table.sample(frac=1, random_state=seed) for name, table in tables.items()}
    )


def by_another_path(case: Case) -> pd.DataFrame | None:
    """The plan as it is found from next to nothing, few routes at a time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(routes, "MANY_PAIRS", 0)
        patch.setattr(routes, "BEST_PER_NODE", 1)
        patch.setattr(NetworkOffer, "starting_lanes", lambda self, *_: Lanes.none(len(self.limits)))
        return plan(case)


def same(one: pd.DataFrame | None, other: pd.DataFrame | None) -> bool:
    if one is None or other is None:
        return one is other
    return one[NAMES].equals(other[NAMES]) and np.allclose(
        one["ship_kt"], other["ship_kt"], atol=1e-9
    )


def agree(seeds: range, find: Callable[[Case, int], pd.DataFrame | None]) -> None:
    for seed in seeds:
        case = degenerate(seed)
        assert same(plan(case), find(case, seed)), f"seed {seed}"


def test_the_order_of_rows_does_not_choose_the_routes() -> None:
    agree(range(25), lambda case, seed: plan(shuffled(case, seed)))


def test_the_path_of_the_solver_does_not_choose_the_routes() -> None:
    agree(range(25, 50), lambda case, seed: by_another_path(case))


@pytest.mark.slow
def test_neither_does_on_a_thousand_networks() -> None:
    agree(range(1_000, 2_000), lambda case, seed: by_another_path(shuffled(case, seed)))
