"""A plan put together again from its schedule and flows: stretches of time, programs, what stands.

The plan says what starts when and at which size, and what each lane carries; everything else in its
files follows from these and from the case, and is derived here in rationals.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from model.certify.choice import built_texts, records_of
from model.certify.derive import derive_program
from model.certify.distances import with_lengths
from model.certify.horizon import (
    FINEST,
    Horizon,
    Period,
    Purchase,
    moment_of,
    project_row,
    read_horizon,
)
from model.certify.lanes import Lane, LaneKey, find_lane
from model.certify.program import ZERO, Program
from model.certify.reading import CertificateError, exact, exact_or, read_output

KCNY_PER_MCNY = 1000
PROJECT, CLOSURE = "project", "closure"


@dataclass(frozen=True)
class Start:
    """A row of schedule.csv: what starts, when, at which size, and until when it stands.

    Attributes
    ----------
    begin, until : years after the beginning of the plan
    purchases : of its capital; none of a closure
    """

    name: str
    kind: str
    begin: Fraction
    until: Fraction
    size_kt: Fraction
    purchases: tuple[Purchase, ...]

    @property
    def capital_mcny(self) -> Fraction:
        """All that is bought, each purchase in full."""
        prices = (bought.capital.at_size(self.size_kt) for bought in self.purchases)
        return sum(prices, ZERO) / KCNY_PER_MCNY

    def yearly_kcny(self, texts: Mapping[str, str]) -> Fraction:
        """What it takes to run in a year with these figures, or what closing saves, negative."""
        if self.kind == PROJECT:
            row = project_row(texts, self.name)
            return KCNY_PER_MCNY * exact_or(row.get("fixed_mcny_per_year", ""), ZERO)
        saved = {row["origin"]: row for row in records_of(texts, "closures")}
        if self.name not in saved:
            raise CertificateError(f"{self.name} is no closure of inputs/")
        return -KCNY_PER_MCNY * exact_or(saved[self.name].get("saved_mcny_per_year", ""), ZERO)


@dataclass(frozen=True)
class Stretch:
    """A row of years.csv: a period, or a part of one at whose end something is gone.

    Attributes
    ----------
    label : its year, as written
    program : with all that stands; what stood earlier is there, and supplies nothing
    """

    label: str
    begin: Fraction
    end: Fraction
    weight: Fraction
    period: Period
    program: Program

    @property
    def length(self) -> Fraction:
        """Years."""
        return self.end - self.begin

    @property
    def is_last(self) -> bool:
        """Whether its period ends with it; within a period stock passes freely."""
        return self.end == self.period.end

    @property
    def span(self) -> tuple[Fraction, Fraction]:
        """When it begins and ends."""
        return self.begin, self.end


@dataclass(frozen=True)
class Parcel:
    """A row of flows.csv: kt per year of the stretch that uses it."""

    key: LaneKey
    used: int
    made: int
    ship_kt: Fraction
    lane: Lane


@dataclass(frozen=True)
class Planned:
    """A plan put together again."""

    horizon: Horizon
    starts: tuple[Start, ...]
    stretches: tuple[Stretch, ...]
    parcels: tuple[Parcel, ...]

    @property
    def first_year(self) -> Fraction:
        """The year in which the plan begins; 0 where there are no years."""
        return self.horizon.year_of(ZERO)

    def moment(self, year: str) -> Fraction:
        """A year of the plan's files in years after the beginning."""
        return (exact(year) - self.first_year).limit_denominator(FINEST)

    def name(self, year: str) -> str:
        """The name of the period of a year of the plan's files; blank where it has none."""
        try:
            return self.horizon.at(max(self.moment(year), ZERO)).name
        except CertificateError:
            return ""

    def standing(self, stretch: Stretch) -> Iterator[Start]:
        """What stands, or is closed, in a stretch."""
        return (each for each in self.starts if each.begin <= stretch.begin < each.until)

    def made_kt(self, parcel: Parcel) -> Fraction:
        """A flow per year of the stretch that makes it."""
        lengths = self.stretches[parcel.used].length, self.stretches[parcel.made].length
        return parcel.ship_kt * lengths[0] / lengths[1]

    @cached_property
    def stock_kt(self) -> dict[tuple[int, str], Fraction]:
        """What each origin holds at the end of each stretch for later ones, kt."""
        held: dict[tuple[int, str], Fraction] = {}
        for parcel in self.parcels:
            for passed in range(parcel.made, parcel.used):
                amount = parcel.ship_kt * self.stretches[parcel.used].length
                key = passed, parcel.key.origin
                held[key] = held.get(key, ZERO) + amount
        return held

    def stock_at_end_kt(self, number: int) -> Fraction:
        """What all origins hold at the end of a stretch, kt."""
        return sum((kt for (at, _), kt in self.stock_kt.items() if at == number), ZERO)


