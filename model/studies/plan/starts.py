"""What a plan can choose: that a project or a closure starts in a period; the rules among them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from model.arrays import Booleans, Floats
from model.case.errors import Fault, quoted, raise_any
from model.case.periods import exact_years
from model.case.write import format_years
from model.certify.start_rules import need_label
from model.market.market import KCNY_PER_MCNY
from model.market.selection import names_in, records
from model.studies.plan.periods import Horizon, Period
from model.studies.plan.start import Purchase, Start
from model.studies.siting.options import CLOSURE, PROJECT, AnswerRule, Option
from model.studies.siting.read_options import group_rules, line_rule, read_options

GONE = "gone"


@dataclass(frozen=True)
class Starts:
    """Every start that a plan can choose, and the rules among them."""

    starts: tuple[Start, ...]
    rules: tuple[AnswerRule, ...]

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def projects(self) -> list[int]:
        """Starts of projects; of those in lines, of the first line."""
        return [n for n, start in enumerate(self.starts) if start.is_project and start.line == 1]

    def of(self, name: str, kind: str = PROJECT) -> list[int]:
        """All starts of a project's first line, or of a closure."""
        key = name, kind, 1
        return [n for n, s in enumerate(self.starts) if (s.name, s.kind, s.line) == key]


def read_starts(horizon: Horizon) -> tuple[Horizon, Starts]:
    """Every start, over periods that are cut where the life of something that is gone may end.

    A project can start `lead_years` after `earliest`; without `earliest` building may have begun
    at any time, so that it can stand from the first period on. A forced one starts as soon as it
    can.

    Raises
    ------
    BadInput
        A forced project that cannot start within the plan.
    """
    earliest = _earliest(horizon)
    raise_any(list(_never(horizon, earliest)))
    horizon = horizon.cut(_ends_of_lives(horizon, earliest))
    by_period = [read_options(period.case) for period in horizon.periods]
    lives = [_lives(period.case.projects) for period in horizon.periods]
    starts = [
        _start(horizon, at, [options.options[number] for options in by_period], lives)
        for number, option in enumerate(by_period[0].options)
        for at in horizon.listed
        if option.kind == CLOSURE or _can_start(earliest, horizon.periods[at], option.name)
    ]
    return horizon, Starts(tuple(starts), tuple(_rules(horizon, starts)))


Lives = Mapping[str, tuple[Fraction, bool]]
"""Project → how long it stands, and whether it is bought again thereafter."""


def _lives(projects: pd.DataFrame) -> Lives:
    return {
        row["project"]: (exact_years(row["life_years"]), row["after_life"] != GONE)
        for row in records(projects)
    }


def _earliest(horizon: Horizon) -> dict[str, Fraction]:
    """When each project that cannot stand from the first period on can stand at the earliest."""
    found = {}
    for row in records(horizon.periods[0].case.projects):
        begin = horizon.timeline.begin(row["earliest"])
        if begin is not None:
            found[row["project"]] = begin + exact_years(row["lead_years"])
    return found


def _can_start(earliest: Mapping[str, Fraction], period: Period, project: str) -> bool:
    return period.begin >= earliest.get(project, period.begin)


def _never(horizon: Horizon, earliest: Mapping[str, Fraction]) -> Iterator[Fault]:
    last, time = horizon.periods[-1], horizon.timeline
    unit = "period" if last.name else "year"
    for row in records(horizon.periods[0].case.projects):
        first = earliest.get(row["project"], last.begin)
        if row["forced"] and first > last.begin:
            found = f"a first year of {time.year_of(first):g}"
            if time.first_year is None:
                found = f"{row['earliest']} and {format_years(row['lead_years'])} years of building"
            yield Fault(
                f"projects.csv: {quoted(row['project'])}",
                found,
                f"a forced project must be able to start by {last.label}, the last {unit} of the"
                " plan",
                f"drop forced, or add {unit}s to periods.csv",
            )


def _ends_of_lives(horizon: Horizon, earliest: Mapping[str, Fraction]) -> set[Fraction]:
    """Moments at which something may be gone."""
    return {
        period.begin + life
        for period in horizon.periods
        for project, (life, is_rebuilt) in _lives(period.case.projects).items()
        if not is_rebuilt and _can_start(earliest, period, project)
    }


