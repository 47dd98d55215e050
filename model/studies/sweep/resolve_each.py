"""Draws of a program in which routes matter beyond their cost: limits on links, ports, modes.

Where only bounds vary, one allocator is re-solved from the base's basis; where prices do,
every draw is a case of its own. Both price every lane on offer.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import pandas as pd

from model.arrays import Floats
from model.case.case import Case
from model.case.change import frame_of, table_of, with_frame
from model.case.commodities import depots
from model.case.distances import with_distances
from model.case.schema import column
from model.market.compile_market import compile_market
from model.market.lanes import NOTHING
from model.market.market import Market
from model.market.network import build_network
from model.result import balance as balances
from model.result.flows import flow_table, is_shipment, lane_table
from model.result.outputs import DRAWN
from model.result.trade import has_trade
from model.solve.column_generation import Allocator
from model.solve.highs import Status
from model.solve.optimum import Optimum
from model.studies.sweep.answers import (
    Answers,
    Carried,
    Outcomes,
    Used,
    totals,
)
from model.studies.sweep.draws import Draws, base_figures
from model.studies.sweep.edge_costs import link_rows
from model.studies.sweep.regions import Regions
from model.studies.sweep.row_bounds import row_bounds

BOUND_TARGETS = {
    "origins.supply_kt", "sinks.demand_kt", "sinks.max_kt", "limits.min", "limits.max",
    "links.limit_kt",
}  # fmt: skip


@dataclass(frozen=True)
class ResolveTask:
    """All that a worker needs: the case, with distances filled in."""

    case: Case
    regions: Regions


def resolve_chunk(task: bytes, draws: Draws) -> Answers:
    """What a worker does where the program is not flat."""
    solver = _solver(task)
    return Answers.join([solver.solve(draws.part(slice(d, d + 1))) for d in range(len(draws))])


class Resolver:
    """Solves one draw at a time, always from the base."""

    def __init__(self, task: ResolveTask) -> None:
        self.task = task
        self.market = compile_market(task.case)
        self.allocator = Allocator(self.market)
        self._is_traced = bool(depots(task.case)) or has_trade(task.case)
        self.allocator.optimise()
        self._lanes = len(self.allocator.lanes)
        self._basis = self.allocator.basis()
        network = build_network(task.case)
        self._link_of_limit = np.zeros(0, dtype=np.intp)
        if network is not None:
            limited = np.flatnonzero(np.isfinite(network.limit_kt))
            _, first = np.unique([network.arc[edge] for edge in limited], return_index=True)
            self._link_of_limit = link_rows(task.case, network)[limited[np.sort(first)]]

    def solve(self, one: Draws) -> Answers:
        """Solve a single draw."""
        if one.targets <= BOUND_TARGETS and not self._is_traced:
            return self._solve_bounds(one)
        case = with_distances(drawn_case(self.task.case, one))
        market = compile_market(case)
        allocator = Allocator(market)
        optimum = allocator.optimise()
        return self._answers(one, case, market, optimum, _shortage_kt(allocator, optimum))

    def _solve_bounds(self, one: Draws) -> Answers:
        self.allocator.keep(self._lanes, self._basis)
        with self.allocator.bounds(self._row_bounds(one)):
            optimum = self.allocator.optimise()
            short = _shortage_kt(self.allocator, optimum)
        return self._answers(one, self.task.case, self.market, optimum, short)

    def _row_bounds(self, one: Draws) -> tuple[Floats, Floats]:
        def figures(target: str) -> Floats:
            return one.column(target, base_figures(self.task.case, target))

        lower, upper = row_bounds(figures, len(self.market.inputs), self._link_of_limit)
        return lower[0], upper[0]

    def _answers(
        self, one: Draws, case: Case, market: Market, optimum: Optimum, short_kt: float
    ) -> Answers:
        has_plan = optimum.status is Status.OPTIMAL
        is_shipped = is_shipment(market, optimum.lanes, optimum.ship_kt)
        used = np.flatnonzero(is_shipped & has_plan)
        lanes = optimum.lanes.take(used)
        table = lane_table(market, lanes)
        column = {name: table[name].to_numpy(dtype=float) for name in table if "_" in str(name)}
        kt = optimum.ship_kt[used]
        entries = Used(
            Carried(np.zeros(len(used), dtype=np.intp), lanes.origin, lanes.sink, np.round(kt, 9)),
            freight=column["freight_cny_per_t"],
            sea=column["sea_cny_per_t"],
            production=column["production_cny_per_t"],
            duty=column["duty_cny_per_t"],
            carbon=column["carbon_cny_per_t"],
            co2=column["co2_t_per_t"],
            land_km=column["land_km"],
            sea_km=column["sea_km"],
        )
        supply = one.column("origins.supply_kt", base_figures(self.task.case, "origins.supply_kt"))
        demand = one.column("sinks.demand_kt", base_figures(self.task.case, "sinks.demand_kt"))
        outcomes = Outcomes(
            np.array([optimum.status], dtype=object),
            np.array([short_kt]),
            (optimum.row_dual + market.row_price_cny_per_t)[None, :],
            np.array([True]),
        )
        found = totals(entries, self.task.regions, supply, demand, outcomes)
        if has_plan and self._is_traced:
            return replace(found, figure=_traced(case, market, optimum))
        return found


def _traced(case: Case, market: Market, optimum: Optimum) -> Floats:
    """Figures of a draw whose depots hand on what was made elsewhere, or whose sinks pay."""
    flow = flow_table(market, optimum.lanes, optimum.ship_kt)
    found = balances.figures(case, flow, balances.balance_table(case, flow))
    return np.array([[found[name] for name in DRAWN]], dtype=float)


def _shortage_kt(allocator: Allocator, optimum: Optimum) -> float:
    """Least demand that goes unmet; where that is not enough, what all bounds give way together."""
    if optimum.status is not Status.INFEASIBLE:
        return 0.0
    with allocator.slack(allocator.slacks.of_demand):
        eased = allocator.optimise(NOTHING)
    has_plan = eased.status is Status.OPTIMAL
    return eased.objective if has_plan else float(optimum.slack_kt.sum())


def drawn_case(case: Case, one: Draws) -> Case:
    """The case of a single draw."""
    frames: dict[str, pd.DataFrame] = {}
    for target in sorted(one.targets):
        table = table_of(target)
        (figures,) = one.column(target, base_figures(case, target))
        frame = frames.get(table.name, frame_of(case, table))
        frames[table.name] = frame.assign(**{column(target).name: figures})
    for name, frame in frames.items():
        case = with_frame(case, table_of(name), frame)
    return case


@lru_cache(maxsize=1)
def _solver(task: bytes) -> Resolver:
    return Resolver(pickle.loads(task))
