"""The one way in which a figure of a case changes, whoever changes it.

Steps of scenarios, knobs, paths of a plan and the figure of a curve are all a :class:`Change`;
draws of a sweep, which are many at once, have its arithmetic (`moved`): × 1.1 gives the same bits
everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Self

import numpy as np
import pandas as pd

from model.arrays import Floats
from model.case.case import Case
from model.case.cells import Value
from model.case.columns import Column, Table
from model.case.decimals import products, sums
from model.case.distances import with_distances
from model.case.periods import is_year
from model.case.schema import CASE, TABLES, column
from model.case.settings import make_settings, settings_frame
from model.case.where import Mask, matching, parse_where, typed_where
from model.case.write import format_number

How = Literal["set", "scale", "add"]

ABSOLUTE, FACTOR = "absolute", "factor"
HOW_OF: dict[str, How] = {ABSOLUTE: "set", FACTOR: "scale"}
"""What the words of `paths.csv` and `assumptions.csv` do."""
KM = "links.km"
"""The one figure whose blank stands for another figure of its own, which is computed."""


@dataclass(frozen=True)
class Change:
    """A new figure in one column of some rows, or in one key of ``case.toml``.

    Parameters
    ----------
    target : `table.column` or `case.KEY`
    where : values allowed by column; all must match, and none named means every row
    how : `set` replaces, `scale` multiplies, `add` adds; blanks stay blank under the last two
    value : the figure, the factor or the summand; what is set may be a text or a boolean too
    """

    target: str
    where: Mapping[str, Sequence[Value]]
    how: How
    value: Value

    @classmethod
    def read(cls, target: str, where: str, how: str, value: float) -> Self:
        """Take a change from the cells of `paths.csv` or `assumptions.csv`.

        Raises
        ------
        ValueError
            `where` cannot be read, or does not fit the table.
        """
        conditions = typed_where(table_of(target), parse_where(where))
        return cls(target, conditions, HOW_OF[how], value)

    @property
    def table(self) -> Table:
        """The table it changes."""
        return table_of(self.target)

    @property
    def column(self) -> Column:
        """The column it changes."""
        return column(self.target)

    def rows(self, frame: pd.DataFrame) -> Mask:
        """Return which rows of its table it is about."""
        return matching(frame, self.where)

    def figures(self, now: Floats) -> Floats:
        """Return what some figures become, (rows,); NaN is a blank."""
        value = float(self.value)
        return sums(now, value) if self.how == "add" else moved(now, self.how, np.array(value))


def moved(now: Floats, how: Literal["set", "scale"], values: Floats) -> Floats:
    """Return what figures become, whatever shape both have together; NaN is a blank."""
    if how == "scale":
        return products(now, values)
    return np.broadcast_to(values, np.broadcast_shapes(now.shape, values.shape)).astype(float)


def table_of(target: str) -> Table:
    """Return the table of a target; `case` is the table of settings."""
    name = target.partition(".")[0]
    return CASE if name == CASE.name else TABLES[name]


def frame_of(case: Case, table: Table) -> pd.DataFrame:
    """Return a table of a case; the settings are a table of one row."""
    return settings_frame(case.settings) if table is CASE else case.table(table.name)


def with_frame(case: Case, table: Table, frame: pd.DataFrame) -> Case:
    """Return a case with another table in place of its own; nothing is checked."""
    if table is not CASE:
        return case.replace_unchecked(**{table.name: frame})
    settings = make_settings({key: frame[key].iloc[0] for key in CASE.column_names})
    return replace(case, settings=settings)


def changed_frame(case: Case, change: Change) -> pd.DataFrame:
    """Return the table of a change after it, its rows where they stood; nothing is checked."""
    frame = frame_of(case, change.table)
    rows = change.rows(frame)
    if change.target == KM and change.how != "set":
        frame = _with_computed_km(case, frame, rows)
    name = change.column.name
    cells = frame[name].to_numpy(copy=True)
    if change.column.is_number:
        cells[rows] = change.figures(cells[rows].astype(float))
    elif change.how != "set":  # years, which stand there as texts
        years = np.array([float(cell) if is_year(cell) else np.nan for cell in cells[rows]])
        moved = [format_number(year) for year in change.figures(years)]
        cells[rows] = np.where(np.isnan(years), cells[rows], moved)
    else:
        cells[rows] = change.value
    return frame.assign(**{name: cells})


def _with_computed_km(case: Case, links: pd.DataFrame, rows: Mask) -> pd.DataFrame:
    km = links["km"].to_numpy(dtype=float)
    blank = rows & np.isnan(km)
    if not blank.any():
        return links
    computed = with_distances(case).links["km"].to_numpy(dtype=float)
    return links.assign(km=np.where(blank, computed, km))


def apply_changes(case: Case, changes: Iterable[Change]) -> Case:
    """Return the case after `changes`, in their order; nothing is checked."""
    for change in changes:
        case = with_frame(case, change.table, changed_frame(case, change))
    return case
