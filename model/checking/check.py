"""What the schema asks of whole tables: bounds, keys, references."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from model.case.columns import Column, Table
from model.case.errors import MOST_SHOWN, quoted
from model.case.names import nearest
from model.case.schema import CASE, TABLES
from model.case.write import cell_texts

Frames = Mapping[str, pd.DataFrame]

LEAST_AND_MOST = (
    ("sinks", "demand_kt", "max_kt"),
    ("sinks", "price_cny_per_t", "shortage_cny_per_t"),
    ("lanes", "min_kt", "max_kt"),
    ("limits", "min", "max"),
    ("projects", "min_kt", "capacity_kt"),
    ("groups", "min_projects", "max_projects"),
    ("assumptions", "low", "high"),
)
"""Tables with a column that may not lie above another."""


@dataclass(frozen=True)
class Finding:
    """Something wrong in a table, by row of its frame; a reader says where that row stood.

    Parameters
    ----------
    table : str
        Name of the table, or ``case``.
    row : int, optional
        Position in the frame; None is the table as a whole.
    column : str, optional
        Name of the column; None is the whole row.
    rule, remedy : str
        As in :class:`model.case.errors.Fault`; ``{other}`` stands for the place of `other`.
    found : str, optional
        As in :class:`model.case.errors.Fault`; None is the text of the cell.
    other : (str, int), optional
        Table and row of a second row that is concerned.
    """

    table: str
    row: int | None
    column: str | None
    rule: str
    remedy: str
    found: str | None = None
    other: tuple[str, int] | None = None


Rule = Callable[[Frames], Iterator[Finding]]
"""One rule between columns or tables: frames as for :func:`check_tables` in, findings out."""


def check_tables(frames: Frames, incomplete: Collection[str] = ()) -> list[Finding]:
    """Return everything that breaks the schema's rules beyond single cells.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        Every table by name, complete and typed, and ``case`` with one row.
    incomplete : collection of str
        Tables that are not wholly there; what depends on them is passed over.
    """
    findings: list[Finding] = []
    for table in (CASE, *TABLES.values()):
        frame = frames[table.name]
        if not len(frame):
            continue
        for column in table.columns:
            findings += _beyond_bounds(table, column, frame)
        if table.name not in incomplete and table is not CASE:
            findings += _repeated(table, frame)
            for column in table.columns:
                if column.refers_to and not incomplete:
                    findings += _unknown_names(table, column, frames)
    return findings


def _beyond_bounds(table: Table, column: Column, frame: pd.DataFrame) -> Iterator[Finding]:
    if not column.is_number:
        return
    for row in np.flatnonzero(out_of_bounds(column, frame[column.name].to_numpy())):
        yield Finding(table.name, int(row), column.name, *rule_of_bounds(column))


def out_of_bounds(column: Column, values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return which of some numbers `column` may not hold; blanks (NaN) are never among them."""
    wrong = np.zeros(values.shape, dtype=bool)
    if column.minimum is not None:
        wrong |= values < column.minimum
    if column.above is not None:
        wrong |= values <= column.above
    if column.maximum is not None:
        wrong |= values > column.maximum
    return wrong


def rule_of_bounds(column: Column) -> tuple[str, str]:
    """Return rule and remedy of a column's bounds."""
    rule = f"must be {column.bounds_in_words}"
    if rule == "must be at least 0":
        return rule, "write 0 or more"
    return rule, "write a number within these bounds"


def _repeated(table: Table, frame: pd.DataFrame) -> Iterator[Finding]:
    key = table.key or table.column_names
    rows = list(zip(*(_comparable(frame[name]) for name in key), strict=True))
    if len(set(rows)) == len(rows):
        return
    first: dict[tuple[Any, ...], int] = {}
    for row, values in enumerate(rows):
        earlier = first.setdefault(values, row)
        if earlier == row:
            continue
        other = (table.name, earlier)
        if table.key:
            texts = _key_texts(table, frame, row)
            if not texts:
                continue
            rule = f"{{other}} has it too, and {_together(texts)} must differ from row to row"
            found = ", ".join(map(quoted, texts.values()))
            remedy = "delete one of the two, or name them apart; they are never added up"
            yield Finding(table.name, row, next(iter(texts)), rule, remedy, found, other)
        else:
            rule = "no row may repeat another in every column, as it does {other}"
            yield Finding(table.name, row, None, rule, "delete one of the two", "a row", other)


def _key_texts(table: Table, frame: pd.DataFrame, row: int) -> dict[str, str]:
    """Return the cells of a row's key by column, without alternatives that it leaves blank."""
    cells = {n: cell_texts(table.by_name[n], frame.iloc[[row]])[0] for n in table.key}
    return {n: text for n, text in cells.items() if text or not table.by_name[n].is_alternative}


def _comparable(values: pd.Series) -> list[Any]:
    """Return values among which blanks are equal."""
    return list(values.fillna(np.inf).tolist() if values.dtype == np.float64 else values.tolist())


def _together(names: Collection[str]) -> str:
    return f"({', '.join(names)})" if len(names) > 1 else next(iter(names))


def _unknown_names(table: Table, column: Column, frames: Frames) -> Iterator[Finding]:
    cells = frames[table.name][column.name]
    known = known_names(column, frames)
    unknown = {cell for cell in distinct(cells) if not known.issuperset(names_in(column, cell))}
    if not unknown:
        return
    rule = f"must be one of {' or '.join(column.refers_to)}"
    remedies: dict[str, str] = {}
    for row, cell in enumerate(cells.tolist()):
        for name in names_in(column, cell) if cell in unknown else []:
            if name in known:
                continue
            if len(remedies) < MOST_SHOWN:  # a nearest name takes long to find
                remedies.setdefault(name, remedy_for_unknown(name, column, known))
            remedy = remedies.get(name, "see the names there")
            yield Finding(table.name, row, column.name, rule, remedy, quoted(name))


def distinct(*columns: pd.Series) -> set[Any]:
    """Return the values of columns, each once, without the blank."""
    return {value for values in columns for value in values.unique().tolist()} - {""}


def names_in(column: Column, cell: str) -> list[str]:
    """Return the names that a cell holds; none where it is blank."""
    if not cell:
        return []
    return cell.split("|") if column.kind == "names" else [cell]


def known_names(column: Column, frames: Frames) -> set[str]:
    """Return the names that `column` may refer to."""
    known: set[str] = set()
    for target in column.refers_to:
        table, _, name = target.partition(".")
        known |= distinct(frames[table][name])
    return known


def remedy_for_unknown(name: str, column: Column, known: Collection[str]) -> str:
    """Return what to do about a name that is not known."""
    near = nearest(name, known)
    if near:
        return f"did you mean {quoted(near)}?"
    file = TABLES[column.refers_to[0].partition(".")[0]].file
    return f"add it to {file}" if known else f"add it to {file}, which has no rows yet"
