"""A warm linear program over the columns and rows that matter so far; the others are tried after.

An optimum uses few of many lanes, and few of many rows bind. What is left out is tried after each
solve: a column, which stays at its lower bound 0, by its reduced cost; a row by its value. What
would pay, or is broken, comes in: so every solve ends with an optimum over all columns and rows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csc_array, csr_array

from model.arrays import Booleans, Floats, Integers
from model.solve.highs import Session, Solution, Status
from model.solve.program import Program

FEW = 1_000
"""A program of so few columns is solved with all of them; likewise rows."""
SPARE = 300
"""Columns kept beside those that the first optimum uses: those that come next."""
MOST_ADDED = 300
"""Columns added after one solve."""
PAYS, BROKEN = -1e-7, 1e-7
"""Reduced cost at which a column pays, and by how much a row may be missed: the solver's own."""
NONE = 1e-9
"""Part of the largest weight of a ray below which one is rounding."""


@dataclass(frozen=True)
class Part:
    """Which columns and rows matter: in (n,), (m,) bool."""

    columns: Booleans
    rows: Booleans


@dataclass
class Memory:
    """What has mattered to programs that share their first columns and rows; nothing at first."""

    part: Part | None = None


class Core:
    """A session like `Session`, without what does not matter.

    Parameters
    ----------
    answers : columns whose bounds change; they are never left out
    memory : of programs like this one, to begin with what mattered to them
    """

    def __init__(
        self,
        program: Program,
        answers: Integers,
        *,
        memory: Memory | None = None,
        time_limit_s: float | None = None,
    ) -> None:
        self._program, self._by_row = program, csr_array(program.matrix)
        columns, rows = len(program.cost), len(program.row_lower)
        can = (program.lower == 0) & np.isinf(program.upper)
        can[answers] = False
        self._memory = memory or Memory()
        if self._memory.part is not None:
            self._start(
                _of_length(self._memory.part.columns, columns) | ~can,
                _of_length(self._memory.part.rows, rows),
            )
        elif max(columns, rows) > FEW:
            root = Session(program).solve(time_limit_s=time_limit_s)
            self._start(*_mattering(program, root, can))
        else:
            self._start(np.ones(columns, bool), np.ones(rows, bool))

    def set_column_bounds(self, lower: Floats, upper: Floats, columns: Integers) -> None:
        """Bounds of columns that are never left out."""
        self._lower[columns], self._upper[columns] = lower, upper
        self._session.set_column_bounds(lower, upper, self._place[columns])

    def solve(self, *, time_limit_s: float | None = None) -> Solution:
        """Solve over all columns and rows; those that turn out to matter stay in."""
        primal = False
        while True:
            solution = self._session.solve(time_limit_s=time_limit_s, primal=primal)
            if solution.status is Status.OPTIMAL:
                solution = self._whole(solution)
                if self._add_broken(solution):
                    primal = False
                elif self._add_paying(solution):
                    primal = True  # the plan stands; prices do not
                else:
                    return solution
            elif solution.status is Status.INFEASIBLE:
                if not self._columns_left.any() or not self._add_feasible():
                    return solution
            elif solution.status is Status.UNBOUNDED and self._rows_left.any():
                self._add_rows(np.flatnonzero(self._rows_left))
            else:
                return solution

    def _start(self, columns: Booleans, rows: Booleans) -> None:
        program = self._program
        self._columns, self._rows = np.flatnonzero(columns), np.flatnonzero(rows)
        self._columns_left, self._rows_left = ~columns, ~rows
        self._lower, self._upper = program.lower.copy(), program.upper.copy()
        self._place = np.full(len(columns), -1)
        self._place[self._columns] = np.arange(len(self._columns))
        self._session = Session(_part_of(program, self._columns, self._rows))
        self._memory.part = Part(columns, rows)

    def _add_broken(self, solution: Solution) -> bool:
        """Take in rows that are broken; whether there are any."""
        program, value = self._program, solution.row_value
        over = np.maximum(program.row_lower - value, value - program.row_upper)
        broken = np.flatnonzero(self._rows_left & (over > BROKEN))
        if len(broken):
            self._add_rows(broken)
        return bool(len(broken))

    def _add_paying(self, solution: Solution) -> bool:
        """Take in columns that pay; whether there are any."""
        cost = solution.reduced_cost
        paying = np.flatnonzero(self._columns_left & (cost < PAYS))
        if len(paying):
            self._add_columns(paying[np.argsort(cost[paying], kind="stable")[:MOST_ADDED]])
        return bool(len(paying))

    def _add_columns(self, columns: Integers) -> None:
        program = self._program
        matrix = csc_array(csc_array(program.matrix[:, columns])[self._rows])
        self._session.add_columns(
            program.cost[columns], self._lower[columns], self._upper[columns], matrix
        )
        self._place[columns] = len(self._columns) + np.arange(len(columns))
        self._columns = np.concatenate([self._columns, columns])
        self._columns_left[columns] = False
        self._memory.part = Part(~self._columns_left, ~self._rows_left)

    def _add_rows(self, rows: Integers) -> None:
        program = self._program
        matrix = csr_array(self._by_row[rows][:, self._columns])
        self._session.add_rows(matrix, program.row_lower[rows], program.row_upper[rows])
        self._rows = np.concatenate([self._rows, rows])
        self._rows_left[rows] = False
        self._memory.part = Part(~self._columns_left, ~self._rows_left)

    def _add_feasible(self) -> bool:
        """Take in columns that may make the rows feasible; whether there are any.

        The ray sums up rows to one that no columns so far can keep.
        """
        left = np.flatnonzero(self._columns_left)
        helps = self._helps()
        if helps is not None:
            left = left[helps[left] > 0]
            left = left[np.argsort(-helps[left], kind="stable")[:MOST_ADDED]]
        if len(left):
            self._add_columns(left)
        return bool(len(left))

    def _helps(self) -> Floats | None:
        """What each column adds to the sum of rows that cannot be kept, (n,); None if untold."""
        program, ray = self._program, self._session.dual_ray()
        if ray is None:
            return None
        rows = np.zeros(len(program.row_lower))
        rows[self._rows] = ray
        helps = program.matrix.T @ rows
        helps[np.abs(helps) <= NONE * np.abs(ray).max(initial=0.0)] = 0.0
        least = _least(rows, program.row_lower, program.row_upper)
        kept = self._columns
        reached = -_least(-helps[kept], self._lower[kept], self._upper[kept])
        return helps if least > reached else None

    def _whole(self, solution: Solution) -> Solution:
        """The same of all columns and rows."""
        program = self._program
        value, dual = np.zeros(len(program.cost)), np.zeros(len(program.row_lower))
        value[self._columns] = solution.value
        dual[self._rows] = solution.row_dual
        return replace(
            solution,
            value=value,
            reduced_cost=program.cost - program.matrix.T @ dual,
            row_value=program.matrix @ value,
            row_dual=dual,
        )


