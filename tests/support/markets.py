"""Small cases made in memory, solved, and checked by the conditions of an optimum."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from model.case.case import Case, Settings
from model.case.distances import with_distances
from model.market.columns import columns
from model.market.compile_market import compile_market
from model.market.lanes import COST, Prices
from model.market.market import Market
from model.solve.column_generation import Allocator
from model.solve.optimum import Optimum
from model.solve.solution import Status

CLOSE = 1e-6


def frame(header: str, *rows: str) -> pd.DataFrame:
    """A table from words; `-` is blank, and a column of numbers becomes one."""
    cells = [[None if cell == "-" else cell for cell in row.split()] for row in rows]
    table = pd.DataFrame(cells, columns=header.split())
    for name in table:
        known = table[name].dropna()
        if len(known) and pd.to_numeric(known, errors="coerce").notna().all():
            table[name] = pd.to_numeric(table[name]).astype(float)
        elif len(known) and set(known) <= {"true", "false"}:
            table[name] = table[name] == "true"
    return table


def make_case(settings: dict[str, Any] | None = None, **tables: pd.DataFrame) -> Case:
    """A case of these tables, unchecked: programs are tried on what no file may hold, too."""
    case = Case.of(Settings(**({"name": "test"} | (settings or {}))), **tables)
    return replace(case, is_checked=True)


def transport_case(supply: Any, demand: Any, cost: Any, **tables: pd.DataFrame) -> Case:
    """Origins o0, o1, …, sinks s0, s1, … and a lane for every finite cost."""
    cost = np.asarray(cost, dtype=float)
    rows, cols = np.nonzero(np.isfinite(cost))
    return make_case(
        origins=pd.DataFrame(
            {"origin": [f"o{i}" for i in range(len(supply))], "supply_kt": supply}
        ).astype({"supply_kt": float}),
        sinks=pd.DataFrame(
            {"sink": [f"s{i}" for i in range(len(demand))], "demand_kt": demand}
        ).astype({"demand_kt": float}),
        **{
            "lanes": pd.DataFrame(
                {
                    "origin": [f"o{i}" for i in rows],
                    "sink": [f"s{i}" for i in cols],
                    "cost_cny_per_t": cost[rows, cols],
                }
            )
        }
        | tables,
    )


def market_of(case: Case) -> Market:
    return compile_market(with_distances(case))


def array_market(supply: Any, demand: Any, cost: Any) -> Market:
    """A market of explicit lanes from arrays, without any table: every pair has one lane."""
    cost = np.asarray(cost, dtype=float)
    origin, sink = np.indices(cost.shape, dtype=np.int32)
    numbers = np.asarray(supply, dtype=float), np.asarray(demand, dtype=float)
    return Market.of_arrays(*numbers, origin.ravel(), sink.ravel(), cost.ravel())


def least_cost(case: Case) -> float | None:
    """Least cost in CNY thousand, proved and checked; None where no plan is feasible."""
    allocator = Allocator(market_of(case))
    optimum = allocator.optimise()
    if optimum.status is Status.INFEASIBLE:
        assert optimum.objective > 0
        return None
    assert optimum.status is Status.OPTIMAL
    check_optimal(allocator.market, optimum)
    return optimum.objective


def check_optimal(market: Market, optimum: Optimum) -> None:
    """Karush–Kuhn–Tucker conditions, from the rows and lanes themselves."""
    lanes, ship, row_dual = optimum.lanes, optimum.ship_kt, optimum.row_dual
    matrix = columns(market, lanes)
    activity = matrix @ ship
    room = CLOSE * (1 + np.abs(activity))
    assert np.all(activity >= market.row_lower_kt - room), "a row falls short"
    assert np.all(activity <= market.row_upper_kt + room), "a row is exceeded"
    assert np.all(ship >= lanes.min_kt - CLOSE) and np.all(ship <= lanes.max_kt + CLOSE)
    reduced = lanes.cost_cny_per_t - matrix.T @ row_dual
    scale = CLOSE * (1 + np.abs(lanes.cost_cny_per_t))
    at_lower, at_upper = ship <= lanes.min_kt + CLOSE, ship >= lanes.max_kt - CLOSE
    assert np.all((reduced >= -scale) | at_upper), "a lane would pay"
    assert np.all((reduced <= scale) | at_lower), "a used lane costs more than it is worth"
    may_rise = activity < market.row_upper_kt - room
    may_fall = activity > market.row_lower_kt + room
    assert np.all((row_dual >= -CLOSE) | ~may_rise), "a loose row has a price"
    assert np.all((row_dual <= CLOSE) | ~may_fall), "a loose row has a price"
    assert abs(lanes.cost_cny_per_t @ ship - optimum.objective) <= CLOSE * (
        1 + abs(optimum.objective)
    )
    check_proved_over_all(market, optimum)


def check_proved_over_all(market: Market, optimum: Optimum) -> None:
    """No explicit lane left out, and no best route of any pair, has a negative reduced cost."""
    prices = Prices(COST, *market.split(optimum.row_dual))
    for offer in market.offers:
        seen = set(optimum.lanes.take(np.flatnonzero(optimum.lanes.offer == offer.number)).keys)
        assert len(offer.price(prices, seen).lanes) == 0, "a lane left out would pay"
