"""Columns that let rows be missed, at a price: what phase 1 and repairs are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array, csc_array, hstack

from model.arrays import Floats, Integers
from model.solve.program import Program

if TYPE_CHECKING:
    from model.market.market import Market

VIOLATION_COST = 1000.0
"""Phase 1 only: demand goes short before a supply, a limit or a lane's minimum is broken."""


@dataclass(frozen=True)
class Phase1Slacks:
    """Columns that let rows be missed: closed (fixed at 0) but in phase 1.

    Attributes
    ----------
    row : (e,) row that the column relaxes
    sign : (e,) +1 fills a row from below, -1 relieves it from above
    cost : (e,) 1 for a shortage of demand, more for anything else
    """

    row: Integers
    sign: Floats
    cost: Floats

    @staticmethod
    def of(market: Market) -> Phase1Slacks:
        """The slack columns of a market's rows, those that fill before those that relieve."""
        origins, sinks = len(market.origins), len(market.sinks)
        every = np.arange(market.row_count)
        fills = every[np.isfinite(market.row_lower_kt)]
        relieves = every[np.isfinite(market.row_upper_kt)]
        is_demand = (fills >= origins) & (fills < origins + sinks)
        cost = np.r_[
            np.where(is_demand, 1.0, VIOLATION_COST), np.full(len(relieves), VIOLATION_COST)
        ]
        sign = np.r_[np.ones(len(fills)), -np.ones(len(relieves))]
        return Phase1Slacks(np.r_[fills, relieves], sign, cost)

    def __len__(self) -> int:
        return len(self.row)

    def miss_cost(self, rows: int) -> tuple[Floats, Floats]:
        """What a unit below the lower bound of a row costs, and one above the upper, (rows,)."""
        below, above = np.full(rows, np.inf), np.full(rows, np.inf)
        below[self.row[self.sign > 0]] = self.cost[self.sign > 0]
        above[self.row[self.sign < 0]] = self.cost[self.sign < 0]
        return below, above

    @property
    def of_demand(self) -> Integers:
        """The columns by which demand may go short."""
        return np.flatnonzero(self.cost < VIOLATION_COST)


def with_phase1_slacks(program: Program, slacks: Phase1Slacks) -> Program:
    """The program with its slack columns in front, closed."""
    e = len(slacks)
    shape = (program.matrix.shape[0], e)
    relax = coo_array((slacks.sign, (slacks.row, np.arange(e))), shape=shape)
    return Program(
        cost=np.r_[np.zeros(e), program.cost],
        lower=np.r_[np.zeros(e), program.lower],
        upper=np.r_[np.zeros(e), program.upper],
        matrix=csc_array(hstack([relax, program.matrix], format="csc")),
        row_lower=program.row_lower,
        row_upper=program.row_upper,
    )
