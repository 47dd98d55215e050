"""Picking rows of a table by the values of its columns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from model.case.cells import CellProblem, Value, parse_cell
from model.case.columns import Table
from model.case.errors import quoted
from model.case.names import did_you_mean

_IN_QUOTES = re.compile(r'(?<=[=|])\s*"((?:[^"]|"")*)"\s*(?=[;|]|$)')

Mask = np.ndarray[Any, np.dtype[np.bool_]]


def parse_where(text: str) -> dict[str, list[str]]:
    """Return the columns that a condition names, and the values it allows in each.

    A value in double quotes may hold any sign; a quote within is doubled.

    Raises
    ------
    ValueError
        If a part is not ``column=value`` or names a column twice.

    Examples
    --------
    >>> parse_where("mode=rail|road; grade=assumed")
    {'mode': ['rail', 'road'], 'grade': ['assumed']}
    >>> parse_where('limit="quay; north"')
    {'limit': ['quay; north']}
    """
    kept: dict[str, str] = {}

    def keep(match: re.Match[str]) -> str:
        mark = f"\0{len(kept)}"
        kept[mark] = match[1].replace('""', '"')
        return mark

    where: dict[str, list[str]] = {}
    plain = _IN_QUOTES.sub(keep, text)
    for part in plain.split(";") if plain.strip() else []:
        column, equals, values = part.partition("=")
        name = column.strip()
        if not equals or not name:
            raise ValueError(f"{quoted(part.strip())} is not of the form column=value")
        if name in where:
            raise ValueError(f"{quoted(name)} stands twice; join its values by |")
        where[name] = [kept.get(value.strip(), value.strip()) for value in values.split("|")]
    return where


def matching(frame: pd.DataFrame, where: Mapping[str, Sequence[Value]]) -> Mask:
    """Return which rows of `frame` hold, in every column named, one of the values given."""
    mask = np.ones(len(frame), dtype=bool)
    for name, values in where.items():
        mask &= frame[name].isin(list(values)).to_numpy(dtype=bool)
    return mask


def typed_where(table: Table, where: Mapping[str, Sequence[str]]) -> dict[str, list[Value]]:
    """Return `where` with its values as the columns of `table` hold them.

    Raises
    ------
    ValueError
        If a column is unknown or a value does not fit it.
    """
    typed: dict[str, list[Value]] = {}
    for name, texts in where.items():
        column = table.by_name.get(table.present(name))
        if column is None:
            known = did_you_mean(
                name, table.column_names, f"it has {', '.join(table.column_names)}"
            )
            raise ValueError(f"{table.name} has no column {quoted(name)}: {known}")
        values = [parse_cell(column, text) for text in texts]
        for value in values:
            if isinstance(value, CellProblem):
                raise ValueError(f"{name}={value.found} {value.rule}")
        typed[column.name] = [value for value in values if not isinstance(value, CellProblem)]
    return typed
