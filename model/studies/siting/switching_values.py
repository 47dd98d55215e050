"""How far one project's cost or size may change before the best set does; each exactly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from model.market.market import KCNY_PER_MCNY
from model.solve.highs import Status
from model.studies.parametric.piecewise import Piece, Point, trace
from model.studies.siting.formulation import Choice, Formulation, Row
from model.studies.siting.frontier import BETTER_KCNY, set_text
from model.studies.siting.problem import Problem

CLOSE = 1e-7
MOST_STEPS = 50
COST_COLUMNS = [
    "option", "chosen", "unit", "now", "stays_best_below", "change", "change_share", "then",
]  # fmt: skip
SIZE_COLUMNS = ["project", "chosen", "size_kt", "down_kt", "down", "up_kt", "up"]


def cost_switching_values(problem: Problem, chosen: Choice) -> pd.DataFrame:
    """The cost of each option below which it belongs to the best set, and above which it does not.

    Of a project with a capital cost c (annuity a), let Z be the best cost without it. A set T with
    it, at size s, of cost C and capital K, is as good, and affordable, from a fall of
    max((C − Z)/a, K − B)/s on: the least of these ratios over all T is found by Dinkelbach's
    iteration, one mixed-integer program a step; sizes are chosen again. Where the yearly cost is
    given itself (and for closures, the yearly saving), the best cost with the option less the
    best without it is the answer.

    Returns
    -------
    pandas.DataFrame
        option, chosen, unit (CNY/t of capacity, or MCNY/yr), now, stays_best_below (blank: whatever
        it costs; negative: not even for nothing), change and change_share against now, and the
        best set on the other side. A closure is told by its saving, and stays best above it.

    Source
    ------
    W. Dinkelbach, On nonlinear fractional programming, Management Science 13 (1967).
    """
    rows = []
    for number, option in enumerate(problem.formulation.options.options):
        without = problem.formulation.choose(problem.all_rows, answers={number: False})
        if option.costs_capital:
            unit, now = "CNY/t", option.capital_kcny_per_kt
            fall, with_it = _least_fall(problem, number, without.cost_kcny)
        else:
            unit = "MCNY/yr"
            now = option.lump_kcny / KCNY_PER_MCNY
            with_it = problem.formulation.choose(problem.all_rows, answers={number: True})
            fall = (with_it.cost_kcny - without.cost_kcny) / KCNY_PER_MCNY
        other = without if chosen.yes[number] else with_it
        limit = now - fall if np.isfinite(fall) else np.nan
        if not option.is_project:
            now, limit = -now, -limit
        rows.append(
            {
                "option": option.name,
                "chosen": bool(chosen.yes[number]),
                "unit": unit,
                "now": now,
                "stays_best_below": limit,
                "change": limit - now,
                "change_share": (limit - now) / now if now else np.nan,
                "then": set_text(problem, other) if other.found else "no plan",
            }
        )
    return pd.DataFrame(rows, columns=COST_COLUMNS)


def _least_fall(problem: Problem, number: int, without_kcny: float) -> tuple[float, Choice]:
    """Least fall of a project's capital cost at which some set with it is as good, CNY/t."""
    formulation, option = problem.formulation, problem.formulation.options.options[number]
    column, factor = formulation.size_terms[number]
    rows = [row for name, row in problem.rows.items() if name != "budget"]
    budget = problem.requirements.budget_mcny
    moving = formulation.with_parameter(-np.inf, np.inf, {})
    cost, capital = moving.cost_weights(), moving.capital_weights()
    best = formulation.choose(rows, answers={number: True})
    fall = np.inf
    for _ in range(MOST_STEPS):
        if not best.found or best.size_kt[number] <= 0:
            return np.inf, best
        needed = _needed(problem, best, option.annuity, without_kcny)
        if needed == -np.inf:
            return -np.inf, best
        ratio = needed / option.annuity / float(best.size_kt[number])
        if fall - ratio <= CLOSE * (1.0 + abs(ratio)):
            return min(fall, ratio), best
        fall = ratio
        release = {column: -option.annuity * fall * factor, moving.parameter: -1.0}
        bounds = [Row(_sum(cost, release), most=without_kcny)] if np.isfinite(without_kcny) else []
        if budget is not None:
            spent = {place: option.annuity * weight for place, weight in capital.items()}
            most = option.annuity * KCNY_PER_MCNY * budget
            bounds.append(Row(_sum(spent, release), most=most))
        best = moving.choose(
            [*rows, *bounds], answers={number: True}, minimise={moving.parameter: 1.0}
        )
        if best.found:
            best = _recosted(formulation, best)
    return fall, best


def _needed(problem: Problem, choice: Choice, annuity: float, without_kcny: float) -> float:
    """What a set costs too much, or spends too much (as an annuity), CNY thousand a year."""
    over = choice.cost_kcny - without_kcny if np.isfinite(without_kcny) else -np.inf
    if problem.requirements.budget_mcny is None:
        return over
    short = problem.capital_mcny(choice) - problem.requirements.budget_mcny
    return max(over, annuity * KCNY_PER_MCNY * short)


def _recosted(formulation: Formulation, choice: Choice) -> Choice:
    """A choice that was found by another objective, with its cost."""
    cost = formulation.program.cost @ choice.value[: len(formulation.program.cost)]
    return replace(choice, cost_kcny=float(cost))


def _sum(*parts: Mapping[int, float]) -> dict[int, float]:
    total: dict[int, float] = {}
    for part in parts:
        for column, weight in part.items():
            total[column] = total.get(column, 0.0) + weight
    return total


