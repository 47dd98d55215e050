"""One run: a case in, a result out."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from model.case.distances import with_distances
from model.case.errors import OutOfTime, SolverFailed
from model.case.records import Figures, Json
from model.checking.case_faults import refuse_faulty
from model.market.compile_market import compile_market
from model.market.market import Market
from model.result import balance as balances
from model.result import flows, observed
from model.result.allocation import PROGRAMS, QUICK, Allocation
from model.result.answer import LaneCounts
from model.result.deliveries import deliveries
from model.result.figures import OF_ALLOCATION
from model.result.outputs import empty_table
from model.result.throughput import throughput_table
from model.scenarios.info import ScenarioInfo
from model.solve import marginal_values as marginals
from model.solve.column_generation import Allocator
from model.solve.deadline import Deadline
from model.solve.diagnose import diagnose
from model.solve.diagnosis import Diagnosis
from model.solve.highs import Basis
from model.solve.optimum import Optimum
from model.solve.phase1 import Phase1Slacks
from model.solve.second_solve import confirm
from model.solve.solution import Status
from model.solve.solver_trust import require_version
from model.solve.tie_break import break_ties

if TYPE_CHECKING:
    from model.case.case import Case


@dataclass(frozen=True)
class RunOptions:
    """How to run.

    Attributes
    ----------
    time_limit_s : seconds
    quick : leave out the search for equal plans, and marginal values
    programs : linear programs that an answer cut short was made of, to find the same again
    """

    time_limit_s: float | None = None
    quick: bool = False
    programs: int | None = None

    def said(self) -> Json:
        """What ``run.json`` says of them."""
        quick = {QUICK: True} if self.quick else {}
        return {"time_limit_s": self.time_limit_s} | quick


def evaluate(
    case: Case,
    scenario: ScenarioInfo,
    changes: pd.DataFrame,
    options: RunOptions,
    deadline: Deadline | None = None,
) -> Allocation:
    """Allocate a case at least cost and derive everything that a report says.

    Parameters
    ----------
    case : with the scenario's steps applied
    changes : the ledger of those steps
    deadline : when the whole command must end; by `options` where it is not given

    Returns
    -------
    Allocation
        Status optimal (proved over every lane on offer), infeasible (with its diagnosis),
        or limit: the plan is the best so far, or one of least cost whose equals or marginal
        values are not known, or none. A quick run is optimal without either.

    Raises
    ------
    SolverFailed
        The solver gave up, or called the program unbounded.
    """
    started = time.perf_counter()
    solver = require_version()
    refuse_faulty(case)
    market = compile_market(case := with_distances(case))
    deadline = deadline or Deadline.after(options.time_limit_s)
    allocator = Allocator(market, deadline=deadline, programs=options.programs)
    solved = _solve(case, allocator, quick=options.quick)
    if solved.status in (Status.UNBOUNDED, Status.FAILED):
        raise SolverFailed(f"{solver} ended as {solved.status.value}; no result was written")
    solve_seconds = time.perf_counter() - started
    found = _derived(case, market, allocator, solved)
    seconds = time.perf_counter() - started
    found.figures.update(solver=solver, seconds=round(seconds, 6))
    derive_seconds = round(seconds - solve_seconds, 6)
    timings = {"solve_seconds": round(solve_seconds, 6), "derive_seconds": derive_seconds}
    return Allocation(
        case=case,
        scenario=scenario,
        status=solved.status.value,
        changes=changes,
        provenance={"options": options.said() | solved.cut(), "timings": timings},
        **vars(found),
    )


def published_flows(case: Case) -> tuple[pd.DataFrame, Figures]:
    """The plan of a case that a run publishes, and its figures, without marginal values.

    Raises
    ------
    SolverFailed
        There is no plan.
    """
    market = compile_market(case := with_distances(case))
    allocator = Allocator(market)
    optimum = allocator.optimise()
    if optimum.status is not Status.OPTIMAL:
        raise SolverFailed("a set that was found has no plan of its own; no result was written")
    plan = break_ties(allocator, optimum).plan
    flow = flows.flow_table(market, plan.lanes, plan.ship_kt)
    return flow, balances.figures(case, flow, balances.balance_table(case, flow))


@dataclass(frozen=True)
class _Solved:
    """What was found when all steps had ended, or when time had run out.

    Attributes
    ----------
    status : of the whole: a limit that came after the proof of the cost is a limit too
    plan : the last one found
    basis : where the solver stood at that plan
    has_equals : whether other plans cost the same; None where that is not known
    prices : `prices.csv`, empty where it is not known
    programs : linear programs that were solved to find the plan
    """

    status: Status
    plan: Optimum
    basis: Basis
    has_equals: bool | None
    prices: pd.DataFrame
    programs: int

    def cut(self) -> Json:
        """What ``run.json`` says, where a limit came first, of how far it got."""
        return {PROGRAMS: self.programs} if self.status is Status.LIMIT else {}


def _solve(case: Case, allocator: Allocator, *, quick: bool) -> _Solved:
    """The published plan and its marginal values, or what there is of them within the time.

    A quick run ends with the first plan that is proved.
    """
    optimum = allocator.optimise()
    found = _Solved(
        optimum.status,
        optimum,
        allocator.basis(),
        False if optimum.status is Status.INFEASIBLE else None,
        empty_table("prices"),
        optimum.rounds,
    )
    if optimum.status is not Status.OPTIMAL:
        return found
    try:
        if quick:
            confirm(case, allocator, optimum)
            return found
        published = break_ties(allocator, optimum)
        found = replace(
            found,
            plan=published.plan,
            basis=allocator.basis(),
            has_equals=published.has_equals,
            programs=allocator.rounds,
        )
        confirm(case, allocator, published.plan)
        prices = marginals.marginal_value_table(allocator, published.plan)
    except OutOfTime:
        return replace(found, status=Status.LIMIT)
    return replace(found, prices=prices)


@dataclass(frozen=True)
class _Derived:
    """What follows from a plan, or from there being none, as `Allocation` has it."""

    flows: pd.DataFrame
    balance: pd.DataFrame
    prices: pd.DataFrame
    observed: pd.DataFrame
    throughput: pd.DataFrame
    figures: Figures
    lanes: LaneCounts
    certificate: Json
    diagnosis: Diagnosis | None = None


def _derived(case: Case, market: Market, allocator: Allocator, solved: _Solved) -> _Derived:
    """Tables, figures, certificate and diagnosis of a plan, or of none."""
    if not solved.plan.has_plan:
        return _without_plan(case, allocator, solved)
    flow = flows.flow_table(market, solved.plan.lanes, solved.plan.ship_kt)
    counts = _lane_counts(market, solved, len(flow))
    balance = balances.balance_table(case, flow)
    return _Derived(
        flows=flow,
        balance=balance,
        prices=solved.prices,
        observed=observed.compare_observed(case, deliveries(case, flow), balance, solved.prices),
        throughput=throughput_table(case, market, solved.plan.lanes, solved.plan.ship_kt),
        figures=balances.figures(case, flow, balance) | _offer(counts),
        lanes=counts,
        certificate=_basis_record(market, allocator.slacks, solved),
    )


def _without_plan(case: Case, allocator: Allocator, solved: _Solved) -> _Derived:
    diagnosis = None
    if solved.plan.status is Status.INFEASIBLE:
        diagnosis = diagnose(case, allocator, solved.plan)
    counts = _lane_counts(allocator.market, solved, None)
    return _Derived(
        flows=empty_table("flows"),
        balance=empty_table("balance"),
        prices=empty_table("prices"),
        observed=empty_table("observed"),
        throughput=empty_table("throughput"),
        figures=dict.fromkeys(OF_ALLOCATION) | _offer(counts),
        lanes=counts,
        certificate={} if diagnosis is None else {"farkas": diagnosis.farkas},
        diagnosis=diagnosis,
    )


def _lane_counts(market: Market, solved: _Solved, used: int | None) -> LaneCounts:
    """How many lanes there are; of a quick run nothing that rests on the solver's own way."""
    counts: LaneCounts = {
        "offered": market.size,
        "used": used,
        "other_plans_cost_the_same": solved.has_equals,
    }
    is_quick = solved.status is Status.OPTIMAL and solved.has_equals is None
    return (
        counts
        if is_quick
        else counts
        | {
            "seen": len(solved.plan.lanes),
            "rounds": solved.plan.rounds,
            "least_reduced_cost": solved.plan.least_reduced_cost,
        }
    )


