"""A figure of a case by name: what it is now, and the case with another one in its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from model.case.case import Case
from model.case.cells import Value
from model.case.change import ABSOLUTE, FACTOR, HOW_OF, Change, apply_changes, frame_of
from model.case.errors import Fault, quoted
from model.case.schema import CASE, TABLES, column
from model.case.where import Mask
from model.checking.check import LEAST_AND_MOST

TARGETS = (
    "origins.supply_kt", "origins.cost_cny_per_t", "sinks.demand_kt", "sinks.max_kt",
    "sinks.price_cny_per_t", "sinks.shortage_cny_per_t",
    "lanes.cost_cny_per_t", "lanes.min_kt", "lanes.max_kt", "lanes.km",
    "links.km", "links.cost_cny_per_t", "links.limit_kt",
    "modes.fixed_cny_per_t", "modes.cny_per_t_km", "modes.gco2_per_t_km",
    "limits.min", "limits.max", "duties.rate", "duties.value_cny_per_t",
    "case.carbon_price_cny_per_t",
)  # fmt: skip
"""The figures on which an allocation depends, bounds and prices as linear functions of each."""
RECIPES = "recipes.t_per_t"
"""What changes neither bounds nor prices, but what a tonne takes: drawn, but no curve's figure."""


@dataclass(frozen=True)
class Figure:
    """One column of some rows, or one key of ``case.toml``.

    Attributes
    ----------
    target : `table.column` or `case.KEY`
    where : `column=value|value; column=value`, or values by column; blank for every row
    how : `absolute` sets the figure, `factor` multiplies it
    """

    target: str
    where: str | Mapping[str, Sequence[Value]] = ""
    how: str = ABSOLUTE

    @property
    def unit(self) -> str:
        """The unit of its values."""
        return "times" if self.how == FACTOR else column(self.target).unit

    @property
    def name(self) -> str:
        """The figure in words: `supply_kt of origin=North`."""
        where = self.where
        if not isinstance(where, str):
            where = "; ".join(f"{key}={'|'.join(map(str, each))}" for key, each in where.items())
        return f"{self.target} where {where}" if where else self.target

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
        if isinstance(self.where, str):
            return Change.read(self.target, self.where, self.how, value)
        return Change(self.target, self.where, HOW_OF[self.how], value)


def crossed_bounds(figure: Figure, case: Case, value: float) -> list[Fault]:
    """Faults of a case with this value of a figure: rows whose least is above their most."""
    faults = []
    for table, least, most in LEAST_AND_MOST:
        of, _, key = figure.target.partition(".")
        if table != of or key not in (least, most):
            continue
        frame = case.table(table)
        other, word = (most, "most") if key == least else (least, "least")
        for row in np.flatnonzero((frame[least] > frame[most]).to_numpy() & figure.rows(case)):
            name = " > ".join(frame.iloc[row][list(TABLES[table].key)])
            rule = (
                f"must be at {word} {other} of {quoted(name)}, which is {frame[other].iloc[row]:g}"
            )
            faults.append(
                Fault(f"{table}.csv:{name}:{key}", f"{value:g}", rule, "narrow the range")
            )
    return faults
