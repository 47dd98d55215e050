"""The plans near the published one: how far each measure and each used lane goes in them."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property, partial
from typing import Any

import numpy as np
import pandas as pd

from model.arrays import Floats
from model.case.case import Case
from model.market.compile_market import compile_market
from model.market.lanes import COST, Objective, columns
from model.market.market import Market, add_limits
from model.market.selection import Selection
from model.result.flows import LEAST_SHIPMENT_KT, lane_table
from model.solve.column_generation import Allocator, Optimum
from model.solve.tie_break import Face, enter_face
from model.studies.published import published_plan
from model.studies.ranges.frontier import STEEP, Corner, Frontier, Reach
from model.studies.ranges.measures import Measure
from model.studies.ranges.second_best_routes import (
    LaneObjective,
    Reward,
    add_second_best_routes,
    optimise_lane,
)

MOST_MEASURES = 2_000
"""With more measures, of pairs only those are asked for that the published plan uses."""
DECIMALS = 6
LEAST_KT = 1e-6
MOST_ALTERNATIVES = 4
NO_LANE = {"mode": "", "route": ""}
FLOW_COLUMNS = ["origin", "sink", "mode", "route", "ship_kt", "km", "cost_cny_per_t"]


class NearOptimal:
    """The program with a row for every measure, at its published plan.

    Parameters
    ----------
    with_lanes : whether the lanes that the plan uses are asked for beside the measures

    Raises
    ------
    NoPlan
        The case has no feasible plan.
    """

    def __init__(self, case: Case, asked: list[Measure], *, with_lanes: bool = True) -> None:
        self._case = case
        market = compile_market(case)
        self.asked = asked = _few(asked, market)
        names = [f"{m.kind} {m.origin} {m.sink}" for m in self.asked]
        selections = [measure.selection for measure in self.asked]
        if asked:
            market = _never_tight(
                add_limits(market, dict(zip(names, selections, strict=True))), len(asked)
            )
        self._market = market
        self._first_row = market.row_count - len(names)
        self.allocator = Allocator(market)
        self.plan = published_plan(self.allocator)
        used = np.flatnonzero(self.plan.ship_kt > LEAST_SHIPMENT_KT)
        self._used = used if with_lanes else used[:0]
        self.lanes = [LaneObjective.on(self.plan.lanes, int(row)) for row in self._used]
        for lane in self.lanes:
            add_second_best_routes(self.allocator, lane)
        self._frontiers: dict[tuple[int, int], Frontier] = {}

    def rows(self, within: float) -> list[dict[str, Any]]:
        """Ranges of every measure and every used lane, for one share of the least cost."""
        measured = self._on_face() if within == 0 else self._within(within)
        records = []
        for number, (low, high) in enumerate(measured):
            ship, named = self._now(number)
            low, high = (round(kt, DECIMALS) + 0.0 for kt in (min(low, ship), max(high, ship)))
            label = "never" if high <= LEAST_KT else "always" if low > LEAST_KT else "sometimes"
            figures = {"ship_kt": round(ship, DECIMALS), "low_kt": low, "high_kt": high}
            records.append({"within": within, **named, **figures, "label": label})
        return records

    def _now(self, number: int) -> tuple[float, dict[str, str]]:
        """What the published plan has of a measure (then of a used lane), and its names."""
        if number < len(self.asked):
            m = self.asked[number]
            kt = float(self.plan.row_value[self._first_row + number])
            return kt, {"kind": m.kind, "origin": m.origin, "sink": m.sink} | NO_LANE
        row = number - len(self.asked)
        kt = float(self.plan.ship_kt[self._used[row]])
        return kt, {"kind": "lane", **self._lane_names[row]}

    @cached_property
    def _lane_names(self) -> list[dict[str, str]]:
        table = lane_table(self._market, self.plan.lanes.take(self._used))
        names = table[["origin", "sink", "mode", "route"]].to_dict("records")
        return [{str(key): str(value) for key, value in record.items()} for record in names]

    # Within a budget

    def _within(self, within: float) -> list[tuple[float, float]]:
        budget = self.plan.objective + within * abs(self.plan.objective)
        numbers = range(len(self.asked) + len(self.lanes))
        return [
            (
                0.0
                if self._now(number)[0] <= LEAST_KT
                else -self._frontier(number, -1).reach(budget).measure,
                self._frontier(number, +1).reach(budget).measure,
            )
            for number in numbers
        ]

    def _frontier(self, number: int, sign: int) -> Frontier:
        key = number, sign
        if key not in self._frontiers:
            is_lane = number >= len(self.asked)
            solve = self._lane_corner if is_lane else self._corner
            where = number - len(self.asked) if is_lane else number
            now = self._now(number)[0]
            self._frontiers[key] = Frontier(
                lambda price: solve(where, sign, price),
                Corner(self.plan.objective, sign * now, self.plan.ship_kt),
                self._steep,
                self._most(number) if sign > 0 else 0.0,
            )
        return self._frontiers[key]

    @property
    def _steep(self) -> float:
        return STEEP * (1.0 + float(self.allocator.lanes.cost_cny_per_t.max()))

    def _most(self, number: int) -> float:
        """What a pair or outflow cannot exceed: the supply of its origins, what its sinks take."""
        market = self._market
        if number >= len(self.asked):
            lane = self.lanes[number - len(self.asked)]
            return float(min(market.supply_kt[lane.pair[0]], market.max_kt[lane.pair[1]]))
        selection = self.asked[number].selection
        if selection.depends_on_route:
            return float("inf")
        supply = market.supply_kt[selection.origins].sum()
        return float(min(supply, market.max_kt[selection.sinks].sum()))

    def _weights(self, number: int) -> Floats:
        weights = np.zeros(len(self._market.limits.names))
        weights[len(weights) - len(self.asked) + number] = 1.0
        return weights

    def _corner(self, number: int, sign: int, price: float) -> Corner:
        weights = sign * self._weights(number)
        if sign > 0 and self.asked[number].selection.depends_on_route:
            return self._found(self.allocator.optimise(Reward(1.0, bonus=price * weights)), weights)
        return self._priced(weights, price)

    def _priced(self, weights: Floats, price: float) -> Corner:
        """The plan that minimises cost − price × measure, the measure weighing limits' rows."""
        objective = Objective(cost=1.0, activity=price * weights)
        return self._found(self.allocator.optimise(objective, primal=True), weights)

    def _found(self, optimum: Optimum, weights: Floats) -> Corner:
        _, _, activity = self._market.split(optimum.row_value)
        return Corner(_cost(optimum), float(activity @ weights), optimum.ship_kt)

    def _lane_corner(self, row: int, sign: int, price: float) -> Corner:
        optimum = optimise_lane(self.allocator, self.lanes[row], sign * price)
        kt = float(optimum.ship_kt[self._used[row]])
        return Corner(_cost(optimum), sign * kt, optimum.ship_kt)

    # Among the optimal plans

    def _on_face(self) -> list[tuple[float, float]]:
        plan = self.allocator.optimise(COST, primal=True)
        face = enter_face(self.allocator, plan, COST)
        measured = [
            (self._face_value(number, -1, face), self._face_value(number, +1, face))
            if _varies(face, measure.selection)
            else (self._now(number)[0], self._now(number)[0])
            for number, measure in enumerate(self.asked)
        ]
        measured += [
            (self._lane_on_face(row, -1, face), self._lane_on_face(row, +1, face))
            for row in range(len(self.lanes))
        ]
        self.allocator.restore_bounds()
        return measured

    def _face_value(self, number: int, sign: int, face: Face) -> float:
        objective = Objective(activity=sign * self._weights(number))
        optimum = self.allocator.optimise(objective, face.market, primal=True)
        return float(optimum.row_value[self._first_row + number])

    def _lane_on_face(self, row: int, sign: int, face: Face) -> float:
        lane = replace(self.lanes[row], cost=0.0)
        optimum = optimise_lane(self.allocator, lane, float(sign), face)
        return float(optimum.ship_kt[self._used[row]])

    # Other plans

    def alternatives(self, within: float) -> list[Reach]:
        """Plans within the budget, each with the most tonnes on pairs that none before it uses."""
        budget = self.plan.objective + within * abs(self.plan.objective)
        pairs = [number for number, m in enumerate(self.asked) if m.kind == "pair"]
        used = {number for number in pairs if self._now(number)[0] > LEAST_KT}
        first = len(self._market.limits.names) - len(self.asked)
        plans: list[Reach] = []
        while len(plans) < MOST_ALTERNATIVES:
            weights = np.zeros(len(self._market.limits.names))
            weights[[first + number for number in used]] = -1.0
            _, _, activity = self._market.split(self.plan.row_value)
            start = Corner(self.plan.objective, float(activity @ weights), self.plan.ship_kt)
            frontier = Frontier(partial(self._priced, weights), start, self._steep, 0.0)
            reach = frontier.reach(budget)
            if reach.measure - start.measure < LEAST_KT:
                break
            plans.append(reach)
            matrix = columns(self._market, self.allocator.lanes.take(np.arange(len(reach.ship_kt))))
            value = matrix @ reach.ship_kt
            used |= {number for number in pairs if value[self._first_row + number] > LEAST_KT}
        return plans

    def table(self, ship_kt: Floats) -> pd.DataFrame:
        """A plan as a table of its lanes."""
        used = np.flatnonzero(ship_kt > LEAST_SHIPMENT_KT)
        table = lane_table(self._market, self.allocator.lanes.take(used))
        table["ship_kt"] = np.round(ship_kt[used], DECIMALS)
        return table[FLOW_COLUMNS].sort_values(FLOW_COLUMNS[:4], ignore_index=True)


def _few(asked: list[Measure], market: Market) -> list[Measure]:
    """All that is asked for, or on a large market the pairs that the published plan uses."""
    if len(asked) <= MOST_MEASURES:
        return asked
    plan = published_plan(Allocator(market))
    used = np.zeros((len(market.origins), len(market.sinks)), dtype=bool)
    lanes = plan.lanes.take(np.flatnonzero(plan.ship_kt > LEAST_SHIPMENT_KT))
    used[lanes.origin, lanes.sink] = True
    return [
        measure
        for measure in asked
        if measure.kind != "pair"
        or used[np.ix_(measure.selection.origins, measure.selection.sinks)].any()
    ]


def _never_tight(market: Market, count: int) -> Market:
    """The last limits with a bound that none comes to, so that they never bear a price.

    A price on a row at its bound of 0 would be a reward for passing a port.
    """
    limits = market.limits
    least = limits.min_kt.copy()
    least[-count:] = -1.0
    return replace(market, limits=replace(limits, min_kt=least))


def _cost(optimum: Optimum) -> float:
    return float(optimum.lanes.cost_cny_per_t @ optimum.ship_kt)


def _varies(face: Face, selection: Selection) -> bool:
    """Whether some lane that a selection picks may differ between optimal plans."""
    if selection.depends_on_route:
        return True
    return any(offer.joins(selection.pairs) for offer in face.market.offers)
