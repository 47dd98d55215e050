"""Schedules: what starts when and how large, searched to a proof under what a user requires."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from model.arrays import Booleans, Floats
from model.case.errors import OutOfTime, raise_any
from model.solve.branching import roundings
from model.solve.deadline import GRACE_S, NEVER, Deadline
from model.solve.losses import Losses
from model.solve.outcome import CutShort, Impossible, Outcome, Proved
from model.solve.program import Program
from model.solve.search import search
from model.solve.session import Session
from model.solve.solution import Solution, Status
from model.studies.plan.layout import PlanLayout, SparseRow
from model.studies.plan.period_budgets import PeriodBudget, period_budgets
from model.studies.plan.periods import Horizon, read_horizon
from model.studies.plan.places import Places
from model.studies.plan.program import matrix_of, opening_rows, plan_program, with_rows
from model.studies.plan.requirements import (
    check_requirements,
    requirement_rows,
    wrong_starts,
)
from model.studies.plan.starts import Starts, read_starts, supplying
from model.studies.siting.problem import check_lanes
from model.studies.siting.requirements import Requirements

if TYPE_CHECKING:
    from model.case.case import Case

MOST_NODES = 5_000
"""Linear programs of one search before the solver's own takes over, which holds more in memory."""
MOST_ROUNDS = 10
"""Relaxations that are tightened before the search."""
BROKEN_KT = 1e-6


@dataclass(frozen=True)
class Schedule:
    """An answer to every start, and the flows that go with it.

    Attributes
    ----------
    yes : (J,) bool
    size_kt : (J,) 0 where the answer is no; of a closure 1
    cost_kcny : discounted
    value : of every column of the program
    """

    yes: Booleans
    size_kt: Floats
    cost_kcny: float
    value: Floats


