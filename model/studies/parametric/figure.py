"""A figure of a case by name: what it is now, and the case with another one in its place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from model.case.case import Case
from model.case.schema import CASE, TABLES, column
from model.case.where import Mask, matching, parse_where, typed_where

FACTOR = "factor"


@dataclass(frozen=True)
class Figure:
    """One column of some rows, or one key of ``case.toml``.

    Attributes
    ----------
    target : `table.column` or `case.KEY`
    where : `column=value|value; column=value`; blank for every row
    how : `absolute` sets the figure, `factor` multiplies it
    """

    target: str
    where: str = ""
    how: str = "absolute"

    @property
    def unit(self) -> str:
        """The unit of its values."""
        return "times" if self.how == FACTOR else column(self.target).unit

    @property
    def name(self) -> str:
        """The figure in words: `supply_kt of origin=North`."""
        table, _, key = self.target.partition(".")
        return f"{table}.{key} where {self.where}" if self.where else self.target

    def now(self, case: Case) -> float | None:
        """Its present value (1 for a factor); None where rows differ or the cell is blank."""
        if self.how == FACTOR:
            return 1.0
        table, _, key = self.target.partition(".")
        if table == CASE.name:
            return float(getattr(case.settings, key))
        values = np.unique(case.table(table)[key].to_numpy(dtype=float)[self.rows(case)])
        return float(values[0]) if len(values) == 1 and not np.isnan(values[0]) else None

    def put(self, case: Case, value: float) -> Case:
        """The case with this value of the figure."""
        table, _, key = self.target.partition(".")
        if table == CASE.name:
            old = getattr(case.settings, key)
            changed: dict[str, Any] = {key: old * value if self.how == FACTOR else value}
            return case.replace(settings=replace(case.settings, **changed))
        frame = case.table(table)
        cells = frame[key].to_numpy(dtype=float).copy()
        rows = self.rows(case)
        cells[rows] = cells[rows] * value if self.how == FACTOR else value
        return case.replace(**{table: frame.assign(**{key: cells})})

    def rows(self, case: Case) -> Mask:
        """Which rows of its table it is about."""
        table = self.target.partition(".")[0]
        where = typed_where(TABLES[table], parse_where(self.where))
        return matching(case.table(table), where)
