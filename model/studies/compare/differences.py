"""What went into one case otherwise than into another, cell by cell."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from model.case.case import Case, Settings
from model.case.columns import Table
from model.case.records import Record
from model.case.schema import CASE, TABLES
from model.case.settings import make_settings, settings_frame
from model.case.write import format_number

GROUNDS = ("source", "grade")
LABELS = ("name", "title")

Identity = tuple[Any, ...]


@dataclass(frozen=True)
class Difference:
    """One cell that differs, or with a blank column one row that only one case has.

    Attributes
    ----------
    table, row, column : where; `row` as a ledger names it, `origin=North`
    before, after : the cell as text, or the row's cells; blank where there is none
    identity : values of the columns that tell the row from others, and its count among equals
    """

    table: str
    row: str
    column: str
    before: str
    after: str
    identity: Identity


def differences(first: Case, second: Case) -> list[Difference]:
    """Cells and rows of `second` that `first` has otherwise, in the order of the tables.

    Grounds of figures (source, grade) and the names of the cases themselves do not count.
    """
    return [
        difference
        for table in (CASE, *TABLES.values())
        for difference in _in_table(table, _frame(first, table), _frame(second, table))
    ]


def with_differences(first: Case, second: Case, chosen: Collection[Difference]) -> Case:
    """`first` with the chosen ones of its differences to `second` taken over."""
    changes: dict[str, pd.DataFrame | Settings] = {}
    for name in dict.fromkeys(difference.table for difference in chosen):
        table = CASE if name == CASE.name else TABLES[name]
        rows, after = _rows(table, _frame(first, table)), _rows(table, _frame(second, table))
        for difference in chosen:
            key = difference.identity
            if difference.table != name:
                continue
            if difference.column:
                rows[key] = rows[key] | {difference.column: after[key][difference.column]}
            elif key in after:
                rows[key] = after[key]
            else:
                del rows[key]
        if table is CASE:
            changes["settings"] = make_settings(next(iter(rows.values())))
        else:
            changes[name] = pd.DataFrame(list(rows.values()), columns=list(table.column_names))
    return first.replace_unchecked(**changes)


def _frame(case: Case, table: Table) -> pd.DataFrame:
    return settings_frame(case.settings) if table is CASE else case.table(table.name)


def _in_table(table: Table, first: pd.DataFrame, second: pd.DataFrame) -> Iterator[Difference]:
    if first.equals(second):
        return
    before, after = _rows(table, first), _rows(table, second)
    for key in [*before, *(key for key in after if key not in before)]:
        row = _row_name(table, key)
        if key not in before or key not in after:
            gone, come = (_row_text(rows.get(key, {})) for rows in (before, after))
            yield Difference(table.name, row, "", gone, come, key)
            continue
        for column in table.column_names:
            old, new = _text(before[key][column]), _text(after[key][column])
            if old != new and column not in GROUNDS and (table is not CASE or column not in LABELS):
                yield Difference(table.name, row, column, old, new, key)


def _rows(table: Table, frame: pd.DataFrame) -> dict[Identity, Record]:
    """Rows by what tells them apart: the key, or else the names in the row and their count."""
    names = _identifying(table)
    rows: dict[Identity, Record] = {}
    count: dict[Identity, int] = {}
    for record in frame.to_dict("records"):
        row = {str(name): value for name, value in record.items()}
        key = tuple("" if row[name] != row[name] else row[name] for name in names)
        count[key] = count.get(key, 0) + 1
        rows[*key, count[key]] = row
    return rows


def _identifying(table: Table) -> tuple[str, ...]:
    if table is CASE:
        return ()
    return table.key or tuple(c.name for c in table.columns if c.is_name and c.required)


def _row_name(table: Table, identity: Identity) -> str:
    *values, number = identity
    cells = [
        f"{name}={_text(value)}"
        for name, value in zip(_identifying(table), values, strict=True)
        if value != ""
    ]
    return "; ".join(cells) + (f" #{number}" if number > 1 else "")


def _row_text(row: Record) -> str:
    texts = {name: _text(value) for name, value in row.items() if name not in GROUNDS}
    return "; ".join(f"{name}={text}" for name, text in texts.items() if text)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float | int):
        return "" if value != value else format_number(value)
    return str(value)
