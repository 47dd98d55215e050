"""What the schema asks of single cells that were not read from a file."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from model.case.cells import CellProblem, parse_cell
from model.case.columns import Column
from model.case.errors import quoted
from model.case.schema import CASE, MAX_NUMBER, TABLES
from model.case.write import format_number
from model.checking.check import Finding, Frames


def check_cells(frames: Frames) -> Iterator[Finding]:
    """Yield every cell that no file could hold, in complete and typed tables."""
    for table in (CASE, *TABLES.values()):
        for column in table.columns:
            for row, problem in _problems(column, frames[table.name][column.name]):
                yield Finding(table.name, row, column.name, problem.rule, problem.remedy)


def _problems(column: Column, cells: pd.Series) -> Iterator[tuple[int, CellProblem]]:
    if column.kind == "boolean" or not len(cells):
        return
    texts = _suspect_numbers(column, cells) if column.is_number else dict(enumerate(cells))
    parsed = {text: parse_cell(column, text) for text in set(texts.values())}
    for row, text in texts.items():
        value = parsed[text]
        if isinstance(value, CellProblem):
            yield row, value
        elif isinstance(value, str) and text and value != text:
            rule = f"a case in memory holds it as {quoted(value)}"
            yield row, CellProblem(quoted(text), rule, "write it so")


def _suspect_numbers(column: Column, cells: pd.Series) -> dict[int, str]:
    """Return the few numbers that need a look, as text by row."""
    values = cells.to_numpy(dtype=float)
    blank = np.isnan(values)
    wrong = np.abs(values) >= MAX_NUMBER
    if column.required:
        wrong |= blank
    if column.kind == "integer":
        wrong |= ~blank & (values != np.round(values))
    rows = np.flatnonzero(wrong).tolist()
    return {row: "" if blank[row] else format_number(values[row]) for row in rows}
