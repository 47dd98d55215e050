"""What the CSV files of a run folder hold, as other programs read it: a Frictionless data package.

References
----------
Frictionless Data, *Data Package* and *Table Schema*, version 1: https://specs.frictionlessdata.io
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from model.case.columns import Column
from model.case.records import Json
from model.case.schema import TABLES
from model.result.answer import Answer
from model.result.output_columns import COLUMNS
from model.result.outputs import tables_of
from model.store.folder import slug

DATA_PACKAGE = "datapackage.json"
PARTS = "futures"
CASES = ("inputs", "built")
"""Folders that hold a case."""
TYPES = {"number": "number", "integer": "integer", "boolean": "boolean", "date": "date"}
"""Of a column of a case by its kind; every other is a text."""


def data_package(answer: Answer, folder: Path) -> Json:
    """Every CSV file in a folder: fields with type, unit and meaning.

    Parameters
    ----------
    answer : whose tables are in the folder
    folder : with them, and the cases
    """
    return {
        "profile": "tabular-data-package",
        "name": f"run-of-kind-{answer.kind}",
        "title": answer.scenario.title if answer.scenario else answer.kind,
        "resources": list(_resources(answer, folder)),
    }


def _resources(answer: Answer, folder: Path) -> Iterator[Json]:
    """Of the answer's own tables and cases, then of those of its parts."""
    yield from _outputs(answer)
    yield from _cases(folder)
    for name, part in answer.parts.items():
        place = f"{PARTS}/{slug(name)}"
        for each in _resources(part, folder / place):
            path = f"{place}/{each['path']}"
            yield each | {"path": path, "name": _name(path)}


def _name(path: str) -> str:
    return path.removesuffix(".csv").replace("/", "-").lower()


def _outputs(answer: Answer) -> Iterator[Json]:
    known = tables_of(answer.kind)
    for name, frame in sorted(answer.tables.items()):
        table = known[name]
        fields = [
            _output_field(column, frame[column], table.says.get(column, ""))
            for column in frame.columns
        ]
        yield _resource(f"{name}.csv", table.meaning, fields)


def _output_field(name: str, values: pd.Series, says: str) -> Json:
    column = COLUMNS.get(name)
    if column is None:  # one whose name the case decides
        return _field(name, "", "", says, "string" if values.dtype == object else "number")
    is_boolean = values.dtype == bool
    kind = "string" if column.is_text else "boolean" if is_boolean else "number"
    return _field(name, column.title, column.unit, says or column.meaning, kind)


def _cases(folder: Path) -> Iterator[Json]:
    for path in (path for name in CASES for path in sorted((folder / name).glob("*.csv"))):
        table = TABLES[path.stem]
        with path.open(encoding="utf-8") as file:
            header = file.readline().rstrip("\n").split(",")
        fields = [_input_field(table.by_name[name]) for name in header]
        yield _resource(path.relative_to(folder).as_posix(), table.meaning, fields)


def _input_field(column: Column) -> Json:
    kind = "string" if column.takes_fractions else TYPES.get(column.kind, "string")
    return _field(column.name, "", column.unit, column.meaning, kind)


def _resource(path: str, meaning: str, fields: list[Json]) -> Json:
    return {
        "profile": "tabular-data-resource",
        "name": _name(path),
        "path": path,
        "description": meaning,
        "encoding": "utf-8",
        "schema": {"fields": fields},
    }


def _field(name: str, title: str, unit: str, meaning: str, kind: str) -> Json:
    said = {"title": title, "unit": unit, "description": meaning}
    return {"name": name, "type": kind} | {key: text for key, text in said.items() if text}
