"""Rules on what begins, as linear rows: of the case, and of what a user requires."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from model.certify.choice import Record, records_of, region_of
from model.certify.program import ONE, Row
from model.certify.reading import split_names
from model.certify.starts import KCNY_PER_MCNY, PROJECT, Choices, Start, Texts

NUMBER, BUDGET = "number", "budget"


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
        row["project"]: tuple(choices.of(row["project"])[:1])
        for row in projects
        if row.get("forced") == "true"
    }
    rows = [*_groups(projects, choices), *_needs(projects, choices)]
    rows += _asked(texts, projects, choices, options)
    return Rules(tuple(rows), must, frozenset(options.get("exclude") or ()))


def _at_most(label: str, starts: list[Start], most: Fraction) -> StartRule:
    return StartRule(label, Row(None, most), dict.fromkeys(starts, ONE))


def _groups(projects: list[Record], choices: Choices) -> Iterator[StartRule]:
    """At most one of a group."""
    groups: dict[str, list[Start]] = {}
    for row in projects:
        if row.get("group"):
            groups.setdefault(row["group"], []).extend(choices.of(row["project"]))
    for group, starts in groups.items():
        yield _at_most(group_label(group), starts, ONE)


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
        most = Row(None, KCNY_PER_MCNY * Fraction(options["budget_mcny"]))
        capital = {start: start.capital_kcny_per_kt for start in built}
        yield StartRule(BUDGET, most, per_kt=capital)
    if options.get("max_projects") is not None:
        yield _at_most(NUMBER, built, Fraction(options["max_projects"]))
    origins = records_of(texts, "origins")
    region = {row["project"]: region_of(row, origins) for row in projects}
    for name, most in (options.get("quotas") or {}).items():
        own = [start for start in built if region[start.name] == name]
        yield _at_most(quota_label(name), own, Fraction(most))


def group_label(group: str) -> str:
    """What the rule of a group is called."""
    return f"group[{group}]"


def need_label(project: str, needed: str, at: int) -> str:
    """What the rule is called by which one project has another by a stretch."""
    return f"requires[{project}, {needed}, {at}]"


def quota_label(region: str) -> str:
    """What the quota of a region is called."""
    return f"quota[{region}]"
