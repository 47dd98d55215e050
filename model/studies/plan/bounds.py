"""What no schedule undercuts: multipliers from the relaxed program, and the bound they prove."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from model.arrays import Floats
from model.case.errors import OutOfTime
from model.result.figures import PLAN
from model.solve.deadline import Deadline
from model.solve.session import Session
from model.solve.solution import Status
from model.studies.plan.program import doubled_rows
from model.studies.plan.schedule import PlanProblem
from model.studies.siting.root_bound import NO_BOUND, RootBound, kept, proved, requirement_labels


def plan_root_bound(problem: PlanProblem, deadline: Deadline) -> RootBound:
    """The bound of the relaxed program; none where that has no optimum.

    Raises
    ------
    OutOfTime
    """
    relaxed = replace(problem.whole(), integer=None)
    solution = Session(relaxed, presolve=True).solve(time_limit_s=deadline.left_s)
    if solution.status is Status.LIMIT or deadline.has_passed:
        raise OutOfTime
    if solution.status is not Status.OPTIMAL:
        return NO_BOUND
    rules = [*(rule.label for rule in problem.starts.rules)]
    rules += [budget.label for budget in problem.budgets]
    rules += requirement_labels(problem.requirements)
    first = problem.program.matrix.shape[0]
    multipliers = {
        "rows": _of_years(problem, solution.row_dual),
        "rules": kept(zip(rules, solution.row_dual[first:], strict=False)),
    }
    return proved(PLAN, problem.case, problem.requirements, multipliers)


def _of_years(problem: PlanProblem, row_dual: Floats) -> list[dict[str, float]]:
    """Duals of the rows of each period as of a year in it."""
    layout = problem.layout
    dual, first = row_dual.copy(), layout.first_row
    doubled = doubled_rows(layout)
    lower = first[-1] + len(layout.places.carries) + np.arange(len(doubled))
    dual[doubled] += dual[lower]  # a row with two bounds is stated twice where one of them rises
    return [
        kept(zip(market.row_labels, dual[first[number] :] / period.weight, strict=False))
        for number, (period, market) in enumerate(
            zip(layout.places.periods, layout.places.markets, strict=True)
        )
    ]
