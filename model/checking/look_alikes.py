"""Names that differ only by case, spaces or Unicode form, and would pass for two things."""

from __future__ import annotations

from collections.abc import Iterator

from model.case.errors import quoted
from model.case.names import folded
from model.case.schema import TABLES
from model.checking.check import Finding, Frames, distinct

FAMILIES: tuple[tuple[str, ...], ...] = (
    ("origins.origin", "projects.project"),
    ("sinks.sink",),
    ("origins.region", "sinks.region", "projects.region"),
    ("nodes.node",),
    ("modes.mode", "lanes.mode"),
    ("limits.limit",),
    ("projects.group",),
    ("observed.quantity",),
    ("sources.source",),
    ("names.name",),
    ("assumptions.assumption",),
)
"""Columns whose names make one vocabulary, in which no two may look alike."""


def look_alikes(frames: Frames) -> Iterator[Finding]:
    """Yield each such name after the first of its vocabulary."""
    for family in FAMILIES:
        yield from _within(family, frames)


def _within(family: tuple[str, ...], frames: Frames) -> Iterator[Finding]:
    first: dict[str, tuple[str, str, int]] = {}
    for target in family:
        table, _, name = target.partition(".")
        source = TABLES[table].by_name[name].default_column
        own_names = distinct(frames[table][source]) if source else set()
        for value, row in _first_rows(frames[table][name].tolist()).items():
            if not value:
                continue
            known, other_table, other_row = first.setdefault(folded(value), (value, table, row))
            if known == value:
                continue
            column = name
            if source and frames[table][source].iloc[row] == value:
                column = source  # a blank region is the origin's own name
                if known in own_names:
                    continue  # the origins have said so already
            rule = f"differs from {quoted(known)} ({{other}}) only by case, spaces or Unicode form"
            remedy = f"write {quoted(known)} if it is the same, or another name"
            other = (other_table, other_row)
            yield Finding(table, row, column, rule, remedy, quoted(value), other)


def _first_rows(values: list[str]) -> dict[str, int]:
    """Return each value with the first row that has it, in that order."""
    rows: dict[str, int] = {}
    for row, value in enumerate(values):
        rows.setdefault(value, row)
    return rows
