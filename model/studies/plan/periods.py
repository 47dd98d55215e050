"""The periods of a plan: when each begins, how long it is, what its money weighs, its figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from model.arrays import Floats
from model.case.change import Change, apply_changes
from model.case.distances import with_distances
from model.case.errors import BadInput, Fault
from model.market.selection import records

if TYPE_CHECKING:
    from model.case.case import Case

FINEST = 1_000_000
"""Lengths and lives are fractions of a year with denominators up to this: 1/12 is one."""


def exact_years(years: float) -> Fraction:
    """A length as a fraction, so that beginnings and ends can be compared."""
    return Fraction(years).limit_denominator(FINEST)


@dataclass(frozen=True)
class Calendar:
    """The time of a plan in stretches of at most a year, each discounted from its beginning.

    Attributes
    ----------
    begin, end : (m,) years after the beginning of the first period
    discount : (m,) what a CNY of the stretch is worth at that beginning, (1+r)^−begin
    """

    begin: Floats
    end: Floats
    discount: Floats

    @staticmethod
    def of(spans: Iterable[tuple[Fraction, Fraction]], rate: float) -> Calendar:
        """Cut periods, from one moment to another, into whole years and a rest."""
        cuts: list[tuple[float, float]] = []
        for begin, end in spans:
            at = begin
            while at < end:
                cuts.append((float(at), float(min(at + 1, end))))
                at += 1
        begins, ends = np.array(cuts, dtype=float).reshape(-1, 2).T
        return Calendar(begins, ends, (1.0 + rate) ** -begins)

    def weight(self, begin: Fraction, end: Fraction) -> float:
        """Years from one moment to another, discounted; moments between periods count nothing."""
        within = np.minimum(self.end, float(end)) - np.maximum(self.begin, float(begin))
        return float(np.maximum(within, 0.0) @ self.discount)


@dataclass(frozen=True)
class Period:
    """A stretch of time over which every figure stays the same.

    Attributes
    ----------
    begin, end : years after the beginning of the first period
    first_year : the year in which the first period begins
    case : the case with the figures of the period, distances filled in
    weight : its length in years, discounted: what a CNY per year costs over the period
    holding_cny_per_t, max_stock_kt : of stock carried from it to the next
    is_listed : whether it begins with a row of `periods.csv`; projects start there alone
    """

    begin: Fraction
    end: Fraction
    first_year: int
    case: Case
    weight: float
    holding_cny_per_t: float
    max_stock_kt: float
    is_listed: bool = True

    @cached_property
    def length(self) -> float:
        """How many years it lasts."""
        return float(self.end - self.begin)

    @property
    def discount(self) -> float:
        """What a CNY spent evenly over the period is worth at the beginning of the first."""
        return self.weight / self.length

    @property
    def year(self) -> float:
        """When it begins, as a year: 2025; 2025.5 for what is cut within one."""
        return year_of(self.first_year, self.begin)


def year_of(first_year: int, moment: Fraction) -> float:
    """A moment as a year, whole where it can be."""
    at = first_year + moment
    return int(at) if at.denominator == 1 else float(at)


@dataclass(frozen=True)
class Horizon:
    """The periods of a plan, in order, and the calendar that discounts them."""

    periods: tuple[Period, ...]
    calendar: Calendar

    @property
    def end(self) -> Fraction:
        """When the last period ends."""
        return self.periods[-1].end

    @property
    def listed(self) -> list[int]:
        """Periods in which projects can start."""
        return [number for number, period in enumerate(self.periods) if period.is_listed]

    def at(self, moment: Fraction) -> int:
        """The period of a moment: the last one to begin by then."""
        return max(n for n, period in enumerate(self.periods) if period.begin <= moment)

    def cut(self, moments: Iterable[Fraction]) -> Horizon:
        """The same with each period cut at the moments that lie within it."""
        wanted = sorted(set(moments))
        parts: list[Period] = []
        for period in self.periods:
            inner = [moment for moment in wanted if period.begin < moment < period.end]
            begins, ends = [period.begin, *inner], [*inner, period.end]
            parts += [
                replace(
                    period,
                    begin=begin,
                    end=end,
                    weight=self.calendar.weight(begin, end),
                    is_listed=begin == period.begin,
                )
                for begin, end in zip(begins, ends, strict=True)
            ]
        return Horizon(tuple(parts), self.calendar)


def read_horizon(case: Case) -> Horizon:
    """The periods of `periods.csv`; one year, the case's own, where there are none.

    Raises
    ------
    BadInput
        A case without periods and without a year.
    """
    rows = records(case.periods)
    if not rows:
        if case.settings.year is None:
            rule = "a plan must have years"
            remedy = "write them in periods.csv, or the case's year in case.toml"
            raise BadInput([Fault("periods.csv", "no row", rule, remedy)])
        rows = [{"year": case.settings.year, "length_years": 1.0, "holding_cny_per_t": 0.0,
                 "max_stock_kt": 0.0}]  # fmt: skip
    years = [int(row["year"]) for row in rows]
    begins = [Fraction(year - years[0]) for year in years]
    following = [*begins[1:], begins[-1] + 1]
    ends = [
        nextt if np.isnan(row["length_years"]) else begin + exact_years(row["length_years"])
        for row, begin, nextt in zip(rows, begins, following, strict=True)
    ]
    spans = list(zip(begins, ends, strict=True))
    calendar = Calendar.of(spans, case.settings.discount_rate)
    return Horizon(
        tuple(
            Period(
                begin=begin,
                end=end,
                first_year=years[0],
                case=case_of(case, year),
                weight=calendar.weight(begin, end),
                holding_cny_per_t=float(row["holding_cny_per_t"]),
                max_stock_kt=float(row["max_stock_kt"]),
            )
            for year, row, (begin, end) in zip(years, rows, spans, strict=True)
        ),
        calendar,
    )


def case_of(case: Case, year: int) -> Case:
    """The case as the paths have it in a year, with distances: of each, the latest value so far.

    Before its first value a path leaves the case as it stands. Where several paths touch one cell
    they are applied in the order of their keys.
    """
    paths = case.paths[case.paths["year"] <= year]
    latest = paths[~paths.duplicated(["target", "where"], keep="last")]
    changes = [
        Change.read(*path)
        for path in latest[["target", "where", "how", "value"]].itertuples(index=False, name=None)
    ]
    of_year = case.replace_unchecked(settings=replace(case.settings, year=year))
    return with_distances(apply_changes(of_year, changes))
