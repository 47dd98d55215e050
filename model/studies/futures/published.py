"""What is published of one set for several futures: figures, tables, the run of each future."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from model.case.errors import SolverFailed
from model.case.records import Figures, Json, Record
from model.market.market import KCNY_PER_MCNY
from model.result.allocation import Allocation
from model.result.definitions import DECIMALS, gap_share
from model.result.figures import COST_FIGURES, FUTURES
from model.result.outputs import columns_of
from model.run import RunOptions, evaluate
from model.scenarios.info import ScenarioInfo
from model.solve.highs import require_version
from model.solve.outcome import Outcome, Proved, answer_of, bound_of
from model.studies.confirm import Confirmed
from model.studies.futures.answer import Together
from model.studies.futures.choose import Found, Ranked
from model.studies.futures.criterion import Criterion
from model.studies.futures.future import Future
from model.studies.futures.valued import SAME, Valued, Valuer
from model.studies.siting.choice import Choice
from model.studies.siting.requirements import Requirements, forced_names
from model.studies.siting.root_bound import RootBound, site_root_bound
from model.studies.siting.table import proof_of

NO_PLAN = "no plan within the rules in some future"


@dataclass(frozen=True)
class Own:
    """The best set of one future by itself.

    Attributes
    ----------
    proof : what stands behind it, as `Confirmed.as_dict` says
    """

    name: str
    outcome: Outcome[Choice]
    proof: Mapping[str, object]

    def text(self, future: Future) -> str:
        """The set and its cost in a line."""
        choice = answer_of(self.outcome)
        if choice is None:
            return "none"
        cost = choice.cost_kcny / KCNY_PER_MCNY
        return f"{future.problem.set_text(choice)} ({cost:,.6f} MCNY/yr)"


@dataclass(frozen=True)
class Answered:
    """All that was found.

    Attributes
    ----------
    sets : the best sets in order
    given : sets that were named, as they were written; None where one has no plan
    """

    question: ScenarioInfo
    valuer: Valuer
    confirmed: Confirmed[Found]
    own: Sequence[Own]
    sets: Ranked
    given: Sequence[tuple[str, Valued | None]]

    @property
    def best(self) -> Valued:
        """The set that is published."""
        if not self.sets.sets:
            raise SolverFailed("the chosen set has no plan of its own; no result was written")
        return self.sets.sets[0]

    @cached_property
    def own_choices(self) -> list[Choice]:
        """The best set of each future."""
        return [choice for each in self.own if (choice := answer_of(each.outcome)) is not None]

    @property
    def is_proved(self) -> bool:
        """Whether the set and every future's own are."""
        own = all(isinstance(each.outcome, Proved) for each in self.own)
        return own and isinstance(self.confirmed.outcome, Proved)


def publish(answered: Answered, requirements: Requirements, seconds: float) -> Together:
    """The answer, with the set built and run in each future."""
    futures, best = answered.valuer.futures, answered.best
    roots = [site_root_bound(future.problem) for future in futures]
    runs = {
        future.name: _run(future, choice, root)
        for future, choice, root in zip(futures, best.choices, roots, strict=True)
    }
    costs = [run.figures["total_cost_mcny"] for run in runs.values()]
    least = _least(answered, costs)
    figures = _means(answered, runs) | _criterion(answered, costs, least, roots)
    problem, choice = futures[0].problem, best.choices[0]
    figures |= {
        "opened": problem.opened(choice),
        "opened_kt": problem.size_kt(choice),
        "closed": problem.closed(choice),
        "capital_mcny": max(run.figures["capital_mcny"] for run in runs.values()),
        "tables_proved": answered.is_proved and answered.sets.is_whole,
        "solver": require_version(),
        "seconds": round(seconds, 6),
    }
    tables = {
        "futures": _futures_table(answered, costs, least),
        "sets": _sets_table(answered),
        "regret": _regret_table(answered),
    }
    if answered.given:
        tables["given"] = _given_table(answered)
    own = {each.name: dict(each.proof) for each in answered.own}
    return Together(
        scenario=answered.question,
        status="optimal" if answered.is_proved else "limit",
        figures=figures,
        tables={name: _rounded(table) for name, table in tables.items()},
        runs=runs,
        certificate={"together": answered.confirmed.as_dict(), "own_sets": own},
        requirements=requirements.as_dict(),
        requested={future.name: future.problem.case for future in futures},
    )


def _run(future: Future, choice: Choice, root: RootBound) -> Allocation:
    """The run of a future with the set built; its figures bear the fixed cost and the bound."""
    problem = future.problem
    run = evaluate(problem.case_of(choice), future.info, future.changes, RunOptions())
    if run.figures["total_cost_mcny"] is None:
        raise SolverFailed(f"the chosen set has no plan under {future.name}; nothing was written")
    fixed = problem.fixed_cost_mcny(choice)
    total = run.figures["total_cost_mcny"] + fixed
    figures = run.figures | {
        "total_cost_mcny": round(total, DECIMALS),
        "objective_kcny": round(total * KCNY_PER_MCNY, DECIMALS),
        "fixed_cost_mcny": round(fixed, DECIMALS),
        "capital_mcny": round(problem.capital_mcny(choice), DECIMALS),
        "opened": problem.opened(choice),
        "opened_kt": problem.size_kt(choice),
        "closed": problem.closed(choice),
        "proved_bound_mcny": root.mcny,
        "seconds": None,
    }
    return replace(run, figures=figures, certificate=run.certificate | root.as_dict())


