"""The settings of a case: keys of ``case.toml``, or of a workbook's sheet ``case``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from model.case.case import Settings
from model.case.cells import CellProblem, Value, parse_cell, parse_value
from model.case.columns import Column
from model.case.errors import BadInput, Fault, quoted, renamed_warning
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


@dataclass
class ReadSettings:
    """What keys say, where they stand, and what is wrong with them (then no settings)."""

    settings: Settings | None
    place: Place
    faults: list[Fault]
    warnings: list[str] = field(default_factory=list)


def settings_from_toml(path: Path) -> ReadSettings:
    """Read the keys of ``case.toml``."""

    def place(key: str) -> str:
        line = next(filter(None, (line_of_key(text, name) for name in _names_of(key))), 0)
        return ":".join([path.name, *([str(line)] if line else []), *([key] if key else [])])

    text = ""
    if not is_there(path):
        remedy = 'write it with a line name = "..."'
        fault = Fault(path.name, "no such file", "a case must have it", remedy)
        return ReadSettings(None, place, [fault])
    try:
        values, text = read_toml(path)
    except BadInput as error:
        return ReadSettings(None, place, error.faults)
    return _read(values, parse_value, place)


def settings_from_cells(cells: Mapping[str, SettingCell], where: str) -> ReadSettings:
    """Read keys and values in cells."""

    def place(key: str) -> str:
        known = [cells[name].place for name in _names_of(key) if name in cells]
        return f"{known[0] if known else where}:{key}" if key else where

    def parse(column: Column, value: object) -> Value | CellProblem:
        return parse_cell(column, str(value))

    return _read({key: cell.text for key, cell in cells.items()}, parse, place)


def _names_of(key: str) -> tuple[str, ...]:
    """Return a key with its old names."""
    return (key, *CASE.by_name[key].old_names) if key in CASE.by_name else (key,)


def _read(
    given: Mapping[str, object],
    parse: Callable[[Column, object], Value | CellProblem],
    place: Place,
) -> ReadSettings:
    faults: list[Fault] = []
    warnings: list[str] = []
    present: dict[str, object] = {}
    for name, value in given.items():
        key = CASE.present(name)
        if key not in CASE.by_name:
            faults.append(_unknown_key(key, place(key)))
        elif key != name and key in given:
            rule = f"it is called {key} now, which is there too"
            faults.append(Fault(place(name), quoted(name), rule, "delete one of the two"))
        else:
            present[key] = value
            warnings += [renamed_warning(place(name), name, key)] if key != name else []
    values: dict[str, Value] = {}
    for key, column in CASE.by_name.items():
        parsed = parse(column, present[key]) if key in present else parse_cell(column, "")
        if isinstance(parsed, CellProblem):
            found = parsed.found if key in present else "no such key"
            faults.append(Fault(place(key), found, parsed.rule, parsed.remedy))
        else:
            values[key] = parsed
    return ReadSettings(None if faults else make_settings(values), place, faults, warnings)


def _unknown_key(key: str, where: str) -> Fault:
    remedy = did_you_mean(key, CASE.column_names, f"the keys are {', '.join(CASE.column_names)}")
    return Fault(where, quoted(key), "there is no such key", remedy)
