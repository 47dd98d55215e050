"""The plans near the published one: how far each measure and each used lane goes in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from model.arrays import Floats
from model.case.case import Case
from model.case.records import Record
from model.market.columns import columns
from model.market.compile_market import compile_market
from model.market.lanes import COST, Objective
from model.market.market import Market, add_limits
from model.result.flows import is_shipment, lane_table
from model.solve.optimum import Optimum
from model.solve.tie_break import Face, listed_face, settle
from model.studies.allowance import Allowance
from model.studies.published import published_plan
from model.studies.ranges.frontier import STEEP, Frontier, FrontierPoint, Reach, on_chord
from model.studies.ranges.known_plans import KnownPlans
from model.studies.ranges.measures import Measure
from model.studies.ranges.quantities import (
    Measured,
    OfLane,
    Quantity,
    corner_of,
    cost_kcny,
)
from model.studies.ranges.second_best_routes import add_second_best_routes

MOST_MEASURES = 2_000
"""With more measures, of pairs only those are measured that the published plan uses."""
MOST_TIMES_LANES = 2
"""With so many times the lanes of the start, they slow a solve down more than they help it."""
DECIMALS = 6
LEAST_KT = 1e-6
MOST_ALTERNATIVES = 4
NO_LANE = {"mode": "", "route": ""}
FLOW_COLUMNS = ["origin", "sink", "mode", "route", "ship_kt", "km", "cost_cny_per_t"]


class NearOptimal:
    """The program with a limit for every measure, at its published plan.

    Parameters
    ----------
    with_lanes : whether the lanes that the plan uses are measured as well

    Attributes
    ----------
    measures : those that are kept
    quantities : a measure each, then a used lane each

    Raises
    ------
    NoPlan
        The case has no feasible plan.
    """

    def __init__(
        self, case: Case, wanted: list[Measure], allowance: Allowance, *, with_lanes: bool = True
    ) -> None:
        market = compile_market(case)
        self.measures = _few(wanted, market, allowance)
        self._measures_used_alone = len(self.measures) < len(wanted)
        first = len(market.limits.names)
        if self.measures:
            market = add_limits(market, [measure.selection for measure in self.measures])
            market = _never_tight(market, len(self.measures))
        self._market = market
        self.allocator = allowance.allocator(market)
        self.plan = plan = published_plan(self.allocator)
        used = is_shipment(market, plan.lanes, plan.ship_kt) & with_lanes
        self._used = np.flatnonzero(used)
        self._limits = first + np.arange(len(self.measures))
        measured = [
            Measured.of(self.allocator, plan, measure, limit)
            for limit, measure in zip(self._limits.tolist(), self.measures, strict=True)
        ]
        lanes = [OfLane.of(self.allocator, plan, row) for row in self._used.tolist()]
        add_second_best_routes(self.allocator, [lane.lane for lane in lanes])
        self.quantities: list[Quantity] = [*measured, *lanes]
        self._names = [
            {"kind": m.kind, "origin": m.origin, "sink": m.sink} | NO_LANE for m in self.measures
        ] + self._names_of([lane.row for lane in lanes])
        self._frontiers: dict[tuple[int, int], Frontier] = {}
        self._start = len(self.allocator.lanes), self.allocator.basis()
        self._known = KnownPlans(len(self.quantities))
        self._hint = self._freight_kcny / max(float(plan.ship_kt.sum()), LEAST_KT) or None

    def _names_of(self, rows: list[int]) -> list[dict[str, str]]:
        table = lane_table(self._market, self.plan.lanes.take(np.array(rows, dtype=np.intp)))
        names = table[["origin", "sink", "mode", "route"]].astype(str).to_dict("records")
        return [{"kind": "lane"} | {str(key): each[key] for key in each} for each in names]

    def rows(self, within: float) -> Iterator[Record]:
        """Ranges of every quantity in plans within a share of the cost of transport."""
        found = self._on_face() if within == 0 else self._within(self.budget_kcny(within))
        for quantity, names, ends in zip(self.quantities, self._names, found, strict=True):
            now = quantity.now_kt
            low, high = (round(kt, DECIMALS) + 0.0 for kt in (min(ends[0], now), max(ends[1], now)))
            label = "never" if high <= LEAST_KT else "always" if low > LEAST_KT else "sometimes"
            figures = {"ship_kt": round(now, DECIMALS), "low_kt": low, "high_kt": high}
            yield {"within": within, **names, **figures, "label": label}

    def budget_kcny(self, within: float) -> float:
        """What a plan may cost: the least, and a share of the published plan's freight.

        Where that is 0, a share of the size of its cost.
        """
        return self.plan.objective + within * (self._freight_kcny or abs(self.plan.objective))

    @property
    def _freight_kcny(self) -> float:
        return float(self.plan.lanes.freight_cny_per_t @ self.plan.ship_kt)

    def _within(self, budget_kcny: float) -> Iterator[tuple[float, float]]:
        for number, quantity in enumerate(self.quantities):
            least = 0.0
            if quantity.now_kt > LEAST_KT:
                least = -self._reach(number, -1, budget_kcny)
            yield least, self._reach(number, +1, budget_kcny)

    def _reach(self, number: int, sign: int, budget_kcny: float) -> float:
        """How far a quantity goes within a budget; its last tonne's cost is a hint for others."""
        self._forget_lanes()
        known = self._known.edge(number, sign, budget_kcny)
        frontier = self._frontiers.get((number, sign))
        if frontier is None:
            frontier = self._frontiers[number, sign] = Frontier(
                partial(self._corner, number, sign),
                [FrontierPoint(self.plan.objective, sign * self.quantities[number].now_kt), *known],
                self._steep,
                self.quantities[number].most_kt if sign > 0 else 0.0,
                self._hint,
            )
        reach = frontier.reach(budget_kcny)
        self._hint = frontier.slope or self._hint
        return reach.measure

    def _forget_lanes(self) -> None:
        """Where most lanes are those of earlier quantities, go back to those of the start."""
        lanes, _ = self._start
        if len(self.allocator.lanes) > MOST_TIMES_LANES * lanes:
            self.allocator.keep(*self._start)

    def _corner(self, number: int, sign: int, price: float) -> FrontierPoint:
        """The plan that minimises cost less a price on a quantity."""
        plan = self.quantities[number].plan(sign, price)
        kt = self._learn(plan)
        return FrontierPoint(cost_kcny(self._market, plan), sign * float(kt[number]))

    def _learn(self, plan: Optimum) -> Floats:
        """Every quantity in a plan, which is known from then on."""
        _, _, activity = self._market.split(plan.row_value)
        kt: Floats = np.r_[activity[self._limits], plan.ship_kt[self._used]]
        self._known.add(cost_kcny(self._market, plan), kt)
        return kt

    @property
    def _steep(self) -> float:
        return STEEP * (1.0 + float(np.abs(self.allocator.lanes.cost_cny_per_t).max(initial=0.0)))

    def _on_face(self) -> Iterator[tuple[float, float]]:
        """Ends of every quantity among the optimal plans."""
        face = listed_face(self.allocator, self.allocator.optimise(COST, primal=True), COST)
        now = np.array([quantity.now_kt for quantity in self.quantities])
        least, greatest = now.copy(), now.copy()
        with self.allocator.bounds(face.rows, face.lanes):
            varies = self._vary(face)
            for number, quantity in enumerate(self.quantities):
                for sign in (-1, +1) if varies[number] else ():
                    is_most = (
                        least[number] <= 0 if sign < 0 else greatest[number] >= quantity.most_kt
                    )
                    if not is_most:
                        kt = self._learn(quantity.extreme(sign, face))
                        least, greatest = np.minimum(least, kt), np.maximum(greatest, kt)
                yield float(least[number]), float(greatest[number])

    def _vary(self, face: Face) -> list[bool]:
        """Which quantities may differ between plans of the face."""
        if face.listed is None:
            return [quantity.varies(face) for quantity in self.quantities]
        lanes = self.allocator.lanes
        lower, upper = face.lanes(lanes)
        counted = lanes.limit_weight.T @ (upper > lower)
        return [*(counted[self._limits] > 0).tolist(), *(upper > lower)[self._used].tolist()]

    def alternatives(self, within: float) -> Iterator[Reach]:
        """Plans within the budget, each with the most tonnes on pairs that none before it uses."""
        budget, market = self.budget_kcny(within), self._market
        pairs = [
            each
            for each in self.quantities
            if isinstance(each, Measured) and each.measure.kind == "pair"
        ]
        used = {pair.limit for pair in pairs if pair.now_kt > LEAST_KT}
        for _ in range(MOST_ALTERNATIVES):
            weights = np.zeros(len(market.limits.names))
            weights[[pair.limit for pair in pairs if pair.limit not in used]] = 1.0
            if self._measures_used_alone:
                weights[list(used)] = -1.0
            start = corner_of(market, self.plan, weights)
            frontier = Frontier(partial(self._priced, weights), [start], self._steep)
            reach = frontier.reach(budget)
            if reach.measure - start.measure < LEAST_KT:
                return
            reach = self._settled(weights, frontier.slope or self._steep, budget)
            lanes = self.allocator.lanes.take(np.arange(len(reach.ship_kt)))
            _, _, activity = market.split(columns(market, lanes) @ reach.ship_kt)
            now = {pair.limit for pair in pairs if activity[pair.limit] > LEAST_KT}
            if now <= used:
                return
            yield reach
            used |= now

    def _priced(self, weights: Floats, price: float) -> FrontierPoint:
        """The plan that minimises cost − price × measure, the measure weighing limits' activity."""
        objective = Objective(cost=1.0, activity=price * weights)
        return corner_of(self._market, self.allocator.optimise(objective, primal=True), weights)

    def _settled(self, weights: Floats, price: float, budget_kcny: float) -> Reach:
        """The plan at the budget between two, of least and greatest cost, that a price finds alike.

        Both are settled like the published plan, so nothing depends on what was solved before.
        """
        allocator = self.allocator
        objective = Objective(cost=1.0, activity=price * weights)
        face = listed_face(allocator, allocator.optimise(objective, primal=True), objective)
        with allocator.bounds(face.rows, face.lanes):
            least, greatest = (
                corner_of(self._market, self._first(towards, face), weights)
                for towards in (COST, Objective(cost=-1.0))
            )
        return on_chord(least, greatest, budget_kcny)

    def _first(self, objective: Objective, face: Face) -> Optimum:
        """The settled plan of those of a face, which was entered, that an objective finds best."""
        best = self.allocator.optimise(objective, face.market, primal=True)
        return settle(self.allocator, best, objective, face)

    def table(self, ship_kt: Floats) -> pd.DataFrame:
        """A plan as a table of its lanes."""
        lanes = self.allocator.lanes.take(np.arange(len(ship_kt)))
        used = np.flatnonzero(is_shipment(self._market, lanes, ship_kt))
        table = lane_table(self._market, lanes.take(used))
        table["ship_kt"] = np.round(ship_kt[used], DECIMALS)
        return table[FLOW_COLUMNS].sort_values(FLOW_COLUMNS[:4], ignore_index=True)


def _few(wanted: list[Measure], market: Market, allowance: Allowance) -> list[Measure]:
    """All measures, or on a large market the pairs that the published plan uses."""
    if len(wanted) <= MOST_MEASURES:
        return wanted
    plan = published_plan(allowance.allocator(market))
    used = np.zeros((len(market.origins), len(market.sinks)), dtype=bool)
    lanes = plan.lanes.take(np.flatnonzero(is_shipment(market, plan.lanes, plan.ship_kt)))
    used[lanes.origin, lanes.sink] = True
    return [
        measure
        for measure in wanted
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
