"""How far the size of one project may change before the best set does; each exactly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from model.arrays import Floats
from model.case.records import Record
from model.market.market import KCNY_PER_MCNY
from model.result.figures import SITE
from model.result.outputs import columns_of
from model.solve.outcome import CutShort, Impossible, Outcome, Proved, answer_of
from model.solve.rows import Row
from model.studies.parametric.piecewise import Piece, Point, trace
from model.studies.siting.budget_curve import BETTER_KCNY
from model.studies.siting.choice import Choice
from model.studies.siting.parameter import Parameter
from model.studies.siting.problem import SitingProblem
from model.studies.siting.table import PROVED, ChoiceTable

CLOSE = 1e-7
COLUMNS = columns_of(SITE, "size_flips")
BEYOND = "the set has no plan beyond"


@dataclass(frozen=True)
class _Switch:
    """The nearest change at which the set changes (no number: none), and the set from there."""

    change_kt: float = np.nan
    then: str = ""
    is_proved: bool = True


CUT = _Switch(is_proved=False)


def size_switching_values(problem: SitingProblem, chosen: Choice) -> ChoiceTable:
    """How much smaller or larger each project may be before another set is the best.

    The annuity of its capital follows its size. The cost of the chosen set as its size moves is
    convex and piecewise linear; on each piece, from the present size outwards, one mixed-integer
    program with the size as a variable finds the nearest at which another set is cheaper. Projects
    in lines have no row: their size is chosen already.

    Returns
    -------
    ChoiceTable
        project, chosen, size_kt (as the case has it), down_kt and up_kt (changes; blank where no
        size down to its least, or up to all demand, changes the set), down and up (the set then).
    """
    rows: list[Record] = []
    options = problem.formulation.options
    for number in options.unlined:
        if problem.formulation.deadline.has_passed:
            break
        rows.append(size_row(problem, chosen, number))
    return ChoiceTable(pd.DataFrame(rows, columns=COLUMNS), len(rows) == len(options.unlined))


def size_row(problem: SitingProblem, chosen: Choice, number: int) -> Record:
    """The row of one project."""
    down, up = (_Sizing(problem, chosen, number, sign).switch() for sign in (-1, 1))
    row = open_row(problem, chosen, number)
    if not (down.is_proved and up.is_proved):
        return row
    return row | {
        "down_kt": down.change_kt,
        "down": down.then,
        "up_kt": up.change_kt,
        "up": up.then,
        PROVED: True,
    }


def open_row(problem: SitingProblem, chosen: Choice, number: int) -> Record:
    """The row of one project as it is before anything is found."""
    option = problem.formulation.options.options[number]
    return {
        "project": option.name,
        "chosen": bool(chosen.yes[number]),
        "size_kt": option.capacity_kt,
        "down_kt": np.nan,
        "down": "",
        "up_kt": np.nan,
        "up": "",
        PROVED: False,
    }


class _Sizing:
    """One project's capacity as a variable: its change, from none outwards."""

    def __init__(self, problem: SitingProblem, chosen: Choice, number: int, sign: int) -> None:
        formulation = problem.formulation
        self.problem, self.chosen, self.number, self.sign = problem, chosen, number, sign
        option = formulation.options.options[number]
        smallest = option.min_kt if option.is_sized else 0.0
        useful = formulation.most_useful_kt(number) if sign > 0 else smallest
        self.farthest = useful - option.capacity_kt
        low, high = sorted((0.0, self.farthest))
        self.formulation = formulation
        self.change = Parameter(
            low,
            high,
            freed=(formulation.capacity_row(number), *formulation.rows_opened_by(number)),
            opened=(int(formulation.layout.size_column[number]),) if option.is_sized else (),
        )
        per_kt = 0.0 if option.is_sized else 1.0
        self.cost = self.formulation.parameter_weights(per_kt * option.unit_kcny_per_kt)
        self.capital = self.formulation.parameter_weights(per_kt * option.capital_kcny_per_kt)

    def switch(self) -> _Switch:
        """The nearest change at which the set changes, and the set from there."""
        if not self.chosen.yes[self.number]:
            here = Piece(0.0, self.farthest, self.chosen.cost_kcny, 0.0)
            return self._nearest(here, with_only=True)
        end = self._end()
        for piece in self._pieces(end):
            found = self._nearest(piece)
            if found.then or not found.is_proved:
                return found
        if abs(end - self.farthest) > CLOSE * (1.0 + abs(self.farthest)):
            return _Switch(end, BEYOND)
        return self._idle() if self.sign > 0 else _Switch()

    def _idle(self) -> _Switch:
        """Beyond what any set can use, a size only costs: until the best set without is cheaper."""
        per_kt, capital = float(self.cost[-1]), float(self.capital[-1])
        if per_kt <= 0:
            return _Switch()
        without = self.problem.choose_given(self.number, yes=False)
        if isinstance(without, CutShort):
            return CUT
        rival, most = answer_of(without), np.inf
        budget = self.problem.requirements.budget_mcny
        if budget is not None and capital > 0:
            spent = float(self.formulation.capital_weights() @ self.chosen.value)
            most = (KCNY_PER_MCNY * budget - spent) / capital
        at = np.inf
        if rival is not None:
            at = self.farthest + (rival.cost_kcny - self._point(self.farthest).cost_kcny) / per_kt
        if rival is not None and at <= most:
            return _Switch(at, self.problem.set_text(rival))
        return _Switch(most, BEYOND) if np.isfinite(most) else _Switch()

    def _nearest(self, piece: Piece, *, with_only: bool = False) -> _Switch:
        """The nearest change on a piece at which another set is cheaper."""
        outcomes = [self._rival(piece, {self.number: True})]
        if not with_only:
            outcomes.append(self._without(piece))
        if any(isinstance(outcome, CutShort) for outcome in outcomes):
            return CUT
        found = [outcome.best for outcome in outcomes if isinstance(outcome, Proved)]
        if not found:
            return _Switch()
        at, choice = min(found, key=lambda rival: abs(rival[0]))
        return _Switch(at, self.problem.set_text(choice))

    def _rows(self) -> list[Row]:
        """The requirements, a budget with what the change costs."""
        rows = [*self.problem.without_budget().rows, self.formulation.raised(self.number)]
        budget = self.problem.requirements.budget_mcny
        if budget is not None:
            weights = self.formulation.capital_weights() + self.capital
            rows.append(Row(weights, most=KCNY_PER_MCNY * budget))
        return rows

    def _end(self) -> float:
        """How far the size may go with the chosen set still feasible."""
        outwards = self.formulation.parameter_weights(-float(self.sign))
        far = self._plan(self._rows(), outwards)
        return 0.0 if far is None else float(far.value[-1])

    def _plan(self, rows: list[Row], minimise: Floats | None = None) -> Choice | None:
        """The best plan of the chosen set with the size as a variable."""
        return self.formulation.evaluate(
            self.chosen.yes.tolist(), rows, minimise=minimise, parameter=self.change
        )

    def _pieces(self, end: float) -> list[Piece]:
        """Cost of the chosen set as the size moves, from none outwards."""
        low, high = sorted((0.0, end))
        if high - low <= CLOSE:
            return []
        pieces = trace(self._point, low, high)
        return pieces if self.sign > 0 else pieces[::-1]

    def _point(self, at: float) -> Point:
        rows = [*self._rows(), Row(self.formulation.parameter_weights(1.0), least=at, most=at)]
        plan = self._plan(rows)
        assert plan is not None, "the set has a plan up to its end"
        per_kt = float(self.cost[-1])
        return Point(at, plan.cost_kcny + per_kt * at, float(plan.row_dual[-1]) + per_kt)

    def _rival(self, piece: Piece, answers: Mapping[int, bool]) -> Outcome[tuple[float, Choice]]:
        """The least change on a piece at which another set, with the project, costs less."""
        formulation = self.formulation
        low, high = sorted((piece.start, piece.end))
        less = Row(
            self._cost() + formulation.parameter_weights(-piece.slope),
            most=formulation.of_columns(piece.cost_kcny) - piece.slope * piece.start - BETTER_KCNY,
        )
        within = Row(formulation.parameter_weights(1.0), least=low, most=high)
        rival = formulation.choose(
            [*self._rows(), formulation.other_than(self.chosen.yes), less, within],
            answers=answers,
            minimise=formulation.parameter_weights(float(self.sign)),
            parameter=self.change,
        )
        if isinstance(rival, Proved):
            return Proved((float(rival.best.value[-1]), rival.best), rival.bound)
        return CutShort(None, rival.bound, rival.reason) if isinstance(rival, CutShort) else rival

    def _cost(self) -> Floats:
        """The objective with what the change costs."""
        return self.formulation.cost_weights() + self.cost

    def _without(self, piece: Piece) -> Outcome[tuple[float, Choice]]:
        """The least change on a piece at which the best set without the project costs less."""
        outcome = self.problem.choose_given(self.number, yes=False)
        if isinstance(outcome, CutShort):
            return CutShort(None, outcome.bound, outcome.reason)
        best = answer_of(outcome)
        if best is None:
            return Impossible()
        near, far = (piece.start, piece.end) if self.sign > 0 else (piece.end, piece.start)
        ahead = [piece.cost_kcny + piece.slope * (at - piece.start) for at in (near, far)]
        limit = best.cost_kcny + BETTER_KCNY
        if ahead[0] > limit:
            return Proved((near, best), best.cost_kcny)
        if ahead[1] <= limit:
            return Impossible()
        share = (limit - ahead[0]) / (ahead[1] - ahead[0])
        return Proved((near + (far - near) * share, best), best.cost_kcny)
