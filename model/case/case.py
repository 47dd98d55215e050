"""A case: settings and tables, complete, typed and in one order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise
from typing import Any, Self

import numpy as np
import pandas as pd

from model.case.cell_types import Array, is_plain, typed, wrong_type
from model.case.columns import Column, Table
from model.case.errors import BadInput, Fault, quoted, raise_any
from model.case.names import did_you_mean
from model.case.schema import TABLES

Rows = Sequence[Mapping[str, Any]]
"""Rows of a table: cells by column."""


@dataclass(frozen=True)
class Settings:
    """The keys of ``case.toml``; their meanings stand in :data:`model.case.schema.CASE`."""

    name: str
    title: str = ""
    year: int | None = None
    discount_rate: float = 0.08
    carbon_price_cny_per_t: float = 0.0
    closed_passages: tuple[str, ...] = ()
    default_scenario: str = ""
    companion_scenario: str = ""
    outlines: tuple[str, ...] = ()
    commodity: str = "product"
    format: int = 1
    language: str = "en"
    region_words: tuple[str, ...] = ()
    sink_words: tuple[str, ...] = ()
    border_words: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Case:
    """All inputs of one allocation, frozen; made by :meth:`of`, varied by :meth:`replace`.

    It is checked as files are, once, before anything is solved; what a study makes of a checked
    case by :meth:`replace_unchecked` counts as checked.

    Every table is there, with every column of its schema in the schema's order: names and text as
    ``str`` (blank: ``""``), numbers as float64 (blank: NaN), booleans as bool. Rows stand in the
    order of their key, or of all their columns where there is no key, so that the order of a file
    can never matter, save that of periods without years. `outlines` holds the GeoJSON files that
    the settings name, name → text; `scenarios` the scenario files that the assumptions name, and
    those that these extend, name → text.
    `gone_round` holds the closed sea passages round which the lengths of links lead already.
    """

    settings: Settings
    origins: pd.DataFrame
    sinks: pd.DataFrame
    recipes: pd.DataFrame
    lanes: pd.DataFrame
    nodes: pd.DataFrame
    links: pd.DataFrame
    modes: pd.DataFrame
    limits: pd.DataFrame
    duties: pd.DataFrame
    projects: pd.DataFrame
    groups: pd.DataFrame
    closures: pd.DataFrame
    periods: pd.DataFrame
    paths: pd.DataFrame
    observed: pd.DataFrame
    sources: pd.DataFrame
    names: pd.DataFrame
    assumptions: pd.DataFrame
    outlines: Mapping[str, str] = field(default_factory=dict)
    scenarios: Mapping[str, str] = field(default_factory=dict)
    gone_round: tuple[str, ...] = ()
    is_checked: bool = field(default=False, repr=False)

    @classmethod
    def of(
        cls,
        settings: Settings,
        outlines: Mapping[str, str] | None = None,
        scenarios: Mapping[str, str] | None = None,
        **tables: pd.DataFrame,
    ) -> Self:
        """Make a case of settings, texts of files and the tables given; the others are empty.

        Tables need only the columns that are not blank throughout.
        """
        unknown = sorted(set(tables) - set(TABLES))
        if unknown:
            raise TypeError(f"no such table: {', '.join(unknown)}")
        frames = {
            name: complete(table, tables[name]) if name in tables else blank(name)
            for name, table in TABLES.items()
        }
        return cls.of_complete(settings, frames, outlines or {}, scenarios or {})

    @classmethod
    def of_complete(
        cls,
        settings: Settings,
        frames: Mapping[str, pd.DataFrame],
        outlines: Mapping[str, str],
        scenarios: Mapping[str, str],
        *,
        is_checked: bool = False,
    ) -> Self:
        """Make a case of all tables, complete and typed; rows are put in order."""
        tables: dict[str, Any] = {n: ordered(table, frames[n]) for n, table in TABLES.items()}
        tables |= {"outlines": outlines, "scenarios": scenarios}
        return cls(settings, **tables, is_checked=is_checked)

    def replace(self, **changes: Any) -> Self:
        """Return a case with tables, `settings`, `outlines` or `scenarios` replaced, in order.

        A table is a frame, or rows as mappings from columns to cells.

        Raises
        ------
        BadInput
            A table has a column that it does not know, or a cell of another type. Whatever else
            is wrong is said before anything is solved.
        """
        return replace(self.replace_unchecked(**changes), is_checked=False)

    def replace_unchecked(self, **changes: Any) -> Self:
        """Return what :meth:`replace` does, without another check: for changes known to be valid.

        A study that makes thousands of cases checks the first one alone.
        """
        tables = {
            name: canonical(TABLES[name], frame)
            for name, frame in changes.items()
            if name in TABLES
        }
        return replace(self, **(changes | tables))

    def table(self, name: str) -> pd.DataFrame:
        """Return the table of that name."""
        if name not in TABLES:
            raise KeyError(name)
        frame: pd.DataFrame = getattr(self, name)
        return frame

    def tables(self) -> dict[str, pd.DataFrame]:
        """All tables by name, in the order of the schema."""
        return {name: self.table(name) for name in TABLES}


@cache
def _blank(name: str) -> pd.DataFrame:
    return complete(TABLES[name], pd.DataFrame())


def blank(name: str) -> pd.DataFrame:
    """Return a table without rows, with all its columns."""
    return _blank(name).copy()


def canonical(table: Table, rows: pd.DataFrame | Rows) -> pd.DataFrame:
    """Return a frame with all columns of `table`, typed, defaults filled and rows in order."""
    return ordered(table, complete(table, rows))


def complete(table: Table, rows: pd.DataFrame | Rows) -> pd.DataFrame:
    """Return a frame with all columns of `table`, typed and with defaults filled; rows as given.

    Old names of columns are taken for present ones.

    Raises
    ------
    BadInput
        `rows` have a column that `table` does not know, or cells that do not fit their column.
    """
    frame = _frame(table, rows).rename(columns=table.renamed)
    raise_any([_unknown_column(table, str(n)) for n in frame.columns if n not in table.by_name])
    cells: dict[str, Array] = {}
    for column in table.columns:
        given = _given(column, frame)
        if given is not None:
            raise_any(wrong_type(f"{table.name}.{column.name}", column, given))
        values = typed(column, given, len(frame))
        if column.default_column:
            blank = values == ""
            values[blank] = cells[column.default_column][blank]
        cells[column.name] = values
    return pd.DataFrame(
        {name: _as_series(table.by_name[name], values) for name, values in cells.items()}
    )


def _frame(table: Table, rows: pd.DataFrame | Rows) -> pd.DataFrame:
    try:
        return pd.DataFrame(rows)
    except (TypeError, ValueError):
        rule = "must be a table"
        remedy = "give a pandas frame, or a list of mappings from columns to cells"
        raise BadInput([Fault(table.name, quoted(str(rows)), rule, remedy)]) from None


def _unknown_column(table: Table, name: str) -> Fault:
    known = f"the columns are {', '.join(table.column_names)}"
    remedy = did_you_mean(name, table.column_names, known)
    return Fault(table.name, quoted(name), f"{table.name} has no such column", remedy)


def _given(column: Column, frame: pd.DataFrame) -> Array | None:
    if column.name not in frame.columns:
        return None
    cells = frame[column.name]
    return cells.astype(object).to_numpy() if cells.dtype.kind in "mM" else cells.to_numpy()


def _as_series(column: Column, values: Array) -> Array | pd.Series:
    return values if is_plain(column) else pd.Series(values, dtype="str")


def ordered(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """Return `frame` with its rows in the order of `table`'s key, or else of all columns.

    Text compares by code point, whatever the locale; blank numbers come last. Rows that follow
    one another, because some do not say where they begin, stay as they are.
    """
    if table.rows_follow and frame[table.key[0]].isna().any():
        return frame
    columns = [_sortable(frame[name]) for name in table.key or table.column_names]
    keys = list(zip(*columns, strict=True))
    if all(before <= after for before, after in pairwise(keys)):
        return frame
    order = sorted(range(len(keys)), key=keys.__getitem__)
    return frame.take(order).reset_index(drop=True)


def _sortable(values: pd.Series) -> list[Any]:
    if values.dtype == np.float64:
        return list(np.nan_to_num(values.to_numpy(), nan=np.inf).tolist())
    return list(values.tolist())
