"""Draws a second on the bundled case and on a synthetic plant-level one, on one core.

Every draw is proved over all lanes, and its figures, prices and flows are read out. Beside it
Pyomo's own persistent interface to the same solver, which re-solves the page with changed
supply and demand and reads flows and prices.
Targets on the bundled case: 5,000 draws a second where supply, demand, limits or lane prices
vary, 1,000 where leg costs do, and 10 times Pyomo's interface; on the plant-level one 500 where
supply and demand vary, 100 for production costs, 60 for tariffs. Then the same draws by one and two
workers, here and on a Dask cluster of this machine.
"""

from __future__ import annotations

import logging
import resource
import time
from dataclasses import replace
from typing import Any

import numpy as np

from benchmarks._measure import machine
from benchmarks._plants import ROOT, plant_case
from model.case.case import Case
from model.case.distances import with_distances
from model.market.compile_market import compile_market
from model.market.market import Market
from model.reading.read_case import read_case
from model.studies.sweep.distributions import Distribution
from model.studies.sweep.draws import DrawPlan, Variation, draw
from model.studies.sweep.study import sweep

DRAWS = 10_000
SHARED_DRAWS = 5_000
PYOMO_DRAWS = 200
AROUND = Distribution("uniform", low=0.95, high=1.05)
SMELTERS: dict[str, list[float | bool | str]] = {"kind": ["domestic"]}
KINDS = {
    "supply and demand": [
        Variation("output", "origins.supply_kt", each=True, distribution=AROUND),
        Variation("demand", "sinks.demand_kt", SMELTERS, each=True, distribution=AROUND),
    ],
    "limits": [
        Variation(
            "exports",
            "limits.max",
            each=True,
            distribution=Distribution("uniform", low=1.0, high=1.3),
        ),
        Variation("output", "origins.supply_kt", each=True, distribution=AROUND),
    ],
    "production cost": [
        Variation(
            "cost",
            "origins.cost_cny_per_t",
            each=True,
            is_factor=False,
            distribution=Distribution("uniform", low=0.0, high=100.0),
        )
    ],
    "tariffs of modes": [
        Variation("rate", "modes.cny_per_t_km", each=True, distribution=AROUND),
        Variation("handling", "modes.fixed_cny_per_t", each=True, distribution=AROUND),
    ],
    "length of every link": [Variation("km", "links.km", each=True, distribution=AROUND)],
}


def plan_of(kind: str) -> DrawPlan:
    """Every figure of a kind varies on its own, most by 5 %."""
    return DrawPlan(tuple(KINDS[kind]), draws=DRAWS, keep=("prices", "flows"))


def ours(case: Case, plan: DrawPlan) -> tuple[float, dict[str, int]]:
    """Draws a second, from the case to the tables, and what was counted."""
    started = time.process_time()
    found = sweep(case, plan)
    return len(found.draws) / (time.process_time() - started), found.counts


def pyomo_persistent(case: Case, plan: DrawPlan) -> float:
    """Draws a second of Pyomo's persistent interface, supply and demand changing."""
    import pyomo.environ as pyo
    from pyomo.contrib.appsi.base import TerminationCondition
    from pyomo.contrib.appsi.solvers.highs import Highs

    logging.getLogger("pyomo").setLevel(logging.ERROR)
    market = compile_market(with_distances(case))
    draws = draw(with_distances(case), replace(plan, draws=PYOMO_DRAWS))
    supply = draws.column("origins.supply_kt", market.supply_kt)
    demand = draws.column("sinks.demand_kt", market.demand_kt)
    model = _with_changing_bounds(market)
    solver = Highs()
    solver.config.load_solution = False
    solver.solve(model)
    started = time.process_time()
    for number in range(PYOMO_DRAWS):
        for o, kt in enumerate(supply[number]):
            model.supply_kt[o].set_value(kt)
        for s, kt in enumerate(demand[number]):
            model.demand_kt[s].set_value(kt)
        answer = solver.solve(model)
        if answer.termination_condition == TerminationCondition.optimal:
            solver.get_primals()
            solver.get_duals()
    seconds = time.process_time() - started
    assert pyo.value(model.supply_kt[0]) == supply[-1, 0]
    return PYOMO_DRAWS / seconds


