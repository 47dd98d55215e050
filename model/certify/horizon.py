"""The time of a plan: its periods, what a year in them weighs, what is bought when.

A period counts for its length. A stretch of at most a year that begins t years after the first
period weighs length × (1+r)^−t; longer periods are cut into whole years and a rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from model.certify.choice import Record, records_of, with_paths
from model.certify.program import ZERO
from model.certify.reading import CertificateError, exact, exact_or, read_settings

DEFAULT_RATE, DEFAULT_LIFE = Fraction("0.08"), Fraction(20)
FINEST = 1_000_000
"""Moments are fractions of a year with denominators up to this: 1/12 is one."""


@dataclass(frozen=True)
class Period:
    """A row of periods.csv, in years after the beginning of the first.

    Attributes
    ----------
    texts : the case with the figures of the period
    """

    year: Fraction
    begin: Fraction
    end: Fraction
    holding_cny_per_t: Fraction
    max_stock_kt: Fraction
    texts: Mapping[str, str]


@dataclass(frozen=True)
class Purchase:
    """Capital bought at a moment, and its annuity until another, CNY thousand per kt."""

    at: Fraction
    until: Fraction
    capital_kcny_per_kt: Fraction
    annuity_kcny_per_kt: Fraction


@dataclass(frozen=True)
class Horizon:
    """All periods of a plan, and the rate at which money is discounted."""

    periods: tuple[Period, ...]
    rate: Fraction

    @property
    def end(self) -> Fraction:
        """When the last period ends."""
        return self.periods[-1].end

    def at(self, moment: Fraction) -> Period:
        """The last period to begin by a moment."""
        return [period for period in self.periods if period.begin <= moment][-1]

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

    def purchases(self, project: str, start: Fraction) -> list[Purchase]:
        """What is bought of a project that starts at a moment: at once, and after each life."""
        found: list[Purchase] = []
        moment = start
        while moment < self.end:
            row = project_row(self.at(moment).texts, project)
            life = exact_or(row.get("life_years", ""), DEFAULT_LIFE)
            price = exact_or(row.get("capex_cny_per_t", ""), ZERO)
            until = min(moment + life, self.end)
            annuity = price * recovery_factor(self.rate, life)
            found.append(Purchase(moment, until, price, annuity))
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
    years = [exact(row["year"]) for row in rows]
    following = [*years[1:], years[-1] + 1]
    periods = []
    for row, year, after in zip(rows, years, following, strict=True):
        length = moment_of(row["length_years"]) if row.get("length_years") else after - year
        if not length > 0 or (year != years[-1] and year + length > after):
            raise CertificateError(f"periods.csv: {row['year']} runs into the next")
        periods.append(
            Period(
                year=year,
                begin=year - years[0],
                end=year - years[0] + length,
                holding_cny_per_t=exact_or(row.get("holding_cny_per_t", ""), ZERO),
                max_stock_kt=exact_or(row.get("max_stock_kt", ""), ZERO),
                texts=with_paths(texts, year),
            )
        )
    return Horizon(tuple(periods), Fraction(settings.get("discount_rate", DEFAULT_RATE)))


def moment_of(text: str) -> Fraction:
    """A length or a moment in years: a decimal, or a fraction such as 1/12."""
    part, slash, whole = text.partition("/")
    value = exact(part.strip()) / exact(whole.strip()) if slash else exact(text)
    return value.limit_denominator(FINEST)


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
