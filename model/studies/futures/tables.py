"""Tables of one set for several futures: costs, best sets, regrets, sets that were named."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from model.case.records import Json, Record
from model.market.market import KCNY_PER_MCNY
from model.result.definitions import DECIMALS
from model.result.figures import FUTURES
from model.result.outputs import columns_of
from model.studies.futures.answered import Answered
from model.studies.futures.future import Future
from model.studies.futures.valued import SAME, Valued
from model.studies.siting.requirements import forced_names
from model.studies.siting.table import proof_of

NO_PLAN = "no plan within the rules in some future"


def futures_table(
    answered: Answered, costs: Sequence[float], least: Sequence[float]
) -> pd.DataFrame:
    """A row per future: what the set costs there, beside that future's own best set and nothing."""
    rows: list[Record] = []
    valuer = answered.valuer
    for at, future in enumerate(valuer.futures):
        choice = answered.own_choices[at]
        rows.append(
            {
                "scenario": future.name,
                "weight": float(valuer.weights[at]),
                "cost_mcny": costs[at],
                "best_mcny": least[at],
                "regret_mcny": costs[at] - least[at],
                "best_set": future.problem.set_text(choice),
                "nothing_mcny": _nothing_mcny(future),
            }
            | proof_of(answered.own[at].outcome, choice.cost_kcny)
        )
    return pd.DataFrame(rows, columns=columns_of(FUTURES, "futures"))


def _nothing_mcny(future: Future) -> float:
    """Cost of a future with nothing but what must be built; no number where that has no plan."""
    problem = future.problem
    formulation = problem.formulation
    must = {*forced_names(formulation.options), *problem.requirements.include}
    yes = [
        option.is_project and option.line == 1 and option.name in must
        for option in formulation.options.options
    ]
    plan = formulation.evaluate(yes, problem.rows)
    return np.nan if plan is None else plan.cost_kcny / KCNY_PER_MCNY


def sets_table(answered: Answered) -> pd.DataFrame:
    """The best sets in order."""
    valuer, best = answered.valuer, answered.best
    problem = valuer.futures[0].problem
    rows = [
        {
            "rank": rank,
            "set": problem.set_text(each.choices[0]),
            "projects": len(problem.opened(each.choices[0])),
            "capital_mcny": _capital_mcny(answered, each),
            "criterion_mcny": each.value_kcny / KCNY_PER_MCNY,
            "gap_mcny": (each.value_kcny - best.value_kcny) / KCNY_PER_MCNY,
            "mean_cost_mcny": each.mean_kcny / KCNY_PER_MCNY,
            "worst_cost_mcny": max(each.costs_kcny) / KCNY_PER_MCNY,
            "worst_regret_mcny": max(_regrets(answered, each)),
            "proved": answered.is_proved,
        }
        for rank, each in enumerate(answered.sets.sets, start=1)
    ]
    return pd.DataFrame(rows, columns=columns_of(FUTURES, "sets"))


def _capital_mcny(answered: Answered, each: Valued) -> float:
    """Upfront capital of a set, the greatest of the futures."""
    futures = answered.valuer.futures
    return max(
        future.problem.capital_mcny(choice)
        for future, choice in zip(futures, each.choices, strict=True)
    )


def _regrets(answered: Answered, each: Valued) -> list[float]:
    """Regret of a set in each future, MCNY a year."""
    regrets = []
    for cost, choice in zip(each.costs_kcny, answered.own_choices, strict=True):
        over = cost - choice.cost_kcny
        regrets.append(over / KCNY_PER_MCNY if over > SAME * (1.0 + abs(cost)) else 0.0)
    return regrets


def regret_table(answered: Answered) -> pd.DataFrame:
    """A row per future and set: cost, the best there, regret."""
    rows = [
        {
            "scenario": future.name,
            "rank": rank,
            "cost_mcny": each.costs_kcny[at] / KCNY_PER_MCNY,
            "best_mcny": answered.own_choices[at].cost_kcny / KCNY_PER_MCNY,
            "regret_mcny": _regrets(answered, each)[at],
        }
        for at, future in enumerate(answered.valuer.futures)
        for rank, each in enumerate(answered.sets.sets, start=1)
    ]
    return pd.DataFrame(rows, columns=columns_of(FUTURES, "regret"))


def given_table(answered: Answered) -> pd.DataFrame:
    """A row per set that was named and future: against the best there, and against nothing."""
    rows: list[Record] = []
    nothing = [_nothing_mcny(future) for future in answered.valuer.futures]
    for text, each in answered.given:
        for at, future in enumerate(answered.valuer.futures):
            rows.append(
                {"set": text, "scenario": future.name} | _given(answered, each, at, nothing)
            )
    return pd.DataFrame(rows, columns=columns_of(FUTURES, "given"))


def _given(answered: Answered, each: Valued | None, at: int, nothing: Sequence[float]) -> Json:
    """What a named set costs in one future."""
    best = answered.own_choices[at].cost_kcny / KCNY_PER_MCNY
    if each is None:
        return {"best_mcny": best, "blank_because": NO_PLAN} | dict.fromkeys(
            ("cost_mcny", "regret_mcny", "saves_mcny", "criterion_mcny", "gap_mcny"), np.nan
        )
    cost = each.costs_kcny[at] / KCNY_PER_MCNY
    return {
        "cost_mcny": cost,
        "best_mcny": best,
        "regret_mcny": _regrets(answered, each)[at],
        "saves_mcny": nothing[at] - cost,
        "criterion_mcny": each.value_kcny / KCNY_PER_MCNY,
        "gap_mcny": (each.value_kcny - answered.best.value_kcny) / KCNY_PER_MCNY,
        "blank_because": "",
    }


def rounded(table: pd.DataFrame) -> pd.DataFrame:
    """Figures without the last digits, which are the arithmetic's."""
    numbers = table.select_dtypes("float").columns
    return table.assign(**{name: table[name].round(DECIMALS) + 0.0 for name in numbers})
