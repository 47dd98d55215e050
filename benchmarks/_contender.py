"""One solver on one instance, in a process of its own: prints seconds, objective and memory.

Seconds are those of the processor: every contender works on one core, so a busy machine slows
none of them more than another.

``python -m benchmarks._contender SOLVER KIND ORIGINS SINKS``
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable

import numpy as np

from benchmarks._instances import Instance, make

COST_UNITS = 1000
"""Integer solvers count thousandths of a CNY."""
PIVOTS = 10**9
"""Far more than POT needs."""


def ours(instance: Instance) -> Callable[[], float]:
    """Lanes priced on demand."""
    from model.market.market import Market
    from model.solve.column_generation import allocate

    origin, sink = (
        np.ascontiguousarray(index.ravel())
        for index in np.indices(instance.cost_cny_per_t.shape, dtype=np.int32)
    )
    market = Market.of_arrays(
        instance.supply_kt, instance.demand_kt, origin, sink, instance.cost_cny_per_t.ravel()
    )
    return lambda: allocate(market).objective


def highspy(instance: Instance) -> Callable[[], float]:
    """The same solver, given every lane."""
    import highspy as hs

    def solve() -> float:
        origins, sinks = instance.cost_cny_per_t.shape
        lanes = origins * sinks
        lp = hs.HighsLp()
        lp.num_col_, lp.num_row_ = lanes, origins + sinks
        lp.col_cost_ = instance.cost_cny_per_t.ravel()
        lp.col_lower_, lp.col_upper_ = np.zeros(lanes), np.full(lanes, np.inf)
        lp.row_lower_ = np.r_[np.full(origins, -np.inf), instance.demand_kt]
        lp.row_upper_ = np.r_[instance.supply_kt, instance.demand_kt]
        row = np.indices((origins, sinks), dtype=np.int32).reshape(2, -1)
        row[1] += origins
        lp.a_matrix_.format_ = hs.MatrixFormat.kColwise
        lp.a_matrix_.start_ = np.arange(0, 2 * lanes + 1, 2, dtype=np.int32)
        lp.a_matrix_.index_ = row.T.ravel()
        lp.a_matrix_.value_ = np.ones(2 * lanes)
        highs = hs.Highs()  # type: ignore[no-untyped-call]
        highs.setOptionValue("output_flag", False)
        highs.setOptionValue("threads", 1)
        highs.passModel(lp)
        highs.run()
        return float(highs.getInfo().objective_function_value)

    return solve


def ortools(instance: Instance) -> Callable[[], float]:
    """OR-Tools' minimum-cost flow, which takes whole numbers."""
    from ortools.graph.python import min_cost_flow

    def solve() -> float:
        origins, sinks = instance.cost_cny_per_t.shape
        cost = np.rint(instance.cost_cny_per_t.ravel() * COST_UNITS).astype(np.int64)
        supply = instance.supply_kt.astype(np.int64)
        demand = instance.demand_kt.astype(np.int64)
        tail, head = np.indices((origins, sinks), dtype=np.int32).reshape(2, -1)
        flow = min_cost_flow.SimpleMinCostFlow()
        room = np.minimum(supply[:, None], demand[None, :]).ravel()
        flow.add_arcs_with_capacity_and_unit_cost(tail, head + origins, room, cost)
        rest = np.arange(origins, dtype=np.int32)
        flow.add_arcs_with_capacity_and_unit_cost(
            rest, np.full(origins, origins + sinks, np.int32), supply, np.zeros(origins, np.int64)
        )
        flow.set_nodes_supplies(
            np.arange(origins + sinks + 1, dtype=np.int32),
            np.r_[supply, -demand, demand.sum() - supply.sum()],
        )
        assert flow.solve() == flow.OPTIMAL
        return float(flow.optimal_cost()) / COST_UNITS

    return solve


def pot(instance: Instance) -> Callable[[], float]:
    """POT's network simplex, the fastest where nothing but supply and demand binds.

    It asks for as much demand as supply: one more sink takes the rest at no cost.
    """
    import ot

    def solve() -> float:
        origins, sinks = instance.cost_cny_per_t.shape
        cost = np.zeros((origins, sinks + 1))
        cost[:, :sinks] = instance.cost_cny_per_t
        rest = instance.supply_kt.sum() - instance.demand_kt.sum()
        demand = np.r_[instance.demand_kt, rest]
        _, found = ot.emd(instance.supply_kt, demand, cost, numItermax=PIVOTS, log=True)
        assert found["warning"] is None
        return float(found["cost"])

    return solve


SOLVERS = {"ours": ours, "highspy": highspy, "ortools": ortools, "pot": pot}


def main(solver: str, kind: str, origins: str, sinks: str) -> None:
    """Solve once and print what it took."""
    solve = SOLVERS[solver](make(kind, int(origins), int(sinks)))
    started = time.process_time()
    objective = solve()
    seconds = time.process_time() - started
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "objective": objective, "peak_mb": peak_mb}))


if __name__ == "__main__":
    main(*sys.argv[1:])
