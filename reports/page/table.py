"""A table as a page shows it: typed columns, cells as text for people and as values for sorting."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any, Literal

from reports.language import say, word
from reports.language.numbers import digits_for, is_number, joined, percent, plain

Kind = Literal["text", "number", "mixed", "share", "yes_no", "check"]
RAW_DECIMALS = 9
MOST_ROWS = 20_000  # beyond this only the run folder has every row
GROUP_ROWS = 200  # rows that a page draws together
MOST_PARTS, FIRST_PARTS = 10, 8  # of a reason: what is shown whole, what of a longer one
YES_NO = {"true": ("yes", "good"), "false": ("no", "bad")}
"""How yes and no are written, and marked where no is bad."""
LONG_TEXT = 48  # characters from which a cell claims a width of its own


@dataclass(frozen=True)
class TableColumn:
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
        title = word(self.title)
        return say("{title} ({unit})", title=title, unit=say(self.unit)) if self.unit else title

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

    def html(self) -> str:
        """Return the cell as HTML, whose grammar lets end tags of cells be left out."""
        text = escape(self.text, quote=False)
        if self.is_header:
            return f'<th scope="row">{text}'
        look = "n" if self.is_right else "l" if len(self.text) > LONG_TEXT else self.mark
        marked = f' class="{look}"' if look else ""
        raw = f' data-v="{escape(self.value)}"' if self.value != self.text else ""
        return f"<td{marked}{raw}>{text}"


@dataclass(frozen=True)
class PageTable:
    """A named table; `rows` hold raw values in the order of `columns`."""

    name: str
    title: str
    columns: Sequence[TableColumn]
    rows: Sequence[Sequence[Any]]
    note: str = ""
    total: Sequence[Any] | None = None  # a last row that stays last
    is_open: bool = True  # long tables may start folded

    def without_blank_columns(self) -> PageTable:
        """The table without columns of figures in which no row has one."""
        kept = [
            place
            for place, column in enumerate(self.columns)
            if not (column.is_right or column.unit)
            or any(_is_told(row[place]) for row in self.rows)
        ]
        if len(kept) == len(self.columns) or not self.rows:
            return self
        return replace(
            self,
            columns=[self.columns[place] for place in kept],
            rows=[[row[place] for place in kept] for row in self.rows],
            total=None if self.total is None else [self.total[place] for place in kept],
        )

    @property
    def left_out(self) -> int:
        """How many rows the page does not show."""
        return max(0, len(self.rows) - MOST_ROWS)

    @property
    def row_count(self) -> int:
        """How many rows the page shows, the header and the last row counted."""
        return min(len(self.rows), MOST_ROWS) + 1 + (self.total is not None)

    def groups_of_rows(self) -> Iterator[str]:
        """Yield the rows that are shown as HTML, in groups that are drawn together."""
        digits = self._digits()
        shown = self.rows[:MOST_ROWS]
        for start in range(0, max(len(shown), 1), GROUP_ROWS):
            yield "\n".join(self._row(row, digits) for row in shown[start : start + GROUP_ROWS])

    def total_row(self) -> str:
        """Return the last row as HTML."""
        return self._row(self.total or [], self._digits())

    def _digits(self) -> list[int | None]:
        return [
            column.digits
            if column.digits is not None or column.kind != "number"
            else digits_for(row[index] for row in self.rows)
            for index, column in enumerate(self.columns)
        ]

    def _row(self, row: Sequence[Any], digits: Sequence[int | None]) -> str:
        parts = enumerate(zip(row, self.columns, digits, strict=True))
        cells = (
            _cell(value, column, places, is_header=index == 0).html()
            for index, (value, column, places) in parts
        )
        return f"<tr>{''.join(cells)}</tr>"


def _cell(value: Any, column: TableColumn, digits: int | None, *, is_header: bool) -> Cell:
    if column.kind in ("yes_no", "check"):
        text, mark = YES_NO.get(str(value).lower(), ("", ""))
        return Cell(say(text), text, is_header, mark=mark if column.kind == "check" else "")
    if is_number(value):
        raw = repr(round(float(value), RAW_DECIMALS)).removesuffix(".0")
        if column.kind == "share":
            text = percent(value, digits if digits is not None else 1, signed=column.signed)
        else:
            text = plain(value, digits, signed=column.signed)
        return Cell(text, raw, is_header, is_right=column.is_right)
    text = "" if value is None or value != value else str(value)
    return Cell(word(text), text, is_header, is_right=column.is_right)


def _is_told(value: Any) -> bool:
    """Whether a cell of a column of figures says anything."""
    return is_number(value) or (isinstance(value, str) and bool(value))


def columns_of(kind: Kind, *titles: str) -> list[TableColumn]:
    """Return columns of one kind, without units."""
    return [TableColumn(title, kind=kind) for title in titles]


def texts(*titles: str) -> list[TableColumn]:
    """Return columns of words."""
    return columns_of("text", *titles)


def sum_of(rows: Sequence[Sequence[Any]], index: int) -> float:
    """Return the sum of a column; blanks count nothing."""
    return float(sum(row[index] for row in rows if row[index] == row[index]))


def several(names: str) -> str:
    """Write names that a case joins by `|` as a list."""
    return joined(names.split("|"))


def readable(reason: str) -> str:
    """Write the beginning of a long chain of changes, and how many more there are."""
    parts = str(reason).split("; ")
    if len(parts) <= MOST_PARTS:
        return reason
    more = say("and {count} more", count=len(parts) - FIRST_PARTS)
    return "; ".join([*parts[:FIRST_PARTS], more])