def put_together(inputs: dict[str, str], outputs: Mapping[str, str]) -> Planned:
    """The plan that a folder's schedule.csv, years.csv and flows.csv state.

    Raises
    ------
    CertificateError
        They state none: what starts is not in the case, stretches do not make up the periods, a
        flow is on no lane on offer.
    """
    horizon = read_horizon(inputs)
    starts = tuple(_starts(horizon, outputs))
    stretches = tuple(_stretches(horizon, starts, outputs))
    return Planned(horizon, starts, stretches, tuple(_parcels(stretches, outputs)))


def _starts(horizon: Horizon, outputs: Mapping[str, str]) -> Iterator[Start]:
    first = horizon.year_of(ZERO)
    columns = ("option", "kind", "starts", "size_kt")
    for name, kind, year, size in read_output(outputs, "schedule").records(*columns):
        begin = (exact(year) - first).limit_denominator(FINEST)
        if not 0 <= begin < horizon.end:
            raise CertificateError(f"schedule.csv: {name} starts in {year}, which is not planned")
        until, purchases = horizon.end, []
        if kind == PROJECT:
            purchases = horizon.purchases(name, begin)
            row = project_row(horizon.at(begin).texts, name)
            until = purchases[-1].until if row.get("after_life") == "gone" else until
        yield Start(name, kind, begin, until, exact(size), tuple(purchases))


def _stretches(
    horizon: Horizon, starts: tuple[Start, ...], outputs: Mapping[str, str]
) -> Iterator[Stretch]:
    first = horizon.year_of(ZERO)
    rows = list(read_output(outputs, "years").records("year", "length_years"))
    spans = []
    for label, length in rows:
        begin = (exact(label) - first).limit_denominator(FINEST)
        spans.append((label, begin, begin + moment_of(length)))
    for period in horizon.periods:
        inner = [span for span in spans if period.begin <= span[1] < period.end]
        moments = [period.begin, *(end for _, _, end in inner)]
        if [begin for _, begin, _ in inner] != moments[:-1] or moments[-1] != period.end:
            name = horizon.label(period.begin)
            raise CertificateError(f"years.csv: its rows do not make up the period {name}")
        for label, begin, end in inner:
            yield Stretch(
                label, begin, end, horizon.weight(begin, end), period,
                derive_program(_tables(period, starts, begin)),
            )  # fmt: skip


def _tables(period: Period, starts: tuple[Start, ...], at: Fraction) -> dict[str, str]:
    """The case of a period with what stands at a moment; what stood earlier supplies nothing."""
    sizes = {
        start.name: start.size_kt if at < start.until else ZERO
        for start in starts
        if start.kind == PROJECT and start.begin <= at
    }
    closed = {start.name for start in starts if start.kind == CLOSURE and start.begin <= at}
    return built_texts(with_lengths(period.texts), sizes, closed)


def _parcels(stretches: tuple[Stretch, ...], outputs: Mapping[str, str]) -> Iterator[Parcel]:
    place = {exact(stretch.label): number for number, stretch in enumerate(stretches)}
    columns = ("year", "made", *LaneKey._fields, "ship_kt")
    for year, made, *names, kt in read_output(outputs, "flows").records(*columns):
        if exact(year) not in place or exact(made) not in place:
            raise CertificateError(f"flows.csv: {year} or {made} is no year of the plan")
        key, used = LaneKey(*names), place[exact(year)]
        lane = find_lane(stretches[used].program, key)
        yield Parcel(key, used, place[exact(made)], exact(kt), lane)
