"""The tables of what a run ships: every flow, and what origins take as inputs."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from model.case.commodities import INPUT, input_uses
from model.result.deliveries import is_inbound
from model.result.routes import route_places, route_steps
from model.result.trade import trade_table
from reports.language import named
from reports.language.names import mode_words
from reports.page.table import PageTable, TableColumn, sum_of, texts

if TYPE_CHECKING:
    from model.result.allocation import Allocation

SHIPMENT = {
    "origin": TableColumn("Origin", kind="text"),
    "sink": TableColumn("Destination", kind="text"),
    "commodity": TableColumn("Commodity", kind="text"),
    "ship_kt": TableColumn("Shipped", "kt"),
    "km": TableColumn("Distance", "km"),
    "cost_cny_per_t": TableColumn("Cost per tonne", "CNY/t"),
    "cost_mcny": TableColumn("Cost", "MCNY"),
    "sea_cny_per_t": TableColumn("of it sea", "CNY/t"),
    "co2_kt": TableColumn("Emissions", "kt CO2e"),
    "mode": TableColumn("Mode", kind="text"),
    "route": TableColumn("Route", kind="text"),
}
"""What is shown of a flow, by its column of flows.csv."""
SELDOM = ("km", "sea_cny_per_t", "co2_kt")
"""What is left out where no shipment has any."""
SUMMED = ("ship_kt", "cost_mcny", "co2_kt")


def flows(result: Allocation) -> PageTable:
    """Every shipment with its route and cost."""
    is_mixed = result.flows["commodity"].nunique() > 1
    bare = [name for name in SELDOM if not result.flows[name].any()]
    bare += [] if is_mixed else ["commodity"]
    columns = {name: column for name, column in SHIPMENT.items() if name not in bare}
    rows = result.flows[list(columns)].sort_values(
        ["ship_kt", "origin", "sink"], ascending=[False, True, True]
    )
    rows = rows.assign(mode=rows["mode"].map(mode_words), route=rows["route"].map(route_words))
    last = {"origin": "all"} | {name: rows[name].sum() for name in SUMMED if name in columns}
    total = [
        last.get(name, "" if column.kind == "text" else None) for name, column in columns.items()
    ]
    return PageTable(
        "shipments",
        "Shipments",
        list(columns.values()),
        [list(row) for row in rows.itertuples(index=False, name=None)],
        total=total,
    )


def inputs(result: Allocation) -> PageTable | None:
    """What origins take: from where, at what price, and what one tonne more would cost there."""
    used = result.flows[is_inbound(result.case, result.flows)]
    if used.empty:
        return None
    priced = result.prices[result.prices["role"] == INPUT]
    worth = dict(zip(priced["place"], priced["right_cny_per_t"], strict=True))
    label_of = {(use.origin, use.input): use.label for use in input_uses(result.case)}
    columns = [
        *texts("Input", "From", "Used at"),
        TableColumn("Shipped", "kt"),
        TableColumn("Price at its source", "CNY/t"),
        TableColumn("Freight", "CNY/t"),
        TableColumn("Delivered", "CNY/t"),
        TableColumn("One tonne more there", "CNY/t"),
    ]
    names = ["commodity", "origin", "sink", "ship_kt", "production_cny_per_t",
             "freight_cny_per_t", "cost_cny_per_t"]  # fmt: skip
    rows = [
        [*row, worth.get(label_of[row[2], row[0]])]
        for row in used[names].sort_values(names[:3]).itertuples(index=False, name=None)
    ]
    total = ["all", "", "", sum_of(rows, 3), None, None, None, None]
    note = (
        "Delivered: price, freight, duty and carbon. Balances count the case's own commodity alone."
    )
    return PageTable("inputs", "Inputs", columns, rows, note, total)


def trade(result: Allocation) -> PageTable | None:
    """What sinks pay above their demand, and what they go without."""
    names = ["sink", "demand_kt", "received_kt", "above_kt", "price_cny_per_t", "revenue_mcny",
             "short_kt", "shortage_cny_per_t", "shortage_cost_mcny"]  # fmt: skip
    table = trade_table(result.case, result.flows)[names]
    if table.empty:
        return None
    columns = [
        *texts("Sink"),
        TableColumn("Demand", "kt"),
        TableColumn("Received", "kt"),
        TableColumn("Above demand", "kt"),
        TableColumn("Price", "CNY/t"),
        TableColumn("Revenue", "MCNY"),
        TableColumn("Unmet", "kt"),
        TableColumn("Cost of a tonne short", "CNY/t"),
        TableColumn("Shortage cost", "MCNY"),
    ]
    blank = table.astype(object).where(table.notna(), None)
    rows = [list(row) for row in blank.itertuples(index=False, name=None)]
    sums = {"demand_kt", "received_kt", "above_kt", "revenue_mcny", "short_kt"}
    sums |= {"shortage_cost_mcny"}
    total = ["all", *(sum_of(rows, n) if names[n] in sums else None for n in range(1, 9))]
    note = "A price is paid for tonnes above demand alone. Tonnes unmet are no shipments."
    return PageTable("trade", "Revenue and unmet demand", columns, rows, note, total)


def route_words(route: str) -> str:
    """Write a route with each mode named once where it begins; points at sea are left out.

    Examples
    --------
    >>> route_words("A >rail> B >rail> C >sea> D >sea> E")
    'A –rail→ B → C –sea→ E'
    >>> route_words("A")
    'A'
    """
    text, mode = named("".join(route_places(route)[:1])), ""
    for step, following in pairwise([*route_steps(route), None]):
        assert step is not None  # only the last of a pair is
        arrow = "→" if step.mode == mode else f"–{mode_words(step.mode)}→"
        text, mode = text if mode == step.mode and step.is_sea else f"{text} {arrow}", step.mode
        if not (step.is_sea and following and following.mode == step.mode):
            text = f"{text} {named(step.end)}"
    return text
