"""The best set with at most n projects, for every n that makes a difference."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from model.case.records import Record
from model.market.market import KCNY_PER_MCNY
from model.result.figures import SITE
from model.result.outputs import columns_of
from model.solve.outcome import CutShort, Outcome, Proved, answer_of
from model.studies.siting.choice import Choice
from model.studies.siting.problem import SitingProblem
from model.studies.siting.requirements import number_row
from model.studies.siting.table import PROVED, ChoiceTable, proof_of

COLUMNS = columns_of(SITE, "number")


def number_frontier(problem: SitingProblem) -> ChoiceTable:
    """Steps from the fewest projects that allow a plan to the number beyond which more are idle.

    Other requirements are kept, the budget among them. saves_mcny is against the step before.
    """
    found = list(number_steps(problem))
    return number_table(problem, found, not found or not isinstance(found[-1], CutShort))


def number_steps(problem: SitingProblem) -> Iterator[Outcome[Choice]]:
    """The best set with any number of projects, then with fewer than that, and so on.

    The last step is not proved where the search was cut short.
    """
    formulation, rows = problem.formulation, problem.without_number().rows
    outcome = formulation.choose(rows)
    while (choice := answer_of(outcome)) is not None:
        yield outcome
        count = len(problem.opened(choice))
        if count == 0 or not isinstance(outcome, Proved):
            return
        outcome = formulation.choose([*rows, number_row(formulation, count - 1)])
    if isinstance(outcome, CutShort):
        yield outcome


def number_table(
    problem: SitingProblem, found: Sequence[Outcome[Choice]], is_whole: bool
) -> ChoiceTable:
    """Steps in the order of `number_steps` as rows, the fewest projects first."""
    steps: list[Record] = []
    for step in reversed(found):
        choice = answer_of(step)
        if choice is None:
            continue
        cost = choice.cost_kcny / KCNY_PER_MCNY
        saves = steps[-1]["cost_mcny"] - cost if steps and steps[-1][PROVED] else np.nan
        steps.append(
            {
                "projects": len(problem.opened(choice)),
                "cost_mcny": cost,
                "capital_mcny": problem.capital_mcny(choice),
                "saves_mcny": saves,
                "set": problem.set_text(choice),
            }
            | proof_of(step, choice.cost_kcny)
        )
    return ChoiceTable(pd.DataFrame(steps, columns=COLUMNS), is_whole)
