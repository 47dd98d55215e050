"""What each set costs more than the best one, under each of several scenarios."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from model.market.market import KCNY_PER_MCNY
from model.solve.highs import Status
from model.studies.siting.formulation import Choice
from model.studies.siting.problem import Problem, pose

if TYPE_CHECKING:
    from model.case.case import Case

COLUMNS = ["scenario", "rank", "cost_mcny", "best_mcny", "regret_mcny", "best_set"]


def regret(problem: Problem, sets: Sequence[Choice], scenarios: Mapping[str, Case]) -> pd.DataFrame:
    """Regret of sets under scenarios: cost of the set there less the cost of the best set there.

    Sizes may adapt; the set may not. A set is judged by its cost, whether or not it keeps the
    requirements there; the best set of a scenario keeps them.

    Returns
    -------
    pandas.DataFrame
        A row per scenario and set: scenario, rank of the set, its cost, the best cost, regret_mcny
        (blank where the set cannot meet demand), the best set of the scenario.
    """
    from model.studies.siting.frontier import set_text

    rows = []
    for name, case in scenarios.items():
        there = pose(case, problem.requirements)
        best = there.formulation.choose(there.all_rows)
        text = set_text(there, best) if best.found else "no plan"
        for rank, choice in enumerate(sets, start=1):
            cost = _cost(problem, choice, there)
            rows.append(
                {
                    "scenario": name,
                    "rank": rank,
                    "cost_mcny": cost,
                    "best_mcny": best.cost_kcny / KCNY_PER_MCNY if best.found else np.nan,
                    "regret_mcny": cost - best.cost_kcny / KCNY_PER_MCNY,
                    "best_set": text,
                }
            )
    return pd.DataFrame(rows, columns=COLUMNS)


def _cost(problem: Problem, choice: Choice, there: Problem) -> float:
    """Cost of a set in another case, by names; what is unknown there is left out."""
    options = zip(problem.formulation.options.options, choice.yes, strict=True)
    names = {(option.kind, option.name) for option, yes in options if yes}
    answers = [(option.kind, option.name) in names for option in there.formulation.options.options]
    plan = there.formulation.evaluate(answers)
    return plan.cost_kcny / KCNY_PER_MCNY if plan.status is Status.OPTIMAL else float("nan")
