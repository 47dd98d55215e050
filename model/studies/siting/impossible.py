"""Why no choice meets demand: a cut with everything built, or the requirement in the way."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from model.arrays import Floats
from model.market.market import KCNY_PER_MCNY
from model.result.allocation import Allocation
from model.result.figures import OF_ALLOCATION
from model.result.outputs import empty_table
from model.run import RunOptions, evaluate
from model.solve.diagnosis import Diagnosis
from model.solve.outcome import Proved
from model.solve.solver_trust import require_version
from model.studies.siting.choice import Choice
from model.studies.siting.expand import built
from model.studies.siting.problem import SitingProblem

if TYPE_CHECKING:
    from model.case.case import Case
    from model.scenarios.info import ScenarioInfo

NOTHING = ("flows", "balance", "prices", "observed")
NO_CHOICE = dict.fromkeys(
    ("opened", "closed", "proved_bound_mcny", "claimed_bound_mcny", "projects", "tables_proved")
)
START = "With every project built demand can be met, but no choice keeps all that is required"


def impossible(problem: SitingProblem, scenario: ScenarioInfo, changes: pd.DataFrame) -> Allocation:
    """The result of a question that no choice answers: infeasible, with the reason.

    With everything built at full size and nothing closed, the allocation itself says what is short;
    where that suffices, the requirements or the rules of the case are at fault, and are named.

    Raises
    ------
    SolverFailed
    """
    options = problem.formulation.options
    sizes: dict[str, float] = {}
    for option in options.options:
        if option.is_project:
            sizes[option.name] = sizes.get(option.name, 0.0) + option.capacity_kt
    run = evaluate(built(problem.case, sizes), scenario, changes, RunOptions())
    if run.diagnosis is not None:
        headline = "With every project built: " + run.diagnosis.headline
        diagnosis = replace(run.diagnosis, headline=headline)
        return replace(run, diagnosis=diagnosis, figures=run.figures | NO_CHOICE)
    diagnosis = Diagnosis(_reason(problem), [], 0.0, 0.0, 0.0, [], [])
    return replace(emptied(run, "infeasible"), diagnosis=diagnosis)


def unanswered(case: Case, scenario: ScenarioInfo, changes: pd.DataFrame) -> Allocation:
    """The result of a question that the time left without any answer."""
    figures = dict.fromkeys((*OF_ALLOCATION, "lanes_offered", "lanes_used"))
    return Allocation(
        case=case,
        scenario=scenario,
        status="limit",
        figures=figures | NO_CHOICE | {"solver": require_version(), "seconds": None},
        flows=empty_table("flows"),
        balance=empty_table("balance"),
        prices=empty_table("prices"),
        changes=changes,
        observed=empty_table("observed"),
        throughput=empty_table("throughput"),
        lanes={},
        certificate={},
    )


def emptied(run: Allocation, status: str) -> Allocation:
    """A run without its plan."""
    figures = run.figures | dict.fromkeys(OF_ALLOCATION) | NO_CHOICE | {"lanes_used": None}
    empty = {name: getattr(run, name).iloc[:0] for name in NOTHING}
    return replace(run, status=status, certificate={}, figures=figures, **empty)


def _reason(problem: SitingProblem) -> str:
    """Which requirement alone stands in the way, and how far it would have to give."""
    requirements, formulation = problem.requirements, problem.formulation
    if requirements.budget_mcny is not None:
        least = _least(problem.without_budget(), formulation.capital_weights())
        if least is not None:
            needed, given = _mcny(problem, least), f"{requirements.budget_mcny:,.6g}"
            return f"{START}: it takes a budget of at least {needed} MCNY, not {given}."
    if requirements.max_projects is not None:
        count = formulation.answer_weights(formulation.options.projects)
        least = _least(problem.without_number(), count)
        if least is not None:
            number = len(problem.opened(least))
            return f"{START}: it takes at least {number} projects, not {requirements.max_projects}."
    if requirements.quotas:
        free = replace(problem, requirements=replace(requirements, quotas={}))
        if _least(free, formulation.cost_weights()) is not None:
            return f"{START}: the quotas of {', '.join(requirements.quotas)} stand in the way."
    rules = [rule.why for rule in formulation.options.rules]
    return f"{START}: {'; '.join([*(row.why for row in problem.rows), *rules])}."


def _least(problem: SitingProblem, minimise: Floats) -> Choice | None:
    """The choice that takes least of something; None where there is none, or no time to find it."""
    found = problem.formulation.choose(problem.rows, minimise=minimise)
    return found.best if isinstance(found, Proved) else None


def _mcny(problem: SitingProblem, choice: Choice) -> str:
    """Capital of a choice, rounded up to a thousand CNY."""
    return f"{-(-problem.capital_mcny(choice) * KCNY_PER_MCNY // 1) / KCNY_PER_MCNY:,.10g}"
