"""Solve over few lanes, price all others, add those that pay, prove: the loop of every study."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from model.market.lanes import COST, NOTHING, TOLERANCE_CNY_PER_T, Objective
from model.market.market import Market
from model.solve.deadline import NEVER, Deadline
from model.solve.highs import Basis
from model.solve.optimum import Optimum
from model.solve.solution import UNSOLVED, Solution, Status
from model.solve.warm_program import WarmProgram

PHASE_1_TOLERANCE = 1e-9
"""Shortage cost is 1 per kt, so a reduced cost below this is none."""
CHEAPEST_FIRST = Objective(cost=1e-7)
"""Phase 1 only: of lanes and routes that relieve a shortage alike, the cheapest comes first."""


class Allocator(WarmProgram):
    """A market's program, solved over every lane on offer.

    Parameters
    ----------
    programs : linear programs after which it stops as if the deadline had come: those that an
        earlier answer, which a limit cut short, was made of
    """

    def __init__(
        self, market: Market, *, deadline: Deadline = NEVER, programs: int | None = None
    ) -> None:
        super().__init__(market)
        self.rounds = 0
        self.deadline, self.programs = deadline, programs

    def optimise(
        self,
        objective: Objective = COST,
        among: Market | None = None,
        *,
        primal: bool = False,
    ) -> Optimum:
        """Minimise over every lane on offer.

        Phase 1 is entered when the lanes seen so far allow no plan; only its proved
        positive optimum means infeasible.

        Parameters
        ----------
        among : the lanes to price, if not all of the market: those of an optimal face
        primal : start with the primal simplex method, where the last plan is feasible
        """
        self.set_objective(objective)
        started, has_plan = self.rounds, False
        standing: tuple[Optimum, Basis] | None = None
        while True:
            solution = self._solve(primal=primal)
            if solution.status is Status.INFEASIBLE:
                # Called infeasible twice, the shortage is too small to measure but there.
                phase_1 = self._least_shortage(among, started)
                if phase_1.status is not Status.OPTIMAL or has_plan:
                    return replace(phase_1, status=_infeasible_unless_stopped(phase_1.status))
                has_plan = True
                continue
            if solution.status is Status.LIMIT and standing is not None:
                return self._stand(*standing)
            if solution.status is not Status.OPTIMAL:
                return self._optimum(solution, started, np.nan)
            seen = self._optimum(solution, started, np.nan)
            basis = self.basis() if self._may_stop else None
            grown, least = self._price(solution, objective, among)
            seen = replace(seen, least_reduced_cost=least, bound=self._bound(solution, least))
            if not grown:
                return seen
            if basis is not None:
                standing = seen, basis
            primal = True  # the plan stands; only lanes came

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
        nothing = np.zeros(len(self.lanes) - len(plan.lanes))
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
        with self.phase1(NOTHING):
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
        optimum = self._optimum(solution, started, least)
        if solution.status is Status.OPTIMAL and is_short:
            return replace(optimum, status=Status.INFEASIBLE)
        return optimum

    @property
    def _may_stop(self) -> bool:
        """Whether a limit may come before the proof."""
        return self.deadline.left_s is not None or self.programs is not None

    def _solve(self, *, primal: bool = False) -> Solution:
        if self.rounds == self.programs:
            return UNSOLVED
        self.rounds += 1
        solution = self.session.solve(time_limit_s=self.deadline.left_s, primal=primal)
        unpaid = self.unpaid_kcny
        return replace(solution, objective=solution.objective + unpaid) if unpaid else solution

    @property
    def _scale(self) -> float:
        """Total demand, kt, at least 1: what a shortage is measured against."""
        return max(1.0, float(self.market.demand_kt.sum()))

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
            offer.price(prices, self.seen[offer.number], tolerance)
            for offer in (among or self.market).offers
        ]
        least = min((part.least_reduced_cost for part in priced), default=np.inf)
        return self.add_any([part.lanes for part in priced]), least

    def _optimum(self, solution: Solution, started: int, least: float) -> Optimum:
        e = len(self.slacks)
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


def allocate(market: Market, *, deadline: Deadline = NEVER) -> Optimum:
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
    return Allocator(market, deadline=deadline).optimise()


def _infeasible_unless_stopped(status: Status) -> Status:
    return Status.INFEASIBLE if status is Status.OPTIMAL else status
