"""Figures that move: the bounds of rows, or the prices of lanes, as a line from low to high."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from model.arrays import Booleans, Floats
from model.case.errors import NoPlan
from model.market.lanes import COST, Objective
from model.market.market import Limits, Market, unused_names
from model.market.network_lanes import NetworkOffer
from model.market.route_terms import RouteTerm
from model.solve.column_generation import Allocator
from model.solve.optimum import SMALL, Optimum
from model.solve.solution import Status
from model.studies.allowance import Allowance
from model.studies.parametric.piecewise import Point

SHORTEST_STEP = 1e-9


class ParametricBounds:
    """Bounds of rows that move with one figure; the least cost is convex in it.

    Parameters
    ----------
    lower_step, upper_step : (O + S + K,)
        What one unit of the figure adds to each bound.
    at : the figure's value for which the market's own bounds hold
    """

    def __init__(
        self, allocator: Allocator, lower_step: Floats, upper_step: Floats, at: float = 0.0
    ) -> None:
        self.allocator = allocator
        self.steps = lower_step, upper_step
        self._at = at

    @staticmethod
    def along(
        start: Market, end: Market, span: tuple[float, float], allowance: Allowance
    ) -> ParametricBounds:
        """Bounds that run from one market's to the other's as the figure runs over a span.

        Raises
        ------
        NoPlan
            Everywhere some row's lower bound is above its upper one.
        """
        low, high = span
        lower, upper = (step / (high - low) for step in bound_steps(start, end))
        room = start.row_upper_kt - start.row_lower_kt
        first, _ = _uncrossed(room, upper - lower, low, span)
        apart = start.with_row_bounds(
            start.row_lower_kt + lower * (first - low), start.row_upper_kt + upper * (first - low)
        )
        return ParametricBounds(allowance.allocator(apart), lower, upper, first)

    def bounds(self, at: float) -> tuple[Floats, Floats]:
        """Bounds of every row at a value of the figure."""
        market, (lower_step, upper_step) = self.allocator.market, self.steps
        moved = at - self._at
        lower, upper = (
            market.row_lower_kt + lower_step * moved,
            market.row_upper_kt + upper_step * moved,
        )
        meets = np.abs(lower - upper) <= SHORTEST_STEP * (1.0 + np.abs(upper))
        return np.where(meets, np.minimum(lower, upper), lower), upper

    def optimum(self, at: float) -> Optimum:
        """The plan of least cost, or of least shortage, at a value of the figure."""
        with self.allocator.bounds(self.bounds(at)):
            return self.allocator.optimise(COST)

    def point(self, at: float) -> Point:
        """Cost and slope at a value that is feasible."""
        optimum = self.optimum(at)
        if optimum.status is not Status.OPTIMAL:
            raise NoPlan(f"no feasible plan at {at:g}")
        return Point(at, optimum.objective, self.slope(optimum))

    def slope(self, optimum: Optimum) -> float:
        """Σ y⁺ × step of the lower bound + y⁻ × step of the upper one (LP duality).

        Where it is of cost, what a sink does not pay up to its lower bound moves too.
        """
        lower, upper = self.steps
        dual, is_cost = optimum.row_dual, optimum.status is Status.OPTIMAL
        unpaid = self.allocator.market.row_price_cny_per_t @ lower if is_cost else 0.0
        return float(np.maximum(dual, 0.0) @ lower + np.minimum(dual, 0.0) @ upper + unpaid)

    def feasible(self, low: float, high: float) -> tuple[float, float]:
        """The part of a range over which there is a plan.

        Beyond it a row's lower bound passes its upper one, or a shortage arises. That is
        convex in the figure too, so Newton steps on its supporting lines come to the end of
        the feasible part exactly, from outside.

        Raises
        ------
        NoPlan
        """
        market, (lower, upper) = self.allocator.market, self.steps
        room = market.row_upper_kt - market.row_lower_kt
        first, last = _uncrossed(room, upper - lower, self._at, (low, high))
        return self._feasible_from(first, last), self._feasible_from(last, first)

    def _feasible_from(self, at: float, end: float) -> float:
        while True:
            optimum = self.optimum(at)
            if optimum.status is Status.OPTIMAL:
                return at
            slope = self.slope(optimum)
            step = -optimum.objective / slope if slope else np.inf
            if abs(step - (end - at)) <= SHORTEST_STEP:  # no further for the last bit
                step = end - at
            is_towards_end = min(end - at, 0.0) <= step <= max(end - at, 0.0)
            if abs(step) <= SHORTEST_STEP or not is_towards_end:
                raise NoPlan(f"no feasible plan from {at:g} to {end:g}")
            at += step

    def obstacle(self, at: float, beyond: float) -> str:
        """What ends the feasible part at a value: bounds that meet, or that a shortage leans on."""
        market = self.allocator.market
        lower, upper = self.bounds(at)
        further = self.bounds(at + np.sign(beyond - at) * (1.0 + abs(at)))
        meeting = (lower == upper) & (further[0] > further[1])
        if meeting.any():
            return ", ".join(f"{name} meets its other bound" for name in names_of(market, meeting))
        optimum = self.optimum(beyond)
        moving = (self.steps[0] != 0) | (self.steps[1] != 0)
        leaning = (np.abs(optimum.row_dual) > SMALL) & ~moving
        return ", ".join(names_of(market, leaning)) or "no bound can be relaxed"


def _uncrossed(
    room: Floats, rate: Floats, at: float, span: tuple[float, float]
) -> tuple[float, float]:
    """The part of a span over which no row's lower bound is above its upper one.

    Parameters
    ----------
    room : (O + S + K,) upper less lower bound at the figure's value `at`
    rate : (O + S + K,) what one unit of the figure adds to it
    """
    moving = np.isfinite(room) & (rate != 0)
    meets, closes = at - room[moving] / rate[moving], rate[moving] < 0
    first = max(span[0], float(meets[~closes].max(initial=-np.inf)))
    last = min(span[1], float(meets[closes].min(initial=np.inf)))
    if first > last:
        raise NoPlan(f"no feasible plan from {span[0]:g} to {span[1]:g}")
    return first, last


BOUND_OF = {
    "supply_limit": "the supply of {}",
    "demand_met": "the demand of {}",
    "limit_kept": "limit {}",
}


def names_of(market: Market, rows: Booleans) -> list[str]:
    """Rows in words: `the supply of North`, `limit Port`."""
    return [
        BOUND_OF[family].format(name)
        for (family, name), holds in zip(market.rows, rows, strict=True)
        if holds
    ]


class ParametricPrices:
    """Prices of lanes that move with one figure; the least cost is concave in it.

    What one unit of the figure adds to each lane's cost is written as the weight of extra,
    free rows; their activity, priced at the figure's value, then stands in the objective,
    so that one session and its pricing serve every value.

    Parameters
    ----------
    low, high : the figure's value in either market
    """

    def __init__(
        self, market_low: Market, market_high: Market, low: float, high: float, allowance: Allowance
    ) -> None:
        market, self._row = with_price_rows(market_low, market_high, high - low)
        self.allocator = allowance.allocator(market)
        self._low = low
        self._unpaid_rate = (market_high.unpaid_kcny - market_low.unpaid_kcny) / (high - low)

    def optimum(self, at: float) -> Optimum:
        """The plan of least cost at a value of the figure."""
        return self.allocator.optimise(self.objective(at))

    def objective(self, at: float) -> Objective:
        """The cost at a value of the figure."""
        return Objective(cost=1.0, activity=-(at - self._low) * self._row)

    def point(self, at: float) -> Point:
        """Cost and slope at a value of the figure.

        Raises
        ------
        NoPlan
        """
        optimum = self.optimum(at)
        if optimum.status is not Status.OPTIMAL:
            raise NoPlan(f"no feasible plan at {at:g}")
        slope = float(optimum.ship_kt @ (optimum.lanes.limit_weight @ self._row))
        unpaid = self._unpaid_rate * (at - self._low)
        return Point(at, optimum.objective + unpaid, slope + self._unpaid_rate)


def bound_steps(low: Market, high: Market) -> tuple[Floats, Floats]:
    """What lower and upper bounds gain from `low` to `high`, (O + S + K,); infinite ones stay."""
    lower, upper = (
        np.subtract(after, before, out=np.zeros(len(before)), where=np.isfinite(before))
        for before, after in (
            (low.row_lower_kt, high.row_lower_kt),
            (low.row_upper_kt, high.row_upper_kt),
        )
    )
    return lower, upper


def with_price_rows(low: Market, high: Market, span: float) -> tuple[Market, Floats]:
    """The market at `low` with a free row that weighs what a unit of the figure adds to costs.

    Returns
    -------
    market : Market
    marks : (K,)
        1 for this row, 0 for every other limit.
    """
    limits = low.limits
    network, explicit = low.network, low.explicit
    if network is not None and high.network is not None:
        weight = _network_weight(network, high.network, span)
        network = replace(network, limits=(*network.limits, weight))
    if explicit is not None and high.explicit is not None:
        rate = _rate(explicit.cost_cny_per_t, high.explicit.cost_cny_per_t, span)
        explicit = explicit.with_weights([rate])
    priced = replace(
        low,
        limits=Limits(
            (*limits.names, *unused_names(limits.names, 1)),
            np.r_[limits.min_kt, -np.inf],
            np.r_[limits.max_kt, np.inf],
        ),
        network=network,
        explicit=explicit,
    )
    return priced, np.r_[np.zeros(len(limits.names)), 1.0]


def _network_weight(low: NetworkOffer, high: NetworkOffer, span: float) -> RouteTerm:
    charges = [np.array([duty.charge_cny_per_t for duty in offer.duties]) for offer in (low, high)]
    return RouteTerm(
        np.ones(low.shape, dtype=bool),
        _rate(low.pair_cost_cny_per_t, high.pair_cost_cny_per_t, span),
        _rate(low.edge_cost_cny_per_t, high.edge_cost_cny_per_t, span),
        _rate(charges[0], charges[1], span) if low.duties else None,
    )


def _rate(low: Floats, high: Floats, span: float) -> Floats:
    """Change per unit; a price that falls to nothing must not fall below it by a last digit."""
    rate = (high - low) / span
    return np.where(low + rate * span < 0, rate * (1.0 - 1e-15), rate)
