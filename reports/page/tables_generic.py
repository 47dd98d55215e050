"""Tables of anything: frames whose columns say their units, names with values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from model.result.figures import FIGURES, SHARE
from model.result.output_columns import COLUMNS
from reports.language.numbers import is_number, plain
from reports.page.table import PageTable, TableColumn, texts

UNITS = {"_cny_per_t": "CNY/t", "_kcny": "kCNY", "_mcny": "MCNY", "_kt": "kt", "_km": "km"}
SHARES = {"within", "gap_share", "change_share"}  # fractions, though no unit says so


def generic(name: str, title: str, frame: pd.DataFrame, note: str = "") -> PageTable:
    """Any table whose columns are known figures or end in their units.

    A number without a unit is taken for one of several quantities, with digits of its own.
    """
    columns = [_column(str(column), frame[column]) for column in frame.columns]
    rows = frame.astype(object).itertuples(index=False, name=None)
    return PageTable(name, title, columns, [list(row) for row in rows], note)


def _column(name: str, values: pd.Series) -> TableColumn:
    suffix = next((suffix for suffix in UNITS if name.endswith(suffix)), "")
    words, unit = name.removesuffix(suffix).replace("_", " ").capitalize(), UNITS.get(suffix, "")
    if pd.api.types.is_bool_dtype(values):
        return TableColumn(words, kind="yes_no")
    if not pd.api.types.is_numeric_dtype(values):
        return TableColumn(words, unit, "text")
    known = FIGURES.get(name) or COLUMNS.get(name)
    if known is not None:
        words, unit = known.title, known.unit.removesuffix("/yr")
    if unit == SHARE or name in SHARES:
        return TableColumn(words, "%", "share")
    return TableColumn(words, unit, "number" if unit else "mixed")


def facts(name: str, title: str, rows: Iterable[tuple[str, Any]], note: str = "") -> PageTable:
    """Names and values, one a row."""
    shown = [
        [label, plain(value) if is_number(value) else str(value)]
        for label, value in rows
        if value not in (None, "")
    ]
    columns = texts("What", "Value")
    return PageTable(name, title, columns, shown, note)
