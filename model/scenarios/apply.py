"""Applying steps: a case in, another case and the ledger of every change out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple
from decimal import Decimal
from math import isnan
from typing import Any

import numpy as np
import pandas as pd

from model.case.case import Case, canonical
from model.case.cells import Problem, Value, parse_cell
from model.case.columns import Column, Table
from model.case.errors import BadInput, Fault, quoted, raise_any
from model.case.names import nearest
from model.case.schema import CASE, TABLES
from model.case.where import matching
from model.case.write import cell_texts, format_number
from model.checking.check import Finding, check_tables, distinct
from model.checking.rules import check_rules
from model.reading.read_settings import make_settings, settings_frame
from model.scenarios.step import Step

LEDGER = ("step", "table", "row", "column", "before", "after", "why", "source", "grade")

Frames = dict[str, pd.DataFrame]
Change = tuple[str, str, str, str]
"""Row, column, before, after."""


def apply_steps(case: Case, steps: Sequence[Step]) -> tuple[Case, pd.DataFrame]:
    """Apply `steps` in order and check the result as a case that was read.

    Returns
    -------
    Case
        The changed case.
    DataFrame
        The ledger, with the columns of :data:`LEDGER`.

    Raises
    ------
    BadInput
        With every step that matches no row, or with everything that is wrong with the result,
        at the step that brought it in.
    """
    frames = _frames(case)
    faults: list[Fault] = []
    ledger: list[tuple[int | str, ...]] = []
    for number, step in enumerate(steps, start=1):
        try:
            frames, changes = _apply(step, frames)
        except BadInput as error:
            faults += error.faults
            continue
        grounds = astuple(step.grounds)
        ledger += [(number, step.table, *change, *grounds) for change in changes]
    faults = faults or _unsound(case, steps, frames)
    if faults:
        raise BadInput(faults)
    settings = frames.pop(CASE.name)
    values = {key: settings[key].iloc[0] for key in CASE.column_names}
    changed = _with_outlines(case.replace(settings=make_settings(values), **frames), steps)
    return changed, pd.DataFrame(ledger, columns=pd.Index(LEDGER))


def _with_outlines(case: Case, steps: Sequence[Step]) -> Case:
    """Keep the outline files that the settings still name; steps may not bring in others."""
    names = case.settings.outlines
    rule = "a step may choose among the outlines of the case only"
    raise_any(
        [
            Fault(f"{step.place}:value", quoted(name), rule, "name it in the case too")
            for step in steps
            if (step.table, step.column) == (CASE.name, "outlines")
            for name in names
            if name not in case.outlines
        ]
    )
    return case.replace(outlines={name: case.outlines[name] for name in names})


def _frames(case: Case) -> Frames:
    return {CASE.name: settings_frame(case.settings), **case.tables()}


def _apply(step: Step, frames: Frames) -> tuple[Frames, list[Change]]:
    table = CASE if step.table == CASE.name else TABLES[step.table]
    frame = frames[table.name]
    if step.action == "append":
        row = pd.DataFrame([dict(step.row)])
        appended = canonical(table, row)
        changed = canonical(table, pd.concat([frame, appended], ignore_index=True))
        (name,), (cells,) = row_names(table, appended, [0]), _cells(table, appended, [0])
        changes = [(name, "", "", cells)]
    else:
        rows = _matching_rows(step, table, frame)
        if step.action == "drop":
            changed = frame.drop(index=frame.index[rows]).reset_index(drop=True)
            names, cells_of_rows = row_names(table, frame, rows), _cells(table, frame, rows)
            changes = [
                (name, "", cells, "") for name, cells in zip(names, cells_of_rows, strict=True)
            ]
        else:
            changed = _with_figure(step, table, frame, rows)
            changes = _differences(table, table.by_name[step.column], frame, changed)
            changed = canonical(table, changed)
    return frames | {table.name: changed}, changes


def _matching_rows(step: Step, table: Table, frame: pd.DataFrame) -> list[int]:
    rows = [int(row) for row in np.flatnonzero(matching(frame, step.where))]
    if rows:
        return rows
    found = "; ".join(f"{name}={_alternatives(values)}" for name, values in step.where.items())
    remedy = f"see the rows of {table.name}"
    for name, values in step.where.items():
        texts = [] if table.by_name[name].is_number else [str(value) for value in values]
        known = distinct(frame[name])
        near = [nearest(text, known) for text in texts if text not in known]
        if any(near):
            remedy = f"did you mean {name}={quoted(next(filter(None, near)))}?"
            break
    rule = f"must match a row of {table.name}"
    raise BadInput([Fault(f"{step.place}:where", found or "no row", rule, remedy)])


def _alternatives(values: Sequence[object]) -> str:
    return "|".join(quoted(value) if isinstance(value, str) else f"{value:g}" for value in values)


def _with_figure(step: Step, table: Table, frame: pd.DataFrame, rows: list[int]) -> pd.DataFrame:
    values = frame[step.column].to_numpy(copy=True)
    if step.action == "set":
        values[rows] = step.value
    else:
        values[rows] = _computed(step, table.by_name[step.column], values[rows])
    return frame.assign(**{step.column: values})


def _computed(step: Step, column: Column, figures: np.ndarray[Any, Any]) -> list[Value]:
    """Scale or add, in decimals as people do, so that 325 × 1.1 is 357.5; blanks stay blank."""
    operand = Decimal(repr(step.value))
    results: list[Value] = []
    faults = []
    for figure in figures.astype(float).tolist():
        if isnan(figure):
            results.append(figure)
            continue
        exact = Decimal(repr(figure))
        result = exact * operand if step.action == "scale" else exact + operand
        parsed = parse_cell(column, format_number(float(result)))
        if isinstance(parsed, Problem):
            where = f"{step.place}:{step.action}"
            faults.append(Fault(where, parsed.found, parsed.rule, parsed.remedy))
        else:
            results.append(parsed)
    if np.isnan(figures.astype(float)).all():
        rule = f"{step.action} must meet a figure"
        faults.append(Fault(f"{step.place}:{step.action}", "blanks alone", rule, "use set"))
    raise_any(faults)
    return results


def _differences(
    table: Table, column: Column, before: pd.DataFrame, after: pd.DataFrame
) -> list[Change]:
    old, new = cell_texts(column, before), cell_texts(column, after)
    rows = [row for row, text in enumerate(old) if text != new[row]]
    names = row_names(table, before, rows)
    return [(name, column.name, old[row], new[row]) for name, row in zip(names, rows, strict=True)]


def row_names(table: Table, frame: pd.DataFrame, rows: Sequence[int]) -> list[str]:
    """Return what tells rows from others, such as ``origin=North``.

    Where a table has no key, it is all names in the row; ``case`` has but one row, without name.
    """
    if table is CASE:
        return [""] * len(rows)
    names = table.key or tuple(column.name for column in table.columns if column.is_name)
    return _cells(table, frame, rows, names)


def _cells(
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


def _unsound(case: Case, steps: Sequence[Step], frames: Frames) -> list[Fault]:
    """Return what is wrong with the result, each at the step after which it stayed wrong."""
    wrong = _findings(frames)
    if not wrong:
        return []
    origin: dict[tuple[object, ...], str] = dict.fromkeys(wrong, "")
    earlier = _frames(case)
    known = set(_findings(earlier))
    faults = {name: fault for name, fault in wrong.items() if name not in known}
    for step in steps:
        earlier, _ = _apply(step, earlier)
        present = set(_findings(earlier))
        origin = {
            name: (place or step.place) if name in present else "" for name, place in origin.items()
        }
    return [
        Fault(f"{origin[name]}:{fault.where}", fault.found, fault.rule, fault.remedy)
        for name, fault in faults.items()
    ]


def _findings(frames: Frames) -> dict[tuple[object, ...], Fault]:
    """Return what is wrong with a case, by what tells one such thing from another."""
    found = [*check_tables(frames), *check_rules(frames)]
    faults = [_fault(finding, frames) for finding in found]
    return {(fault.where, fault.found, fault.rule): fault for fault in faults}


def _fault(finding: Finding, frames: Frames) -> Fault:
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
