"""A workbook being written: styles made once, exact numbers, the same bytes each time."""

from __future__ import annotations

import datetime
import io
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np
import pandas as pd
import xlsxwriter
from xlsxwriter.chart import Chart
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reports.figures.style import BLUE, BORDER, INK, MUTED
from reports.language import say

MAX_ROWS = 200_000
"""Rows that a table in a workbook may have: beyond it, spreadsheet programs are slow to use."""

MAX_TEXT = 32_767
"""Characters that a cell can hold."""

_NEVER = datetime.datetime(2000, 1, 1)  # a date of creation would change the bytes
_NARROWEST, _WIDEST = 9, 44  # characters
_TITLE_WIDTH = 14  # longer titles run over several lines
_LINE_HEIGHT = 15  # points
_WIDTH_SAMPLE = 200  # cells that a column's width is judged by
_ARROW_WIDTH = 3  # of the filter button in a header


@dataclass(frozen=True)
class SheetColumn:
    """How a column appears: its title, its number format, and the note on its header."""

    title: str
    number_format: str = "General"
    note: str = ""
    is_strong: bool = True


class _ExactWorksheet(Worksheet):  # type: ignore[misc]  # the library is not typed
    """A worksheet that writes numbers with all 17 digits, where the library stops at 16."""

    def _xml_number_element(
        self, number: float, attributes: Iterable[tuple[str, Any]] = ()
    ) -> None:
        names = "".join(f' {name}="{value}"' for name, value in attributes)
        self.fh.write(f"<c{names}><v>{float(number)!r}</v></c>")


class Book:
    """A workbook in memory, made of sheets that begin with a table or with lines of text.

    Text is always written as text: no name becomes a formula or a link, whatever it begins with.
    """

    def __init__(self, title: str) -> None:
        self._buffer = io.BytesIO()
        self._workbook = xlsxwriter.Workbook(self._buffer, {"in_memory": True})
        self._workbook.set_properties({"title": title, "created": _NEVER})
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}
        self._tables = 0

    def finish(self) -> bytes:
        """Return the finished workbook; nothing can be added after."""
        self._workbook.close()
        return self._buffer.getvalue()

    def format(self, **properties: Any) -> Format:
        """Return the format with these properties, made at its first use."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self._workbook.add_format(dict(key))
        return self._formats[key]

    def sheet(self, name: str, tab_color: str) -> Worksheet:
        """Add a sheet that prints on A4, as wide as the page."""
        sheet = self._workbook.add_worksheet(name, _ExactWorksheet)
        sheet.set_tab_color(tab_color)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        return sheet

    def chart(self, kind: str, subtype: str = "") -> Chart:
        """Add a chart, to be put on a sheet."""
        return self._workbook.add_chart({"type": kind, "subtype": subtype or None})

    def define_name(self, name: str, formula: str) -> None:
        """Name a range, for drop-downs."""
        self._workbook.define_name(name, formula)

    def table_sheet(
        self, name: str, tab_color: str, frame: pd.DataFrame, columns: Sequence[SheetColumn]
    ) -> Worksheet:
        """Add a sheet that holds one table, with filters, its header and first column frozen."""
        sheet = self.sheet(name, tab_color)
        self.put_table(sheet, 0, 0, frame, columns)
        sheet.freeze_panes(1, 1)
        sheet.repeat_rows(0)
        return sheet

    def put_table(
        self,
        sheet: Worksheet,
        row: int,
        column: int,
        frame: pd.DataFrame,
        columns: Sequence[SheetColumn],
    ) -> None:
        """Put `frame`, one `columns` entry for each of its columns, with its corner at a cell."""
        for place, (shown, name) in enumerate(zip(columns, frame.columns, strict=True), column):
            values = frame[name].tolist()
            number_format = self.format(num_format=shown.number_format, valign="top")
            sheet.set_column(place, place, _width(shown.title, values), number_format)
            put_values(sheet, row + 1, place, values)
            if shown.note:
                put_note(sheet, row, place, shown.note)
        lines = max(len(_title_lines(shown.title)) for shown in columns)
        sheet.set_row(row, _LINE_HEIGHT * lines)
        self._tables += 1
        sheet.add_table(
            row,
            column,
            row + max(1, len(frame)),
            column + len(columns) - 1,
            {
                "name": f"Table{self._tables}",
                "style": "Table Style Light 1",
                "columns": [
                    {"header": shown.title, "header_format": self._header_format(shown)}
                    for shown in columns
                ],
            },
        )

    def _header_format(self, shown: SheetColumn) -> Format:
        fill = BLUE if shown.is_strong else MUTED
        return self.format(
            bold=True, font_color=BORDER, bg_color=fill, valign="top", text_wrap=True
        )

    def put_text(self, sheet: Worksheet, row: int, column: int, text: str, **style: Any) -> None:
        """Put a text into a cell, as the language has it, cut to what a cell can hold."""
        look = self.format(font_color=INK, valign="top", **style)
        sheet.write_string(row, column, say(text)[:MAX_TEXT], look)


def put_values(sheet: Worksheet, row: int, column: int, values: Sequence[Any]) -> None:
    """Put values below one another, each as what it is; what is no number stays empty."""
    for line, value in enumerate(values, row):
        if isinstance(value, np.generic):
            value = value.item()
        if isinstance(value, bool):
            sheet.write_boolean(line, column, value)
        elif isinstance(value, float | int):
            if isfinite(value):
                sheet.write_number(line, column, value)
        elif isinstance(value, datetime.date):
            sheet.write_datetime(line, column, value)
        elif value is not None and value != "":
            sheet.write_string(line, column, str(value)[:MAX_TEXT])


def put_note(sheet: Worksheet, row: int, column: int, note: str) -> None:
    """Put a note on a cell, large enough to be read."""
    lines = sum(1 + len(line) // 42 for line in note.split("\n"))
    size = {"width": 300, "height": 12 + 17 * lines, "author": "", "font_size": 9}
    sheet.write_comment(row, column, note, size)


def number_format_for(values: Iterable[Any]) -> str:
    """Return the format that shows every decimal that is there, up to four."""
    decimals = 0
    for value in values:
        if isinstance(value, float) and value == value:
            fraction = f"{value:.4f}".rstrip("0").partition(".")[2]
            decimals = max(decimals, len(fraction))
    return f"#,##0.{'0' * decimals}" if decimals else "#,##0"


def _width(title: str, values: Sequence[Any]) -> float:
    texts = (str(value) for value in values[:_WIDTH_SAMPLE] if not isinstance(value, float))
    title_width = max(map(_length, _title_lines(title))) + _ARROW_WIDTH
    return min(_WIDEST, max([_NARROWEST, title_width, *(_length(text) + 1 for text in texts)]))


def _title_lines(title: str) -> list[str]:
    return textwrap.wrap(title, _TITLE_WIDTH, break_long_words=False) or [""]


def _length(text: str) -> int:
    """Width of a text in characters; Chinese ones are twice as wide."""
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text[: 2 * _WIDEST])
