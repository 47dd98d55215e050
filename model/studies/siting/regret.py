"""What each set costs more than the best one, under each of several scenarios."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from model.arrays import Floats
from model.case.errors import OutOfTime
from model.case.records import Record
from model.market.market import KCNY_PER_MCNY
from model.result.figures import SITE
from model.result.outputs import columns_of
from model.solve.outcome import CutShort, Outcome, answer_of
from model.solve.rows import Row
from model.studies.siting.choice import Choice
from model.studies.siting.problem import SitingProblem, pose
from model.studies.siting.table import ChoiceTable, proof_of

if TYPE_CHECKING:
    from model.case.case import Case

COLUMNS = columns_of(SITE, "regret")
ENOUGH_KT = 1e-9


def regret(
    problem: SitingProblem,
    sets: Sequence[Choice],
    scenarios: Mapping[str, Case],
    choose: Callable[[str, SitingProblem], Outcome[Choice]] = lambda _, there: there.choose(),
) -> ChoiceTable:
    """Regret of sets under scenarios: cost of the set there less the cost of the best set there.

    A set is built at the sizes chosen. It must keep the rules and the requirements there, as the
    best set there must: regret is never negative. Where the time ends the search for the best, it
    is the best that is known, among these sets too.

    Parameters
    ----------
    choose : finds the best set of a scenario, by its name and problem

    Returns
    -------
    ChoiceTable
        A row per scenario and set: scenario, rank of the set, its cost, the best cost, regret_mcny
        (blank where the set has no plan within the rules there), the best set of the scenario.
    """
    rows: list[Record] = []
    for name, case in scenarios.items():
        try:
            there = pose(case, problem.requirements, problem.formulation.deadline)
        except OutOfTime:
            return ChoiceTable(pd.DataFrame(rows, columns=COLUMNS), is_whole=False)
        plans = [_plan(problem, choice, there) for choice in sets]
        best = _best_known(there, choose(name, there), plans)
        rows += [
            {"scenario": name, "rank": rank} | _regret(plan, there, best)
            for rank, plan in enumerate(plans, start=1)
        ]
    return ChoiceTable(pd.DataFrame(rows, columns=COLUMNS))


def _best_known(
    there: SitingProblem, best: Outcome[Choice], plans: Iterable[Choice | None]
) -> Outcome[Choice]:
    """The best set of a scenario, of all that are known where the search for it was cut short."""
    if not isinstance(best, CutShort):
        return best
    sets = [plan.yes.tolist() for plan in plans if plan is not None]
    at_best_sizes = [there.formulation.evaluate(yes, there.rows) for yes in sets]
    known = [plan for plan in (best.found, *at_best_sizes) if plan is not None]
    return replace(best, found=min(known, key=lambda plan: plan.cost_kcny, default=None))


def _regret(plan: Choice | None, there: SitingProblem, best: Outcome[Choice]) -> Record:
    """What a set costs elsewhere, and how much more than the best there."""
    least, cost = answer_of(best), np.nan if plan is None else plan.cost_kcny
    least_kcny = np.nan if least is None else least.cost_kcny
    return {
        "cost_mcny": cost / KCNY_PER_MCNY,
        "best_mcny": least_kcny / KCNY_PER_MCNY,
        "regret_mcny": max(cost - least_kcny, 0.0) / KCNY_PER_MCNY
        if not np.isnan(cost - least_kcny)
        else np.nan,
        "best_set": "no plan" if least is None else there.set_text(least),
    } | proof_of(best, least_kcny)


def _plan(problem: SitingProblem, choice: Choice, there: SitingProblem) -> Choice | None:
    """A set in another case, at its sizes; None where it has no plan there."""
    sizes = _sizes(problem, choice, there)
    if sizes is None:
        return None
    formulation = there.formulation
    same = [
        Row(formulation.size_weights(n), sizes[n] - ENOUGH_KT, sizes[n] + ENOUGH_KT)
        for n in formulation.options.sized
        if sizes[n] > 0
    ]
    return formulation.evaluate((sizes > 0).tolist(), [*there.rows, *same])


def _sizes(problem: SitingProblem, choice: Choice, there: SitingProblem) -> Floats | None:
    """Sizes of the options elsewhere, (J,), by names; None where something cannot be built so."""
    options, others = problem.formulation.options.options, there.formulation.options.options
    number = {(option.kind, option.name, option.line): at for at, option in enumerate(others)}
    sizes = np.zeros(len(others))
    for option, yes, kt in zip(options, choice.yes, choice.size_kt, strict=True):
        at = number.get((option.kind, option.name, option.line))
        if not yes:
            continue
        if at is None:
            return None
        least, most = others[at].min_kt - ENOUGH_KT, others[at].capacity_kt + ENOUGH_KT
        if option.is_project and not least <= kt <= most:
            return None
        sizes[at] = kt if option.is_project else np.inf
    return sizes
