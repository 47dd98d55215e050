"""Applying steps: a case in, another case and the ledger of every change out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, replace
from typing import Any

import numpy as np
import pandas as pd

from model.case.case import Case, canonical
from model.case.cells import NUMBER, CellProblem, parse_cell
from model.case.change import Change, changed_frame, frame_of, with_frame
from model.case.columns import Column, Table
from model.case.errors import BadInput, Fault, quoted, raise_any
from model.case.names import nearest
from model.case.schema import CASE
from model.case.settings import settings_without_scenarios
from model.case.where import matching
from model.case.write import cell_texts, format_number
from model.checking.case_faults import case_faults, row_names, row_texts
from model.checking.check import distinct
from model.scenarios.step import Step, parse_step

LEDGER = ("step", "table", "row", "column", "before", "after", "why", "source", "grade")

LedgerRow = tuple[str, str, str, str]
"""Row, column, before, after."""


def apply_steps(case: Case, steps: Sequence[Step]) -> tuple[Case, pd.DataFrame]:
    """Apply `steps` in order and check the result as a case that was read.

    Returns
    -------
    Case
        The changed case; as it stands, so that it names no scenario to begin with or to show.
    DataFrame
        The ledger, with the columns of :data:`LEDGER`.

    Raises
    ------
    BadInput
        With every step that matches no row, or with everything that is wrong with the result,
        at the step that brought it in.
    """
    changed = case
    faults: list[Fault] = []
    ledger: list[tuple[int | str, ...]] = []
    for number, step in enumerate(steps, start=1):
        try:
            frame, rows = _apply(step, changed)
        except BadInput as error:
            faults += error.faults
            continue
        changed = with_frame(changed, step.table, frame)
        ledger += [(number, step.table.name, *row, *astuple(step.grounds)) for row in rows]
    raise_any(faults or _faults_of_steps(case, steps, changed))
    changed = _with_outlines(changed, steps)
    settings = settings_without_scenarios(changed.settings)
    return replace(changed, settings=settings), pd.DataFrame(ledger, columns=pd.Index(LEDGER))


def apply_unchecked(case: Case, steps: Iterable[Mapping[str, Any]]) -> Case:
    """Apply steps as a scenario file has them, without a ledger or the checks that reading makes.

    A knob admits only values that keep its case valid, and a run that is saved is checked.
    """
    for given in steps:
        step = parse_step(given, "moves", [])
        assert step is not None, given
        case = with_frame(case, step.table, _apply(step, case)[0])
    return case


def _with_outlines(case: Case, steps: Sequence[Step]) -> Case:
    """Keep the outline files that the settings still name; steps may not bring in others."""
    names = case.settings.outlines
    rule = "a step may choose among the outlines of the case only"
    raise_any(
        [
            Fault(f"{step.place}:value", quoted(name), rule, "name it in the case too")
            for step in steps
            if step.change is not None and step.change.target == f"{CASE.name}.outlines"
            for name in names
            if name not in case.outlines
        ]
    )
    return replace(case, outlines={name: case.outlines[name] for name in names})


def _apply(step: Step, case: Case) -> tuple[pd.DataFrame, list[LedgerRow]]:
    """Return the step's table after it, and what it changed."""
    table, frame = step.table, frame_of(case, step.table)
    if step.change is not None:
        return _change(step, step.change, case, frame)
    if step.action == "append":
        added = canonical(table, pd.DataFrame([dict(step.row)]))
        (name,), (cells,) = row_names(table, added, [0]), row_texts(table, added, [0])
        return pd.concat([frame, added], ignore_index=True), [(name, "", "", cells)]
    rows = _matching_rows(step, frame)
    names, cells_of_rows = row_names(table, frame, rows), row_texts(table, frame, rows)
    dropped = [(name, "", cells, "") for name, cells in zip(names, cells_of_rows, strict=True)]
    return frame.drop(index=frame.index[rows]), dropped


def _change(
    step: Step, change: Change, case: Case, frame: pd.DataFrame
) -> tuple[pd.DataFrame, list[LedgerRow]]:
    rows = _matching_rows(step, frame)
    changed = changed_frame(case, change)
    if change.how != "set":
        _check_figures(step, change.column, changed, rows)
    return changed, _differences(change.table, change.column, frame, changed)


def _matching_rows(step: Step, frame: pd.DataFrame) -> list[int]:
    table = step.table
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


def _check_figures(step: Step, column: Column, changed: pd.DataFrame, rows: list[int]) -> None:
    """Refuse sums and products that the column could not hold, and a step that meets blanks."""
    where = f"{step.place}:{step.action}"
    if not column.is_number:
        _check_years(where, changed[column.name].iloc[rows].tolist())
        return
    figures = changed[column.name].to_numpy(dtype=float)[rows]
    given = figures[~np.isnan(figures)].tolist()
    if not given:
        rule = f"{step.action} must meet a figure"
        raise BadInput([Fault(where, "blanks alone", rule, "use set")])
    parsed = (parse_cell(column, format_number(figure)) for figure in given)
    raise_any(
        [Fault(where, p.found, p.rule, p.remedy) for p in parsed if isinstance(p, CellProblem)]
    )


def _check_years(where: str, cells: list[str]) -> None:
    """Refuse to add years to the name of a period, or to blanks alone."""
    rule = "only years can be added to a year"
    names = [cell for cell in cells if cell and not NUMBER.fullmatch(cell)]
    raise_any([Fault(where, quoted(name), rule, "use set") for name in names])
    if not any(cells):
        raise BadInput([Fault(where, "blanks alone", "add must meet a figure", "use set")])


def _differences(
    table: Table, column: Column, before: pd.DataFrame, after: pd.DataFrame
) -> list[LedgerRow]:
    old, new = cell_texts(column, before), cell_texts(column, after)
    rows = [row for row, text in enumerate(old) if text != new[row]]
    names = row_names(table, before, rows)
    return [(name, column.name, old[row], new[row]) for name, row in zip(names, rows, strict=True)]


def _faults_of_steps(case: Case, steps: Sequence[Step], changed: Case) -> list[Fault]:
    """Return what is wrong with the result, each at the step after which it stayed wrong."""
    wrong = case_faults(changed)
    if not wrong:
        return []
    known = set(case_faults(case))
    faults = [fault for fault in wrong if fault not in known]
    brought_in = dict.fromkeys(faults, "")
    for step in steps:
        case = with_frame(case, step.table, _apply(step, case)[0])
        present = set(case_faults(case))
        for fault, place in brought_in.items():
            brought_in[fault] = (place or step.place) if fault in present else ""
    return [
        Fault(f"{place}:{fault.where}", fault.found, fault.rule, fault.remedy)
        for fault, place in brought_in.items()
    ]
