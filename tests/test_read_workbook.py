"""A workbook is a case everywhere a folder is, and its faults are told by sheet and cell."""

from __future__ import annotations

import datetime
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from model.case.errors import BadInput
from model.reading.read_case import read_case
from model.reading.read_workbook import read_workbook_tables
from model.reading.workbook_file import MAX_UNPACKED_BYTES
from tests.support import workbooks

NOT_XLSX = "a case in a workbook must be an .xlsx file"
SAVE_AS = "save it as .xlsx (File, Save as, Excel workbook)"
DAMAGED = (
    "a case in a workbook must be an undamaged .xlsx file; "
    "open it in a spreadsheet program and save it again as .xlsx"
)


def refusal(path: Path) -> list[str]:
    """Each fault that reading finds, as its line."""
    with pytest.raises(BadInput) as caught:
        read_workbook_tables(path)
    return [str(fault) for fault in caught.value.faults]


def refusal_after(tmp_path: Path, edit: Callable[[Any, dict[str, Any]], None]) -> list[str]:
    return refusal(workbooks.make(tmp_path / "case.xlsx", edit=edit))


def test_a_minimal_workbook_is_a_case(tmp_path: Path) -> None:
    case = read_case(workbooks.make(tmp_path / "case.xlsx"))
    assert case.settings.name == "tiny"
    assert case.settings.year == 2024
    assert case.origins[["origin", "supply_kt"]].values.tolist() == [["A", 10.0], ["B", 20.5]]


def test_cells_read_as_a_csv_file_would_have_them(tmp_path: Path) -> None:
    def edit(book: Any, sheets: dict[str, Any]) -> None:
        day = book.add_format({"num_format": "d mmm yyyy"})
        percent = book.add_format({"num_format": "0%"})
        sheet = sheets["origins"]
        sheet.write_row(5, 0, [2024, 7515.0, 0.1, 1e-7, True, " a ", "=1+1", "北京"])
        sheet.write_datetime(6, 0, datetime.datetime(2025, 5, 20), day)
        sheet.write_number(6, 1, 0.065, percent)
        sheet.write_formula(6, 2, "=1+2", None, 3)
        sheet.write_formula(6, 3, '=IF(1,"","")', None, "x")
        sheet.write_row(0, 2, ["c", "d", "e", "f", "g", "h"])

    tables, settings = read_workbook_tables(workbooks.make(tmp_path / "case.xlsx", edit=edit))
    origins = tables["origins"]
    assert origins.rows[2:] == [
        ["2024", "7515", "0.1", "1e-07", "true", " a ", "=1+1", "北京"],
        ["2025-05-20", "0.065", "3", "x", "", "", "", ""],
    ]
    assert origins.line_numbers == [2, 3, 6, 7]
    assert origins.place(2, "supply_kt") == "case.xlsx:origins!B6"
    assert settings == {
        "name": ("tiny", "case.xlsx:case!B2"),
        "year": ("2024", "case.xlsx:case!B3"),
    }


def test_a_table_may_begin_below_blank_rows_and_hold_blank_ones(tmp_path: Path) -> None:
    sheets = workbooks.MINIMAL | {
        "origins": [[None], ["origin", "supply_kt"], [None], ["A", 10], ["B", 20]],
    }
    origins = read_workbook_tables(workbooks.make(tmp_path / "case.xlsx", sheets))[0]["origins"]
    assert (origins.header_line, origins.line_numbers) == (2, [4, 5])


def test_hidden_rows_and_columns_count(tmp_path: Path) -> None:
    def edit(_: Any, sheets: dict[str, Any]) -> None:
        sheets["origins"].set_row(1, None, None, {"hidden": True})
        sheets["origins"].set_column(1, 1, None, None, {"hidden": True})

    path = workbooks.make(tmp_path / "case.xlsx", edit=edit)
    assert read_workbook_tables(path)[0]["origins"].rows == [["A", "10"], ["B", "20.5"]]


