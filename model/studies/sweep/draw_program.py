"""A program that is solved for draw after draw, each time from where it stood at first."""

from __future__ import annotations

import numpy as np

from model.market.lanes import COST, TOLERANCE_CNY_PER_T, Lanes, Objective
from model.market.market import Market
from model.solve.column_generation import Allocator
from model.solve.solution import Solution
from model.solve.warm_program import Bounds

DUAL_DECIMALS = 9
"""Duals that agree to so many digits price no lane otherwise: a lane pays from 1e-6 on."""


class DrawProgram(Allocator):
    """An allocator whose bounds and prices move draw by draw; no draw has a say in another.

    Parameters
    ----------
    same_prices : whether every lane costs the same in all draws: duals are priced once
    """

    def __init__(self, market: Market, *, same_prices: bool) -> None:
        super().__init__(market)
        self._priced: dict[bytes, float] | None = {} if same_prices else None
        self.optimise()
        self.stay()

    def stay(self) -> None:
        """Take lanes and basis as they are for those that every draw starts from."""
        self.first_lanes, self._first_market = self.lanes, self.market
        self._first_basis = self.basis()

    def start(self, rows: Bounds, market: Market | None = None, lanes: Lanes | None = None) -> None:
        """Go back to the first lanes and basis, with the bounds and prices of a draw.

        Parameters
        ----------
        rows : bounds of every row, (O + S + K,) each
        market, lanes : the market and the first lanes at the draw's prices, where these vary
        """
        first = len(self.first_lanes)
        if len(self.lanes) > first:
            self.session.drop_columns(len(self.slacks) + first)
            for number, key in zip(
                self.lanes.offer[first:].tolist(), self.lanes.keys[first:], strict=True
            ):
                self.seen[number].discard(key)
        self.lanes = self.first_lanes if lanes is None else lanes
        self.market = self._first_market if market is None else market
        self.session.forget()
        self.session.set_basis(self._first_basis)
        self.row_bounds = rows
        self.session.set_row_bounds(*rows)

    def _price(
        self,
        solution: Solution,
        objective: Objective,
        among: Market | None,
        tolerance: float = TOLERANCE_CNY_PER_T,
    ) -> tuple[bool, float]:
        """As an `Allocator`, but duals at which no lane paid are not priced again."""
        if self._priced is None or objective is not COST:
            return super()._price(solution, objective, among, tolerance)
        key = (np.round(solution.row_dual, DUAL_DECIMALS) + 0.0).tobytes()
        if key in self._priced:
            return False, self._priced[key]
        grown, least = super()._price(solution, objective, among, tolerance)
        if not grown:
            self._priced[key] = least
        return grown, least
