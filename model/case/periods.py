"""When the periods of a case begin and end, by the rows of `periods.csv`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

import pandas as pd

from model.case.schema_columns import FIRST_YEAR, LAST_YEAR

FINEST = 1_000_000
"""Lengths and lives are fractions of a year with denominators up to this: 1/12 is one."""


def exact_years(years: float) -> Fraction:
    """Return a length as a fraction, so that beginnings and ends can be compared."""
    return Fraction(years).limit_denominator(FINEST)


def is_year(text: str) -> bool:
    """Whether a text is a year that a case may be about, not the name of a period."""
    is_whole = text.isascii() and text.isdigit() and len(text) == len(str(LAST_YEAR))
    return is_whole and FIRST_YEAR <= int(text) <= LAST_YEAR


@dataclass(frozen=True)
class Span:
    """One row of `periods.csv`: from when to when, in years after the first begins.

    Attributes
    ----------
    year : the year with which it begins, if the row says so
    name : blank where it has none
    """

    begin: Fraction
    end: Fraction
    year: int | None
    name: str


@dataclass(frozen=True)
class Timeline:
    """The periods of a case, in their order.

    Attributes
    ----------
    first_year : the year with which the first begins; None where neither it nor the case has one
    """

    spans: tuple[Span, ...]
    first_year: int | None

    @property
    def has_names(self) -> bool:
        """Whether some period has a name."""
        return any(span.name for span in self.spans)

    def year_of(self, moment: Fraction) -> float:
        """Return a moment as a year, whole where it can be; without years, as it is."""
        at = (self.first_year or 0) + moment
        return int(at) if at.denominator == 1 else float(at)

    def calendar_year(self, moment: Fraction) -> int | None:
        """Return the year within which a moment lies; None where there are no years."""
        return None if self.first_year is None else self.first_year + floor(moment)

    def begin(self, text: str) -> Fraction | None:
        """Return when a period of that name, or a year, begins; None where there is neither."""
        named = next((span.begin for span in self.spans if text and span.name == text), None)
        if named is not None or self.first_year is None or not is_year(text):
            return named
        return Fraction(int(text) - self.first_year)

    def label(self, span: Span) -> str:
        """Return what people call a period: its name, else its year."""
        return span.name or f"{self.year_of(span.begin):g}"

    def path_begins(self, paths: pd.DataFrame) -> list[Fraction | None]:
        """Return from when each row of `paths.csv` holds; None where it names no period."""
        by_name = {span.name: span.begin for span in self.spans if span.name}
        by_year = {span.year: span.begin for span in self.spans if span.year is not None}
        return [
            by_name.get(name) if name else by_year.get(year)
            for name, year in zip(paths["period"], paths["year"], strict=True)
        ]


def timeline(periods: pd.DataFrame, year: int | None) -> Timeline:
    """Return the periods that rows of `periods.csv` describe, whatever is wrong with them.

    Parameters
    ----------
    periods : rows in their order
    year : the case's, with which the first begins where its row says nothing else
    """
    years = [None if value != value else int(value) for value in periods["year"]]
    first = years[0] if years and years[0] is not None else year
    spans: list[Span] = []
    for row, (length, name) in enumerate(
        zip(periods["length_years"], periods["period"], strict=True)
    ):
        begin = _begin(years[row], first, spans)
        following = years[row + 1] if row + 1 < len(years) else None
        if length == length:
            end = begin + exact_years(length)
        else:
            end = begin + 1 if following is None or first is None else Fraction(following - first)
        spans.append(Span(begin, end, years[row], name))
    return Timeline(tuple(spans), first)


def _begin(year: int | None, first: int | None, above: Sequence[Span]) -> Fraction:
    if year is not None and first is not None:
        return Fraction(year - first)
    return above[-1].end if above else Fraction(0)
