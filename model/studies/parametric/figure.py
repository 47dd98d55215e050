"""A figure of a case by name: what it is now, and the case with another one in its place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.case.case import Case
from model.case.change import ABSOLUTE, FACTOR, Change, apply_changes, frame_of
from model.case.schema import CASE, column
from model.case.where import Mask


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
    how: str = ABSOLUTE

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
        return apply_changes(case, [self._change(value)])

    def rows(self, case: Case) -> Mask:
        """Which rows of its table it is about."""
        change = self._change(0.0)
        return change.rows(frame_of(case, change.table))

    def _change(self, value: float) -> Change:
        return Change.read(self.target, self.where, self.how, value)
