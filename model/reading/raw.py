"""A table as it arrived: text in rows, before anything in it is checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from model.case.errors import shortened


@dataclass(frozen=True)
class RawTable:
    """Cells of one table as text, with the places they came from.

    Parameters
    ----------
    name : str
        The table's name in the schema, such as ``origins``.
    header : tuple of str
        Column titles in the order of the file.
    rows : sequence of sequences of str, n rows
        Cells; ``""`` is blank. Rows without any text are left out.
    line_numbers : sequence of int, n values
        1-based line of the file (or row of the sheet) on which each row begins.
    file : str
        ``origins.csv``, or the workbook's file name.
    sheet : str, optional
        The workbook's sheet; None for a CSV file.
    header_line : int
        1-based line of the file (or row of the sheet) that holds the header.
    """

    name: str
    header: tuple[str, ...]
    rows: Sequence[Sequence[str]]
    line_numbers: Sequence[int]
    file: str
    sheet: str | None = None
    header_line: int = 1

    def place(self, row: int | None = None, column: str | None = None) -> str:
        """Where a cell stands: ``origins.csv:3:supply_kt`` or ``case.xlsx:origins!B3``.

        Parameters
        ----------
        row : int, optional
            Index into `rows`; None is the header.
        column : str, optional
            Column name; None is the whole row (with `row` None too: the whole table).
        """
        line = self.header_line if row is None else self.line_numbers[row]
        if self.sheet is not None:
            return self._sheet_place(line, row, column)
        if column is None:
            return self.file if row is None else f"{self.file}:{line}"
        return f"{self.file}:{line}:{shortened(column)}"

    def _sheet_place(self, line: int, row: int | None, column: str | None) -> str:
        table = f"{self.file}:{self.sheet}"
        if column is not None and column in self.header:
            return f"{table}!{column_letters(self.header.index(column))}{line}"
        return table if row is None else f"{table}!{line}"

    def text(self, row: int, column: str) -> str:
        """Return the text of a cell; blank where the table has no such column."""
        return self.rows[row][self.header.index(column)] if column in self.header else ""


def column_letters(index: int) -> str:
    """Return a sheet's name for its `index`-th column, counted from 0.

    Examples
    --------
    >>> column_letters(0), column_letters(27)
    ('A', 'AB')
    """
    letters = ""
    number = index + 1
    while number:
        number, digit = divmod(number - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters
