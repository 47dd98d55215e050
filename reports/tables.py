"""The tables of a run's page. Each function reads a result and returns a table, or None."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pandas as pd

from model.schema import TABLES
from reports.figures.balance import reported_balances
from reports.figures.flow_lines import stretches
from reports.frames import records
from reports.names import local_names
from reports.numbers import digits_for, is_number, percent, plain
from reports.table import Column, Table
from reports.workbook.figures import FIGURES

if TYPE_CHECKING:
    from model.result import Result

TEXT: Any = "text"
MIXED: Any = "mixed"
SHARE: Any = "share"
YES_NO: Any = "yes_no"


def headlines(result: Result, base: Result | None = None) -> Table:
    """The headline figures, beside the base's and the change where a base is given."""
    columns = [Column("Figure", kind=TEXT), Column("Value", kind=MIXED)]
    if base is not None:
        columns += [Column(name, kind=MIXED) for name in ("Base", "Change", "Change, %")]
    columns += [Column("Unit", kind=TEXT), Column("Meaning", kind=TEXT)]
    rows = []
    for key, words in FIGURES.items():
        value = result.figures.get(key)
        if value is None or (key.endswith("_cost_mcny") and not value):
            continue
        row = [words.title, _shown(key, value)]
        if base is not None:
            row += _against(key, value, base.figures.get(key))
        rows.append([*row, words.unit, words.meaning])
    return Table("headline-figures", "Headline figures", columns, rows)


def _shown(key: str, value: Any) -> str:
    return percent(value) if key == "self_sufficiency" else plain(value)


def _against(key: str, value: float, before: Any) -> list[str]:
    if before is None:
        return ["", "", ""]
    change = value - before
    relative = percent(change / abs(before), signed=True) if before else ""
    if key == "self_sufficiency":
        return [percent(before), f"{plain(100 * change, 1, signed=True)} points", ""]
    return [plain(before), plain(change, digits_for([value, before]), signed=True), relative]


def costs(result: Result) -> Table:
    """What the cost is made of, in all and per tonne shipped."""
    shipped = result.figures["shipped_kt"]
    parts = {
        "land freight": "land_cost_mcny",
        "sea freight and ports": "sea_cost_mcny",
        "production": "production_cost_mcny",
        "duties": "duty_cost_mcny",
        "carbon": "carbon_cost_mcny",
        "fixed": "fixed_cost_mcny",
    }

    def row(label: str, key: str) -> list[Any]:
        value = float(result.figures[key] or 0.0)
        total = result.figures["total_cost_mcny"]
        each = 1000 * value / shipped if shipped else None
        return [label, value, each, value / total if total else None]

    rows = [row(label, key) for label, key in parts.items() if result.figures.get(key)]
    columns = [
        Column("Part", kind=TEXT), Column("Cost", "MCNY per year"),
        Column("Per tonne shipped", "CNY/t"), Column("Share", "%", SHARE),
    ]  # fmt: skip
    total = row("total", "total_cost_mcny")
    return Table("costs", "What the cost is made of", columns, rows, total=total)


def balances(result: Result) -> Table:
    """Balance of every region beside the reported one."""
    reported = reported_balances(result)
    local = local_names(result.case)
    regions = result.balance[result.balance["role"] == "region"]
    mass = ["supply_kt", "demand_kt", "export_kt", "balance_kt"]
    columns = [Column("Region", kind=TEXT)]
    columns += [Column("Local name", kind=TEXT)] if local else []
    columns += [Column("Supply", "kt"), Column("Demand", "kt"), Column("Exports", "kt"),
                Column("Balance", "kt", signed=True)]  # fmt: skip
    if reported:
        columns += [Column("Reported balance", "kt", signed=True),
                    Column("Difference", "kt", signed=True)]  # fmt: skip
    columns += [Column("Local", "kt"), Column("Inflow", "kt"), Column("Outflow", "kt"),
                Column("Self-sufficiency", "%", SHARE)]  # fmt: skip
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
    total += [reported.get(""), None] if reported else []
    total += [*(sums[name] for name in rest), result.figures.get("self_sufficiency")]
    note = "Balance = supply − demand − exports. Local: shipped within the region."
    return Table("balances", "Balance by region", columns, rows, note, total)


