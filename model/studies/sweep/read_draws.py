"""What varies in a sweep, read from `DRAWS.toml`.

::

    seed = 1                    # whole number; the same seed draws the same figures
    draws = 1000
    keep = ["prices", "flows"]  # tables of every draw to keep with the figures
    csv = "draws.csv"           # figures of the user's own instead of distributions

    [correlations]
    demand = 0.6                # of every two figures of the group, on the normal scale

    [[vary]]
    name = "demand"             # a column of draws.csv; by default the target
    target = "sinks.demand_kt"
    where = { kind = ["domestic"] }
    each = true                 # every row draws its own; by default one draw moves them all
    how = "factor"              # of the case's figure (default), or "absolute": in its place
    distribution = "triangular" # uniform, triangular or normal
    low = 0.95
    mode = 1.0
    high = 1.1
    group = "demand"

`uniform` has low and high, `triangular` low, mode and high, `normal` mean and sd, and low
and high where it is cut off.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from model.case.cells import CellProblem, Value, parse_value
from model.case.columns import Table
from model.case.errors import Fault, quoted, raise_any
from model.case.names import did_you_mean
from model.case.schema import CASE, TABLES, present_target
from model.reading.read_csv import read_csv_table
from model.reading.read_toml import read_toml
from model.studies.parametric.figure import RECIPES, TARGETS
from model.studies.sweep.csv_figures import csv_figures
from model.studies.sweep.distributions import PARAMETERS, Distribution
from model.studies.sweep.draws import DrawPlan, Variation

KEEPS = ("prices", "flows")
HOW = ("factor", "absolute")
MOST_DRAWS = 1_000_000
_KEYS = ("seed", "draws", "keep", "csv", "correlations", "vary")
_VARY_KEYS = (
    "name", "target", "where", "each", "how", "distribution", "low", "mode", "high", "mean", "sd",
    "group",
)  # fmt: skip


def read_draws(path: Path, table: Path | None = None) -> DrawPlan:
    """Read a `DRAWS.toml`, and the CSV that it names, or else `table` in its place.

    Raises
    ------
    BadInput
        With everything that is wrong with either file.
    """
    given, _ = read_toml(path)
    reader = _Reader(path.name)
    plan = reader.read(given)
    files: tuple[Path, ...] = (path,)
    if isinstance(given.get("csv"), str) and not reader.faults:
        table = table or path.parent / given["csv"]
        names = [variation.name for variation in plan.variations]
        figures = csv_figures(read_csv_table(table), names, reader.faults)
        plan, files = replace(plan, given=figures, draws=len(figures)), (path, table)
    raise_any(reader.faults)
    return replace(plan, files=files)


class _Reader:
    """Reads a plan and notes its faults."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []

    def fault(self, place: str, found: str, rule: str, remedy: str) -> None:
        self.faults.append(
            Fault(f"{self.file}:{place}" if place else self.file, found, rule, remedy)
        )

    def read(self, given: Mapping[str, Any]) -> DrawPlan:
        self._unknown("", given, _KEYS)
        correlations = self._correlations(given.get("correlations", {}))
        has_csv = "csv" in given
        if has_csv and not isinstance(given["csv"], str):
            self.fault("csv", _shown(given["csv"]), "must be a text", "name a file")
        vary = given.get("vary", [])
        if not isinstance(vary, list) or not vary or not all(isinstance(v, dict) for v in vary):
            self.fault("vary", "nothing that varies", "must have a [[vary]]", "add one")
            vary = []
        variations = tuple(
            self._variation(entry, f"vary {number}", has_csv, correlations)
            for number, entry in enumerate(vary, start=1)
        )
        names = [variation.name for variation in variations]
        for name in sorted({name for name in names if names.count(name) > 1}):
            rule = "variations must differ in name"
            self.fault("vary", quoted(name), rule, "give each a name of its own")
        return DrawPlan(
            variations,
            self._whole("seed", given.get("seed", 1), 0),
            self._whole("draws", given.get("draws", 1000), 1),
            self._keep(given.get("keep", ["prices"])),
            correlations,
        )

    def _unknown(self, place: str, given: Mapping[str, Any], known: tuple[str, ...]) -> None:
        for key in given:
            if key not in known:
                remedy = did_you_mean(key, known, f"the keys are {', '.join(known)}")
                where = f"{place}:{key}" if place else key
                self.fault(where, quoted(key), "there is no such key", remedy)

    def _whole(self, key: str, value: Any, least: int) -> int:
        most = MOST_DRAWS if key == "draws" else 2**63 - 1
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            rule = f"must be a whole number of at least {least}, at most {most}"
            self.fault(key, _shown(value), rule, f"write {key} = {max(least, 1)}")
            return least
        return value

    def _keep(self, value: Any) -> tuple[str, ...]:
        known = f"the tables are {', '.join(KEEPS)}"
        if not isinstance(value, list):
            self.fault("keep", _shown(value), "must be a list", known)
            return ()
        for name in value:
            if name not in KEEPS:
                remedy = did_you_mean(str(name), KEEPS, known)
                self.fault("keep", _shown(name), "there is no such table of a draw", remedy)
        return tuple(name for name in KEEPS if name in value)

    def _correlations(self, value: Any) -> dict[str, float]:
        if not isinstance(value, dict):
            self.fault("correlations", _shown(value), "must be a table", "write group = 0.5")
            return {}
        for name, number in value.items():
            if not _is_number(number) or not 0 <= number <= 1:
                rule, remedy = "must be a number from 0 to 1", "write one"
                self.fault(f"correlations:{name}", _shown(number), rule, remedy)
        return {name: float(n) for name, n in value.items() if _is_number(n) and 0 <= n <= 1}

    def _variation(
        self, given: Mapping[str, Any], place: str, has_csv: bool, groups: Mapping[str, float]
    ) -> Variation:
        self._unknown(place, given, _VARY_KEYS)
        if isinstance(given.get("target"), str):
            given = {**given, "target": present_target(given["target"])}
        known = (*TARGETS, RECIPES)
        target = self._choice(given, place, "target", known, "a figure that costs depend on")
        group = given.get("group", "")
        if group and group not in groups and not has_csv:
            remedy = did_you_mean(str(group), groups, f"write [correlations] {group} = 0.5")
            self.fault(f"{place}:group", _shown(group), "must stand in [correlations]", remedy)
        each = given.get("each", False)
        if not isinstance(each, bool):
            self.fault(f"{place}:each", _shown(each), "must be true or false", "write one of them")
        name = given.get("name", given.get("target"))
        if not isinstance(name, str) or not name:
            self.fault(f"{place}:name", _shown(name), "must be a text", "write a name")
        how = self._choice(given, place, "how", HOW, "factor or absolute", "factor")
        return Variation(
            str(name),
            target,
            self._where(given.get("where", {}), target, place) if target else {},
            each is True,
            how != "absolute",
            self._distribution(given, place, has_csv),
            str(group),
        )

    def _choice(
        self,
        given: Mapping[str, Any],
        place: str,
        key: str,
        known: tuple[str, ...],
        rule: str,
        default: str = "",
    ) -> str:
        value = given.get(key, default)
        if value in known:
            return str(value)
        found = _shown(value) if value != "" else f"no {key}"
        remedy = did_you_mean(str(value), known, f"write one of {', '.join(known)}")
        self.fault(f"{place}:{key}", found, f"must be {rule}", remedy)
        return default

    def _where(self, given: Any, target: str, place: str) -> dict[str, list[Value]]:
        table: Table = TABLES.get(target.partition(".")[0], CASE)
        if not isinstance(given, dict) or (given and table is CASE):
            rule = "case has no rows to choose from" if table is CASE else "must be a table"
            self.fault(
                f"{place}:where", _shown(given), rule, 'write { origin = ["A"] }, or nothing'
            )
            return {}
        where: dict[str, list[Value]] = {}
        for name, values in given.items():
            column = table.by_name.get(name)
            if column is None:
                known = f"the columns are {', '.join(table.column_names)}"
                remedy = did_you_mean(name, table.column_names, known)
                rule = f"{table.name} has no such column"
                self.fault(f"{place}:where.{name}", quoted(name), rule, remedy)
                continue
            where[name] = []
            for value in values if isinstance(values, list) else [values]:
                parsed = parse_value(column, value)
                if isinstance(parsed, CellProblem):
                    where_place = f"{place}:where.{name}"
                    self.fault(where_place, parsed.found, parsed.rule, parsed.remedy)
                else:
                    where[name].append(parsed)
        return where

    def _distribution(
        self, given: Mapping[str, Any], place: str, has_csv: bool
    ) -> Distribution | None:
        kind = given.get("distribution")
        if has_csv:
            if kind is not None:
                rule = "figures come from the CSV or from a distribution, not from both"
                self.fault(f"{place}:distribution", _shown(kind), rule, "drop one of them")
            return None
        kind = self._choice(given, place, "distribution", tuple(PARAMETERS), "a distribution")
        if not kind:
            return None
        needed, allowed = PARAMETERS[kind]
        numbers: dict[str, float] = {}
        for key in ("low", "mode", "high", "mean", "sd"):
            where = f"{place}:{key}"
            if key not in given:
                if key in needed:
                    rule = f"a {kind} distribution must have {', '.join(needed)}"
                    self.fault(where, f"no {key}", rule, f"write {key} = ...")
            elif key not in allowed:
                rule = f"a {kind} distribution has {', '.join(allowed)}"
                self.fault(where, _shown(given[key]), rule, "drop it")
            elif not _is_number(given[key]) or not np.isfinite(given[key]):
                self.fault(where, _shown(given[key]), "must be a number", "write a figure")
            else:
                numbers[key] = float(given[key])
        distribution = Distribution(kind, **numbers)
        fault = distribution.fault()
        if fault and set(needed) <= set(numbers):
            self.fault(place, fault, f"a {kind} distribution must be possible", "mend its figures")
        return distribution


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _shown(value: object) -> str:
    if isinstance(value, str):
        return quoted(value)
    return str(value).lower() if isinstance(value, bool) else quoted(str(value)).strip('"')
