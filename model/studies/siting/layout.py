"""Which column of the siting program stands for what."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from model.arrays import Floats, Integers
from model.studies.siting.options import Options


@dataclass(frozen=True)
class SitingLayout:
    """N lanes, whether each project with a least load runs, J answers, sizes of what is sized."""

    lane_count: int
    options: Options

    @property
    def runs(self) -> Integers:
        """Columns that say whether projects with a least load run."""
        return self.lane_count + np.arange(len(self.options.loads))

    @property
    def first_answer(self) -> int:
        """Column of the first answer; those before it are free in every future."""
        return self.lane_count + len(self.options.loads)

    @property
    def answers(self) -> slice:
        """Columns of all answers."""
        return slice(self.first_answer, self.first_answer + len(self.options))

    @property
    def width(self) -> int:
        """How many columns there are."""
        return int(self.answers.stop) + len(self.options.sized)

    def answer(self, option: int) -> int:
        """Column of an option's answer."""
        return self.first_answer + option

    @cached_property
    def size_column(self) -> Integers:
        """Column that an option's size is proportional to, (J,): its own, or its answer."""
        column = self.first_answer + np.arange(len(self.options))
        column[self.options.sized] = self.answers.stop + np.arange(len(self.options.sized))
        return column

    @cached_property
    def size_factor(self) -> Floats:
        """Size of an option per unit of that column, (J,): 1, or its capacity."""
        factor = np.array([option.capacity_kt for option in self.options.options], float)
        factor[self.options.sized] = 1.0
        return factor

    def of_sizes(self, per_kt: Floats) -> Floats:
        """Weights of every column, (width,), for an expression in the sizes, (J,)."""
        weights = np.zeros(self.width)
        np.add.at(weights, self.size_column, self.size_factor * per_kt)
        return weights

    def of_answers(self, weights: Floats) -> Floats:
        """Weights of every column, (width,), for an expression in the answers, (J,)."""
        wide = np.zeros(self.width)
        wide[self.answers] = weights
        return wide
