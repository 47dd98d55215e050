"""A case held ready: moved knobs answered from warm sessions, proved over every lane."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import pandas as pd

from model.case.case import Case
from model.case.commodities import senders
from model.market.compile_market import compile_market, limit_bounds, sink_bounds
from model.market.lanes import COST
from model.market.market import Market
from model.result import balance as balances
from model.result import flows as plans
from model.result.allocation import Allocation
from model.result.figures import OF_ALLOCATION
from model.run import RunOptions, evaluate
from model.scenarios.apply import apply_unchecked
from model.scenarios.info import ScenarioInfo
from model.solve import marginal_values as marginals
from model.solve.column_generation import Allocator
from model.solve.diagnose import diagnose
from model.solve.optimum import Optimum
from model.solve.solution import Status
from model.solve.tie_break import settle
from model.studies.whatif.knob import Knob, Moves, Steps, steps_of
from model.studies.whatif.knobs import knobs_of

CASES = 8
"""Moved cases kept."""
SESSIONS = 8
"""Warm sessions kept: one for each set of prices and rows."""
NO_CHANGES = pd.DataFrame()
NO_PRICES = pd.DataFrame(columns=marginals.COLUMNS)


@dataclass(frozen=True)
class Solved:
    """A session just after a solve.

    Attributes
    ----------
    case : under the moves
    allocator, market : where it was solved, and with which bounds
    optimum : the plan of least cost, or the proof that there is none
    """

    case: Case
    allocator: Allocator
    market: Market
    optimum: Optimum

    def resume(self) -> None:
        """Take the session up again where others may have used it since."""
        self.allocator.rebound(self.market)


class WhatIf:
    """Answers for moved knobs.

    A move of bounds alone re-solves a session; moved prices, or a limit that was not there,
    open another one. `quick` answers while a knob moves, `settled` once it rests: that is
    the very result of a run, and quick answers differ from it at most in which of several
    equal routes a pair takes.

    Parameters
    ----------
    start : Allocation
        The case as it stands, evaluated.
    """

    def __init__(self, start: Allocation) -> None:
        self.start = start
        self.knobs = knobs_of(start.case, start.flows)
        self._case = lru_cache(CASES)(
            lambda moves: apply_unchecked(start.case, self.steps(dict(moves)))
        )
        self.waiting = 0
        self.lock = threading.RLock()
        self._sessions: OrderedDict[frozenset[object], Allocator] = OrderedDict()

    @staticmethod
    def of(case: Case, scenario: ScenarioInfo) -> WhatIf:
        """Solve a case as it stands and hold it ready."""
        return WhatIf(evaluate(case, scenario, NO_CHANGES, RunOptions()))

    @cached_property
    def by_key(self) -> dict[str, Knob]:
        """The knobs by their keys."""
        return {knob.key: knob for knob in self.knobs}

    def steps(self, moves: Moves) -> Steps:
        """What the moves are in a scenario file."""
        return steps_of(self.knobs, moves)

    def case(self, moves: Moves) -> Case:
        """The case under moves; the last few are kept."""
        return self._case(tuple(moves.items()))

    def settled(self, moves: Moves) -> Allocation:
        """What a run of the moved case gives, to the last digit."""
        return evaluate(self.case(moves), self.start.scenario, NO_CHANGES, RunOptions())

    def quick(self, moves: Moves) -> Allocation:
        """The plan under moves and what follows from it, without prices."""
        self.waiting += 1
        with self.lock:
            self.waiting -= 1
            solved = self.solved(moves)
            case, allocator, optimum = solved.case, solved.allocator, solved.optimum
            if optimum.status is not Status.OPTIMAL:
                return _without_plan(self.start, solved)
            plan = settle(allocator, optimum, COST)
        flow = plans.flow_table(solved.market, plan.lanes, plan.ship_kt)
        balance = balances.balance_table(case, flow)
        return replace(
            self.start,
            case=case,
            status=optimum.status.value,
            figures=self.start.figures | balances.figures(case, flow, balance),
            flows=flow,
            balance=balance,
            prices=NO_PRICES,
            diagnosis=None,
        )

    def solved(self, moves: Moves) -> Solved:
        """The moved case at least cost, in its warm session; to be called with the lock."""
        case = self.case(moves)
        allocator = self._session(case, moves)
        return Solved(case, allocator, allocator.market, allocator.optimise())

    def _session(self, case: Case, moves: Moves) -> Allocator:
        """A session with this case's bounds in it."""
        changed = (self.by_key[key].structure(value) for key, value in moves.items())
        key = frozenset(part for part in changed if part is not None)
        allocator = self._sessions.pop(key, None)
        if allocator is None:
            allocator = Allocator(compile_market(case))
        else:
            allocator.rebound(_with_bounds(allocator.market, case))
        self._sessions[key] = allocator
        while len(self._sessions) > SESSIONS:
            self._sessions.popitem(last=False)
        return allocator


def _with_bounds(market: Market, case: Case) -> Market:
    """The market with the bounds of a case that differs from its own in nothing else."""
    limits, (demand, most_taken) = market.limits, sink_bounds(case)
    least, most = limits.min_kt.copy(), limits.max_kt.copy()
    least[: len(case.limits)], most[: len(case.limits)] = limit_bounds(case.limits)
    return replace(
        market,
        supply_kt=senders(case)["supply_kt"].to_numpy(dtype=float),
        limits=replace(limits, min_kt=least, max_kt=most),
        demand_kt=demand,
        max_kt=most_taken,
    )


def _without_plan(start: Allocation, solved: Solved) -> Allocation:
    """A result that says why there is no plan."""
    is_infeasible = solved.optimum.status is Status.INFEASIBLE
    diagnosis = diagnose(solved.case, solved.allocator, solved.optimum) if is_infeasible else None
    return replace(
        start,
        case=solved.case,
        status=solved.optimum.status.value,
        figures=dict.fromkeys(OF_ALLOCATION),
        flows=pd.DataFrame(columns=plans.COLUMNS),
        balance=pd.DataFrame(columns=balances.COLUMNS),
        prices=NO_PRICES,
        diagnosis=diagnosis,
    )
