"""The best cost against the budget, and against the number of projects: every step, exactly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from model.market.market import KCNY_PER_MCNY
from model.solve.highs import Status
from model.studies.parametric.piecewise import Piece, Point, trace
from model.studies.siting.formulation import Choice, Row
from model.studies.siting.problem import Problem
from model.studies.siting.requirements import budget_row, number_row, rows_of

RESOLUTION_MCNY = 0.001
"""Sets that are best over less than a thousand CNY of budget are passed over."""
BETTER_KCNY = 0.01
"""A set takes over where it is ten CNY a year cheaper: sets that always cost the same do not."""
BUDGET_COLUMNS = ["from_mcny", "to_mcny", "cost_from_mcny", "cost_to_mcny", "projects", "set"]
NUMBER_COLUMNS = ["projects", "cost_mcny", "capital_mcny", "saves_mcny", "set"]


@dataclass(frozen=True)
class _Step:
    """A set that is best from one budget to another, with its cost over that stretch."""

    choice: Choice
    low_mcny: float
    high_mcny: float
    cost_low_kcny: float
    cost_high_kcny: float


def budget_frontier(problem: Problem) -> pd.DataFrame:
    """Which set is best at which budget, from the least that allows a plan to where more is idle.

    Other requirements are kept. Below the capital of a set of fixed sizes the next best set
    follows. A set with projects of variable size shrinks with the budget: its cost is convex and
    piecewise linear in it, and the largest budget at which another set costs less is found by one
    mixed-integer program per piece, in which the budget is a variable.

    Returns
    -------
    pandas.DataFrame
        from_mcny, to_mcny (infinite in the last row: blank), cost at both ends, the number of
        projects and their names; from the smallest budget to the largest.
    """
    rows = [
        {
            "from_mcny": step.low_mcny,
            "to_mcny": step.high_mcny if np.isfinite(step.high_mcny) else np.nan,
            "cost_from_mcny": step.cost_low_kcny / KCNY_PER_MCNY,
            "cost_to_mcny": step.cost_high_kcny / KCNY_PER_MCNY,
            "projects": len(problem.opened(step.choice)),
            "set": set_text(problem, step.choice),
        }
        for step in _steps(problem)
    ]
    return pd.DataFrame(rows[::-1], columns=BUDGET_COLUMNS)


def set_text(problem: Problem, choice: Choice) -> str:
    """A set in words: what is built, and what is closed."""
    closed = [f"closing {name}" for name in problem.closed(choice)]
    return "; ".join([*problem.opened(choice), *closed]) or "nothing"


def _steps(problem: Problem) -> Iterator[_Step]:
    """Steps from the largest budget down."""
    formulation = problem.formulation
    others = list(rows_of(formulation, problem.requirements, without="budget").values())
    choice = formulation.choose(others)
    high = np.inf
    while choice.found and choice.status is Status.OPTIMAL:
        top = min(high, problem.capital_mcny(choice))
        low, following = _end(problem, choice, others, top)
        at_low = _at(problem, choice, low)
        yield _Step(
            choice,
            low,
            high,
            at_low.cost_kcny,
            choice.cost_kcny,
        )
        if low <= 0 or not following.found:
            return
        choice, high = following, low


def _end(problem: Problem, choice: Choice, others: list[Row], top: float) -> tuple[float, Choice]:
    """The least budget at which a set is best, and the set that is best below it."""
    least = _least_budget(problem, choice)
    upper = top
    for piece in reversed(_pieces(problem, choice, least, top)):
        while (rival := _rival(problem, choice, others, piece, upper)) is not None:
            following = _best(problem, others, rival)
            if following.key != choice.key:
                return rival, following
            upper = rival - RESOLUTION_MCNY
        upper = piece.start
    return least, _best(problem, others, least - RESOLUTION_MCNY)


def _best(problem: Problem, others: list[Row], budget: float) -> Choice:
    return problem.formulation.choose([*others, budget_row(problem.formulation, budget)])


def _at(problem: Problem, choice: Choice, budget: float) -> Choice:
    row = budget_row(problem.formulation, budget + RESOLUTION_MCNY * 1e-6)
    return problem.formulation.evaluate(choice.yes, [row])


def _least_budget(problem: Problem, choice: Choice) -> float:
    """Least capital at which a set's projects stand and demand is met."""
    formulation = problem.formulation
    if not _is_sized(problem, choice):
        return problem.capital_mcny(choice)
    given = dict(enumerate(choice.key))
    least = formulation.choose(answers=given, minimise=formulation.capital_weights())
    return problem.capital_mcny(least)


def _is_sized(problem: Problem, choice: Choice) -> bool:
    options = problem.formulation.options.options
    return any(option.is_sized and yes for option, yes in zip(options, choice.yes, strict=True))


def _pieces(problem: Problem, choice: Choice, least: float, top: float) -> list[Piece]:
    """Cost of a set against the budget, in kCNY per MCNY; none where it cannot shrink."""
    if top - least <= RESOLUTION_MCNY:
        return []

    def solve(budget: float) -> Point:
        plan = _at(problem, choice, budget)
        return Point(budget, plan.cost_kcny, float(plan.row_dual[-1]) * KCNY_PER_MCNY)

    return trace(solve, least, top)


def _rival(
    problem: Problem, choice: Choice, others: list[Row], piece: Piece, upper: float
) -> float | None:
    """The largest budget up to `upper` where another set costs less than a piece of this one's."""
    high = min(piece.end, upper)
    if high <= piece.start:
        return None
    moving = problem.formulation.with_parameter(piece.start, high, {})
    budget = {moving.parameter: -KCNY_PER_MCNY}
    line = {moving.parameter: -piece.slope}
    rival = moving.choose(
        [
            *others,
            moving.other_than(choice.yes),
            Row(moving.capital_weights() | budget, most=0.0),
            Row(
                moving.cost_weights() | line,
                most=piece.cost_kcny - piece.slope * piece.start - BETTER_KCNY,
            ),
        ],
        minimise={moving.parameter: -1.0},
    )
    return float(rival.value[moving.parameter]) if rival.found else None


def number_frontier(problem: Problem) -> pd.DataFrame:
    """The best set with at most n projects, for every n that makes a difference.

    Other requirements are kept, the budget among them. saves_mcny is against the step before.
    """
    formulation = problem.formulation
    others = list(rows_of(formulation, problem.requirements, without="number").values())
    choice = formulation.choose(others)
    found: list[Choice] = []
    while choice.found and choice.status is Status.OPTIMAL:
        found.append(choice)
        count = len(problem.opened(choice))
        if count == 0:
            break
        choice = formulation.choose([*others, number_row(formulation, count - 1)])
    rows: list[dict[str, Any]] = []
    for step in reversed(found):
        cost = step.cost_kcny / KCNY_PER_MCNY
        rows.append(
            {
                "projects": len(problem.opened(step)),
                "cost_mcny": cost,
                "capital_mcny": problem.capital_mcny(step),
                "saves_mcny": rows[-1]["cost_mcny"] - cost if rows else np.nan,
                "set": set_text(problem, step),
            }
        )
    return pd.DataFrame(rows, columns=NUMBER_COLUMNS)
