"""Workbooks for tests: made from scratch, taken apart, patched."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter
from python_calamine import CalamineWorkbook

from model.reading.raw import column_letters

MINIMAL: dict[str, list[list[Any]]] = {
    "case": [["key", "value"], ["name", "tiny"], ["year", 2024]],
    "origins": [["origin", "supply_kt"], ["A", 10], ["B", 20.5]],
    "sinks": [["sink", "demand_kt"], ["X", 5], ["Y", 7]],
    "lanes": [["origin", "sink", "cost_cny_per_t"], ["A", "X", 1], ["B", "Y", 2]],
}
"""The smallest case, sheet by sheet."""


def make(
    path: Path,
    sheets: Mapping[str, Sequence[Sequence[Any]]] | None = None,
    edit: Callable[[Any, dict[str, Any]], None] | None = None,
) -> Path:
    """Write a workbook; `edit(workbook, worksheets)` may then do what it likes to it."""
    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False})
    worksheets = {}
    for name, rows in (MINIMAL if sheets is None else sheets).items():
        worksheets[name] = book.add_worksheet(name)
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if cell is not None:
                    worksheets[name].write(row, column, cell)
    if edit is not None:
        edit(book, worksheets)
    book.close()
    return path


def read_cells(content: bytes, sheet: str) -> list[list[Any]]:
    """Return the cells of a sheet, as a reader of values sees them."""
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        return book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def sheet_names(content: bytes) -> list[str]:
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        return book.sheet_names


def parts(content: bytes) -> dict[str, str]:
    """Return the XML parts of a workbook."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def sheet_xml(content: bytes, sheet: str) -> str:
    return parts(content)[f"xl/worksheets/sheet{sheet_names(content).index(sheet) + 1}.xml"]


def rezip(path: Path, content: Mapping[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in content.items():
            archive.writestr(name, part)
    return path


def type_into(content: bytes, rows: Mapping[str, Sequence[Sequence[Any]]]) -> dict[str, str]:
    """Return the parts of a workbook after a user typed `rows` below the headers of its sheets."""
    changed = parts(content)
    for sheet, lines in rows.items():
        name = f"xl/worksheets/sheet{sheet_names(content).index(sheet) + 1}.xml"
        typed = "".join(_row_xml(number, cells) for number, cells in enumerate(lines, start=2))
        changed[name] = changed[name].replace("</sheetData>", typed + "</sheetData>")
    return changed


def _row_xml(number: int, cells: Sequence[Any]) -> str:
    return f'<row r="{number}">{"".join(_cell_xml(number, *c) for c in enumerate(cells))}</row>'


def _cell_xml(row: int, column: int, value: Any) -> str:
    place = f"{column_letters(column)}{row}"
    if value is None:
        return ""
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f'<c r="{place}"><v>{value!r}</v></c>'
