"""Nested results as flat tables, for a sheet each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, is_dataclass
from typing import Any

import pandas as pd

from model.case.workbook_sheets import STUDY_PREFIX
from reports.language import say

_MOST_ITEMS = 60  # entries that are shown one by one
_LONGEST_SHEET_NAME = 31


def items(nested: Mapping[str, Any]) -> pd.DataFrame:
    """Return the values in nested mappings and lists, one a row: `item` is the way to it.

    Of what has more than sixty entries only their number is given.

    >>> items({"gap": 0, "solver": {"name": "highs"}}).values.tolist()
    [['gap', 0], ['solver, name', 'highs']]
    """
    rows = list(_walk("", nested))
    return pd.DataFrame(rows, columns=["item", "value"], dtype=object)


def study_tables(studies: Mapping[str, Any]) -> dict[str, pd.DataFrame]:
    """Return a table for each study that found something, by the name of its sheet."""
    tables = {}
    for name, study in studies.items():
        frame = _frame(study)
        if len(frame):
            sheet = f"{STUDY_PREFIX}{name.replace('_', ' ')}"
            tables[sheet[:_LONGEST_SHEET_NAME]] = frame
    return tables


def _frame(study: Any) -> pd.DataFrame:
    """Return a study as one table, whatever it keeps its findings in."""
    if isinstance(study, pd.DataFrame):
        return study
    if is_dataclass(study) and not isinstance(study, type):
        study = asdict(study)
    if isinstance(study, Mapping):
        frames = {key: _frame(value) for key, value in study.items() if _is_tabular(value)}
        if frames and len(frames) == len(study):
            joined: pd.DataFrame = pd.concat(frames, names=["at"]).reset_index(level="at")
            return joined.reset_index(drop=True)
        return items(study)
    if isinstance(study, list | tuple) and all(isinstance(row, Mapping) for row in study):
        return pd.DataFrame(list(study))
    return items({"value": study})


def _is_tabular(value: Any) -> bool:
    is_records = isinstance(value, list) and value and isinstance(value[0], Mapping)
    return isinstance(value, pd.DataFrame) or bool(is_records)


def _walk(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    is_nested = isinstance(value, Mapping | list | tuple)
    if path and is_nested and len(value) > _MOST_ITEMS:
        yield path, say("{count:,} entries", count=len(value))
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _walk(f"{path}, {key}" if path else str(key), inner)
    elif isinstance(value, list | tuple):
        if any(isinstance(entry, Mapping | list | tuple) for entry in value):
            for number, entry in enumerate(value, start=1):
                yield from _walk(f"{path}, {number}", entry)
        else:
            yield path, ", ".join(map(str, value))
    elif isinstance(value, pd.DataFrame):
        yield path, say("{count:,} rows", count=len(value))
    elif isinstance(value, bool | int | float | str) or value is None:
        yield path, "" if value is None else value
    else:
        yield path, str(value)