def size_switching_values(problem: Problem, chosen: Choice) -> pd.DataFrame:
    """How much smaller or larger each project may be before another set is the best.

    Its cost per year follows its size (a yearly cost given itself stays). The cost of the chosen
    set as its size moves is convex and piecewise linear; on each piece, from the present size
    outwards, one mixed-integer program with the size as a variable finds the nearest at which
    another set is cheaper.

    Returns
    -------
    pandas.DataFrame
        project, chosen, size_kt (as the case has it), down_kt and up_kt (changes; blank where no
        size down to its least, or up to all demand, changes the set), down and up (the set then).
    """
    rows = []
    for number in problem.formulation.options.projects:
        option = problem.formulation.options.options[number]
        row = {
            "project": option.name,
            "chosen": bool(chosen.yes[number]),
            "size_kt": option.capacity_kt,
        }
        for word, sign in (("down", -1), ("up", 1)):
            row[f"{word}_kt"], row[word] = _Sizing(problem, chosen, number, sign).flip()
        rows.append(row)
    return pd.DataFrame(rows, columns=SIZE_COLUMNS)


class _Sizing:
    """One project's capacity as a variable: its change, from none outwards."""

    def __init__(self, problem: Problem, chosen: Choice, number: int, sign: int) -> None:
        formulation = problem.formulation
        self.problem, self.chosen, self.number, self.sign = problem, chosen, number, sign
        self.option = formulation.options.options[number]
        most = float(formulation.market.max_kt.sum())
        smallest = self.option.min_kt if self.option.is_sized else 0.0
        self.farthest = most if sign > 0 else smallest - self.option.capacity_kt
        low, high = sorted((0.0, self.farthest))
        self.moving = formulation.with_parameter(low, high, {formulation.capacity_row(number): 1.0})
        change = self.moving.parameter
        fixed = not self.option.is_sized
        self.cost = {change: self.option.unit_kcny_per_kt} if fixed else {}
        self.capital = {change: self.option.capital_kcny_per_kt} if fixed else {}

    def rows(self) -> list[Row]:
        """The requirements, a budget with what the change costs."""
        rows = [row for name, row in self.problem.rows.items() if name != "budget"]
        budget = self.problem.requirements.budget_mcny
        if budget is not None:
            weights = _sum(self.moving.capital_weights(), self.capital)
            rows.append(Row(weights, most=KCNY_PER_MCNY * budget))
        return rows

    def flip(self) -> tuple[float, str]:
        """The nearest change at which the set changes, and the set from there."""
        if not self.chosen.yes[self.number]:
            here = Piece(0.0, self.farthest, self.chosen.cost_kcny, 0.0)
            rival = self._rival(here, {self.number: True})
            return (np.nan, "") if rival is None else self._told(rival)
        end = self._end()
        for piece in self._pieces(end):
            found = [
                rival
                for rival in (self._rival(piece, {self.number: True}), self._without(piece))
                if rival is not None
            ]
            if found:
                return self._told(min(found, key=lambda rival: abs(rival[0])))
        if abs(end - self.farthest) > CLOSE * (1.0 + abs(self.farthest)):
            return end, "the set has no plan beyond"
        return np.nan, ""

    def _told(self, rival: tuple[float, Choice]) -> tuple[float, str]:
        return rival[0], set_text(self.problem, rival[1])

    def _end(self) -> float:
        """How far the size may go with the chosen set still feasible."""
        given = dict(enumerate(self.chosen.key))
        far = self.moving.choose(
            self.rows(), answers=given, minimise={self.moving.parameter: -float(self.sign)}
        )
        return float(far.value[self.moving.parameter]) if far.found else 0.0

    def _pieces(self, end: float) -> list[Piece]:
        """Cost of the chosen set as the size moves, from none outwards."""
        low, high = sorted((0.0, end))
        if high - low <= CLOSE:
            return []
        pieces = trace(self._point, low, high)
        return pieces if self.sign > 0 else pieces[::-1]

    def _point(self, at: float) -> Point:
        change = self.moving.parameter
        rows = [*self.rows(), Row({change: 1.0}, least=at, most=at)]
        plan = self.moving.evaluate(self.chosen.yes, rows)
        slope = float(plan.row_dual[-1]) + self.cost.get(change, 0.0)
        return Point(at, plan.cost_kcny + self.cost.get(change, 0.0) * at, slope)

    def _rival(self, piece: Piece, answers: Mapping[int, bool]) -> tuple[float, Choice] | None:
        """The least change on a piece at which another set, with the project, costs less."""
        change = self.moving.parameter
        low, high = sorted((piece.start, piece.end))
        less = Row(
            _sum(self.moving.cost_weights(), self.cost, {change: -piece.slope}),
            most=piece.cost_kcny - piece.slope * piece.start - BETTER_KCNY,
        )
        within = Row({change: 1.0}, least=low, most=high)
        rival = self.moving.choose(
            [*self.rows(), self.moving.other_than(self.chosen.yes), less, within],
            answers=answers,
            minimise={change: float(self.sign)},
        )
        return (float(rival.value[change]), rival) if rival.found else None

    def _without(self, piece: Piece) -> tuple[float, Choice] | None:
        """The least change on a piece at which the best set without the project costs less."""
        best = self.problem.formulation.choose(self.problem.all_rows, answers={self.number: False})
        if not best.found or best.status is not Status.OPTIMAL:
            return None
        near, far = (piece.start, piece.end) if self.sign > 0 else (piece.end, piece.start)
        ahead = [piece.cost_kcny + piece.slope * (at - piece.start) for at in (near, far)]
        limit = best.cost_kcny + BETTER_KCNY
        if ahead[0] > limit:
            return near, best
        if ahead[1] <= limit:
            return None
        return near + (far - near) * (limit - ahead[0]) / (ahead[1] - ahead[0]), best
