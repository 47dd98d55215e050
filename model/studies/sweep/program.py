"""A case whose every lane is a column: what a sweep re-solves, as arrays of each draw.

Where no limit and no duty looks at the route, only the cheapest route of a pair can be
used, so pairs and explicit lanes together are every lane there is.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from model.arrays import Booleans, Floats, Integers
from model.case.commodities import depots
from model.case.distances import is_sea
from model.market.compile_market import duties_in_force
from model.market.ends import LaneEnds
from model.market.lanes import Lanes
from model.market.market import Market
from model.market.network import emission_t_per_t
from model.market.selection import records
from model.result.trade import has_trade
from model.solve.phase1 import Phase1Slacks, with_phase1_slacks
from model.solve.program import Program, compile_program
from model.studies.parametric.figure import RECIPES, TARGETS
from model.studies.sweep.draws import Draws, base_figures
from model.studies.sweep.edge_costs import EDGE_TARGETS, EdgeCosts, edge_costs_of
from model.studies.sweep.row_bounds import row_bounds, side_by_side

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
class DrawPrices:
    """What lanes cost in D draws, part by part; rows as in `Batch`.

    Attributes
    ----------
    lane_cost : (·, L) freight of explicit lanes
    lane_co2 : (·, L) t/t
    production : (·, O)
    duty : (·, n)
    carbon_price : (·, 1)
    """

    lane_cost: Floats
    lane_co2: Floats
    production: Floats
    duty: Floats
    carbon_price: Floats


@dataclass(frozen=True)
class FlatProgram:
    """n columns, one for every lane on offer, and where each of their figures comes from.

    The columns are P pairs of the network by their cheapest routes, then L explicit lanes.

    Attributes
    ----------
    program : of the base, with e slack columns in front
    slacks : those columns
    origin, sink : (n,)
    pairs : P
    lane_row : (L,) row of lanes.csv
    lane_mode : (L,) row of modes.csv, or -1
    lane_is_sea : (L,)
    base : the case's figures of every target
    duty : (duties in force, n) 1 where a duty falls on a column
    duty_rows : rows of duties.csv in force
    edge_costs : of the network, or None
    inputs : how many places receive an input, and recipes they have
    """

    program: Program
    slacks: Phase1Slacks
    origin: Integers
    sink: Integers
    pairs: int
    lane_row: Integers
    lane_mode: Integers
    lane_is_sea: Booleans
    base: dict[str, Floats]
    duty: Floats
    duty_rows: Integers
    edge_costs: EdgeCosts | None
    inputs: int = 0

    @property
    def size(self) -> int:
        """Columns."""
        return len(self.origin)

    def figures(self, draws: Draws, target: str) -> Floats:
        """A target's figures in every draw, (D or 1, rows)."""
        return draws.column(target, self.base[target])

    def of_lanes(self, draws: Draws, column: str) -> Floats:
        """A column of lanes.csv, for explicit lanes, (D or 1, L)."""
        return self.figures(draws, f"lanes.{column}")[:, self.lane_row]

    def prices(self, draws: Draws) -> DrawPrices:
        """What lanes cost."""
        charge = self.figures(draws, "duties.rate") * self.figures(draws, "duties.value_cny_per_t")
        grams = np.nan_to_num(self.figures(draws, "modes.gco2_per_t_km"))
        grams = np.concatenate([grams, np.zeros((len(grams), 1))], axis=1)[:, self.lane_mode]
        return DrawPrices(
            self.of_lanes(draws, "cost_cny_per_t"),
            emission_t_per_t(np.nan_to_num(self.of_lanes(draws, "km")), grams),
            self.figures(draws, "origins.cost_cny_per_t"),
            charge[:, self.duty_rows] @ self.duty,
            self.figures(draws, "case.carbon_price_cny_per_t"),
        )

    def batch(self, draws: Draws, prices: DrawPrices, pair_cost: Floats) -> Batch:
        """Costs and bounds of every draw; `pair_cost` is what the route of each pair costs."""
        freight = prices.lane_cost + prices.carbon_price * prices.lane_co2
        cost = prices.production[:, self.origin] + prices.duty + side_by_side([pair_cost, freight])
        nothing = np.zeros((1, self.pairs))
        most = np.nan_to_num(self.of_lanes(draws, "max_kt"), nan=np.inf)
        return Batch(
            len(draws),
            cost,
            side_by_side([nothing, self.of_lanes(draws, "min_kt")]),
            side_by_side([nothing + np.inf, most]),
            *row_bounds(partial(self.figures, draws), self.inputs),
        )


def flat_program(case: Case, market: Market, targets: set[str]) -> FlatProgram | None:
    """The program over every lane; None where a route matters beyond its cost, or lanes abound."""
    if not _is_flat(case, market, targets):
        return None
    none = Lanes.none(len(market.limits.names))
    routes = none if market.network is None else market.network.cheapest_of_pairs()
    lanes = none if market.explicit is None else market.explicit.every_lane()
    every, ends = Lanes.join([routes, lanes]), LaneEnds.of(case)
    slacks = Phase1Slacks.of(market)
    lane_row = np.flatnonzero(np.min(ends.of_lanes(case.lanes), axis=0) >= 0)
    mode = case.lanes["mode"].iloc[lane_row]
    in_force = duties_in_force(case)
    return FlatProgram(
        program=with_phase1_slacks(compile_program(market, every), slacks),
        slacks=slacks,
        origin=every.origin,
        sink=every.sink,
        pairs=len(routes),
        lane_row=lane_row,
        inputs=len(market.inputs),
        lane_mode=pd.Index(case.modes["mode"]).get_indexer(pd.Index(mode)),
        lane_is_sea=np.array([is_sea(name) for name in mode], dtype=bool),
        base={target: base_figures(case, target) for target in TARGETS},
        duty=_duties(ends, market, routes, in_force),
        duty_rows=in_force.index.to_numpy(),
        edge_costs=edge_costs_of(case, market, routes, targets),
    )


def _duties(ends: LaneEnds, market: Market, routes: Lanes, in_force: pd.DataFrame) -> Floats:
    """1 where a duty falls on a route of these or an explicit lane, (duties, n)."""
    nothing = np.zeros(0)
    falls = [
        np.r_[
            chosen.pairs[routes.origin, routes.sink],
            nothing if market.explicit is None else market.explicit.selected(chosen),
        ]
        for chosen in map(ends.select, records(in_force))
    ]
    size = len(routes) + (0 if market.explicit is None else market.explicit.size)
    return np.array(falls, dtype=float).reshape(len(in_force), size)


def _is_flat(case: Case, market: Market, targets: set[str]) -> bool:
    network = market.network
    if network is not None and (
        network.duties or any(term.depends_on_route for term in network.limits)
    ):
        return False
    if RECIPES in targets:
        return False
    if (case.modes["commodity"] != "").any() or depots(case) or has_trade(case):
        return False
    weighed = bool((case.limits["measure"] != "ship_kt").any())
    return market.size <= MOST_COLUMNS and not (weighed and targets & PRICE_TARGETS)
