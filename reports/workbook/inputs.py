"""The sheets of a case: one a table, with notes, drop-downs and formats, by the schema."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from model.case.case import Case, Settings, canonical
from model.case.columns import Column, Table
from model.case.errors import BadInput, Fault
from model.case.schema import CASE, TABLES
from model.case.workbook_sheets import CASE_HEADER, CASE_SHEET
from model.case.write import format_number, format_years
from reports.figures.style import BLUE, BORDER, MUTED
from reports.workbook.book import MAX_ROWS, MAX_TEXT, Book, SheetColumn, number_format_for, put_note
from reports.workbook.guidance import NameLists, explain, validation

INPUT_TAB = BLUE
_SPARE_ROWS = 1000  # rows below a table that have drop-downs too
_EARLIEST_DATE = "1900-03-01"  # spreadsheets disagree on the days before


def require_room(case: Case, max_rows: int = MAX_ROWS) -> None:
    """Refuse a case that a workbook cannot hold without loss.

    Raises
    ------
    BadInput
        With every table of more than `max_rows` rows and every text of more than `MAX_TEXT`
        characters.
    """
    faults = []
    remedy = "keep this case as a folder of CSV files"
    for name, frame in case.tables().items():
        if len(frame) > max_rows:
            rule = f"a table in a workbook may have {max_rows:,} rows"
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
    lists = NameLists(tables)
    for name, frame in tables.items():
        _add_table_sheet(book, TABLES[name], frame, lists)
    for name, formula in lists.used.items():
        book.define_name(name, formula)


def empty_tables() -> dict[str, pd.DataFrame]:
    """Return every table of the schema without rows."""
    return {name: canonical(table, pd.DataFrame()) for name, table in TABLES.items()}


def _add_table_sheet(book: Book, table: Table, frame: pd.DataFrame, lists: NameLists) -> None:
    shown = pd.DataFrame(
        {column.name: _cells(column, frame) for column in table.columns}, dtype=object
    )
    columns = [
        SheetColumn(c.name, _number_format(c, shown[c.name]), explain(c), is_strong=c.required)
        for c in table.columns
    ]
    sheet = book.table_sheet(table.name, INPUT_TAB, shown, columns)
    for place, column in enumerate(table.columns):
        rule = validation(column, lists)
        if rule:
            sheet.data_validation(1, place, len(frame) + _SPARE_ROWS, place, rule)


def _cells(column: Column, frame: pd.DataFrame) -> list[Any]:
    values: list[Any] = frame[column.name].tolist()
    if column.takes_fractions:
        return [_as_length(value) for value in values]
    return [_as_date(value) for value in values] if column.kind == "date" else values


def _as_length(years: float) -> float | str:
    """A number, or the fraction that it stands for; blank as it is."""
    if years != years:
        return years
    text = format_years(years)
    return years if text == format_number(years) else text


def _as_date(text: str) -> datetime.date | str:
    try:
        return datetime.date.fromisoformat(text) if text >= _EARLIEST_DATE else text
    except ValueError:
        return text


def _number_format(column: Column, values: Collection[Any]) -> str:
    """Return a format that keeps what is typed: a text column never turns a name into a date."""
    if column.kind == "date":
        return "yyyy-mm-dd"
    if column.takes_fractions:
        return "@"  # else 1/12 becomes a day of January
    if column.kind == "integer":
        return "0"
    if column.kind == "number":
        return number_format_for(values)
    return "General" if column.kind == "boolean" else "@"


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
    rule = validation(column, NameLists({}))
    if rule:
        sheet.data_validation(row, 1, row, 1, rule)
