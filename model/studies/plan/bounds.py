"""What no schedule undercuts: proved by the duals of the relaxed program, in exact arithmetic."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import floor

import numpy as np

from model.market.market import KCNY_PER_MCNY
from model.solve.deadline import Deadline
from model.solve.highs import Session, Status
from model.solve.program import Program
from model.studies.plan.schedule import PlanProblem
from model.studies.siting.root_bound import dual_bound

DECIMALS = 9


def root_bound_mcny(problem: PlanProblem, deadline: Deadline) -> float | None:
    """The bound of the relaxed program in MCNY, rounded down; None where there is none in time."""
    relaxed = replace(problem.whole(), integer=None)
    solution = Session(relaxed, presolve=True).solve(time_limit_s=deadline.left_s)
    if solution.status is not Status.OPTIMAL or deadline.has_passed:
        return None
    bound = dual_bound(_bounded(problem, relaxed), solution.row_dual)
    below = floor(bound / int(KCNY_PER_MCNY) * 10**DECIMALS)
    return float(Fraction(below, 10**DECIMALS))


def _bounded(problem: PlanProblem, program: Program) -> Program:
    """The program with a finite upper bound on every column, which the rows imply."""
    layout, upper = problem.layout, program.upper.copy()
    places = layout.places
    for number, (period, market, lanes) in enumerate(
        zip(places.periods, places.markets, places.lanes, strict=True)
    ):
        sends = market.supply_kt.copy()
        for start in layout.starts.starts:
            if start.is_supply and start.is_project and number in start.stands:
                sends[market.row_of(*start.row)] += start.capacity_kt
        if places.receives[number]:
            sends += places.periods[number - 1].max_stock_kt / period.length
        here = slice(layout.first_lane[number], layout.first_lane[number + 1])
        most = np.minimum(sends[lanes.origin], market.max_kt[lanes.sink])
        upper[here] = np.minimum(upper[here], most)
        if number in places.carries:
            upper[layout.stocks(number)] = period.max_stock_kt
    return replace(program, upper=upper)
