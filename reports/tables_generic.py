"""Tables of anything: frames whose columns say their units, names with values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from reports.numbers import is_number, plain
from reports.table import Column, Table
from reports.workbook.figures import FIGURES

UNITS = {"_cny_per_t": "CNY/t", "_kcny": "kCNY", "_mcny": "MCNY", "_kt": "kt", "_km": "km"}


def generic(name: str, title: str, frame: pd.DataFrame, note: str = "") -> Table:
    """Any table whose columns are known figures or end in their units."""
    columns = []
    for column in map(str, frame.columns):
        known = FIGURES.get(column)
        is_text = not pd.api.types.is_numeric_dtype(frame[column])
        if known is not None and not is_text:
            unit, words = known.unit.removesuffix("/yr"), known.title
            columns.append(Column(words, unit, "share" if unit == "%" else "number"))
            continue
        suffix = next((suffix for suffix in UNITS if column.endswith(suffix)), "")
        words = column.removesuffix(suffix).replace("_", " ").capitalize()
        columns.append(Column(words, UNITS.get(suffix, ""), "text" if is_text else "number"))
    rows = frame.astype(object).itertuples(index=False, name=None)
    return Table(name, title, columns, [list(row) for row in rows], note)


def facts(name: str, title: str, rows: Iterable[tuple[str, Any]], note: str = "") -> Table:
    """Names and values, one a row."""
    shown = [
        [label, plain(value) if is_number(value) else str(value)]
        for label, value in rows
        if value not in (None, "")
    ]
    columns = [Column("What", kind="text"), Column("Value", kind="text")]
    return Table(name, title, columns, shown, note)
