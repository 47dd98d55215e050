"""What is published of one set for several futures: figures, tables, the run of each future."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from model.case.errors import SolverFailed
from model.case.records import Figures
from model.market.market import KCNY_PER_MCNY
from model.result.allocation import Allocation
from model.result.definitions import DECIMALS, gap_share
from model.result.figures import COST_FIGURES
from model.run import RunOptions, evaluate
from model.solve.outcome import bound_of
from model.solve.solver_trust import require_version
from model.studies.futures.answer import Together
from model.studies.futures.answered import Answered
from model.studies.futures.criterion import Criterion
from model.studies.futures.future import Future
from model.studies.futures.tables import (
    futures_table,
    given_table,
    regret_table,
    rounded,
    sets_table,
)
from model.studies.futures.valued import SAME
from model.studies.siting.choice import Choice
from model.studies.siting.requirements import Requirements
from model.studies.siting.root_bound import RootBound, site_root_bound


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
        "tables_proved": answered.is_proved and answered.sets.is_whole and answered.further[1],
        "solver": require_version(),
        "seconds": round(seconds, 6),
    }
    tables = {
        "futures": futures_table(answered, costs, least),
        "sets": sets_table(answered),
        "regret": regret_table(answered),
    }
    if answered.given:
        tables["given"] = given_table(answered)
    tables |= answered.further[0]
    own = {each.name: dict(each.proof) for each in answered.own}
    return Together(
        scenario=answered.question,
        status="optimal" if answered.is_proved else "limit",
        figures=figures,
        tables={name: rounded(table) for name, table in tables.items()},
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
    figures = problem.figures_of(choice, run.figures) | {
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
