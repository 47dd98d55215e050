"""A raw table into a typed frame, with everything that is wrong with its header and cells."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from model.case.case import complete
from model.case.cells import CellProblem, as_meant, parse_cell
from model.case.columns import Column, Table
from model.case.errors import Fault, quoted, renamed_warning
from model.case.names import nearest
from model.case.schema import MIN_NUMBER, present_target
from model.reading.raw import RawTable

_UNIT_WORDS = re.compile(
    r"kt|mt|t|k?tons?|tonnes?|kg|km|m|mi|miles|nm|per|a|y|yr|years?"
    r"|[mk]?cny|rmb|yuan|usd|eur|g|g?co2"
)
_SOME_DIGIT = re.compile(r"[-0.]*[1-9]")


@dataclass(frozen=True)
class Parsed:
    """A table as far as it could be understood.

    Parameters
    ----------
    raw : RawTable
        Only the rows that `frame` has.
    frame : DataFrame, n rows
        Complete and typed, rows in the order of the file; what could not be read is blank.
    faults : list of Fault
        Of its header and its cells.
    is_whole : bool
        Whether columns and rows are all there, so that rules about the whole make sense.
    warnings : list of str
        Figures so small that they were read as 0, and names that are no longer used.
    """

    raw: RawTable
    frame: pd.DataFrame
    faults: list[Fault] = field(default_factory=list)
    is_whole: bool = True
    warnings: list[str] = field(default_factory=list)


def parse_table(table: Table, raw: RawTable) -> Parsed:
    """Read the cells of `raw` as the schema of `table` says; old names of columns are read too."""
    raw, warnings = _with_present_names(table, raw)
    faults = _header_faults(table, raw)
    raw, ragged = _without_ragged_rows(raw)
    faults += ragged
    is_whole = not faults
    cells: dict[str, np.ndarray[Any, Any]] = {}
    columns = list(zip(*raw.rows, strict=True)) if raw.rows else [()] * len(raw.header)
    for title, texts in zip(raw.header, columns, strict=True):
        if title in table.by_name and title not in cells:
            cells[title] = _parse_column(table.by_name[title], texts, raw, faults)
            warnings += _read_as_zero(title, texts, cells[title], raw)
            if table.by_name[title].kind == "target":
                warnings += _old_targets(title, texts, raw)
    frame = complete(table, pd.DataFrame(cells, index=range(len(raw.rows))))
    return Parsed(raw, frame, faults, is_whole, warnings)


def _parse_column(
    column: Column, texts: tuple[str, ...], raw: RawTable, faults: list[Fault]
) -> np.ndarray[Any, Any]:
    parsed = {text: parse_cell(column, text) for text in set(texts)}
    problems = {text: value for text, value in parsed.items() if isinstance(value, CellProblem)}
    if problems:
        for row, text in enumerate(texts):
            if text in problems:
                problem = problems[text]
                where = raw.place(row, column.name)
                faults.append(Fault(where, problem.found, problem.rule, problem.remedy))
        parsed |= {text: _stand_in(column, text) for text in problems}
    dtype = np.float64 if column.is_number else bool if column.kind == "boolean" else object
    return np.array([parsed[text] for text in texts], dtype=dtype)


def _stand_in(column: Column, text: str) -> float | bool | str:
    """Return what to go on with in place of a faulty cell, so that it breaks no further rule."""
    if column.is_number:
        return float("nan")
    return as_meant(text) if column.is_name else column.filler


def _read_as_zero(
    name: str, texts: tuple[str, ...], values: np.ndarray[Any, Any], raw: RawTable
) -> list[str]:
    if values.dtype != np.float64:
        return []
    rows = [row for row in np.flatnonzero(values == 0) if _SOME_DIGIT.match(texts[row])]
    if not rows:
        return []
    more = f", and so in {len(rows) - 1} more rows" if len(rows) > 1 else ""
    where, found = raw.place(int(rows[0]), name), quoted(texts[rows[0]])
    return [f"{where}: {found} found; less than {MIN_NUMBER:.0e} in size counts as 0{more}"]


def _with_present_names(table: Table, raw: RawTable) -> tuple[RawTable, list[str]]:
    warnings = [
        renamed_warning(raw.place(None, title), title, table.present(title))
        for title in raw.header
        if title in table.renamed
    ]
    return replace(raw, header=tuple(map(table.present, raw.header))), warnings


def _old_targets(name: str, texts: tuple[str, ...], raw: RawTable) -> list[str]:
    """Return a warning for each old name of a target, at the first row that has it."""
    return [
        renamed_warning(raw.place(texts.index(text), name), text, present_target(text))
        for text in dict.fromkeys(texts)
        if present_target(text) != text
    ]


def _without_ragged_rows(raw: RawTable) -> tuple[RawTable, list[Fault]]:
    width = len(raw.header)
    ragged = [row for row, cells in enumerate(raw.rows) if len(cells) != width]
    if not ragged:
        return raw, []
    faults = [
        Fault(
            raw.place(row),
            "1 cell" if len(raw.rows[row]) == 1 else f"{len(raw.rows[row])} cells",
            f"the header has {width} {'column' if width == 1 else 'columns'}",
            'add or remove commas; a cell that holds a comma stands in double quotes ("a, b")',
        )
        for row in ragged
    ]
    kept = sorted(set(range(len(raw.rows))) - set(ragged))
    rows = [raw.rows[row] for row in kept]
    lines = [raw.line_numbers[row] for row in kept]
    return RawTable(raw.name, raw.header, rows, lines, raw.file, raw.sheet, raw.header_line), faults


def _header_faults(table: Table, raw: RawTable) -> list[Fault]:
    faults = []
    unnamed = [name for name in table.column_names if name not in raw.header]
    for position, title in enumerate(raw.header):
        where = raw.place(None, title)
        if not title:
            found = f"no name over column {position + 1}"
            remedy = "name it, or delete the column"
            faults.append(Fault(where.rstrip(":"), found, "every column must have a name", remedy))
        elif title in raw.header[:position]:
            rule = "a column may stand once"
            faults.append(Fault(where, f"{quoted(title)} again", rule, "delete one of the two"))
        elif title not in table.by_name:
            meant = _meant_column(table, title, unnamed)
            if meant:
                unnamed.remove(meant.name)
            faults.append(_unknown_column(table, title, meant, where))
    for name in unnamed:
        if table.by_name[name].required:
            column = table.by_name[name]
            rule = f"{table.name} must have it ({column.meaning}{_in_unit(column)})"
            where = raw.place(None, name)
            faults.append(Fault(where, "no such column", rule, "add the column"))
    return faults


def _unknown_column(table: Table, title: str, meant: Column | None, where: str) -> Fault:
    if meant is None:
        remedy = f"delete it; the columns are {', '.join(table.column_names)}"
        return Fault(where, quoted(title), f"{table.name} has no such column", remedy)
    rule = f"the column is called {meant.name}{_in_unit(meant)}"
    remedy = f"write {meant.name}"
    if meant.unit:
        remedy += f" and give its figures in {meant.unit}"
    return Fault(where, quoted(title), rule, remedy)


def _in_unit(column: Column) -> str:
    return f", in {column.unit}" if column.unit else ""


def _meant_column(table: Table, title: str, candidates: list[str]) -> Column | None:
    """Return the column that a wrong title stands for: another unit, or a slip of the pen."""
    stem, words = _stem(title), re.search("[a-z0-9]", title.lower())
    same_stem = [name for name in candidates if words and _stem(name) == stem]
    name = same_stem[0] if same_stem else nearest(title, candidates)
    return table.by_name[name] if name else None


def _stem(title: str) -> tuple[str, ...]:
    """Return the words of a title without those of its unit."""
    words = re.split(r"[^a-z0-9]+", title.lower())
    return tuple(word for word in words if word and not _UNIT_WORDS.fullmatch(word))
