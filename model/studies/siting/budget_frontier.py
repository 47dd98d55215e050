"""The best cost against the budget: every step, exactly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from model.market.market import KCNY_PER_MCNY
from model.result.figures import SITE
from model.result.outputs import columns_of
from model.solve.outcome import CutShort, Impossible, Outcome, Proved
from model.solve.rows import Row
from model.studies.parametric.piecewise import Piece, Point, trace
from model.studies.siting.choice import Choice
from model.studies.siting.problem import SitingProblem
from model.studies.siting.requirements import budget_row
from model.studies.siting.table import GAP, PROVED, ChoiceTable

RESOLUTION_MCNY = 0.001
"""Sets that are best over less than a thousand CNY of budget are passed over."""
BETTER_KCNY = 0.01
"""A set takes over where it is ten CNY a year cheaper: sets that always cost the same do not."""
NOTHING_MCNY = 1e-9
COLUMNS = columns_of(SITE, "budget")


@dataclass(frozen=True)
class _Step:
    """A set that is best from one budget to another, with its cost at both."""

    choice: Choice
    low_mcny: float
    high_mcny: float
    cost_low_kcny: float


@dataclass(frozen=True)
class _End:
    """How far down a set was proved the best, and what the search for the next one came to."""

    low_mcny: float
    following: Outcome[Choice]


def budget_frontier(problem: SitingProblem, floor_mcny: float = 0.0) -> ChoiceTable:
    """Which set is best at which budget, from the least that allows a plan to where more is idle.

    Other requirements are kept. Below the capital of a set of fixed sizes the next best set
    follows. A set with projects of variable size shrinks with the budget: its cost is convex and
    piecewise linear in it. On each piece a search seeks, over sets and budgets, whatever lies
    furthest below it; how far up that set is cheaper is found by Newton's method, and the search
    goes on above, until nothing lies below.

    Parameters
    ----------
    floor_mcny : smaller budgets are left out

    Returns
    -------
    ChoiceTable
        from_mcny, to_mcny (infinite in the last row: blank), cost at both ends, the number of
        projects and their names; from the smallest budget to the largest. Where the time ran out,
        the smaller budgets are missing; what is there is proved.
    """
    frontier = _Frontier(problem.without_budget(), floor_mcny)
    rows = [
        {
            "from_mcny": step.low_mcny,
            "to_mcny": step.high_mcny if np.isfinite(step.high_mcny) else np.nan,
            "cost_from_mcny": step.cost_low_kcny / KCNY_PER_MCNY,
            "cost_to_mcny": step.choice.cost_kcny / KCNY_PER_MCNY,
            "projects": len(problem.opened(step.choice)),
            "set": problem.set_text(step.choice),
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
    """

    def __init__(self, free: SitingProblem, floor_mcny: float) -> None:
        self.floor_mcny = floor_mcny
        self.problem, self.formulation = free, free.formulation
        self.rows = free.rows
        self.is_whole = True

    def steps(self) -> Iterator[_Step]:
        """Steps from the largest budget down."""
        outcome, high = self.formulation.choose(self.rows), np.inf
        while isinstance(outcome, Proved):
            choice = outcome.best
            end = self._end(choice, min(high, self.problem.capital_mcny(choice)))
            if end.low_mcny < high:
                cost_low = self._at(choice, end.low_mcny).cost_kcny
                yield _Step(choice, end.low_mcny, high, cost_low)
            if end.low_mcny <= self.floor_mcny:
                return
            outcome, high = end.following, end.low_mcny
        self.is_whole = not isinstance(outcome, CutShort)

    def _end(self, choice: Choice, top: float) -> _End:
        """The least budget at which a set is best, and the set that is best below it."""
        least, upper = max(self._least_budget(choice, top), self.floor_mcny), top
        for piece in reversed(self._pieces(choice, least, top)):
            while True:
                found = self._rival(piece, upper)
                if isinstance(found, CutShort):
                    return _End(min(piece.end, upper), found)
                if found is None:
                    break
                following = self._best(found)
                if not isinstance(following, Proved) or following.best.key != choice.key:
                    return _End(found, following)
                upper = found - RESOLUTION_MCNY
            upper = piece.start
        if least <= self.floor_mcny:
            return _End(least, Impossible())
        return _End(least, self._best(least - RESOLUTION_MCNY))

    def _best(self, budget: float) -> Outcome[Choice]:
        return self.formulation.choose([*self.rows, budget_row(self.formulation, budget)])

    def _at(self, choice: Choice, budget: float) -> Choice:
        """The plan of a set at a budget that suffices for it."""
        row = budget_row(self.formulation, budget + NOTHING_MCNY)
        plan = self.formulation.evaluate(choice.yes.tolist(), [*self.rows, row])
        assert plan is not None, "the set was feasible with no more capital"
        return plan

    def _least_budget(self, choice: Choice, top: float) -> float:
        """Least capital at which a set's projects stand and demand is met."""
        is_sized = choice.yes[self.formulation.options.sized].any()
        if not is_sized:
            return top
        least = self.formulation.evaluate(
            choice.yes.tolist(), self.rows, minimise=self.formulation.capital_weights()
        )
        assert least is not None, "the set is feasible"
        return min(top, self.problem.capital_mcny(least))

    def _pieces(self, choice: Choice, least: float, top: float) -> list[Piece]:
        """Cost of a set against the budget, in kCNY per MCNY; none where it cannot shrink."""
        if top - least <= RESOLUTION_MCNY:
            return []
        return trace(lambda budget: self._point(choice, budget), least, top)

    def _point(self, choice: Choice, budget: float) -> Point:
        plan = self._at(choice, budget)
        return Point(budget, plan.cost_kcny, float(plan.row_dual[-1]) * KCNY_PER_MCNY)

    def _rival(self, piece: Piece, upper: float) -> float | CutShort[Choice] | None:
        """The largest budget up to `upper` where another set costs less than a piece of this one's.

        None where there is none.
        """
        low, high, found = piece.start, min(piece.end, upper), None
        while low < high:
            rival = self._below(piece, low, high)
            if isinstance(rival, CutShort):
                return rival
            if not isinstance(rival, Proved):
                break
            found = self._crossing(rival.best, piece, high)
            low = found + RESOLUTION_MCNY
        return found

    def _below(self, piece: Piece, low: float, high: float) -> Outcome[Choice]:
        """What lies furthest below a piece's line, over all sets and budgets between two."""
        moving = self.formulation.with_parameter(low, high)
        spent = moving.capital_weights() + moving.parameter_weights(-KCNY_PER_MCNY)
        rows = replace(self.problem, formulation=moving).rows
        return moving.choose(
            [*rows, Row(spent, most=0.0)],
            minimise=moving.cost_weights() + moving.parameter_weights(-piece.slope),
            cutoff=piece.cost_kcny - piece.slope * piece.start - BETTER_KCNY,
        )

    def _crossing(self, rival: Choice, piece: Piece, high: float) -> float:
        """The largest budget up to `high` at which a set costs less than the piece's line.

        The difference is convex, and negative at the budget where the set was found: Newton's
        steps from above do not pass the crossing.
        """
        at, low = high, float(rival.value[-1])
        while at > low:
            point = self._point(rival, at)
            line = piece.cost_kcny + piece.slope * (at - piece.start) - BETTER_KCNY
            over, slope = point.cost_kcny - line, point.slope - piece.slope
            if over <= 0 or slope <= 0:
                return at
            before, at = at, max(low, at - over / slope)
            if before - at <= NOTHING_MCNY:
                return at
        return at
