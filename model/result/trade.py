"""What sinks pay above their demand, and what they go without."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from model.case.commodities import commodities
from model.market.market import KCNY_PER_MCNY
from model.result.deliveries import is_inbound

if TYPE_CHECKING:
    from model.case.case import Case

SMALL_KT = 1e-9
"""Less than this is the arithmetic's."""


def has_trade(case: Case) -> bool:
    """Whether a sink pays for tonnes above its demand, or may go without some."""
    sinks = case.sinks
    return bool((sinks["price_cny_per_t"] > 0).any() or sinks["shortage_cny_per_t"].notna().any())


def trade_table(case: Case, flows: pd.DataFrame) -> pd.DataFrame:
    """Sinks that pay for tonnes above their demand, or may go without, in the case's order.

    Returns
    -------
    pandas.DataFrame
        sink, region, commodity, demand_kt, received_kt, above_kt and short_kt (kt/year),
        price_cny_per_t and shortage_cny_per_t, revenue_mcny and shortage_cost_mcny (MCNY/year).
    """
    sinks = case.sinks.assign(commodity=commodities(case, case.sinks))
    priced = (sinks["price_cny_per_t"] > 0) | sinks["shortage_cny_per_t"].notna()
    table = sinks[priced][
        ["sink", "region", "commodity", "demand_kt", "price_cny_per_t", "shortage_cny_per_t"]
    ]
    to_sinks = flows[~is_inbound(case, flows)]
    received = to_sinks.groupby("sink")["ship_kt"].sum()
    table = table.assign(received_kt=table["sink"].map(received).fillna(0.0).astype(float))
    above = table["received_kt"] - table["demand_kt"]
    table["above_kt"] = above.where(above > SMALL_KT, 0.0)
    table["short_kt"] = (-above).where((above < -SMALL_KT) & table["shortage_cny_per_t"].notna(), 0)
    table["revenue_mcny"] = table["above_kt"] * table["price_cny_per_t"] / KCNY_PER_MCNY
    cost = table["short_kt"] * table["shortage_cny_per_t"].fillna(0.0)
    table["shortage_cost_mcny"] = cost / KCNY_PER_MCNY
    return table.reset_index(drop=True)
