"""A case in which chosen projects stand: origins of their own, limits raised, origins closed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from model.case.names import load_limit
from model.case.records import Record
from model.certify.choice import least_load_kt
from model.market.selection import SEPARATOR, names_in, records
from model.studies.siting.read_options import ProjectSites

if TYPE_CHECKING:
    from model.case.case import Case

DOMESTIC = "domestic"


def built(
    case: Case,
    size_kt: Mapping[str, float],
    closed: Collection[str] = (),
    idle: Collection[str] | None = None,
) -> Case:
    """The case with these projects built at these sizes, and these origins closed.

    A project that supplies becomes an origin of its own name, in its region and at its node, and
    counts wherever the origin that it extends is named; one that adds to a limit raises it. It
    leaves `projects.csv`, and a requirement of it is met. A closed origin keeps its name and
    supplies nothing. What is left is a case like any other.

    Parameters
    ----------
    idle : projects that ship nothing; of the others that have one, a limit states the least load.
        Without it least loads do not hold
    """
    rows = {row["project"]: row for row in records(case.projects) if row["project"] in size_kt}
    supplying = [row for row in rows.values() if not row["adds_to_limit"]]
    hosts: dict[str, list[str]] = {}
    for row in supplying:
        hosts.setdefault(row["origin"], []).append(row["project"])
    hosts.pop("", None)
    changes = {
        "origins": _origins(case, supplying, size_kt, closed),
        "limits": _with_loads(
            _raised(_with_extensions(case.limits, hosts), rows, size_kt), supplying, size_kt, idle
        ),
        "duties": _with_extensions(case.duties, hosts),
        "lanes": _lanes(case, supplying),
        "recipes": _recipes(case.recipes, hosts),
        "projects": _left(case.projects, rows),
        "groups": _left_of_groups(case, rows),
        "closures": case.closures[~case.closures["origin"].isin(list(closed))],
        "paths": _about_others(case.paths),
        "assumptions": _about_others(case.assumptions),
    }
    changed = {name: table for name, table in changes.items() if table is not case.table(name)}
    return case.replace_unchecked(**changed)


def _origins(
    case: Case,
    supplying: list[Record],
    size_kt: Mapping[str, float],
    closed: Collection[str],
) -> pd.DataFrame:
    """Origins, those closed without supply, and projects that supply."""
    origins, places = case.origins, ProjectSites(case)
    if closed:
        shut = origins["origin"].isin(list(closed)).to_numpy()
        origins = origins.assign(
            supply_kt=origins["supply_kt"].mask(shut, 0.0),
            capacity_kt=origins["capacity_kt"].mask(shut, 0.0),
        )
    if not supplying:
        return origins
    new = [_origin(places, row, size_kt[row["project"]]) for row in supplying]
    more = pd.DataFrame(new, columns=origins.columns)
    return pd.concat([origins, more]) if len(origins) else more


def _origin(places: ProjectSites, project: Mapping[str, Any], size_kt: float) -> Record:
    """A row of origins.csv for a project that supplies."""
    host, extended = places.host(project), places.extended(project)
    return {
        "origin": project["project"],
        "supply_kt": size_kt,
        "region": places.region(project),
        "kind": host["kind"] if host else DOMESTIC,
        "node": project["node"] or (host["node"] if host else ""),
        "capacity_kt": size_kt,
        "cost_cny_per_t": project["cost_cny_per_t"],
        "commodity": project["commodity"] or (extended["commodity"] if extended else ""),
        "source": project["source"],
        "grade": project["grade"],
    }


def _raised(
    limits: pd.DataFrame, rows: Mapping[str, Mapping[str, Any]], size_kt: Mapping[str, float]
) -> pd.DataFrame:
    """Limits with what projects add to them."""
    added: dict[str, float] = {}
    for name, row in rows.items():
        if row["adds_to_limit"]:
            added[row["adds_to_limit"]] = added.get(row["adds_to_limit"], 0.0) + size_kt[name]
    if not added:
        return limits
    more = limits["limit"].map(added).fillna(0.0)
    return limits.assign(max=limits["max"] + more)


def _with_loads(
    limits: pd.DataFrame,
    supplying: list[Record],
    size_kt: Mapping[str, float],
    idle: Collection[str] | None,
) -> pd.DataFrame:
    """Limits, with one for each project that has a least load."""
    if idle is None or all(row["min_load"] == 0 for row in supplying):
        return limits
    new = []
    for row in supplying:
        name = row["project"]
        if row["min_load"] > 0:
            least, size = (Fraction(repr(float(x))) for x in (row["min_load"], size_kt[name]))
            is_idle = name in idle
            bounds = {"max": 0.0} if is_idle else {"min": float(least_load_kt(least, size))}
            blank = dict.fromkeys(limits.columns, "") | {"min": np.nan, "max": np.nan}
            own = {"limit": load_limit(name), "origin": name, "measure": "ship_kt"}
            new.append(blank | own | bounds)
    more = pd.DataFrame(new, columns=limits.columns)
    return pd.concat([limits, more]) if len(limits) else more


def _lanes(case: Case, supplying: list[Record]) -> pd.DataFrame:
    """Lanes of origins and of projects; an extension without its own has those of its origin."""
    lanes = case.lanes
    with_lane = set(lanes["origin"])
    copies = [
        lanes[lanes["origin"] == row["origin"]].assign(origin=row["project"], min_kt=0.0)
        for row in supplying
        if row["origin"] and row["project"] not in with_lane
    ]
    copies = [copy for copy in copies if len(copy)]
    return pd.concat([lanes, *copies]) if copies else lanes


def _recipes(recipes: pd.DataFrame, hosts: Mapping[str, list[str]]) -> pd.DataFrame:
    """Recipes, those that name an origin for its extensions too that no recipe names."""
    named = set(recipes["origin"])
    copies = [
        recipes[recipes["origin"] == host].assign(origin=project)
        for host, projects in hosts.items()
        for project in projects
        if host in named and project not in named
    ]
    return pd.concat([recipes, *copies]) if copies else recipes


def _with_extensions(table: pd.DataFrame, hosts: Mapping[str, list[str]]) -> pd.DataFrame:
    """A table with a selection, in which an extension counts where its origin is named."""
    if not hosts or table.empty:
        return table

    def extended(cell: str) -> str:
        names = names_in(cell)
        more = [name for host in names for name in hosts.get(host, []) if name not in names]
        return SEPARATOR.join([*names, *more]) if more else cell

    return table.assign(origin=[extended(cell) for cell in table["origin"]])


def _left(projects: pd.DataFrame, rows: Collection[str]) -> pd.DataFrame:
    """Projects not built, without the requirements that are met."""
    if not rows:
        return projects
    left = projects[~projects["project"].isin(rows)]
    needs = [
        SEPARATOR.join(name for name in names_in(cell) if name not in rows)
        for cell in left["requires"]
    ]
    return left.assign(requires=needs)


def _left_of_groups(case: Case, rows: Collection[str]) -> pd.DataFrame:
    """How many of each group may still be built; of a group without a row, one in all."""
    count: dict[str, int] = {}
    left = set()
    for row in records(case.projects):
        if row["project"] in rows and row["group"]:
            count[row["group"]] = count.get(row["group"], 0) + 1
        elif row["project"] not in rows:
            left.add(row["group"])
    if not count:
        return case.groups
    listed = records(case.groups)
    blank = {"min_projects": 0.0, "max_projects": 1.0, "source": "", "grade": ""}
    more = sorted(count.keys() - {row["group"] for row in listed})
    every = [*listed, *({"group": name} | blank for name in more)]
    return pd.DataFrame(
        [
            row
            | {
                bound: max(row[bound] - count.get(row["group"], 0), 0.0)
                for bound in ("min_projects", "max_projects")
            }
            for row in every
            if row["group"] in left
        ],
        columns=case.groups.columns,
    )


def _about_others(table: pd.DataFrame) -> pd.DataFrame:
    """Figures of other tables than those that building changes row by row."""
    about = table["target"].str.startswith(("projects.", "closures."))
    return table[~about] if about.any() else table
