"""How far the cost of one option may change before the best set does; each exactly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from model.arrays import Floats
from model.case.records import Record
from model.market.market import KCNY_PER_MCNY
from model.result.figures import SITE
from model.result.outputs import columns_of
from model.solve.outcome import CutShort, Outcome, Proved, answer_of
from model.solve.rows import Row
from model.studies.siting.choice import Choice
from model.studies.siting.parameter import Parameter
from model.studies.siting.problem import SitingProblem
from model.studies.siting.table import PROVED, ChoiceTable

CLOSE = 1e-7
MOST_STEPS = 50
COLUMNS = columns_of(SITE, "cost_flips")


@dataclass(frozen=True)
class _Fall:
    """Least fall of an option's cost at which some set with it is as good, and that set.

    Attributes
    ----------
    is_proved : whether no search on the way was cut short
    """

    fall: float
    best: Choice | None
    is_proved: bool = True


def cost_switching_values(problem: SitingProblem, chosen: Choice) -> ChoiceTable:
    """The cost of each option below which it belongs to the best set, and above which it does not.

    Of a project with a capital cost c (annuity a), let Z be the best cost without it. A set T with
    it, at size s, of cost C and capital K, is as good, and affordable, from a fall of
    max((C − Z)/a, K − B)/s on: the least of these ratios over all T is found by Dinkelbach's
    iteration from the best set with it, one mixed-integer program a step; sizes are chosen again.
    Of a project without capital (and of closures, by what they save), the best cost with the option
    less the best without it is the answer.

    Returns
    -------
    ChoiceTable
        option, chosen, unit (CNY/t of capacity, or MCNY/yr), now, stays_best_below (blank: whatever
        it costs; negative: not even for nothing), change and change_share against now, and the
        best set on the other side. A closure is stated by its saving, and stays best above it.

    References
    ----------
    W. Dinkelbach, On nonlinear fractional programming, Management Science 13 (1967).
    """
    rows: list[Record] = []
    decisions = problem.formulation.options.decisions
    for number in decisions:
        if problem.formulation.deadline.has_passed:
            break
        rows.append(cost_row(problem, chosen, number))
    return ChoiceTable(pd.DataFrame(rows, columns=COLUMNS), len(rows) == len(decisions))


def cost_row(problem: SitingProblem, chosen: Choice, number: int) -> Record:
    """The row of one option."""
    option = problem.formulation.options.options[number]
    without: Outcome[Choice] = (
        problem.choose_given(number, yes=False)
        if chosen.yes[number]
        else Proved(chosen, chosen.cost_kcny)
    )
    if option.costs_capital:
        start = (
            Proved(chosen, chosen.cost_kcny)
            if chosen.yes[number]
            else problem.choose_given(number, yes=True)
        )
        with_it = _Dinkelbach(problem, number, _cost(answer_of(without))).solve(start)
    else:
        with_it = _difference(problem, number, _cost(answer_of(without)))
    row = open_row(problem, chosen, number)
    if isinstance(without, CutShort) or not with_it.is_proved:
        return row  # what a search had come to when its time was up says nothing
    other = answer_of(without) if chosen.yes[number] else with_it.best
    fall, now = with_it.fall if np.isfinite(with_it.fall) else np.nan, row["now"]
    limit = now - fall if option.is_project else now + fall
    if abs(limit) <= CLOSE * abs(now):
        limit = 0.0  # worth nothing, but for rounding
    return row | {
        "stays_best_below": limit,
        "change": limit - now,
        "change_share": (limit - now) / now if now else np.nan,
        "then": "no plan" if other is None else problem.set_text(other),
        PROVED: True,
    }


def open_row(problem: SitingProblem, chosen: Choice, number: int) -> Record:
    """The row of one option as it is before anything is found."""
    option = problem.formulation.options.options[number]
    if option.costs_capital:
        unit, now = "CNY/t", option.capital_kcny_per_kt
    else:
        unit, now = "MCNY/yr", option.lump_kcny / KCNY_PER_MCNY
    blank = dict.fromkeys(("stays_best_below", "change", "change_share"), np.nan)
    return {
        "option": option.name,
        "chosen": bool(chosen.yes[number]),
        "unit": unit,
        "now": now if option.is_project else -now,
        **blank,
        "then": "",
        PROVED: False,
    }


def _cost(choice: Choice | None) -> float:
    return np.inf if choice is None else choice.cost_kcny


def _difference(problem: SitingProblem, number: int, without_kcny: float) -> _Fall:
    """Of an option whose cost a year is given itself."""
    with_it = problem.choose_given(number, yes=True)
    fall = (_cost(answer_of(with_it)) - without_kcny) / KCNY_PER_MCNY
    return _Fall(fall, answer_of(with_it), not isinstance(with_it, CutShort))


class _Dinkelbach:
    """The least ratio of what a set costs, or spends, too much to the project's size."""

    def __init__(self, problem: SitingProblem, number: int, without_kcny: float) -> None:
        self.problem, self.number, self.without_kcny = problem, number, without_kcny
        self.options = problem.formulation.options
        self.annuity = self.options.options[number].annuity
        self.formulation, self.rows = problem.formulation, problem.without_budget().rows

    def solve(self, known: Outcome[Choice]) -> _Fall:
        """Iterate until the ratio no longer falls.

        Parameters
        ----------
        known : the best set with the option, within the budget
        """
        best, is_proved = answer_of(known), not isinstance(known, CutShort)
        if is_proved and best is None:
            outcome = self.formulation.choose(self.rows, answers={self.number: True})
            best, is_proved = answer_of(outcome), not isinstance(outcome, CutShort)
        for _ in range(MOST_STEPS):
            size = 0.0 if best is None else self.options.size_kt(best.size_kt, self.number)
            if best is None or size <= 0:
                return _Fall(np.inf, best, is_proved)
            needed = self._needed(best)
            if needed == -np.inf:
                return _Fall(-np.inf, best, is_proved)
            fall = needed / self.annuity / size
            outcome = self._step(fall)
            is_proved &= not isinstance(outcome, CutShort)
            better = answer_of(outcome)
            if better is None:
                return _Fall(fall, best, is_proved)
            best = better
        return _Fall(fall, best, is_proved=False)

    def _step(self, fall: float) -> Outcome[Choice]:
        """The set that gains most from a fall, over what it costs and spends too much."""
        budget = self.problem.requirements.budget_mcny
        formulation, annuity = self.formulation, self.annuity
        release = self._release(fall)
        bounds = []
        if np.isfinite(self.without_kcny):
            most = formulation.of_columns(self.without_kcny)
            bounds.append(Row(formulation.cost_weights() + release, most=most))
        if budget is not None:
            spent = annuity * formulation.capital_weights() + release
            bounds.append(Row(spent, most=annuity * KCNY_PER_MCNY * budget))
        return formulation.choose(
            [*self.rows, *bounds],
            answers={self.number: True},
            minimise=formulation.parameter_weights(1.0),
            cutoff=-CLOSE * (1.0 + abs(fall)) * annuity,
            parameter=Parameter(-np.inf, np.inf),
        )

    def _release(self, fall: float) -> Floats:
        """What a fall of the project's capital cost gives back, less the parameter."""
        size = self.formulation.size_weights(self.number)
        return -self.annuity * fall * size + self.formulation.parameter_weights(-1.0)

    def _needed(self, choice: Choice) -> float:
        """What a set costs too much, or spends too much (as an annuity), CNY thousand a year."""
        finite = np.isfinite(self.without_kcny)
        over = choice.cost_kcny - self.without_kcny if finite else -np.inf
        budget = self.problem.requirements.budget_mcny
        if budget is None:
            return over
        short = self.problem.capital_mcny(choice) - budget
        return max(over, self.annuity * KCNY_PER_MCNY * short)
