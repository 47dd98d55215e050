r"""The CSV files of a run's outputs: one way to write them, and back.

Numbers are the shortest decimals that read back the same (``7515``, ``0.1``), missing ones are
blank, booleans ``true`` and ``false``, lines end in ``\n``. A text that a spreadsheet could take
for a formula (it begins with ``=``, ``+``, ``-``, ``@``, a tab or a carriage return) is written
with an apostrophe before it, and so is one that begins with an apostrophe: to read, drop one
apostrophe. Numbers are never touched.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection

import numpy as np
import pandas as pd

from model.case.write import format_number

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "'")
_NUMBER = re.compile(r"-?\d+(\.\d+)?(e[+-]\d+)?")


def safe_text(text: str) -> str:
    """`text` as a cell that no spreadsheet evaluates.

    >>> safe_text("=1+1"), safe_text("North"), safe_text("-5")
    ("'=1+1", 'North', '-5')
    """
    harmful = text.startswith(_FORMULA_STARTS) and not _NUMBER.fullmatch(text)
    return f"'{text}" if harmful else text


def unsafe_text(cell: str) -> str:
    """What `safe_text` was given."""
    return cell.removeprefix("'")


def to_csv(frame: pd.DataFrame) -> str:
    """`frame` as the text of a CSV file."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(frame.columns)
    columns = [[_cell(value) for value in frame[name].tolist()] for name in frame.columns]
    writer.writerows(zip(*columns, strict=True))
    return buffer.getvalue()


def from_csv(text: str, text_columns: Collection[str]) -> pd.DataFrame:
    """The frame whose text `to_csv` wrote.

    Columns named in `text_columns` are text, blank where empty; those that hold only ``true`` and
    ``false`` are booleans; all others are numbers, NaN where blank.
    """
    header, *rows = csv.reader(io.StringIO(text), strict=True)
    cells = {name: [row[place] for row in rows] for place, name in enumerate(header)}
    return pd.DataFrame(
        {name: _column(values, is_text=name in text_columns) for name, values in cells.items()},
        columns=pd.Index(header),
    )


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return "" if value != value else format_number(value + 0.0)  # + 0.0: no "-0"
    return safe_text(str(value))


def _column(cells: list[str], is_text: bool) -> pd.Series[str] | pd.Series[bool] | pd.Series[float]:
    if is_text:
        return pd.Series([unsafe_text(cell) for cell in cells], dtype="str")
    if cells and set(cells) <= {"true", "false"}:
        return pd.Series([cell == "true" for cell in cells], dtype=bool)
    return pd.Series([float(cell) if cell else np.nan for cell in cells], dtype=np.float64)
