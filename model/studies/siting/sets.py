"""The best sets as a table, each with what it costs more than the best."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from model.market.market import KCNY_PER_MCNY
from model.result.figures import SITE
from model.result.outputs import columns_of
from model.solve.outcome import Outcome, Proved, answer_of
from model.studies.siting.choice import Choice
from model.studies.siting.problem import SitingProblem
from model.studies.siting.table import ChoiceTable, proof_of

COLUMNS = columns_of(SITE, "sets")


def set_table(problem: SitingProblem, sets: Sequence[Outcome[Choice]]) -> ChoiceTable:
    """Sets in order; the last one is not proved where the time ran out before more were found."""
    rows = []
    best: float | None = None
    for rank, outcome in enumerate(sets, start=1):
        choice = answer_of(outcome)
        if choice is None:
            continue
        best = choice.cost_kcny if best is None else best
        rows.append(
            {
                "rank": rank,
                "set": problem.set_text(choice),
                "projects": len(problem.opened(choice)),
                "capital_mcny": problem.capital_mcny(choice),
                "fixed_cost_mcny": problem.fixed_cost_mcny(choice),
                "cost_mcny": choice.cost_kcny / KCNY_PER_MCNY,
                "gap_mcny": (choice.cost_kcny - best) / KCNY_PER_MCNY,
                "gap_share": (choice.cost_kcny - best) / abs(best) if best else np.nan,
            }
            | proof_of(outcome, choice.cost_kcny)
        )
    is_whole = all(isinstance(outcome, Proved) for outcome in sets)
    return ChoiceTable(pd.DataFrame(rows, columns=COLUMNS), is_whole)
