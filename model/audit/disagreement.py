"""Where what a file says differs from what is found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeVar

from model.certify.reading import CertificateError, Table, exact_or_none

LAST_DIGITS = Fraction(2, 10**12)
"""Part of a figure that the arithmetic of doubles may make it differ by."""
Row = Mapping[str, Fraction | None]
Key = TypeVar("Key", bound=tuple[str, ...])


@dataclass(frozen=True)
class Rounding:
    """How a figure is rounded when it is published.

    Attributes
    ----------
    unit : what it is a multiple of, unless it is given in full
    slack : by how much such a multiple may differ
    nothing : what the arithmetic of doubles may leave of 0
    """

    unit: Fraction
    slack: Fraction
    nothing: Fraction = Fraction(1, 10**13)

    def covers(self, said: Fraction, difference: Fraction) -> bool:
        """Whether rounding explains a difference; no multiple of the unit is rounded."""
        return difference <= self.slack and (said / self.unit).denominator == 1


NANO = Fraction(1, 10**9)
ATOM = Fraction(1, 10**18)
ROUNDED, IN_FULL = Rounding(NANO, NANO, ATOM), Rounding(NANO, ATOM, ATOM)
"""Of two answers to one question: one may have been rounded up, the other down; or neither."""
SUMS = Rounding(NANO, 2 * NANO)
"""Of sums of flows, which are published with nine decimals."""
SUMS_KCNY = Rounding(NANO, 2000 * NANO)
"""Of costs in CNY thousand, made of what is published in MCNY."""
MICRO = Fraction(1, 10**6)
PRICES = Rounding(MICRO, MICRO)
"""Of marginal values, which are published with six decimals."""
OF_PRICES = Rounding(NANO, MICRO)
"""Of figures, published with nine decimals, that may be made of marginal values."""


@dataclass(frozen=True)
class Disagreement:
    """One figure that is not what the run's own inputs give.

    Attributes
    ----------
    file : path within the run folder
    figure : which figure of that file; blank for the file as a whole
    said, found : what stands there, and what should
    """

    file: str
    figure: str
    said: str
    found: str

    def __str__(self) -> str:
        place = f"{self.file}: {self.figure}" if self.figure else self.file
        return f"{place}: {self.said} said; {self.found} found"


def compare_number(
    file: str,
    figure: str,
    said: Fraction | None,
    found: Fraction | None,
    rounding: Rounding = SUMS,
) -> Iterator[Disagreement]:
    """A disagreement, if two figures differ by more than rounding; None is blank."""
    if said is None or found is None:
        agree = said is found
    else:
        difference = abs(said - found)
        is_arithmetic = difference <= rounding.nothing + LAST_DIGITS * abs(found)
        agree = is_arithmetic or rounding.covers(said, difference)
    if not agree:
        yield Disagreement(file, figure, show(said), show(found))


def compare_text(file: str, figure: str, said: str, found: str) -> Iterator[Disagreement]:
    """A disagreement, if two texts differ."""
    if said != found:
        yield Disagreement(file, figure, show(said), show(found))


def compare_table(
    table: Table,
    keys: tuple[str, ...],
    expected: Mapping[Key, Row],
    rounding: Rounding = SUMS,
) -> Iterator[Disagreement]:
    """Disagreements between a CSV table and the rows that should be there, by their keys."""
    file = f"{table.name}.csv"
    rows = {tuple(key): row for key, row in expected.items()}
    columns = tuple(next(iter(rows.values()), ()))
    seen = set()
    for cells in table.records(*keys, *columns):
        key, texts = cells[: len(keys)], cells[len(keys) :]
        if key in seen or key not in rows:
            yield Disagreement(file, row_name(key), "a row", "none")
            continue
        seen.add(key)
        for column, text in zip(columns, texts, strict=True):
            figure = f"{row_name(key)}, {column}"
            yield from compare_cell(file, figure, text, rows[key][column], rounding)
    for key in rows:
        if key not in seen:
            yield Disagreement(file, row_name(key), "no row", "one")


def compare_cell(
    file: str, figure: str, text: str, found: Fraction | None, rounding: Rounding = SUMS
) -> Iterator[Disagreement]:
    """`compare_number` with a cell as it stands in a file."""
    try:
        yield from compare_number(file, figure, exact_or_none(text), found, rounding)
    except CertificateError:
        yield Disagreement(file, figure, text, show(found))


def row_name(key: tuple[str, ...]) -> str:
    """How a row is named to people."""
    return " / ".join(filter(None, key))


def show(value: Any) -> str:
    """A value for people; a rational as the nearest float."""
    if value is None or value == "":
        return "blank"
    if isinstance(value, Fraction):
        return str(value.numerator) if value.denominator == 1 else repr(float(value))
    return str(value)
