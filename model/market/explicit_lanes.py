"""Explicit door-to-door lanes as arrays: priced in one vector expression."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import chain
from operator import itemgetter
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack

from model.arrays import Booleans, Floats, Indices, Integers
from model.market.lanes import (
    TOLERANCE_CNY_PER_T,
    CostParts,
    Item,
    Lanes,
    Objective,
    Priced,
    Prices,
    Seen,
    is_constant,
)
from model.market.offer import Offer, Way
from model.market.selection import Selection
from model.market.starting_lanes import Candidates, Ends, best_of_each, enough, nearest

FEW_LANES = 2_000
"""A program of so few lanes is solved with all of them at once."""
BEST_PER_NODE = 5
"""Lanes added per origin and per sink and round."""
MANY_PAYING = 20_000
"""Lanes of one chunk above which only the best of every node are kept."""
FIGURES = (
    "freight_cny_per_t",
    "sea_cny_per_t",
    "production_cny_per_t",
    "duty_cny_per_t",
    "carbon_cny_per_t",
    "price_cny_per_t",
    "land_km",
    "sea_km",
    "co2_t_per_t",
    "min_kt",
    "max_kt",
    "tie",
)


@dataclass(frozen=True)
class ExplicitOffer(CostParts, Offer):
    """n lanes given as arrays.

    Attributes
    ----------
    origin, sink : (n,) indices
    freight_cny_per_t, ... tie : (n,) as in `Lanes`; one value that holds for all is spread
    mode : (n,) names, or one for all
    limit_weight : (n, K), or None where no limit counts any of them
    limit_count : K
    on_face : (n,) lanes that are on offer, or None for all
    """

    number: ClassVar[int] = 1

    origin: Indices
    sink: Indices
    freight_cny_per_t: Floats
    sea_cny_per_t: Floats = field(default_factory=partial(np.zeros, ()))
    production_cny_per_t: Floats = field(default_factory=partial(np.zeros, ()))
    duty_cny_per_t: Floats = field(default_factory=partial(np.zeros, ()))
    carbon_cny_per_t: Floats = field(default_factory=partial(np.zeros, ()))
    price_cny_per_t: Floats = field(default_factory=partial(np.zeros, ()))
    land_km: Floats = field(default_factory=partial(np.zeros, ()))
    sea_km: Floats = field(default_factory=partial(np.zeros, ()))
    co2_t_per_t: Floats = field(default_factory=partial(np.zeros, ()))
    min_kt: Floats = field(default_factory=partial(np.zeros, ()))
    max_kt: Floats = field(default_factory=partial(np.full, (), np.inf))
    tie: Floats = field(default_factory=partial(np.zeros, ()))
    mode: NDArray[Any] | str = ""
    limit_weight: csr_array | None = None
    limit_count: int = 0
    on_face: Booleans | None = None

    def __post_init__(self) -> None:
        for name in FIGURES:
            spread = np.broadcast_to(getattr(self, name), len(self.origin))
            object.__setattr__(self, name, spread)

    @property
    def size(self) -> int:
        """How many lanes are on offer."""
        return len(self.origin)

    def reached_sinks(self) -> Integers:
        """Sinks that some lane leads to."""
        return np.unique(self.sink)

    def joins(self, pairs: Booleans) -> bool:
        """Whether some lane joins one of these pairs, (O, S)."""
        here = pairs[self.origin, self.sink]
        return bool((here if self.on_face is None else here & self.on_face).any())

    def initial_lanes(self) -> Lanes:
        """Every lane of a small offer; else the cheapest of each end, and forced ones."""
        if self.size <= FEW_LANES:
            return self.every_lane()
        forced = np.zeros(0, dtype=np.intp)
        if not is_constant(self.min_kt) or self.min_kt[0] > 0:
            forced = np.flatnonzero(self.min_kt > 0)
        return self.lanes(np.union1d(forced, self._near[self._best(self._near, 1)]))

    def starting_lanes(self, seen: Seen, supply_kt: Floats, demand_kt: Floats) -> Lanes:
        """Near partners of each end, and lanes enough to meet demand where they can."""
        if self.size <= FEW_LANES:
            return Lanes.none(self.limit_count)
        rows = np.union1d(self._near, enough(self._candidates, self._near, supply_kt, demand_kt))
        return self.lanes(np.setdiff1d(rows, _rows(seen)))

    @cached_property
    def _ends(self) -> Ends:
        return Ends(self.origin, self.sink)

    @property
    def _candidates(self) -> Candidates:
        return Candidates(self._ends, self.cost_cny_per_t, self.max_kt)

    @cached_property
    def _near(self) -> Integers:
        return nearest(self._candidates)

    def _best(self, rows: Integers, count: int) -> Integers:
        """Positions among `rows` of the cheapest lanes of every origin and sink."""
        return best_of_each(self.origin[rows], self.sink[rows], self.cost_cny_per_t[rows], count)

    def price(self, prices: Prices, seen: Seen, tolerance: float = TOLERANCE_CNY_PER_T) -> Priced:
        """Lanes of negative reduced cost: the most negative few of every origin and sink."""
        rows, values = [np.zeros(0, dtype=np.intp)], [np.zeros(0)]
        least, known = np.inf, np.sort(_rows(seen))
        for part, reduced_cost in self._reduced_costs(prices):
            here = slice(*np.searchsorted(known, [part.start, part.stop]))
            reduced_cost[known[here] - part.start] = np.inf
            least = min(least, float(reduced_cost.min(initial=np.inf)))
            paying = np.flatnonzero(reduced_cost < -tolerance)
            row, value = paying + part.start, reduced_cost[paying]
            if len(row) > MANY_PAYING:
                best = best_of_each(self.origin[row], self.sink[row], value, BEST_PER_NODE)
                row, value = row[best], value[best]
            rows.append(row)
            values.append(value)
        row, value = np.concatenate(rows), np.concatenate(values)
        chosen = best_of_each(self.origin[row], self.sink[row], value, BEST_PER_NODE)
        return Priced(self.lanes(row[chosen]), least)

    def optimal_face(self, prices: Prices) -> ExplicitOffer:
        """The same offer with lanes of zero reduced cost alone."""
        return replace(self, on_face=self._tight(prices))

    def _tight(self, prices: Prices) -> Booleans:
        tight = np.empty(self.size, dtype=bool)
        for part, reduced_cost in self._reduced_costs(prices):
            tight[part] = np.abs(reduced_cost) <= TOLERANCE_CNY_PER_T
        return tight

    def tight_lanes(self, prices: Prices, most: int) -> Lanes | None:
        """Every lane of reduced cost 0; None where there are more than can be listed."""
        rows = np.flatnonzero(self._tight(prices))
        return self.lanes(rows) if len(rows) <= most else None

    def with_limits(self, selections: Sequence[Selection]) -> ExplicitOffer:
        """The same lanes, counted in further limits on shipments."""
        return self.with_weights([self.selected(selection) for selection in selections])

    def selected(self, selection: Selection) -> Floats:
        """1 for every lane that a selection takes, 0 for others, (n,)."""
        taken = selection.origins[self.origin] & selection.sinks[self.sink] & (not selection.via)
        if selection.modes:
            taken = taken & np.isin(np.broadcast_to(self.mode, self.size), selection.modes)
        return np.asarray(taken, dtype=float)

    def with_weights(self, columns: Sequence[Floats]) -> ExplicitOffer:
        """The same lanes, with what a tonne on each counts in further limits, (n,) each."""
        before = self.limit_weight
        if before is None:
            before = csr_array((self.size, self.limit_count))
        more = [csr_array(column[:, None]) for column in columns]
        return replace(
            self,
            limit_weight=csr_array(hstack([before, *more], format="csr")),
            limit_count=self.limit_count + len(columns),
        )

    def way(self, origin: int, item: Item) -> Way:
        """The mode of a lane; its route is not known."""
        return Way(self.mode if isinstance(self.mode, str) else str(self.mode[item[0]]), "")

    def every_lane(self) -> Lanes:
        """All lanes, in the order of the rows."""
        return self.lanes(np.arange(self.size))

    def lanes(self, rows: Integers) -> Lanes:
        """The lanes of these rows."""
        weight = self.limit_weight
        figures = {name: getattr(self, name)[rows].astype(float) for name in FIGURES}
        return Lanes(
            origin=self.origin[rows].astype(np.intp),
            sink=self.sink[rows].astype(np.intp),
            limit_weight=csr_array((len(rows), self.limit_count))
            if weight is None
            else weight[rows],
            offer=np.full(len(rows), self.number, dtype=np.intp),
            item=tuple(zip(rows.tolist(), strict=True)),
            **figures,
        )

    def _reduced_costs(self, prices: Prices) -> Iterator[tuple[slice, Floats]]:
        """Reduced cost of every lane, chunk by chunk; infinite off the face."""
        for part in self._ends.chunks():
            value = self._objective(prices.objective, part)
            shaped = self._ends.shaped(value)
            for paid in self._ends.at(part, prices.origin, prices.sink):
                shaped -= paid
            if self.limit_weight is not None and prices.charge.any():
                value -= self.limit_weight[part] @ prices.charge
            if self.on_face is not None:
                value[~self.on_face[part]] = np.inf
            yield part, value

    def _objective(self, objective: Objective, part: slice) -> Floats:
        value = np.asarray(objective.cost * self.cost_cny_per_t[part], dtype=float)
        for factor, attribute in ((objective.km, self.km), (objective.tie, self.tie)):
            if factor:
                value += factor * attribute[part]
        return value


def _rows(seen: Seen) -> Integers:
    """Rows of lanes that a program has."""
    rows = chain.from_iterable(map(itemgetter(2), seen))
    return np.fromiter(rows, dtype=np.intp, count=len(seen))
