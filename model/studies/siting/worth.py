"""What each option is worth, within the rules: alone, and at the margin of the chosen set."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from model.arrays import Booleans
from model.case.records import Record
from model.market.market import KCNY_PER_MCNY
from model.result.definitions import STAYS_OPEN
from model.result.figures import SITE
from model.result.outputs import columns_of
from model.studies.siting.blocked import blocking
from model.studies.siting.choice import Choice
from model.studies.siting.problem import SitingProblem
from model.studies.siting.table import PROVED, ChoiceTable

COLUMNS = columns_of(SITE, "options")


@dataclass(frozen=True)
class Worths:
    """Costs of sets of options, each a linear program; sizes are chosen within the rules."""

    problem: SitingProblem
    chosen: Choice

    @property
    def forced(self) -> Booleans:
        """What every set holds: what the case forces, what is included, what these require."""
        options = self.problem.formulation.options
        must = {n for rule in options.rules if rule.forces for n in rule.weights}
        must |= {n for name in self.problem.requirements.include for n in options.numbers(name)}
        every = np.zeros(len(options), bool)
        every[[needed for number in must for needed in self.needs(number)]] = True
        return every

    def plan(self, answers: Booleans) -> Choice | None:
        """The best plan under given answers, within rules, requirements and budget."""
        return self.problem.formulation.evaluate(answers.tolist(), self.problem.rows)

    def cost(self, answers: Booleans) -> float:
        """What that costs; no number where there is none."""
        plan = self.plan(answers)
        return np.nan if plan is None else plan.cost_kcny

    def needs(self, number: int) -> list[int]:
        """An option and all that it requires."""
        needed, waiting = [], [number]
        while waiting:
            current = waiting.pop()
            if current not in needed:
                needed.append(current)
                waiting += self._required(current)
        return needed

    def _required(self, number: int) -> Iterable[int]:
        """Options that a rule y_number ≤ y_other ties to an option."""
        for rule in self.problem.formulation.options.rules:
            if rule.most == 0 and rule.weights.get(number) == 1:
                yield from (other for other, weight in rule.weights.items() if weight == -1)

    def without(self, number: int) -> Booleans:
        """The chosen set without an option and all that requires it."""
        count = len(self.problem.formulation.options)
        kept = [number not in self.needs(other) for other in range(count)]
        return np.logical_and(self.chosen.yes, kept)

    def best_with(self, answers: Booleans, number: int) -> Choice | None:
        """The best plan of a set with an option besides, at any number of its lines."""
        joined, plans = self.with_needs(answers, number), []
        for line in self.problem.formulation.options.lines(number):
            joined[line] = True
            plans.append(self.plan(joined))
        known = [plan for plan in plans if plan is not None]
        return min(known, key=lambda plan: plan.cost_kcny, default=None)

    def with_needs(self, answers: Booleans, number: int) -> Booleans:
        """A set with an option, and what it requires, besides."""
        joined = answers.copy()
        joined[self.needs(number)] = True
        return joined


@dataclass(frozen=True)
class Valued:
    """One option alone and at the margin of the chosen set, CNY thousand a year.

    Attributes
    ----------
    saves_alone_kcny, margin_kcny : no number where a set that they compare has no plan
    alone, beside : the plan with it alone; that of the chosen set with it
    """

    number: int
    saves_alone_kcny: float
    margin_kcny: float
    alone: Choice | None
    beside: Choice | None


def nothing_kcny(problem: SitingProblem, chosen: Choice) -> float:
    """Cost with nothing but what must be built; no number where that has no plan."""
    worths = Worths(problem, chosen)
    return worths.cost(worths.forced)


def valued(problem: SitingProblem, chosen: Choice) -> list[Valued]:
    """Every option, or as many as the time allows, alone and at the margin of the chosen set.

    Alone is the cost with nothing but what must be built, less the cost with the option (and what
    it requires) besides. At the margin of the chosen set is the cost without an option that is in
    it (and without what requires it), less the cost with it; of one that is not in it, the cost of
    the set less the cost of the set with the option, at its best number of lines. All sets keep the
    rules of the case and the requirements, budget included; sizes are chosen again within them.
    After the option's own cost.
    """
    worths = Worths(problem, chosen)
    nothing = worths.cost(worths.forced)
    found: list[Valued] = []
    for number in problem.formulation.options.decisions:
        if problem.formulation.deadline.has_passed:
            break
        alone = worths.best_with(worths.forced, number)
        saves = np.nan if alone is None else nothing - alone.cost_kcny
        if chosen.yes[number]:
            beside: Choice | None = chosen
            margin = worths.cost(worths.without(number)) - chosen.cost_kcny
        else:
            beside = worths.best_with(chosen.yes, number)
            margin = np.nan if beside is None else chosen.cost_kcny - beside.cost_kcny
        found.append(Valued(number, saves, margin, alone, beside))
    return found


def worth(problem: SitingProblem, chosen: Choice, values: Sequence[Valued]) -> ChoiceTable:
    """What each option is worth, as a table.

    Returns
    -------
    ChoiceTable
        A row per option: option, kind, region, chosen, size_kt and what it costs (in the chosen
        set, else of the option alone), saves_alone_mcny, saves_at_margin_mcny (blank where a set
        that they compare has no plan within the rules), margin (`without it` or `with it`), with
        (what it requires), blank_because. Negative savings are losses.
    """
    worths = Worths(problem, chosen)
    rows = [_row(worths, value) for value in values]
    is_whole = len(rows) == len(problem.formulation.options.decisions)
    return ChoiceTable(pd.DataFrame(rows, columns=COLUMNS), is_whole)


def _row(worths: Worths, value: Valued) -> Record:
    """One option's row."""
    every, number = worths.problem.formulation.options, value.number
    options = every.options
    chosen, option, is_in = worths.chosen, options[number], bool(worths.chosen.yes[number])
    sized = chosen if is_in else value.alone
    size = 0.0 if sized is None else every.size_kt(sized.size_kt, number)
    return {
        "option": option.name,
        "kind": option.kind,
        "region": option.region,
        "chosen": is_in,
        "size_kt": size if sized is not None else np.nan,
        "lines": np.nan if sized is None else float(sized.yes[every.lines(number)].sum()),
        "fixed_cost_mcny": np.nan if sized is None else option.cost_kcny(size) / KCNY_PER_MCNY,
        "capital_mcny": np.nan if sized is None else option.spent_kcny(size) / KCNY_PER_MCNY,
        "saves_alone_mcny": value.saves_alone_kcny / KCNY_PER_MCNY,
        "saves_at_margin_mcny": value.margin_kcny / KCNY_PER_MCNY,
        "margin": "without it" if is_in else "with it",
        "with": ", ".join(options[other].name for other in worths.needs(number) if other != number),
        "blank_because": _blank(worths, value, is_in),
        PROVED: True,
    }


def _blank(worths: Worths, value: Valued, is_in: bool) -> str:
    """Why a figure is blank; of an origin that cannot be closed, the minimum that keeps it open."""
    text, number = _reason(value.saves_alone_kcny, value.margin_kcny, is_in), value.number
    options = worths.problem.formulation.options.options
    if is_in or options[number].is_project or not np.isnan(value.margin_kcny):
        return text
    closed = worths.with_needs(worths.chosen.yes, number)
    minima = blocking(worths.problem, closed, number)
    return f"{text}: {options[number].name} {STAYS_OPEN}{' and '.join(minima)}" if minima else text


def _reason(saves_alone: float, margin: float, is_in: bool) -> str:
    """Why a figure is blank."""
    where = []
    if np.isnan(saves_alone):
        where.append("alone")
    if np.isnan(margin):
        where.append("without it" if is_in else "with it")
    return f"{' and '.join(where)}: no plan within the rules" if where else ""