def _with_changing_bounds(market: Market) -> Any:
    """The page over the cheapest route of every pair, with supply and demand as parameters."""
    import pyomo.environ as pyo

    offer = market.network
    assert offer is not None
    lanes = offer.cheapest_of_pairs()
    model = pyo.ConcreteModel()
    model.ship_kt = pyo.Var(range(len(lanes)), within=pyo.NonNegativeReals)
    model.supply_kt = pyo.Param(
        range(len(market.origins)), initialize=dict(enumerate(market.supply_kt)), mutable=True
    )
    model.demand_kt = pyo.Param(
        range(len(market.sinks)), initialize=dict(enumerate(market.demand_kt)), mutable=True
    )
    cost = lanes.cost_cny_per_t.tolist()
    model.cost = pyo.Objective(expr=sum(c * model.ship_kt[i] for i, c in enumerate(cost)))
    ship, weight = model.ship_kt, lanes.limit_weight.tocsc()
    model.supply_limit = pyo.Constraint(
        range(len(market.origins)),
        rule=lambda m, o: sum(ship[i] for i in np.flatnonzero(lanes.origin == o)) <= m.supply_kt[o],
    )
    model.demand_met = pyo.Constraint(
        range(len(market.sinks)),
        rule=lambda m, s: sum(ship[i] for i in np.flatnonzero(lanes.sink == s)) == m.demand_kt[s],
    )
    model.limit_kept = pyo.Constraint(
        range(len(market.limits.names)),
        rule=lambda m, k: (
            sum(ship[i] for i in weight[:, [k]].nonzero()[0]) <= float(market.limits.max_kt[k])
        ),
    )
    return model


def main() -> None:
    """Measure and print."""
    base = read_case(ROOT / "data" / "prebaked_2024")
    print(f"{machine()}; one core; {DRAWS:,} draws each, every figure of the kind by itself")
    print("what varies               case      draws/s  by the solver  known bases")
    sweep(base, replace(plan_of("supply and demand"), draws=10))  # libraries are loaded by now
    rate = {}
    for kind in KINDS:
        rate[kind], counts = ours(base, plan_of(kind))
        report(kind, "bundled", rate[kind], counts)
    theirs = pyomo_persistent(base, plan_of("supply and demand"))
    times = rate["supply and demand"] / theirs
    print(f"supply and demand         Pyomo   {theirs:>9,.0f}  ({times:.1f} times as slow)")
    plants = plant_case()
    for kind in ("supply and demand", "production cost", "tariffs of modes"):
        found = ours(plants, replace(plan_of(kind), draws=DRAWS // 10))
        report(kind, "plants", *found)
    speed_up(plants, replace(plan_of("production cost"), draws=SHARED_DRAWS))


def speed_up(case: Case, plan: DrawPlan) -> None:
    """Print how much sooner the same draws end with other processes, start of these included.

    Beside the time by the clock stands that of the processor on the longest way: this process, and
    an equal share of what the workers took. On a busy machine it alone tells.
    """
    sweep(case, replace(plan, draws=1))
    alone = _taken(case, plan, 1)
    print(f"{plan.draws:,} draws of production cost, plants: {alone[0]:.1f} s here, 1 worker")
    for workers in (1, 2):
        for place in ("here", "Dask"):
            if workers == 1 and place == "here":
                continue
            clock, processor = _taken(case, plan, workers, on_dask=place == "Dask")
            print(
                f"  {workers} on {place:<5} {alone[0] / clock:>5.2f} times as fast by the clock,"
                f" {alone[1] / processor:.2f} by the processor",
                flush=True,
            )


def _taken(
    case: Case, plan: DrawPlan, workers: int, *, on_dask: bool = False
) -> tuple[float, float]:
    """Seconds by the clock, and of the processor on the longest way."""
    own, theirs, started = time.process_time(), _of_children(), time.perf_counter()
    if on_dask:
        from distributed import LocalCluster

        with LocalCluster(  # type: ignore[no-untyped-call]
            n_workers=workers, threads_per_worker=1, dashboard_address=None
        ) as cluster:
            sweep(case, plan, workers=workers, cluster=cluster.scheduler_address)
    else:
        sweep(case, plan, workers=workers)
    clock, own = time.perf_counter() - started, time.process_time() - own
    return clock, own + (_of_children() - theirs) / workers


def _of_children() -> float:
    """Seconds of the processor that processes which ended took."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def report(kind: str, case: str, rate: float, counts: dict[str, int]) -> None:
    """Print one line of the table."""
    solved = counts["solved"] / counts["draws"]
    print(
        f"{kind:<25} {case:<7} {rate:>9,.0f} {100 * solved:>12.1f} % {counts['bases']:>12}",
        flush=True,
    )


if __name__ == "__main__":
    main()
