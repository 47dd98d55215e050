"""One run: a case in, a result out."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from model.case.distances import with_distances
from model.case.errors import SolverFailed
from model.checking.case_faults import refuse_faulty
from model.market.compile_market import compile_market
from model.market.market import Market
from model.result import balance as balances
from model.result import flows, observed
from model.result.figures import OF_ALLOCATION
from model.result.result import Result
from model.scenarios.info import ScenarioInfo
from model.solve import marginal_values as marginals
from model.solve.column_generation import Allocator, Optimum
from model.solve.diagnose import diagnose
from model.solve.diagnosis import Diagnosis
from model.solve.highs import Status, require_version
from model.solve.second_solve import confirm
from model.solve.tie_break import break_ties

if TYPE_CHECKING:
    from model.case.case import Case


@dataclass(frozen=True)
class Options:
    """How to run: within a time limit in seconds."""

    time_limit_s: float | None = None


def evaluate(case: Case, scenario: ScenarioInfo, changes: pd.DataFrame, options: Options) -> Result:
    """Allocate a case at least cost and derive everything that a report says.

    Parameters
    ----------
    case : Case
        With the scenario's steps applied.
    changes : pandas.DataFrame
        The ledger of those steps.

    Returns
    -------
    Result
        Status optimal (proved over every lane on offer), infeasible (with its diagnosis),
        or limit (a feasible plan that is not proved, or none).

    Raises
    ------
    SolverFailed
        The solver gave up, or called the program unbounded.
    """
    started = time.perf_counter()
    solver = f"HiGHS {require_version()}"
    refuse_faulty(case)
    case = with_distances(case)
    market = compile_market(case)
    allocator = Allocator(market, time_limit_s=options.time_limit_s)
    optimum = allocator.optimise()
    if optimum.status in (Status.UNBOUNDED, Status.FAILED):
        raise SolverFailed(f"{solver} ended as {optimum.status.value}; no result was written")
    has_equals = False
    allocator.lift_time_limit()
    if optimum.status is Status.OPTIMAL:
        optimum, has_equals = break_ties(allocator, optimum)
        confirm(case, allocator, optimum)
    solved = time.perf_counter()
    parts = _tables(case, market, allocator, optimum)
    figures = parts.pop("figures")
    figures |= {
        "lanes_offered": market.size,
        "lanes_used": len(parts["flows"]) if optimum.has_plan else None,
        "solver": solver,
        "seconds": None,
    }
    result = Result(
        case=case,
        scenario=scenario,
        status=optimum.status.value,
        figures=figures,
        changes=changes,
        lanes=_lane_counts(figures, optimum, has_equals),
        provenance={"options": asdict(options)},
        **parts,
    )
    finished = time.perf_counter()
    figures["seconds"] = round(finished - started, 6)
    result.provenance["timings"] = {
        "solve_seconds": round(solved - started, 6),
        "derive_seconds": round(finished - solved, 6),
    }
    return result


def _tables(case: Case, market: Market, allocator: Allocator, optimum: Optimum) -> dict[str, Any]:
    """Tables, figures, certificate and diagnosis of a plan, or of none."""
    if not optimum.has_plan:
        return _without_plan(case, market, allocator, optimum)
    certificate = basis_record(case, market, allocator, optimum)
    flow = flows.flow_table(market, optimum.lanes, optimum.ship_kt)
    balance = balances.balance_table(case, flow)
    prices = pd.DataFrame(columns=marginals.COLUMNS)
    if optimum.status is Status.OPTIMAL:
        prices = marginals.marginal_value_table(allocator, optimum)
    return {
        "flows": flow,
        "balance": balance,
        "prices": prices,
        "observed": observed.compare_observed(case, flow, balance, prices),
        "figures": dict(balances.figures(case, flow, balance)),
        "certificate": certificate,
        "diagnosis": None,
    }


def _without_plan(
    case: Case, market: Market, allocator: Allocator, optimum: Optimum
) -> dict[str, Any]:
    diagnosis: Diagnosis | None = None
    if optimum.status is Status.INFEASIBLE:
        diagnosis = diagnose(case, allocator, optimum)
    return {
        "flows": pd.DataFrame(columns=flows.COLUMNS),
        "balance": pd.DataFrame(columns=balances.COLUMNS),
        "prices": pd.DataFrame(columns=marginals.COLUMNS),
        "observed": pd.DataFrame(columns=observed.COLUMNS),
        "figures": dict.fromkeys(OF_ALLOCATION),
        "certificate": {} if diagnosis is None else {"farkas": diagnosis.farkas},
        "diagnosis": diagnosis,
    }


def _lane_counts(figures: dict[str, Any], optimum: Optimum, has_equals: bool) -> dict[str, Any]:
    return {
        "offered": figures["lanes_offered"],
        "seen": len(optimum.lanes),
        "used": figures["lanes_used"],
        "rounds": optimum.rounds,
        "least_reduced_cost": optimum.least_reduced_cost,
        "other_plans_cost_the_same": has_equals,
    }


def basis_record(case: Case, market: Market, allocator: Allocator, plan: Optimum) -> dict[str, Any]:
    """The final basis and duals by name: what an exact check starts from.

    A basic elastic column stands in the same place as the slack of its row, so it is
    told as that row being basic.
    """
    columns, rows = allocator.basis().places()
    e = len(allocator.elastic)
    for column in range(e):
        if columns[column] == "basic":
            rows[int(allocator.elastic.row[column])] = "basic"
    keep = [
        lane for lane, place in enumerate(columns[e:]) if place == "basic" or plan.ship_kt[lane] > 0
    ]
    lanes = plan.lanes.take(pd.Index(keep, dtype="int64").to_numpy())
    table = flows.lane_table(market, lanes)
    listed = [
        {
            "origin": row.origin,
            "sink": row.sink,
            "mode": row.mode,
            "route": row.route,
            "at": columns[e + lane],
        }
        for row, lane in zip(table.itertuples(index=False), keep, strict=True)
    ]
    labels = market.row_labels
    return {
        "basis": {
            "columns": listed,
            "rows": [{"row": label, "at": at} for label, at in zip(labels, rows, strict=True)],
        },
        "duals": dict(zip(labels, plan.row_dual.tolist(), strict=True)),
    }
