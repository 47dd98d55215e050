"""Least weights of paths by compiled code on integers, every label checked.

Integers up to 2⁵³ are exact in floating point. What the compiled search returns is used only
where it is proved: no edge undercuts a label, and every label is that of a predecessor plus the
weight between. Where weights are too large, the caller computes in rationals.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

EXACT = 2**53
"""Integers below it, and their sums while they stay below it, are exact as floats."""
State = tuple[str, str]
Edge = tuple[State, State, int]


class CompiledPaths:
    """Least weights from one node to all others, on (node, mode) states.

    Parameters
    ----------
    edges : from state, to state, weight ≥ 0
    """

    def __init__(self, edges: Iterable[Edge]) -> None:
        least: dict[tuple[State, State], int] = {}
        for tail, head, weight in edges:
            known = least.get((tail, head))
            if known is None or weight < known:
                least[tail, head] = weight
        states = dict.fromkeys(state for pair in least for state in pair)
        self.number = {state: number for number, state in enumerate(states)}
        self.nodes = [node for node, _ in states]
        count = len(self.number)
        self.is_exact = sum(sorted(least.values())[-count:]) < EXACT
        if not self.is_exact or not least:
            return
        self.tail = np.array([self.number[tail] for tail, _ in least])
        self.head = np.array([self.number[head] for _, head in least])
        self.weight = np.array(list(least.values()), np.int64)
        shape = (count, count)
        self.matrix = csr_array((self.weight.astype(float), (self.tail, self.head)), shape=shape)

    def least(self, start: State) -> Mapping[str, int] | None:
        """Least weight to every node that can be reached; None where it is not proved."""
        if start not in self.number or not self.is_exact:
            return None
        at = self.number[start]
        weights, trees = dijkstra(
            self.matrix, directed=True, indices=np.array([at]), return_predecessors=True
        )
        found, before = weights[0], trees[0]
        reached = np.isfinite(found)
        labels = np.where(reached, found, 0.0).astype(np.int64)
        if not self._holds(at, labels, reached, before):
            return None
        least: dict[str, int] = {}
        for number in np.flatnonzero(reached).tolist():
            node, label = self.nodes[number], int(labels[number])
            if node not in least or label < least[node]:
                least[node] = label
        return least

    def _holds(
        self,
        start: int,
        labels: np.ndarray[tuple[int, ...], np.dtype[np.int64]],
        reached: np.ndarray[tuple[int, ...], np.dtype[np.bool_]],
        before: np.ndarray[tuple[int, ...], np.dtype[np.int32]],
    ) -> bool:
        """Whether no edge undercuts a label and each label is a predecessor's plus an edge."""
        leaves = reached[self.tail]
        if labels[start] != 0 or not reached[self.head[leaves]].all():
            return False
        over = labels[self.tail[leaves]] + self.weight[leaves] - labels[self.head[leaves]]
        if (over < 0).any():
            return False
        is_tight = np.zeros(len(labels), bool)
        used = before[self.head[leaves]] == self.tail[leaves]
        is_tight[self.head[leaves][used & (over == 0)]] = True
        is_tight[start] = True
        return bool(is_tight[reached].all()) and self._is_tree(start, before, reached)

    @staticmethod
    def _is_tree(
        start: int,
        before: np.ndarray[tuple[int, ...], np.dtype[np.int32]],
        reached: np.ndarray[tuple[int, ...], np.dtype[np.bool_]],
    ) -> bool:
        """Whether predecessors lead back to the start: a circle of weight 0 would prove nothing."""
        above = np.where(reached, before, start)
        above[start] = start
        for _ in range(max(1, len(above)).bit_length()):
            above = above[above]
        return bool((above[reached] == start).all())
