"""The quantities of flow ranges: tonnes that a selection counts, or those of one lane."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace

import numpy as np

from model.arrays import Floats
from model.market.lanes import Objective
from model.market.market import Market
from model.solve.column_generation import Allocator
from model.solve.optimum import Optimum
from model.solve.tie_break import Face
from model.studies.ranges.frontier import FrontierPoint
from model.studies.ranges.measures import Measure
from model.studies.ranges.routes_over import RoutesOver
from model.studies.ranges.second_best_routes import LaneObjective, optimise_lane


@dataclass(frozen=True)
class Quantity(ABC):
    """Tonnes whose range is wanted, in one session.

    Attributes
    ----------
    now_kt : in the published plan
    most_kt : what it cannot exceed
    """

    allocator: Allocator
    now_kt: float
    most_kt: float

    @abstractmethod
    def plan(self, sign: int, price: float) -> Optimum:
        """The plan that minimises cost − price × sign × quantity."""

    @abstractmethod
    def varies(self, face: Face) -> bool:
        """Whether it may differ between plans of the face."""

    @abstractmethod
    def extreme(self, sign: int, face: Face) -> Optimum:
        """The plan with most (+1) or least (-1) of it on the optimal face, which was entered."""


@dataclass(frozen=True)
class Measured(Quantity):
    """What a measure counts, by the limit that was added for it."""

    measure: Measure
    limit: int
    routes: RoutesOver | None = None

    @staticmethod
    def of(allocator: Allocator, plan: Optimum, measure: Measure, limit: int) -> Measured:
        """A measure and the number of its limit."""
        network = allocator.market.network
        routes = None
        if measure.selection.depends_on_route and network is not None:
            routes = RoutesOver(network, measure.selection.via)
        market, selection = allocator.market, measure.selection
        _, _, activity = market.split(plan.row_value)
        most = float("inf")
        if not selection.depends_on_route:
            supply = market.supply_kt[selection.origins].sum()
            most = float(min(supply, market.max_kt[selection.sinks].sum()))
        return Measured(allocator, float(activity[limit]), most, measure, limit, routes)

    def plan(self, sign: int, price: float) -> Optimum:
        """See `Quantity`."""
        weights = sign * self._weights
        if sign > 0 and self.routes is not None:
            return self.routes.optimise(self.allocator, price * weights, price)
        objective = Objective(cost=1.0, activity=price * weights)
        return self.allocator.optimise(objective, primal=True)

    def varies(self, face: Face) -> bool:
        """See `Quantity`."""
        selection = self.measure.selection
        return selection.depends_on_route or any(
            offer.joins(selection.pairs) for offer in face.market.offers
        )

    def extreme(self, sign: int, face: Face) -> Optimum:
        """See `Quantity`."""
        objective = Objective(activity=sign * self._weights)
        return self.allocator.optimise(objective, face.market, primal=True)

    @property
    def _weights(self) -> Floats:
        weights = np.zeros(len(self.allocator.market.limits.names))
        weights[self.limit] = 1.0
        return weights


@dataclass(frozen=True)
class OfLane(Quantity):
    """What one lane of the published plan carries, by its row among the lanes."""

    lane: LaneObjective
    row: int

    @staticmethod
    def of(allocator: Allocator, plan: Optimum, row: int) -> OfLane:
        """The lane of a row."""
        lane, market = LaneObjective.on(plan.lanes, row), allocator.market
        most = float(min(market.supply_kt[lane.pair[0]], market.max_kt[lane.pair[1]]))
        return OfLane(allocator, float(plan.ship_kt[row]), most, lane, row)

    def plan(self, sign: int, price: float) -> Optimum:
        """See `Quantity`."""
        return optimise_lane(self.allocator, self.lane, sign * price)

    def varies(self, face: Face) -> bool:
        """See `Quantity`."""
        return True

    def extreme(self, sign: int, face: Face) -> Optimum:
        """See `Quantity`."""
        return optimise_lane(self.allocator, replace(self.lane, cost=0.0), float(sign), face)


def corner_of(market: Market, optimum: Optimum, weights: Floats) -> FrontierPoint:
    """A plan as a corner of cost against a measure that weighs limits' activity."""
    _, _, activity = market.split(optimum.row_value)
    return FrontierPoint(cost_kcny(market, optimum), float(activity @ weights), optimum.ship_kt)


def cost_kcny(market: Market, optimum: Optimum) -> float:
    """What a plan costs, whatever it minimised."""
    used = np.flatnonzero(optimum.ship_kt)
    cost = float(optimum.lanes.cost_cny_per_t[used] @ optimum.ship_kt[used])
    return cost + market.unpaid_kcny
