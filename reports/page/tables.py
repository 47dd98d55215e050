"""The tables of a run's page. Each function reads a result and returns a table, or None."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from model.result.balance import is_maker
from model.result.figures import COST_PARTS, FIGURES, SHARE, cost_parts, printed
from reports.figures.balance import reported_balances
from reports.frames import records
from reports.language import say
from reports.language.catalogue import ENGLISH, local_names, spoken_language
from reports.language.numbers import digits_for, percent, plain
from reports.page.table import PageTable, TableColumn, columns_of, readable, several, sum_of, texts

if TYPE_CHECKING:
    from model.result.allocation import Allocation


def headlines(result: Allocation, base: Allocation | None = None) -> PageTable:
    """The headline figures, beside the base's and the change where a base is given."""
    columns = [TableColumn("Figure", kind="text"), TableColumn("Value", kind="mixed")]
    if base is not None:
        columns += [TableColumn(name, kind="mixed") for name in ("Base", "Change", "Change, %")]
    columns += texts("Unit", "Meaning")
    rows = []
    for key in printed(result.figures):
        value, about = result.figures[key], FIGURES[key]
        row = [say(about.title), shown(key, value)]
        if base is not None:
            row += _against(key, value, base.figures.get(key))
        unit = say(about.unit) if about.unit != SHARE else ""
        rows.append([*row, unit, say(about.definition)])
    return PageTable("headline-figures", "Headline figures", columns, rows)


def shown(key: str, value: Any) -> str:
    """Return a headline figure as text."""
    return percent(value) if FIGURES[key].unit == SHARE else plain(value)


def _against(key: str, value: float, before: Any) -> list[str]:
    if before is None:
        return ["", "", ""]
    change = value - before
    relative = percent(change / abs(before), signed=True) if before else ""
    if FIGURES[key].unit == SHARE:
        points = say("{change} points", change=plain(100 * change, 1, signed=True))
        return [percent(before), points, ""]
    return [plain(before), plain(change, digits_for([value, before]), signed=True), relative]


def costs(result: Allocation) -> PageTable:
    """What the cost is made of, in all and per tonne shipped."""
    shipped = result.figures["shipped_kt"]

    def row(label: str, value: float) -> list[Any]:
        each = 1000 * value / shipped if shipped else None
        return [label, value, each, value / whole if whole else None]

    whole = result.figures["total_cost_mcny"]
    rows = [row(say(COST_PARTS[name]), cost) for name, cost in cost_parts(result.figures).items()]
    columns = [
        *texts("Part"),
        TableColumn("Cost", "MCNY per year"),
        TableColumn("Per tonne shipped", "CNY/t"),
        TableColumn("Share", "%", "share"),
    ]
    total = row("total", whole)
    return PageTable("costs", "What the cost is made of", columns, rows, total=total)


def balances(result: Allocation) -> PageTable:
    """Balance of every region beside the reported one."""
    reported = reported_balances(result)
    local = local_names(result.case) if spoken_language() == ENGLISH else {}
    regions = result.balance[result.balance["role"] == "region"]
    has_exports = regions["export_kt"].any()
    mass = ["supply_kt", "demand_kt", *(["export_kt"] if has_exports else []), "balance_kt"]
    columns = texts("Region")
    columns += texts("Local name") if local else []
    columns += [
        TableColumn("Supply", "kt"),
        TableColumn("Demand", "kt"),
        *([TableColumn("Exports", "kt")] if has_exports else []),
        TableColumn("Balance", "kt", signed=True),
    ]
    if reported:
        columns += [
            TableColumn("Reported balance", "kt", signed=True),
            TableColumn("Difference", "kt", signed=True),
        ]
    columns += [
        TableColumn("Local", "kt"),
        TableColumn("Inflow", "kt"),
        TableColumn("Outflow", "kt"),
        TableColumn("Self-sufficiency", "%", "share"),
    ]
    rest = ["local_kt", "inflow_kt", "outflow_kt"]
    rows = []
    for record in records(regions):
        region = record["region"]
        row = [region, *([local.get(region, "")] if local else [])]
        row += [record[name] for name in mass]
        if reported:
            known = reported.get(region)
            row += [known, None if known is None else record["balance_kt"] - known]
        rows.append([*row, *(record[name] for name in rest), record["self_sufficiency"]])
    sums = {name: float(regions[name].sum()) for name in [*mass, *rest]}
    total = ["all", *([""] if local else []), *(sums[name] for name in mass)]
    is_whole = all(region in reported for region in regions["region"])
    total += [reported.get("") if is_whole else None, None] if reported else []
    total += [*(sums[name] for name in rest), result.figures.get("self_sufficiency")]
    note = "Balance = supply − demand. Local: shipped within the region."
    if has_exports:
        note = "Balance = supply − demand − exports. Local: shipped within the region."
    return PageTable("balances", "Balance by region", columns, rows, note, total)


