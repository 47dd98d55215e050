"""Rules of projects.csv, and the requirements of a choice: groups, needs, force, sizes, money."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from model.audit.disagreement import Disagreement, show
from model.certify.choice import Record, records_of, region_of
from model.certify.reading import exact, exact_or, split_names
from model.certify.start_rules import AT_MOST_ONE, group_bounds

TOLERANCE = Fraction(1, 1_000_000)


@dataclass(frozen=True)
class Chosen:
    """What is built.

    Attributes
    ----------
    size_kt : of each project
    capital_mcny : all that is bought
    begin : when each starts; at once, where there is one period
    """

    size_kt: Mapping[str, Fraction]
    capital_mcny: Fraction
    begin: Mapping[str, Fraction] = field(default_factory=dict)


def broken_rules(
    inputs: Mapping[str, str], chosen: Chosen, options: Mapping[str, Any], file: str
) -> Iterator[Disagreement]:
    """Rules and requirements that a choice breaks, as `file` states it."""
    projects = {row["project"]: row for row in records_of(inputs, "projects")}
    yield from _of_the_case(projects, chosen, file)
    yield from _groups(inputs, projects, chosen, file)
    yield from _asked(projects, inputs, chosen, options, file)


def _of_the_case(
    projects: Mapping[str, Record], chosen: Chosen, file: str
) -> Iterator[Disagreement]:
    for name, project in projects.items():
        if name not in chosen.size_kt:
            if project.get("forced") == "true":
                yield Disagreement(file, "opened", f"without {name}", "it is forced")
            continue
        size, most = chosen.size_kt[name], exact(project["capacity_kt"])
        least = exact_or(project.get("min_kt", ""), most)
        lines = exact_or(project.get("lines_max", ""), Fraction(1))
        if lines > 1:
            count = min(max(round(size / most), 1), int(lines))
            if abs(size - count * most) > TOLERANCE:
                found = f"1 to {lines} lines of {most}"
                yield Disagreement(file, f"opened_kt, {name}", show(size), found)
        elif not least - TOLERANCE <= size <= most + TOLERANCE:
            yield Disagreement(file, f"opened_kt, {name}", show(size), f"{least} to {most}")
        for needed in split_names(project.get("requires", "")):
            begin = chosen.begin.get(name, Fraction(0))
            if needed not in chosen.size_kt or chosen.begin.get(needed, begin) > begin:
                yield Disagreement(file, "opened", name, f"requires {needed}")
    for name in chosen.size_kt.keys() - projects.keys():
        yield Disagreement(file, "opened", name, "no project of inputs/")


def _groups(
    inputs: Mapping[str, str], projects: Mapping[str, Record], chosen: Chosen, file: str
) -> Iterator[Disagreement]:
    """Groups of which too few or too many are built."""
    bounds = group_bounds(inputs)
    groups = {row["group"] for row in projects.values() if row.get("group")}
    for group in sorted(groups):
        least, most = bounds.get(group, AT_MOST_ONE)
        built = [name for name in chosen.size_kt if projects.get(name, {}).get("group") == group]
        if not least <= len(built) <= most:
            found = f"{len(built)} of group {group}"
            yield Disagreement(file, "opened", found, f"{least} to {most}")


def _asked(
    projects: Mapping[str, Record],
    inputs: Mapping[str, str],
    chosen: Chosen,
    options: Mapping[str, Any],
    file: str,
) -> Iterator[Disagreement]:
    budget, number = options.get("budget_mcny"), options.get("max_projects")
    built = chosen.size_kt.keys()
    if budget is not None and chosen.capital_mcny > Fraction(budget) * (1 + TOLERANCE) + TOLERANCE:
        yield Disagreement(file, "capital_mcny", show(chosen.capital_mcny), f"{show(budget)} asked")
    if number is not None and len(built) > number:
        yield Disagreement(file, "opened", f"{len(built)} projects", f"{number} asked")
    for name in options.get("include") or ():
        if name not in built:
            yield Disagreement(file, "opened", f"without {name}", "it was asked for")
    for name in options.get("exclude") or ():
        if name in built:
            yield Disagreement(file, "opened", name, "it was excluded")
    origins = records_of(inputs, "origins")
    regions = [region_of(projects[name], origins) for name in built if name in projects]
    for region, most in (options.get("quotas") or {}).items():
        if regions.count(region) > most:
            found = f"{most} asked"
            yield Disagreement(file, "opened", f"{regions.count(region)} in {region}", found)
