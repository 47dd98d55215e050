"""The time of a plan: its periods, what a year in them weighs, what is bought when.

A period counts for its length. A stretch of at most a year that begins t years after the first
period weighs length × (1+r)^−t; longer periods are cut into whole years and a rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from model.certify.choice import DEFAULT_LIFE, Record, records_of, with_paths
from model.certify.program import KCNY_PER_MCNY, ZERO
from model.certify.reading import CertificateError, exact, exact_or, exact_or_none, read_settings

DEFAULT_RATE = Fraction("0.08")
FINEST = 1_000_000
"""Moments are fractions of a year with denominators up to this: 1/12 is one."""


@dataclass(frozen=True)
class Period:
    """A row of periods.csv, in years after the beginning of the first.

    Attributes
    ----------
    name : blank where it has none
    texts : the case with the figures of the period
    """

    name: str
    begin: Fraction
    end: Fraction
    holding_cny_per_t: Fraction
    max_stock_kt: Fraction
    capex_max_mcny: Fraction | None
    texts: Mapping[str, str]


@dataclass(frozen=True)
class Capital:
    """What a project costs once, CNY thousand: at any size, and for each kt of it."""

    kcny: Fraction
    kcny_per_kt: Fraction

    def at_size(self, kt: Fraction) -> Fraction:
        """Of a size, CNY thousand."""
        return self.kcny + kt * self.kcny_per_kt


@dataclass(frozen=True)
class Purchase:
    """Capital bought at a moment; its annuity is paid until another.

    Attributes
    ----------
    annuity : yearly payment for one unit of capital
    """

    at: Fraction
    until: Fraction
    capital: Capital
    annuity: Fraction

    def yearly_kcny(self, kt: Fraction) -> Fraction:
        """The annuity of a size, CNY thousand."""
        return self.annuity * self.capital.at_size(kt)


@dataclass(frozen=True)
class Horizon:
    """All periods of a plan, and the rate at which money is discounted.

    Attributes
    ----------
    first_year : the year with which the first begins; None where there are no years
    """

    periods: tuple[Period, ...]
    rate: Fraction
    first_year: Fraction | None

    @property
    def end(self) -> Fraction:
        """When the last period ends."""
        return self.periods[-1].end

    @property
    def has_names(self) -> bool:
        """Whether some period has a name."""
        return any(period.name for period in self.periods)

    def year_of(self, moment: Fraction) -> Fraction:
        """A moment as a year; without years, as it is."""
        return (self.first_year or ZERO) + moment

    def label(self, moment: Fraction) -> str:
        """The name of the period of a moment; where it has none, the moment as a year."""
        return self.at(moment).name or f"{float(self.year_of(moment)):g}"

    def ready(self, project: Record) -> Fraction:
        """When a project can stand at the earliest: `earliest`, a name or a year, and its lead."""
        earliest, lead = project.get("earliest", ""), project.get("lead_years", "")
        if not earliest:
            return ZERO
        named = [period.begin for period in self.periods if period.name == earliest]
        begin = named[0] if named else exact(earliest) - (self.first_year or ZERO)
        return begin + (moment_of(lead) if lead else ZERO)

    def at(self, moment: Fraction) -> Period:
        """The last period to begin by a moment."""
        return self.periods[self.number(moment)]

    def number(self, moment: Fraction) -> int:
        """Which period is the last to begin by a moment."""
        return sum(period.begin <= moment for period in self.periods) - 1

    def weight(self, begin: Fraction, end: Fraction) -> Fraction:
        """Years from one moment to another, discounted; moments between periods count nothing."""
        total = ZERO
        for period in self.periods:
            at = period.begin
            while at < period.end:
                until = min(at + 1, period.end)
                within = min(until, end) - max(at, begin)
                if within > 0:
                    total += within / power(1 + self.rate, at)
                at = until
        return total

    def carried(self, begin: Fraction, end: Fraction) -> tuple[Fraction, Fraction]:
        """Most stock at the end of a stretch, kt, and what holding it costs, CNY/t.

        Within a period stock passes freely: as much as may come in and go on together.
        """
        number = self.number(begin)
        period = self.periods[number]
        if end == period.end:
            return period.max_stock_kt, period.holding_cny_per_t
        joins = self.periods[max(number - 1, 0) : min(number + 1, len(self.periods) - 1)]
        return sum((before.max_stock_kt for before in joins), ZERO), ZERO

    def purchases(self, project: str, start: Fraction) -> list[Purchase]:
        """What is bought of a project that starts at a moment: at once, and after each life."""
        found: list[Purchase] = []
        moment = start
        while moment < self.end:
            row = project_row(self.at(moment).texts, project)
            life = life_of(row)
            until = min(moment + life, self.end)
            annuity = recovery_factor(self.rate, life)
            found.append(Purchase(moment, until, capital_of(row), annuity))
            if row.get("after_life") == "gone":
                break
            moment = until
        return found


def read_horizon(texts: dict[str, str]) -> Horizon:
    """The periods of a case; one year, the case's own, where there are none.

    Raises
    ------
    CertificateError
        There is no year, or periods overlap.
    """
    settings = read_settings(texts)
    rows = records_of(texts, "periods") or [{"year": str(settings.get("year", ""))}]
    years = [exact_or_none(row.get("year", "")) for row in rows]
    first = years[0]
    if first is None and "year" in settings:
        first = Fraction(settings["year"])
    spans = list(_spans(rows, years, first))
    begins: dict[str | Fraction, Fraction] = {}
    for row, year, (begin, _) in zip(rows, years, spans, strict=True):
        begins |= {key: begin for key in (row.get("period"), year) if key}
    periods = [
        Period(
            name=row.get("period", ""),
            begin=begin,
            end=end,
            holding_cny_per_t=exact_or(row.get("holding_cny_per_t", ""), ZERO),
            max_stock_kt=exact_or(row.get("max_stock_kt", ""), ZERO),
            capex_max_mcny=exact_or_none(row.get("capex_max_mcny", "")),
            texts=with_paths(
                texts, begin, begins, None if first is None else Fraction(floor(first + begin))
            ),
        )
        for row, (begin, end) in zip(rows, spans, strict=True)
    ]
    rate = Fraction(settings.get("discount_rate", DEFAULT_RATE))
    return Horizon(tuple(periods), rate, first)


def _spans(
    rows: list[Record], years: list[Fraction | None], first: Fraction | None
) -> Iterator[tuple[Fraction, Fraction]]:
    """When each period begins and ends; without a year it begins as the one before it ends."""
    end = ZERO
    for row, year, after in zip(rows, years, [*years[1:], None], strict=True):
        name = row.get("period") or row.get("year", "")
        if not name or (year is not None and first is None):
            raise CertificateError(f"periods.csv: {name or 'a row'} has no beginning")
        begin = end if year is None or first is None else year - first
        if begin < end:
            raise CertificateError(f"periods.csv: what is before {name} runs into it")
        if row.get("length_years"):
            end = begin + moment_of(row["length_years"])
        else:
            end = begin + 1 if after is None or first is None else after - first
        if not begin < end:
            raise CertificateError(f"periods.csv: {name} has no length")
        yield begin, end


def moment_of(text: str) -> Fraction:
    """A length or a moment in years: a decimal, or a fraction such as 1/12."""
    part, slash, whole = text.partition("/")
    value = exact(part.strip()) / exact(whole.strip()) if slash else exact(text)
    return value.limit_denominator(FINEST)


def capital_of(project: Record) -> Capital:
    """The price of a project."""
    once = exact_or(project.get("fixed_capex_mcny", ""), ZERO)
    per_kt = exact_or(project.get("capex_cny_per_t", ""), ZERO)
    return Capital(KCNY_PER_MCNY * once, per_kt)


def life_of(project: Record) -> Fraction:
    """How long a project stands."""
    text = project.get("life_years")
    return moment_of(text) if text else DEFAULT_LIFE


def project_row(texts: Mapping[str, str], name: str) -> Record:
    """The row of a project.

    Raises
    ------
    CertificateError
        There is none.
    """
    for row in records_of(texts, "projects"):
        if row["project"] == name:
            return row
    raise CertificateError(f"{name} is no project of inputs/")


def recovery_factor(rate: Fraction, years: Fraction) -> Fraction:
    """r(1+r)ⁿ ÷ ((1+r)ⁿ − 1), 1/n at no interest; exact for whole years."""
    if rate == 0:
        return 1 / years
    grown = power(1 + rate, years)
    return rate * grown / (grown - 1)


def power(base: Fraction, exponent: Fraction) -> Fraction:
    """A power, exact for whole exponents, else to the precision of floats."""
    if exponent.denominator == 1:
        return base ** int(exponent)
    return Fraction(float(base) ** float(exponent))