def _of_length(flags: Booleans, length: int) -> Booleans:
    """So many flags, true beyond the end of those given."""
    longer = np.ones(length, bool)
    longer[: len(flags)] = flags[:length]
    return longer


def _mattering(program: Program, root: Solution, can: Booleans) -> tuple[Booleans, Booleans]:
    """What the first optimum uses, what must be used, and what comes next; rows that bind."""
    if root.status is not Status.OPTIMAL:
        return np.ones(len(program.cost), bool), np.ones(len(program.row_lower), bool)
    rows = (root.row_dual != 0) | (program.row_lower == program.row_upper)
    if len(rows) <= FEW:
        rows[:] = True
    spare = can & (root.value <= 0)
    columns = ~spare
    order = np.argsort(np.where(spare, root.reduced_cost, np.inf), kind="stable")
    columns[order[: max(FEW, int(rows.sum()) + SPARE)]] = True
    return columns, rows


def _least(weight: Floats, lower: Floats, upper: Floats) -> float:
    """Least of Σ weight · x between bounds."""
    up, down = weight > 0, weight < 0
    return float(weight[up] @ lower[up] + weight[down] @ upper[down])


def _part_of(program: Program, columns: Integers, rows: Integers) -> Program:
    matrix = program.matrix
    if len(columns) < len(program.cost):
        matrix = csc_array(matrix[:, columns])
    if len(rows) < len(program.row_lower):
        matrix = csc_array(matrix[rows])
    return replace(
        program,
        cost=program.cost[columns],
        lower=program.lower[columns],
        upper=program.upper[columns],
        matrix=matrix,
        row_lower=program.row_lower[rows],
        row_upper=program.row_upper[rows],
    )
