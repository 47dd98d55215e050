"""What a plan can choose: every project and closure, from each year in which it could start."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from model.case.errors import Fault, quoted, raise_any
from model.market.selection import names_in, records
from model.studies.plan.joined import in_year
from model.studies.plan.years import Year
from model.studies.siting.options import Option, Options, Rule, read_options


def plan_options(years: list[Year]) -> Options:
    """An option for every project and start year; it stands, and is paid for, to the end.

    A project can start `lead_years` after `earliest`; without `earliest` building may have begun
    at any time, so that it can stand from the first year on. A forced one starts as soon as it can.

    Raises
    ------
    BadInput
        A forced project that cannot start within the plan.
    """
    raise_any(_never(years))
    single = [read_options(year.case) for year in years]
    options = [
        _starting(single[at].options[number], years, at, [each.options[number] for each in single])
        for number in range(len(single[0]))
        for at in range(len(years))
        if at >= _first(years, single[0].options[number])
    ]
    return Options(tuple(options), tuple(_rules(years, options, single[0])))


def _earliest(year: Year) -> dict[str, float]:
    """First year in which each project can stand."""
    return {
        row["project"]: -np.inf
        if np.isnan(row["earliest"])
        else row["earliest"] + row["lead_years"]
        for row in records(year.case.projects)
    }


def _first(years: list[Year], option: Option) -> int:
    """Position of the first year in which an option can stand; after the last one, if in none."""
    earliest = _earliest(years[0]).get(option.name, -np.inf) if option.is_project else -np.inf
    return next((at for at, year in enumerate(years) if year.year >= earliest), len(years))


def _never(years: list[Year]) -> list[Fault]:
    earliest, last = _earliest(years[0]), years[-1].year
    return [
        Fault(
            f"projects.csv: {quoted(row['project'])}",
            f"a first year of {earliest[row['project']]:g}",
            f"a forced project must be able to start by {last}, the last year of the plan",
            "drop forced, or add years to periods.csv",
        )
        for row in records(years[0].case.projects)
        if row["forced"] and earliest[row["project"]] > last
    ]


def _starting(option: Option, years: list[Year], at: int, in_years: list[Option]) -> Option:
    """An option from one year on: costs of all years in which it stands, discounted."""
    standing = list(zip(years, in_years, strict=True))[at:]
    factor = sum(year.discount for year, _ in standing)
    return replace(
        option,
        raises={
            (family, in_year(name, year.year)): kt
            for year, there in standing
            for (family, name), kt in there.raises.items()
        },
        lump_kcny=sum(year.discount * there.lump_kcny for year, there in standing),
        unit_kcny_per_kt=factor * option.unit_kcny_per_kt,
        annuity=factor * option.annuity,
        year=years[at].year,
    )


def _rules(years: list[Year], options: list[Option], single: Options) -> list[Rule]:
    """Each starts once at most; groups, requirements and force, year by year."""
    starts: dict[tuple[str, str], list[int]] = {}
    for number, option in enumerate(options):
        starts.setdefault((option.kind, option.name), []).append(number)
    rules = [
        Rule(f"{name} starts once", dict.fromkeys(numbers, 1.0), most=1.0)
        for (_, name), numbers in starts.items()
        if len(numbers) > 1
    ]
    projects = {name: numbers for (kind, name), numbers in starts.items() if kind == "project"}
    groups: dict[str, list[int]] = {}
    for row in records(years[0].case.projects):
        name, own = row["project"], projects.get(row["project"], [])
        if row["group"]:
            groups.setdefault(row["group"], []).extend(own)
        if row["forced"]:
            rules.append(Rule(f"{name} is forced", {own[0]: 1.0}, least=1.0))
        for needed in names_in(row["requires"]):
            for number in own:
                year = options[number].year or 0
                before = [n for n in projects.get(needed, []) if (options[n].year or 0) <= year]
                weights = {number: 1.0} | dict.fromkeys(before, -1.0)
                rules.append(Rule(f"{name} requires {needed}", weights, most=0.0))
    return rules + [
        Rule(f"at most one of group {group}", dict.fromkeys(members, 1.0), most=1.0)
        for group, members in groups.items()
        if len(members) > 1
    ]
