"""A figure whose sum with others stays: as it moves, they change in proportion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import pandas as pd

from model.case.case import Case
from model.case.change import FACTOR, frame_of, table_of
from model.studies.parametric.figure import Figure


@dataclass(frozen=True)
class PartOfSum(Figure):
    """A figure with the others of its sum.

    With `part` p of a sum and `rest` r now, a value that makes the part p' multiplies each figure
    of the others by (p + r − p') ÷ r: the sum stays p + r, and the others keep their proportions.

    Attributes
    ----------
    others : figures of the same column that make up for it
    part, rest : what it and the others come to now
    rows_picked : rows that it is about
    """

    others: tuple[Figure, ...] = ()
    part: float = 0.0
    rest: float = 0.0
    rows_picked: int = 1

    @classmethod
    def of(cls, figure: Figure, others: tuple[Figure, ...], case: Case) -> Self:
        """The figure in a case; one without others of any size has a range of one value."""
        part, rest = _sum(figure, case), sum(_sum(other, case) for other in others)
        rows = int(figure.rows(case).sum())
        return cls(figure.target, figure.where, figure.how, others, part, rest, rows)

    @property
    def most(self) -> float:
        """The value at which nothing is left to the others."""
        whole = self.part + self.rest
        if self.how == FACTOR:
            return whole / self.part if self.part else float("inf")
        return whole / self.rows_picked

    def put(self, case: Case, value: float) -> Case:
        """The case with this value of the figure, and what it leaves to the others."""
        part = self.part * value if self.how == FACTOR else self.rows_picked * value
        left = (self.part + self.rest - part) / self.rest if self.rest else 1.0
        case = super().put(case, value)
        for other in self.others:
            case = Figure(other.target, other.where, FACTOR).put(case, left)
        return case


def _sum(figure: Figure, case: Case) -> float:
    """What the rows that a figure picks come to."""
    column = figure.target.partition(".")[2]
    cells: pd.Series = frame_of(case, table_of(figure.target))[column]
    return float(cells[figure.rows(case)].sum())
