"""What can be chosen, from the texts: that a project or a closure begins, when, and how large.

A site is one stretch of a year, in which everything begins; a plan has the stretches of its
periods, cut wherever something may be gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from model.certify.choice import DEFAULT_LIFE, Record, built_texts, records_of
from model.certify.derive import derive_program
from model.certify.distances import with_lengths
from model.certify.horizon import (
    DEFAULT_RATE,
    Capital,
    Horizon,
    capital_of,
    life_of,
    read_horizon,
    recovery_factor,
)
from model.certify.program import ZERO, Program, limit_row
from model.certify.reading import exact, exact_or, read_settings

KCNY_PER_MCNY = 1000
PROJECT, CLOSURE = "project", "closure"
Texts = Mapping[str, str]


@dataclass(frozen=True)
class Start:
    """One answer: something begins with a stretch.

    Attributes
    ----------
    name, kind : of the project or the origin that is closed
    begin : number of the stretch
    stands : numbers of the stretches in which it stands, or is closed
    limit : label of the row that it raises; blank of what supplies, or is closed
    least_kt, most_kt : its size; 0 of a closure
    lump_kcny, unit_kcny_per_kt : discounted cost of a yes, and of each kt of its size
    bought : what is bought, with the number of the period in which it is
    """

    name: str
    kind: str
    begin: int
    stands: tuple[int, ...]
    limit: str
    least_kt: Fraction
    most_kt: Fraction
    lump_kcny: Fraction
    unit_kcny_per_kt: Fraction
    bought: tuple[tuple[int, Capital], ...] = ()


@dataclass(frozen=True)
class Stretch:
    """A time in which nothing begins or ends.

    Attributes
    ----------
    program : every project that supplies is an origin, no origin is closed, no limit is raised
    weight, length : years, discounted and not
    label : its year
    stock_kt : most that may be carried to the next stretch
    holding_cny_per_t : of that
    """

    program: Program
    weight: Fraction
    length: Fraction
    label: str
    stock_kt: Fraction = ZERO
    holding_cny_per_t: Fraction = ZERO


@dataclass(frozen=True)
class Choices:
    """Stretches of time, and everything that can begin in them, in the order of the tables.

    Attributes
    ----------
    budgets_kcny : number of a period → most capital that is bought in it
    """

    stretches: tuple[Stretch, ...]
    starts: tuple[Start, ...]
    budgets_kcny: Mapping[int, Fraction] = field(default_factory=dict)

    def of(self, name: str, kind: str = PROJECT) -> list[Start]:
        """Every start of a project or a closure, in order of time."""
        return [start for start in self.starts if (start.name, start.kind) == (name, kind)]


def site_choices(texts: Texts) -> Choices:
    """What a site may choose: each project and each closure once, for a year like all others."""
    rate = Fraction(read_settings(texts).get("discount_rate", DEFAULT_RATE))
    starts: list[Start] = []
    for row in records_of(texts, "projects"):
        factor = recovery_factor(rate, exact_or(row.get("life_years", ""), DEFAULT_LIFE))
        starts += _project(row, (0,), _yearly_kcny(row), [(0, capital_of(row), factor)])
    starts += [_closure(row, (0,), -_saved_kcny(row)) for row in records_of(texts, "closures")]
    one = Fraction(1)
    return Choices((Stretch(_program(texts, starts), one, one, ""),), tuple(starts))


def plan_choices(texts: dict[str, str]) -> Choices:
    """What a plan may choose: each project and closure in every period in which it can begin."""
    horizon = read_horizon(texts)
    spans = list(_spans(horizon))
    years = [_Year.of(horizon, begin, end) for begin, end in spans]
    starts = [
        start
        for name, row in years[0].projects.items()
        for period in horizon.periods
        if period.begin >= horizon.ready(row)
        for start in _project_starts(horizon, years, name, period.begin)
    ]
    starts += [
        _closure_start(years, name, period.begin)
        for name in years[0].closures
        for period in horizon.periods
    ]
    stretches = tuple(_stretch(horizon, year, starts) for year in years)
    budgets = {
        number: KCNY_PER_MCNY * period.capex_max_mcny
        for number, period in enumerate(horizon.periods)
        if period.capex_max_mcny is not None
    }
    return Choices(stretches, tuple(starts), budgets)


def _program(texts: Texts, starts: Iterable[Start]) -> Program:
    """The program in which everything stands that can begin and supplies, at its greatest size."""
    sizes: dict[str, Fraction] = {}
    for start in starts:
        if start.kind == PROJECT and not start.limit:
            sizes[start.name] = max(start.most_kt, sizes.get(start.name, ZERO))
    return derive_program(built_texts(texts, sizes, ()))


def _project(
    row: Record,
    stands: tuple[int, ...],
    yearly_kcny: Fraction,
    bought: Iterable[tuple[int, Capital, Fraction]],
) -> Iterator[Start]:
    """A project as a start, of its yearly cost and what is bought: when, and what one CNY costs.

    One that comes in lines is as many starts, of which one is made at most: with one line, with
    two, and so on.
    """
    bought = list(bought)
    most, limit = exact(row["capacity_kt"]), row.get("adds_to_limit")
    for lines in range(1, int(exact_or(row.get("lines_max", ""), Fraction(1))) + 1):
        yield Start(
            name=row["project"],
            kind=PROJECT,
            begin=stands[0],
            stands=stands,
            limit=limit_row(limit) if limit else "",
            least_kt=lines * exact_or(row.get("min_kt", ""), most),
            most_kt=lines * most,
            lump_kcny=sum((factor * price.kcny for _, price, factor in bought), yearly_kcny),
            unit_kcny_per_kt=sum((factor * price.kcny_per_kt for _, price, factor in bought), ZERO),
            bought=tuple((number, price) for number, price, _ in bought),
        )


def _closure(row: Record, stands: tuple[int, ...], lump_kcny: Fraction) -> Start:
    return Start(row["origin"], CLOSURE, stands[0], stands, "", ZERO, ZERO, lump_kcny, ZERO)


def _yearly_kcny(project: Record) -> Fraction:
    return KCNY_PER_MCNY * exact_or(project.get("fixed_mcny_per_year", ""), ZERO)


def _saved_kcny(closure: Record) -> Fraction:
    return KCNY_PER_MCNY * exact_or(closure.get("saved_mcny_per_year", ""), ZERO)


def _spans(horizon: Horizon) -> Iterator[tuple[Fraction, Fraction]]:
    """The periods, cut at every moment at which something may be gone."""
    ends = {
        begun.begin + life_of(row)
        for begun in horizon.periods
        for row in records_of(begun.texts, "projects")
        if row.get("after_life") == "gone" and begun.begin >= horizon.ready(row)
    }
    for period in horizon.periods:
        cuts = sorted(end for end in ends if period.begin < end < period.end)
        yield from zip([period.begin, *cuts], [*cuts, period.end], strict=True)


@dataclass(frozen=True)
class _Year:
    """A stretch with what its tables say of projects and closures, by name."""

    begin: Fraction
    end: Fraction
    weight: Fraction
    projects: Mapping[str, Record]
    closures: Mapping[str, Record]

    @staticmethod
    def of(horizon: Horizon, begin: Fraction, end: Fraction) -> _Year:
        texts = horizon.at(begin).texts
        projects = {row["project"]: row for row in records_of(texts, "projects")}
        closures = {row["origin"]: row for row in records_of(texts, "closures")}
        return _Year(begin, end, horizon.weight(begin, end), projects, closures)


def _stretch(horizon: Horizon, year: _Year, starts: list[Start]) -> Stretch:
    room, holding = horizon.carried(year.begin, year.end)
    return Stretch(
        program=_program(with_lengths(horizon.at(year.begin).texts), starts),
        weight=year.weight,
        length=year.end - year.begin,
        label=horizon.label(year.begin),
        stock_kt=ZERO if year.end == horizon.end else room,
        holding_cny_per_t=holding,
    )


def _project_starts(
    horizon: Horizon, years: list[_Year], name: str, at: Fraction
) -> Iterator[Start]:
    begin = next(number for number, year in enumerate(years) if year.begin == at)
    row, purchases = years[begin].projects[name], horizon.purchases(name, at)
    until = purchases[-1].until if row.get("after_life") == "gone" else horizon.end
    stands = tuple(n for n, year in enumerate(years) if at <= year.begin < until)
    yearly = sum((years[n].weight * _yearly_kcny(years[n].projects[name]) for n in stands), ZERO)
    paid = (
        (horizon.number(x.at), x.capital, x.annuity * horizon.weight(x.at, x.until))
        for x in purchases
    )
    return _project(row, stands, yearly, paid)


def _closure_start(years: list[_Year], name: str, at: Fraction) -> Start:
    stands = tuple(number for number, year in enumerate(years) if year.begin >= at)
    saved = sum((years[n].weight * _saved_kcny(years[n].closures[name]) for n in stands), ZERO)
    return _closure(years[stands[0]].closures[name], stands, -saved)
