"""The best sets as a figure that moves bounds alone runs from one value to another.

With everything whole given, least cost is convex in the figure. The least of the sets that are
known is proved stretch by stretch: a search over sets and values together looks for whatever lies
below a line of it, and what that finds is known from then on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
from scipy.sparse import csc_array, csr_array, eye_array, hstack, vstack

from model.arrays import Integers
from model.case.errors import BadInput, Fault, OutOfTime
from model.market.market import KCNY_PER_MCNY
from model.solve.deadline import Deadline
from model.solve.outcome import CutShort, Proved
from model.solve.program import Program
from model.solve.search import search
from model.solve.session import Session
from model.solve.solution import Solution, Status
from model.studies.parametric.figure import Figure
from model.studies.parametric.piecewise import Piece, Point, trace
from model.studies.siting.problem import SitingProblem
from model.studies.siting.stretches import AlongQuestion, Stretch

BETTER_KCNY, BETTER_SHARE = 0.01, 2e-9
"""By how much a set must undercut a line to be another: ten CNY a year, or this part of it."""
NARROW = 1e-7
"""Part of the range over which nothing is looked for."""


@dataclass(frozen=True, eq=False)
class SetCurve:
    """Least cost of a set, with all that is whole given, by the share of the range that is passed.

    Attributes
    ----------
    name : of the set
    pieces : from where it has a plan to where it has none; one at a point is a point
    """

    name: str
    projects: int
    pieces: tuple[Piece, ...]

    def line(self, at: float) -> Piece | None:
        """The piece over a share; None where there is no plan."""
        return next((each for each in self.pieces if each.start <= at <= each.end), None)


@dataclass(frozen=True)
class Part:
    """A stretch of shares over which one line of one set is the least that is known."""

    start: float
    end: float
    curve: SetCurve | None
    cost_kcny: float = np.inf
    slope: float = 0.0

    def is_within(self, other: Part) -> bool:
        """Whether another says the same of as much, or more."""
        return self.curve is other.curve and other.start <= self.start and self.end <= other.end


def stretches_of_bounds(asked: AlongQuestion) -> Iterator[Stretch]:
    """Stretches over which one set is the best, or none has a plan, from left to right.

    Raises
    ------
    BadInput
        The figure moves more than bounds of rows and flows.
    OutOfTime
    """
    low, high = asked.span
    moving = Moving.of(asked.figure, asked.posed(low), asked.posed(high))
    search_ = Envelope(moving, asked.deadline)
    for part in search_.parts():
        start, end = (low + share * (high - low) for share in (part.start, part.end))
        if part.curve is None:
            yield Stretch(start, end, np.nan, np.nan, np.nan, 0, "")
            continue
        last = part.cost_kcny + part.slope * (part.end - part.start)
        capital = search_.capital_mcny(part)
        yield Stretch(
            start, end, part.cost_kcny, last, capital, part.curve.projects, part.curve.name
        )


@dataclass(frozen=True)
class Moving:
    """A program of sets with one more column, the last: the share of a range that is passed.

    Attributes
    ----------
    problem : which names sets
    answers : columns of its answers
    """

    problem: SitingProblem
    program: Program
    answers: slice

    @staticmethod
    def of(figure: Figure, low: SitingProblem, high: SitingProblem) -> Moving:
        """State it, without rows that only tighten."""
        first, last = (_loose(problem) for problem in (low, high))
        is_same = (
            first.matrix.shape == last.matrix.shape
            and abs(first.matrix - last.matrix).max() == 0
            and np.array_equal(first.cost, last.cost)
        )
        if not is_same:
            rule = "moves more than bounds of rows and flows"
            raise BadInput([Fault("--along", figure.name, rule, "compare runs of `site`")])
        return Moving(low, _between(first, last), low.formulation.layout.answers)

    @property
    def questions(self) -> Integers:
        """Columns that are whole."""
        assert self.program.integer is not None
        return np.flatnonzero(self.program.integer)


def _loose(problem: SitingProblem) -> Program:
    formulation = problem.formulation
    program = formulation.with_rows(problem.rows)
    spare = formulation.tightening_rows
    kept = np.ones(len(program.row_lower), bool)
    kept[spare] = False
    return replace(
        program,
        matrix=csc_array(program.matrix[np.flatnonzero(kept)]),
        row_lower=program.row_lower[kept],
        row_upper=program.row_upper[kept],
    )


def _between(first: Program, last: Program) -> Program:
    """Bounds that move along as rows with the share; the others as they are."""
    matrix, width = csr_array(first.matrix), len(first.cost)
    flows = csr_array(eye_array(width))
    blocks, lower, upper = [], [], []
    for weights, least, most in (
        (matrix, (first.row_lower, last.row_lower), (first.row_upper, last.row_upper)),
        (flows, (first.lower, last.lower), (first.upper, last.upper)),
    ):
        for low, high, sign in ((*least, 1.0), (*most, -1.0)):
            rise, moving = np.zeros(len(low)), np.isfinite(low) & np.isfinite(high)
            rise[moving] = high[moving] - low[moving]
            moves = np.flatnonzero(rise != 0)
            is_own = weights is matrix
            here = np.flatnonzero(np.isfinite(low) & (rise == 0)) if is_own else moves[:0]
            for rows, steps in ((here, np.zeros(len(here))), (moves, rise[moves])):
                share = csr_array(-steps[:, None])
                blocks.append(hstack([weights[rows], share], format="csr"))
                lower.append(low[rows] if sign > 0 else np.full(len(rows), -np.inf))
                upper.append(low[rows] if sign < 0 else np.full(len(rows), np.inf))
    assert first.integer is not None
    return Program(
        cost=np.r_[first.cost, last.offset_kcny - first.offset_kcny],
        lower=np.r_[np.minimum(first.lower, last.lower), 0.0],
        upper=np.r_[np.maximum(first.upper, last.upper), 1.0],
        matrix=csc_array(vstack(blocks, format="csc")),
        row_lower=np.concatenate(lower),
        row_upper=np.concatenate(upper),
        integer=np.r_[first.integer, False],
        offset_kcny=first.offset_kcny,
    )


@dataclass
class Envelope:
    """Sets that are known, and stretches of their least that are proved."""

    moving: Moving
    deadline: Deadline
    known: dict[bytes, SetCurve] = field(default_factory=dict)
    proved: list[Part] = field(default_factory=list)

    def parts(self) -> list[Part]:
        """The least of all sets, each part proved."""
        while True:
            parts = _least_of(list(self.known.values()))
            for part in parts:
                if not any(part.is_within(other) for other in self.proved):
                    if self._has_rival(part):
                        break
                    self.proved.append(part)
            else:
                return parts

    def _has_rival(self, part: Part) -> bool:
        """Whether some set lies below a part; if so, it is known from then on."""
        if part.end - part.start <= NARROW:
            return False
        found = self._below(part)
        if found is None:
            return False
        key = np.round(found.value[self.moving.questions]).tobytes()
        if key in self.known:
            return False
        self.known[key] = self._traced(found)
        return True

    def _below(self, part: Part) -> Solution | None:
        """What lies furthest below the line of a part, over all sets and shares of it."""
        program, cutoff = self.moving.program, np.inf
        lower, upper, cost = program.lower.copy(), program.upper.copy(), program.cost.copy()
        inner = NARROW / 2 if part.curve is None else 0.0
        lower[-1], upper[-1] = part.start + inner, part.end - inner
        if part.curve is not None:
            cost[-1] -= part.slope
            cutoff = part.cost_kcny - part.slope * part.start
            cutoff -= max(BETTER_KCNY, BETTER_SHARE * abs(part.cost_kcny))
        along = replace(program, lower=lower, upper=upper, cost=cost)
        outcome = search(along, self.moving.answers, self.deadline, cutoff=cutoff)
        if isinstance(outcome, CutShort):
            raise OutOfTime
        return outcome.best if isinstance(outcome, Proved) else None

    def _given(self, found: Solution) -> Program:
        """The linear program in which all that is whole is as in a solution."""
        program, here = self.moving.program, self.moving.questions
        lower, upper = program.lower.copy(), program.upper.copy()
        lower[here] = upper[here] = np.round(found.value[here])
        return replace(program, lower=lower, upper=upper, integer=None)

    def _traced(self, found: Solution) -> SetCurve:
        """The curve of a set, from the least share at which it has a plan to the greatest."""
        given = self._given(found)
        one = np.eye(1, len(given.cost), len(given.cost) - 1)[0]
        ends = []
        for sign in (1.0, -1.0):
            far = Session(replace(given, cost=sign * one, offset_kcny=0.0)).solve()
            ends.append(float(far.value[-1]))
        session = Session(given)

        def point(at: float) -> Point:
            lower, upper = given.lower.copy(), given.upper.copy()
            lower[-1] = upper[-1] = min(max(at, ends[0]), ends[1])
            session.set_column_bounds(lower, upper)
            solution = session.solve()
            assert solution.status is Status.OPTIMAL, "the set has a plan between its ends"
            return Point(at, solution.objective, float(solution.reduced_cost[-1]))

        problem = self.moving.problem
        yes = found.value[self.moving.answers] > 0.5
        options = problem.formulation.options
        projects = sum(bool(yes[number]) for number in options.projects)
        return SetCurve(problem.set_name(yes), projects, tuple(trace(point, *ends)))

    def capital_mcny(self, part: Part) -> float:
        """Capital of the set of a part, at its beginning."""
        key = next(key for key, curve in self.known.items() if curve is part.curve)
        whole = np.frombuffer(key)
        program, here = self.moving.program, self.moving.questions
        lower, upper = program.lower.copy(), program.upper.copy()
        lower[here] = upper[here] = whole
        lower[-1] = upper[-1] = part.start
        solution = Session(replace(program, lower=lower, upper=upper, integer=None)).solve()
        if solution.status is not Status.OPTIMAL:
            return float("nan")
        weights = self.moving.problem.formulation.capital_weights()[:-1]
        return float(weights @ solution.value[:-1]) / KCNY_PER_MCNY


def _least_of(curves: list[SetCurve]) -> list[Part]:
    """The least of some curves, line by line."""
    bends = {0.0, 1.0} | {end for c in curves for p in c.pieces for end in (p.start, p.end)}
    parts: list[Part] = []
    for start, end in pairwise(sorted(bend for bend in bends if 0 <= bend <= 1)):
        if end - start <= 1e-12:
            continue
        middle = (start + end) / 2
        lines = [(each, piece) for each in curves if (piece := each.line(middle)) is not None]
        for part in _lower_lines(start, end, lines):
            last = parts[-1] if parts else None
            if last is not None and last.curve is part.curve and _is_straight(last, part):
                parts[-1] = replace(last, end=part.end)
            else:
                parts.append(part)
    return parts


def _is_straight(last: Part, part: Part) -> bool:
    """Whether a part goes on as the one before it."""
    return part.curve is None or last.slope == part.slope


def _lower_lines(start: float, end: float, lines: list[tuple[SetCurve, Piece]]) -> Iterator[Part]:
    """The least of some lines from one share to another."""
    if not lines:
        yield Part(start, end, None)
        return

    def cost(piece: Piece, at: float) -> float:
        return piece.cost_kcny + piece.slope * (at - piece.start)

    at = start
    while at < end:
        here = at
        curve, own = min(lines, key=lambda each: (round(cost(each[1], here), 6), each[1].slope))
        steps = [
            (cost(piece, here) - cost(own, here)) / (own.slope - piece.slope)
            for _, piece in lines
            if piece.slope < own.slope
        ]
        until = min([end, *(here + step for step in steps if step > 1e-12)])
        yield Part(here, until, curve, cost(own, here), own.slope)
        at = until
