"""Moves as a scenario file that `run` takes."""

from __future__ import annotations

import json
from typing import Any

from model.case.records import Json
from model.case.write import format_number
from model.studies.whatif.knob import Steps


def scenario_text(title: str, why: str, steps: Steps, extends: str = "") -> str:
    """A scenario file with these steps; reading it gives them back to the last bit."""
    head = {"title": title, "why": why} | ({"extends": extends} if extends else {})
    parts = [_table(head), *("[[step]]\n" + _table(step) for step in steps)]
    return "\n".join(parts)


def _table(values: Json) -> str:
    return "".join(f"{key} = {toml(value)}\n" for key, value in values.items())


def toml(value: Any) -> str:
    """A value as TOML on one line.

    Examples
    --------
    >>> toml({"origin": ["North"], "at": 0.5})
    '{ origin = ["North"], at = 0.5 }'
    """
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return format_number(value)
