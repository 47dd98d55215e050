"""What the next tonne at a knob is worth, and up to where: the first piece of its exact curve."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor

import numpy as np

from model.case.errors import NoPlan
from model.market.selection import records
from model.result.allocation import Allocation
from model.solve.marginal_values import ROLES, Tangent, moving_bounds
from model.studies.parametric.piecewise import EXACT, Point
from model.studies.parametric.programs import ParametricBounds
from model.studies.whatif.knob import Knob, Moves
from model.studies.whatif.session import Solved, WhatIf

SHORTEST_KT = 1e-6
ROUNDING = 1e-3
"""Part of the last decimal that arithmetic takes from a figure that needs no further decimals."""


@dataclass(frozen=True)
class KnobWorth:
    """The next tonne at a knob.

    Attributes
    ----------
    cny_per_t : what it saves (of supply and limits) or costs (of demand); None where there
        can be no more
    until : value of the knob at which that changes; None where it holds over the whole
        length of the slider from here
    reason : the flows that change, or what stands in the way
    """

    cny_per_t: float | None
    until: float | None
    reason: str


def worths(session: WhatIf, moves: Moves, result: Allocation) -> dict[str, KnobWorth] | None:
    """The worth of the next tonne by knob, of all knobs that have a row in the program.

    Parameters
    ----------
    result : the settled answer to the same moves, with its prices

    Returns
    -------
    dict, or None where somebody waited for a plan: that comes first
    """
    known = {(row["role"], row["place"]): row for row in records(result.prices)}
    with session.lock:
        solved = session.solved(moves)
    found = {}
    for knob in session.knobs:
        family, name = knob.row or ("", "")
        price = known.get((ROLES.get(family, ""), name))
        if price is None:
            continue
        slope, reason, until = float(price["right_cny_per_t"]), str(price["right_reason"]), None
        if session.waiting:
            return None
        if family == "demand_met" and solved.market.row_price_cny_per_t.any():
            with session.lock:
                slope, reason = _more_demand(solved, name)
        if not np.isnan(slope):
            with session.lock:
                solved.resume()
                until = _until(solved, knob, slope, moves.get(knob.key))
        found[knob.key] = KnobWorth(None if np.isnan(slope) else slope, until, reason)
    return found


def _more_demand(solved: Solved, sink: str) -> tuple[float, str]:
    """What a tonne more of a demand costs where sinks pay, and why.

    The most that the sink takes rises with its demand here, which matters where it pays for more.
    """
    solved.resume()
    with Tangent(solved.allocator, solved.allocator.optimise()) as tangent:
        side = tangent.side(solved.market.row_of("demand_met", sink), +1, (True, True))
    slope = side.slope_cny_per_t
    return float("nan") if slope is None else round(slope, 6) + 0.0, side.reason


def _until(solved: Solved, knob: Knob, slope: float, moved: float | None) -> float | None:
    """Where the first piece ends, as a value of the knob."""
    allocator = solved.allocator
    now = moved if moved is not None else knob.rest or 0.0
    assert knob.row is not None
    row = solved.market.row_of(*knob.row)
    is_demand = knob.row[0] == "demand_met"  # it takes the greatest inflow along, if one is given
    steps = np.zeros((2, solved.market.row_count))
    steps[:, row] = (True, True) if is_demand else moving_bounds(solved.market, row)
    moving = ParametricBounds(allocator, *steps)
    sign = 1.0 if is_demand else -1.0
    reach = knob.high - knob.low
    try:
        _, end = moving.feasible(0.0, reach)
        bend = first_bend(moving, Point(0.0, solved.optimum.objective, sign * slope), end)
    except NoPlan:
        return now
    if bend is None:
        return None if end == reach else _within(now + end)
    return _within(now + bend)


def _within(kt: float) -> float:
    """Rounded down, so that there is a plan there, but for what arithmetic takes from a decimal."""
    scale = 1.0 / SHORTEST_KT
    return floor(kt * scale + ROUNDING) / scale


def first_bend(moving: ParametricBounds, start: Point, end: float) -> float | None:
    """Where a convex cost leaves the line on which it starts; None where it does not.

    The line that supports the cost at a point beyond the bend meets the first line at the
    bend or between it and that point: a few solves come to it exactly.
    """
    at = end
    while at > SHORTEST_KT:
        point = moving.point(at)
        if point.cost_kcny - start.line(at) <= EXACT * (1.0 + abs(point.cost_kcny)):
            return None if at == end else at
        bend = point.slope - start.slope
        meets = (start.line(0.0) - point.line(0.0)) / bend if bend > 0 else 0.0
        if not meets < at:
            return at
        at = meets
    return 0.0
