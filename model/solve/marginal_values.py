"""What a tonne more, and a tonne less, is worth at every origin, sink and limit: exact on both.

The cost of the best plan is piecewise linear in each bound. Its slope to one side is
the optimum of the *directional program* at the plan: flows may change in every way that
stays feasible to first order, and the changes must add up to one more (or less) unit of
the bound. At a degenerate plan the two sides differ; a solver's dual is any number between.
Every program prices all lanes on offer.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from model.arrays import Floats
from model.case.commodities import INPUT
from model.case.errors import OutOfTime
from model.market.arc_flow import arc_flow
from model.market.lanes import COST, Lanes, Objective
from model.market.market import FAMILIES, Market
from model.solve.basis_change import BasisChange
from model.solve.change_text import bound_by, changes, flows_of_pairs, in_words
from model.solve.column_generation import Allocator
from model.solve.optimum import SMALL, Optimum
from model.solve.residual import Residual
from model.solve.solution import Status
from model.solve.warm_program import Bounds, tight

ROLES = dict(zip(FAMILIES, ("origin", "sink", "limit"), strict=True))
COSTS = (ROLES["demand_met"], INPUT)
"""Roles of places at which a tonne more is worth what it costs; at others, what it saves."""
COLUMNS = ["place", "role", "left_cny_per_t", "right_cny_per_t", "left_reason", "right_reason"]


@dataclass(frozen=True)
class Side:
    """Slope of cost to one side of a bound, CNY/t; None where the bound cannot move that way."""

    slope_cny_per_t: float | None
    reason: str

    def plus(self, unpaid_cny_per_t: float) -> Side:
        """With what a sink no longer pays for a tonne that its demand now counts."""
        if self.slope_cny_per_t is None or not unpaid_cny_per_t:
            return self
        return Side(self.slope_cny_per_t + unpaid_cny_per_t, self.reason)


class Tangent:
    """The directional program at a plan: its flows are changes, per unit of one bound.

    To be used in a `with` statement; then the allocator has its bounds and its basis back.

    Parameters
    ----------
    allocator : Allocator
        Just solved; `plan` is its answer, under the bounds of rows that it has.
    objective : Objective
        What the plan minimises.
    """

    def __init__(self, allocator: Allocator, plan: Optimum, objective: Objective = COST) -> None:
        self._allocator, self._plan, self._objective = allocator, plan, objective
        self._held = lower, upper = allocator.row_bounds
        self._rows = (
            np.where(tight(plan.row_value, lower), 0.0, -np.inf),
            np.where(tight(plan.row_value, upper), 0.0, np.inf),
        )
        self._basis = allocator.basis()
        self._bounds = ExitStack()

    def __enter__(self) -> Tangent:
        self._bounds.enter_context(self._allocator.bounds(self._rows, self._lane_bounds))
        return self

    def __exit__(self, *_: object) -> None:
        self._bounds.close()
        self._allocator.session.set_basis(self._basis)

    def side(self, row: int, step: int, moving: tuple[bool, bool] | None = None) -> Side:
        """Slope of cost as the bound of a row moves by `step` (+1 or -1) kt.

        Parameters
        ----------
        moving : which bounds, lower and upper, move, where not those that `moving_bounds` says
        """
        market = self._allocator.market
        moves = np.zeros((2, market.row_count))
        moves[:, row] = np.array(moving or moving_bounds(market, row)) * step
        unpaid = market.row_price_cny_per_t[row] if moves[0, row] else 0.0
        if not np.any(np.isfinite(self._rows) & (moves != 0)):
            return Side(unpaid, in_words(market, {}))  # the bound is loose: nothing moves with it
        side = self._by_basis(row, step, moves) or self._by_residual(row, step, moves)
        if side is not None:
            return side.plus(unpaid)
        optimum = self.direction(*moves)
        if optimum.status is Status.LIMIT:
            raise OutOfTime
        if optimum.status is not Status.OPTIMAL:
            return Side(None, self.why_not(optimum))
        return Side(optimum.objective * step + 0.0, in_words(market, changes(market, optimum), row))

    @cached_property
    def _change(self) -> BasisChange:
        return BasisChange(self._allocator, self._plan, self._basis, self._held)

    def _by_basis(self, row: int, step: int, moves: Floats) -> Side | None:
        """The slope where the plan's basis tells it, without another program."""
        market, plan = self._allocator.market, self._plan
        tight_sides = np.isfinite(self._rows)[:, row]
        if not self._change.nonbasic[row] or (tight_sides & (moves[:, row] == 0)).any():
            return None  # the row is slack to first order, or its other bound holds it
        flows = self._change.flows(row, step)
        if flows is None:
            return None
        changed = flows_of_pairs(market, plan.lanes, flows)
        return Side(float(plan.row_dual[row]) + 0.0, in_words(market, changed, row))

    @cached_property
    def _residual(self) -> Residual | None:
        """The residual graph of a plan of least cost, where the market is one network."""
        arcs = arc_flow(self._allocator.market) if self._objective == COST else None
        if arcs is None:
            return None
        plan = self._plan
        lower, _ = self._lane_bounds(plan.lanes)
        residual = Residual(
            arcs,
            plan.lanes,
            np.isinf(lower),
            self._rows,
            plan.row_dual,
            self._allocator.slacks.miss_cost(len(plan.row_dual)),
        )
        return residual if residual.is_sound else None

    def _by_residual(self, row: int, step: int, moves: Floats) -> Side | None:
        """The slope where the market is one network: by a shortest path."""
        least, most = (float(bound[row]) for bound in np.array(self._rows) + moves)
        move = None if self._residual is None else self._residual.move(row, least, most)
        if move is None:
            return None
        market = self._allocator.market
        if np.isinf(move.cost_kcny):
            return Side(None, bound_by(market, move.blocked_by))
        change = {
            (market.origins[origin], market.sinks[sink]): kt
            for (origin, sink), kt in move.change.items()
        }
        return Side(move.cost_kcny * step + 0.0, in_words(market, change, row))

    def direction(self, lower_step: Floats, upper_step: Floats) -> Optimum:
        """Changes of flows, and of cost, per unit of these changes of row bounds, (O + S + K,)."""
        lower, upper = self._rows
        with self._allocator.bounds((lower + lower_step, upper + upper_step)):
            return self._allocator.optimise(self._objective)

    def _lane_bounds(self, lanes: Lanes) -> Bounds:
        """Changes that a lane's own bounds allow; lanes found since carry nothing in the plan."""
        flow = np.zeros(len(lanes))
        flow[: len(self._plan.ship_kt)] = self._plan.ship_kt
        return (
            np.where(tight(flow, lanes.min_kt), 0.0, -np.inf),
            np.where(tight(flow, lanes.max_kt), 0.0, np.inf),
        )

    def why_not(self, optimum: Optimum) -> str:
        """What stops the bound from moving: rows that the least violation leans on."""
        leaned_on = np.flatnonzero(np.abs(optimum.row_dual) > SMALL)
        return bound_by(self._allocator.market, leaned_on.tolist())


