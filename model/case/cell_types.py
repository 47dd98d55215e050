"""Cells that were given in Python: what type a column takes, and the values that they become."""

from __future__ import annotations

import datetime
import re
import sys
from typing import Any

import numpy as np
import pandas as pd

from model.case.columns import Column, Kind
from model.case.errors import Fault, quoted
from model.case.schema import MIN_NUMBER

Array = np.ndarray[Any, Any]

_WHOLE_YEAR = re.compile(r"([0-9]{4})\.0+")
_NUMBERS = frozenset({"empty", "integer", "floating", "mixed-integer-float"})
_TEXTS = frozenset({"empty", "string", "integer"})  # a name such as 2024 may come as a number
_TAKEN: dict[Kind, frozenset[str]] = {
    "number": _NUMBERS,
    "integer": _NUMBERS,
    "boolean": frozenset({"empty", "boolean"}),
    "date": frozenset({"empty", "string", "date", "datetime", "datetime64"}),
    "moment": _TEXTS | _NUMBERS,
}
"""What pandas may call the cells of a column; other kinds take `_TEXTS`."""


def wrong_type(where: str, column: Column, given: Array) -> list[Fault]:
    """Return what is wrong with cells that have not the type of their column, the first alone.

    Parameters
    ----------
    where : str
        ``table.column``.
    given : (rows,)
        Cells of any type.
    """
    taken, is_moment = _TAKEN.get(column.kind, _TEXTS), column.kind == "moment"
    if _type_of(given) in taken and not is_moment:
        return _too_large(where, given) if column.is_number else []
    wrong = next(
        (
            cell
            for cell in given
            if _type_of(_alone(cell)) not in taken or (is_moment and _is_part(cell))
        ),
        None,
    )
    if wrong is None:  # each cell fits, though pandas has no word for them together
        return []
    if column.is_number:
        rule, remedy = "must be numbers", "give them as int or float"
    elif column.kind == "boolean":
        rule, remedy = "must be true or false", "give them as such, not as text or numbers"
    elif is_moment:
        rule, remedy = "must be years or names of periods", "give them as int or str"
    else:
        rule, remedy = "must be text", "give them as str"
    return [Fault(where, quoted(str(wrong)), rule, remedy)]


def _is_part(cell: object) -> bool:
    """Whether a cell is a number that is not whole."""
    return isinstance(cell, float) and cell == cell and not cell.is_integer()


def _type_of(cells: Array) -> str:
    if cells.dtype.kind == "f" and np.isnan(cells).all():
        return "empty"
    return pd.api.types.infer_dtype(cells, skipna=True)


def _alone(cell: object) -> Array:
    cells = np.empty(1, dtype=object)
    cells[0] = cell
    return cells


def _too_large(where: str, given: Array) -> list[Fault]:
    """Return a fault for the first whole number that no float can hold."""
    if given.dtype != object:
        return []
    for cell in given:
        if isinstance(cell, int) and abs(cell) > sys.float_info.max:
            rule, remedy = "must be less than 1e15 in size", "write a figure that can occur"
            return [Fault(where, f"a number of {len(hex(cell)) - 2} hex digits", rule, remedy)]
    return []


def typed(column: Column, given: Array | None, rows: int) -> Array:
    """Return cells as the values of their column, (rows,): blanks filled, numbers as float64."""
    if given is None:
        return np.full(rows, column.filler, dtype=None if is_plain(column) else object)
    blank = np.asarray(pd.isna(given))
    if column.is_number:
        numbers = np.where(blank, np.nan, given).astype(np.float64)
        numbers[blank] = column.filler
        return np.where(np.abs(numbers) < MIN_NUMBER, 0.0, numbers)  # no negative zero either
    if column.kind == "boolean":
        return np.where(blank, column.filler, given).astype(bool)
    texts = given.astype(object)
    texts[blank] = ""
    if column.kind == "date":
        texts = _dates(texts)
    if column.kind == "moment":
        texts = np.array([plain_year(str(cell)) for cell in texts], dtype=object)
    if column.filler != "":
        texts[texts == ""] = column.filler
    return texts


def plain_year(text: str) -> str:
    """Return a year without decimals; the name of a period as it is.

    Examples
    --------
    >>> plain_year("2026.0"), plain_year("2026-03")
    ('2026', '2026-03')
    """
    return _WHOLE_YEAR.sub(r"\1", text) if _WHOLE_YEAR.fullmatch(text) else text


def _dates(cells: Array) -> Array:
    """Return days as YYYY-MM-DD; moments within a day, and texts, as they are."""
    for row, cell in enumerate(cells):
        if isinstance(cell, datetime.datetime):
            is_midnight = cell == cell.replace(hour=0, minute=0, second=0, microsecond=0)
            cells[row] = str(cell.date() if is_midnight else cell)
        elif isinstance(cell, datetime.date):
            cells[row] = str(cell)
    return cells


def is_plain(column: Column) -> bool:
    """Whether numpy holds the column's values as they are."""
    return column.is_number or column.kind == "boolean"
