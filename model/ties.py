"""Which of several equal plans is published: least tonne-km, then least Σ r·x.

r is a whole number made from names, so the choice rests on nothing but the case. Each
step is solved on the optimal face of the one before, over every lane on offer.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from model.allocate import Allocator, Optimum
from model.highs import Status
from model.lanes import COST, TIE, TOLERANCE_CNY_PER_T, TONNE_KM, Booleans, Floats, Objective

MOST_TIE = Objective(tie=-1.0)


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
    shortest = allocator.optimise(TONNE_KM, face)
    narrower = enter_face(allocator, shortest, TONNE_KM, face)
    chosen = allocator.optimise(TIE, narrower)
    allocator.restore_bounds()
    plan = allocator.optimise(COST, primal=True)  # every step is degenerate: the plan stays
    assert chosen.status is Status.OPTIMAL and plan.status is Status.OPTIMAL
    return plan, has_equals


def enter_face(
    allocator: Allocator, optimum: Optimum, objective: Objective, within: list[Any] | None = None
) -> list[Any]:
    """Fix what every optimal plan has in common; return the lanes that some optimal plan may use.

    By complementary slackness a lane of nonzero reduced cost stays on its bound, and a
    row of nonzero dual stays on its.
    """
    prices = allocator.prices(optimum.row_dual, objective)
    face = [
        offer.face(prices, None if within is None else within[number])
        for number, offer in enumerate(allocator.market.offers)
    ]
    fixed = np.abs(optimum.reduced_cost) > TOLERANCE_CNY_PER_T
    lanes = optimum.lanes
    allocator.set_lane_bounds(
        _fix(fixed, optimum.ship_kt, lanes.min_kt), _fix(fixed, optimum.ship_kt, lanes.max_kt)
    )
    held = np.abs(optimum.row_dual) > TOLERANCE_CNY_PER_T
    market = allocator.market
    allocator.set_row_bounds(
        _fix(held, optimum.row_value, market.row_lower_kt),
        _fix(held, optimum.row_value, market.row_upper_kt),
    )
    return face


def _fix(fixed: Booleans, value: Floats, bound: Floats) -> Floats:
    return np.where(fixed, value, bound)


def _has_equals(allocator: Allocator, face: list[Any]) -> bool:
    """Whether the face holds more than one plan: whether Σ r·x is not the same all over it."""
    greatest, least = (allocator.optimise(objective, face) for objective in (MOST_TIE, TIE))
    return bool(-greatest.objective - least.objective > 1e-6 * (1.0 + abs(least.objective)))
