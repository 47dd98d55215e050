"""The cost of one set against the budget, and where others undercut it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from model.market.market import KCNY_PER_MCNY
from model.studies.parametric.piecewise import Piece, Point, trace
from model.studies.siting.choice import Choice
from model.studies.siting.problem import SitingProblem
from model.studies.siting.requirements import budget_row

RESOLUTION_MCNY = 0.001
"""Sets that are best over less than a thousand CNY of budget are passed over."""
BETTER_KCNY = 0.01
BETTER_SHARE = 2e-9
"""A set takes over where it is ten CNY a year cheaper, or this part of the cost: sets that always
cost the same do not, nor what the searches cannot tell apart."""
NOTHING_MCNY = 1e-9


@dataclass(frozen=True)
class BudgetCurve:
    """A set, and its least cost at every budget: convex, and level from some budget on.

    Attributes
    ----------
    choice : its plan where capital is no object
    least_mcny : the least budget that allows the set a plan
    pieces : from there to `most_mcny`, cost in kCNY per MCNY; none where its sizes are fixed
    """

    choice: Choice
    least_mcny: float
    most_mcny: float
    pieces: tuple[Piece, ...]

    def cost_kcny(self, budget: float) -> float:
        """Least cost at a budget; infinite below the least."""
        if budget < self.least_mcny - NOTHING_MCNY:
            return np.inf
        if budget >= self.most_mcny or not self.pieces:
            return self.choice.cost_kcny
        piece = self.pieces[max(bisect_right(self._starts, budget) - 1, 0)]
        return piece.cost_kcny + piece.slope * (budget - piece.start)

    @cached_property
    def _starts(self) -> list[float]:
        return [piece.start for piece in self.pieces]

    @cached_property
    def bends(self) -> list[float]:
        """Budgets between which the cost is linear."""
        return sorted({self.least_mcny, *self._starts, self.most_mcny})


@dataclass(frozen=True)
class Takeover:
    """Where a curve is undercut, going down: from this budget on, surely at a lower one."""

    at_mcny: float
    surely_mcny: float
    by: BudgetCurve


def better_kcny(curve: BudgetCurve) -> float:
    """By how much a set must undercut another to take over."""
    return max(BETTER_KCNY, BETTER_SHARE * abs(curve.choice.cost_kcny))


def bent_kcny(curve: BudgetCurve, line: Piece) -> float:
    """How far a line between two costs of a curve lies above it."""
    bends = [bend for bend in curve.bends if line.start < bend < line.end]
    return max(
        (
            line.cost_kcny + line.slope * (bend - line.start) - curve.cost_kcny(bend)
            for bend in bends
        ),
        default=0.0,
    )


def takeover(curve: BudgetCurve, others: Iterable[BudgetCurve], high: float) -> Takeover | None:
    """The largest budget up to `high` from which on, going down, another curve lies below."""
    found = [first for other in others for first in _first(curve, other, high)]
    return max(
        found,
        key=lambda each: (each.surely_mcny, -each.by.cost_kcny(each.surely_mcny)),
        default=None,
    )


def _first(curve: BudgetCurve, other: BudgetCurve, high: float) -> Iterator[Takeover]:
    """Where another curve first lies below, going down; nothing if nowhere."""
    least, room = max(curve.least_mcny, other.least_mcny), better_kcny(curve)
    most = min(high, max(curve.most_mcny, other.most_mcny))
    bends = {most, least, *curve.bends, *other.bends}
    budgets = sorted((bend for bend in bends if least <= bend <= most), reverse=True)
    over = [curve.cost_kcny(budget) - other.cost_kcny(budget) for budget in budgets]
    if over and over[0] >= room:
        yield Takeover(high, high, other)
        return
    for (upper, lower), (before, after) in zip(pairwise(budgets), pairwise(over), strict=True):
        if after >= room:
            slope = (after - before) / (upper - lower)
            surely = upper - (room - before) / slope
            at = upper if before >= 0 else upper + before / slope
            yield Takeover(at, surely, other)
            return


class Curves:
    """Curves of the sets that are known, each traced once.

    Parameters
    ----------
    problem : without a budget
    """

    def __init__(self, problem: SitingProblem, floor_mcny: float) -> None:
        self.problem, self.floor_mcny = problem, floor_mcny
        self.known: dict[tuple[bool, ...], BudgetCurve] = {}

    def of(self, choice: Choice) -> BudgetCurve:
        """The curve of a set."""
        if choice.key not in self.known:
            self.known[choice.key] = self._traced(choice)
        return self.known[choice.key]

    def has_plan(self, choice: Choice) -> bool:
        """Whether a set keeps all requirements."""
        return self.problem.formulation.evaluate(choice.yes.tolist(), self.problem.rows) is not None

    def best_at(self, budget: float) -> BudgetCurve | None:
        """The cheapest known set at a budget."""
        able = [each for each in self.known.values() if np.isfinite(each.cost_kcny(budget))]
        return min(able, key=lambda each: each.cost_kcny(budget), default=None)

    def cost_kcny(self, choice: Choice, budget: float) -> float:
        """Least cost of a set at a budget that suffices for it."""
        return self._at(choice, budget).cost_kcny

    def _traced(self, choice: Choice) -> BudgetCurve:
        free = self._plan(choice, np.inf)
        most = self.problem.capital_mcny(free)
        least = max(self._least_budget(free, most), min(self.floor_mcny, most))
        if most - least <= RESOLUTION_MCNY:
            return BudgetCurve(free, least, most, ())
        pieces = trace(lambda budget: self._point(free, budget), least, most)
        return BudgetCurve(free, least, most, tuple(pieces))

    def _least_budget(self, choice: Choice, most: float) -> float:
        """Least capital at which a set's projects stand and demand is met."""
        formulation = self.problem.formulation
        if not choice.yes[formulation.options.sized].any():
            return most
        budget = budget_row(formulation, np.inf)
        least = formulation.least_bound(choice.yes.tolist(), self.problem.rows, budget)
        return min(most, least / KCNY_PER_MCNY)

    def _point(self, choice: Choice, budget: float) -> Point:
        plan = self._at(choice, budget)
        return Point(budget, plan.cost_kcny, float(plan.row_dual[-1]) * KCNY_PER_MCNY)

    def _at(self, choice: Choice, budget: float) -> Choice:
        return self._plan(choice, budget + NOTHING_MCNY)

    def _plan(self, choice: Choice, budget: float) -> Choice:
        row = budget_row(self.problem.formulation, budget)
        plan = self.problem.formulation.evaluate(choice.yes.tolist(), [*self.problem.rows, row])
        assert plan is not None, "the budget suffices for the set"
        return plan
