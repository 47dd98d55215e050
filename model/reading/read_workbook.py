"""A case in one .xlsx workbook, read into the same raw tables as a folder of CSV files.

A sheet is a table when it bears a table's name; the sheet `case` holds in two columns, key and
value, what a folder's case.toml holds. Cells become text as they would stand in a CSV file
(`7515`, `true`, `2025-05-20`), so that one checker serves both. What only a workbook can get wrong
is refused here, by sheet and cell.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from model.case.errors import BadInput, Fault, quoted, raise_any
from model.case.names import did_you_mean
from model.case.schema import TABLES
from model.case.workbook_sheets import CASE_HEADER, CASE_SHEET, is_for_people
from model.reading.raw import RawTable, column_letters
from model.reading.read_settings import SettingCell
from model.reading.workbook_file import damaged, unpack
from model.reading.workbook_sheet import scan_sheet

Cell = float | str | bool | datetime.time | datetime.date | datetime.datetime | datetime.timedelta
Grid = Sequence[Sequence[Cell]]


def read_workbook_tables(path: Path) -> tuple[dict[str, RawTable], dict[str, SettingCell]]:
    """Read every table of a case from a workbook, as text.

    Formulas are read as the values saved with them. Hidden rows and columns count like any other;
    hidden sheets are refused.

    Parameters
    ----------
    path : Path
        An .xlsx file.

    Returns
    -------
    tables : dict of str to RawTable
        By table name; sheets without any cell are left out.
    settings : dict of str to SettingCell
        Keys, values and their cells in the sheet `case`; keys without a value are left out.

    Raises
    ------
    BadInput
        With every fault found: a file that is not a plain workbook, an unknown or hidden sheet,
        merged cells, error values, formulas without a value, values under no header.
    """
    unpacked = unpack(path)
    xml_by_sheet = unpacked.sheet_parts()
    faults: list[Fault] = []
    tables: dict[str, RawTable] = {}
    try:
        with CalamineWorkbook.from_filelike(unpacked.as_plain_zip()) as workbook:
            names = _table_sheets(path.name, workbook, faults)
            for name in names:
                faults += scan_sheet(xml_by_sheet.get(name, b"<worksheet/>"), path.name, name)
                grid = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
                table = _raw_table(path.name, name, grid, faults)
                if table.header:
                    tables[name] = table
    except CalamineError as error:
        raise BadInput([*faults, damaged(path.name, str(error))]) from None
    settings = _settings(tables.pop(CASE_SHEET, None), faults)
    raise_any(faults)
    return tables, settings


def _table_sheets(file: str, workbook: CalamineWorkbook, faults: list[Fault]) -> Iterator[str]:
    """Yield the sheets that are to be read; every other one is a result, or a fault."""
    known = (CASE_SHEET, *TABLES)
    for metadata in workbook.sheets_metadata:
        name = metadata.name
        if is_for_people(name) or metadata.typ is not SheetTypeEnum.WorkSheet:
            continue
        where = f"{file}:{name}"
        if name not in known:
            remedy = did_you_mean(name, known, "move it to another workbook")
            rule = "every sheet must be a table of a case"
            faults.append(Fault(where, "an unknown sheet", rule, remedy))
        elif metadata.visible is not SheetVisibleEnum.Visible:
            rule = "what is solved must be in sight"
            faults.append(Fault(where, "a hidden sheet", rule, "unhide it, or delete it"))
        else:
            yield name


def _raw_table(file: str, sheet: str, grid: Grid, faults: list[Fault]) -> RawTable:
    """Make text of a sheet; its first row that is not blank is the header."""
    texts = ((line, [cell_text(cell) for cell in row]) for line, row in enumerate(grid, start=1))
    filled = [(line, row) for line, row in texts if any(row)]
    header_line, titles = filled[0] if filled else (1, [])
    width = max((place for place, title in enumerate(titles, start=1) if title), default=0)
    for line, row in filled[1:]:
        for place, text in enumerate(row[width:], start=width):
            if text:
                where = f"{file}:{sheet}!{column_letters(place)}{line}"
                rule = "every value must stand under the name of its column"
                faults.append(
                    Fault(where, quoted(text), rule, "name the column, or clear the cell")
                )
    return RawTable(
        name=sheet,
        header=tuple(titles[:width]),
        rows=[row[:width] for _, row in filled[1:]],
        line_numbers=[line for line, _ in filled[1:]],
        file=file,
        sheet=sheet,
        header_line=header_line,
    )


def _settings(table: RawTable | None, faults: list[Fault]) -> dict[str, SettingCell]:
    """Keys and values of the sheet `case`."""
    settings: dict[str, SettingCell] = {}
    if table is None:
        return settings
    if not set(CASE_HEADER[:2]) <= set(table.header) <= set(CASE_HEADER):
        found = quoted(", ".join(table.header))
        rule = "the columns must be key and value"
        faults.append(Fault(table.place(), found, rule, "write key in A1 and value in B1"))
        return settings
    for row in range(len(table.rows)):
        key, value = table.text(row, "key"), table.text(row, "value")
        where = table.place(row, "key")
        if value and not key:
            faults.append(Fault(where, "a value without a key", "a value needs a key", "name it"))
        elif key in settings:
            faults.append(Fault(where, quoted(key), "a key may stand once", "delete one row"))
        elif value:
            settings[key] = SettingCell(value, table.place(row, "value"))
    return settings


def cell_text(cell: Cell) -> str:
    """Write a cell's value as it would stand in a CSV file.

    >>> [cell_text(cell) for cell in (7515.0, True, datetime.date(2025, 5, 20), "=A1")]
    ['7515', 'true', '2025-05-20', '=A1']
    """
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float | int):
        return repr(float(cell)).removesuffix(".0")
    if isinstance(cell, datetime.datetime):
        return cell.isoformat(sep=" ")
    return str(cell)  # dates as YYYY-MM-DD, times as HH:MM:SS
