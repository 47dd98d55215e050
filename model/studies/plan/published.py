"""The flows that are published of a schedule: of equal ones, least tonne-km, then least Σ r·x."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from model.arrays import Floats
from model.case.errors import SolverFailed
from model.market.lanes import TOLERANCE_CNY_PER_T
from model.solve.highs import SOLVER
from model.solve.program import Program
from model.solve.session import Session
from model.solve.solution import Solution, Status
from model.studies.plan.layout import PlanLayout
from model.studies.plan.schedule import PlanProblem, Schedule

CARRIED_TIE = 1013.0
"""The tie-break number of stock, for each kt that is carried to the next period."""


@dataclass(frozen=True)
class PublishedFlows:
    """Flows and stocks of a schedule.

    Attributes
    ----------
    ship_kt : of each period, what its lanes carry, kt per year (n_k,)
    stock_kt : of each period that may carry, what its origins hold at its end, kt (O,)
    has_equals : whether other flows cost the same
    """

    ship_kt: list[Floats]
    stock_kt: dict[int, Floats]
    has_equals: bool


def publish_flows(problem: PlanProblem, schedule: Schedule) -> PublishedFlows:
    """The one plan of flows that is published of all that cost as little under a schedule.

    Raises
    ------
    SolverFailed
    """
    layout = problem.layout
    program = problem.fixed(schedule.yes, schedule.size_kt, schedule.value[layout.runs])
    program = replace(program, offset_kcny=0.0)  # what is compared here are no costs
    session = Session(program)
    face = _face(program, _solved(session))
    tie, km = _tie(layout), _km(layout)
    least, greatest = _extremes(session, face, tie)
    has_equals = greatest - least > 1e-6 * (1.0 + abs(least))
    solution = _minimum(session, face, km)
    solution = _minimum(session, _face(face, solution), tie)
    value = np.maximum(solution.value, 0.0)
    stock = {}
    for period in layout.places.carries:
        stock[period] = np.zeros(layout.places.origin_count)
        stock[period][layout.places.stock_origins] = value[layout.stocks(period)]
    cuts = layout.first_lane
    ship = [value[first:end] for first, end in pairwise(cuts)]
    return PublishedFlows(ship, stock, has_equals)


def _solved(session: Session) -> Solution:
    solution = session.solve()
    if solution.status is not Status.OPTIMAL:
        raise SolverFailed(
            f"{SOLVER} gave a schedule that does not stand ({solution.status.value});"
            " no result was written"
        )
    return solution


def _face(program: Program, solution: Solution) -> Program:
    """The program with what every optimum of it has in common fixed.

    By complementary slackness a column of nonzero reduced cost stays on its bound, and a row of
    nonzero dual on its own.
    """
    column = np.abs(solution.reduced_cost) > TOLERANCE_CNY_PER_T
    row = np.abs(solution.row_dual) > TOLERANCE_CNY_PER_T
    value, row_value = solution.value, solution.row_value
    return replace(
        program,
        lower=np.where(column, value, program.lower),
        upper=np.where(column, value, program.upper),
        row_lower=np.where(row, row_value, program.row_lower),
        row_upper=np.where(row, row_value, program.row_upper),
    )


def _minimum(session: Session, face: Program, cost: Floats) -> Solution:
    session.set_column_bounds(face.lower, face.upper)
    session.set_row_bounds(face.row_lower, face.row_upper)
    session.set_costs(cost)
    return _solved(session)


def _extremes(session: Session, face: Program, cost: Floats) -> tuple[float, float]:
    greatest = -_minimum(session, face, -cost).objective
    return _minimum(session, face, cost).objective, greatest


def _tie(layout: PlanLayout) -> Floats:
    """A whole number of every lane, from its names, and one of stock, by column."""
    tie = np.zeros(layout.width)
    lanes = layout.places.lanes
    tie[: layout.first_lane[-1]] = np.concatenate([each.tie for each in lanes])
    tie[layout.first_lane[-1] : layout.first_answer] = CARRIED_TIE
    return tie


def _km(layout: PlanLayout) -> Floats:
    """Kilometres of every lane, over the length of its period."""
    km, places = np.zeros(layout.width), layout.places
    km[: layout.first_lane[-1]] = np.concatenate(
        [p.length * each.km for p, each in zip(places.periods, places.lanes, strict=True)]
    )
    return km
