"""Settings of a case as values by key, and as a table of one row, like any other table."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from model.case.case import Settings
from model.case.cells import Value
from model.case.errors import Fault, quoted
from model.case.schema import CASE


def make_settings(values: Mapping[str, Value]) -> Settings:
    """Return the settings whose keys have these values; joined names become tuples."""
    typed: dict[str, object] = {}
    for key, value in values.items():
        kind = CASE.by_name[key].kind
        if kind == "names":
            typed[key] = tuple(name for name in str(value).split("|") if name)
        elif kind == "integer":
            typed[key] = None if value != value else int(value)
        elif kind == "number":
            typed[key] = float(value)
        else:
            typed[key] = value
    return Settings(**typed)  # type: ignore[arg-type]  # the schema and Settings have one test


def settings_values(settings: Settings) -> dict[str, Value]:
    """Return the values of the keys, as :func:`make_settings` takes them."""
    values: dict[str, Value] = {}
    for key, column in CASE.by_name.items():
        value = getattr(settings, key)
        if column.kind == "names":
            values[key] = "|".join(value)
        elif column.is_number:
            values[key] = float("nan") if value is None else float(value)
        else:
            values[key] = value
    return values


def settings_faults(settings: Settings) -> list[Fault]:
    """Return what is wrong with the types of settings that were given in Python."""
    faults = []
    for key, column in CASE.by_name.items():
        value = getattr(settings, key)
        if column.kind == "names":
            fits = isinstance(value, tuple) and all(isinstance(name, str) for name in value)
            rule, remedy = "must be names", "give them as a tuple of str"
        elif column.is_number:
            fits = _is_figure(value) or (value is None and column.filler != column.filler)
            rule, remedy = "must be a number", "give it as int or float"
        else:
            fits = isinstance(value, str)
            rule, remedy = "must be text", "give it as str"
        if not fits:
            faults.append(Fault(f"{CASE.name}.{key}", quoted(str(value)), rule, remedy))
    return faults


def _is_figure(value: object) -> bool:
    if isinstance(value, np.integer | np.floating):
        value = value.item()
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) <= sys.float_info.max or abs(value) == float("inf")  # never NaN


def settings_without_scenarios(settings: Settings) -> Settings:
    """Return settings that name no scenario: those of a case as it stands, without its folder."""
    return replace(settings, default_scenario="", companion_scenario="")


def settings_frame(settings: Settings | None) -> pd.DataFrame:
    """Return the settings as a table of one row, or of none, for the checks of tables."""
    rows = [] if settings is None else [settings_values(settings)]
    return pd.DataFrame(rows, columns=pd.Index(CASE.column_names))
