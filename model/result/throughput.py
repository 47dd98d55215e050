"""What passes each port, border, limited link and limit, and the next best way around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.sparse import csc_array

from model.arrays import Floats
from model.market.lanes import Item, Lanes
from model.market.market import Market
from model.result.crossings import PORT, crossings
from model.result.definitions import DECIMALS
from model.result.flows import is_shipment, rounded_kt
from model.result.output_columns import COLUMNS
from model.result.outputs import THROUGHPUT
from model.result.way_around import WaysAround

if TYPE_CHECKING:
    from model.case.case import Case

PRICE_DECIMALS = 6


def throughput_table(case: Case, market: Market, lanes: Lanes, ship_kt: Floats) -> pd.DataFrame:
    """`throughput.csv`: a row per port and border, direction of a limited link, and limit.

    Parameters
    ----------
    lanes : Lanes, n rows
    ship_kt : (n,)
    """
    used = np.flatnonzero(is_shipment(market, lanes, ship_kt))
    lanes, kt = lanes.take(used), rounded_kt(ship_kt[used])
    around, weight = WaysAround(case, market, lanes, kt), csc_array(lanes.limit_weight)
    by_sea = [_calls(market, lane) for lane in zip(lanes.offer, lanes.item, strict=True)]
    rows = []
    for place in crossings(case, market):
        count = place.counts(lanes, weight)
        through = round(float(count @ kt), DECIMALS) + 0.0
        limit = place.limit if np.isfinite(place.limit) else None
        calls = [place.name in called for called in by_sea]
        best = around.next_best(place, count)
        rows.append(
            {
                "place": place.name,
                "role": place.role,
                "direction": place.direction,
                "through_kt": through,
                "by_sea_kt": _rounded(kt[calls].sum()) if place.role == PORT else None,
                "limit": limit,
                "unit": place.unit,
                "used_share": _rounded(through / limit) if limit else None,
                "next_best": best.place if best else "",
                "next_best_cny_per_t": best and round(best.dearer_cny_per_t, PRICE_DECIMALS) + 0.0,
                "closed_cost_mcny": best and _rounded(best.closed_cost_mcny),
            }
        )
    table = pd.DataFrame(rows, columns=list(THROUGHPUT))
    numbers = [name for name in THROUGHPUT if not COLUMNS[name].is_text]
    return table.astype(dict.fromkeys(numbers, float))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(float(value), DECIMALS) + 0.0


def _calls(market: Market, lane: tuple[int, Item]) -> set[str]:
    """Nodes at which a lane comes or leaves by sea."""
    offer, (number, item) = market.network, lane
    if offer is None or number != offer.number:
        return set()
    arcs = [edge for edge in item if offer.network.is_arc[edge] and offer.network.is_sea[edge]]
    return {name for edge in arcs for name in offer.network.ends(edge)}
