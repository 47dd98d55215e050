"""The best routes over a detour from each start to each end, none of which passes a place twice.

A route is the way to the detour, the detour, and the way on. Where both ways come to one place,
one of them is replaced by the best that keeps clear of the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from model.arrays import Booleans, Floats, Integers
from model.market.network import Network
from model.market.route_data import Path
from model.market.shortest_paths import StateGraph, Tree


@dataclass(frozen=True)
class Ways:
    """The best ways between one state and n others.

    Attributes
    ----------
    distance : (n,) infinite where there is none that passes no place twice
    visits : (n, nodes) bool; the places that each way comes to, both ends included
    tree : the ways
    states : (n,)
    """

    distance: Floats
    visits: Booleans
    tree: Tree
    states: Integers

    @staticmethod
    def between(
        graph: StateGraph, price: Floats, state: int, states: Integers, network: Network
    ) -> Ways:
        """The best ways in a graph under these prices of edges."""
        tree = graph.trees(price, np.array([state]))[state]
        distance, node = tree.distance[states], network.state_node
        visits = np.zeros((len(states), len(network.nodes)), dtype=bool)
        moves = np.zeros(len(states), dtype=np.intp)
        rows, now = np.arange(len(states)), states
        while len(rows):
            visits[rows, node[now]] = True
            before = tree.predecessor[now]
            rows, now, before = (part[before >= 0] for part in (rows, now, before))
            moves[rows] += node[now] != node[before]
            now = before
        distance = np.where(visits.sum(axis=1) == moves + 1, distance, np.inf)
        return Ways(distance, visits, tree, states)

    def path(self, row: int) -> Path:
        """Edges of one way, from the one state on."""
        return self.tree.path(int(self.states[row]))


class WaysOver:
    """The best routes over a detour, under one set of prices of edges.

    Parameters
    ----------
    graph, reverse : the network's states and edges, as they are and turned round
    price : (E,)
    detour : edges
    starts, ends : (s,), (e,) states

    Attributes
    ----------
    length : (s, e) of way, detour and way on; no route over the detour is shorter
    is_route : (s, e) whether the two ways have no place in common
    """

    def __init__(
        self,
        network: Network,
        graph: StateGraph,
        reverse: StateGraph,
        price: Floats,
        detour: Path,
        starts: Integers,
        ends: Integers,
    ) -> None:
        self._network, self._graph, self._reverse = network, graph, reverse
        self._price, self._detour, self._starts, self._ends = price, detour, starts, ends
        places = network.state_node[[int(network.tail[detour[0]]), *network.head[list(detour)]]]
        passed = np.zeros(len(network.nodes), dtype=bool)
        self._first, self._last = passed.copy(), passed.copy()
        self._first[places[:-1]] = True
        self._last[places[1:]] = True
        self._to, self._on = self._ways_to(passed), self._ways_on(passed)
        self._by_start: dict[int, Ways] = {}
        self._by_end: dict[int, Ways] = {}
        self.length = self._whole(self._to.distance[:, None], self._on.distance)

    @cached_property
    def is_route(self) -> Booleans:
        """See the class."""
        to, on = (np.packbits(ways.visits, axis=1) for ways in (self._to, self._on))
        is_route = [~(on & places).any(axis=1) for places in to]
        return np.array(is_route, dtype=bool).reshape(self.length.shape)

    def length_clear(self, wanted: Booleans) -> Floats:
        """Length of routes one of whose ways keeps clear of the other, where wanted, (s, e)."""
        length = np.full(wanted.shape, np.inf)
        for start in np.flatnonzero(wanted.any(axis=1)).tolist():
            ways = self._by_start[start] = self._ways_on(self._to.visits[start])
            length[start] = self._whole(self._to.distance[start], ways.distance)
        for end in np.flatnonzero(wanted.any(axis=0)).tolist():
            ways = self._by_end[end] = self._ways_to(self._on.visits[end])
            other = self._whole(ways.distance, self._on.distance[end])
            length[:, end] = np.minimum(length[:, end], other)
        return np.where(wanted, length, np.inf)

    def route(self, start: int, end: int) -> Path:
        """The route of the two best ways, by positions of its ends."""
        return self._joined(self._to, start, self._on, end)

    def route_clear(self, start: int, end: int) -> Path:
        """The shorter of the routes one of whose ways keeps clear of the other."""
        on, to = self._by_start[start], self._by_end[end]
        first = self._whole(self._to.distance[start], on.distance[end])
        second = self._whole(to.distance[start], self._on.distance[end])
        if first <= second:
            return self._joined(self._to, start, on, end)
        return self._joined(to, start, self._on, end)

    def _joined(self, to: Ways, start: int, on: Ways, end: int) -> Path:
        return (*to.path(start)[::-1], *self._detour, *on.path(end))

    def _whole(self, before: Floats, after: Floats) -> Floats:
        return np.asarray(before + self._price[list(self._detour)].sum() + after)

    def _ways_to(self, barred: Booleans) -> Ways:
        """The ways from each start to the detour that keep clear of its later places and these."""
        barred = barred | self._last
        source = int(self._network.tail[self._detour[0]])
        ways = Ways.between(self._reverse, self._clear(barred), source, self._starts, self._network)
        is_barred = barred[self._network.state_node[self._starts]]
        ways.distance[is_barred] = np.inf
        return ways

    def _ways_on(self, barred: Booleans) -> Ways:
        """The ways on to each end that keep clear of the detour's earlier places and these."""
        source = int(self._network.head[self._detour[-1]])
        price = self._clear(barred | self._first)
        return Ways.between(self._graph, price, source, self._ends, self._network)

    def _clear(self, barred: Booleans) -> Floats:
        network = self._network
        return np.where(network.is_arc & barred[network.node], np.inf, self._price)