def moving_bounds(market: Market, row: int) -> tuple[bool, bool]:
    """Which bounds, lower and upper, are the row's figure.

    Supply: the upper one. Demand: the lower one, and the upper where it is the same.
    A limit: its maximum, or its minimum where it has no other. An input: both.
    """
    if row in market.input_rows:
        return True, True
    lower, upper = market.row_lower_kt[row], market.row_upper_kt[row]
    if row < len(market.origins):
        return False, True
    if row < len(market.origins) + len(market.sinks):
        return True, bool(upper == lower)
    return bool(np.isinf(upper)), bool(np.isfinite(upper))


def marginal_value_table(allocator: Allocator, plan: Optimum) -> pd.DataFrame:
    """Left and right marginal value of every origin, sink, limit and input (`prices.csv`).

    Returns
    -------
    pandas.DataFrame
        place, role, left_cny_per_t, right_cny_per_t, left_reason, right_reason. Left is
        the last unit there is, right the next one. A sink's is what its tonne costs, and so
        is that of an input, delivered; an origin's or a limit's is what its unit saves. A limit
        with a measure other than shipments has its own unit (CNY thousand per unit of the
        measure). The reason is the chain of flows that changes, from the place to where it
        ends; of a blank side, what stops it.

    Raises
    ------
    OutOfTime
    """
    records = []
    market = allocator.market
    places = {taken.place + len(market.origins) for taken in market.inputs}
    with Tangent(allocator, plan) as tangent:
        for row, (family, name) in enumerate(market.rows):
            if row in places or row in market.short:
                continue  # without bounds; what comes in is worth what its recipe says
            left, right = tangent.side(row, -1), tangent.side(row, +1)
            role = INPUT if row in market.input_rows else ROLES[family]
            sign = 1.0 if role in COSTS else -1.0
            records.append(
                {
                    "place": name,
                    "role": role,
                    "left_cny_per_t": _worth(left, sign),
                    "right_cny_per_t": _worth(right, sign),
                    "left_reason": left.reason,
                    "right_reason": right.reason,
                }
            )
    return pd.DataFrame(records, columns=COLUMNS)


def _worth(side: Side, sign: float) -> float:
    if side.slope_cny_per_t is None:
        return float("nan")
    return round(sign * side.slope_cny_per_t, 6) + 0.0
