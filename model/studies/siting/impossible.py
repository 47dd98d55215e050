"""Why no choice meets demand: a cut with everything built, or the wish that stands in the way."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from model.case.errors import SolverFailed
from model.market.market import KCNY_PER_MCNY
from model.result.figures import OF_ALLOCATION
from model.run import Options, evaluate
from model.solve.diagnosis import Diagnosis
from model.solve.highs import Status
from model.studies.siting.expand import built
from model.studies.siting.formulation import Choice
from model.studies.siting.problem import Problem
from model.studies.siting.requirements import rows_of

if TYPE_CHECKING:
    import pandas as pd

    from model.result.result import Result
    from model.scenarios.info import ScenarioInfo

NOTHING = ("flows", "balance", "prices", "observed")


def without_choice(
    problem: Problem, status: Status, scenario: ScenarioInfo, changes: pd.DataFrame
) -> Result:
    """The result of a question that no choice answers: infeasible, with the reason.

    With everything built at full size and nothing closed, the allocation itself says what is short;
    where that suffices, the requirements or the rules of the case are at fault, and are named.
    Where only the time ran out, nothing is.

    Raises
    ------
    SolverFailed
        The solver gave up.
    """
    if status not in (Status.INFEASIBLE, Status.LIMIT):
        raise SolverFailed(f"HiGHS ended as {status.value}; no result was written")
    options = problem.formulation.options
    sizes = {options.options[n].name: options.options[n].capacity_kt for n in options.projects}
    run = evaluate(built(problem.case, sizes), scenario, changes, Options())
    if status is Status.INFEASIBLE and run.diagnosis is not None:
        headline = "With every project built: " + run.diagnosis.headline
        return replace(
            run,
            diagnosis=replace(run.diagnosis, headline=headline),
            figures=run.figures | _no_choice(),
        )
    is_infeasible = status is Status.INFEASIBLE
    told = Diagnosis(_reason(problem), [], 0.0, 0.0, 0.0, [], []) if is_infeasible else None
    empty = {name: getattr(run, name).iloc[:0] for name in NOTHING}
    return replace(
        run,
        status=status.value,
        diagnosis=told,
        certificate={},
        figures=run.figures | dict.fromkeys(OF_ALLOCATION) | _no_choice() | {"lanes_used": None},
        **empty,
    )


def _no_choice() -> dict[str, object]:
    return {"opened": None, "closed": None, "proved_bound_mcny": None}


def _reason(problem: Problem) -> str:
    """Which wish alone stands in the way, and how far it would have to give."""
    start = "With every project built demand can be met, but no choice keeps all that is asked"
    requirements, formulation = problem.requirements, problem.formulation
    if requirements.budget_mcny is not None:
        others = list(rows_of(formulation, requirements, without="budget").values())
        least = formulation.choose(others, minimise=formulation.capital_weights())
        if least.found:
            needed, given = _mcny(problem, least), f"{requirements.budget_mcny:,.6g}"
            return f"{start}: it takes a budget of at least {needed} MCNY, not {given}."
    if requirements.max_projects is not None:
        others = list(rows_of(formulation, requirements, without="number").values())
        count = {formulation.answer(n): 1.0 for n in formulation.options.projects}
        least = formulation.choose(others, minimise=count)
        if least.found:
            number = len(problem.opened(least))
            return f"{start}: it takes at least {number} projects, not {requirements.max_projects}."
    if (
        requirements.quotas
        and formulation.choose(
            list(rows_of(formulation, requirements, without="quotas").values())
        ).found
    ):
        return f"{start}: the quotas of {', '.join(requirements.quotas)} stand in the way."
    asked = [*problem.rows, *(rule.why for rule in formulation.rules)]
    return f"{start}: {'; '.join(asked)}."


def _mcny(problem: Problem, choice: Choice) -> str:
    """Capital of a choice, rounded up to a thousand CNY."""
    return f"{-(-problem.capital_mcny(choice) * KCNY_PER_MCNY // 1) / KCNY_PER_MCNY:,.10g}"
