"""How a plan changes with a bound, where its basis alone can tell.

As the bound of a nonbasic row moves, the basic variables move by a column of the inverse of
the basis. While they stay within their bounds the basis stays feasible, and optimal: then the
row's dual is the slope of the cost to that side, and the column says which flows change.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array, csc_array, hstack
from scipy.sparse.linalg import splu

from model.arrays import Floats, Integers
from model.market.columns import columns
from model.solve.highs import Basis
from model.solve.optimum import SMALL, Optimum
from model.solve.phase1 import Phase1Slacks
from model.solve.warm_program import Bounds, WarmProgram, own_bounds, tight


class BasisChange:
    """The basic variables of a plan, and the bounds at which they stand.

    Parameters
    ----------
    basis : of the plan
    rows : bounds of rows of which the plan is the answer
    """

    def __init__(self, program: WarmProgram, plan: Optimum, basis: Basis, rows: Bounds) -> None:
        columns_at, rows_at = (np.array(places) for places in basis.places())
        slacks, lanes = program.slacks, plan.lanes
        is_slack, is_lane = np.split(columns_at == "basic", [len(slacks)])
        self._lanes = np.flatnonzero(is_lane[: len(lanes)])
        self._lane_count = len(lanes)
        self.nonbasic = rows_at != "basic"
        basic_rows = np.flatnonzero(~self.nonbasic)
        parts = [
            _of_slacks(slacks, np.flatnonzero(is_slack), len(rows_at)),
            csc_array(columns(program.market, lanes.take(self._lanes))),
            _unit(basic_rows, len(rows_at), -1.0),
        ]
        self._factor = splu(csc_array(hstack(parts, format="csc")))
        self._first_lane = int(is_slack.sum())
        value = np.r_[plan.ship_kt[self._lanes], plan.row_value[basic_rows]]
        lane_bounds = own_bounds(plan.lanes)
        lower, upper = (
            np.r_[lane_bounds[end][self._lanes], rows[end][basic_rows]] for end in (0, 1)
        )
        closed = np.ones(self._first_lane, dtype=bool)
        self._at_lower = np.r_[closed, tight(value, lower)]
        self._at_upper = np.r_[closed, tight(value, upper)]

    def flows(self, row: int, step: int) -> Floats | None:
        """Changes of flows as the bound of a nonbasic row moves, (n,); None if the basis changes.

        Parameters
        ----------
        step : +1 or -1
        """
        moved = np.zeros(len(self.nonbasic))
        moved[row] = step
        change = self._factor.solve(moved)
        if (self._at_lower & (change < -SMALL)).any() or (self._at_upper & (change > SMALL)).any():
            return None
        flows = np.zeros(self._lane_count)
        first = self._first_lane
        flows[self._lanes] = change[first : first + len(self._lanes)]
        return flows


def _of_slacks(slacks: Phase1Slacks, chosen: Integers, rows: int) -> csc_array:
    where = slacks.row[chosen], np.arange(len(chosen))
    return coo_array((slacks.sign[chosen], where), shape=(rows, len(chosen))).tocsc()


def _unit(chosen: Integers, rows: int, value: float) -> csc_array:
    where = chosen, np.arange(len(chosen))
    return coo_array((np.full(len(chosen), value), where), shape=(rows, len(chosen))).tocsc()
