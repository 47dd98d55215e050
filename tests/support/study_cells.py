"""Cells of a case, and figures that agree, as oracles of studies change and compare them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from model.case.case import Case
from tests.support.varied_cases import Dice

CLOSE = 1e-6
STEP_KT = 1e-4
"""So short that a plan bends within it but by rare chance."""
NO_PLAN = {"the case has no feasible plan; `run` says why"}


def agrees(one: float | None, other: float | None, close: float = CLOSE) -> bool:
    if one is None or other is None:
        return one is None and other is None
    return abs(one - other) <= close * (1.0 + abs(other))


def with_cells(case: Case, target: str, rows: np.ndarray, value: float, factor: bool) -> Case:
    """The case with a figure set, or multiplied."""
    table, _, column = target.partition(".")
    if table == "case":
        old = case.settings.carbon_price_cny_per_t
        price = old * value if factor else value
        return case.replace(settings=replace(case.settings, carbon_price_cny_per_t=price))
    frame = case.table(table)
    cells = frame[column].to_numpy(dtype=float, copy=True)
    cells[rows] = cells[rows] * value if factor else value
    return case.replace(**{table: frame.assign(**{column: cells})})


def rows_of(case: Case, dice: Dice, target: str) -> tuple[dict[str, list[str]], np.ndarray]:
    """Names that pick some rows of the target's table, and these rows."""
    table = target.partition(".")[0]
    if table == "case":
        return {}, np.array([True])
    keys = {"links": ["from", "to"], "lanes": ["origin", "sink"], "duties": ["duty"]}
    frame = case.table(table)
    columns = keys.get(table, [frame.columns[0]])
    row = frame.iloc[int(dice.whole(0, len(frame) - 1))]
    where = {name: [str(row[name])] for name in columns}
    return where, np.logical_and.reduce([frame[name] == row[name] for name in columns])
