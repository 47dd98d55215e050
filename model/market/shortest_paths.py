"""Compiled shortest paths on a fixed graph whose edge prices change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import bellman_ford, dijkstra

from model.arrays import Floats, Integers

REMEMBERED = 64
"""Price vectors whose trees are kept."""


@dataclass(frozen=True)
class Tree:
    """Shortest routes from one source: distance and predecessor (states,), edge of each step.

    A step is a pair of states; `slot` numbers them, `edge` has the edge that each slot takes.

    Attributes
    ----------
    listed : all equally short routes, by the states for which they were listed so far
    """

    distance: Floats
    predecessor: Integers
    slot: dict[tuple[int, int], int]
    edge: Integers
    listed: dict[int, tuple[tuple[int, ...], ...]] = field(default_factory=dict)

    def path(self, target: int) -> tuple[int, ...]:
        """Edges from the source to a state."""
        edges: list[int] = []
        while (before := int(self.predecessor[target])) >= 0:
            edges.append(int(self.edge[self.slot[before, target]]))
            target = before
        return tuple(reversed(edges))


class Trees(Mapping[int, Tree]):
    """Shortest routes from several sources under one set of prices, by source.

    Parameters
    ----------
    sources : (n,) in ascending order
    distance, predecessor : (n, states)
    slot, edge : as of a `Tree`
    """

    def __init__(
        self,
        sources: Integers,
        distance: Floats,
        predecessor: Integers,
        slot: dict[tuple[int, int], int],
        edge: Integers,
    ) -> None:
        self.distance = distance
        self._predecessor, self._slot, self._edge = predecessor, slot, edge
        self._row = {source: row for row, source in enumerate(sources.tolist())}
        self._tree: dict[int, Tree] = {}

    def __getitem__(self, source: int) -> Tree:
        if source not in self._tree:
            row = self._row[source]
            self._tree[source] = Tree(
                self.distance[row], self._predecessor[row], self._slot, self._edge
            )
        return self._tree[source]

    def __iter__(self) -> Iterator[int]:
        return iter(self._row)

    def __len__(self) -> int:
        return len(self._row)


class StateGraph:
    """A directed graph with parallel edges, compiled for repeated shortest-path calls.

    Parameters
    ----------
    tail, head : (E,) states
    states : number of states
    """

    def __init__(self, tail: Integers, head: Integers, states: int) -> None:
        self._order = np.lexsort((head, tail))
        ordered = np.column_stack([tail, head])[self._order]
        first = np.r_[True, np.any(ordered[1:] != ordered[:-1], axis=1)]
        self._first = np.flatnonzero(first)
        self._step = ordered[self._first]
        self._has_parallel = len(self._first) < len(tail)
        self._row_starts = np.searchsorted(self._step[:, 0], np.arange(states + 1))
        self._states = states
        self._slot = {
            (before, after): slot for slot, (before, after) in enumerate(self._step.tolist())
        }
        self._trees: dict[bytes, Trees] = {}

    def trees(self, price: Floats, sources: Integers) -> Trees:
        """Shortest-route tree of every source under these edge prices, (E,); infinite bars an edge.

        Raises
        ------
        scipy.sparse.csgraph.NegativeCycleError
            Where prices below zero close a cycle.
        """
        key = price.tobytes() + sources.tobytes()
        if key not in self._trees:
            if len(self._trees) >= REMEMBERED:
                self._trees.clear()
            self._trees[key] = self._search(price, sources)
        return self._trees[key]

    def _search(self, price: Floats, sources: Integers) -> Trees:
        if not len(sources):
            nothing = np.zeros((0, self._states))
            return Trees(sources, nothing, nothing.astype(int), self._slot, self._order[:0])
        ordered = price[self._order]
        cheapest = np.minimum.reduceat(ordered, self._first)
        shape = (self._states, self._states)
        graph = csr_array((cheapest, self._step[:, 1], self._row_starts), shape=shape)
        search = bellman_ford if cheapest.min() < 0 else dijkstra
        distance, predecessor = search(graph, indices=sources, return_predecessors=True)
        edge = self._edges(ordered, cheapest)
        return Trees(sources, distance, np.asarray(predecessor), self._slot, edge)

    def _edges(self, ordered: Floats, cheapest: Floats) -> Integers:
        """The edge that each step takes: the first of the cheapest parallel ones."""
        if self._has_parallel:
            is_best = np.flatnonzero(
                ordered == np.repeat(cheapest, np.diff(np.r_[self._first, len(ordered)]))
            )
            slot = np.searchsorted(self._first, is_best, side="right") - 1
            return np.asarray(self._order[is_best[np.unique(slot, return_index=True)[1]]])
        return np.asarray(self._order[self._first])
