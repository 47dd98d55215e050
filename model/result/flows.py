"""The plan as a table: what goes from where to where, how, and what each part of it costs."""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.arrays import Booleans, Floats
from model.market.lanes import Lanes
from model.market.market import KCNY_PER_MCNY, Market
from model.result.definitions import DECIMALS
from model.result.outputs import FLOWS

COLUMNS = list(FLOWS)
LEAST_SHIPMENT_KT = 1e-9
"""A milligram per tonne of a kt: less is the arithmetic's, not the plan's."""
DIGITS = 12
"""Of all that is shipped: what is cut off must not change what the plan costs."""


def rounded_kt(ship_kt: Floats) -> Floats:
    """Shipments without the last digits, which are the arithmetic's: 9 decimals, or more.

    Where little is shipped in all, 9 decimals are few: what is kept are 12 digits of the total.
    """
    total = float(ship_kt.sum())
    decimals = DIGITS - int(np.floor(np.log10(total))) if total > 0 else DECIMALS
    return np.asarray(np.round(ship_kt, max(DECIMALS, decimals)))


def flow_table(market: Market, lanes: Lanes, ship_kt: Floats) -> pd.DataFrame:
    """`flows.csv`: a row per lane that carries something, by origin, sink, mode and route.

    What sinks go without is no shipment.

    Parameters
    ----------
    lanes : Lanes, n rows
    ship_kt : (n,)

    Returns
    -------
    pandas.DataFrame
        Masses in kt, distances in km, unit costs in CNY/t; `cost_cny_per_t` is the sum of
        freight, production, duty and carbon, and sea_cny_per_t the part of freight at sea.
    """
    used = np.flatnonzero(is_shipment(market, lanes, ship_kt))
    table = lane_table(market, lanes.take(used))
    table["ship_kt"] = rounded_kt(ship_kt[used])
    table["cost_mcny"] = table["ship_kt"] * table["cost_cny_per_t"] / KCNY_PER_MCNY
    table["co2_kt"] = table["ship_kt"] * table["co2_t_per_t"]
    table = table.sort_values(["origin", "sink", "mode", "route"], ignore_index=True)
    return table[COLUMNS]


def is_shipment(market: Market, lanes: Lanes, ship_kt: Floats) -> Booleans:
    """Lanes that carry something, (n,); what a sink goes without is carried by none."""
    return np.asarray((ship_kt > LEAST_SHIPMENT_KT) & ~np.isin(lanes.origin, market.short))


def lane_table(market: Market, lanes: Lanes) -> pd.DataFrame:
    """Names, route and cost parts of lanes; a row each, in their order."""
    offers = {offer.number: offer for offer in market.offers}
    origins, sinks = lanes.origin.tolist(), market.sink_names
    ways = [
        offers[number].way(origin, item)
        for number, origin, item in zip(lanes.offer.tolist(), origins, lanes.item, strict=True)
    ]
    return pd.DataFrame(
        {
            "origin": [market.origins[origin] for origin in origins],
            "sink": [sinks[sink] for sink in lanes.sink.tolist()],
            "mode": [way.mode for way in ways],
            "route": [way.route for way in ways],
            "km": lanes.km,
            "cost_cny_per_t": lanes.spent_cny_per_t,
            "freight_cny_per_t": lanes.freight_cny_per_t,
            "sea_cny_per_t": lanes.sea_cny_per_t,
            "production_cny_per_t": lanes.production_cny_per_t,
            "duty_cny_per_t": lanes.duty_cny_per_t,
            "carbon_cny_per_t": lanes.carbon_cny_per_t,
            "co2_t_per_t": lanes.co2_t_per_t,
            "land_km": lanes.land_km,
            "sea_km": lanes.sea_km,
            "commodity": [market.commodities[origin] for origin in origins],
        }
    )
