"""The best set with at most n projects, for every n that makes a difference."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from model.market.market import KCNY_PER_MCNY
from model.solve.outcome import CutShort, Outcome, Proved, answer_of
from model.studies.siting.choice import Choice
from model.studies.siting.problem import Problem
from model.studies.siting.requirements import number_row
from model.studies.siting.table import GAP, PROVED, Table, proof_of

COLUMNS = ["projects", "cost_mcny", "capital_mcny", "saves_mcny", "set", PROVED, GAP]


def number_frontier(problem: Problem) -> Table:
    """Steps from the fewest projects that allow a plan to the number beyond which more are idle.

    Other requirements are kept, the budget among them. saves_mcny is against the step before.
    """
    formulation, rows = problem.formulation, problem.without_number().rows
    outcome = formulation.choose(rows)
    found: list[tuple[Choice, Outcome[Choice]]] = []
    while (choice := answer_of(outcome)) is not None:
        found.append((choice, outcome))
        count = len(problem.opened(choice))
        if count == 0 or not isinstance(outcome, Proved):
            break
        outcome = formulation.choose([*rows, number_row(formulation, count - 1)])
    steps: list[dict[str, Any]] = []
    for choice, step in reversed(found):
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
    is_whole = not isinstance(outcome, CutShort)
    return Table(pd.DataFrame(steps, columns=COLUMNS), is_whole)
