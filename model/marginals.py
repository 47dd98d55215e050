"""What one tonne more, and one tonne less, is worth at every origin, sink and limit: exact on both sides.

The cost of the best plan is piecewise linear in each bound. Its slope to one side is
the optimum of the *directional program* at the plan: flows may change in every way that
stays feasible to first order, and the changes must add up to one more (or less) unit of
the bound. At a degenerate plan the two sides differ; a solver's dual is any number between.
Every program prices all lanes on offer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from model.allocate import Allocator, Optimum, tight
from model.highs import Status
from model.lanes import COST, Floats
from model.market import FAMILIES

ROLES = dict(zip(FAMILIES, ("origin", "sink", "limit"), strict=True))
COLUMNS = ["place", "role", "left_cny_per_t", "right_cny_per_t", "left_reason", "right_reason"]
SMALL = 1e-9


@dataclass(frozen=True)
class Side:
    """Slope of cost to one side of a bound, CNY/t; None where the bound cannot move that way."""

    slope_cny_per_t: float | None
    reason: str


class Tangent:
    """The directional program at a plan: its flows are changes, per unit of one bound."""

    def __init__(self, allocator: Allocator, plan: Optimum) -> None:
        self._allocator, self._plan = allocator, plan
        market = allocator.market
        at_lower = tight(plan.row_value, market.row_lower_kt)
        at_upper = tight(plan.row_value, market.row_upper_kt)
        self._row_lower = np.where(at_lower, 0.0, -np.inf)
        self._row_upper = np.where(at_upper, 0.0, np.inf)
        self._basis = allocator.basis()

    def side(self, row: int, step: int) -> Side:
        """Slope of cost as the bound of a row moves by `step` (+1 or -1) kt."""
        lower, upper = self._row_lower.copy(), self._row_upper.copy()
        moves_lower, moves_upper = self._moving_bounds(row)
        if moves_lower:
            lower[row] += step
        if moves_upper:
            upper[row] += step
        optimum = self._solve(lower, upper)
        if optimum.status is not Status.OPTIMAL:
            return Side(None, self._why_not(optimum))
        return Side(optimum.objective * step + 0.0, self._chain(optimum, row, step))

    def leave(self) -> None:
        """Give the allocator its own bounds and the plan's basis back."""
        self._allocator.restore_bounds()
        self._allocator.session.set_basis(self._basis)

    def _moving_bounds(self, row: int) -> tuple[bool, bool]:
        """Which bounds are the row's figure: supply above, demand below (and above where it is the
        most that is taken), a limit's maximum, or its minimum where it has no other.
        """
        market = self._allocator.market
        lower, upper = market.row_lower_kt[row], market.row_upper_kt[row]
        if row < len(market.origins):
            return False, True
        if row < len(market.origins) + len(market.sinks):
            return True, bool(upper == lower)
        return bool(np.isinf(upper)), bool(np.isfinite(upper))

    def _solve(self, row_lower: Floats, row_upper: Floats) -> Optimum:
        allocator = self._allocator
        allocator.set_row_bounds(row_lower, row_upper)
        while True:
            seen = len(allocator.lanes)
            allocator.set_lane_bounds(*self._lane_bounds())
            optimum = allocator.optimise(COST)
            if len(allocator.lanes) == seen:
                return optimum

    def _lane_bounds(self) -> tuple[Floats, Floats]:
        """Changes that a lane's own bounds allow; lanes found since the plan carry nothing in it."""
        lanes = self._allocator.lanes
        flow = np.zeros(len(lanes))
        flow[: len(self._plan.ship_kt)] = self._plan.ship_kt
        return (
            np.where(tight(flow, lanes.min_kt), 0.0, -np.inf),
            np.where(tight(flow, lanes.max_kt), 0.0, np.inf),
        )

    def _why_not(self, optimum: Optimum) -> str:
        """What stops the bound from moving: rows that the least violation leans on."""
        market = self._allocator.market
        binding = [
            name
            for (family, name), dual in zip(market.rows, optimum.row_dual, strict=True)
            if abs(dual) > SMALL and family != "demand_met"
        ]
        if not binding:
            return "cannot change this way"
        return "cannot change this way: bound by " + ", ".join(binding)

    def _chain(self, optimum: Optimum, row: int, step: int) -> str:
        """The changes in words: which flows move, in the order that links them, and where it ends."""
        market, lanes = self._allocator.market, optimum.lanes
        change: dict[tuple[str, str], float] = {}
        for lane in np.flatnonzero(np.abs(optimum.ship_kt) > SMALL):
            pair = market.origins[lanes.origin[lane]], market.sinks[lanes.sink[lane]]
            change[pair] = change.get(pair, 0.0) + float(optimum.ship_kt[lane])
        change = {pair: kt for pair, kt in change.items() if abs(kt) > SMALL}
        if not change:
            return "no flow changes"
        shipped: dict[str, float] = {}
        for (origin, _), kt in change.items():
            shipped[origin] = shipped.get(origin, 0.0) + kt
        this_origin = market.origins[row] if row < len(market.origins) else None
        ends = [
            f"{origin} ships {abs(kt):.4g} {'more' if kt > 0 else 'less'}"
            for origin, kt in sorted(shipped.items())
            if abs(kt) > SMALL and origin != this_origin
        ]
        start = this_origin or (
            market.sinks[row - len(market.origins)] if row < _limits(market) else None
        )
        moves = [f"{origin} to {sink} {kt:+.4g}" for (origin, sink), kt in _linked(change, start)]
        return "; ".join([*ends, *moves])


def _limits(market: object) -> int:
    return len(market.origins) + len(market.sinks)  # type: ignore[attr-defined]


def _linked(
    change: dict[tuple[str, str], float], start: str | None
) -> list[tuple[tuple[str, str], float]]:
    """Changes in the order in which they share a place, beginning at `start`."""
    left, ordered, place = dict(sorted(change.items())), [], start
    while left:
        pair = next((pair for pair in left if place in pair), next(iter(left)))
        ordered.append((pair, left.pop(pair)))
        place = pair[0] if place == pair[1] else pair[1]
    return ordered


def marginal_prices(allocator: Allocator, plan: Optimum) -> pd.DataFrame:
    """Left and right marginal value of every origin, sink and limit (`prices.csv`).

    Returns
    -------
    pandas.DataFrame
        place, role, left_cny_per_t, right_cny_per_t, left_reason, right_reason. Left is
        the last unit there is, right the next one. A sink's is what its tonne costs; an
        origin's or a limit's is what its unit saves. A limit with a measure other than
        shipments has its own unit (CNY thousand per unit of the measure).
    """
    tangent = Tangent(allocator, plan)
    records = []
    for row, (family, name) in enumerate(allocator.market.rows):
        left, right = tangent.side(row, -1), tangent.side(row, +1)
        sign = 1.0 if family == "demand_met" else -1.0
        records.append(
            {
                "place": name,
                "role": ROLES[family],
                "left_cny_per_t": _worth(left, sign),
                "right_cny_per_t": _worth(right, sign),
                "left_reason": left.reason,
                "right_reason": right.reason,
            }
        )
    tangent.leave()
    return pd.DataFrame(records, columns=COLUMNS)


def _worth(side: Side, sign: float) -> float:
    if side.slope_cny_per_t is None:
        return float("nan")
    return round(sign * side.slope_cny_per_t, 6) + 0.0