def origins(result: Result) -> Table:
    """How much of capacity runs, and what stays, at every origin."""
    shipped = result.flows.groupby("origin")["ship_kt"].sum()
    columns = [
        Column("Origin", kind=TEXT), Column("Capacity", "kt"), Column("Supply", "kt"),
        Column("Supply over capacity", "%", SHARE), Column("Shipped", "kt"),
        Column("Unshipped", "kt"), Column("Shipped over capacity", "%", SHARE),
    ]  # fmt: skip
    rows = []
    for origin, capacity, supply in result.case.origins[
        ["origin", "capacity_kt", "supply_kt"]
    ].itertuples(index=False, name=None):
        sent = float(shipped.get(origin, 0.0))
        over = [value / capacity if capacity > 0 else None for value in (supply, sent)]
        rows.append([origin, capacity, supply, over[0], sent, max(0.0, supply - sent), over[1]])
    total = ["all", *(_sum(rows, 1), _sum(rows, 2), None, _sum(rows, 4), _sum(rows, 5), None)]
    return Table(
        "origins", "Utilisation and unshipped tonnes", columns, rows,
        "Which origin keeps its surplus is the choice of the least-cost plan, not an observation.",
        total,
    )  # fmt: skip


def _sum(rows: list[list[Any]], index: int) -> float:
    return float(sum(row[index] for row in rows if row[index] == row[index]))


def observed(result: Result) -> Table | None:
    """What the model is meant to reproduce."""
    table = result.observed
    if table.empty:
        return None
    columns = [
        Column("Quantity", kind=TEXT), Column("Where", kind=TEXT), Column("Reported", kind=MIXED),
        Column("Reproduced", kind=MIXED), Column("Difference", kind=MIXED, signed=True),
        Column("Tolerance", kind=MIXED),
        Column("Unit", kind=TEXT), Column("Holds", kind=YES_NO), Column("Note", kind=TEXT),
        Column("Source", kind=TEXT),
    ]  # fmt: skip
    rows = [
        [_words(r["quantity"]), _several(r["region"]) or "the whole", r["reported"],
         r["reproduced"], r["difference"], r["tolerance"], r["unit"], r["holds"], r["note"],
         _several(r["source"])]
        for r in records(table)
    ]  # fmt: skip
    return Table(
        "observed", "Reported and reproduced", columns, rows,
        "A row without a tolerance is a comparison, not a check; inputs are never tuned to it.",
    )  # fmt: skip


def _words(quantity: str) -> str:
    """Turn a column's name into words; its unit has a column of its own."""
    for unit in ("_cny_per_t", "_kt", "_mcny", "_km"):
        quantity = quantity.removesuffix(unit)
    return quantity.replace("_", " ")


def _several(names: str) -> str:
    return names.replace("|", ", ")


def flows(result: Result) -> Table:
    """Every shipment with its route and cost."""
    columns = [
        Column("Origin", kind=TEXT), Column("Destination", kind=TEXT), Column("Shipped", "kt"),
        Column("Distance", "km"), Column("Cost per tonne", "CNY/t"), Column("Cost", "MCNY"),
        Column("of it sea", "CNY/t"), Column("Emissions", "kt CO2e"), Column("Mode", kind=TEXT),
        Column("Route", kind=TEXT),
    ]  # fmt: skip
    names = ["origin", "sink", "ship_kt", "km", "cost_cny_per_t", "cost_mcny", "sea_cny_per_t",
             "co2_kt", "mode", "route"]  # fmt: skip
    rows = result.flows[names].sort_values(
        ["ship_kt", "origin", "sink"], ascending=[False, True, True]
    )
    rows = rows.assign(mode=rows["mode"].map(mode_words), route=rows["route"].map(route_words))
    total = ["all", "", rows["ship_kt"].sum(), None, None, rows["cost_mcny"].sum(), None,
             rows["co2_kt"].sum(), "", ""]  # fmt: skip
    return Table(
        "shipments", "Shipments", columns,
        [list(row) for row in rows.itertuples(index=False, name=None)],
        total=total,
    )  # fmt: skip


def mode_words(mode: str) -> str:
    """Write modes as words: `rail+road_local` as `rail + road local`."""
    return mode.replace("+", " + ").replace("_", " ")


