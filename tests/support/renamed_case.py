"""The small case with every name replaced, to see that no name is ever taken for something else."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from model.case.case import Case
from model.case.schema import TABLES
from model.case.where import parse_where
from tests.support.where_text import where_text

UNNAMED = {("observed", "quantity"), ("observed", "unit")}


def renamed(case: Case, name_of: Callable[[str, str], str]) -> Case:
    """Return the case with `name_of(vocabulary, name)` in place of every name of its tables."""
    return case.replace(
        **{
            name: _renamed(name, case.table(name), name_of)
            for name in TABLES
            if len(case.table(name))
        }
    )


VOCABULARY = {
    "origin": "origin", "project": "origin", "requires": "origin", "origins": "origin",
    "sink": "sink", "region": "region", "node": "node", "from": "node", "to": "node",
    "mode": "mode", "limit": "limit", "adds_to_limit": "limit", "group": "group", "duty": "duty",
    "assumption": "assumption",
}  # fmt: skip


def _renamed(table: str, frame: pd.DataFrame, name_of: Callable[[str, str], str]) -> pd.DataFrame:
    def one(column: str, cell: str) -> str:
        kind = VOCABULARY.get(column)
        if column == "via":
            return "|".join(_place(name, name_of) for name in cell.split("|")) if cell else ""
        if column == "where":
            return where_text(
                {
                    name: [name_of(VOCABULARY[name], value) for value in values]
                    for name, values in parse_where(cell).items()
                }
            )
        if kind is None or (table, column) in UNNAMED or not cell:
            return cell
        return "|".join(name_of(kind, name) for name in cell.split("|"))

    columns = {
        name: [one(name, cell) for cell in frame[name]]
        for name in frame
        if not TABLES[table].by_name[name].is_number
        and TABLES[table].by_name[name].kind != "boolean"
    }
    return frame.assign(**columns)


def _place(via: str, name_of: Callable[[str, str], str]) -> str:
    tail, arrow, rest = via.partition(">")
    if not arrow:
        return name_of("node", tail)
    head, colon, mode = rest.partition(":")
    return f"{name_of('node', tail)}>{name_of('node', head)}" + (
        f":{name_of('mode', mode)}" if colon else ""
    )