def _offer(counts: LaneCounts) -> Figures:
    """The counts of lanes that are figures of the run."""
    return {"lanes_offered": counts["offered"], "lanes_used": counts["used"]}


def _basis_record(market: Market, slacks: Phase1Slacks, solved: _Solved) -> Json:
    """The final basis and duals by name: what an exact check starts from.

    A basic column of phase 1 stands in the same place as the slack of its row, so it is
    recorded as that row being basic.
    """
    plan, (columns, rows) = solved.plan, solved.basis.places()
    for row in slacks.row[[at == "basic" for at in columns[: len(slacks)]]].tolist():
        rows[row] = "basic"
    at = columns[len(slacks) :]
    keep = [lane for lane, kt in enumerate(plan.ship_kt) if at[lane] == "basic" or kt > 0]
    table = flows.lane_table(market, plan.lanes.take(np.array(keep, dtype=np.intp)))
    listed = table[["origin", "sink", "mode", "route"]].assign(at=[at[lane] for lane in keep])
    labels = market.row_labels
    return {
        "basis": {
            "columns": listed.to_dict("records"),
            "rows": [{"row": label, "at": at} for label, at in zip(labels, rows, strict=True)],
        },
        "duals": dict(zip(labels, plan.row_dual.tolist(), strict=True)),
    }
