"""Tables of what went in: ledger, assumptions, grades, sources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from model.case.schema import TABLES
from reports.frames import records
from reports.language import say
from reports.page.table import PageTable, TableColumn, columns_of, several, texts

if TYPE_CHECKING:
    from model.result.allocation import Allocation


def ledger(result: Allocation) -> PageTable | None:
    """Every input that the scenario changed."""
    if result.changes.empty:
        return None
    titles = ["step", "table", "row", "column", "before", "after", "why", "source", "grade"]
    present = [title for title in titles if title in result.changes]
    columns = texts(*(title.capitalize() for title in present))
    rows = result.changes[present].astype(object).itertuples(index=False, name=None)
    return PageTable("ledger", "Inputs that the scenario changed", columns, [list(r) for r in rows])


def assumptions(
    result: Allocation, effects: Mapping[str, tuple[float, float]] | None = None
) -> PageTable:
    """Every assumed figure with its range; with `effects` (title → least and most cost, MCNY).

    Ranked by how much the total cost moves over the range, where that is known.
    """
    columns = [
        *texts("Assumption", "Figure"),
        *columns_of("mixed", "Low", "High"),
        *texts("Range is", "Why", "Source"),
    ]
    rows = [
        [
            r["assumption"],
            _about(r),
            r["low"],
            r["high"],
            _range_is(r),
            r["why"],
            several(r["source"]),
        ]
        for r in records(result.case.assumptions)
    ]
    if effects:
        columns[1:1] = [
            TableColumn("Total cost at low", "MCNY"),
            TableColumn("Total cost at high", "MCNY"),
            TableColumn("Spread", "MCNY"),
        ]
        for row in rows:
            low, high = effects.get(row[0], (None, None))
            spread = None if low is None or high is None else abs(high - low)
            row[1:1] = [low, high, spread]
        rows.sort(key=lambda row: (-(row[3] or 0.0), row[0]))
    return PageTable("assumptions", "Assumptions with their ranges", columns, rows)


def _about(assumption: Mapping[str, Any]) -> str:
    """What an assumption is about: a figure, or the scenario that makes it otherwise."""
    if assumption["scenario"]:
        return say("scenario {name}", name=assumption["scenario"])
    return f"{assumption['target']} {_where(assumption['where'])}".strip()


def _range_is(assumption: Mapping[str, Any]) -> str:
    """How a range is to be read; blank where a scenario stands in its place."""
    if assumption["scenario"]:
        return ""
    words = say("a factor") if assumption["how"] == "factor" else say("absolute")
    if not assumption["moves_with"]:
        return words
    text = "{range}, the sum {name} stays"
    return say(text, range=words, name=assumption["moves_with"])


def _where(where: str) -> str:
    return f"({several(where).replace(';', ',')})" if where else ""


def grades(result: Allocation) -> PageTable:
    """How many rows of input are reported, derived, external or assumed."""
    counts: dict[str, dict[str, int]] = {}
    for name, table in result.case.tables().items():
        if "grade" in table and len(table):
            found = table["grade"].replace("", "not graded").value_counts()
            counts[name] = {str(grade): int(count) for grade, count in found.items()}
    order = [*TABLES["origins"].by_name["grade"].choices, "not graded"]
    present = [grade for grade in order if any(grade in row for row in counts.values())]
    columns = [
        *texts("Table"),
        *(TableColumn(grade, "rows", digits=0) for grade in present),
    ]
    rows = [[name, *(row.get(grade, 0) for grade in present)] for name, row in counts.items()]
    sums = [sum(row.get(grade, 0) for row in counts.values()) for grade in present]
    total = ["all", *sums]
    return PageTable("grades", "Where the inputs come from", columns, rows, total=total)


def sources(result: Allocation) -> PageTable:
    """The sources with how many rows of input cite each."""
    cited: dict[str, int] = {}
    for table in result.case.tables().values():
        if "source" in table and table is not result.case.sources:
            for names in table["source"]:
                for name in filter(None, str(names).split("|")):
                    cited[name] = cited.get(name, 0) + 1
    columns = [
        *texts("Source", "Title", "Where", "Year"),
        TableColumn("Cited by", "rows", digits=0),
    ]
    rows = [
        [r["source"], r["title"], r["locator"], _year(r["year"]), cited.get(r["source"], 0)]
        for r in records(result.case.sources)
    ]
    return PageTable("sources", "Sources", columns, rows)


def _year(value: Any) -> str:
    return "" if value is None or value != value else str(int(value))
