"""One step of a scenario: what a TOML table asks for, checked against the schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from model.case.cells import CellProblem, Value, parse_cell, parse_value
from model.case.change import Change, How
from model.case.columns import Column, Table
from model.case.errors import Fault, quoted, renamed_warning
from model.case.names import did_you_mean
from model.case.schema import CASE, TABLES, present_target
from model.case.schema_columns import GRADE

_CHANGES: tuple[How, ...] = ("set", "scale", "add")
_ACTIONS = (*_CHANGES, "drop", "append")
_GROUNDS = ("why", "source", "grade")
_KEYS_BY_ACTION = {
    "set": ("where", "value"),
    "scale": ("where", "value"),
    "add": ("where", "value"),
    "drop": ("where",),
    "append": ("row",),
}


@dataclass(frozen=True)
class Grounds:
    """Why a step is taken, where its figures come from and how well founded they are."""

    why: str = ""
    source: str = ""
    grade: str = ""


@dataclass(frozen=True)
class Step:
    """A change of one column, or of the rows of one table, or of one key of ``case.toml``.

    Parameters
    ----------
    place : str
        Where it stands, as ``scenarios/x.toml:step 2``.
    action : str
        ``set``, ``scale``, ``add``, ``drop`` or ``append``.
    table : Table
        That it changes; the settings are a table too.
    where : mapping of str to list
        Values allowed by column; all must match.
    change : Change, optional
        What becomes of a figure; None for ``drop`` and ``append``.
    row : mapping of str to value
        The cells of an appended row.
    grounds : Grounds
        What speaks for it.
    warnings : tuple of str
        Old names of columns in it.
    """

    place: str
    action: str
    table: Table
    where: Mapping[str, list[Value]] = field(default_factory=dict)
    change: Change | None = None
    row: Mapping[str, Value] = field(default_factory=dict)
    grounds: Grounds = Grounds()
    warnings: tuple[str, ...] = ()


def parse_step(given: Mapping[str, Any], place: str, faults: list[Fault]) -> Step | None:
    """Return the step that a TOML table describes; None, with `faults` extended, if it cannot."""
    reader = _StepReader(given, place, faults)
    before = len(faults)
    step = reader.read()
    if step is None or len(faults) > before:
        return None
    return replace(step, warnings=tuple(reader.warnings))


class _StepReader:
    """Reads one step and notes its faults."""

    def __init__(self, given: Mapping[str, Any], place: str, faults: list[Fault]) -> None:
        self.given = given
        self.place = place
        self.faults = faults
        self.warnings: list[str] = []

    def fault(self, key: str, found: str, rule: str, remedy: str) -> None:
        where = f"{self.place}:{key}" if key else self.place
        self.faults.append(Fault(where, found, rule, remedy))

    def problem(self, key: str, problem: CellProblem) -> None:
        self.fault(key, problem.found, problem.rule, problem.remedy)

    def read(self) -> Step | None:
        actions = [key for key in _ACTIONS if key in self.given]
        if len(actions) != 1:
            found = " and ".join(actions) or "no action"
            rule = f"a step must have one of {', '.join(_ACTIONS)}"
            self._unknown_keys((*_ACTIONS, "where", "value", "row", *_GROUNDS))
            self.fault("", found, rule, "write one of them")
            return None
        action = actions[0]
        self._unknown_keys((action, *_KEYS_BY_ACTION[action], *_GROUNDS))
        grounds = self._grounds()
        target = self.given[action]
        if not isinstance(target, str):
            self.fault(action, "another type", "must be a text", 'write it in double quotes "..."')
            return None
        for how in _CHANGES:
            if how == action:
                return self._read_figure(how, target, grounds)
        return self._read_rows(action, target, grounds)

    def _unknown_keys(self, known: tuple[str, ...]) -> None:
        for key in self.given:
            if key not in known:
                remedy = did_you_mean(key, known, f"it may have {', '.join(known)}")
                self.fault(key, quoted(key), "the step has no such key", remedy)

    def _grounds(self) -> Grounds:
        texts = {}
        for key in _GROUNDS:
            column = GRADE if key == "grade" else Column(key, "text", "grounds")
            value = parse_value(column, self.given.get(key, ""))
            if isinstance(value, CellProblem):
                self.problem(key, value)
            else:
                texts[key] = str(value)
        return Grounds(**texts)

    def _read_rows(self, action: str, name: str, grounds: Grounds) -> Step | None:
        table = TABLES.get(name)
        if table is None:
            remedy = did_you_mean(name, TABLES, f"the tables are {', '.join(TABLES)}")
            self.fault(action, quoted(name), "must be a table", remedy)
            return None
        if action == "drop":
            return Step(self.place, action, table, where=self._where(table), grounds=grounds)
        return Step(self.place, action, table, row=self._row(table), grounds=grounds)

    def _read_figure(self, action: How, target: str, grounds: Grounds) -> Step | None:
        given, target = target, present_target(target)
        if given != target:
            self.warnings.append(renamed_warning(f"{self.place}:{action}", given, target))
        name, _, key = target.partition(".")
        table = CASE if name == CASE.name else TABLES.get(name)
        if table is None or key not in table.by_name:
            known = [f"{t.name}.{column}" for t in (*TABLES.values(), CASE) for column in t.by_name]
            rule = "must be table.column or case.KEY"
            self.fault(
                action, quoted(target), rule, did_you_mean(target, known, "see data/README.md")
            )
            return None
        column = table.by_name[key]
        is_year = action == "add" and column.kind == "moment"
        if action != "set" and not column.is_number and not is_year:
            rule = "only a column of numbers can be scaled or added to"
            self.fault(action, quoted(target), rule, "use set")
            return None
        where = self._where(table)
        change = Change(target, where, action, self._value(action, column))
        return Step(self.place, action, table, where, change, grounds=grounds)

    def _value(self, action: str, column: Column) -> Value:
        if "value" not in self.given:
            self.fault("value", "no value", f"{action} must have one", "write value = ...")
            return ""
        value = self.given["value"]
        if action != "set":
            column = Column(column.name, "number", column.meaning, required=True)
        return self._parsed("value", column, value)

    def _parsed(self, key: str, column: Column, value: object) -> Value:
        parsed = parse_cell(column, "") if value == "" else parse_value(column, value)
        if isinstance(parsed, CellProblem):
            self.problem(key, parsed)
            return ""
        return parsed

    def _where(self, table: Table) -> dict[str, list[Value]]:
        given = self.given.get("where", {})
        if not isinstance(given, dict):
            self.fault("where", "another type", "must be a table", 'write { origin = ["A"] }')
            return {}
        if table is CASE and given:
            self.fault("where", "a condition", "case has no rows to choose from", "drop it")
            return {}
        where: dict[str, list[Value]] = {}
        for name, values in given.items():
            column = self._column(table, name, f"where.{name}")
            if column is None:
                continue
            alternatives = values if isinstance(values, list) else [values]
            if not alternatives:
                self.fault(f"where.{name}", "an empty list", "must name a value", "write one")
            where[column.name] = [
                self._parsed(f"where.{name}", column, each) for each in alternatives
            ]
        return where

    def _row(self, table: Table) -> dict[str, Value]:
        given = self.given.get("row")
        if not isinstance(given, dict):
            found = "no row" if given is None else "another type"
            self.fault("row", found, "append must have one", "write row = { column = value, ... }")
            return {}
        row: dict[str, Value] = {}
        for name, value in given.items():
            column = self._column(table, name, f"row.{name}")
            if column is not None:
                row[column.name] = self._parsed(f"row.{name}", column, value)
        for name in table.required:
            if name not in row:
                rule = f"a row of {table.name} must have it"
                self.fault(f"row.{name}", "no value", rule, f"write {name} = ...")
        return row

    def _column(self, table: Table, name: str, key: str) -> Column | None:
        column = table.by_name.get(table.present(name))
        if column is None:
            known = f"the columns are {', '.join(table.column_names)}"
            remedy = did_you_mean(name, table.column_names, known)
            self.fault(key, quoted(name), f"{table.name} has no such column", remedy)
        elif column.name != name:
            self.warnings.append(renamed_warning(f"{self.place}:{key}", name, column.name))
        return column
