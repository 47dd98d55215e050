"""Balances by region and the figures of a run, as docs/mathematics.md defines them.

Supply, demand, deficit, local, moved and self-sufficiency count domestic origins and
sinks only; exports are shipments from domestic origins to export sinks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from model.arrays import Booleans
from model.case.commodities import commodities, depots
from model.market.market import KCNY_PER_MCNY
from model.result.definitions import (
    DECIMALS,
    DOMESTIC,
    EXPORT,
    KT_KM_PER_BN_T_KM,
    Ends,
    deficit_kt,
    located,
)
from model.result.deliveries import deliveries, is_own
from model.result.figures import OF_ALLOCATION
from model.result.outputs import BALANCE
from model.result.trade import trade_table

if TYPE_CHECKING:
    from model.case.case import Case

COLUMNS = list(BALANCE)


def balance_table(case: Case, flows: pd.DataFrame) -> pd.DataFrame:
    """`balance.csv`: a row per domestic region, then a row per market.

    Balance is supply − demand − exports; deficit is max(0, demand − supply), before any
    shipment; utilisation is what is shipped over capacity (over supply where no capacity
    is given). A market's inflow is what it receives, its supply and demand are blank.
    """
    home, users = home_origins(case), home_sinks(case)
    regions = pd.Index(sorted(set(home["region"]) | set(users["region"])), name="region")
    flow = located(case, deliveries(case, flows))
    ends = Ends.of(flow)

    def total(rows: Booleans, by: str) -> pd.Series:
        return flow[rows].groupby(by)["ship_kt"].sum().reindex(regions, fill_value=0.0)

    def figure(table: pd.DataFrame, column: str | pd.Series) -> pd.Series:
        values = table[column] if isinstance(column, str) else column
        return values.groupby(table["region"]).sum().reindex(regions, fill_value=0.0)

    table = pd.DataFrame(index=regions)
    table["role"] = "region"
    table["supply_kt"] = figure(home, "supply_kt")
    table["demand_kt"] = figure(users, "demand_kt")
    table["export_kt"] = total(ends.exported, "from_region")
    table["balance_kt"] = table["supply_kt"] - table["demand_kt"] - table["export_kt"]
    table["deficit_kt"] = deficit_kt(table["demand_kt"], table["supply_kt"])
    table["local_kt"] = total(ends.local, "from_region")
    table["inflow_kt"] = total(ends.to_home & ~ends.local, "to_region")
    table["outflow_kt"] = total(ends.moved, "from_region")
    shipped = total(ends.from_home, "from_region")
    table["unshipped_kt"] = table["supply_kt"] - shipped
    room = figure(home, home["capacity_kt"].fillna(home["supply_kt"]))
    table["utilisation"] = ratio(shipped, room)
    table["self_sufficiency"] = ratio(table["local_kt"], table["demand_kt"])
    together = pd.concat([table.reset_index(), _markets(case, flow)], ignore_index=True)
    masses = [name for name in COLUMNS if name.endswith("_kt")]
    together[masses] = together[masses].astype(float).round(DECIMALS) + 0.0
    return together[COLUMNS]


def _markets(case: Case, flow: pd.DataFrame) -> pd.DataFrame:
    markets = own_sinks(case, EXPORT)
    received = flow[flow["to_kind"] == EXPORT].groupby("to_region")["ship_kt"].sum()
    names = sorted(set(markets["region"]))
    return pd.DataFrame(
        {
            "region": names,
            "role": "market",
            "inflow_kt": received.reindex(names, fill_value=0.0).to_numpy(),
        },
        columns=COLUMNS,
    )


def figures(case: Case, flows: pd.DataFrame, balance: pd.DataFrame) -> dict[str, float | None]:
    """The headline figures of `run.json`: money in MCNY, masses in kt, shares as fractions."""
    flow = located(case, deliveries(case, flows))
    ends = Ends.of(flow)
    ship = flow["ship_kt"]

    def money(column: str, some: pd.DataFrame = flows) -> float:
        return float((some["ship_kt"] * some[column]).sum() / KCNY_PER_MCNY)

    def tonne_km(rows: Booleans) -> float:
        return float((ship * flow["km"])[rows].sum() / KT_KM_PER_BN_T_KM)

    sea, transport = money("sea_cny_per_t"), money("freight_cny_per_t")
    demand = float(balance["demand_kt"].sum())
    t_km = tonne_km(ends.domestic)
    domestic_kt = float(ship[ends.domestic].sum())
    local_kt = float(balance["local_kt"].sum())
    trade = trade_table(case, flows)
    revenue, shortage = trade["revenue_mcny"].sum(), trade["shortage_cost_mcny"].sum()
    total = float(flows["cost_mcny"].sum() + shortage - revenue)
    found = {
        "total_cost_mcny": total,
        "objective_kcny": total * KCNY_PER_MCNY,
        "transport_cost_mcny": transport,
        "land_cost_mcny": transport - sea,
        "sea_cost_mcny": sea,
        "inbound_cost_mcny": money("freight_cny_per_t", flows[~is_own(case, flows)]),
        "production_cost_mcny": money("production_cny_per_t"),
        "duty_cost_mcny": money("duty_cny_per_t"),
        "carbon_cost_mcny": money("carbon_cny_per_t"),
        "fixed_cost_mcny": 0.0,
        "shortage_cost_mcny": float(shortage),
        "revenue_mcny": float(revenue),
        "shipped_kt": float(ship.sum()),
        "domestic_kt": domestic_kt,
        "export_kt": float(ship[ends.exported].sum()),
        "unshipped_kt": float(balance["unshipped_kt"].sum()),
        "shortage_kt": float(trade["short_kt"].sum()),
        "deficit_kt": float(balance["deficit_kt"].sum()),
        "moved_kt": float(ship[ends.moved].sum()),
        "bn_t_km": t_km,
        "mean_haul_km": t_km * KT_KM_PER_BN_T_KM / domestic_kt if domestic_kt else None,
        "export_bn_t_km": tonne_km(ends.exported),
        "self_sufficiency": local_kt / demand if demand else None,
        "co2_kt": float(flows["co2_kt"].sum()),
    }
    return {
        name: None if (value := found[name]) is None else round(value, DECIMALS)
        for name in OF_ALLOCATION
    }


def home_origins(case: Case) -> pd.DataFrame:
    """Domestic origins that make the case's own commodity; a depot makes nothing."""
    return case.origins[is_maker(case) & (case.origins["kind"] == DOMESTIC).to_numpy()]


def is_maker(case: Case) -> Booleans:
    """Which origins make the case's own commodity, (O,)."""
    own = commodities(case, case.origins) == case.settings.commodity
    return np.asarray(own & ~case.origins["origin"].isin(list(depots(case))))


def home_sinks(case: Case) -> pd.DataFrame:
    """Domestic sinks of the case's own commodity."""
    return own_sinks(case, DOMESTIC)


def own_sinks(case: Case, kind: str) -> pd.DataFrame:
    """Sinks of one kind of the case's own commodity."""
    sinks = case.sinks
    return sinks[(sinks["kind"] == kind) & (commodities(case, sinks) == case.settings.commodity)]


def ratio(part: pd.Series, whole: pd.Series) -> pd.Series:
    """Part ÷ whole, blank where the whole is zero."""
    return part / whole.where(whole != 0, np.nan)
