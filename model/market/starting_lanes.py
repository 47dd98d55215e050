"""Which lanes to start from: near ones, and enough of them for a plan."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count as count_from
from math import gcd

import numpy as np

from model.arrays import Booleans, Floats, Indices, Integers

NEAR_PER_NODE = 10
"""Nearest partners of every origin and sink that a large program starts with."""
SAMPLED = 200_000
"""Above this many lanes, what is near is judged by a sample."""
CHUNK = 250_000
"""Lanes looked at together: their columns stay in the processor's cache."""
GOLDEN = 0.6180339887498949
"""Steps of about this share of a table meet all parts of it evenly, whatever its order."""


@dataclass(frozen=True)
class Candidates:
    """n lanes to choose from: ends (n,), cost (n,) and capacity (n,) or one for all."""

    origin: Indices
    sink: Indices
    cost_cny_per_t: Floats
    max_kt: Floats | float = np.inf

    def __len__(self) -> int:
        return len(self.origin)

    def take(self, rows: Integers) -> Candidates:
        """These lanes."""
        most = self.max_kt[rows] if isinstance(self.max_kt, np.ndarray) else self.max_kt
        return Candidates(self.origin[rows], self.sink[rows], self.cost_cny_per_t[rows], most)


def chunks(size: int) -> list[slice]:
    """Rows in runs of `CHUNK`."""
    return [slice(at, min(at + CHUNK, size)) for at in range(0, size, CHUNK)]


def best_of_each(origin: Indices, sink: Indices, value: Floats, count: int) -> Integers:
    """Positions of the `count` least values of every origin and of every sink."""
    chosen = np.zeros(len(value), dtype=bool)
    by_value = np.argsort(value, kind="stable")
    for node in (origin, sink):
        order = by_value[np.argsort(node[by_value], kind="stable")]
        ordered = node[order]
        first = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(order) else order
        length = np.diff(np.r_[first, len(order)])
        rank = np.arange(len(order)) - np.repeat(first, length)
        chosen[order[rank < count]] = True
    return np.flatnonzero(chosen)


def nearest(lanes: Candidates, count: int = NEAR_PER_NODE) -> Integers:
    """About the `count` cheapest lanes of every origin and sink; its cheapest one always.

    Among millions of lanes only those count that are no dearer than the cheapest of a
    sample at one of their ends.
    """
    origin, sink, cost = lanes.origin, lanes.sink, lanes.cost_cny_per_t
    if len(lanes) <= SAMPLED:
        return best_of_each(origin, sink, cost, count)
    sample = len(lanes) // (3 * count)
    step = next(s for s in count_from(int(len(lanes) * GOLDEN)) if gcd(s, len(lanes)) == 1)
    row = (np.arange(sample) * step) % len(lanes)
    limits = []
    for node in (origin, sink):
        limit = np.full(int(node.max()) + 1, np.inf)
        np.minimum.at(limit, node[row], cost[row])
        limits.append(limit)
    near = [
        np.flatnonzero(cost[part] <= np.maximum(limits[0][origin[part]], limits[1][sink[part]]))
        + part.start
        for part in chunks(len(lanes))
    ]
    found = np.concatenate(near)
    return found[best_of_each(origin[found], sink[found], cost[found], count)]


def enough(lanes: Candidates, start: Integers, supply_kt: Floats, demand_kt: Floats) -> Integers:
    """Lanes of a plan that takes the cheapest lane first, until demand is met or no lane is left.

    First among the rows `start`, then among the cheapest lanes from what supply is left
    to the sinks still in need.
    """
    left, need = supply_kt.tolist(), demand_kt.tolist()
    used = [start[_fill(lanes.take(start), left, need)]]
    while True:
        has_left, in_need = np.array(left) > 0, np.array(need) > 0
        row = _between(lanes, has_left, in_need)
        row = row[best_of_each(lanes.origin[row], lanes.sink[row], lanes.cost_cny_per_t[row], 20)]
        more = row[_fill(lanes.take(row), left, need)]
        if not len(more):
            return np.concatenate(used)
        used.append(more)


def _between(lanes: Candidates, has_left: Booleans, in_need: Booleans) -> Integers:
    if not (has_left.any() and in_need.any()):
        return np.zeros(0, dtype=np.intp)
    rows = [
        np.flatnonzero(has_left[lanes.origin[part]] & in_need[lanes.sink[part]]) + part.start
        for part in chunks(len(lanes))
    ]
    return np.concatenate([np.zeros(0, dtype=np.intp), *rows])


def _fill(lanes: Candidates, left: list[float], need: list[float]) -> Integers:
    """Positions of the lanes that the cheapest-first plan uses; takes from `left` and `need`."""
    order = np.argsort(lanes.cost_cny_per_t, kind="stable")
    most = np.broadcast_to(lanes.max_kt, len(lanes))[order].tolist()
    ends = zip(lanes.origin[order].tolist(), lanes.sink[order].tolist(), most, strict=True)
    used = []
    for position, (origin, sink, capacity) in enumerate(ends):
        kt = min(left[origin], need[sink], capacity)
        if kt > 0:
            left[origin] -= kt
            need[sink] -= kt
            used.append(position)
    return order[np.array(used, dtype=np.intp)]
