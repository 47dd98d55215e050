"""Rules for what names a figure of another table."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from model.case.names import did_you_mean, nearest
from model.case.schema import CASE, TABLES, column
from model.case.where import matching, parse_where, typed_where
from model.checking.check import Finding, Frames, Rule, distinct, out_of_bounds, rule_of_bounds
from model.checking.rules_network import NO_MIN, may_have_min

MIN = "limits.min"


def _targets(frames: Frames) -> Iterator[Finding]:
    for table in ("paths", "assumptions"):
        targets, wheres = frames[table]["target"].tolist(), frames[table]["where"].tolist()
        for row, (target, where) in enumerate(zip(targets, wheres, strict=True)):
            if not target:
                continue
            remedy = wrong_target(target)
            if remedy:
                rule = "must be table.column, of a column of numbers"
                yield Finding(table, row, "target", rule, remedy)
                continue
            wrong = wrong_where(target, where, frames)
            if wrong:
                yield Finding(table, row, "where", *wrong)


def _figures_out_of_bounds(frames: Frames) -> Iterator[Finding]:
    """Yield figures that would put what they stand for beyond its own bounds."""
    for table, names in (("paths", ("value",)), ("assumptions", ("low", "high"))):
        frame = frames[table]
        for row, (target, how) in enumerate(zip(frame["target"], frame["how"], strict=True)):
            if wrong_target(target):
                continue
            rule, remedy = rule_of_bounds(column(target))
            figures = frame[list(names)].iloc[row].to_numpy(dtype=float)
            wrong = out_of_bounds(column(target), figures)
            if how == "factor":
                rule, remedy = "a factor must be at least 0", "write 0 or more"
                wrong = figures < 0
            for place in np.flatnonzero(wrong):
                rule_there = f"{target} {rule}" if how == "absolute" else rule
                yield Finding(table, row, names[place], rule_there, remedy)


def _minima_on_routes(frames: Frames) -> Iterator[Finding]:
    """Yield figures that would give a least to a limit that may have none."""
    can = may_have_min(frames["limits"], frames["links"])
    for table, names in (("paths", ("value",)), ("assumptions", ("low", "high"))):
        frame = frames[table]
        for row in np.flatnonzero((frame["target"] == MIN) & (frame["how"] == "absolute")):
            where = frame["where"].iloc[row]
            if wrong_where(MIN, where, frames):
                continue
            picked = matching(frames["limits"], typed_where(TABLES["limits"], parse_where(where)))
            for name in names:
                if frame[name].iloc[row] > 0 and not can[picked].all():
                    yield Finding(table, int(row), name, NO_MIN, "pick other limits")


def wrong_target(target: str) -> str:
    """Return the remedy for a target that names no column of numbers; blank if it does."""
    numeric = [
        f"{table.name}.{column.name}"
        for table in (CASE, *TABLES.values())
        for column in table.columns
        if column.is_number
    ]
    return "" if target in numeric else did_you_mean(target, numeric, "see data/README.md")


def wrong_where(target: str, where: str, frames: Frames) -> tuple[str, str] | None:
    """Return rule and remedy for a condition that cannot be read or picks no row."""
    table = target.partition(".")[0]
    if table == CASE.name:
        return ("must be blank for a key of case.toml", "clear it") if where else None
    try:
        columns = parse_where(where)
        mask = matching(frames[table], typed_where(TABLES[table], columns))
    except ValueError as error:
        return str(error), "write it like mode=rail|road; grade=assumed"
    if mask.any():
        return None
    return f"must match a row of {table}", _nearest_condition(table, columns, frames)


def _nearest_condition(table: str, columns: dict[str, list[str]], frames: Frames) -> str:
    for name, values in columns.items():
        if not TABLES[table].by_name[name].is_number:
            known = distinct(frames[table][name])
            for value in values:
                near = nearest(value, known)
                if value not in known and near:
                    return f"did you mean {name}={near}?"
    return f"see the rows of {TABLES[table].file}"


TARGET_RULES: tuple[Rule, ...] = (
    _targets,
    _figures_out_of_bounds,
    _minima_on_routes,
)
