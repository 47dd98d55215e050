"""Tables of anything: frames whose columns say their units, names with values."""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite
from typing import Any

import pandas as pd

from model.result.figures import FIGURES, SHARE
from model.result.output_columns import COLUMNS
from reports.language import say
from reports.language.names import mode_words, part_words, selected_words, target_words
from reports.language.numbers import is_number, plain
from reports.page.table import PageTable, TableColumn, texts

UNITS = {"_cny_per_t": "CNY/t", "_kcny": "kCNY", "_mcny": "MCNY", "_kt": "kt", "_km": "km"}
PRICE = "price at "
SHARES = {"within", "gap_share", "change_share"}  # fractions, though no unit says so


def figure_words(name: str) -> str:
    """Write a figure of a run, or of a case, as words with its unit."""
    about = FIGURES.get(name) or COLUMNS.get(name)
    if name.startswith(PRICE):
        return say("one tonne more at {place}", place=name.removeprefix(PRICE))
    if about is None:
        return selected_words(name)
    title = say(about.title)
    return say("{title} ({unit})", title=title, unit=say(about.unit)) if about.unit else title


WRITTEN = {"mode": mode_words, "what": target_words, "figure": figure_words, "part": part_words}
"""How texts of some columns are written for people."""


def generic(name: str, title: str, frame: pd.DataFrame, note: str = "") -> PageTable:
    """Any table whose columns are known figures or end in their units.

    A number without a unit is taken for one of several quantities, with digits of its own.
    """
    frame = frame.assign(
        **{name: frame[name].map(write) for name, write in WRITTEN.items() if name in frame}
    )
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
        [say(label), plain(value) if is_number(value) else str(value)]
        for label, value in rows
        if value not in (None, "") and not (isinstance(value, float) and not isfinite(value))
    ]
    columns = texts("What", "Value")
    return PageTable(name, title, columns, shown, note)
