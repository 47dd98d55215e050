"""Scenario steps put into a case without the checks that reading one makes: for moves of knobs.

A knob admits only values that keep its case sound, and a run that is saved goes through all
checks. What comes out is the case that `model.scenarios.scenario.apply` gives.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pandas as pd

from model.case.case import Case
from model.case.schema import CASE
from model.case.where import matching
from model.scenarios.step import Step, parse_step
from model.studies.whatif.knob import Steps


def apply_unchecked(case: Case, steps: Steps) -> Case:
    """The case that steps (as a scenario file has them) make of `case`."""
    frames: dict[str, pd.DataFrame] = {}
    settings = case.settings
    for table in steps:
        step = parse_step(table, "moves", [])
        assert step is not None, table
        if step.table == CASE.name:
            changed: dict[str, Any] = {step.column: step.value}
            settings = replace(settings, **changed)
            continue
        frame = frames.get(step.table, case.table(step.table))
        frames[step.table] = _appended(frame, step) if step.row else _changed(frame, step)
    if not steps:
        return case
    return case.replace(settings=replace(settings, default_scenario=""), **frames)


def _appended(frame: pd.DataFrame, step: Step) -> pd.DataFrame:
    row = pd.DataFrame([dict(step.row)])
    return pd.concat([frame, row], ignore_index=True) if len(frame) else row


def _changed(frame: pd.DataFrame, step: Step) -> pd.DataFrame:
    change = CHANGES[step.action]
    cells = frame[step.column].tolist()
    for row in matching(frame, step.where).nonzero()[0].tolist():
        cells[row] = change(cells[row], step.value)
    return frame.assign(**{step.column: cells})


def _sum(figure: float, more: float) -> float:
    """In decimals, as people add."""
    return figure if figure != figure else float(Decimal(repr(figure)) + Decimal(repr(more)))


def _product(figure: float, factor: float) -> float:
    return figure if figure != figure else float(Decimal(repr(figure)) * Decimal(repr(factor)))


CHANGES: dict[str, Callable[[Any, Any], Any]] = {
    "set": lambda _, value: value,
    "add": _sum,
    "scale": _product,
}
