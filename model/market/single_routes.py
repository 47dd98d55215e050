"""Shortest routes that have no equal, followed backwards for many ends at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from model.arrays import Booleans, Floats, Integers
from model.market.lanes import TOLERANCE_CNY_PER_T

if TYPE_CHECKING:
    from model.market.network import Network
    from model.market.route_data import Path, RouteData
    from model.market.shortest_paths import Tree

MOST_AT_ONCE = 1_000_000
"""Prices of edges that are compared at once."""


def list_single_routes(
    offer: RouteData, trees: list[tuple[int, Tree]], price: Floats, targets: list[Integers]
) -> None:
    """Note the route to each target that is the only shortest one; of others nothing is noted.

    Nor of routes over arcs that cost nothing: these alone could come back to a node.

    Parameters
    ----------
    trees : n sources, each with its tree
    price : (E,) none below 0
    targets : n arrays of states that the source reaches
    """
    at_once = max(1, MOST_AT_ONCE // len(price))
    for first in range(0, len(trees), at_once):
        some, ends = trees[first : first + at_once], targets[first : first + at_once]
        distance = np.stack([tree.distance for _, tree in some])
        sources = np.array([source for source, _ in some])
        count, edge = _tight_edges(offer, sources, distance, price)
        row, end = np.repeat(np.arange(len(some)), [*map(len, ends)]), np.concatenate(ends)
        for place, path in _followed(offer, count, edge, row, sources[row], end):
            _, tree = some[row[place]]
            tree.listed[int(end[place])] = (path,)


def _tight_edges(
    offer: RouteData, sources: Integers, distance: Floats, price: Floats
) -> tuple[Integers, Integers]:
    """How many edges into each state are on shortest routes, and the sum of their numbers, (n, N).

    Where there is one, the sum is its number. An arc that costs nothing counts twice.
    """
    network, (order, starts) = offer.network, offer.by_head
    led_to = np.flatnonzero(np.diff(starts))

    def into(edges: Integers) -> Integers:
        total = np.zeros(distance.shape, dtype=np.intp)
        total[:, led_to] = np.add.reduceat(edges[:, order], starts[led_to], axis=1)
        return total

    with np.errstate(invalid="ignore"):
        excess = distance[:, network.tail] + price - distance[:, network.head]
    tight = excess <= TOLERANCE_CNY_PER_T
    times = np.where(network.is_arc & (price <= TOLERANCE_CNY_PER_T), 2, 1).astype(np.intp)
    _close_round_trips(network, tight, lambda: into(tight * times), sources)
    return into(tight * times), into(tight * np.arange(len(price)))


def _close_round_trips(
    network: Network, tight: Booleans, count: Callable[[], Integers], sources: Integers
) -> None:
    """Take out what only leaves a stretch and enters it again, or the other way, at no cost."""
    entry, exit_ = np.flatnonzero(network.is_entry), np.flatnonzero(network.is_exit)
    of_stretch = np.zeros((2, network.state_count), dtype=np.intp)
    of_stretch[0, network.head[entry]], of_stretch[1, network.tail[exit_]] = entry, exit_
    stretch = network.tail[exit_]
    tight[:, exit_] &= ~(tight[:, of_stretch[0, stretch]] & (count()[:, stretch] == 1))
    ways = count()
    ways[np.arange(len(sources)), sources] = 2  # a route may begin here
    exit_of = of_stretch[1, network.head[entry]]
    tight[:, entry] &= ~(tight[:, exit_of] & (ways[:, network.tail[entry]] == 1))


def _followed(
    offer: RouteData,
    count: Integers,
    edge: Integers,
    row: Integers,
    start: Integers,
    state: Integers,
) -> Iterator[tuple[int, Path]]:
    """Places of states to which one route alone leads, each with that route."""
    here, steps = np.arange(len(row)), []
    is_single, length = np.ones(len(row), dtype=bool), np.zeros(len(row), dtype=np.intp)
    state = state.copy()
    while len(here := here[state[here] != start[here]]):
        is_single[here] = count[row[here], state[here]] == 1
        here = here[is_single[here]]
        step = np.full(len(row), -1)
        step[here] = edge[row[here], state[here]]
        state[here] = offer.network.tail[step[here]]
        length[here] += 1
        steps.append(step)
    if steps:
        taken = np.stack(steps, axis=1)[:, ::-1].tolist()
        for place in np.flatnonzero(is_single).tolist():
            yield place, tuple(taken[place][len(steps) - int(length[place]) :])
