"""All years as one market: their origins, sinks and limits side by side, joined by holding lanes.

What is made in one year and used in a later one travels the lane of the later year, and is held in
between: at the holding cost of every year's end that it passes, and within the stock allowed there.
Costs are discounted to the first year; production in the year that makes, freight in the year that
delivers. The program has the same rows as that of one year; only there are more of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array, csr_array, hstack, vstack

from model.arrays import Floats, Integers
from model.market.compile_market import compile_market
from model.market.explicit_lanes import ExplicitOffer
from model.market.lanes import Lanes
from model.market.market import Limits, Market
from model.market.unbeaten_routes import lanes_that_matter
from model.studies.plan.years import Year
from model.studies.siting.expand import built

if TYPE_CHECKING:
    from model.case.case import Case

CARRIED_TIE = 1013.0
"""Added to the tie-break number of a lane for each year that its goods are held."""


@dataclass(frozen=True)
class Joined:
    """The market of all years.

    Attributes
    ----------
    market : its only offer are the lanes
    lanes : n rows
    years : T years
    cases, markets, year_lanes : of each year on its own; projects are origins without supply
    made, used : (n,) position of the year that makes and of the year that uses
    lane : (n,) row among the lanes of the year that uses
    """

    market: Market
    lanes: Lanes
    years: list[Year]
    cases: list[Case]
    markets: list[Market]
    year_lanes: list[Lanes]
    made: Integers
    used: Integers
    lane: Integers


def in_year(name: str, year: int) -> str:
    """A name of one year: `North 2025`."""
    return f"{name} {year}"


def join_years(years: list[Year], supplying: list[str]) -> Joined:
    """Join the markets of all years.

    Parameters
    ----------
    supplying : projects that could supply; they are origins without supply here
    """
    cases = [built(year.case, dict.fromkeys(supplying, 0.0)) for year in years]
    markets = [compile_market(case) for case in cases]
    year_lanes = [lanes_that_matter(market) for market in markets]
    production = [case.origins["cost_cny_per_t"].to_numpy(dtype=float) for case in cases]
    may_carry = _carrying(years)
    pairs = [
        (made, used)
        for used in range(len(years))
        for made in range(used + 1)
        if may_carry[made:used].all()
    ]
    made = _spread(pairs, year_lanes, 0)
    used = _spread(pairs, year_lanes, 1)
    lane = np.concatenate([np.arange(len(year_lanes[used])) for _, used in pairs])
    offer = ExplicitOffer(
        origin=np.concatenate(
            [len(markets[0].origins) * m + year_lanes[u].origin for m, u in pairs]
        ),
        sink=np.concatenate([len(markets[0].sinks) * u + year_lanes[u].sink for _, u in pairs]),
        freight_cny_per_t=np.concatenate(
            [_cost(years, year_lanes[u], production, m, u) for m, u in pairs]
        ),
        land_km=np.concatenate([year_lanes[u].km for _, u in pairs]),
        tie=np.concatenate([year_lanes[u].tie + CARRIED_TIE * (u - m) for m, u in pairs]),
        limit_weight=_weights(years, markets, year_lanes, pairs),
        limit_count=0,
    )
    assert offer.limit_weight is not None
    offer = replace(offer, limit_count=offer.limit_weight.shape[1])
    market = Market(
        origins=_names(years, markets[0].origins),
        supply_kt=np.concatenate([market.supply_kt for market in markets]),
        sinks=_names(years, markets[0].sinks),
        demand_kt=np.concatenate([market.demand_kt for market in markets]),
        max_kt=np.concatenate([market.max_kt for market in markets]),
        limits=_limits(years, markets, year_lanes),
        explicit=offer,
    )
    lanes = offer.lanes(np.arange(offer.size))
    return Joined(market, lanes, years, cases, markets, year_lanes, made, used, lane)


def _carrying(years: list[Year]) -> np.ndarray:
    """Whether any stock may pass the end of each year."""
    return np.array([year.max_stock_kt > 0 for year in years], dtype=bool)


def _spread(pairs: list[tuple[int, int]], lanes: list[Lanes], end: int) -> Integers:
    return np.concatenate([np.full(len(lanes[pair[1]]), pair[end]) for pair in pairs])


def _names(years: list[Year], names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(in_year(name, year.year) for year in years for name in names)


def _cost(
    years: list[Year], lanes: Lanes, production: list[Floats], made: int, used: int
) -> Floats:
    """Discounted cost of the lanes of one year for what another has made."""
    origin = lanes.origin
    delivered = lanes.cost_cny_per_t - production[used][origin]
    held = sum(year.discount * year.holding_cny_per_t for year in years[made:used])
    return np.asarray(
        years[used].discount * delivered + years[made].discount * production[made][origin] + held
    )


def _bounded(lanes: Lanes) -> Integers:
    """Lanes with a bound of their own: it holds for all that travels them, whenever made."""
    return np.flatnonzero((lanes.min_kt > 0) | np.isfinite(lanes.max_kt))


def _limits(years: list[Year], markets: list[Market], lanes: list[Lanes]) -> Limits:
    """Limits of every year, bounds of lanes, and stock at the end of every year but the last."""
    names: list[str] = []
    lower: list[Floats] = []
    upper: list[Floats] = []
    for year, market, own in zip(years, markets, lanes, strict=True):
        rows = _bounded(own)
        names += [in_year(name, year.year) for name in market.limits.names]
        names += [f"lane {row} {year.year}" for row in rows]
        lower += [market.limits.min_kt, own.min_kt[rows]]
        upper += [market.limits.max_kt, own.max_kt[rows]]
    stocks = years[:-1]
    names += [in_year("stock", year.year) for year in stocks]
    lower.append(np.full(len(stocks), -np.inf))
    upper.append(np.array([year.max_stock_kt for year in stocks]))
    return Limits(tuple(names), np.concatenate(lower), np.concatenate(upper))


def _weights(
    years: list[Year], markets: list[Market], lanes: list[Lanes], pairs: list[tuple[int, int]]
) -> csr_array:
    """What the lanes of each pair of years count in every limit, (n, K)."""
    blocks = []
    for own in lanes:
        rows = _bounded(own)
        here = (np.ones(len(rows)), (rows, np.arange(len(rows))))
        bounds = csr_array(coo_array(here, shape=(len(own), len(rows))))
        blocks.append(hstack([own.limit_weight, bounds], format="csr"))
    width = [block.shape[1] for block in blocks]
    parts = []
    for made, used in pairs:
        count = blocks[used].shape[0]
        before = csr_array((count, sum(width[:used])))
        after = csr_array((count, sum(width[used + 1 :])))
        passed = np.arange(len(years) - 1)
        held = ((passed >= made) & (passed < used)).astype(float)
        stock = csr_array(np.tile(held, (count, 1)))
        parts.append(hstack([before, blocks[used], after, stock], format="csr"))
    return csr_array(vstack(parts, format="csr"))
