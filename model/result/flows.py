"""The plan as a table: what goes from where to where, how, and what each part of it costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from model.arrays import Floats
from model.case.distances import is_sea
from model.market.explicit_lanes import ExplicitOffer
from model.market.lanes import Lanes
from model.market.market import KCNY_PER_MCNY, Market, duties
from model.market.network import GRAMS_PER_TONNE, Network
from model.market.network_lanes import NetworkOffer

if TYPE_CHECKING:
    from model.case.case import Case

COLUMNS = [
    "origin",
    "sink",
    "mode",
    "route",
    "ship_kt",
    "km",
    "cost_cny_per_t",
    "cost_mcny",
    "co2_kt",
    "freight_cny_per_t",
    "sea_cny_per_t",
    "production_cny_per_t",
    "duty_cny_per_t",
    "carbon_cny_per_t",
    "land_km",
    "sea_km",
]
LEAST_SHIPMENT_KT = 1e-9
"""A milligram per tonne of a kt: less is the arithmetic's, not the plan's."""
DECIMALS = 9


def flow_table(case: Case, market: Market, lanes: Lanes, ship_kt: Floats) -> pd.DataFrame:
    """`flows.csv`: a row per lane that carries something, by origin, sink, mode and route.

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
    used = np.flatnonzero(ship_kt > LEAST_SHIPMENT_KT)
    table = lane_table(case, market, lanes.take(used))
    table["ship_kt"] = np.round(ship_kt[used], DECIMALS)
    table["cost_mcny"] = table["ship_kt"] * table["cost_cny_per_t"] / KCNY_PER_MCNY
    table["co2_kt"] = table["ship_kt"] * table["co2_t_per_t"]
    table = table.sort_values(["origin", "sink", "mode", "route"], ignore_index=True)
    return table[COLUMNS]


def lane_table(case: Case, market: Market, lanes: Lanes) -> pd.DataFrame:
    """Names, route and cost parts of lanes; a row each, in their order."""
    records = []
    production = case.origins["cost_cny_per_t"].to_numpy(dtype=float)
    has_duties = bool(duties(case))
    built = case.lanes[case.lanes["origin"].isin(market.origins)]
    grams = dict(zip(case.modes["mode"], case.modes["gco2_per_t_km"].fillna(0.0), strict=True))
    for row, (offer_number, item) in enumerate(zip(lanes.offer.tolist(), lanes.item, strict=True)):
        origin, sink = int(lanes.origin[row]), int(lanes.sink[row])
        offer = market.offers[offer_number]
        if isinstance(offer, NetworkOffer):
            assert isinstance(item, tuple)
            way = _network_way(offer, item, origin)
        else:
            assert isinstance(offer, ExplicitOffer)
            assert isinstance(item, int)
            way = _explicit_way(built.iloc[item], grams)
        carbon = case.settings.carbon_price_cny_per_t * way["co2_t_per_t"]
        known = way["freight_cny_per_t"] + production[origin] + carbon
        cost = float(lanes.cost_cny_per_t[row])
        records.append(
            {
                "origin": market.origins[origin],
                "sink": market.sinks[sink],
                **way,
                "km": way["land_km"] + way["sea_km"],
                "cost_cny_per_t": cost,
                "production_cny_per_t": production[origin],
                "carbon_cny_per_t": carbon,
                "duty_cny_per_t": round(cost - known, DECIMALS) if has_duties else 0.0,
            }
        )
    names = ["mode", "route", "co2_t_per_t", "ship_kt", "cost_mcny", "co2_kt"]
    return pd.DataFrame.from_records(records, columns=[*dict.fromkeys([*COLUMNS, *names])])


def _network_way(offer: NetworkOffer, path: tuple[int, ...], origin: int) -> dict[str, Any]:
    network = offer.network
    edges = np.array(path, dtype=np.intp)
    at_sea = network.is_sea[edges]
    freight, km = network.freight_cny_per_t[edges], network.km[edges]
    return {
        "mode": "+".join(
            network.modes[network.mode[edge]] for edge in edges if network.is_entry[edge]
        ),
        "route": route_text(network, path) or network.nodes[offer.origin_node[origin]],
        "freight_cny_per_t": float(freight.sum()),
        "sea_cny_per_t": float(freight[at_sea].sum()),
        "co2_t_per_t": float(network.co2_t_per_t[edges].sum()),
        "land_km": float(km[~at_sea].sum()),
        "sea_km": float(km[at_sea].sum()),
    }


def route_text(network: Network, path: tuple[int, ...]) -> str:
    """`A >rail> B >sea> C`; the second of parallel links is `>rail#2>`."""
    text = ""
    for edge in path:
        if name := network.arc[edge]:
            ends, mode = name.rsplit(":", 1)
            start, end = ends.split(">", 1)
            text += f" >{mode}> {end}" if text else f"{start} >{mode}> {end}"
    return text


def _explicit_way(lane: pd.Series, grams: dict[str, float]) -> dict[str, Any]:
    km = 0.0 if np.isnan(lane["km"]) else float(lane["km"])
    by_sea = is_sea(lane["mode"])
    return {
        "mode": lane["mode"],
        "route": "",
        "freight_cny_per_t": float(lane["cost_cny_per_t"]),
        "sea_cny_per_t": float(lane["cost_cny_per_t"]) if by_sea else 0.0,
        "co2_t_per_t": km * grams.get(lane["mode"], 0.0) / GRAMS_PER_TONNE,
        "land_km": 0.0 if by_sea else km,
        "sea_km": km if by_sea else 0.0,
    }
