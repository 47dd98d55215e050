"""The ledger of a scenario against the case that it led to (`changes.csv`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from model.audit.disagreement import Disagreement, show
from model.certify.reading import Table, read_output, read_settings, read_table

CELL = re.compile(r"(?:^|; )([a-z0-9_]+)=")


@dataclass
class Expected:
    """What the ledger leaves of one row: whether it is there, and its last known cells."""

    is_there: bool = True
    cells: dict[str, str] = field(default_factory=dict)


def check_ledger(inputs: Mapping[str, str], outputs: Mapping[str, str]) -> Iterator[Disagreement]:
    """Changes that the case of the run does not confirm.

    The last change of each cell must stand in `inputs/`, appended rows must be there and dropped
    ones not. A cell that `inputs/` leaves blank holds a default, which only the schema knows.
    """
    for (name, row), expected in _last_changes(read_output(outputs, "changes")).items():
        if name == "case":
            rows = [_settings_row(inputs)]
        else:
            rows = _matching(read_table(inputs, name), _cells(row))
        place = f"{name} {row}".strip()
        if expected.is_there != bool(rows):
            said = "there" if expected.is_there else "dropped"
            yield Disagreement("changes.csv", place, said, "none" if expected.is_there else "one")
            continue
        for column, after in expected.cells.items():
            found = [cells.get(column, "") for cells in rows]
            if found and after not in found and all(found):
                yield Disagreement("changes.csv", f"{place}, {column}", show(after), found[0])


def _last_changes(table: Table) -> dict[tuple[str, str], Expected]:
    """What the steps, in their order, leave of each row that they touch."""
    rows: dict[tuple[str, str], Expected] = {}
    for name, row, column, before, after in table.records(
        "table", "row", "column", "before", "after"
    ):
        if not column:
            is_there = not before
            rows[name, row] = Expected(is_there, _cells(after) if is_there else {})
        elif column not in _cells(row):  # else the row has another name from then on
            rows.setdefault((name, row), Expected()).cells[column] = after
        else:
            rows.pop((name, row), None)
    return rows


def _cells(text: str) -> dict[str, str]:
    """The cells of `column=value; column=value`."""
    _, *parts = CELL.split(text)
    return dict(zip(parts[::2], parts[1::2], strict=True))


def _matching(table: Table, cells: Mapping[str, str]) -> list[dict[str, str]]:
    """Rows of a table that have these cells, or leave them blank."""
    rows = [dict(zip(table.header, row, strict=True)) for row in table.rows]
    return [
        row
        for row in rows
        if all(row.get(name, "") in (value, "") for name, value in cells.items())
    ]


def _settings_row(inputs: Mapping[str, str]) -> dict[str, str]:
    """The keys of case.toml as cells; lists joined by `|`."""
    return {
        key: "|".join(map(str, value)) if isinstance(value, list) else show(value)
        for key, value in read_settings(inputs).items()
    }
