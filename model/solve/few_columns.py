"""A warm linear program over the columns that matter so far; the others are priced in each time.

An optimum uses few of many lanes. What is left out stays at its lower bound, 0, until its reduced
cost says that it would pay: so every solve ends with an optimum over all columns.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.sparse import csc_array

from model.arrays import Floats, Integers
from model.solve.highs import Session, Solution, Status
from model.solve.program import Program

FEW = 10_000
"""A program of so few columns is solved with all of them."""
MOST_ADDED = 1_000
"""Columns added after one solve."""
PAYS = -1e-7
"""Reduced cost at which a column pays: the solver's own tolerance."""


class FewColumns:
    """A session like `Session`, of which most columns are left out until they pay."""

    def __init__(self, program: Program, *, time_limit_s: float | None = None) -> None:
        self._program = program
        self._whole = self._session = Session(program)
        self._kept = np.arange(len(program.cost))
        self._left = np.zeros(len(program.cost), dtype=bool)
        if len(program.cost) > FEW:
            self._leave_out(self._whole.solve(time_limit_s=time_limit_s))

    def set_column_bounds(self, lower: Floats, upper: Floats, columns: Integers) -> None:
        """Bounds of columns that are never left out: those with whole answers."""
        if self._session is not self._whole:
            self._session.set_column_bounds(lower, upper, self._place[columns])
        self._whole.set_column_bounds(lower, upper, columns)

    def solve(self, *, time_limit_s: float | None = None) -> Solution:
        """Solve over all columns; those that turn out to pay stay in."""
        if self._session is self._whole:
            return self._whole.solve(time_limit_s=time_limit_s)
        while True:
            solution = self._session.solve(time_limit_s=time_limit_s)
            if solution.status is Status.INFEASIBLE:
                return self._with_all(time_limit_s)
            if solution.status is not Status.OPTIMAL:
                return solution
            whole = self._spread(solution)
            paying = np.flatnonzero(self._left & (whole.reduced_cost < PAYS))
            if not len(paying):
                return whole
            order = np.argsort(whole.reduced_cost[paying], kind="stable")
            self._add(paying[order[:MOST_ADDED]])

    def _leave_out(self, root: Solution) -> None:
        """Keep what the first optimum uses, what must be used, and what comes next."""
        program = self._program
        if root.status is not Status.OPTIMAL:
            return
        can = (program.lower == 0) & np.isinf(program.upper) & (root.value <= 0)
        can &= root.reduced_cost > 0
        order = np.argsort(np.where(can, root.reduced_cost, -1.0), kind="stable")
        rows = program.matrix.shape[0]
        self._left[order[int((~can).sum()) + rows :]] = True
        self._kept = np.flatnonzero(~self._left)
        self._session = Session(_columns_of(program, self._kept))
        self._place = np.full(len(program.cost), -1)
        self._place[self._kept] = np.arange(len(self._kept))

    def _add(self, columns: Integers) -> None:
        part = _columns_of(self._program, columns)
        self._session.add_columns(part.cost, part.lower, part.upper, part.matrix)
        self._place[columns] = len(self._kept) + np.arange(len(columns))
        self._kept = np.concatenate([self._kept, columns])
        self._left[columns] = False

    def _with_all(self, time_limit_s: float | None) -> Solution:
        """What few columns cannot serve, all may; what these then use stays in."""
        solution = self._whole.solve(time_limit_s=time_limit_s)
        if solution.status is Status.OPTIMAL:
            used = np.flatnonzero(self._left & (solution.value > 0))
            if len(used):
                self._add(used)
        return solution

    def _spread(self, solution: Solution) -> Solution:
        """The same of all columns."""
        program = self._program
        value = np.zeros(len(program.cost))
        value[self._kept] = solution.value
        reduced_cost = program.cost - program.matrix.T @ solution.row_dual
        return replace(solution, value=value, reduced_cost=reduced_cost)


def _columns_of(program: Program, columns: Integers) -> Program:
    return replace(
        program,
        cost=program.cost[columns],
        lower=program.lower[columns],
        upper=program.upper[columns],
        matrix=csc_array(program.matrix[:, columns]),
    )
