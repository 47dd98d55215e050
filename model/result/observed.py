"""What the model is meant to reproduce, beside what it does reproduce (`observed.csv`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from model.case.records import Record
from model.market.selection import names_in, records
from model.result.outputs import OBSERVED

if TYPE_CHECKING:
    from model.case.case import Case

COLUMNS = list(OBSERVED)
PRICE_SPREAD, SUPPLIERS = "price_spread_cny_per_t", "suppliers"
SUPPLY_MINUS_DEMAND = "supply_minus_demand_kt"
SHIPPED, SHARE = "shipped_kt", "share"


def compare_observed(
    case: Case, flows: pd.DataFrame, balance: pd.DataFrame, prices: pd.DataFrame
) -> pd.DataFrame:
    """Reported and reproduced figures, row by row.

    A quantity is a column of the balance (summed over the regions named; a blank region
    is all of them), `supply_minus_demand_kt`, `price_spread_cny_per_t` over those in
    `origins`, or `suppliers`: of those on record, how many the plan finds. Of the places in
    `origins`, or single origins in `region`, it can be their `supply_kt`, what they ship to
    the region (`shipped_kt`) or not at all (`unshipped_kt`), and their `share` of what it
    receives. A quantity that the model knows nothing of stays blank. `holds` is blank where
    no tolerance is given: a comparison, not a check.
    """
    compared = []
    for row in records(case.observed):
        note = row["note"]
        if row["quantity"] == SUPPLIERS:
            reproduced, found = _suppliers(
                case, flows, names_in(row["region"]), names_in(row["origins"])
            )
            note = f"on record: {row['origins'].replace('|', ', ')}; found: {found}. {note}".strip()
        elif row["quantity"] == PRICE_SPREAD:
            reproduced = price_spread(
                case, prices, names_in(row["region"]), names_in(row["origins"])
            )
        else:
            reproduced = _reproduced(case, flows, balance, row)
        difference = reproduced - row["value"]
        checkable = not np.isnan([difference, row["tolerance"]]).any()
        compared.append(
            {
                "quantity": row["quantity"],
                "region": row["region"],
                "reported": row["value"],
                "reproduced": round(reproduced, 9),
                "unit": row["unit"],
                "difference": round(difference, 9),
                "tolerance": row["tolerance"],
                "holds": str(abs(difference) <= row["tolerance"] + 1e-9).lower()
                if checkable
                else "",
                "source": row["source"],
                "note": note,
            }
        )
    return pd.DataFrame(compared, columns=COLUMNS)


def _reproduced(case: Case, flows: pd.DataFrame, balance: pd.DataFrame, row: Record) -> float:
    """A figure of single origins where such are named, otherwise one of the balance."""
    quantity, places, names = row["quantity"], names_in(row["region"]), names_in(row["origins"])
    if places and set(places) <= set(case.origins["origin"]) - set(balance["region"]):
        places, names = (), places
    if names or quantity in (SHIPPED, SHARE):
        return _of_origins(case, flows, quantity, places, names)
    return _from_balance(balance, quantity, places)


def _from_balance(balance: pd.DataFrame, quantity: str, regions: tuple[str, ...]) -> float:
    rows = balance[balance["region"].isin(regions)] if regions else balance
    if rows.empty:
        return float("nan")
    if quantity == SUPPLY_MINUS_DEMAND:
        return float(rows["supply_kt"].sum() - rows["demand_kt"].sum())
    if (rows["role"] == "market").all() and quantity == "export_kt":
        quantity = "inflow_kt"
    return float(rows[quantity].sum()) if quantity in rows else float("nan")


def _of_origins(
    case: Case,
    flows: pd.DataFrame,
    quantity: str,
    into: tuple[str, ...],
    names: tuple[str, ...],
) -> float:
    """What origins, by their names or regions, supply, ship to some places, or keep."""
    origins, sinks = case.origins, case.sinks
    meant = _at(origins, "origin", names) | (not names)
    there = _at(sinks, "sink", into) | (not into)
    received = flows[flows["sink"].isin(sinks["sink"][there])]
    sent = received["origin"].isin(origins["origin"][meant])
    total, shipped = (float(rows["ship_kt"].sum()) for rows in (received, received[sent]))
    supply = float(origins["supply_kt"][meant].sum())
    found = {
        "supply_kt": supply,
        SHIPPED: shipped,
        "unshipped_kt": supply - shipped,
        SHARE: shipped / total if total else float("nan"),
    }
    return found.get(quantity, float("nan"))


def _suppliers(
    case: Case, flows: pd.DataFrame, places: tuple[str, ...], on_record: tuple[str, ...]
) -> tuple[float, str]:
    """How many suppliers on record the plan uses, and all that it uses, largest first.

    A supplier goes by its own name where that is on record, otherwise by its region's.
    """
    received = flows[flows["sink"].isin(case.sinks["sink"][_at(case.sinks, "sink", places)])]
    region = case.origins.set_index("origin")["region"]
    own = received["origin"].isin(on_record)
    supplier = received["origin"].where(own, received["origin"].map(region))
    into = received.groupby(supplier)["ship_kt"].sum()
    ordered = into.sort_values(ascending=False, kind="stable")
    found = ", ".join(f"{name} {kt:,.0f} kt" for name, kt in ordered.items())
    return float(into.index.isin(on_record).sum()), found


def _at(table: pd.DataFrame, name: str, places: tuple[str, ...]) -> pd.Series:
    """Rows whose own name or region is among some places."""
    return table[name].isin(places) | table["region"].isin(places)


def price_spread(
    case: Case, prices: pd.DataFrame, regions: tuple[str, ...], reference: tuple[str, ...]
) -> float:
    """Demand-weighted mean of the mid marginals of sinks of some regions, minus the reference's.

    The mid marginal is the mean of left and right, or the bounded side alone. CNY/t.
    """
    mid = mid_marginals(prices)
    demand = case.sinks.set_index("sink")["demand_kt"]

    def mean(names: tuple[str, ...]) -> float:
        there = case.sinks["sink"][_at(case.sinks, "sink", names)]
        known = [name for name in there if name in mid.index]
        weight = demand.reindex(known)
        total = float(weight.sum())
        return float((mid[known] * weight).sum()) / total if total else float("nan")

    return mean(regions) - mean(reference)


def mid_marginals(prices: pd.DataFrame) -> pd.Series:
    """Mean of left and right marginal of every sink, CNY/t, by name."""
    sinks = prices[prices["role"] == "sink"].set_index("place")
    return sinks[["left_cny_per_t", "right_cny_per_t"]].mean(axis=1)
