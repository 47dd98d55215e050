"""A case whose every lane is a column: what a sweep re-solves, as arrays of each draw.

Where no limit and no duty looks at the route, only the cheapest route of a pair can be
used, so pairs and explicit lanes together are every lane there is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

from model.arrays import Booleans, Floats, Integers
from model.case.distances import is_sea
from model.market.compile_market import duties_in_force
from model.market.lanes import Lanes
from model.market.market import Market
from model.market.network import GRAMS_PER_TONNE
from model.market.network_lanes import NetworkOffer
from model.market.selection import records, select
from model.solve.phase1 import Phase1Slacks, with_phase1_slacks
from model.solve.program import Program, compile_program
from model.studies.parametric.figure import TARGETS
from model.studies.sweep.draws import Draws, base_figures
from model.studies.sweep.edge_costs import EDGE_TARGETS, EdgeCosts, edge_costs_of

if TYPE_CHECKING:
    from model.case.case import Case

MOST_COLUMNS = 50_000
PRICE_TARGETS = EDGE_TARGETS | {
    "origins.cost_cny_per_t", "lanes.cost_cny_per_t", "lanes.km", "duties.rate",
    "duties.value_cny_per_t",
}  # fmt: skip


@dataclass(frozen=True)
class Batch:
    """D draws of a program: one row each, or a single row that holds for all.

    Attributes
    ----------
    cost, lower, upper : (D or 1, n)
    row_lower, row_upper : (D or 1, m)
    """

    size: int
    cost: Floats
    lower: Floats
    upper: Floats
    row_lower: Floats
    row_upper: Floats

    def take(self, rows: Integers) -> Batch:
        """Some of the draws."""
        parts = (self.cost, self.lower, self.upper, self.row_lower, self.row_upper)
        return Batch(len(rows), *(part[rows] if len(part) > 1 else part for part in parts))


@dataclass(frozen=True)
class Prices:
    """What lanes cost in D draws, part by part; rows as in `Batch`.

    Attributes
    ----------
    lane_cost : (·, explicit lanes)
    production : (·, O)
    duty : (·, n)
    carbon_price : (·, 1)
    lane_co2_t_per_t : (·, explicit lanes)
    """

    lane_cost: Floats
    production: Floats
    duty: Floats
    carbon_price: Floats
    lane_co2_t_per_t: Floats


@dataclass(frozen=True)
class FlatProgram:
    """n columns, one for every lane on offer, and where each of their figures comes from.

    Attributes
    ----------
    program : of the base, with e elastic columns in front
    elastic : those columns
    origin, sink : (n,)
    weight : (n, K)
    lane : (n,) row of lanes.csv, or -1 for a pair of the network
    lane_mode : (lanes,) row of modes.csv, or -1
    pair : (n,) position among the pairs of `edge_costs`, or -1
    lane_min_kt, lane_max_kt : bounds of explicit lanes come with each draw
    base : the case's figures of every target
    duty : (duties in force, n) whether a duty falls on a column
    duty_rows : rows of duties.csv in force
    edge_costs : of the network, or None
    """

    program: Program
    elastic: Phase1Slacks
    origin_count: int
    sink_count: int
    origin: Integers
    sink: Integers
    weight: csr_array
    lane: Integers
    lane_mode: Integers
    lane_is_sea: Booleans
    pair: Integers
    base: dict[str, Floats]
    duty: Floats
    duty_rows: Integers
    edge_costs: EdgeCosts | None

    @property
    def size(self) -> int:
        """Columns."""
        return len(self.origin)

    def figures(self, draws: Draws, target: str) -> Floats:
        """A target's figures in every draw, (D or 1, rows)."""
        return draws.column(target, self.base[target])

    def prices(self, draws: Draws) -> Prices:
        """What lanes cost."""
        charge = self.figures(draws, "duties.rate") * self.figures(draws, "duties.value_cny_per_t")
        km = np.nan_to_num(self.figures(draws, "lanes.km"))
        grams = self.figures(draws, "modes.gco2_per_t_km")
        grams = np.concatenate([grams, np.zeros((len(grams), 1))], axis=1)[:, self.lane_mode]
        return Prices(
            self.figures(draws, "lanes.cost_cny_per_t"),
            self.figures(draws, "origins.cost_cny_per_t"),
            charge[:, self.duty_rows] @ self.duty,
            self.figures(draws, "case.carbon_price_cny_per_t"),
            km * np.nan_to_num(grams) / GRAMS_PER_TONNE,
        )

    def batch(self, draws: Draws, prices: Prices, pair_cost: Floats) -> Batch:
        """Costs and bounds of every draw; `pair_cost` is what the route of each pair costs."""
        cost = prices.production[:, self.origin] + prices.duty
        freight = prices.lane_cost + prices.carbon_price * prices.lane_co2_t_per_t
        cost = cost + _spread(freight, self.lane) + _spread(pair_cost, self.pair)
        least = _spread(self.figures(draws, "lanes.min_kt"), self.lane)
        most = np.nan_to_num(self.figures(draws, "lanes.max_kt"), nan=np.inf)
        return Batch(len(draws), cost, least, _spread(most, self.lane, np.inf), *self._rows(draws))

    def _rows(self, draws: Draws) -> tuple[Floats, Floats]:
        supply = self.figures(draws, "origins.supply_kt")
        demand, most = (self.figures(draws, f"sinks.{name}") for name in ("demand_kt", "max_kt"))
        least_k = np.nan_to_num(self.figures(draws, "limits.min"), nan=-np.inf)
        most_k = np.nan_to_num(self.figures(draws, "limits.max"), nan=np.inf)
        most = np.where(np.isnan(most), demand, most)
        free = np.full((1, self.origin_count), -np.inf)
        return _beside([free, demand, least_k]), _beside([supply, most, most_k])


