"""What is wrong with a case that stands in memory, by table and row."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import pandas as pd

from model.case.case import Case
from model.case.columns import Table
from model.case.errors import Fault, quoted, raise_any
from model.case.schema import CASE, TABLES
from model.case.settings import settings_faults, settings_frame
from model.case.write import cell_texts
from model.checking.cells import check_cells
from model.checking.check import Finding, Frames, check_tables
from model.checking.plausible import free_modes
from model.checking.rules import check_rules
from model.checking.rules_assumptions import unknown_scenarios
from model.checking.rules_paths import check_paths


def refuse_faulty(case: Case) -> None:
    """Check, once, that a file could hold a case that was made in Python.

    Raises
    ------
    BadInput
        With every fault that reading it would find, by table and row.

    Warns
    -----
    UserWarning
        Where a default of 0 makes transport free.
    """
    if case.is_checked:
        return
    raise_any(settings_faults(case.settings))
    frames = _frames(case)
    faults = [fault_of(finding, frames) for finding in check_cells(frames)]
    raise_any(list(dict.fromkeys(faults + case_faults(case))))
    for finding in free_modes(frames):
        warnings.warn(str(fault_of(finding, frames)), stacklevel=3)
    object.__setattr__(case, "is_checked", True)  # what is known of it, not what it is


def path_faults(case: Case) -> list[Fault]:
    """Return what a plan refuses in the paths of a case, each thing once."""
    frames = _frames(case)
    return list(dict.fromkeys(fault_of(finding, frames) for finding in check_paths(frames)))


def case_faults(case: Case) -> list[Fault]:
    """Return what breaks a rule of a table or between tables, each thing once."""
    frames = _frames(case)
    found = [*check_tables(frames), *check_rules(frames)]
    found += unknown_scenarios(case.assumptions, case.scenarios)
    return list(dict.fromkeys(fault_of(finding, frames) for finding in found))


def _frames(case: Case) -> dict[str, pd.DataFrame]:
    return {CASE.name: settings_frame(case.settings), **case.tables()}


def fault_of(finding: Finding, frames: Frames) -> Fault:
    """Return the fault that a finding is; names tell its row, which stands in no file."""
    table = CASE if finding.table == CASE.name else TABLES[finding.table]
    where = f"{table.name}.{finding.column}" if finding.column else table.name
    found, rule = finding.found, finding.rule
    if finding.row is not None:
        frame = frames[table.name]
        if found is None and finding.column:
            text = cell_texts(table.by_name[finding.column], frame.iloc[[finding.row]])[0]
            found = quoted(text) if text else "a blank"
        (name,) = row_names(table, frame, [finding.row])
        found = f"{found} ({name})" if name else found
    if finding.other:
        other = TABLES[finding.other[0]]
        (name,) = row_names(other, frames[other.name], [finding.other[1]])
        rule = rule.replace("{other}", f"{other.name} {name}")
    return Fault(where, found or "a value", rule, finding.remedy)


def row_names(table: Table, frame: pd.DataFrame, rows: Sequence[int]) -> list[str]:
    """Return what tells rows from others, such as ``origin=North``.

    Where a table has no key, it is all names in the row; ``case`` has but one row, without name.
    """
    if table is CASE:
        return [""] * len(rows)
    names = table.key or tuple(column.name for column in table.columns if column.is_name)
    return row_texts(table, frame, rows, names)


def row_texts(
    table: Table, frame: pd.DataFrame, rows: Sequence[int], names: Sequence[str] = ()
) -> list[str]:
    """Return the cells of rows that are not blank, as ``column=value; column=value``."""
    some = frame.iloc[list(rows)]
    names = names or table.column_names
    columns = [cell_texts(table.by_name[name], some) for name in names]
    return [
        "; ".join(f"{name}={text}" for name, text in zip(names, texts, strict=True) if text)
        for texts in zip(*columns, strict=True)
    ]
