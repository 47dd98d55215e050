"""Explicit door-to-door lanes as arrays: priced in one vector expression."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array

from model.arrays import Booleans, Floats, Indices, Integers
from model.market.lanes import TOLERANCE_CNY_PER_T, Lanes, Priced, Prices
from model.market.starting_lanes import Candidates, best_of_each, chunks, enough, nearest

FEW_LANES = 2_000
"""A program of so few lanes is solved with all of them at once."""
BEST_PER_NODE = 5
"""Lanes added per origin and per sink and round."""
MANY_PAYING = 20_000
"""Lanes of one chunk above which only the best of every node are kept."""


@dataclass(frozen=True)
class ExplicitOffer:
    """n lanes given as arrays.

    Attributes
    ----------
    origin, sink : (n,) indices
    cost_cny_per_t : (n,) freight, production, duty and carbon together
    min_kt, max_kt, km, tie : (n,) or scalars that hold for every lane
    limit_weight : (n, K), or None where no limit counts any of them
    limit_count : K
    number : the offer's place among the market's offers
    """

    origin: Indices
    sink: Indices
    cost_cny_per_t: Floats
    min_kt: Floats | float = 0.0
    max_kt: Floats | float = np.inf
    km: Floats | float = 0.0
    tie: Floats | float = 0.0
    limit_weight: csr_array | None = None
    limit_count: int = 0
    number: int = 0

    @property
    def size(self) -> int:
        """How many lanes are on offer."""
        return len(self.origin)

    def reached_sinks(self) -> Integers:
        """Sinks that some lane leads to."""
        return np.unique(self.sink)

    def seed(self) -> Lanes:
        """Every lane of a small offer; else the cheapest of each end, and forced ones."""
        if self.size <= FEW_LANES:
            return self.lanes(np.arange(self.size))
        forced = np.flatnonzero(np.broadcast_to(np.asarray(self.min_kt) > 0, self.size))
        return self.lanes(np.union1d(forced, self._near[self._best(self._near, 1)]))

    def start(self, known: Booleans, supply_kt: Floats, demand_kt: Floats) -> Lanes:
        """Near partners of each end, and lanes enough to meet demand where they can."""
        if self.size <= FEW_LANES:
            return self.lanes(np.zeros(0, dtype=np.intp))
        rows = np.union1d(self._near, enough(self._candidates, self._near, supply_kt, demand_kt))
        return self.lanes(rows[~known[rows]])

    @property
    def _candidates(self) -> Candidates:
        return Candidates(self.origin, self.sink, self.cost_cny_per_t, self.max_kt)

    @cached_property
    def _near(self) -> Integers:
        return nearest(self._candidates)

    def _best(self, rows: Integers, count: int) -> Integers:
        """Positions among `rows` of the cheapest lanes of every origin and sink."""
        return best_of_each(self.origin[rows], self.sink[rows], self.cost_cny_per_t[rows], count)

    def price(
        self,
        prices: Prices,
        known: Booleans,
        face: Booleans | None = None,
        tolerance: float = TOLERANCE_CNY_PER_T,
    ) -> Priced:
        """Lanes of negative reduced cost: the most negative few of every origin and sink."""
        rows: list[Integers] = []
        values: list[Floats] = []
        least = np.inf
        for part, reduced_cost in self._reduced_costs(prices):
            reduced_cost[known[part]] = np.inf
            if face is not None:
                reduced_cost[~face[part]] = np.inf
            least = min(least, float(reduced_cost.min(initial=np.inf)))
            paying = np.flatnonzero(reduced_cost < -tolerance)
            row = paying + part.start
            value = reduced_cost[paying]
            if len(row) > MANY_PAYING:
                best = best_of_each(self.origin[row], self.sink[row], value, BEST_PER_NODE)
                row, value = row[best], value[best]
            rows.append(row)
            values.append(value)
        row, value = np.concatenate(rows), np.concatenate(values)
        chosen = best_of_each(self.origin[row], self.sink[row], value, BEST_PER_NODE)
        return Priced(self.lanes(row[chosen]), least)

    def face(self, prices: Prices, within: Booleans | None = None) -> Booleans:
        """Rows of zero reduced cost, (n,)."""
        tight = np.empty(self.size, dtype=bool)
        for part, reduced_cost in self._reduced_costs(prices):
            tight[part] = np.abs(reduced_cost) <= TOLERANCE_CNY_PER_T
        return tight if within is None else tight & within

    def nothing_known(self) -> Booleans:
        """An empty record of the lanes that a program has."""
        return np.zeros(self.size, dtype=bool)

    def mark(self, known: Booleans, lanes: Lanes) -> None:
        """Enter lanes into the record."""
        known[np.asarray(lanes.item, dtype=np.intp)] = True

    def lanes(self, rows: Integers) -> Lanes:
        """The lanes of these rows."""
        weight = self.limit_weight
        return Lanes(
            origin=self.origin[rows].astype(np.intp),
            sink=self.sink[rows].astype(np.intp),
            cost_cny_per_t=self.cost_cny_per_t[rows].astype(np.float64),
            min_kt=_of_rows(self.min_kt, rows),
            max_kt=_of_rows(self.max_kt, rows),
            km=_of_rows(self.km, rows),
            tie=_of_rows(self.tie, rows),
            limit_weight=csr_array((len(rows), self.limit_count))
            if weight is None
            else weight[rows],
            offer=np.full(len(rows), self.number, dtype=np.intp),
            item=tuple(rows.tolist()),
        )

    def _reduced_costs(self, prices: Prices) -> Iterator[tuple[slice, Floats]]:
        """Reduced cost of every lane, chunk by chunk."""
        objective = prices.objective
        for part in chunks(self.size):
            value = objective.cost * self.cost_cny_per_t[part]
            for factor, attribute in ((objective.km, self.km), (objective.tie, self.tie)):
                if factor:
                    value += factor * (
                        attribute[part] if isinstance(attribute, np.ndarray) else attribute
                    )
            value -= prices.origin[self.origin[part]]
            value -= prices.sink[self.sink[part]]
            if self.limit_weight is not None and prices.charge.any():
                value -= self.limit_weight[part] @ prices.charge
            yield part, value


def _of_rows(value: Floats | float, rows: Integers) -> Floats:
    if isinstance(value, np.ndarray):
        return value[rows].astype(np.float64)
    return np.full(len(rows), float(value))