def test_empty_sheets_chart_sheets_and_result_sheets_are_passed_over(tmp_path: Path) -> None:
    def edit(book: Any, sheets: dict[str, Any]) -> None:
        for name in ("duties", "Read me", "Flows", "Study curves"):
            book.add_worksheet(name)
        chart = book.add_chart({"type": "bar"})
        chart.add_series({"values": "=origins!$B$2:$B$3"})
        book.add_chartsheet("My chart").set_chart(chart)

    tables, _ = read_workbook_tables(workbooks.make(tmp_path / "case.xlsx", edit=edit))
    assert set(tables) == {"origins", "sinks", "lanes"}


def test_cells_that_hold_only_a_format_do_not_count(tmp_path: Path) -> None:
    def edit(book: Any, sheets: dict[str, Any]) -> None:
        sheets["origins"].write_blank(900_000, 16_000, None, book.add_format({"bold": True}))

    path = workbooks.make(tmp_path / "case.xlsx", edit=edit)
    assert len(read_workbook_tables(path)[0]["origins"].rows) == 2


def test_what_only_a_workbook_can_get_wrong_is_refused_all_at_once(tmp_path: Path) -> None:
    def edit(book: Any, sheets: dict[str, Any]) -> None:
        sheet = sheets["origins"]
        sheet.write_formula(1, 1, "=NA()", None, "#N/A")
        sheet.write_formula(2, 1, "=1+1", None, "")
        sheet.write(2, 3, "stray")
        sheets["sinks"].merge_range("A2:A3", "X")
        sheets["lanes"].hide()
        book.add_worksheet("Orgins")
        book.add_worksheet("Population 2024")
        sheets["case"].write_row(3, 0, ["name", "again"])
        sheets["case"].write_row(4, 1, ["nameless"])

    assert refusal_after(tmp_path, edit) == [
        "case.xlsx:origins!B2: #N/A found; a cell must hold a value, not an error; "
        "mend the formula, or write the value",
        "case.xlsx:origins!B3: a formula that was never computed found; "
        "a formula must be saved with its value; "
        "open the workbook in a spreadsheet program and save it, or write the value",
        'case.xlsx:origins!D3: "stray" found; every value must stand under the name of its column; '
        "name the column, or clear the cell",
        "case.xlsx:sinks!A2: merged cells A2:A3 found; every row of a table must have its own "
        "cells; unmerge them and fill in each row",
        "case.xlsx:lanes: a hidden sheet found; what is solved must be in sight; "
        "unhide it, or delete it",
        "case.xlsx:Orgins: an unknown sheet found; every sheet must be a table of a case; "
        'did you mean "origins"?',
        "case.xlsx:Population 2024: an unknown sheet found; every sheet must be a table of a case; "
        "move it to another workbook",
        'case.xlsx:case!A4: "name" found; a key may stand once; delete one row',
        "case.xlsx:case!A5: a value without a key found; a value needs a key; name it",
    ]


def test_a_case_sheet_has_two_columns(tmp_path: Path) -> None:
    path = workbooks.make(tmp_path / "case.xlsx", {"case": [["name", "tiny"]]})
    assert refusal(path) == [
        'case.xlsx:case: "name, tiny" found; the columns must be key and value; '
        "write key in A1 and value in B1"
    ]


def test_a_date_in_a_number_column_is_refused_by_cell(tmp_path: Path) -> None:
    def edit(book: Any, sheets: dict[str, Any]) -> None:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheets["origins"].write_datetime(1, 1, datetime.datetime(2024, 1, 2), day)

    with pytest.raises(BadInput) as caught:
        read_case(workbooks.make(tmp_path / "case.xlsx", edit=edit))
    (fault,) = caught.value.faults
    assert fault.where == "case.xlsx:origins!B2"
    assert fault.found == '"2024-01-02"'
    assert fault.rule == "must be a plain decimal number"


def test_cells_far_out_are_refused_before_memory_is_taken_for_them(tmp_path: Path) -> None:
    faults = refusal_after(
        tmp_path, lambda _, sheets: sheets["origins"].write(1_048_575, 16_383, 1)
    )
    assert faults == [
        "case.xlsx:origins: cells out to XFD1048576 found; a sheet may have 256 columns and "
        "10,000,000 cells at most; delete the stray cells beyond the table, or give so large a "
        "table as CSV"
    ]


ENCRYPTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000)


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        (
            "case.xlsm",
            b"",
            f"case.xlsm: a workbook with macros (.xlsm) found; {NOT_XLSX}; {SAVE_AS}",
        ),
        ("case.xls", b"", f"case.xls: a file that ends in .xls found; {NOT_XLSX}; {SAVE_AS}"),
        ("case.ods", b"", f"case.ods: a file that ends in .ods found; {NOT_XLSX}; {SAVE_AS}"),
        ("case.xlsx", b"", f"case.xlsx: an empty file found; {NOT_XLSX}; {SAVE_AS}"),
        (
            "case.xlsx",
            b"origin,supply_kt\n",
            f"case.xlsx: something that is not a workbook found; {NOT_XLSX}; {SAVE_AS}",
        ),
        (
            "case.xlsx",
            ENCRYPTED,
            f"case.xlsx: an old .xls workbook named .xlsx found; {NOT_XLSX}; {SAVE_AS}",
        ),
        (
            "case.xlsx",
            ENCRYPTED + "EncryptedPackage".encode("utf-16-le"),
            f"case.xlsx: an encrypted workbook found; {NOT_XLSX}; take the password off "
            "(File, Info, Protect workbook) and save it again",
        ),
        (
            "case.xlsx",
            b"PK\x03\x04 and then nothing",
            f"case.xlsx: File is not a zip file found; {DAMAGED}",
        ),
    ],
)
def test_other_formats_are_refused(tmp_path: Path, name: str, content: bytes, line: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert refusal(path) == [line]


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "case.xlsx") == [
        "case.xlsx: an error (No such file or directory) found; the file must be readable; "
        "look at it"
    ]


def patched(tmp_path: Path, **changes: str | bytes | None) -> Path:
    """Return a minimal workbook with parts replaced, added or (None) taken away."""
    path = workbooks.make(tmp_path / "case.xlsx")
    content: dict[str, Any] = workbooks.parts(path.read_bytes()) | changes
    return workbooks.rezip(path, {name: part for name, part in content.items() if part is not None})


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"xl/workbook.xml": None}, "no xl/workbook.xml in it"),
        ({"xl/worksheets/sheet2.xml": "<worksheet>"}, "XML that cannot be read"),
        (
            {"xl/worksheets/sheet2.xml": '<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>'},
            "a document type declaration",
        ),
    ],
)
def test_damaged_workbooks_are_refused(
    tmp_path: Path, changes: dict[str, str | None], found: str
) -> None:
    (line,) = refusal(patched(tmp_path, **changes))
    assert line.startswith(f"case.xlsx: {found}")
    assert line.endswith(f" found; {DAMAGED}")


def test_a_workbook_with_macros_inside_is_refused(tmp_path: Path) -> None:
    assert refusal(patched(tmp_path, **{"xl/vbaProject.bin": b"x"})) == [
        f"case.xlsx: a workbook with macros found; {NOT_XLSX}; {SAVE_AS}"
    ]


def test_a_workbook_that_would_flood_memory_is_refused(tmp_path: Path) -> None:
    path = patched(tmp_path, **{"xl/worksheets/sheet2.xml": b" " * (20 * 2**20)})
    (line,) = refusal(path)
    assert line.startswith("case.xlsx: 20 MB when unpacked, ")
    assert line.endswith(
        " times the file found; a workbook may unpack to 512 MB and 200 times the file at most; "
        "give so large a case as a folder of CSV files"
    )


def test_a_size_that_is_a_lie_gains_nothing(tmp_path: Path) -> None:
    path = patched(tmp_path, **{"xl/worksheets/sheet2.xml": b" " * (20 * 2**20)})
    true_size, lie = (20 * 2**20).to_bytes(4, "little"), (100).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(true_size, lie))
    with zipfile.ZipFile(path) as archive:
        assert archive.getinfo("xl/worksheets/sheet2.xml").file_size == 100 < MAX_UNPACKED_BYTES
    (line,) = refusal(path)
    assert line.endswith(f" found; {DAMAGED}")


def test_two_parts_of_one_name_are_refused(tmp_path: Path) -> None:
    path = workbooks.make(tmp_path / "case.xlsx")
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    assert refusal(path) == [f"case.xlsx: two parts of one name found; {DAMAGED}"]
