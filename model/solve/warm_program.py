"""A market's program in a warm session: it grows by lanes, and its bounds move for a while."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np

from model.arrays import Booleans, Floats, Integers
from model.market.columns import columns
from model.market.lanes import COST, LaneKey, Lanes, Objective, Prices, Seen
from model.market.market import Market
from model.solve.highs import Basis
from model.solve.optimum import Optimum
from model.solve.phase1 import Phase1Slacks, with_phase1_slacks
from model.solve.program import compile_program
from model.solve.session import Session

MANY_LANES = 200_000
"""Explicit lanes of a market above which most solves follow lanes that come."""
Bounds = tuple[Floats, Floats]
LaneBounds = Callable[[Lanes], Bounds]
"""Bounds of lanes, those that come later included: (n,) each."""


def own_bounds(lanes: Lanes) -> Bounds:
    """The bounds that lanes have of themselves."""
    return lanes.min_kt, lanes.max_kt


class WarmProgram:
    """Rows of a market and the lanes seen so far.

    The session's columns are those of phase 1, closed, then the lanes in the order they came.

    Attributes
    ----------
    market : where rows and lanes come from
    lanes : n lanes of the program
    slacks : columns of phase 1
    row_bounds : of every row, (O + S + K,) each, as they stand now
    seen : the lanes of each offer that the program has, by the offer's number
    name_numbers : numbers made from names of lanes so far, by offer and key
    """

    def __init__(self, market: Market) -> None:
        self.market = market
        none = Lanes.none(len(market.limits.names))
        self.lanes = Lanes.join([none, *(offer.initial_lanes() for offer in market.offers)])
        self.slacks = Phase1Slacks.of(market)
        program = with_phase1_slacks(compile_program(market, self.lanes), self.slacks)
        self.session = Session(program, is_growing=_is_large(market))
        self.seen: dict[int, Seen] = {offer.number: set() for offer in market.offers}
        self.name_numbers: dict[tuple[int, LaneKey], float] = {}
        self._note(self.lanes)
        self._objective = COST
        self._open_slacks = np.zeros(len(self.slacks))
        self.row_bounds: Bounds = market.row_lower_kt, market.row_upper_kt
        self._lane_bounds: LaneBounds = own_bounds
        self._bounds_of_lanes: Bounds = own_bounds(self.lanes)
        self.add_any(
            [
                offer.starting_lanes(self.seen[offer.number], market.supply_kt, market.demand_kt)
                for offer in market.offers
            ]
        )

    # Lanes

    def add_any(self, parts: list[Lanes]) -> bool:
        """Add lanes from several offers; returns whether there are any."""
        new = [part for part in parts if len(part)]
        if new:
            self.add(Lanes.join(new))
        return bool(new)

    def add(self, lanes: Lanes) -> None:
        """Append lanes to the program."""
        before = len(self.lanes)
        self.lanes = Lanes.join([self.lanes, lanes])
        lower, upper = (bound[before:] for bound in self._lane_bounds(self.lanes))
        matrix = columns(self.market, lanes)
        self.session.add_columns(self._objective.of(lanes), lower, upper, matrix)
        stated = self._bounds_of_lanes
        self._bounds_of_lanes = np.r_[stated[0][:before], lower], np.r_[stated[1][:before], upper]
        self._note(lanes)

    def keep(self, lanes: int, basis: Basis) -> None:
        """Go back to the market's bounds, the first so many lanes and a basis of theirs.

        What comes next does not depend on what was solved since.
        """
        if lanes < len(self.lanes):
            self.session.drop_columns(len(self.slacks) + lanes)
            self.lanes = self.lanes.take(np.arange(lanes))
            self.seen = {number: set() for number in self.seen}
            self._note(self.lanes)
        self._set_bounds(self._own_rows, own_bounds)
        self.session.forget()
        self.session.set_basis(basis)

    def missing(self, lanes: Lanes) -> Lanes:
        """Those of these lanes that the program does not have."""
        names = zip(lanes.offer.tolist(), lanes.keys, strict=True)
        return lanes.take(np.flatnonzero([key not in self.seen[number] for number, key in names]))

    def _note(self, lanes: Lanes) -> None:
        for number, key in zip(lanes.offer.tolist(), lanes.keys, strict=True):
            self.seen[number].add(key)

    # Objective

    def set_objective(self, objective: Objective) -> None:
        """What the next solves minimise; slacks that are open cost 1 per kt."""
        self._objective = objective
        self.session.set_costs(
            np.r_[np.where(self._open_slacks > 0, 1.0, 0.0), objective.of(self.lanes)]
        )

    @property
    def unpaid_kcny(self) -> float:
        """What is added to the sum over lanes: what sinks do not pay up to their lower bounds."""
        if self.market.price_cny_per_t is None:
            return 0.0
        price, lower = self.market.row_price_cny_per_t, self.row_bounds[0]
        priced = (price > 0) & np.isfinite(lower)
        return self._objective.cost * float(price[priced] @ lower[priced])

    def prices(self, row_dual: Floats, objective: Objective) -> Prices:
        """Duals as prices of origins, sinks and limits, of the sign that their bounds allow.

        A limit's dual that is 1e-17 off zero the wrong way would pay for going in circles.
        """
        lower, upper = self.row_bounds
        dual = np.where(np.isinf(lower), np.minimum(row_dual, 0.0), row_dual)
        dual = np.where(np.isinf(upper), np.maximum(dual, 0.0), dual)
        return Prices(objective, *self.market.split(dual))

    # Bounds

    @contextmanager
    def bounds(self, rows: Bounds | None = None, lanes: LaneBounds | None = None) -> Iterator[None]:
        """Other bounds for a while: of every row, (O + S + K,) each, and of every lane."""
        before = self.row_bounds, self._lane_bounds
        self._set_bounds(rows or before[0], lanes or before[1])
        try:
            yield
        finally:
            self._set_bounds(*before)

    @contextmanager
    def slack(self, columns: Integers) -> Iterator[None]:
        """Rows that may be missed for a while, through these columns at 1 per kt."""
        before = self._open_slacks
        self._open(np.where(np.isin(np.arange(len(before)), columns), np.inf, 0.0))
        try:
            yield
        finally:
            self._open(before)

    @contextmanager
    def phase1(self, objective: Objective) -> Iterator[None]:
        """Every row may be missed for a while, at the price of phase 1, besides this objective."""
        before, minimised = self._open_slacks, self._objective
        self.set_objective(objective)
        self._set_slacks(self.slacks.cost * (before == 0), np.full(len(before), np.inf))
        try:
            yield
        finally:
            self._open(before)
            self.set_objective(minimised)

    def rebound(self, market: Market) -> None:
        """Take the bounds of a market that has the same rows and lanes."""
        self.market = market
        self._set_bounds(self._own_rows, own_bounds)

    @property
    def _own_rows(self) -> Bounds:
        return self.market.row_lower_kt, self.market.row_upper_kt

    def _set_bounds(self, rows: Bounds, lanes: LaneBounds) -> None:
        lower, upper = lanes(self.lanes)
        before = [bound[: len(self.lanes)] for bound in self._bounds_of_lanes]
        moved = np.flatnonzero((lower != before[0]) | (upper != before[1]))
        self.session.set_column_bounds(lower[moved], upper[moved], len(self.slacks) + moved)
        if rows is not self.row_bounds:
            self.session.set_row_bounds(*rows)
        self.row_bounds, self._lane_bounds = rows, lanes
        self._bounds_of_lanes = lower, upper

    def _open(self, upper: Floats) -> None:
        self._open_slacks = upper
        self._set_slacks(np.where(upper > 0, 1.0, 0.0), upper)

    def _set_slacks(self, cost: Floats, upper: Floats) -> None:
        where = np.arange(len(self.slacks))
        self.session.set_costs(cost, where)
        self.session.set_column_bounds(np.zeros(len(where)), upper, where)

    # Basis

    def basis(self) -> Basis:
        """The basis of the last solve; its columns begin with those of phase 1."""
        return self.session.basis()

    def seat(self, plan: Optimum) -> None:
        """Put nonbasic lanes and rows on the side where a plan has them.

        HiGHS remembers of a fixed lane only one of its sides, which may be the wrong one
        once its bounds are apart again.
        """
        (lower, upper), (row_lower, row_upper) = own_bounds(plan.lanes), self._own_rows
        lanes_up = tight(plan.ship_kt, upper) & ~tight(plan.ship_kt, lower)
        rows_up = tight(plan.row_value, row_upper) & ~tight(plan.row_value, row_lower)
        slacks_up = np.zeros(len(self.slacks), dtype=bool)
        self.session.set_basis(self.basis().seated(np.r_[slacks_up, lanes_up], rows_up))


def _is_large(market: Market) -> bool:
    """Whether explicit lanes alone are on offer, and many: weights of pricing do not pay there."""
    return market.network is None and sum(offer.size for offer in market.offers) > MANY_LANES


def tight(value: Floats, bound: Floats) -> Booleans:
    """Whether values lie on a bound, to within a part in 10^9."""
    finite = np.isfinite(bound)
    return finite & (np.abs(value - np.where(finite, bound, 0.0)) <= 1e-9 * (1.0 + np.abs(value)))
