"""Rules on what begins, as linear rows: of the case, and of what a user requires."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from model.certify.choice import Record, records_of, region_of
from model.certify.program import ONE, ZERO, Row
from model.certify.reading import exact_or, split_names
from model.certify.starts import KCNY_PER_MCNY, PROJECT, Choices, Start, Texts

NUMBER, BUDGET = "number", "budget"
AT_MOST_ONE = 0, 1
"""How many of a group that groups.csv does not list: least, most."""


@dataclass(frozen=True)
class StartRule:
    """A row low ≤ Σ (per_yes + per_kt × size) over what begins ≤ high.

    Attributes
    ----------
    label : what a multiplier of it is called
    """

    label: str
    row: Row
    per_yes: Mapping[Start, Fraction] = field(default_factory=dict)
    per_kt: Mapping[Start, Fraction] = field(default_factory=dict)


@dataclass(frozen=True)
class Rules:
    """Rows, and what they leave of single projects.

    Attributes
    ----------
    must : projects that begin, each at one of these
    never : projects that do not
    """

    rows: tuple[StartRule, ...]
    must: Mapping[str, tuple[Start, ...]]
    never: frozenset[str]


def read_rules(texts: Texts, choices: Choices, options: Mapping[str, Any]) -> Rules:
    """The rules of the case, and those that the options of a question ask for.

    A forced project begins as soon as it can, one that is asked for at any time.
    """
    projects = records_of(texts, "projects")
    must = {name: tuple(choices.of(name)) for name in options.get("include") or ()}
    must |= {
        row["project"]: tuple(_first(choices.of(row["project"])))
        for row in projects
        if row.get("forced") == "true"
    }
    for name, period in (options.get("starts") or {}).items():
        labels = choices.stretches
        must[name] = tuple(x for x in choices.of(name) if labels[x.begin].label == period)
    rows = [*_groups(texts, projects, choices), *_needs(projects, choices)]
    rows += [
        _spent(capex_label(number), choices, most, number)
        for number, most in choices.budgets_kcny.items()
    ]
    rows += _asked(texts, projects, choices, options)
    return Rules(tuple(rows), must, frozenset(options.get("exclude") or ()))


def _first(starts: list[Start]) -> Iterator[Start]:
    """Those of the earliest beginning."""
    return (start for start in starts if start.begin == starts[0].begin)


def _at_most(label: str, starts: list[Start], most: Fraction) -> StartRule:
    return StartRule(label, Row(None, most), dict.fromkeys(starts, ONE))


def _spent(label: str, choices: Choices, most: Fraction, period: int | None = None) -> StartRule:
    """Capital at most so much, in all or in one period."""
    once, per_kt = dict[Start, Fraction](), dict[Start, Fraction]()
    for start in choices.starts:
        prices = [price for number, price in start.bought if period in (None, number)]
        if prices:
            once[start] = sum((price.kcny for price in prices), ZERO)
            per_kt[start] = sum((price.kcny_per_kt for price in prices), ZERO)
    return StartRule(label, Row(None, most), once, per_kt)


def _groups(texts: Texts, projects: list[Record], choices: Choices) -> Iterator[StartRule]:
    """How many of a group: as groups.csv says, else at most one."""
    bounds = group_bounds(texts)
    groups: dict[str, list[Start]] = {}
    for row in projects:
        if row.get("group"):
            groups.setdefault(row["group"], []).extend(choices.of(row["project"]))
    for group, starts in groups.items():
        low, high = bounds.get(group, AT_MOST_ONE)
        between = Row(Fraction(low) if low else None, Fraction(high))
        yield StartRule(group_label(group), between, dict.fromkeys(starts, ONE))


def _needs(projects: list[Record], choices: Choices) -> Iterator[StartRule]:
    """What begins has what it requires by then."""
    for row in projects:
        name, own = row["project"], choices.of(row["project"])
        for needed in split_names(row.get("requires", "")):
            for at in sorted({start.begin for start in own}):
                mine = {start: ONE for start in own if start.begin <= at}
                before = {start: -ONE for start in choices.of(needed) if start.begin <= at}
                label = need_label(name, needed, at)
                yield StartRule(label, Row(None, Fraction(0)), mine | before)


def _asked(
    texts: Texts, projects: list[Record], choices: Choices, options: Mapping[str, Any]
) -> Iterator[StartRule]:
    """Budget, number and quotas."""
    built = [start for start in choices.starts if start.kind == PROJECT]
    if options.get("budget_mcny") is not None:
        yield _spent(BUDGET, choices, KCNY_PER_MCNY * Fraction(options["budget_mcny"]))
    if options.get("max_projects") is not None:
        yield _at_most(NUMBER, built, Fraction(options["max_projects"]))
    origins = records_of(texts, "origins")
    region = {row["project"]: region_of(row, origins) for row in projects}
    for name, most in (options.get("quotas") or {}).items():
        own = [start for start in built if region[start.name] == name]
        yield _at_most(quota_label(name), own, Fraction(most))


def group_bounds(texts: Texts) -> dict[str, tuple[int, int]]:
    """At least and at most how many projects of each group that groups.csv lists."""
    least, most = AT_MOST_ONE
    return {
        row["group"]: (
            int(exact_or(row.get("min_projects", ""), Fraction(least))),
            int(exact_or(row.get("max_projects", ""), Fraction(most))),
        )
        for row in records_of(texts, "groups")
    }


def group_label(group: str) -> str:
    """What the rule of a group is called."""
    return f"group[{group}]"


def need_label(project: str, needed: str, at: int) -> str:
    """What the rule is called by which one project has another by a stretch."""
    return f"requires[{project}, {needed}, {at}]"


def capex_label(period: int) -> str:
    """What the budget of a period is called, by its number."""
    return f"capex[{period}]"


def quota_label(region: str) -> str:
    """What the quota of a region is called."""
    return f"quota[{region}]"
