"""Many explicit lanes: what is found of them does not depend on the order in which they stand."""

from __future__ import annotations

import numpy as np
import pytest

from model.market.market import Market
from model.market.starting_lanes import Ends
from model.solve.column_generation import allocate

ORIGINS, SINKS = 30, 90


def market_of(order: np.ndarray) -> Market:
    rng = np.random.default_rng(5)
    demand = rng.integers(10, 100, SINKS).astype(float)
    supply = np.full(ORIGINS, np.ceil(demand.sum() * 1.1 / ORIGINS))
    cost = rng.integers(1, 1000, ORIGINS * SINKS).astype(float)
    origin, sink = np.indices((ORIGINS, SINKS), dtype=np.int32).reshape(2, -1)
    return Market.of_arrays(supply, demand, origin[order], sink[order], cost[order])


def test_a_whole_table_in_order_is_told_from_other_lanes() -> None:
    origin, sink = np.indices((3, 4)).reshape(2, -1)
    assert Ends(origin, sink).width == 4
    assert Ends(origin[:-1], sink[:-1]).width == 0
    assert Ends(sink, origin).width == 0
    swapped = np.r_[1, 0, 2:12]
    assert Ends(origin[swapped], sink[swapped]).width == 0
    assert Ends(origin[:0], sink[:0]).width == 0
    again = np.r_[0, 0, 2:12]
    assert Ends(origin[again], sink[again]).width == 0


@pytest.mark.parametrize("run", [7, 200, 1_000_000])
def test_ends_of_a_table_are_those_of_its_lanes(run: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.market.starting_lanes.CHUNK", run)
    origin, sink = np.indices((5, 60)).reshape(2, -1)
    of_origin, of_sink = np.arange(5) * 1000, np.arange(60)
    table, found = Ends(origin, sink), []
    for part in table.chunks():
        here, there = table.at(part, of_origin, of_sink)
        values = np.zeros(part.stop - part.start)
        table.shaped(values)[:] = here + there
        found.append(values)
    assert np.concatenate(found).tolist() == (1000 * origin + sink).tolist()


def test_a_table_and_its_lanes_in_any_order_have_one_optimum() -> None:
    size = ORIGINS * SINKS
    in_order = allocate(market_of(np.arange(size)))
    shuffled = allocate(market_of(np.random.default_rng(1).permutation(size)))
    assert in_order.objective == pytest.approx(shuffled.objective, rel=1e-12)
    assert in_order.least_reduced_cost >= -1e-6