def _spread(values: Floats, position: Integers, other: float = 0.0) -> Floats:
    """Values at these positions, (D or 1, n); `other` where a position is -1."""
    if not values.shape[1]:
        return np.full((len(values), len(position)), other)
    return np.where(position >= 0, values[:, position], other)


def _beside(parts: list[Floats]) -> Floats:
    """Blocks of rows side by side, single rows repeated where others vary."""
    size = max(len(part) for part in parts)
    return np.concatenate([np.broadcast_to(p, (size, p.shape[1])) for p in parts], axis=1)


def flat_program(case: Case, market: Market, targets: set[str]) -> FlatProgram | None:
    """The program over every lane; None where a route matters beyond its cost, or lanes abound."""
    if not _is_flat(case, market, targets):
        return None
    lanes = _every_lane(market)
    on_network = lanes.offer == NetworkOffer.number
    position = np.arange(len(lanes))
    built = case.lanes["origin"].isin(market.origins).to_numpy()
    lane_row = np.flatnonzero(built)
    lane = np.full(len(lanes), -1)
    lane[~on_network] = lane_row[[lanes.item[row][0] for row in position[~on_network]]]
    pair = np.where(on_network, np.cumsum(on_network) - 1, -1)
    elastic = Phase1Slacks.of(market)
    in_force = duties_in_force(case)
    selections = [select(row, case.origins, case.sinks) for row in records(in_force)]
    lane_mode = case.lanes["mode"].map(
        dict(zip(case.modes["mode"], range(len(case.modes)), strict=True))
    )
    mode_name = (
        np.where(lane >= 0, case.lanes["mode"].to_numpy(dtype=object)[lane], "")
        if len(case.lanes)
        else np.full(len(lanes), "")
    )
    falls = [
        s.origins[lanes.origin]
        & s.sinks[lanes.sink]
        & (np.isin(mode_name.astype(str), s.modes) if s.modes else True)
        & (not s.via)
        for s in selections
    ]
    return FlatProgram(
        program=with_phase1_slacks(compile_program(market, lanes), elastic),
        elastic=elastic,
        origin_count=len(market.origins),
        sink_count=len(market.sinks),
        origin=lanes.origin,
        sink=lanes.sink,
        weight=lanes.limit_weight,
        lane=lane,
        lane_mode=lane_mode.fillna(-1).to_numpy(dtype=np.intp),
        lane_is_sea=np.array([is_sea(mode) for mode in case.lanes["mode"]], dtype=bool),
        pair=pair,
        base={target: base_figures(case, target) for target in TARGETS},
        duty=np.array(falls, dtype=float).reshape(len(in_force), len(lanes)),
        duty_rows=in_force.index.to_numpy(),
        edge_costs=edge_costs_of(case, market, lanes.take(np.flatnonzero(on_network)), targets),
    )


def _is_flat(case: Case, market: Market, targets: set[str]) -> bool:
    network = market.network
    if network is not None and (
        network.duties or any(term.depends_on_route for term in network.limits)
    ):
        return False
    weighed = bool((case.limits["measure"] != "ship_kt").any())
    return market.size <= MOST_COLUMNS and not (weighed and targets & PRICE_TARGETS)


def _every_lane(market: Market) -> Lanes:
    """The cheapest route of every pair, and all explicit lanes."""
    parts = [Lanes.none(len(market.limits.names))]
    if market.network is not None:
        parts.append(market.network.cheapest_of_pairs())
    if market.explicit is not None:
        parts.append(market.explicit.every_lane())
    return Lanes.join(parts)
