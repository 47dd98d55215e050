"""Marginal values of a market that is one network, by shortest paths in the residual graph.

One unit more over an arc goes back from its head to its tail, by a shortest path over arcs where
flow may grow and against arcs where it may shrink. Potentials made from the duals turn all prices
on the way nonnegative [1]_.

References
----------
.. [1] R. K. Ahuja, T. L. Magnanti, J. B. Orlin, Network Flows, 1993, sections 2.4 and 9.7.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from model.arrays import Booleans, Floats
from model.market.arc_flow import ArcFlow
from model.market.lanes import Lanes
from model.market.shortest_paths import StateGraph, Tree
from model.solve.optimum import SMALL
from model.solve.splicing import LanesOnArcs, Pair, Step
from model.solve.warm_program import Bounds

DUAL_TOLERANCE = 1e-5
"""Prices below this are no rounding: the duals are not those of the plan."""


@dataclass(frozen=True)
class Move:
    """What comes of moving a bound.

    Attributes
    ----------
    cost_kcny : least change of cost; infinite where the bound cannot move
    change : kt by numbers of origin and sink
    blocked_by : rows that keep the bound from moving
    """

    cost_kcny: float
    change: dict[Pair, float]
    blocked_by: tuple[int, ...] = ()


NO_MOVE = Move(0.0, {})


@dataclass(frozen=True)
class Residual:
    """Where the flows of an optimal plan may grow and shrink, to first order.

    Attributes
    ----------
    arcs : of the market
    lanes, lanes_down : n lanes; (n,) those that may carry less
    rows : bounds of changes of rows: 0 where a row stands on its bound, else infinite
    row_dual : (O + S + K,) of the cost
    miss_cost : (O + S + K,) each: what phase 1 pays for a unit by which a row misses its bounds
    """

    arcs: ArcFlow
    lanes: Lanes
    lanes_down: Booleans
    rows: Bounds
    row_dual: Floats
    miss_cost: Bounds
    _trees: dict[int, Tree] = field(default_factory=dict, repr=False)

    @cached_property
    def _on_arcs(self) -> LanesOnArcs:
        return LanesOnArcs(self.arcs, self.lanes, self.lanes_down)

    @cached_property
    def _carries(self) -> Booleans:
        """Arcs that carry a flow, (A,)."""
        carries = np.zeros(len(self.arcs.tail), dtype=bool)
        carries[[arc for arc, pairs in self._on_arcs.on.items() if pairs]] = True
        return carries

    @cached_property
    def _closed(self) -> tuple[Booleans, Booleans]:
        """Arcs whose row keeps flow from growing, from shrinking, (A,) each."""
        lower, upper = (np.r_[bound, np.inf] for bound in self.rows)  # the last: no row
        return np.isfinite(upper[self.arcs.row]), np.isfinite(lower[self.arcs.row])

    @cached_property
    def _arc_of(self) -> dict[int, int]:
        """Arc that a row bounds."""
        return {row: arc for arc, row in enumerate(self.arcs.row.tolist()) if row >= 0}

    @cached_property
    def _weight(self) -> Floats:
        """Price of each step, forwards then backwards, (2A,); infinite where it is closed."""
        arcs, potential = self.arcs, self._potential
        price: Floats = arcs.cost_cny_per_t + potential[arcs.tail] - potential[arcs.head]
        (no_more, no_less), carries = self._closed, self._carries
        forwards = np.where(no_more, np.inf, price)
        return np.concatenate([forwards, np.where(carries & ~no_less, -price, np.inf)])

    @property
    def is_sound(self) -> bool:
        """Whether the duals are those of the plan, so that no price is negative."""
        return bool(self._weight.min() >= -DUAL_TOLERANCE)

    def move(self, row: int, least: float, most: float) -> Move | None:
        """What comes of moving a bound; None where the row bounds no arc.

        Parameters
        ----------
        least, most : bounds of the change of the row's flow, one of them +1 or -1
        """
        arc = self._arc_of.get(row)
        if arc is None or least > most:
            return None
        is_up, is_forced = least > 0 or most == 1.0, least > 0 or most < 0
        circle = self._circle(arc, is_up)
        if circle is None:
            return self._blocked(arc, is_up) if is_forced else NO_MOVE
        cost = self.arcs.cost_cny_per_t
        total = sum(float(cost[arc]) if forward else -float(cost[arc]) for arc, forward in circle)
        if not is_forced and total >= -SMALL:
            return NO_MOVE
        return Move(total, self._on_arcs.changes(circle))

    def _ends(self, arc: int, is_up: bool) -> tuple[int, int]:
        """Where a unit more, or less, over an arc has to begin and to end its way back."""
        tail, head = int(self.arcs.tail[arc]), int(self.arcs.head[arc])
        return (head, tail) if is_up else (tail, head)

    def _circle(self, arc: int, is_up: bool) -> list[Step] | None:
        """The cheapest way round by which an arc carries a unit more, or less; None without."""
        if not (is_up or self._carries[arc]):
            return None
        start, end = self._ends(arc, is_up)
        if start not in self._trees:
            price = np.maximum(self._weight, 0.0)
            self._trees.update(self._graph.trees(price, np.array([start])))
        tree = self._trees[start]
        if not np.isfinite(tree.distance[end]):
            return None
        count = len(self.arcs.tail)
        return [(arc, is_up), *((step % count, step < count) for step in tree.path(end))]

    @cached_property
    def _graph(self) -> StateGraph:
        """Steps forwards, then backwards."""
        tail, head = self.arcs.tail, self.arcs.head
        return StateGraph(np.r_[tail, head], np.r_[head, tail], self.arcs.nodes)

    @cached_property
    def _potential(self) -> Floats:
        """Least price of the way from the hub to each node under the duals, (nodes,)."""
        arcs = self.arcs
        price = arcs.cost_cny_per_t - np.r_[self.row_dual, 0.0][arcs.row]
        ends = [chain[-1] for chain in arcs.origins if chain]
        level = [price[list(chain)].sum() for chain in arcs.origins if chain]
        least = min(level, default=0.0)
        weight = np.full(2 * len(price), np.inf)
        for chain in (*arcs.origins, *arcs.edges):
            weight[list(chain)] = np.maximum(price[list(chain)], 0.0)
        for chain in arcs.origins:
            weight[list(chain)] = 0.0
        weight[ends] = np.array(level) - least
        found = self._graph.trees(weight, np.array([arcs.hub]))[arcs.hub].distance + least
        reached = np.isfinite(found)
        found[~reached] = 10.0 * (np.abs(found[reached]).max() + np.abs(price).sum() + 1.0)
        found[arcs.hub] = 0.0
        for chain in (*arcs.origins, *arcs.sinks):
            for arc in chain[:-1]:
                found[arcs.head[arc]] = found[arcs.tail[arc]] + price[arc]
        for arc in reversed(arcs.home):
            found[arcs.tail[arc]] = found[arcs.head[arc]] - price[arc]
        return found

    def _blocked(self, arc: int, is_up: bool) -> Move:
        """Rows that the least violation leans on, near the bound that moves.

        Steps cost what phase 1 pays for them: nothing where they are open. A row holds where
        nodes on its two sides are not equally far from where the way back ends.
        """
        arcs, row = self.arcs, int(self.arcs.row[arc])
        (no_more, no_less), carries = self._closed, self._carries
        for_less, for_more = (np.r_[cost, np.inf][arcs.row] for cost in self.miss_cost)
        forwards = np.where(no_more, for_more, 0.0)
        backwards = np.where(carries, np.where(no_less, for_less, 0.0), np.inf)
        start, end = self._ends(arc, is_up)
        far = self._towards.trees(np.r_[forwards, backwards], np.array([end]))[end].distance
        own = self.miss_cost[0 if is_up else 1][row]
        far = np.minimum(far, min(own, far[start]))
        before, behind = far[arcs.tail], far[arcs.head]
        holds = (no_more & (before > behind)) | (no_less & carries & (behind > before))
        rows = {row, *arcs.row[holds].tolist()}
        return Move(np.inf, {}, tuple(sorted(rows)))

    @cached_property
    def _towards(self) -> StateGraph:
        """The same steps from their ends to their beginnings."""
        tail, head = self.arcs.tail, self.arcs.head
        return StateGraph(np.r_[head, tail], np.r_[tail, head], self.arcs.nodes)
