"""Every route of reduced cost 0, pair by pair, where they can be listed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from model.arrays import Floats, Integers
from model.market.lanes import TOLERANCE_CNY_PER_T
from model.market.single_routes import list_single_routes

if TYPE_CHECKING:
    from model.market.route_data import Path, RouteData
    from model.market.route_pricing import RoutePricing
    from model.market.shortest_paths import Tree

Route = tuple[int, int, tuple[int, ...]]
"""Origin, sink and edges."""
STEPS_PER_ROUTE = 200
"""Edges looked at for each route that is wanted; beyond, the search is given up."""


class TooMany(Exception):  # noqa: N818 - the name says it
    """More routes than are wanted."""


def tight_routes(offer: RouteData, pricing: RoutePricing, most: int) -> list[Route] | None:
    """Origin, sink and edges of every route of reduced cost 0.

    A route that comes back to a node, or that leaves a mode to enter it again at once, never
    costs less or takes less of a limit than the one without; such routes are left out.

    Returns
    -------
    list of routes, or None where there are more than `most`, or a link pays for its use
    """
    value = pricing.reduced_cost
    tight = np.argwhere(np.isfinite(value) & (np.abs(value) <= TOLERANCE_CNY_PER_T))
    group = pricing.group[tuple(tight.T)]
    searches: dict[tuple[int, int], _Backwards] = {}
    prices = {number: pricing.edge_price(number) for number in np.unique(group).tolist()}
    if any(price.min(initial=0.0) < -TOLERANCE_CNY_PER_T for price in prices.values()):
        return None
    for number, price in prices.items():
        if offer.face is None:
            here = group == number
            ends = offer.origin_node[tight[here, 1]], offer.sink_node[tight[here, 2]]
            _list_those_without_equal(offer, pricing.trees(number), price, *ends)
    found: dict[Route, None] = {}
    sources, targets = offer.origin_node.tolist(), offer.sink_node.tolist()
    for number, (_, origin, sink) in zip(group.tolist(), tight.tolist(), strict=True):
        source = sources[origin]
        if (number, source) not in searches:
            tree = pricing.trees(number)[source]
            price = pricing.on_face(number, source, prices[number])
            searches[number, source] = _Backwards(offer, tree, price, source)
        try:
            paths = searches[number, source].paths(targets[sink], most - len(found))
        except TooMany:
            return None
        for path in paths:
            found[origin, sink, path] = None
    return list(found)


def _list_those_without_equal(
    offer: RouteData, trees: Mapping[int, Tree], price: Floats, sources: Integers, targets: Integers
) -> None:
    """List the routes from sources to targets, (n,) each, that are the only ones so short."""
    wanted: dict[int, list[int]] = {}
    for source, target in sorted({*zip(sources.tolist(), targets.tolist(), strict=True)}):
        if target not in trees[source].listed:
            wanted.setdefault(source, []).append(target)
    if wanted:
        chosen = [(source, trees[source]) for source in wanted]
        list_single_routes(offer, chosen, price, [np.array(each) for each in wanted.values()])


class _Backwards:
    """Shortest routes from one source, followed backwards from where they end.

    The tree remembers them for the next time that the prices are the same.
    """

    def __init__(self, offer: RouteData, tree: Tree, price: Floats, source: int) -> None:
        network, self._listed = offer.network, tree.listed
        self._source, self._tail, self._place = source, network.tail, network.state_node
        self._is_arc, self._mode = network.is_arc, network.mode
        self._edges_into, self._price, self._distance = offer.edges_into, price, tree.distance
        self._tight: dict[int, list[tuple[int, float]]] = {}

    @cached_property
    def _may_return(self) -> bool:
        """Only over arcs that cost nothing could a shortest route come back to a node."""
        return bool((self._price[self._is_arc] <= TOLERANCE_CNY_PER_T).any())

    def _tight_into(self, state: int) -> list[tuple[int, float]]:
        """Edges on shortest routes to a state, each with what it is longer than the shortest."""
        if state not in self._tight:
            edges = self._edges_into(state)
            excess = self._distance[self._tail[edges]] + self._price[edges] - self._distance[state]
            some = excess <= TOLERANCE_CNY_PER_T
            self._tight[state] = list(zip(edges[some].tolist(), excess[some].tolist(), strict=True))
        return self._tight[state]

    def paths(self, target: int, most: int) -> tuple[Path, ...]:
        """Every simple route to a state that is as short as the shortest.

        Raises
        ------
        TooMany
        """
        if target not in self._listed:
            self._listed[target] = tuple(self._search(target, most))
        if len(self._listed[target]) > most:
            raise TooMany
        return self._listed[target]

    def _search(self, target: int, most: int) -> Iterator[Path]:
        steps, given = 0, 0
        waiting: list[tuple[int, Path, frozenset[int], float]] = [
            (target, (), frozenset([int(self._place[target])]), 0.0)
        ]
        while waiting:
            state, path, passed, excess = waiting.pop()
            steps += 1
            if state == self._source:
                given += 1
                if given > most:
                    raise TooMany
                yield path
                continue
            if steps > STEPS_PER_ROUTE * (most + 1):
                raise TooMany
            for edge, more in self._tight_into(state):
                longer = excess + more
                before = int(self._tail[edge])
                place = int(self._place[before])
                if longer > TOLERANCE_CNY_PER_T or self._is_pointless(edge, path):
                    continue
                if self._may_return and self._is_arc[edge]:
                    if place in passed:
                        continue
                    waiting.append((before, (edge, *path), passed | {place}, longer))
                else:
                    waiting.append((before, (edge, *path), passed, longer))

    def _is_pointless(self, edge: int, path: Path) -> bool:
        """Whether an edge before these would leave a mode that is entered again at once.

        Also whether it would enter a mode that is left at once.
        """
        if not path or self._is_arc[edge] or self._is_arc[path[0]]:
            return False
        return bool(self._mode[edge] == self._mode[path[0]])
