"""Large programs from arrays: proved over every lane though few are solved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import coo_array

from model.market import starting_lanes as start
from model.market.market import Market
from model.solve.column_generation import Allocator, allocate
from model.solve.deadline import Deadline
from model.solve.session import Session
from model.solve.solution import Solution, Status
from tests.conftest import Ended
from tests.support.markets import array_market, check_optimal

Instance = tuple[np.ndarray, np.ndarray, np.ndarray]


def plane(origins: int, sinks: int, slack: float, seed: int) -> Instance:
    """Places on a plane; the cost of a lane is its length."""
    rng = np.random.default_rng(seed)
    demand = rng.integers(10, 100, sinks).astype(float)
    share = rng.pareto(1.5, origins) + 0.05
    supply = np.ceil(share / share.sum() * demand.sum() * slack)
    here, there = rng.random((origins, 1, 2)), rng.random((1, sinks, 2))
    return supply, demand, np.round(np.hypot(*np.moveaxis(here - there, -1, 0)) * 1000, 3)


def least_cost_of_all(supply: np.ndarray, demand: np.ndarray, cost: np.ndarray) -> float:
    """The same program with every lane, by scipy."""
    origin, sink = (index.ravel() for index in np.indices(cost.shape))
    rows = np.arange(len(origin))
    leaves = coo_array((np.ones(len(rows)), (origin, rows)))
    arrives = coo_array((np.ones(len(rows)), (sink, rows)))
    found = linprog(
        cost.ravel(), A_ub=leaves, b_ub=supply, A_eq=arrives, b_eq=demand, method="highs"
    )
    return float(found.fun)


@pytest.mark.parametrize("slack", [1.0, 1.2])
@pytest.mark.parametrize("seed", range(3))
def test_as_cheap_as_with_every_lane(slack: float, seed: int) -> None:
    supply, demand, cost = plane(60, 90, slack, seed)
    market = array_market(supply, demand, cost)
    optimum = allocate(market)
    assert optimum.status is Status.OPTIMAL
    assert len(optimum.lanes) < cost.size / 3
    assert optimum.least_reduced_cost >= -1e-6
    check_optimal(market, optimum)
    assert optimum.objective == pytest.approx(least_cost_of_all(supply, demand, cost))


def test_lanes_in_any_order() -> None:
    supply, demand, cost = plane(60, 90, 1.1, 5)
    ordered = array_market(supply, demand, cost)
    (offer,) = ordered.offers
    mixed = np.random.default_rng(0).permutation(offer.size)
    shuffled = Market.of_arrays(
        supply, demand, offer.origin[mixed], offer.sink[mixed], offer.cost_cny_per_t[mixed]
    )
    assert allocate(shuffled).objective == pytest.approx(allocate(ordered).objective)


@pytest.mark.parametrize("shape", [(500, 1000), (512, 1024), (400, 700)])
def test_near_lanes_of_a_large_table_are_told_from_an_even_sample(shape: tuple[int, int]) -> None:
    cost = np.random.default_rng(1).random(shape)
    origin, sink = (index.ravel().astype(np.int32) for index in np.indices(shape))
    lanes = start.Candidates(start.Ends(origin, sink), cost.ravel())
    assert len(lanes) > start.SAMPLED
    near = start.nearest(lanes, 10)
    assert set(cost.argmin(axis=0) * shape[1] + np.arange(shape[1])) <= set(near.tolist())
    assert set(cost.argmin(axis=1) + np.arange(shape[0]) * shape[1]) <= set(near.tolist())
    assert len(near) <= 10 * sum(shape)
    assert np.median(np.bincount(sink[near], minlength=shape[1])) >= 8


def test_enough_lanes_for_a_plan_where_near_ones_are_not() -> None:
    supply, demand, cost = plane(60, 90, 1.0, 3)
    origin, sink = (index.ravel() for index in np.indices(cost.shape))
    lanes = start.Candidates(start.Ends(origin, sink), cost.ravel())
    rows = start.enough(lanes, start.nearest(lanes, 1), supply, demand)
    only = Market.of_arrays(supply, demand, origin[rows], sink[rows], cost.ravel()[rows])
    assert allocate(only).status is Status.OPTIMAL


def test_limited_lanes_send_the_rest_further() -> None:
    supply, demand, cost = plane(60, 90, 1.3, 4)
    origin, sink = (index.ravel() for index in np.indices(cost.shape))
    market = Market.of_arrays(supply, demand, origin, sink, cost.ravel(), lane_max_kt=5.0)
    optimum = allocate(market)
    if optimum.status is Status.OPTIMAL:
        assert optimum.ship_kt.max() <= 5 + 1e-9
        check_optimal(market, optimum)


def test_half_a_million_lanes_are_proved_from_a_few() -> None:
    supply, demand, cost = plane(500, 1000, 1.15, 0)
    market = array_market(supply, demand, cost)
    optimum = allocate(market)
    check_optimal(market, optimum)
    assert len(optimum.lanes) < 50_000


def test_a_limit_before_proof_leaves_a_plan_and_a_bound() -> None:
    supply, demand, cost = plane(60, 90, 1.0, 1)
    market = array_market(supply, demand, cost)
    least = allocate(market).objective
    allocator = Allocator(market, deadline=Deadline.after(3600))
    solve, calls = allocator.session.solve, []

    def interrupted(**options: Any) -> Solution:
        calls.append(options)
        solution = solve(**options)
        return replace(solution, status=Status.LIMIT) if len(calls) == 2 else solution

    allocator.session.solve = interrupted  # type: ignore[method-assign]
    stopped = allocator.optimise()
    assert stopped.status is Status.LIMIT and stopped.has_plan
    assert stopped.bound <= least + 1e-6 and least <= stopped.objective
    arriving = np.bincount(stopped.lanes.sink, stopped.ship_kt)
    assert arriving == pytest.approx(demand)


def test_a_limit_before_any_plan_leaves_none() -> None:
    supply, demand, cost = plane(60, 90, 1.0, 1)
    stopped = allocate(array_market(supply, demand, cost), deadline=Deadline.after(0.0))
    assert stopped.status is Status.LIMIT and not stopped.has_plan


def test_a_limit_before_proof_is_told_with_its_gap(
    command: Callable[..., Ended],
    make_folder: Callable[[str, dict[str, str]], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    supply, demand, cost = plane(60, 90, 1.0, 1)
    files = {
        "case.toml": 'name = "large"\n',
        "origins.csv": "origin,supply_kt\n"
        + "".join(f"o{o},{kt:g}\n" for o, kt in enumerate(supply)),
        "sinks.csv": "sink,demand_kt\n" + "".join(f"s{s},{kt:g}\n" for s, kt in enumerate(demand)),
        "lanes.csv": "origin,sink,cost_cny_per_t\n"
        + "".join(f"o{o},s{s},{c:g}\n" for (o, s), c in np.ndenumerate(cost)),
    }
    solve, calls = Session.solve, []

    def interrupted(self: Session, **options: Any) -> Solution:
        calls.append(options)
        solution = solve(self, **options)
        return replace(solution, status=Status.LIMIT) if len(calls) == 2 else solution

    monkeypatch.setattr(Session, "solve", interrupted)
    folder = make_folder("large", files)
    ended = command("run", "--case", folder, "--time-limit", "3600", "--json")
    assert ended.code == 4
    assert ended.json["status"] == "limit"
    assert ended.json["total_cost_mcny"] > 0
    assert "feasible, gap" in ended.err and "not proved" in ended.err
