"""The scenario files that belong to a case as its tables do: those that its assumptions name."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from model.case.case import Case

FOLDER, SUFFIX = "scenarios", ".toml"


def needed_scenarios(case: Case) -> dict[str, str]:
    """Texts of the scenarios that the assumptions name, and of those that they extend, by file."""
    wanted = [name for name in case.assumptions["scenario"].unique().tolist() if name]
    found: dict[str, str] = {}
    while wanted:
        name = wanted.pop()
        file = scenario_file(name)
        if name in case.scenarios and file not in found:
            found[file] = case.scenarios[name]
            wanted += _extended(found[file])
    return dict(sorted(found.items()))


def scenario_file(name: str) -> str:
    """The place of a scenario's file in the folder of a case."""
    return f"{FOLDER}/{name}{SUFFIX}"


def _extended(text: str) -> list[str]:
    """The scenarios that a text extends; none where it cannot be read, for others to say so."""
    try:
        extended = tomllib.loads(text).get("extends", [])
    except (ValueError, RecursionError):
        return []
    names = extended if isinstance(extended, list) else [extended]
    return [name for name in names if isinstance(name, str)]
