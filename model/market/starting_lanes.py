"""Which lanes to start from: near ones, and enough of them for a plan."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import count as count_from
from math import gcd
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.arrays import Booleans, Floats, Indices, Integers

NEAR_PER_NODE = 10
"""Nearest partners of every origin and sink that a large program starts with."""
SAMPLED = 200_000
"""Above this many lanes, what is near is judged by a sample."""
CHUNK = 250_000
"""Lanes looked at together: their columns stay in the processor's cache."""
MOST_OF_16_BITS = 2**16 - 1
GOLDEN = 0.6180339887498949
"""Steps of about this share of a table meet all parts of it evenly, whatever its order."""


@dataclass(frozen=True)
class Ends:
    """Where n lanes begin and end, (n,) each, looked at in runs.

    Where they join every origin to every sink in order, what is known of their ends is spread
    over them without looking up each: three times as fast.
    """

    origin: Indices
    sink: Indices

    def __len__(self) -> int:
        return len(self.origin)

    @cached_property
    def width(self) -> int:
        """How many lanes of a whole table each origin has; 0 where they are no whole table."""
        if not len(self):
            return 0
        height, width = int(self.origin[-1]) + 1, int(self.sink[-1]) + 1
        if height * width != len(self):
            return 0
        origin, sink = (index.reshape(height, width) for index in (self.origin, self.sink))
        is_table = (sink == np.arange(width, dtype=sink.dtype)).all() and (
            origin == np.arange(height, dtype=origin.dtype)[:, None]
        ).all()
        return width if is_table else 0

    def chunks(self) -> list[slice]:
        """Rows in runs of about `CHUNK`."""
        run = max(1, CHUNK // self.width) * self.width if self.width else CHUNK
        return [slice(at, min(at + run, len(self))) for at in range(0, len(self), run)]

    def shaped(self, values: NDArray[Any]) -> NDArray[Any]:
        """A view of values of the lanes of a run, to be put together with those of `at`."""
        return values.reshape(-1, self.width) if self.width else values

    def at(
        self, part: slice, of_origin: NDArray[Any], of_sink: NDArray[Any]
    ) -> tuple[NDArray[Any], NDArray[Any]]:
        """What is known of either end of the lanes of a run, from values of nodes."""
        if not self.width:
            return of_origin[self.origin[part]], of_sink[self.sink[part]]
        rows = slice(part.start // self.width, part.stop // self.width)
        return of_origin[rows, None], of_sink[: self.width]


@dataclass(frozen=True)
class Candidates:
    """n lanes to choose from: ends (n,), cost (n,) and capacity (n,) or one for all."""

    ends: Ends
    cost_cny_per_t: Floats
    max_kt: Floats | float = np.inf

    def __len__(self) -> int:
        return len(self.ends)

    @property
    def origin(self) -> Indices:
        """Where they begin, (n,)."""
        return self.ends.origin

    @property
    def sink(self) -> Indices:
        """Where they end, (n,)."""
        return self.ends.sink

    def take(self, rows: Integers) -> Candidates:
        """These lanes."""
        most = self.max_kt[rows] if isinstance(self.max_kt, np.ndarray) else self.max_kt
        ends = Ends(self.origin[rows], self.sink[rows])
        return Candidates(ends, self.cost_cny_per_t[rows], most)


def best_of_each(origin: Indices, sink: Indices, value: Floats, count: int) -> Integers:
    """Positions of the `count` least values of every origin and of every sink."""
    chosen = np.zeros(len(value), dtype=bool)
    by_value = np.argsort(value, kind="stable")
    for node in (origin, sink):
        if len(node) and node.max() <= MOST_OF_16_BITS:
            node = node.astype(np.uint16)  # numbers that numpy sorts by digit
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
    ends, near = lanes.ends, []
    for part in ends.chunks():
        limit = np.maximum(*ends.at(part, limits[0], limits[1]))
        near.append(np.flatnonzero(ends.shaped(cost[part]) <= limit) + part.start)
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
        np.flatnonzero(np.logical_and(*lanes.ends.at(part, has_left, in_need))) + part.start
        for part in lanes.ends.chunks()
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
