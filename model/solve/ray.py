"""Why columns cannot keep their rows: the rows summed up to one that is out of reach."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from model.arrays import Floats, Integers

NONE = 1e-9
"""Part of the largest weight below which one is rounding."""


@dataclass(frozen=True)
class Ray:
    """A weighted sum of rows.

    Attributes
    ----------
    weight : (m,) of the rows
    counted : (n,) what columns count in the sum
    """

    weight: Floats
    counted: Floats

    @staticmethod
    def of(weight: Floats, by_column: csr_array) -> Ray:
        """The sum with these weights of rows, rounding left out; columns by rows (n, m)."""
        none = NONE * np.abs(weight).max(initial=0.0)
        weight = np.where(np.abs(weight) <= none, 0.0, weight)
        counted = np.asarray(by_column @ weight)
        return Ray(weight, np.where(np.abs(counted) <= none, 0.0, counted))

    def over(
        self, rows: tuple[Floats, Floats], columns: Integers, lower: Floats, upper: Floats
    ) -> float:
        """By how much the least that the rows allow lies above the most that columns reach.

        Parameters
        ----------
        rows : their lower and upper bounds, (m,)
        columns : those that there are
        lower, upper : (n,) bounds of all columns
        """
        counted = self.counted[columns]
        return _least(self.weight, *rows) + _least(-counted, lower[columns], upper[columns])


def _least(weight: Floats, lower: Floats, upper: Floats) -> float:
    """Least of Σ weight · x between bounds."""
    up, down = weight > 0, weight < 0
    return float(weight[up] @ lower[up] + weight[down] @ upper[down])
