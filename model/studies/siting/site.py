"""The study: the best set, what comes next, what each project is worth, what would change it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from model.market.market import KCNY_PER_MCNY
from model.run import Options as RunOptions
from model.run import evaluate
from model.solve.highs import Status
from model.studies.siting.formulation import Choice
from model.studies.siting.frontier import budget_frontier, number_frontier, set_text
from model.studies.siting.impossible import without_choice
from model.studies.siting.problem import Problem, pose
from model.studies.siting.ranking import sets_after
from model.studies.siting.regret import regret
from model.studies.siting.requirements import Requirements
from model.studies.siting.root_bound import root_bound_mcny
from model.studies.siting.switching_values import cost_switching_values, size_switching_values
from model.studies.siting.worth import worth

if TYPE_CHECKING:
    from model.case.case import Case
    from model.result.result import Result
    from model.scenarios.info import ScenarioInfo

SET_COLUMNS = [
    "rank", "set", "projects", "capital_mcny", "fixed_cost_mcny", "cost_mcny", "gap_mcny",
    "gap_share",
]  # fmt: skip
MONEY_DECIMALS = 9


@dataclass(frozen=True)
class SiteOptions:
    """How to answer.

    Attributes
    ----------
    top : sets to rank
    full : whether to find what would change the choice, project by project
    against : scenario name → case, for regret
    time_limit_s : of each search
    """

    top: int = 10
    full: bool = False
    against: Mapping[str, Case] = field(default_factory=dict)
    time_limit_s: float | None = None


@dataclass(frozen=True)
class Siting:
    """The answer to a siting question.

    Attributes
    ----------
    result : the run of the case with the chosen set built; its figures bear the fixed cost, what is
        opened and the proved bound, its studies the tables
    asked : the case as it was asked, projects unbuilt
    """

    result: Result
    asked: Case


def site(
    case: Case,
    scenario: ScenarioInfo,
    changes: pd.DataFrame,
    requirements: Requirements | None = None,
    options: SiteOptions | None = None,
) -> Siting:
    """Choose among a case's projects and closures at least cost, and say what the choice rests on.

    Parameters
    ----------
    changes : the ledger of the scenario's steps

    Raises
    ------
    BadInput
        Requirements that name nothing, contradict the case or leave nothing to choose.
    SolverFailed
    """
    options = options or SiteOptions()
    started = time.perf_counter()
    problem = pose(case, requirements, time_limit_s=options.time_limit_s)
    chosen = problem.formulation.choose(problem.all_rows)
    if not chosen.found:
        result = without_choice(problem, chosen.status, scenario, changes)
        return Siting(result, problem.case)
    sets = list(sets_after(problem, chosen, max(1, options.top)))
    tables = _tables(problem, sets, options)
    run = evaluate(problem.case_of(chosen), scenario, changes, RunOptions())
    solved = time.perf_counter() - started
    return Siting(_result(problem, chosen, run, tables, solved), problem.case)


def _tables(problem: Problem, sets: list[Choice], options: SiteOptions) -> dict[str, pd.DataFrame]:
    """The tables of a study by name."""
    chosen = sets[0]
    tables = {"sets": _ranking(problem, sets), "options": worth(problem, chosen)}
    if chosen.status is Status.OPTIMAL:
        tables["budget"] = budget_frontier(problem)
        tables["number"] = number_frontier(problem)
        if options.full:
            tables["cost_flips"] = cost_switching_values(problem, chosen)
            tables["size_flips"] = size_switching_values(problem, chosen)
    if options.against:
        tables["regret"] = regret(problem, sets, options.against)
    return {name: _rounded(table) for name, table in tables.items()}


def _ranking(problem: Problem, sets: list[Choice]) -> pd.DataFrame:
    """Sets in order, with what each costs more than the best."""
    best = sets[0].cost_kcny
    rows = [
        {
            "rank": rank,
            "set": set_text(problem, choice),
            "projects": len(problem.opened(choice)),
            "capital_mcny": problem.capital_mcny(choice),
            "fixed_cost_mcny": problem.fixed_cost_mcny(choice),
            "cost_mcny": choice.cost_kcny / KCNY_PER_MCNY,
            "gap_mcny": (choice.cost_kcny - best) / KCNY_PER_MCNY,
            "gap_share": (choice.cost_kcny - best) / best if best else np.nan,
        }
        for rank, choice in enumerate(sets, start=1)
    ]
    return pd.DataFrame(rows, columns=SET_COLUMNS)


def _result(
    problem: Problem,
    chosen: Choice,
    run: Result,
    tables: dict[str, pd.DataFrame],
    seconds: float,
) -> Result:
    """The run of the chosen set as the answer: fixed cost in its figures, the study beside it."""
    fixed = problem.fixed_cost_mcny(chosen)
    total = run.figures["total_cost_mcny"] + fixed
    bound = min(chosen.bound_kcny / KCNY_PER_MCNY, total)
    figures = run.figures | {
        "total_cost_mcny": round(total, MONEY_DECIMALS),
        "objective_kcny": round(total * KCNY_PER_MCNY, MONEY_DECIMALS),
        "fixed_cost_mcny": round(fixed, MONEY_DECIMALS),
        "capital_mcny": round(problem.capital_mcny(chosen), MONEY_DECIMALS),
        "opened": problem.opened(chosen),
        "opened_kt": problem.size_kt(chosen),
        "closed": problem.closed(chosen),
        "proved_bound_mcny": round(bound, MONEY_DECIMALS),
        "gap_share": round((total - bound) / abs(total), 12) + 0.0 if total else 0.0,
        "seconds": round(seconds, 6),
    }
    studies = {"site": _wishes(problem.requirements)} | {
        f"site_{name}": records_of(table) for name, table in tables.items()
    }
    return replace(
        run,
        status=chosen.status.value,
        figures=figures,
        certificate=run.certificate | {"siting": _proof(problem, chosen)},
        studies=studies,
    )


def _proof(problem: Problem, chosen: Choice) -> dict[str, Any]:
    """What stands behind the choice: proved at the root, claimed by the search, found again."""
    root, exact = root_bound_mcny(problem)
    again = problem.formulation.choose_otherwise(problem.all_rows)
    return {
        "root_bound_mcny": root if np.isfinite(root) else None,
        "root_bound_kcny_exact": exact,
        "root_bound": "proved",
        "search_bound_mcny": chosen.bound_kcny / KCNY_PER_MCNY,
        "search_bound": "claimed",
        "second_search_mcny": again.cost_kcny / KCNY_PER_MCNY if again.found else None,
        "second_search": "solver's own, presolve off, another seed",
        "second_search_agrees": bool(
            again.found
            and abs(again.cost_kcny - chosen.cost_kcny) <= 1e-6 * (1.0 + abs(chosen.cost_kcny))
        ),
        "same_set": bool(again.found and again.key == chosen.key),
    }


def _wishes(requirements: Requirements) -> dict[str, Any]:
    """What was asked, as JSON."""
    return {
        "budget_mcny": requirements.budget_mcny,
        "max_projects": requirements.max_projects,
        "quotas": dict(requirements.quotas),
        "include": list(requirements.include),
        "exclude": list(requirements.exclude),
    }


def _rounded(table: pd.DataFrame) -> pd.DataFrame:
    """Figures without the last digits, which are the arithmetic's."""
    numbers = table.select_dtypes("float").columns
    return table.assign(**{name: table[name].round(MONEY_DECIMALS) + 0.0 for name in numbers})


def records_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as JSON-ready records; missing numbers are null."""
    return [
        {str(key): None if value != value else value for key, value in row.items()}
        for row in table.astype(object).to_dict("records")
    ]
