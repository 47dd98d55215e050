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
from model.case.periods import Timeline, timeline
from model.market.selection import records

if TYPE_CHECKING:
    from model.case.case import Case


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
    year : when it begins, as a year: 2025; 2025.5 for what is cut within one
    name : blank where it has none
    case : the case with the figures of the period, distances filled in
    weight : its length in years, discounted: what a CNY per year costs over the period
    holding_cny_per_t, max_stock_kt : of stock carried from it to the next
    capex_max_mcny : most capital bought in it, with all parts that it is cut into; infinite: any
    is_listed : whether it begins with a row of `periods.csv`; projects start there alone
    """

    begin: Fraction
    end: Fraction
    year: float
    name: str
    case: Case
    weight: float
    holding_cny_per_t: float
    max_stock_kt: float
    capex_max_mcny: float = np.inf
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
    def label(self) -> str:
        """What people call it: its name, or its year."""
        return self.name or f"{self.year:g}"


@dataclass(frozen=True)
class Horizon:
    """The periods of a plan, in order, the calendar that discounts them, and the rows read."""

    periods: tuple[Period, ...]
    calendar: Calendar
    timeline: Timeline

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

    def label(self, moment: Fraction) -> str:
        """The name of the period of a moment; where it has none, the moment as a year."""
        return self.periods[self.at(moment)].name or f"{self.timeline.year_of(moment):g}"

    def cut(self, moments: Iterable[Fraction]) -> Horizon:
        """The same with each period cut at the moments that lie within it.

        From one part of a period to the next, stock that came in or is to go on passes freely: as
        much as may come in and go on together.
        """
        wanted = sorted(set(moments))
        parts: list[Period] = []
        for number, period in enumerate(self.periods):
            inner = [moment for moment in wanted if period.begin < moment < period.end]
            begins, ends = [period.begin, *inner], [*inner, period.end]
            joins = self.periods[max(number - 1, 0) : min(number + 1, len(self.periods) - 1)]
            room = sum(before.max_stock_kt for before in joins)
            parts += [
                replace(
                    period,
                    begin=begin,
                    end=end,
                    year=self.timeline.year_of(begin),
                    weight=self.calendar.weight(begin, end),
                    holding_cny_per_t=period.holding_cny_per_t if end == period.end else 0.0,
                    max_stock_kt=period.max_stock_kt if end == period.end else room,
                    is_listed=begin == period.begin,
                )
                for begin, end in zip(begins, ends, strict=True)
            ]
        return Horizon(tuple(parts), self.calendar, self.timeline)


def read_horizon(case: Case) -> Horizon:
    """The periods of `periods.csv`; one year, the case's own, where there are none.

    Raises
    ------
    BadInput
        A case without periods and without a year.
    """
    if not len(case.periods):
        if case.settings.year is None:
            rule = "a plan must have years"
            remedy = "write them in periods.csv, or the case's year in case.toml"
            raise BadInput([Fault("periods.csv", "no row", rule, remedy)])
        case = case.replace_unchecked(periods=[{"year": case.settings.year, "length_years": 1.0}])
    time = timeline(case.periods, case.settings.year)
    calendar = Calendar.of(
        ((span.begin, span.end) for span in time.spans), case.settings.discount_rate
    )
    return Horizon(
        tuple(
            Period(
                begin=span.begin,
                end=span.end,
                year=time.year_of(span.begin),
                name=span.name,
                case=case_at(case, time, span.begin),
                weight=calendar.weight(span.begin, span.end),
                holding_cny_per_t=float(row["holding_cny_per_t"]),
                max_stock_kt=float(row["max_stock_kt"]),
                capex_max_mcny=float(np.nan_to_num(row["capex_max_mcny"], nan=np.inf)),
            )
            for span, row in zip(time.spans, records(case.periods), strict=True)
        ),
        calendar,
        time,
    )


def case_at(case: Case, time: Timeline, moment: Fraction) -> Case:
    """The case as the paths have it at a moment, with distances: of each, the latest value so far.

    Before its first value a path leaves the case as it stands. Where several paths touch one cell
    they are applied in the order of their keys.
    """
    begins = time.path_begins(case.paths)
    so_far = [at for at, begin in enumerate(begins) if begin is not None and begin <= moment]
    so_far.sort(key=lambda at: begins[at] or 0)
    paths = case.paths.iloc[so_far]
    latest = paths[~paths.duplicated(["target", "where"], keep="last")]
    columns = ["target", "where", "how", "value"]
    changes = [
        Change.read(*path)
        for path in latest.sort_index()[columns].itertuples(index=False, name=None)
    ]
    year = time.calendar_year(moment)
    of_period = case.replace_unchecked(settings=replace(case.settings, year=year))
    return with_distances(apply_changes(of_period, changes))
