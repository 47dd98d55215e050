"""The sheets of a case: one a table, with notes, drop-downs and formats, all from the schema."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from model.case import Case, Settings, canonical
from model.columns import Column, Table
from model.errors import BadInput, Fault
from model.raw import column_letters
from model.read_workbook import CASE_HEADER, CASE_SHEET
from model.schema import CASE, TABLES
from reports.figures.style import BLUE, BORDER, MUTED
from reports.workbook.book import MAX_ROWS, MAX_TEXT, Book, SheetColumn, number_format_for, put_note

INPUT_TAB = BLUE
_SPARE_ROWS = 1000  # rows below a table that have drop-downs too
_EARLIEST_DATE = "1900-03-01"  # spreadsheets disagree on the days before
_LONGEST_CHOICES = 255  # characters of a list of choices inside a validation


def require_room(case: Case) -> None:
    """Refuse a case that a workbook cannot hold without loss.

    Raises
    ------
    BadInput
        With every table of more than `MAX_ROWS` rows and every text of more than `MAX_TEXT`
        characters.
    """
    faults = []
    remedy = "keep this case as a folder of CSV files"
    for name, frame in case.tables().items():
        if len(frame) > MAX_ROWS:
            rule = f"a table in a workbook may have {MAX_ROWS:,} rows"
            faults.append(Fault(name, f"{len(frame):,} rows", rule, remedy))
        for column in TABLES[name].columns:
            longest = 0 if column.is_number else frame[column.name].astype(str).str.len().max()
            if longest > MAX_TEXT:
                rule = f"a cell may have {MAX_TEXT:,} characters"
                found = f"a text of {longest:,} characters"
                faults.append(Fault(f"{name}:{column.name}", found, rule, remedy))
    if faults:
        raise BadInput(faults)


def add_inputs(book: Book, settings: Settings | None, tables: Mapping[str, pd.DataFrame]) -> None:
    """Add the sheet `case` and one sheet for each of `tables`, ready to be edited and read again.

    Parameters
    ----------
    settings : Settings, optional
        None leaves every value of the sheet `case` blank.
    tables : mapping of str to DataFrame
        Tables by their names, all columns of the schema in its order.
    """
    _add_case_sheet(book, settings)
    lists = _Lists(tables)
    for name, frame in tables.items():
        _add_table_sheet(book, TABLES[name], frame, lists)
    for name, formula in lists.used.items():
        book.define_name(name, formula)


def empty_tables() -> dict[str, pd.DataFrame]:
    """Return every table of the schema without rows."""
    return {name: canonical(table, pd.DataFrame()) for name, table in TABLES.items()}


def explain(column: Column) -> str:
    """Return what a user needs to know to fill a column, one thing a line."""
    lines = [sentence(column.meaning)]
    if column.unit:
        lines.append(f"Unit: {column.unit}.")
    lines.append("Needed." if column.required else f"Blank: {blank_meaning(column)}.")
    bounds = _bounds(column)
    if bounds:
        lines.append(f"{sentence(bounds)}")
    if column.choices:
        lines.append(f"One of: {', '.join(column.choices)}.")
    if column.kind == "names":
        lines.append("Several names are joined by |.")
    if column.kind == "date":
        lines.append("A date, as 2025-12-31.")
    if column.refers_to:
        lines.append(f"Names from: {', '.join(column.refers_to)}.")
    if column.key:
        lines.append("Part of what tells rows apart.")
    return "\n".join(lines)


def blank_meaning(column: Column) -> str:
    """Return what a blank cell of an optional column means."""
    if column.blank:
        return column.blank
    if column.default_column:
        return f"the same as {column.default_column}"
    filler = column.filler
    if isinstance(filler, bool):
        return "false"
    if isinstance(filler, float):
        return f"{filler:g}" if filler == filler else "unknown"
    return filler or "nothing"


def sentence(text: str) -> str:
    """Return a phrase with a capital and a full stop."""
    return f"{text[:1].upper()}{text[1:].removesuffix('.')}."


def _bounds(column: Column) -> str:
    parts = []
    if column.above is not None:
        parts.append(f"above {column.above:g}")
    if column.minimum is not None:
        parts.append(f"at least {column.minimum:g}")
    if column.maximum is not None:
        parts.append(f"at most {column.maximum:g}")
    return " and ".join(parts)


@dataclass
class _Lists:
    """Named ranges that drop-downs show, collected while columns ask for them."""

    tables: Mapping[str, pd.DataFrame]

    def __post_init__(self) -> None:
        self.used: dict[str, str] = {}

    def source(self, column: Column) -> str:
        """Return the formula of the list of names that a column may hold; blank for none."""
        for target in column.refers_to:
            table, _, name = target.partition(".")
            if table in self.tables:
                return f"={self._named(TABLES[table], name)}"
        return ""

    def _named(self, table: Table, name: str) -> str:
        stand_in = table.by_name[name].default_column
        if stand_in and self.tables[table.name].empty:
            name = stand_in  # in an empty table the column is likely to stay blank
        letters = column_letters(table.column_names.index(name))
        filled = f"COUNTA({table.name}!${letters}:${letters})-1"
        self.used[f"list_{table.name}_{name}"] = (
            f"=OFFSET({table.name}!${letters}$2,0,0,MAX(1,{filled}),1)"
        )
        return f"list_{table.name}_{name}"


def _add_table_sheet(book: Book, table: Table, frame: pd.DataFrame, lists: _Lists) -> None:
    shown = pd.DataFrame(
        {column.name: _cells(column, frame) for column in table.columns}, dtype=object
    )
    columns = [
        SheetColumn(c.name, _number_format(c, shown[c.name]), explain(c), is_strong=c.required)
        for c in table.columns
    ]
    sheet = book.table_sheet(table.name, INPUT_TAB, shown, columns)
    for place, column in enumerate(table.columns):
        rule = _validation(column, lists)
        if rule:
            sheet.data_validation(1, place, len(frame) + _SPARE_ROWS, place, rule)


def _cells(column: Column, frame: pd.DataFrame) -> list[Any]:
    values: list[Any] = frame[column.name].tolist()
    return [_as_date(value) for value in values] if column.kind == "date" else values


def _as_date(text: str) -> datetime.date | str:
    try:
        return datetime.date.fromisoformat(text) if text >= _EARLIEST_DATE else text
    except ValueError:
        return text


def _number_format(column: Column, values: Collection[Any]) -> str:
    """Return a format that keeps what is typed: a text column never turns a name into a date."""
    if column.kind == "date":
        return "yyyy-mm-dd"
    if column.kind == "integer":
        return "0"
    if column.kind == "number":
        return number_format_for(values)
    return "General" if column.kind == "boolean" else "@"


def _validation(column: Column, lists: _Lists) -> dict[str, Any]:
    """Return the drop-down or the bounds of a column; empty when anything may be typed."""
    choices = ("true", "false") if column.kind == "boolean" else column.choices
    source: Any = list(choices) if choices else lists.source(column)
    if source:
        # A drop-down of names helps and does not bind: a name may be entered before its own row is.
        is_binding = bool(choices) and column.kind != "names"
        return {"validate": "list", "source": source, "show_error": is_binding, **_refusal(column)}
    if not column.is_number:
        return {}
    return {"validate": "decimal", **_criteria(column), **_refusal(column)}


def _criteria(column: Column) -> dict[str, Any]:
    if column.above is not None:
        return {"criteria": ">", "value": column.above}
    low = column.minimum if column.minimum is not None else -1e15
    high = column.maximum if column.maximum is not None else 1e15
    return {"criteria": "between", "minimum": low, "maximum": high}


def _refusal(column: Column) -> dict[str, str]:
    choices = f"one of {', '.join(column.choices)}" if column.choices else "true or false"
    rule = f"a number {_bounds(column)}".rstrip() if column.is_number else choices
    return {"error_title": column.name[:32], "error_message": f"This must be {rule}."[:255]}


def _add_case_sheet(book: Book, settings: Settings | None) -> None:
    sheet = book.sheet(CASE_SHEET, INPUT_TAB)
    header = book.format(bold=True, font_color=BORDER, bg_color=BLUE)
    for place, (title, width) in enumerate(zip(CASE_HEADER, (26, 40, 90), strict=True)):
        sheet.write_string(0, place, title, header)
        sheet.set_column(place, place, width)
    for row, column in enumerate(CASE.columns, start=1):
        _put_setting(book, sheet, row, column, getattr(settings, column.name, None))
    sheet.freeze_panes(1, 1)


def _put_setting(book: Book, sheet: Worksheet, row: int, column: Column, value: Any) -> None:
    book.put_text(sheet, row, 0, column.name, bold=column.required)
    look = book.format(
        num_format="General" if column.is_number else "@", align="left", valign="top", border=1,
        border_color=MUTED, text_wrap=True,
    )  # fmt: skip
    text = "|".join(value) if isinstance(value, tuple) else value
    if isinstance(text, str) and text:
        sheet.write_string(row, 1, text, look)
    elif isinstance(text, float | int):
        sheet.write_number(row, 1, text, look)
    else:
        sheet.write_blank(row, 1, None, look)
    note = explain(column)
    book.put_text(sheet, row, 2, note.replace("\n", " "), text_wrap=True)
    put_note(sheet, row, 0, note)
    rule = _validation(column, _Lists({}))
    if rule:
        sheet.data_validation(row, 1, row, 1, rule)