def route_words(route: str) -> str:
    """Write a route with each mode named once where it begins; points at sea are left out.

    Examples
    --------
    >>> route_words("A >rail> B >rail> C >sea> D >sea> E")
    'A –rail→ B → C –sea→ E'
    """
    steps = stretches(route)
    text, mode = steps[0].start if steps else "", ""
    for step, following in pairwise([*steps, None]):
        assert step is not None  # only the last of a pair is
        arrow = "→" if step.mode == mode else f"–{mode_words(step.mode)}→"
        text, mode = text if mode == step.mode and step.is_sea else f"{text} {arrow}", step.mode
        if not (step.is_sea and following and following.mode == step.mode):
            text = f"{text} {step.end}"
    return text


def prices(result: Result) -> Table:
    """Left and right marginal values with their reasons."""
    columns = [
        Column("Place", kind=TEXT), Column("Role", kind=TEXT),
        Column("One tonne less", "CNY/t"), Column("One tonne more", "CNY/t"),
        Column("What gives way, less", kind=TEXT), Column("What gives way, more", kind=TEXT),
    ]  # fmt: skip
    names = ["place", "role", "left_cny_per_t", "right_cny_per_t", "left_reason", "right_reason"]
    rows = result.prices[names].itertuples(index=False, name=None)
    return Table(
        "prices", "Marginal values", columns, [list(row) for row in rows],
        "Origin: saving by its tonne. Sink: cost of its tonne. Limit: saving by its tonne. A blank "
        "side has no bound; its reason says why.",
    )  # fmt: skip


def ledger(result: Result) -> Table | None:
    """Every input that the scenario changed."""
    if result.changes.empty:
        return None
    titles = ["step", "table", "row", "column", "before", "after", "why", "source", "grade"]
    present = [title for title in titles if title in result.changes]
    columns = [Column(title.capitalize(), kind=TEXT) for title in present]
    rows = result.changes[present].astype(object).itertuples(index=False, name=None)
    return Table("ledger", "Inputs that the scenario changed", columns, [list(r) for r in rows])


def assumptions(result: Result, effects: Mapping[str, tuple[float, float]] | None = None) -> Table:
    """Every assumed figure with its range; with `effects` (title → least and most cost, MCNY).

    Ranked by how much the total cost moves over the range, where that is known.
    """
    columns = [
        Column("Assumption", kind=TEXT), Column("Figure", kind=TEXT), Column("Low", kind=MIXED),
        Column("High", kind=MIXED), Column("Range is", kind=TEXT), Column("Why", kind=TEXT),
        Column("Source", kind=TEXT),
    ]  # fmt: skip
    rows = [
        [r["assumption"], f"{r['target']} {_where(r['where'])}".strip(), r["low"], r["high"],
         "a factor" if r["how"] == "factor" else "absolute", r["why"], _several(r["source"])]
        for r in records(result.case.assumptions)
    ]  # fmt: skip
    if effects:
        columns[1:1] = [Column("Total cost at low", "MCNY"), Column("Total cost at high", "MCNY"),
                        Column("Spread", "MCNY")]  # fmt: skip
        for row in rows:
            low, high = effects.get(row[0], (None, None))
            spread = None if low is None or high is None else abs(high - low)
            row[1:1] = [low, high, spread]
        rows.sort(key=lambda row: (-(row[3] or 0.0), row[0]))
    return Table("assumptions", "Assumptions with their ranges", columns, rows)


def _where(where: str) -> str:
    return f"({_several(where).replace(';', ',')})" if where else ""


def grades(result: Result) -> Table:
    """How many rows of input are reported, derived, external or assumed."""
    counts: dict[str, dict[str, int]] = {}
    for name, table in result.case.tables().items():
        if "grade" in table and len(table):
            found = table["grade"].replace("", "not graded").value_counts()
            counts[name] = {str(grade): int(count) for grade, count in found.items()}
    order = [*TABLES["origins"].by_name["grade"].choices, "not graded"]
    present = [grade for grade in order if any(grade in row for row in counts.values())]
    columns = [Column("Table", kind=TEXT), *(Column(grade, "rows", digits=0) for grade in present)]
    rows = [[name, *(row.get(grade, 0) for grade in present)] for name, row in counts.items()]
    sums = [sum(row.get(grade, 0) for row in counts.values()) for grade in present]
    total = ["all", *sums]
    return Table("grades", "Where the inputs come from", columns, rows, total=total)


