"""What a spreadsheet program keeps beside the values of a sheet, and a table must not depend on.

A reader of values alone sees a blank where a formula was never computed, where it ended in an error
and where cells were merged, and reserves memory for all cells up to the farthest one. `scan_sheet`
finds these before values are read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from model.case.errors import BadInput, Fault
from model.reading.raw import column_letters
from model.reading.workbook_file import Attributes, walk_xml

MAX_COLUMNS = 256
MAX_CELLS = 10_000_000
"""Rows times columns of one sheet; a table of a million lanes with ten columns just fits."""

_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@dataclass
class _Scan:
    """Running state while the elements of one sheet go by."""

    file: str
    sheet: str
    rows: int = 0
    columns: int = 0
    faults: list[Fault] = field(default_factory=list)
    _row: int = 0
    _column: int = 0
    _is_error: bool = False
    _is_text: bool = False
    _formula: bool = False
    _value: str = ""
    _in_value: bool = False
    _is_blank: bool = True  # a cell may be there for its colour alone

    def start(self, tag: str, attributes: Attributes) -> None:
        if tag == "c":
            self._start_cell(attributes)
        elif tag == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._column = 0
        elif tag == "v":
            self._in_value, self._is_blank = True, False
        elif tag == "is":
            self._is_blank = False
        elif tag == "f":
            self._formula = True
        elif tag == "mergeCell":
            self._refuse(
                attributes.get("ref", "").partition(":")[0],
                f"merged cells {attributes.get('ref', '')}",
                "every row of a table must have its own cells",
                "unmerge them and fill in each row",
            )

    def text(self, text: str) -> None:
        if self._in_value:
            self._value += text

    def end(self, tag: str) -> None:
        if tag == "v":
            self._in_value = False
        elif tag == "c":
            self._end_cell()

    def _start_cell(self, attributes: Attributes) -> None:
        kind = attributes.get("t", "n")
        self._is_error, self._is_text = kind == "e", kind == "str"
        self._formula, self._value, self._is_blank = False, "", True
        match = _CELL.fullmatch(attributes.get("r", ""))
        if match:
            self._column, self._row = _column_number(match[1]), int(match[2])
        else:
            self._column += 1

    def _end_cell(self) -> None:
        if not self._is_blank:
            self.rows = max(self.rows, self._row)
            self.columns = max(self.columns, self._column)
        if self._is_error:
            self._refuse(
                self._cell(),
                self._value,
                "a cell must hold a value, not an error",
                "mend the formula, or write the value",
            )
        elif self._formula and not self._value and not self._is_text:
            self._refuse(
                self._cell(),
                "a formula that was never computed",
                "a formula must be saved with its value",
                "open the workbook in a spreadsheet program and save it, or write the value",
            )

    def _cell(self) -> str:
        return f"{column_letters(self._column - 1)}{self._row}"

    def _refuse(self, cell: str, found: str, rule: str, remedy: str) -> None:
        self.faults.append(Fault(f"{self.file}:{self.sheet}!{cell}", found, rule, remedy))


def scan_sheet(xml: bytes, file: str, sheet: str) -> list[Fault]:
    """Return the faults of a sheet that its values do not show.

    Raises
    ------
    BadInput
        When cells lie beyond `MAX_COLUMNS` columns, or `MAX_CELLS` cells lie before the farthest.
    """
    scan = _Scan(file, sheet)
    walk_xml(xml, file, scan.start, scan.end, scan.text)
    if scan.columns > MAX_COLUMNS or scan.rows * scan.columns > MAX_CELLS:
        far = f"{column_letters(scan.columns - 1)}{scan.rows}"
        rule = f"a sheet may have {MAX_COLUMNS} columns and {MAX_CELLS:,} cells at most"
        remedy = "delete the stray cells beyond the table, or give so large a table as CSV"
        raise BadInput([Fault(f"{file}:{sheet}", f"cells out to {far}", rule, remedy)])
    return scan.faults


@cache
def _column_number(letters: str) -> int:
    """Return the 1-based number of a column: `AB` is 28."""
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number