def _start(horizon: Horizon, at: int, by_period: list[Option], lives: list[Lives]) -> Start:
    """The start of an option in a period; `by_period` are its figures in each."""
    option, periods = by_period[at], horizon.periods
    purchases = _purchases(horizon, at, by_period, lives) if option.is_project else ()
    until = horizon.end
    if option.is_project and not lives[at][option.name][1]:
        until = purchases[-1].until
    stands = tuple(n for n in range(at, len(periods)) if periods[n].begin < until)
    (row,) = option.raises
    return Start(
        name=option.name,
        kind=option.kind,
        region=option.region,
        period=at,
        stands=stands,
        row=row,
        raises_kt=tuple(1.0 if option.is_project else by_period[n].raises[row] for n in stands),
        capacity_kt=option.capacity_kt if option.is_project else 1.0,
        min_kt=option.min_kt if option.is_project else 1.0,
        yearly_kcny=tuple(by_period[n].yearly_kcny for n in stands),
        purchases=purchases,
        min_load=option.min_load,
        line=option.line,
    )


def _purchases(
    horizon: Horizon, at: int, by_period: list[Option], lives: list[Lives]
) -> tuple[Purchase, ...]:
    """Capital bought at the start, and again whenever its life ends before the plan does."""
    found: list[Purchase] = []
    moment = horizon.periods[at].begin
    while moment < horizon.end:
        option = by_period[horizon.at(moment)]
        life, is_rebuilt = lives[horizon.at(moment)][option.name]
        until = min(moment + life, horizon.end)
        prices = option.capital_kcny, option.capital_kcny_per_kt
        found.append(Purchase(moment, until, *prices, option.annuity))
        if not is_rebuilt:
            break
        moment = until
    return tuple(found)


def _rules(horizon: Horizon, starts: list[Start]) -> Iterator[AnswerRule]:
    """Each starts once at most, its lines together; groups, requirements and force."""
    own: dict[tuple[str, str], list[int]] = {}
    at_line: dict[tuple[str, int, int], int] = {}
    for number, start in enumerate(starts):
        at_line[start.name, start.period, start.line] = number
        if start.line == 1:
            own.setdefault((start.kind, start.name), []).append(number)
        else:
            previous = at_line[start.name, start.period, start.line - 1]
            yield line_rule(start.name, number, previous)
    for (_, name), numbers in own.items():
        if len(numbers) > 1:
            yield AnswerRule(f"{name} starts once", dict.fromkeys(numbers, 1.0), most=1.0)
    groups: dict[str, dict[int, str]] = {}
    case = horizon.periods[0].case
    for row in records(case.projects):
        name, numbers = row["project"], own.get((PROJECT, row["project"]), [])
        if row["group"]:
            members = groups.setdefault(row["group"], {})
            for number in numbers:
                members[number] = name
        if row["forced"]:
            yield AnswerRule(f"{name} is forced", {numbers[0]: 1.0}, least=1.0)
        for needed in names_in(row["requires"]):
            for at in sorted({starts[number].period for number in numbers}):
                by_then = [n for n in numbers if starts[n].period <= at]
                before = [n for n in own.get((PROJECT, needed), []) if starts[n].period <= at]
                weights = dict.fromkeys(by_then, 1.0) | dict.fromkeys(before, -1.0)
                label = need_label(name, needed, at)
                yield AnswerRule(f"{name} requires {needed}", weights, most=0.0, label=label)
    yield from group_rules(case, groups)


def supplying(starts: Starts) -> list[str]:
    """Projects that could supply, each once."""
    names = [start.name for start in starts.starts if start.is_project and start.is_supply]
    return list(dict.fromkeys(names))


def capital_mcny(starts: Starts, yes: Booleans, size_kt: Floats) -> float:
    """Capital of all that a choice starts, at these sizes, (J,)."""
    taken = zip(starts.starts, yes, size_kt.tolist(), strict=True)
    return sum(start.spent_kcny(size) for start, is_yes, size in taken if is_yes) / KCNY_PER_MCNY
