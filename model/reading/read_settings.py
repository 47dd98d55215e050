"""The settings of a case: keys of ``case.toml``, or of a workbook's sheet ``case``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from model.case.case import Settings
from model.case.cells import Problem, Value, parse_cell, parse_value
from model.case.columns import Column
from model.case.errors import BadInput, Fault, quoted
from model.case.names import did_you_mean
from model.case.schema import CASE
from model.case.settings import make_settings
from model.reading.files import is_there
from model.reading.read_toml import line_of_key, read_toml

Place = Callable[[str], str]
"""Where a key stands, for a message; without a key, where all of them stand."""


class SettingCell(NamedTuple):
    """The value of a key as text, and the cell that holds it."""

    text: str
    place: str


def settings_from_toml(path: Path) -> tuple[Settings | None, Place, list[Fault]]:
    """Return what ``case.toml`` says, where its keys stand, and its faults (then no settings)."""

    def place(key: str) -> str:
        line = line_of_key(text, key)
        return ":".join([path.name, *([str(line)] if line else []), *([key] if key else [])])

    text = ""
    if not is_there(path):
        remedy = 'write it with a line name = "..."'
        return None, place, [Fault(path.name, "no such file", "a case must have it", remedy)]
    try:
        values, text = read_toml(path)
    except BadInput as error:
        return None, place, error.faults
    settings, faults = _settings(values, parse_value, place)
    return settings, place, faults


def settings_from_cells(
    cells: Mapping[str, SettingCell], where: str
) -> tuple[Settings | None, Place, list[Fault]]:
    """Return what keys and values in cells say, and as for :func:`settings_from_toml`."""

    def place(key: str) -> str:
        known = cells[key].place if key in cells else where
        return f"{known}:{key}" if key else where

    def parse(column: Column, value: object) -> Value | Problem:
        return parse_cell(column, str(value))

    settings, faults = _settings({key: cell.text for key, cell in cells.items()}, parse, place)
    return settings, place, faults


def _settings(
    given: Mapping[str, object],
    parse: Callable[[Column, object], Value | Problem],
    place: Place,
) -> tuple[Settings | None, list[Fault]]:
    faults = [_unknown_key(key, place(key)) for key in given if key not in CASE.by_name]
    values: dict[str, Value] = {}
    for key, column in CASE.by_name.items():
        value = parse(column, given[key]) if key in given else parse_cell(column, "")
        if isinstance(value, Problem):
            found = value.found if key in given else "no such key"
            faults.append(Fault(place(key), found, value.rule, value.remedy))
        else:
            values[key] = value
    return (None if faults else make_settings(values)), faults


def _unknown_key(key: str, where: str) -> Fault:
    remedy = did_you_mean(key, CASE.column_names, f"the keys are {', '.join(CASE.column_names)}")
    return Fault(where, quoted(key), "there is no such key", remedy)
