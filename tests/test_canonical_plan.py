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
from model.run import Options, evaluate
from model.scenarios.info import ScenarioInfo
from tests.support.markets import make_case

NAMES = ["origin", "sink", "mode", "route"]


def degenerate(seed: int) -> Case:
    """A random network whose links are alike, most of them with a limit, some free."""
    rng = np.random.default_rng(seed)
    places = [f"N{number}" for number in range(int(rng.integers(5, 10)))]
    ends = {(int(rng.integers(0, number)), number) for number in range(1, len(places))}
    for _ in range(int(rng.integers(3, 12))):
        here, there = rng.choice(len(places), 2, replace=False)
        ends.add((int(here), int(there)))
    links = [
        {
            "from": places[here],
            "to": places[there],
            "mode": str(rng.choice(["rail", "road"])),
            "km": float(rng.choice([1, 1, 1, 2, 0])),
            "limit_kt": float(rng.choice([2, 3, 4, np.nan], p=[0.2, 0.25, 0.25, 0.3])),
        }
        for here, there in sorted(ends)
    ]
    demand = rng.integers(1, 5, int(rng.integers(2, 5))).astype(float)
    supply = rng.integers(1, 6, int(rng.integers(2, 5))).astype(float)
    supply[0] += max(0.0, demand.sum() - supply.sum())

    def table(kind: str, column: str, kt: np.ndarray) -> pd.DataFrame:
        nodes = [places[node] for node in rng.integers(0, len(places), len(kt))]
        names = [f"{kind[0]}{number}" for number in range(len(kt))]
        return pd.DataFrame({kind: names, column: kt, "node": nodes})

    return make_case(
        origins=table("origin", "supply_kt", supply),
        sinks=table("sink", "demand_kt", demand),
        nodes=pd.DataFrame({"node": places}),
        links=pd.DataFrame(links),
        modes=pd.DataFrame(
            {"mode": ["rail", "road"], "fixed_cny_per_t": [0.0, 0.0], "cny_per_t_km": [1.0, 1.0]}
        ),
    )


def plan(case: Case) -> pd.DataFrame | None:
    result = evaluate(case, ScenarioInfo("base"), pd.DataFrame(), Options())
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
