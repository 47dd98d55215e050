"""What questions weigh: expressions in the columns of the siting program."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from model.arrays import Floats
from model.market.market import Market
from model.solve.program import Program
from model.solve.rows import Row, other_than
from model.studies.siting.arrays import (
    Opening,
    first_tightening_row,
    openings,
    upper_row,
)
from model.studies.siting.flow_columns import FlowColumns
from model.studies.siting.layout import SitingLayout
from model.studies.siting.options import Options


@dataclass(frozen=True)
class Expressions:
    """Weights of the columns and then of the parameter, (n + 1,).

    Attributes
    ----------
    market : its bounds are those of rows without any option
    program : with all rules of the case, without what a user requires
    """

    market: Market
    lanes: FlowColumns
    options: Options
    program: Program

    @cached_property
    def layout(self) -> SitingLayout:
        """Which column stands for what."""
        return SitingLayout(len(self.lanes), self.options)

    def capital_weights(self) -> Floats:
        """Upfront capital, CNY thousand."""
        options, layout = self.options.options, self.layout
        per_kt = np.array([option.capital_kcny_per_kt for option in options], float)
        lump = np.array([option.capital_kcny for option in options], float)
        return self._wide(layout.of_sizes(per_kt) + layout.of_answers(lump))

    def size_weights(self, number: int) -> Floats:
        """Size of one option with all its lines, kt."""
        per_kt = np.zeros(len(self.options))
        per_kt[self.options.lines(number)] = 1.0
        return self._wide(self.layout.of_sizes(per_kt))

    def answer_weights(self, numbers: Iterable[int]) -> Floats:
        """How many of these options are taken."""
        weights = np.zeros(len(self.options))
        weights[list(numbers)] = 1.0
        return self._wide(self.layout.of_answers(weights))

    def cost_weights(self) -> Floats:
        """The objective, CNY thousand a year."""
        return self._wide(self.program.cost)

    def of_columns(self, cost_kcny: float) -> float:
        """A cost without what no column bears: what rows over the columns' costs may come to."""
        return cost_kcny - self.program.offset_kcny

    def cost_of(self, value: Floats) -> float:
        """What values of the columns cost, CNY thousand a year."""
        return float(self.cost_weights() @ value) + self.program.offset_kcny

    def parameter_weights(self, weight: float) -> Floats:
        """The parameter alone."""
        weights = np.zeros(len(self.program.cost) + 1)
        weights[-1] = weight
        return weights

    @staticmethod
    def _wide(weights: Floats) -> Floats:
        """With a zero for the parameter."""
        return np.asarray(np.r_[weights, 0.0])

    def other_than(self, answers: Iterable[bool]) -> Row:
        """At least one answer differs."""
        yes = np.array(list(answers), float)
        return other_than(len(self.program.cost) + 1, self.layout.answers, yes)

    def raised(self, number: int) -> Row:
        """The row whose upper bound is an option's capacity, with the parameter on top of that."""
        row, program = self.capacity_row(number), self.program
        weights = program.matrix[[row], :].toarray()[0]
        return Row(self._wide(weights) + self.parameter_weights(-1.0), most=program.row_upper[row])

    def rows_opened_by(self, number: int) -> list[int]:
        """Rows that tighten what an option opens by its capacity; a larger one breaks them."""
        first = self.tightening_rows.start
        opened = enumerate(self.openings)
        return [first + place for place, each in opened if number in each.numbers]

    @cached_property
    def openings(self) -> list[Opening]:
        """What each of the rows that tighten says."""
        return list(openings(self.market, self.lanes, self.options))

    @property
    def tightening_rows(self) -> slice:
        """Rows that say which lanes are opened: whole answers keep them in any case."""
        first = first_tightening_row(self.market, self.options)
        return slice(first, first + len(self.openings))

    def capacity_row(self, number: int) -> int:
        """Row whose upper bound an option's capacity is: that of its size, or the one it raises."""
        option = self.options.options[number]
        if option.is_sized:
            return self.market.row_count + 2 * int(np.searchsorted(self.options.sized, number))
        row = self.market.row_of(*next(iter(option.raises)))
        return upper_row(self.market, self.options, row)