def _least(answered: Answered, costs: Sequence[float]) -> list[float]:
    """Cost of each future's own best set, MCNY; that of the chosen set where it is as good."""
    least = [choice.cost_kcny / KCNY_PER_MCNY for choice in answered.own_choices]
    return [
        cost if cost - own <= SAME * (1.0 + abs(cost)) else round(own, DECIMALS)
        for cost, own in zip(costs, least, strict=True)
    ]


def _means(answered: Answered, runs: Mapping[str, Allocation]) -> Figures:
    """Weighted means of the total cost and its parts."""
    weights = answered.valuer.weights
    means = {
        name: float(weights @ np.array([run.figures[name] for run in runs.values()], float))
        for name in COST_FIGURES
        if all(run.figures.get(name) is not None for run in runs.values())
    }
    rounded = {name: round(value, DECIMALS) + 0.0 for name, value in means.items()}
    return rounded | {"objective_kcny": round(means["total_cost_mcny"] * KCNY_PER_MCNY, DECIMALS)}


def _criterion(
    answered: Answered,
    costs: Sequence[float],
    least: Sequence[float],
    roots: Sequence[RootBound],
) -> Figures:
    """What was minimised, what bounds it, and cost and regret by future."""
    valuer = answered.valuer
    names = [future.name for future in valuer.futures]
    weights = valuer.weights.tolist()
    value = valuer.criterion.of(costs, least, weights)
    claimed = bound_of(answered.confirmed.outcome) / KCNY_PER_MCNY
    if abs(claimed - value) <= SAME * (1.0 + max(map(abs, costs))):
        claimed = value
    has_claim = np.isfinite(claimed)
    regrets = [cost - own for cost, own in zip(costs, least, strict=True)]
    own = [
        future.problem.set_text(choice)
        for future, choice in zip(valuer.futures, answered.own_choices, strict=True)
    ]
    return {
        "criterion": valuer.criterion.value,
        "criterion_value_mcny": round(value, DECIMALS),
        "proved_bound_mcny": proved_bound(valuer.criterion, roots, weights),
        "claimed_bound_mcny": round(claimed, DECIMALS) if has_claim else None,
        "gap_share": gap_share(value, claimed) if has_claim else None,
        "weight_by_scenario": dict(zip(names, weights, strict=True)),
        "cost_by_scenario_mcny": dict(zip(names, costs, strict=True)),
        "best_by_scenario_mcny": dict(zip(names, least, strict=True)),
        "regret_by_scenario_mcny": {
            name: round(each, DECIMALS) + 0.0 for name, each in zip(names, regrets, strict=True)
        },
        "best_set_by_scenario": dict(zip(names, own, strict=True)),
    } | _values_of_knowing(answered, costs, least)


def proved_bound(
    criterion: Criterion, roots: Sequence[RootBound], weights: Sequence[float]
) -> float | None:
    """What no set undercuts, from what no set undercuts in each future; a regret is never below 0.

    A set costs in each future at least the bound of that future, so their mean and their greatest
    bound its mean and its greatest cost.
    """
    if criterion is Criterion.REGRET:
        return 0.0
    bounds = [root.mcny for root in roots]
    known = [bound for bound in bounds if bound is not None]
    if criterion is Criterion.WORST:
        return max(known, default=None)
    if len(known) < len(bounds):
        return None
    mean = sum(bound * weight for bound, weight in zip(known, weights, strict=True))
    return round(mean, DECIMALS)


def _values_of_knowing(
    answered: Answered, costs: Sequence[float], least: Sequence[float]
) -> Figures:
    """What perfect information, and minding every future, are worth; of the expected cost alone."""
    valuer, weights = answered.valuer, answered.valuer.weights
    if valuer.criterion is not Criterion.EXPECTED:
        return {}
    mean = float(weights @ np.array(costs))
    first = answered.own_choices[0]
    naive = valuer.at(first.yes, first.size_kt)
    gains = None if naive is None else naive.mean_kcny / KCNY_PER_MCNY - mean
    if gains is not None and abs(gains) <= SAME * (1.0 + abs(mean)):
        gains = 0.0
    return {
        "value_of_perfect_information_mcny": round(mean - float(weights @ np.array(least)), 9)
        + 0.0,
        "value_of_stochastic_solution_mcny": None if gains is None else round(gains, DECIMALS),
    }


# Tables


def _futures_table(
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
    yes = [option.is_project and option.name in must for option in formulation.options.options]
    plan = formulation.evaluate(yes, problem.rows)
    return np.nan if plan is None else plan.cost_kcny / KCNY_PER_MCNY


def _sets_table(answered: Answered) -> pd.DataFrame:
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


def _regret_table(answered: Answered) -> pd.DataFrame:
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


def _given_table(answered: Answered) -> pd.DataFrame:
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


def _rounded(table: pd.DataFrame) -> pd.DataFrame:
    """Figures without the last digits, which are the arithmetic's."""
    numbers = table.select_dtypes("float").columns
    return table.assign(**{name: table[name].round(DECIMALS) + 0.0 for name in numbers})
