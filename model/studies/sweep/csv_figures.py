"""Figures of draws from a CSV of the user's own, in place of distributions."""

from __future__ import annotations

import numpy as np

from model.arrays import Floats
from model.case.cells import CellProblem, parse_cell
from model.case.columns import Column
from model.case.errors import Fault, quoted
from model.case.names import did_you_mean
from model.reading.raw import RawTable


def csv_figures(table: RawTable, names: list[str], faults: list[Fault]) -> Floats:
    """Figures of a CSV with a column for every variation and a row for every draw."""
    for name in names:
        if name not in table.header:
            rule = f"must have a column for every variation, so one for {quoted(name)}"
            remedy = did_you_mean(name, table.header, "add it, or name the variation as it is")
            faults.append(Fault(table.file, quoted("|".join(table.header)), rule, remedy))
    for name in table.header:
        if name not in names:
            rule, remedy = "every column must be the name of a variation", "drop it or add one"
            faults.append(Fault(table.file, quoted(name), rule, remedy))
    if faults:
        return np.zeros((0, len(names)))
    number = Column("figure", "number", "a draw", required=True)
    figures = np.zeros((len(table.rows), len(names)))
    for row, cells in enumerate(table.rows):
        if len(cells) != len(table.header):
            found = f"{len(cells)} cells"
            rule = f"must have {len(table.header)}, as its header has"
            faults.append(Fault(table.place(row, None), found, rule, "mend the row"))
            continue
        for column, name in enumerate(names):
            value = parse_cell(number, cells[table.header.index(name)])
            if isinstance(value, CellProblem):
                place = table.place(row, name)
                faults.append(Fault(place, value.found, value.rule, value.remedy))
            else:
                figures[row, column] = float(value)
    return figures
