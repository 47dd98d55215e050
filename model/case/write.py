"""A case as a folder of files that give it back to the last bit."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from model.case.case import Case, Settings
from model.case.columns import Column, Table
from model.case.periods import exact_years
from model.case.scenario_texts import needed_scenarios
from model.case.schema import TABLES

LONGEST_DECIMAL = 12
"""Characters of a length in years beyond which its decimal is taken to have no end."""


def write_case(case: Case, folder: Path) -> None:
    """Write `case` into `folder`, made if need be, so that reading it gives `case` again.

    Tables without rows are left out, and so are optional columns that say nothing beyond their
    defaults. The bytes depend on the case alone.
    """
    for name, text in {**case_texts(case), **further_texts(case)}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        _write_text(folder / name, text)


def case_texts(case: Case) -> dict[str, str]:
    """Settings and tables of a case as the text of their files, by name."""
    texts = {"case.toml": settings_text(case.settings)}
    for name, table in TABLES.items():
        frame = case.table(name)
        if len(frame):
            texts[table.file] = table_text(table, frame)
    return texts


def further_texts(case: Case) -> dict[str, str]:
    """Files that belong to a case beside its tables, by name: outlines, scenarios it names."""
    return {**case.outlines, **needed_scenarios(case)}


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="")


def settings_text(settings: Settings) -> str:
    """Return `settings` as TOML, without the keys that hold their defaults."""
    lines = []
    for field in fields(settings):
        value = getattr(settings, field.name)
        if field.name == "name" or value != field.default:
            lines.append(f"{field.name} = {_toml_value(value)}\n")
    return "".join(lines)


def _toml_value(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(_toml_value(item) for item in value)}]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    assert isinstance(value, int | float)
    return format_number(value)


def table_text(table: Table, frame: pd.DataFrame) -> str:
    """Return a table as CSV: the columns that say something, rows as they stand."""
    shown = [column for column in table.columns if column.required or _says(column, frame)]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([column.name for column in shown])
    writer.writerows(zip(*(cell_texts(column, frame) for column in shown), strict=True))
    return text.getvalue()


def _says(column: Column, frame: pd.DataFrame) -> bool:
    """Whether the column differs anywhere from what a blank would mean."""
    values = frame[column.name].to_numpy()
    if column.is_number:
        return not np.array_equal(values, np.full(len(values), column.filler), equal_nan=True)
    meant = frame[column.default_column].to_numpy() if column.default_column else column.filler
    return bool((values != meant).any())


def cell_texts(column: Column, frame: pd.DataFrame) -> list[str]:
    """Return a column's cells as the text that reads back as the same values."""
    values: list[Any] = frame[column.name].tolist()
    if column.is_number:
        written = format_years if column.takes_fractions else format_number
        return ["" if value != value else written(value) for value in values]
    if column.kind == "boolean":
        return ["true" if value else "false" for value in values]
    return values


def format_number(value: float) -> str:
    """Return the shortest decimal that reads back as `value`.

    Examples
    --------
    >>> format_number(7515.0), format_number(0.1), format_number(1e-7)
    ('7515', '0.1', '1e-07')
    """
    return repr(float(value)).removesuffix(".0")


def format_years(years: float) -> str:
    """Return a length in years: a fraction where the decimal has no end.

    Examples
    --------
    >>> format_years(1 / 12), format_years(0.25)
    ('1/12', '0.25')
    """
    text, fraction = format_number(years), exact_years(years)
    has_no_end = len(text) > LONGEST_DECIMAL and float(fraction) == years
    return str(fraction) if has_no_end else text