@dataclass(frozen=True)
class PlanProblem:
    """A plan as a program, and what a user requires of it.

    Attributes
    ----------
    case : as it was asked
    """

    case: Case
    horizon: Horizon
    layout: PlanLayout
    program: Program
    requirements: Requirements

    @property
    def starts(self) -> Starts:
        """What can be chosen."""
        return self.layout.starts

    @cached_property
    def rows(self) -> dict[str, SparseRow]:
        """The requirements as rows, by what they are called."""
        return requirement_rows(self.layout, self.requirements)

    @cached_property
    def budgets(self) -> list[PeriodBudget]:
        """What may be bought in each period."""
        return period_budgets(self.horizon, self.starts)

    def whole(self, without: str = "") -> Program:
        """The program with rules and requirements, all but one."""
        rules = [self.layout.rule(rule) for rule in self.starts.rules]
        rules += [self.layout.budget(each) for each in self.budgets]
        rows = [row for name, row in self.rows.items() if name != without]
        return with_rows(self.program, [*rules, *rows], self.layout)

    def search(
        self,
        deadline: Deadline,
        *,
        without: str = "",
        minimise: Mapping[int, float] | None = None,
        cutoff: float = np.inf,
    ) -> Outcome[Schedule]:
        """The best schedule, with gap 0 asked for.

        Parameters
        ----------
        without : a requirement that is left out
        minimise : another objective, by column, instead of cost
        cutoff : schedules that are not below it are not sought
        """
        program = self.whole(without)
        if minimise is not None:
            cost = np.zeros(self.layout.width)
            cost[list(minimise)] = list(minimise.values())
            program = replace(program, cost=cost, offset_kcny=0.0)
        tight = self._tightened(program, deadline)
        return self._sought(tight, deadline, cutoff=cutoff, is_rounding=True)

    def search_again(self, deadline: Deadline, below_kcny: float) -> Outcome[Schedule]:
        """The same question over the page's own rows and answers, for what costs less than a cost.

        The rows that tighten are not there, so that a fault of theirs shows. What the first search
        saw answers cost only orders the questions.
        """
        return self._sought(self.whole(), deadline, cutoff=below_kcny)

    def _sought(
        self, program: Program, deadline: Deadline, *, cutoff: float, is_rounding: bool = False
    ) -> Outcome[Schedule]:
        outcome = search(
            program,
            self.layout.answers,
            deadline,
            cutoff=cutoff,
            most_nodes=MOST_NODES,
            is_rounding=is_rounding,
            losses=self.losses,
        )
        match outcome:
            case Proved(best=best, bound=bound):
                return Proved(self.schedule(best), bound)
            case CutShort(found=found, bound=bound, reason=reason):
                return CutShort(None if found is None else self.schedule(found), bound, reason)
            case Impossible():
                return outcome

    def search_some(self, deadline: Deadline) -> Outcome[Schedule]:
        """The best schedule; where the time left none, one near it."""
        outcome = self.search(deadline)
        if isinstance(outcome, CutShort) and outcome.found is None:
            return self._rounded(outcome, deadline.later(GRACE_S))
        return outcome

    def _rounded(self, nothing: CutShort[Schedule], late: Deadline) -> CutShort[Schedule]:
        """The best of whole answers next to those of the relaxed program.

        Parameters
        ----------
        nothing : how a search ended before any answer
        """
        session = Session(replace(self.whole(), integer=None), presolve=True)
        root = session.solve(time_limit_s=late.left_s)
        if root.status is not Status.OPTIMAL:
            return nothing
        answers = np.arange(self.layout.width)[self.layout.answers]
        found: list[Solution] = []
        for near in roundings(root.value[answers]):
            session.set_column_bounds(near, near, answers)
            solution = session.solve(time_limit_s=late.left_s)
            found += [solution] if solution.status is Status.OPTIMAL else []
        best = min(found, key=lambda solution: solution.objective, default=None)
        bound = max(nothing.bound, root.objective)
        return CutShort(None if best is None else self.schedule(best), bound, nothing.reason)

    @cached_property
    def losses(self) -> Losses:
        """What giving answers has cost in all searches so far."""
        return Losses(len(self.starts) + len(self.layout.loads))

    @cached_property
    def openings(self) -> list[SparseRow]:
        """Rows that whole answers keep in any case, and fractions may not."""
        return list(opening_rows(self.layout))

    def _tightened(self, program: Program, deadline: Deadline) -> Program:
        """The program with those of these rows that its relaxation would break."""
        if not self.openings:
            return program
        matrix = matrix_of(self.openings, self.layout)
        most = np.array([row.most for row in self.openings])
        session = Session(replace(program, integer=None), presolve=True)
        added = np.zeros(len(most), dtype=bool)
        for _ in range(MOST_ROUNDS):
            solution = session.solve(time_limit_s=deadline.left_s)
            if solution.status is not Status.OPTIMAL:
                break
            broken = np.flatnonzero((matrix @ solution.value > most + BROKEN_KT) & ~added)
            if not len(broken):
                break
            session.add_rows(matrix[broken], np.full(len(broken), -np.inf), most[broken])
            added[broken] = True
        return with_rows(program, [self.openings[n] for n in np.flatnonzero(added)], self.layout)

    def schedule(self, solution: Solution) -> Schedule:
        """What a solution says."""
        yes = solution.value[self.layout.answers] > 0.5
        size = np.array([factor * solution.value[column] for column, factor in self.layout.sizes])
        value = solution.value[: self.layout.width]
        return Schedule(yes, np.where(yes, size, 0.0), solution.objective, value)

    def fixed(self, yes: Booleans, size_kt: Floats, runs: Floats | None = None) -> Program:
        """The linear program of flows and stocks under given answers, sizes and what runs."""
        lower, upper = self.program.lower.copy(), self.program.upper.copy()
        if runs is not None:
            lower[self.layout.runs] = upper[self.layout.runs] = np.round(runs)
        lower[self.layout.answers] = upper[self.layout.answers] = yes
        for (column, _), start, kt in zip(
            self.layout.sizes, self.starts.starts, size_kt, strict=True
        ):
            if start.is_sized:
                lower[column] = upper[column] = kt
        return replace(self.program, lower=lower, upper=upper, integer=None)

    def nothing_cost_kcny(self, deadline: Deadline) -> float | None:
        """What the plan costs if nothing starts, whatever the rules say; None if that fails.

        Raises
        ------
        OutOfTime
        """
        none = np.zeros(len(self.starts))
        session = Session(self.fixed(none > 0, none), presolve=True)
        solution = session.solve(time_limit_s=deadline.left_s)
        if solution.status is Status.LIMIT:
            raise OutOfTime
        return solution.objective if solution.status is Status.OPTIMAL else None


def pose(case: Case, requirements: Requirements, deadline: Deadline = NEVER) -> PlanProblem:
    """State a case over its periods as a program.

    Raises
    ------
    BadInput
        Periods, or requirements, that cannot be.
    OutOfTime
        Before all routes were found.
    """
    horizon, starts = read_starts(read_horizon(case))
    check_requirements(horizon, starts, requirements)
    late = deadline.later(GRACE_S)
    places = Places.of(horizon, starts, lambda: late.has_passed)
    check_lanes(supplying(starts), {places.markets[0].origins[number] for number in places.ship})
    layout = PlanLayout(places, starts)
    raise_any(list(wrong_starts(horizon, starts, requirements)))
    return PlanProblem(case, horizon, layout, plan_program(horizon, layout), requirements)
