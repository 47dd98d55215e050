"""Lanes as columns of the linear program, with each part of their cost apart."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
from scipy.sparse import csr_array, vstack

from model.arrays import Floats, Integers

Item = tuple[int, ...]
"""A lane's name within its offer: the edges of a route, or the one row of an explicit lane."""
LaneKey = tuple[int, int, Item]
"""What tells the lanes of one offer apart: origin, sink and item."""
Seen = set[LaneKey]
"""Lanes of one offer that a program has."""

TOLERANCE_CNY_PER_T = 1e-6
"""Costs are compared as whole micro-CNY: less than this is no difference."""


class CostParts:
    """What n lanes cost and how long they are, summed from parts that stand apart."""

    freight_cny_per_t: Floats
    production_cny_per_t: Floats
    carbon_cny_per_t: Floats
    duty_cny_per_t: Floats
    price_cny_per_t: Floats
    land_km: Floats
    sea_km: Floats

    @cached_property
    def spent_cny_per_t(self) -> Floats:
        """All that a tonne costs from origin to sink, (n,)."""
        return total(
            self.freight_cny_per_t,
            self.production_cny_per_t,
            self.carbon_cny_per_t,
            self.duty_cny_per_t,
        )

    @cached_property
    def cost_cny_per_t(self) -> Floats:
        """What is minimised: what a tonne costs, less what its sink pays, (n,)."""
        is_free = is_constant(self.price_cny_per_t) and self.price_cny_per_t.flat[0] == 0.0
        return self.spent_cny_per_t if is_free else self.spent_cny_per_t - self.price_cny_per_t

    @cached_property
    def km(self) -> Floats:
        """Length of the lanes, (n,)."""
        return total(self.land_km, self.sea_km)


@dataclass(frozen=True)
class Lanes(CostParts):
    """n lanes, one row each.

    Attributes
    ----------
    origin, sink : (n,) index into the market's origins and sinks
    freight_cny_per_t, production_cny_per_t, duty_cny_per_t, carbon_cny_per_t : (n,)
        parts of the cost of a tonne
    price_cny_per_t : (n,) what the sink pays for a tonne above its demand
    sea_cny_per_t : (n,) the part of freight at sea
    land_km, sea_km : (n,) length of the route by land and at sea
    co2_t_per_t : (n,) emission
    min_kt, max_kt : (n,) bounds on the shipment, kt per year
    tie : (n,) whole number from the names, which decides between equal plans
    limit_weight : (n, K) what one kt on the lane counts in each limit
    offer : (n,) number of the offer that the lane belongs to
    item : n items, the lane's name within that offer
    """

    origin: Integers
    sink: Integers
    freight_cny_per_t: Floats
    sea_cny_per_t: Floats
    production_cny_per_t: Floats
    duty_cny_per_t: Floats
    carbon_cny_per_t: Floats
    price_cny_per_t: Floats
    land_km: Floats
    sea_km: Floats
    co2_t_per_t: Floats
    min_kt: Floats
    max_kt: Floats
    tie: Floats
    limit_weight: csr_array
    offer: Integers
    item: tuple[Item, ...]

    def __len__(self) -> int:
        return len(self.origin)

    @property
    def keys(self) -> list[LaneKey]:
        """What tells lanes of one offer apart, n keys."""
        return list(zip(self.origin.tolist(), self.sink.tolist(), self.item, strict=True))

    def unseen(self, seen: Seen) -> Lanes:
        """Those of these lanes, all of one offer, that a program does not have."""
        return self.take(np.flatnonzero([key not in seen for key in self.keys]))

    def take(self, rows: Integers) -> Lanes:
        """The lanes of these rows, in this order."""
        taken = {
            field.name: getattr(self, field.name)[rows]
            for field in fields(self)
            if field.name != "item"
        }
        return Lanes(item=tuple(self.item[row] for row in rows), **taken)

    @staticmethod
    def join(parts: list[Lanes]) -> Lanes:
        """The lanes of all parts, one after the other."""
        if len(parts) == 1:
            return parts[0]
        joined = {
            field.name: _joined([getattr(part, field.name) for part in parts])
            for field in fields(Lanes)
        }
        return Lanes(**joined)

    @staticmethod
    def none(limits: int) -> Lanes:
        """No lanes, of a market with so many limits."""
        columns: dict[str, Any] = {field.name: np.zeros(0) for field in fields(Lanes)}
        columns |= dict.fromkeys(("origin", "sink", "offer"), np.zeros(0, dtype=np.intp))
        columns |= {"limit_weight": csr_array((0, limits)), "item": ()}
        return Lanes(**columns)


def _joined(columns: list[Any]) -> Any:
    if isinstance(columns[0], tuple):
        return tuple(chain.from_iterable(columns))
    if isinstance(columns[0], csr_array):
        return csr_array(vstack(columns, format="csr"))
    return np.concatenate(columns)


def total(first: Floats, *others: Floats) -> Floats:
    """Sum of the parts of a figure; parts that are zero for every lane cost no time or memory."""
    found = first
    for part in others:
        if not (is_constant(part) and part.flat[0] == 0.0):
            found = found + part
    return found


def is_constant(values: Floats) -> bool:
    """Whether an array holds one value, spread over all its places without memory."""
    return bool(values.size) and not any(values.strides)


@dataclass(frozen=True)
class Objective:
    """What a program minimises: a weighted sum of attributes of its lanes.

    Σ_l (a·cost_l + b·km_l + c·tie_l) x_l − Σ_k θ_k × (activity of limit k)
    """

    cost: float = 0.0
    km: float = 0.0
    tie: float = 0.0
    activity: Floats | None = None

    def of(self, lanes: Lanes) -> Floats:
        """Objective coefficient of each lane, (n,)."""
        value = np.zeros(len(lanes))
        if self.cost:
            value = self.cost * lanes.cost_cny_per_t
        if self.km:
            value = value + self.km * lanes.km
        if self.tie:
            value = value + self.tie * lanes.tie
        if self.activity is not None:
            value = value - lanes.limit_weight @ self.activity
        return value


NOTHING = Objective()
COST = Objective(cost=1.0)
TONNE_KM = Objective(km=1.0)
TIE = Objective(tie=1.0)


@dataclass(frozen=True)
class Prices:
    """Duals of the rows, and the objective that they belong to.

    A lane's reduced cost is objective(lane) − origin[o] − sink[s] − Σ_k limit[k] w_k.
    """

    objective: Objective
    origin: Floats
    sink: Floats
    limit: Floats

    @property
    def charge(self) -> Floats:
        """Price of one unit of each limit's activity, (K,)."""
        return (
            self.limit if self.objective.activity is None else self.limit + self.objective.activity
        )

    def reduced_cost(self, lanes: Lanes) -> Floats:
        """Reduced cost of given lanes, (n,)."""
        own = self.objective.of(lanes) - self.origin[lanes.origin] - self.sink[lanes.sink]
        return np.asarray(own - lanes.limit_weight @ self.limit)


@dataclass(frozen=True)
class Priced:
    """Lanes that would improve the program, and the least reduced cost of any lane left out."""

    lanes: Lanes
    least_reduced_cost: float