def origins(result: Allocation) -> PageTable:
    """How much of capacity runs, and what stays, at every origin."""
    shipped = result.flows.groupby("origin")["ship_kt"].sum()
    makers = result.case.origins[is_maker(result.case)]
    columns = [
        *texts("Origin"),
        TableColumn("Capacity", "kt"),
        TableColumn("Supply", "kt"),
        TableColumn("Supply over capacity", "%", "share"),
        TableColumn("Shipped", "kt"),
        TableColumn("Unshipped", "kt"),
        TableColumn("Shipped over capacity", "%", "share"),
    ]
    rows = []
    for origin, capacity, supply in makers[["origin", "capacity_kt", "supply_kt"]].itertuples(
        index=False, name=None
    ):
        sent = float(shipped.get(origin, 0.0))
        over = [value / capacity if capacity > 0 else None for value in (supply, sent)]
        rows.append([origin, capacity, supply, over[0], sent, max(0.0, supply - sent), over[1]])
    sums = (None if place in (3, 6) else sum_of(rows, place) for place in range(1, 7))
    return PageTable(
        "origins",
        "Utilisation and unshipped tonnes",
        columns,
        rows,
        "Which origin keeps its surplus is the choice of the least-cost plan, not an observation.",
        ["all", *sums],
    )


def observed(result: Allocation) -> PageTable | None:
    """What the model is meant to reproduce."""
    table = result.observed
    if table.empty:
        return None
    columns = [
        *texts("Quantity", "Where"),
        *columns_of("mixed", "Reported", "Reproduced"),
        TableColumn("Difference", kind="mixed", signed=True),
        *columns_of("mixed", "Tolerance"),
        *texts("Unit"),
        TableColumn("Holds", kind="check"),
        *texts("Note", "Source"),
    ]
    rows = [
        [
            say(_words(r["quantity"])),
            several(r["region"]) or say("the whole"),
            r["reported"],
            r["reproduced"],
            r["difference"],
            r["tolerance"],
            say(r["unit"]),
            r["holds"],
            r["note"],
            several(r["source"]),
        ]
        for r in records(table)
    ]
    return PageTable(
        "observed",
        "Reported and reproduced",
        columns,
        rows,
        "A row without a tolerance is a comparison, not a check; inputs are never tuned to it.",
    )


def _words(quantity: str) -> str:
    """Turn a column's name into words; its unit has a column of its own."""
    for unit in ("_cny_per_t", "_kt", "_mcny", "_km"):
        quantity = quantity.removesuffix(unit)
    return quantity.replace("_", " ")


ROLES = {
    "origin": "Origin: saving by its tonne.",
    "sink": "Sink: cost of its tonne.",
    "limit": "Limit: saving by its tonne.",
    "input": "Input: cost of its tonne where it is used.",
}
"""What a marginal value is, by the role of its place."""
ALWAYS = {
    "blank": "A blank side has no bound; its reason says why.",
    "long": "Long reasons stand whole in prices.csv.",
}


def prices(result: Allocation) -> PageTable:
    """Left and right marginal values with their reasons."""
    columns = [
        *texts("Place", "Role"),
        TableColumn("One tonne less", "CNY/t"),
        TableColumn("One tonne more", "CNY/t"),
        *texts("What changes, less", "What changes, more"),
    ]
    names = ["place", "role", "left_cny_per_t", "right_cny_per_t", "left_reason", "right_reason"]
    rows = result.prices[names].itertuples(index=False, name=None)
    return PageTable(
        "prices",
        "Marginal values",
        columns,
        [[*row, readable(less), readable(more)] for *row, less, more in rows],
        " ".join(
            say(words)
            for role, words in (ROLES | ALWAYS).items()
            if role in {*result.prices["role"], *ALWAYS}
        ),
    )
