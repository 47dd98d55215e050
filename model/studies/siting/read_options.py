"""Options and their rules, as projects, closures and groups of a case state them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from model.certify.start_rules import group_label, need_label
from model.market.market import KCNY_PER_MCNY
from model.market.selection import names_in, records
from model.studies.siting.options import (
    CLOSURE,
    LIMIT,
    PROJECT,
    SUPPLY,
    AnswerRule,
    Option,
    Options,
)

if TYPE_CHECKING:
    from model.case.case import Case


def capital_recovery_factor(rate: float, years: float) -> float:
    """Share of upfront capital that an even yearly payment repays: r(1+r)ⁿ ÷ ((1+r)ⁿ − 1).

    >>> round(capital_recovery_factor(0.08, 20), 6), capital_recovery_factor(0.0, 20)
    (0.101852, 0.05)
    """
    if rate == 0:
        return 1.0 / years
    return float(rate / -np.expm1(-years * np.log1p(rate)))


def read_options(case: Case) -> Options:
    """The options of one year: each project once, each closure once.

    A project costs `fixed_mcny_per_year` and the annuity of its capital in each year; a budget
    counts its capital alone.
    """
    supply = dict(zip(case.origins["origin"], case.origins["supply_kt"].tolist(), strict=True))
    places, rate = ProjectSites(case), case.settings.discount_rate
    projects = [
        option
        for row in records(case.projects)
        for option in _lines(_project(row, places.region(row), rate), int(row["lines_max"]))
    ]
    closures = [
        Option(
            name=row["origin"],
            kind=CLOSURE,
            raises={(SUPPLY, row["origin"]): -supply[row["origin"]]},
            capacity_kt=supply[row["origin"]],
            min_kt=supply[row["origin"]],
            yearly_kcny=-KCNY_PER_MCNY * row["saved_mcny_per_year"],
        )
        for row in records(case.closures)
    ]
    return Options((*projects, *closures), tuple(_rules(case, projects)))


def _lines(first: Option, count: int) -> Iterator[Option]:
    """A project line by line; what it costs whatever its size is the first one's."""
    yield first
    for line in range(2, count + 1):
        yield replace(first, line=line, yearly_kcny=0.0, capital_kcny=0.0)


def _project(row: Mapping[str, Any], region: str, rate: float) -> Option:
    capacity = float(row["capacity_kt"])
    least = capacity if np.isnan(row["min_kt"]) else float(row["min_kt"])
    raised = row["adds_to_limit"]
    return Option(
        name=row["project"],
        kind=PROJECT,
        raises={(LIMIT, raised) if raised else (SUPPLY, row["project"]): capacity},
        capacity_kt=capacity,
        min_kt=least,
        yearly_kcny=KCNY_PER_MCNY * row["fixed_mcny_per_year"],
        capital_kcny=KCNY_PER_MCNY * row["fixed_capex_mcny"],
        capital_kcny_per_kt=row["capex_cny_per_t"],
        annuity=capital_recovery_factor(rate, row["life_years"]),
        region=region,
        min_load=float(row["min_load"]),
    )


class ProjectSites:
    """Where projects stand, looked up in a case's origins."""

    def __init__(self, case: Case) -> None:
        origins = records(case.origins)
        self._by_name = {row["origin"]: row for row in origins}
        self._at_node = {row["node"]: row for row in reversed(origins) if row["node"]}
        first = sorted(origins, key=lambda row: (row["cost_cny_per_t"], row["origin"]))
        self._in_region = {row["region"]: row for row in reversed(first)}

    def host(self, project: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """The origin that a project extends, or else its region's cheapest, the first by name."""
        if project["origin"]:
            return self._by_name[project["origin"]]
        return self._in_region.get(self.region(project))

    def extended(self, project: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """The origin that a project says it extends."""
        return self._by_name.get(project["origin"])

    def region(self, project: Mapping[str, Any]) -> str:
        """Where a project is counted: its region, its origin's, that of its node, itself."""
        if project["region"]:
            return str(project["region"])
        near = self._by_name.get(project["origin"]) or self._at_node.get(project["node"])
        return str(near["region"] if near else project["project"])


def _rules(case: Case, options: Sequence[Option]) -> list[AnswerRule]:
    """How many of a group, what is required, what is forced, lines in order."""
    rows = records(case.projects)
    number = {option.name: place for place, option in enumerate(options) if option.line == 1}
    groups: dict[str, dict[int, str]] = {}
    rules = []
    for row in rows:
        place = number[row["project"]]
        if row["group"]:
            groups.setdefault(row["group"], {})[place] = row["project"]
        for needed in names_in(row["requires"]):
            why = f"{row['project']} requires {needed}"
            weights = {place: 1.0, number[needed]: -1.0}
            label = need_label(row["project"], needed, 0)
            rules.append(AnswerRule(why, weights, most=0.0, label=label))
        if row["forced"]:
            rules.append(AnswerRule(f"{row['project']} is forced", {place: 1.0}, least=1.0))
    lines = [
        line_rule(option.name, place, place - 1)
        for place, option in enumerate(options)
        if option.line > 1
    ]
    return [*rules, *group_rules(case, groups), *lines]


def line_rule(name: str, line: int, before: int) -> AnswerRule:
    """A line of a project is built only with the one before, by their numbers."""
    return AnswerRule(f"lines of {name} come in order", {line: 1.0, before: -1.0}, most=0.0)


def group_rules(case: Case, groups: Mapping[str, Mapping[int, str]]) -> Iterator[AnswerRule]:
    """How many of each group; of its answers by number, with the project that each builds."""
    rows = {row["group"]: row for row in records(case.groups)}
    for group, members in groups.items():
        row = rows.get(group, {"min_projects": 0.0, "max_projects": 1.0})
        least, most = int(row["min_projects"]), int(row["max_projects"])
        if least > 0 or most < len(set(members.values())):
            bounds = {"least": float(least) if least else -np.inf, "most": float(most)}
            weights = dict.fromkeys(members, 1.0)
            why = f"{number_in_words(least, most)} of group {group}"
            yield AnswerRule(why, weights, **bounds, label=group_label(group))


def number_in_words(least: int, most: int) -> str:
    """How many of a group may be built.

    >>> number_in_words(0, 1), number_in_words(2, 3), number_in_words(2, 2)
    ('at most one', 'at least 2 and at most 3', 'exactly 2')
    """
    words = "one" if most == 1 else str(most)
    if not least:
        return f"at most {words}"
    return f"exactly {words}" if least == most else f"at least {least} and at most {words}"
