"""Rules for projects."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from model.case.errors import quoted
from model.case.names import did_you_mean, load_limit
from model.case.schema_choices import PROJECTS
from model.checking.check import Finding, Frames, Rule, distinct, names_in


def _origins_and_projects(frames: Frames) -> Iterator[Finding]:
    origins = frames["origins"]["origin"].tolist()
    for row, project in enumerate(frames["projects"]["project"].tolist()):
        if project and project in origins:
            rule = "an origin ({other}) bears the same name"
            other = ("origins", origins.index(project))
            yield Finding("projects", row, "project", rule, "name the project apart", None, other)


def _projects_without_place(frames: Frames) -> Iterator[Finding]:
    projects = frames["projects"]
    with_lane = distinct(frames["lanes"]["origin"])
    nowhere = np.ones(len(projects), dtype=bool)
    for column in ("origin", "region", "node", "adds_to_limit"):
        nowhere &= (projects[column] == "").to_numpy()
    for row in np.flatnonzero(nowhere):
        if projects["project"].iloc[row] not in with_lane:
            rule = (
                "a project must have an origin, a region, a node, a lane or a limit that it raises"
            )
            remedy = (
                "fill one of origin, region, node, adds_to_limit, or add its lanes to lanes.csv"
            )
            yield Finding("projects", int(row), "project", rule, remedy)


def _project_regions(frames: Frames) -> Iterator[Finding]:
    """Yield regions that alone have to say where a project stands, and are unknown."""
    projects = frames["projects"]
    known = distinct(frames["origins"]["region"], frames["sinks"]["region"])
    elsewhere = distinct(frames["lanes"]["origin"])
    for row, (project, origin, region, node) in enumerate(
        projects[["project", "origin", "region", "node"]].itertuples(index=False)
    ):
        if region and region not in known and not (origin or node or project in elsewhere):
            rule = "must be the region of an origin or a sink, where no node is given"
            remedy = did_you_mean(region, known, "give its node")
            yield Finding("projects", row, "region", rule, remedy)


def _limits_raised(frames: Frames) -> Iterator[Finding]:
    limits = frames["limits"]
    unbounded = distinct(limits["limit"][limits["max"].isna()])
    for row, limit in enumerate(frames["projects"]["adds_to_limit"].tolist()):
        if limit in unbounded:
            rule = "the limit must have a max to be raised"
            yield Finding("projects", row, "adds_to_limit", rule, "write its max in limits.csv")


def _circular_requirements(frames: Frames) -> Iterator[Finding]:
    projects = frames["projects"]
    column = PROJECTS.by_name["requires"]
    needs = {
        project: names_in(column, cell)
        for project, cell in zip(projects["project"], projects["requires"], strict=True)
    }
    rows = {project: row for row, project in enumerate(projects["project"])}
    for cycle in _cycles(needs):
        found = " > ".join(cycle)
        rule = "projects may not require one another in a circle"
        remedy = "drop one of these requirements"
        yield Finding("projects", rows[cycle[0]], "requires", rule, remedy, quoted(found))


def _cycles(needs: dict[str, list[str]]) -> Iterator[list[str]]:
    """Yield one circle for each group of names that need one another, from its least name."""
    done: set[str] = set()
    for start in sorted(needs):
        if start in done:
            continue
        path = _way_back(start, needs)
        if path:
            done.update(path)
            yield path


def _way_back(start: str, needs: dict[str, list[str]]) -> list[str]:
    """Return the shortest walk from a name to itself; empty where there is none."""
    paths = [[start]]
    seen: set[str] = set()
    for path in paths:
        for name in sorted(needs.get(path[-1], [])):
            if name == start:
                return [*path, start]
            if name not in seen:
                seen.add(name)
                paths.append([*path, name])
    return []


def _forced_together(frames: Frames) -> Iterator[Finding]:
    """Yield forced projects beyond those that their group may have."""
    projects = frames["projects"]
    most = dict(zip(frames["groups"]["group"], frames["groups"]["max_projects"], strict=True))
    found: dict[str, list[int]] = {}
    forced = projects["forced"].to_numpy(dtype=bool) & (projects["group"] != "").to_numpy()
    for row in map(int, np.flatnonzero(forced)):
        group = projects["group"].iloc[row]
        earlier, allowed = found.setdefault(group, []), most.get(group, 1.0)
        if len(earlier) < allowed:
            earlier.append(row)
        elif not earlier:
            rule = "no project of its group is built, by its max_projects in groups.csv"
            yield Finding("projects", row, "forced", rule, "raise that, or drop forced")
        else:
            word = "one project" if allowed == 1 else f"{allowed:g} projects"
            verb = "is" if allowed == 1 else "are"
            rule = f"at most {word} of a group {verb} built, and {{other}} is forced too"
            remedy = "force one of them" if allowed == 1 else f"force {allowed:g} of them"
            yield Finding("projects", row, "forced", rule, remedy, None, ("projects", earlier[0]))


def _groups_too_small(frames: Frames) -> Iterator[Finding]:
    """Yield groups of which more must be built than there are."""
    members = frames["projects"]["group"].value_counts()
    for row, (group, least) in enumerate(
        frames["groups"][["group", "min_projects"]].itertuples(index=False)
    ):
        count = int(members.get(group, 0))
        if count and least > count:
            rule = f"must be at most the number of its projects, which is {count}"
            yield Finding("groups", row, "min_projects", rule, "lower it, or add projects")


def _loads(frames: Frames) -> Iterator[Finding]:
    """Yield least loads of what ships nothing, and those whose limit has the name of another."""
    limits = frames["limits"]["limit"].tolist()
    for row, (project, load, raised) in enumerate(
        frames["projects"][["project", "min_load", "adds_to_limit"]].itertuples(index=False)
    ):
        if load > 0 and raised:
            rule = "must be 0 where a project adds to a limit, for that ships nothing"
            yield Finding("projects", row, "min_load", rule, "drop it, or adds_to_limit")
        elif load > 0 and load_limit(project) in limits:
            at = limits.index(load_limit(project))
            rule = "a limit ({other}) bears the name that its least load takes"
            yield Finding(
                "projects", row, "min_load", rule, "rename that limit", None, ("limits", at)
            )


def _lines(frames: Frames) -> Iterator[Finding]:
    """Yield smallest sizes of what comes in lines."""
    projects = frames["projects"]
    for row in np.flatnonzero((projects["lines_max"] > 1) & projects["min_kt"].notna()):
        rule = "must be blank where a project comes in lines (lines_max), which are of one size"
        yield Finding("projects", int(row), "min_kt", rule, "leave it blank, or lines_max")


PROJECT_RULES: tuple[Rule, ...] = (
    _origins_and_projects,
    _projects_without_place,
    _project_regions,
    _limits_raised,
    _circular_requirements,
    _forced_together,
    _groups_too_small,
    _loads,
    _lines,
)