def sources(result: Result) -> Table:
    """The sources with how many rows of input cite each."""
    cited: dict[str, int] = {}
    for table in result.case.tables().values():
        if "source" in table and table is not result.case.sources:
            for names in table["source"]:
                for name in filter(None, str(names).split("|")):
                    cited[name] = cited.get(name, 0) + 1
    columns = [
        Column("Source", kind=TEXT), Column("Title", kind=TEXT), Column("Where", kind=TEXT),
        Column("Year", kind=TEXT), Column("Cited by", "rows", digits=0),
    ]  # fmt: skip
    rows = [
        [r["source"], r["title"], r["locator"], _year(r["year"]), cited.get(r["source"], 0)]
        for r in records(result.case.sources)
    ]
    return Table("sources", "Sources", columns, rows)


def _year(value: Any) -> str:
    return "" if value is None or value != value else str(int(value))


def side_by_side(runs: Mapping[str, Result], name: str, title: str) -> Table:
    """Headline figures of several runs, a column each."""
    keys = [
        key for key in FIGURES
        if any(run.figures.get(key) for run in runs.values())
    ]  # fmt: skip
    columns = [Column("Figure", kind=TEXT), Column("Unit", kind=TEXT)]
    columns += [Column(label, kind=MIXED) for label in runs]
    rows = [
        [FIGURES[key].title, FIGURES[key].unit]
        + [_shown(key, run.figures.get(key)) for run in runs.values()]
        for key in keys
    ]
    return Table(name, title, columns, rows)


def regions_side_by_side(runs: Mapping[str, Result], quantity: str, name: str, title: str) -> Table:
    """One column of the balance, kt, of several runs, by region, with the change of the last."""
    columns_of = {
        label: run.balance[run.balance["role"] == "region"].set_index("region")[quantity]
        for label, run in runs.items()
    }
    frame = pd.DataFrame(columns_of).fillna(0.0)
    frame = frame[(frame != 0).any(axis=1)]
    columns = [Column("Region", kind=TEXT), *(Column(label, "kt") for label in runs)]
    first, *others = runs
    columns += [Column(f"{label} − {first}", "kt", signed=True) for label in others]
    rows = [
        [region, *values, *(value - values[0] for value in values[1:])]
        for region, values in zip(frame.index, frame.to_numpy().tolist(), strict=True)
    ]
    sums = frame.sum().tolist()
    total = ["all", *sums, *(value - sums[0] for value in sums[1:])]
    return Table(name, title, columns, rows, total=total)


UNITS = {"_cny_per_t": "CNY/t", "_kcny": "kCNY", "_mcny": "MCNY", "_kt": "kt", "_km": "km"}


def generic(name: str, title: str, frame: pd.DataFrame, note: str = "") -> Table:
    """Any table whose columns are known figures or end in their units."""
    columns = []
    for column in map(str, frame.columns):
        known = FIGURES.get(column)
        is_text = not pd.api.types.is_numeric_dtype(frame[column])
        if known is not None and not is_text:
            unit, words = known.unit.removesuffix("/yr"), known.title
            columns.append(Column(words, unit, SHARE if unit == "%" else "number"))
            continue
        suffix = next((suffix for suffix in UNITS if column.endswith(suffix)), "")
        words = column.removesuffix(suffix).replace("_", " ").capitalize()
        columns.append(Column(words, UNITS.get(suffix, ""), TEXT if is_text else "number"))
    rows = frame.astype(object).itertuples(index=False, name=None)
    return Table(name, title, columns, [list(row) for row in rows], note)


def facts(name: str, title: str, rows: Iterable[tuple[str, Any]], note: str = "") -> Table:
    """Names and values, one a row."""
    shown = [
        [label, plain(value) if is_number(value) else str(value)]
        for label, value in rows
        if value not in (None, "")
    ]
    columns = [Column("What", kind=TEXT), Column("Value", kind=TEXT)]
    return Table(name, title, columns, shown, note)
