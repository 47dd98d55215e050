"""A table as a page shows it: typed columns, cells as text for people and as values for sorting."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from reports.language.numbers import digits_for, is_number, percent, plain

Kind = Literal["text", "number", "mixed", "share", "yes_no", "check"]
RAW_DECIMALS = 9
MOST_ROWS = 1500  # a page stays quick; the run folder has every row


@dataclass(frozen=True)
class Column:
    """One column: its header, unit and how its values are written.

    A `mixed` column holds figures of different quantities, each with digits of its own; a `check`
    is a yes or no where no is bad.
    """

    title: str
    unit: str = ""
    kind: Kind = "number"
    digits: int | None = None  # None: four significant digits of the largest value
    signed: bool = False

    @property
    def header(self) -> str:
        """Title and unit."""
        return f"{self.title} ({self.unit})" if self.unit else self.title

    @property
    def is_right(self) -> bool:
        """Whether its cells stand on the right."""
        return self.kind in ("number", "mixed", "share")


@dataclass(frozen=True)
class Cell:
    """One cell: `text` to read, `value` to sort by and to copy."""

    text: str
    value: str
    is_header: bool = False
    is_right: bool = False
    mark: str = ""  # "good", "bad" or "": a look beside the text


@dataclass(frozen=True)
class PageTable:
    """A named table; `rows` hold raw values in the order of `columns`."""

    name: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]
    note: str = ""
    total: Sequence[Any] | None = None  # a last row that stays last
    is_open: bool = True  # long tables may start folded

    @property
    def left_out(self) -> int:
        """How many rows the page does not show."""
        return max(0, len(self.rows) - MOST_ROWS)

    def cells(self) -> Iterator[list[Cell]]:
        """Yield the rows that are shown, as cells."""
        digits = self._digits()
        for row in self.rows[:MOST_ROWS]:
            yield self._cells(row, digits)

    def total_cells(self) -> list[Cell]:
        """Return the last row as cells."""
        return self._cells(self.total or [], self._digits())

    def _digits(self) -> list[int | None]:
        return [
            column.digits
            if column.digits is not None or column.kind != "number"
            else digits_for(row[index] for row in self.rows)
            for index, column in enumerate(self.columns)
        ]

    def _cells(self, row: Sequence[Any], digits: Sequence[int | None]) -> list[Cell]:
        return [
            _cell(value, column, places, is_header=index == 0)
            for index, (value, column, places) in enumerate(
                zip(row, self.columns, digits, strict=True)
            )
        ]


def _cell(value: Any, column: Column, digits: int | None, *, is_header: bool) -> Cell:
    if column.kind in ("yes_no", "check"):
        text = {"true": "yes", "false": "no"}.get(str(value).lower(), "")
        mark = {"yes": "good", "no": "bad"}.get(text, "") if column.kind == "check" else ""
        return Cell(text, text, is_header, mark=mark)
    if is_number(value):
        raw = repr(round(float(value), RAW_DECIMALS)).removesuffix(".0")
        if column.kind == "share":
            text = percent(value, digits if digits is not None else 1, signed=column.signed)
        else:
            text = plain(value, digits, signed=column.signed)
        return Cell(text, raw, is_header, is_right=column.is_right)
    text = "" if value is None or value != value else str(value)
    return Cell(text, text, is_header, is_right=column.is_right)


def several(names: str) -> str:
    """Write names that a case joins by `|` as a list."""
    return names.replace("|", ", ")
