"""Draws of a program in which routes matter beyond their cost: limits on links, ports, modes.

Where only bounds and prices vary, one program is re-solved from the base's basis; else every draw
is a case of its own. All price every lane on offer.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import pandas as pd

from model.arrays import Floats, Integers
from model.case.case import Case
from model.case.change import frame_of, table_of, with_frame
from model.case.commodities import depots
from model.case.distances import with_distances
from model.case.schema import column
from model.market.compile_market import compile_market
from model.market.lanes import NOTHING, LaneKey
from model.market.market import Market
from model.market.network import build_network
from model.result import balance as balances
from model.result.flows import LEAST_SHIPMENT_KT, flow_table, is_shipment
from model.result.outputs import DRAWN
from model.result.trade import has_trade
from model.solve.column_generation import Allocator
from model.solve.optimum import Optimum
from model.solve.solution import Status
from model.studies.sweep.answers import (
    Answers,
    Carried,
    Outcomes,
    Used,
    totals,
)
from model.studies.sweep.draw_prices import MOVED_PRICES, Repriced, can_reprice
from model.studies.sweep.draw_program import DrawProgram
from model.studies.sweep.draws import Draws, base_figures
from model.studies.sweep.edge_costs import link_rows
from model.studies.sweep.regions import Regions
from model.studies.sweep.row_bounds import row_bounds

BOUND_TARGETS = {
    "origins.supply_kt", "sinks.demand_kt", "sinks.max_kt", "limits.min", "limits.max",
    "links.limit_kt",
}  # fmt: skip
LEARNT_FROM = 20
"""So many of the first draws bring the lanes that every draw begins with."""
Solved = tuple[Optimum, float]
"""A draw's optimum, and its least shortage where there is no plan."""


@dataclass(frozen=True)
class ResolveTask:
    """All that a worker needs: the case, with distances filled in, and draws to learn from."""

    case: Case
    regions: Regions
    first: Draws


def resolve_chunk(task: bytes, draws: Draws) -> Answers:
    """What a worker does where the program is not flat."""
    return _resolver(task).solve(draws)


def stays_warm(case: Case, targets: Set[str]) -> bool:
    """Whether draws of these figures are bounds and prices of one program."""
    moved = targets - BOUND_TARGETS
    if _is_traced(case) or not moved <= MOVED_PRICES:
        return False
    return not moved or can_reprice(case)


class Resolver:
    """Solves one draw at a time, always from the base."""

    def __init__(self, task: ResolveTask) -> None:
        self.task = task
        self._warm: _WarmDraws | None = None
        if stays_warm(task.case, task.first.targets):
            self._warm = _WarmDraws(task.case, task.first)

    def solve(self, draws: Draws) -> Answers:
        """Solve these draws; none has a say in another."""
        if self._warm is None:
            singly = [draws.part(slice(number, number + 1)) for number in range(len(draws))]
            return Answers.join([self._as_case(one) for one in singly])
        return self._answers(draws, self._warm.market, list(self._warm.solve(draws)))

    def _as_case(self, one: Draws) -> Answers:
        """The answer of a single draw, as a case of its own."""
        case = with_distances(drawn_case(self.task.case, one))
        market = compile_market(case)
        allocator = Allocator(market)
        optimum = allocator.optimise()
        found = self._answers(one, market, [(optimum, _shortage_kt(allocator, optimum))])
        if optimum.status is Status.OPTIMAL and _is_traced(case):
            return replace(found, figure=_traced(case, market, optimum))
        return found

    def _answers(self, draws: Draws, market: Market, solved: Sequence[Solved]) -> Answers:
        case, optima = self.task.case, [optimum for optimum, _ in solved]
        supply = draws.column("origins.supply_kt", base_figures(case, "origins.supply_kt"))
        demand = draws.column("sinks.demand_kt", base_figures(case, "sinks.demand_kt"))
        outcomes = Outcomes(
            np.array([optimum.status for optimum in optima], dtype=object),
            np.array([short for _, short in solved]),
            np.stack([optimum.row_dual for optimum in optima]) + market.row_price_cny_per_t,
            np.ones(len(solved), dtype=bool),
        )
        return totals(_used(market, optima), self.task.regions, supply, demand, outcomes)


class _WarmDraws:
    """Draws whose bounds and prices alone vary, solved in one program."""

    def __init__(self, case: Case, first: Draws) -> None:
        self._case, self.market = case, compile_market(case)
        self._limited_links = _limited_links(case)
        self._has_prices = not first.targets <= BOUND_TARGETS
        self._program = DrawProgram(self.market, same_prices=not self._has_prices)
        self._prices = Repriced(case, self.market, self._program.first_lanes)
        self._learn(first.first(LEARNT_FROM))

    def solve(self, draws: Draws) -> Iterator[Solved]:
        """The optimum of each draw in turn."""
        lower, upper = self._row_bounds(draws)
        program = self._program
        markets = self._prices.of(draws) if self._has_prices else None
        for number in range(len(draws)):
            rows = tuple(part[number if len(part) > 1 else 0] for part in (lower, upper))
            program.start((rows[0], rows[1]), *(next(markets) if markets else ()))
            optimum = program.optimise(primal=len(lower) == len(upper) == 1)
            yield optimum, _shortage_kt(program, optimum)

    def _learn(self, draws: Draws) -> None:
        """Let every draw begin with the network's lanes that these use."""
        program, network = self._program, self.market.network
        used: dict[LaneKey, None] = {}
        for optimum, _ in self.solve(draws):
            rows = np.flatnonzero(optimum.ship_kt > LEAST_SHIPMENT_KT)
            lanes = optimum.lanes.take(rows[rows >= len(program.first_lanes)])
            of_network = lanes.offer == (-1 if network is None else network.number)
            used |= dict.fromkeys(lanes.take(np.flatnonzero(of_network)).keys)
        program.start((self.market.row_lower_kt, self.market.row_upper_kt))
        if network is not None and used:
            origin, sink = np.array([key[:2] for key in used], dtype=np.intp).T
            program.add(network.lanes(origin, sink, [path for *_, path in used]))
        program.optimise()
        program.stay()
        self._prices = Repriced(self._case, self.market, program.first_lanes)

    def _row_bounds(self, draws: Draws) -> tuple[Floats, Floats]:
        """Bounds of every row in each draw, (D or 1, m)."""

        def figures(target: str) -> Floats:
            return draws.column(target, base_figures(self._case, target))

        return row_bounds(figures, len(self.market.inputs), self._limited_links)


def _is_traced(case: Case) -> bool:
    """Whether figures of a draw need its flows traced."""
    return bool(depots(case)) or has_trade(case)


def _limited_links(case: Case) -> Integers:
    """Rows of links.csv of the limits that links have of their own, in their order."""
    network = build_network(case)
    if network is None:
        return np.zeros(0, dtype=np.intp)
    limited = np.flatnonzero(np.isfinite(network.limit_kt))
    _, first = np.unique([network.arc[edge] for edge in limited], return_index=True)
    return link_rows(case, network)[limited[np.sort(first)]]


def _used(market: Market, optima: Sequence[Optimum]) -> Used:
    """Lanes that carry something in these optima, one draw after the other."""
    draw, lanes, kt = [], [], []
    for number, optimum in enumerate(optima):
        is_used = is_shipment(market, optimum.lanes, optimum.ship_kt)
        rows = np.flatnonzero(is_used & (optimum.status is Status.OPTIMAL))
        draw.append(np.full(len(rows), number))
        kt.append(np.round(optimum.ship_kt[rows], 9))
        lanes.append((optimum.lanes, rows))

    def figures(name: str) -> Floats:
        return np.concatenate([getattr(every, name)[rows] for every, rows in lanes])

    ends = figures("origin").astype(np.intp), figures("sink").astype(np.intp)
    return Used(
        Carried(np.concatenate(draw), *ends, np.concatenate(kt)),
        freight=figures("freight_cny_per_t"),
        sea=figures("sea_cny_per_t"),
        production=figures("production_cny_per_t"),
        duty=figures("duty_cny_per_t"),
        carbon=figures("carbon_cny_per_t"),
        co2=figures("co2_t_per_t"),
        land_km=figures("land_km"),
        sea_km=figures("sea_km"),
    )


def _traced(case: Case, market: Market, optimum: Optimum) -> Floats:
    """Figures of a draw whose depots hand on what was made elsewhere, or whose sinks pay."""
    flow = flow_table(market, optimum.lanes, optimum.ship_kt)
    found = balances.figures(case, flow, balances.balance_table(case, flow))
    return np.array([[found[name] for name in DRAWN]], dtype=float)


def _shortage_kt(allocator: Allocator, optimum: Optimum) -> float:
    """Least demand that goes unmet; where that is not enough, what all bounds are missed by."""
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
def _resolver(task: bytes) -> Resolver:
    return Resolver(pickle.loads(task))
