"""Solve over few lanes, price all others, add those that pay, prove: the loop of every study."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np

from model.arrays import Booleans, Floats, Integers
from model.market.lanes import (
    COST,
    NOTHING,
    TOLERANCE_CNY_PER_T,
    Lanes,
    Objective,
    Prices,
    Seen,
    columns,
)
from model.market.market import Market
from model.solve.highs import Basis, Session, Solution, Status
from model.solve.phase1 import Phase1Slacks, with_phase1_slacks
from model.solve.program import compile_program

PHASE_1_TOLERANCE = 1e-9
"""Shortage cost is 1 per kt, so a reduced cost below this is none."""
CHEAPEST_FIRST = Objective(cost=1e-7)
"""Phase 1 only: of lanes and routes that relieve a shortage alike, the cheapest comes first."""


@dataclass(frozen=True)
class Optimum:
    """The answer of one program, proved over every lane on offer when optimal.

    Attributes
    ----------
    lanes : the lanes that the solver saw, n rows
    ship_kt, reduced_cost : (n,)
    row_value, row_dual : (O + S + K,)
    slack_kt : shortage and violation of each elastic column; all zero unless infeasible
    rounds : solves until no lane paid
    least_reduced_cost : of every lane left out, in the last round
    bound : proved least objective; not a number where there is no plan
    """

    status: Status
    objective: float
    lanes: Lanes
    ship_kt: Floats
    reduced_cost: Floats
    row_value: Floats
    row_dual: Floats
    slack_kt: Floats
    rounds: int
    least_reduced_cost: float
    bound: float = np.nan

    @property
    def has_plan(self) -> bool:
        """Whether the flows are a plan: the best one, or one found before a limit came."""
        return not np.isnan(self.bound)


class Allocator:
    """A market's program in a warm session that grows by the lanes that pay.

    The session's columns are the elastic ones, then the lanes in the order they came.
    """

    def __init__(self, market: Market, *, time_limit_s: float | None = None) -> None:
        self.market = market
        none = Lanes.none(len(market.limits.names))
        self.lanes = Lanes.join([none, *(offer.initial_lanes() for offer in market.offers)])
        self.elastic = Phase1Slacks.of(market)
        self.session = Session(
            with_phase1_slacks(compile_program(market, self.lanes), self.elastic)
        )
        self.rounds = 0
        self._seen: dict[int, Seen] = {offer.number: set() for offer in market.offers}
        self._add_seen(self.lanes)
        self._deadline = None if time_limit_s is None else time.monotonic() + time_limit_s
        self._objective = COST
        self._relief = np.zeros(len(self.elastic))
        self._row_lower, self._row_upper = market.row_lower_kt, market.row_upper_kt
        starting = [
            offer.starting_lanes(self._seen[offer.number], market.supply_kt, market.demand_kt)
            for offer in market.offers
        ]
        self._add_any(starting)

    # Solving

    def optimise(
        self,
        objective: Objective = COST,
        among: Market | None = None,
        *,
        primal: bool = False,
    ) -> Optimum:
        """Minimise over every lane on offer (among those of a face, where one is given).

        Phase 1 is entered when the lanes seen so far allow no plan; only its proved
        positive optimum means infeasible.
        """
        self._set_objective(objective)
        started, has_plan = self.rounds, False
        standing: tuple[Optimum, Basis] | None = None
        while True:
            solution = self._solve(primal=primal)
            if solution.status is Status.INFEASIBLE:
                # Told infeasible twice, the shortage is too small to measure but there.
                phase_1 = self._least_shortage(among, started)
                if phase_1.status is not Status.OPTIMAL or has_plan:
                    return replace(phase_1, status=_infeasible_unless_stopped(phase_1.status))
                self._set_objective(objective)
                has_plan = True
                continue
            if solution.status is Status.LIMIT and standing is not None:
                return self._stand(*standing)
            if solution.status is not Status.OPTIMAL:
                return self._optimum(solution, started, np.nan)
            seen = self._optimum(solution, started, np.nan)
            basis = None if self._deadline is None else self.session.basis()
            grown, least = self._price(solution, objective, among)
            seen = replace(seen, least_reduced_cost=least, bound=self._bound(solution, least))
            if not grown:
                return seen
            if basis is not None:
                standing = seen, basis
            primal = True  # the plan stands; only lanes came

    def lift_time_limit(self) -> None:
        """Let what follows take as long as it does."""
        self._deadline = None

    def _bound(self, solution: Solution, least: float) -> float:
        """No plan costs less: every kt that sinks may take could save `least` at most."""
        taken_kt = float(self.market.max_kt.sum())
        return (
            solution.objective + min(0.0, least) * taken_kt
            if least < -TOLERANCE_CNY_PER_T
            else solution.objective
        )

    def _stand(self, plan: Optimum, basis: Basis) -> Optimum:
        """The plan of an earlier round, when a limit comes before proof."""
        new = len(self.lanes) - len(plan.lanes)
        nothing = np.zeros(new)
        self.session.set_basis(basis)
        return replace(
            plan,
            status=Status.LIMIT,
            lanes=self.lanes,
            ship_kt=np.r_[plan.ship_kt, nothing],
            reduced_cost=np.r_[plan.reduced_cost, nothing],
        )

    def _least_shortage(self, among: Market | None, started: int) -> Optimum:
        """Phase 1: least shortage over every lane; infeasible where there is one."""
        closed = self._relief == 0
        self._set_objective(NOTHING)
        self._set_elastic(np.where(closed, self.elastic.cost, 0.0), np.full(len(closed), np.inf))
        while True:
            solution = self._solve()
            is_short = solution.objective > PHASE_1_TOLERANCE * self._scale
            grown, least = False, np.nan
            if solution.status is Status.OPTIMAL and is_short:
                grown, _ = self._price(solution, CHEAPEST_FIRST, among, PHASE_1_TOLERANCE)
                if not grown:
                    grown, least = self._price(solution, NOTHING, among, PHASE_1_TOLERANCE)
            if not grown:
                break
        self._set_elastic(np.zeros(len(closed)), self._relief)
        optimum = self._optimum(solution, started, least)
        if solution.status is Status.OPTIMAL and is_short:
            return replace(optimum, status=Status.INFEASIBLE)
        return optimum

    def _solve(self, *, primal: bool = False) -> Solution:
        self.rounds += 1
        left = None if self._deadline is None else self._deadline - time.monotonic()
        return self.session.solve(time_limit_s=left, primal=primal)

    @property
    def _scale(self) -> float:
        """Total demand, kt, at least 1: what a shortage is measured against."""
        return max(1.0, float(self.market.demand_kt.sum()))

    def _set_objective(self, objective: Objective) -> None:
        self._objective = objective
        self.session.set_costs(np.r_[(self._relief > 0).astype(float), objective.of(self.lanes)])

    def _set_elastic(self, cost: Floats, upper: Floats) -> None:
        where = np.arange(len(self.elastic))
        self.session.set_costs(cost, where)
        self.session.set_column_bounds(np.zeros(len(where)), upper, where)

    # Lanes

    def prices(self, row_dual: Floats, objective: Objective) -> Prices:
        """Duals as prices of origins, sinks and limits, of the sign that their bounds allow.

        A limit's dual that is 1e-17 off zero the wrong way would pay for going in circles.
        """
        dual = np.where(np.isinf(self._row_lower), np.minimum(row_dual, 0.0), row_dual)
        dual = np.where(np.isinf(self._row_upper), np.maximum(dual, 0.0), dual)
        return Prices(objective, *self.market.split(dual))

    def _price(
        self,
        solution: Solution,
        objective: Objective,
        among: Market | None,
        tolerance: float = TOLERANCE_CNY_PER_T,
    ) -> tuple[bool, float]:
        """Price all lanes, add those that pay: whether any did, and the least reduced cost."""
        prices = self.prices(solution.row_dual, objective)
        priced = [
            offer.price(prices, self._seen[offer.number], tolerance)
            for offer in (among or self.market).offers
        ]
        least = min((part.least_reduced_cost for part in priced), default=np.inf)
        return self._add_any([part.lanes for part in priced]), least

    def _add_any(self, parts: list[Lanes]) -> bool:
        """Add lanes from several offers; returns whether there are any."""
        new = [part for part in parts if len(part)]
        if new:
            self.add(Lanes.join(new))
        return bool(new)

    def add(self, lanes: Lanes) -> None:
        """Append lanes to the program."""
        self.session.add_columns(
            self._objective.of(lanes), lanes.min_kt, lanes.max_kt, columns(self.market, lanes)
        )
        self.lanes = Lanes.join([self.lanes, lanes])
        self._add_seen(lanes)

    def keep(self, lanes: int, basis: Basis) -> None:
        """Go back to the market's bounds, the first so many lanes and a basis of theirs.

        What comes next does not depend on what was solved since.
        """
        if lanes < len(self.lanes):
            self.session.drop_columns(len(self.elastic) + lanes)
            self.lanes = self.lanes.take(np.arange(lanes))
            self._seen = {offer.number: set() for offer in self.market.offers}
            self._add_seen(self.lanes)
        self.restore_bounds()
        self.session.forget()
        self.session.set_basis(basis)

    def _add_seen(self, lanes: Lanes) -> None:
        for number, key in zip(lanes.offer.tolist(), lanes.keys, strict=True):
            self._seen[number].add(key)

    # Bounds

    def set_lane_bounds(self, lower: Floats, upper: Floats) -> None:
        """Bounds of the lanes seen so far, (n,)."""
        self.session.set_column_bounds(lower, upper, len(self.elastic) + np.arange(len(self.lanes)))

    def set_row_bounds(self, lower: Floats, upper: Floats) -> None:
        """Bounds of every row, (O + S + K,)."""
        self._row_lower, self._row_upper = lower, upper
        self.session.set_row_bounds(lower, upper)

    def relieve(self, columns: Integers) -> None:
        """Let these elastic columns be used, at 1 per kt in every objective; others stay closed."""
        self._relief = np.zeros(len(self.elastic))
        self._relief[columns] = np.inf
        self._set_elastic((self._relief > 0).astype(float), self._relief)

    def restore_bounds(self) -> None:
        """The market's own bounds on rows and lanes."""
        self.set_lane_bounds(self.lanes.min_kt, self.lanes.max_kt)
        self.set_row_bounds(self.market.row_lower_kt, self.market.row_upper_kt)

    def restore_bounds_at(self, plan: Optimum) -> None:
        """The market's own bounds, with nonbasic lanes and rows where the plan has them.

        HiGHS remembers of a fixed lane only one of its sides, which may be the wrong one
        once its bounds are apart again.
        """
        basis, lanes, market = self.session.basis(), self.lanes, self.market
        self.restore_bounds()
        lanes_up = tight(plan.ship_kt, lanes.max_kt) & ~tight(plan.ship_kt, lanes.min_kt)
        rows_up = tight(plan.row_value, market.row_upper_kt) & ~tight(
            plan.row_value, market.row_lower_kt
        )
        elastic_up = np.zeros(len(self.elastic), dtype=bool)
        self.session.set_basis(basis.seated(np.r_[elastic_up, lanes_up], rows_up))

    def basis(self) -> Basis:
        """The basis of the last solve; its columns begin with the elastic ones."""
        return self.session.basis()

    def _optimum(self, solution: Solution, started: int, least: float) -> Optimum:
        e = len(self.elastic)
        return Optimum(
            status=solution.status,
            objective=solution.objective,
            lanes=self.lanes,
            ship_kt=solution.value[e:],
            reduced_cost=solution.reduced_cost[e:],
            row_value=solution.row_value,
            row_dual=solution.row_dual,
            slack_kt=solution.value[:e],
            rounds=self.rounds - started,
            least_reduced_cost=least,
        )


def allocate(market: Market, *, time_limit_s: float | None = None) -> Optimum:
    """The least-cost plan of a market, proved over every lane on offer.

    Examples
    --------
    >>> import numpy as np
    >>> from model.market.market import Market
    >>> origin, sink = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    >>> market = Market.of_arrays(
    ...     np.array([5.0, 9.0]), np.array([4.0, 3.0]), origin, sink, np.array([1.0, 4.0, 2.0, 9.0])
    ... )
    >>> allocate(market).objective
    18.0
    """
    return Allocator(market, time_limit_s=time_limit_s).optimise()


def _infeasible_unless_stopped(status: Status) -> Status:
    return Status.INFEASIBLE if status is Status.OPTIMAL else status


def tight(value: Floats, bound: Floats) -> Booleans:
    """Whether values lie on a bound, to within a part in 10^9."""
    finite = np.isfinite(bound)
    return finite & (np.abs(value - np.where(finite, bound, 0.0)) <= 1e-9 * (1.0 + np.abs(value)))
