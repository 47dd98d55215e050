"""Which column of the siting program stands for what."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from model.arrays import Floats, Integers
from model.studies.siting.options import Options


@dataclass(frozen=True)
class SitingLayout:
    """n lanes, then J answers, then the sizes of the options that are sized."""

    lane_count: int
    options: Options

    @property
    def answers(self) -> slice:
        """Columns of all answers."""
        return slice(self.lane_count, self.lane_count + len(self.options))

    @property
    def width(self) -> int:
        """How many columns there are."""
        return self.lane_count + len(self.options) + len(self.options.sized)

    def answer(self, option: int) -> int:
        """Column of an option's answer."""
        return self.lane_count + option

    @cached_property
    def size_column(self) -> Integers:
        """Column that an option's size is proportional to, (J,): its own, or its answer."""
        column = self.lane_count + np.arange(len(self.options))
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
