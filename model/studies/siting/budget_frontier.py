"""The best cost against the budget: every step, exactly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from model.market.market import KCNY_PER_MCNY
from model.result.figures import SITE
from model.result.outputs import columns_of
from model.solve.outcome import CutShort, Outcome, Proved
from model.solve.rows import Row
from model.studies.parametric.piecewise import Piece
from model.studies.siting.budget_curve import (
    NOTHING_MCNY,
    RESOLUTION_MCNY,
    BudgetCurve,
    Curves,
    bent_kcny,
    better_kcny,
    takeover,
)
from model.studies.siting.choice import Choice
from model.studies.siting.parameter import Parameter
from model.studies.siting.problem import SitingProblem
from model.studies.siting.requirements import budget_row
from model.studies.siting.table import GAP, PROVED, ChoiceTable

COLUMNS = columns_of(SITE, "budget")


@dataclass(frozen=True)
class _Step:
    """A set that is best from one budget to another."""

    curve: BudgetCurve
    low_mcny: float
    high_mcny: float


@dataclass
class _Proof:
    """How far down a set is known to be the best.

    Attributes
    ----------
    passed_over : sets that are known, and found again: they differ by rounding
    """

    curve: BudgetCurve
    down_to: float
    passed_over: list[Choice] = field(default_factory=list)


class _OutOfTime(Exception):  # noqa: N818 - the name says it
    """A search was cut short; down to a budget the set was proved the best."""

    def __init__(self, proved_to_mcny: float) -> None:
        self.proved_to_mcny = proved_to_mcny


def budget_frontier(
    problem: SitingProblem, floor_mcny: float = 0.0, known: Iterable[Choice] = ()
) -> ChoiceTable:
    """Which set is best at which budget, from the least that allows a plan to where more is idle.

    Other requirements are kept. Going down, a set is best until another that is known costs less,
    or it has no plan. That no other set costs less before then is shown by searches over sets and
    budgets together, for whatever lies below a line between the costs at two budgets; what they
    find is known from then on.

    Parameters
    ----------
    floor_mcny : smaller budgets are left out
    known : sets that may be the best at some budget

    Returns
    -------
    ChoiceTable
        from_mcny, to_mcny (infinite in the last row: blank), cost at both ends, the number of
        projects and their names; from the smallest budget to the largest. Where the time ran out,
        the smaller budgets are missing; what is there is proved.
    """
    frontier = _Frontier(problem.without_budget(), floor_mcny, known)
    rows = [
        {
            "from_mcny": step.low_mcny,
            "to_mcny": step.high_mcny if np.isfinite(step.high_mcny) else np.nan,
            "cost_from_mcny": frontier.cost_mcny(step, step.low_mcny),
            "cost_to_mcny": frontier.cost_mcny(step, step.high_mcny),
            "projects": len(problem.opened(step.curve.choice)),
            "set": problem.set_text(step.curve.choice),
            PROVED: True,
            GAP: 0.0,
        }
        for step in frontier.steps()
    ]
    return ChoiceTable(pd.DataFrame(rows[::-1], columns=COLUMNS), frontier.is_whole)


class _Frontier:
    """Steps from the largest budget down.

    Attributes
    ----------
    is_whole : whether no search was cut short
    bent_kcny : how far a line over a curve may lie above it for other sets not to lie between
    """

    def __init__(self, free: SitingProblem, floor_mcny: float, known: Iterable[Choice]) -> None:
        self.floor_mcny, self.formulation, self.rows = floor_mcny, free.formulation, free.rows
        self.curves, self.is_whole = Curves(free, floor_mcny), True
        self.bent_kcny = np.inf
        for choice in known:
            if not free.formulation.deadline.has_passed and self.curves.has_plan(choice):
                self.curves.of(choice)

    def cost_mcny(self, step: _Step, budget: float) -> float:
        """What a step costs at a budget."""
        return step.curve.cost_kcny(budget) / KCNY_PER_MCNY

    def steps(self) -> Iterator[_Step]:
        """Steps from the largest budget down."""
        shown = high = np.inf
        curve = self._next(high)
        while curve is not None:
            try:
                low, following = self._down(curve, high)
            except _OutOfTime as cut:
                self.is_whole = False
                if cut.proved_to_mcny < shown:
                    yield _Step(curve, cut.proved_to_mcny, shown)
                return
            if high - low > RESOLUTION_MCNY:
                yield _Step(curve, low, shown)
                shown = low
            if low <= self.floor_mcny:
                return
            high, curve = low, following
            if curve is None:  # it has no plan below
                high = low - RESOLUTION_MCNY
                curve = self._next(high)

    def _next(self, budget: float) -> BudgetCurve | None:
        """The best set at a budget, or the best that is known where that will be proved."""
        known = self.curves.best_at(budget) if np.isfinite(budget) else None
        if known is not None:
            return known
        outcome = self._best(budget)
        self.is_whole &= not isinstance(outcome, CutShort)
        return self.curves.of(outcome.best) if isinstance(outcome, Proved) else None

    def _best(self, budget: float) -> Outcome[Choice]:
        return self.formulation.choose([*self.rows, budget_row(self.formulation, budget)])

    def _down(self, curve: BudgetCurve, high: float) -> tuple[float, BudgetCurve | None]:
        """The least budget at which a set is best, and the set below it, if another takes over.

        Raises
        ------
        _OutOfTime
        """
        proof = _Proof(curve, high)
        while True:
            others = [other for other in self.curves.known.values() if other is not curve]
            over = takeover(curve, others, high)
            low = max(curve.least_mcny if over is None else over.at_mcny, self.floor_mcny)
            follows = over.by if over and low > self.floor_mcny else None
            if high - low <= RESOLUTION_MCNY:
                return low, follows
            rival = self._rival(proof, low)
            if rival is None:
                return low, follows
            if rival.key in self.curves.known:
                proof.passed_over.append(rival)
            self.curves.of(rival)

    def _rival(self, proof: _Proof, low: float) -> Choice | None:
        """A set that costs less at some budget down to `low`; None if there is none."""
        curve = proof.curve
        if proof.down_to > curve.most_mcny:
            if np.isfinite(proof.down_to):  # what this set does not take is idle
                level = Piece(proof.down_to, proof.down_to, curve.choice.cost_kcny, 0.0)
                rival = self._below(proof, level, proof.passed_over)
                if rival is not None:
                    return rival
            proof.down_to = curve.most_mcny
        while proof.down_to - low > NOTHING_MCNY:
            line = self._line(curve, low, proof.down_to)
            rival = self._below(proof, line, [*proof.passed_over, curve.choice])
            if rival is None:
                proof.down_to = line.start
            elif self._is_rival(rival, curve, line.start, line.end):
                return rival
            else:
                self.bent_kcny = min(self.bent_kcny, bent_kcny(curve, line))
        return None

    def _line(self, curve: BudgetCurve, low: float, high: float) -> Piece:
        """The line between the costs at two budgets, from as low as it lies close to the curve."""
        for start in sorted({low, *(bend for bend in curve.bends if low < bend < high)}):
            first, last = curve.cost_kcny(start), curve.cost_kcny(high)
            line = Piece(start, high, first, (last - first) / (high - start))
            if bent_kcny(curve, line) < self.bent_kcny:
                return line
        return line

    def _is_rival(self, rival: Choice, curve: BudgetCurve, low: float, high: float) -> bool:
        """Whether a set lies below a curve somewhere, rather than below a line over it."""
        over = takeover(curve, [self.curves.of(rival)], high)
        is_straight = not any(low < bend < high for bend in curve.bends)
        return is_straight or (over is not None and over.at_mcny > low)

    def _below(self, proof: _Proof, line: Piece, besides: list[Choice]) -> Choice | None:
        """What lies furthest below a line, over all sets but some and budgets along it."""
        formulation = self.formulation
        spent = formulation.capital_weights() + formulation.parameter_weights(-KCNY_PER_MCNY)
        outcome = formulation.choose(
            [*self.rows, Row(spent, most=0.0)],
            minimise=formulation.cost_weights() + formulation.parameter_weights(-line.slope),
            cutoff=formulation.of_columns(line.cost_kcny)
            - line.slope * line.start
            - better_kcny(proof.curve),
            besides=besides,
            parameter=Parameter(line.start, line.end),
        )
        if isinstance(outcome, CutShort):
            raise _OutOfTime(proof.down_to)
        return outcome.best if isinstance(outcome, Proved) else None
