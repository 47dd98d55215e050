"""What the model is meant to reproduce, beside what it does reproduce (`observed.csv`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from model.market import records
from model.selection import names_in

if TYPE_CHECKING:
    from model.case import Case

COLUMNS = [
    "quantity",
    "region",
    "reported",
    "reproduced",
    "unit",
    "difference",
    "tolerance",
    "holds",
    "source",
    "note",
]
PRICE_SPREAD, SUPPLIERS = "price_spread_cny_per_t", "suppliers"
SUPPLY_MINUS_DEMAND = "supply_minus_demand_kt"
MINUS = " - "


def compare_observed(
    case: Case, flows: pd.DataFrame, balance: pd.DataFrame, prices: pd.DataFrame
) -> pd.DataFrame:
    """Reported and reproduced figures, row by row.

    A quantity is a column of the balance (summed over the regions named; a blank region
    is all of them), `supply_minus_demand_kt`, `price_spread_cny_per_t` of `A|B - C`, or
    `suppliers` of a sink: those on record against those that the plan finds. `holds` is
    blank where no tolerance is given: a comparison, not a check.
    """
    compared = []
    for row in records(case.observed):
        note = row["note"]
        if row["quantity"] == SUPPLIERS:
            reproduced, found = float("nan"), _suppliers(flows, row["region"])
            note = f"on record: {row['origins'].replace('|', ', ')}; found: {found}. {note}".strip()
        elif row["quantity"] == PRICE_SPREAD:
            reproduced = price_spread(case, prices, row["region"])
        else:
            reproduced = _from_balance(balance, row["quantity"], names_in(row["region"]))
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


def _from_balance(balance: pd.DataFrame, quantity: str, regions: tuple[str, ...]) -> float:
    rows = balance[balance["region"].isin(regions)] if regions else balance
    if rows.empty:
        return float("nan")
    if quantity == SUPPLY_MINUS_DEMAND:
        return float(rows["supply_kt"].sum() - rows["demand_kt"].sum())
    if (rows["role"] == "market").all() and quantity == "export_kt":
        quantity = "inflow_kt"
    return float(rows[quantity].sum())


def _suppliers(flows: pd.DataFrame, sink: str) -> str:
    """Origins that the plan sends to a sink, largest first, with their tonnes."""
    into = flows[flows["sink"] == sink].groupby("origin")["ship_kt"].sum()
    ordered = into.sort_values(ascending=False, kind="stable")
    return ", ".join(f"{origin} {kt:,.0f} kt" for origin, kt in ordered.items())


def price_spread(case: Case, prices: pd.DataFrame, regions: str) -> float:
    """Demand-weighted mean of mid marginals of the sinks before ` - `, minus that of those after.

    The mid marginal is the mean of left and right, or the bounded side alone.
    """
    mid = mid_marginals(prices)
    demand = case.sinks.set_index("sink")["demand_kt"]
    here, _, there = regions.partition(MINUS)

    def mean(names: tuple[str, ...]) -> float:
        known = [name for name in names if name in mid.index]
        weight = demand.reindex(known)
        return float((mid[known] * weight).sum() / weight.sum()) if weight.sum() else float("nan")

    return mean(names_in(here)) - mean(names_in(there))


def mid_marginals(prices: pd.DataFrame) -> pd.Series:
    """Mean of left and right marginal of every sink, CNY/t, by name."""
    sinks = prices[prices["role"] == "sink"].set_index("place")
    return sinks[["left_cny_per_t", "right_cny_per_t"]].mean(axis=1)
