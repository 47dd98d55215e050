"""A warm linear program over the columns and rows that matter so far; the others are tried after.

An optimum uses few of many lanes, and few of many rows bind. What is left out is tried after each
solve: a column, which stays at its lower bound 0, by its reduced cost; a row by its value. What
would pay, or is broken, comes in: so every solve ends with an optimum over all columns and rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.sparse import csc_array, csr_array, vstack

from model.arrays import Booleans, Floats, Integers
from model.solve.losses import Losses
from model.solve.program import Program
from model.solve.ray import Ray
from model.solve.rows import Row, weights_of, with_rows
from model.solve.session import Session
from model.solve.solution import Solution, Status

FEW = 600
"""A program of so few columns is solved with all of them; likewise rows."""
SPARE = 100
"""Columns kept besides those that the first optimum uses: those that come next."""
MOST_ADDED = 25
"""Columns added after one solve."""
PAYS, BROKEN = -1e-7, 1e-7
"""Reduced cost at which a column pays, and by how much a row may be missed: the solver's own."""
MOST_FURTHER = 40
"""Further rows that stay for later questions."""


class Core:
    """A session like `Session`, without what does not matter.

    Its program may change in costs, bounds and further rows from question to question.

    Parameters
    ----------
    program : without whole numbers
    answers : columns whose bounds change in a search; they are never left out
    integer : columns that are whole wherever the answers are, where these are more, (n,)

    Attributes
    ----------
    questions : columns that a search settles: the answers, then the others that are whole
    losses : what giving answers has cost in all searches so far
    """

    def __init__(
        self,
        program: Program,
        answers: slice,
        *,
        integer: Booleans | None = None,
        time_limit_s: float | None = None,
        losses: Losses | None = None,
    ) -> None:
        self.answers, self.questions = answers, _questions(answers, integer)
        self.losses = losses or Losses(len(self.questions))
        self._program, self._further, self._asked = program, _NOTHING, _NOTHING
        self._own, self._asked_at = len(program.row_lower), list[int]()
        self._by_row, self._by_column = csr_array(program.matrix), csr_array(program.matrix.T)
        self._lower, self._upper = program.lower.copy(), program.upper.copy()
        columns, rows = len(program.cost), len(program.row_lower)
        if max(columns, rows) > FEW:
            can = (program.lower == 0) & np.isinf(program.upper)
            can[self.questions] = False
            root = Session(program).solve(time_limit_s=time_limit_s)
            self._start(*_mattering(program, root, can))
        else:
            self._start(np.ones(columns, bool), np.ones(rows, bool))

    @property
    def root(self) -> tuple[Floats, Floats]:
        """Bounds of what a search settles as they were posed."""
        return self._program.lower[self.questions], self._program.upper[self.questions]

    @property
    def answer_count(self) -> int:
        """How many of the questions are answers."""
        return int(self.answers.stop - self.answers.start)

    @property
    def program(self) -> Program:
        """The program as it was posed last, with its further rows."""
        return with_rows(self._program, self._asked)

    def pose(self, program: Program, rows: Sequence[Row] = ()) -> None:
        """Other costs, bounds and further rows for the same columns and rows.

        Further rows of earlier questions stay, without bounds, for questions like those.
        """
        here, before = self._columns, self._program.cost
        if not np.array_equal(before, program.cost):
            self._session.set_costs(program.cost[here])
        self._session.set_offset(program.offset_kcny)
        is_moved = (self._lower != program.lower) | (self._upper != program.upper)
        moved = here[is_moved[here]]
        self._session.set_column_bounds(
            program.lower[moved], program.upper[moved], self._place[moved]
        )
        self._program, self._lower, self._upper = (
            program,
            program.lower.copy(),
            program.upper.copy(),
        )
        self._state(rows)
        least, most = self._row_bounds
        self._session.set_row_bounds(least[self._rows], most[self._rows])

    def _state(self, rows: Sequence[Row]) -> None:
        """State further rows: those that were stated before by their bounds alone."""
        if len(self._further) + len(rows) > MOST_FURTHER:
            self._drop_further()
        free = [replace(row, least=-np.inf, most=np.inf) for row in self._further]
        places = {row.weights.tobytes(): place for place, row in enumerate(free)}
        self._asked, self._asked_at, own = tuple(rows), [], len(free)
        for row in rows:
            place = places.setdefault(row.weights.tobytes(), len(free))
            if place == len(free):
                free.append(row)
            least, most = max(row.least, free[place].least), min(row.most, free[place].most)
            free[place] = replace(row, least=least, most=most)
            self._asked_at.append(place)
        self._further = tuple(free)
        self._add_further(free[own:])

    def set_answers(self, lower: Floats, upper: Floats) -> None:
        """Bounds of all that a search settles."""
        here = self.questions
        self._lower[here], self._upper[here] = lower, upper
        self._session.set_column_bounds(lower, upper, self._place[here])

    def solve(self, *, time_limit_s: float | None = None) -> Solution:
        """Solve over all columns and rows; those that turn out to matter stay in."""
        primal = False
        while True:
            solution = self._session.solve(time_limit_s=time_limit_s, primal=primal, brief=True)
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
            elif solution.status is Status.FAILED and not primal:
                self._session.forget()
                primal = True  # where one method fails, the other may not
            else:
                return solution

    def _start(self, columns: Booleans, rows: Booleans) -> None:
        self._columns, self._rows = np.flatnonzero(columns), np.flatnonzero(rows)
        self._columns_left, self._rows_left = ~columns, ~rows
        self._place = np.full(len(columns), -1)
        self._place[self._columns] = np.arange(len(self._columns))
        part = self._program.part(self._columns, self._rows)
        self._session = Session(part, is_growing=True)

    # Rows

    @property
    def _row_bounds(self) -> tuple[Floats, Floats]:
        """Of all rows, further ones after the program's own."""
        least, most = ([getattr(row, side) for row in self._further] for side in ("least", "most"))
        return np.r_[self._program.row_lower, least], np.r_[self._program.row_upper, most]

    def _drop_further(self) -> None:
        own = self._rows < self._own
        if not own.all():
            self._session.drop_rows(np.flatnonzero(~own))
        self._rows, self._further = self._rows[own], ()
        self._set_matrix(csr_array(self._by_row[: self._own]))

    def _add_further(self, rows: Sequence[Row]) -> None:
        if rows:
            weights = csr_array(weights_of(rows, len(self._program.cost)))
            free = np.full(len(rows), np.inf)
            self._session.add_rows(csr_array(weights[:, self._columns]), -free, free)
            more = self._by_row.shape[0] + np.arange(len(rows))
            self._rows = np.concatenate([self._rows, more])
            self._set_matrix(csr_array(vstack([self._by_row, weights], format="csr")))

    def _set_matrix(self, by_row: csr_array) -> None:
        self._by_row, self._by_column = by_row, csr_array(by_row.T)

    def _add_broken(self, solution: Solution) -> bool:
        """Take in rows that are broken; whether there are any."""
        program = self._program
        value = solution.row_value[: self._own]
        over = np.maximum(program.row_lower - value, value - program.row_upper)
        broken = np.flatnonzero(self._rows_left & (over > BROKEN))
        if len(broken):
            self._add_rows(broken)
        return bool(len(broken))

    def _add_rows(self, rows: Integers) -> None:
        program = self._program
        matrix = csr_array(self._by_row[rows][:, self._columns])
        self._session.add_rows(matrix, program.row_lower[rows], program.row_upper[rows])
        self._rows = np.concatenate([self._rows, rows])
        self._rows_left[rows] = False

    # Columns

    def _add_paying(self, solution: Solution) -> bool:
        """Take in columns that pay; whether there are any."""
        cost = solution.reduced_cost
        paying = np.flatnonzero(self._columns_left & (cost < PAYS))
        if len(paying):
            self._add_columns(paying[np.argsort(cost[paying], kind="stable")[:MOST_ADDED]])
        return bool(len(paying))

    def _add_columns(self, columns: Integers) -> None:
        self._session.add_columns(
            self._program.cost[columns],
            self._lower[columns],
            self._upper[columns],
            csc_array(self._by_column[columns][:, self._rows].T),
        )
        self._place[columns] = len(self._columns) + np.arange(len(columns))
        self._columns = np.concatenate([self._columns, columns])
        self._columns_left[columns] = False

    def _add_feasible(self) -> bool:
        """Take in columns that may make the rows feasible; whether there are any."""
        left, ray = np.flatnonzero(self._columns_left), self._ray()
        if ray is not None and self._over(ray, self._row_bounds) > 0:
            left = left[ray.counted[left] > 0]
            left = left[np.argsort(-ray.counted[left], kind="stable")[:MOST_ADDED]]
        if len(left):
            self._add_columns(left)
        return bool(len(left))

    def needed(self, row: int) -> float:
        """What the upper bound of a further row must be at least, by the ray of the last solve.

        Minus infinity where the ray tells nothing of it.

        Parameters
        ----------
        row : its place in the question, whose rows cannot be kept
        """
        ray, here = self._ray(), self._own + self._asked_at[row]
        if ray is None or ray.weight[here] >= 0:
            return -np.inf
        lower, upper = self._row_bounds
        upper[here] = 0.0
        return self._over(ray, (lower, upper)) / -float(ray.weight[here])

    def _ray(self) -> Ray | None:
        """A sum of all rows that the columns so far cannot keep, if the solver has any."""
        weight = self._session.dual_ray()
        return None if weight is None else Ray.of(self._spread_rows(weight), self._by_column)

    def _over(self, ray: Ray, rows: tuple[Floats, Floats]) -> float:
        return ray.over(rows, self._columns, self._lower, self._upper)

    def settled(self, solution: Solution) -> Floats:
        """What a solution says of every question, (q,).

        Columns that are whole beside the answers cost nothing: where their rows allow a whole
        number, 1 before 0, they have it.
        """
        value = solution.value[self.questions]
        for place in range(self.answer_count, len(value)):
            column = self._by_column[[int(self.questions[place])]]
            own = column.indices < self._own
            rows, weight = column.indices[own], column.data[own]
            least, most = self._program.row_lower[rows], self._program.row_upper[rows]
            for whole in (1.0, 0.0):
                moved = solution.row_value[rows] + weight * (whole - value[place])
                if np.all((moved >= least - BROKEN) & (moved <= most + BROKEN)):
                    value[place] = whole
                    break
        return value

    # All of both

    def _whole(self, solution: Solution) -> Solution:
        """The same of all columns and rows: the program's own, then further ones as asked."""
        value = np.zeros(len(self._program.cost))
        value[self._columns] = solution.value
        dual = self._spread_rows(solution.row_dual)
        asked = [self._own + place for place in self._asked_at]
        here = np.r_[: self._own, asked].astype(np.intp) if asked else slice(self._own)
        used = np.flatnonzero(value)
        return replace(
            solution,
            value=value,
            reduced_cost=self._program.cost - self._by_column @ dual,
            row_value=(value[used] @ self._by_column[used])[here],
            row_dual=dual[here],
        )

    def _spread_rows(self, values: Floats) -> Floats:
        """Values of the session's rows as of all rows."""
        whole = np.zeros(self._by_row.shape[0])
        whole[self._rows] = values
        return whole


_NOTHING: tuple[Row, ...] = ()


def _questions(answers: slice, integer: Booleans | None) -> Integers:
    """Answers, then the other columns that are whole."""
    own = np.arange(answers.start, answers.stop)
    if integer is None:
        return own
    others = integer.copy()
    others[answers] = False
    return np.concatenate([own, np.flatnonzero(others)])


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
