"""Which of several equal plans is published: least tonne-km, then least Σ r·x.

r is a whole number made from names, so the choice rests on nothing but the case. Each
step is solved on the optimal face of the one before, over every lane on offer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.arrays import Booleans, Floats
from model.market.lanes import COST, TIE, TOLERANCE_CNY_PER_T, TONNE_KM, Objective
from model.market.market import Market
from model.solve.column_generation import Allocator, Optimum
from model.solve.highs import Status

MOST_TIE = Objective(tie=-1.0)

Bounds = tuple[Floats, Floats]


@dataclass(frozen=True)
class Face:
    """What every optimal plan has in common.

    Attributes
    ----------
    market : with the lanes that some optimal plan may use, and no others
    lanes : least and greatest flow of the lanes seen so far, (n,) each
    rows : bounds of every row, (O + S + K,) each
    """

    market: Market
    lanes: Bounds
    rows: Bounds


def break_ties(allocator: Allocator, optimum: Optimum) -> tuple[Optimum, bool]:
    """The published plan among those that cost as little, and whether there are others.

    Parameters
    ----------
    allocator : Allocator
        Just solved for least cost; it ends with its own bounds and at the plan returned.
    optimum : Optimum
        Status optimal.

    Returns
    -------
    plan : Optimum
        Of the same cost, with the duals of the cost.
    has_equals : bool
        Whether another plan costs the same.
    """
    face = enter_face(allocator, optimum, COST)
    has_equals = _has_equals(allocator, face)
    chosen = _first_of(allocator, face)
    allocator.restore_bounds_at(chosen)
    plan = allocator.optimise(COST, primal=True)  # every step is degenerate: the plan stays
    assert chosen.status is Status.OPTIMAL and plan.status is Status.OPTIMAL
    return plan, has_equals


def settle(
    allocator: Allocator, optimum: Optimum, objective: Objective, rows: Bounds | None = None
) -> Optimum:
    """The plan that would be published among those equal to `optimum`; for studies.

    Parameters
    ----------
    objective : what was minimised
    rows : bounds of rows under which it was, where they are not the market's

    Returns
    -------
    Optimum
        Of the last step: its objective and duals are not those of the cost. The allocator
        ends with the market's bounds.
    """
    chosen = _first_of(allocator, enter_face(allocator, optimum, objective, rows=rows))
    allocator.restore_bounds()
    return chosen


def _first_of(allocator: Allocator, face: Face) -> Optimum:
    """The plan of least tonne-km, and then of least Σ r·x, on a face."""
    shortest = allocator.optimise(TONNE_KM, face.market)
    narrower = enter_face(allocator, shortest, TONNE_KM, face)
    return allocator.optimise(TIE, narrower.market)


def enter_face(
    allocator: Allocator,
    optimum: Optimum,
    objective: Objective,
    within: Face | None = None,
    rows: Bounds | None = None,
) -> Face:
    """Fix what every optimal plan has in common, in the allocator too.

    By complementary slackness a lane of nonzero reduced cost stays on its bound, and a
    row of nonzero dual stays on its.

    Parameters
    ----------
    within : the face on which `optimum` was found, if not among all plans
    rows : bounds of rows under which it was found, where they are not the market's
    """
    market, lanes = allocator.market, optimum.lanes
    prices = allocator.prices(optimum.row_dual, objective)
    wider = market if within is None else within.market
    if within is not None:
        rows = within.rows
    lane_bounds = lanes.min_kt.copy(), lanes.max_kt.copy()
    if within is not None:
        for bound, earlier in zip(lane_bounds, within.lanes, strict=True):
            bound[: len(earlier)] = earlier
    fixed = np.abs(optimum.reduced_cost) > TOLERANCE_CNY_PER_T
    held = np.abs(optimum.row_dual) > TOLERANCE_CNY_PER_T
    face = Face(
        wider.optimal_face(prices),
        _fix(fixed, optimum.ship_kt, lane_bounds),
        _fix(held, optimum.row_value, rows or (market.row_lower_kt, market.row_upper_kt)),
    )
    allocator.set_lane_bounds(*face.lanes)
    allocator.set_row_bounds(*face.rows)
    return face


def _fix(fixed: Booleans, value: Floats, bounds: Bounds) -> Bounds:
    lower, upper = bounds
    return np.where(fixed, value, lower), np.where(fixed, value, upper)


def _has_equals(allocator: Allocator, face: Face) -> bool:
    """Whether the face holds more than one plan: whether Σ r·x is not the same all over it."""
    greatest, least = (allocator.optimise(objective, face.market) for objective in (MOST_TIE, TIE))
    return bool(-greatest.objective - least.objective > 1e-6 * (1.0 + abs(least.objective)))
