"""Why an origin stays open: the minimum that cannot be kept once it is closed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from model.arrays import Booleans
from model.solve.session import Session
from model.solve.solution import Status
from model.studies.siting.options import LIMIT
from model.studies.siting.problem import SitingProblem


def blocking(problem: SitingProblem, answers: Booleans, number: int) -> list[str]:
    """What keeps an origin open: least shipments of its lanes, or limits that one alone decides.

    Parameters
    ----------
    answers : a set with the closure, which has no plan, (J,)
    number : of the closure

    Returns
    -------
    list of str
        One for each minimum without which the set has a plan; none where it takes more.
    """
    origin = problem.formulation.options.options[number].name
    lanes = list(_lanes(problem, origin))
    if lanes:
        return lanes
    limits = list(_limits(problem, origin))
    alone = [name for name in limits if _has_plan(problem, answers, [name])]
    found = alone or (limits if len(limits) > 1 and _has_plan(problem, answers, limits) else [])
    return [_least_of(problem, name) for name in found]


def _lanes(problem: SitingProblem, origin: str) -> Iterator[str]:
    """Lanes from an origin that must carry something."""
    market, lanes = problem.formulation.market, problem.formulation.lanes
    held = (lanes.origin == market.origins.index(origin)) & (lanes.min_kt > 0)
    for lane in np.flatnonzero(held):
        sink = market.sink_names[int(lanes.part[lane])]
        yield f"the lane from {origin} to {sink} must carry at least {lanes.min_kt[lane]:g} kt"


def _limits(problem: SitingProblem, origin: str) -> Iterator[str]:
    """Limits with a minimum that count what leaves an origin."""
    formulation = problem.formulation
    market, lanes = formulation.market, formulation.lanes
    leaves = np.flatnonzero(lanes.origin == market.origins.index(origin))
    for name in market.limits.names:
        row = market.row_of(LIMIT, name)
        if market.row_lower_kt[row] > 0 and lanes.matrix[[row]][:, leaves].count_nonzero():
            yield name


def _has_plan(problem: SitingProblem, answers: Booleans, without: Sequence[str]) -> bool:
    """Whether a set has a plan if some limits had no minimum."""
    formulation = problem.formulation
    program = formulation.relaxed(problem.rows)
    here = formulation.layout.answers
    lower, upper = program.lower.copy(), program.upper.copy()
    lower[here] = upper[here] = answers
    row_lower = program.row_lower.copy()
    row_lower[[formulation.market.row_of(LIMIT, name) for name in without]] = -np.inf
    free = replace(program, lower=lower, upper=upper, row_lower=row_lower)
    return Session(free).solve().status is Status.OPTIMAL


def _least_of(problem: SitingProblem, name: str) -> str:
    market = problem.formulation.market
    least = market.row_lower_kt[market.row_of(LIMIT, name)]
    return f"limit {name} must be at least {least:g}"
