"""Bases known to be optimal for some draw, tested on many draws at once.

A basis is optimal for a draw exactly when the plan that it stands for keeps every bound and
no lane has a reduced cost of the wrong sign. Both are a few products of small matrices, so a
draw whose basis is known needs no solver, and the test is its proof over every lane.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_array

from model.arrays import Booleans, Floats, Integers
from model.studies.sweep.program import Batch

PRIMAL_TOLERANCE_KT = 1e-7
DUAL_TOLERANCE_CNY_PER_T = 1e-7
BASIC, LOWER, UPPER = 0, 1, 2
PLACES = {"basic": BASIC, "lower": LOWER, "upper": UPPER}

Codes = np.ndarray[tuple[int], np.dtype[np.int8]]


@dataclass(frozen=True)
class Plans:
    """Plans and duals of some draws.

    Attributes
    ----------
    ship_kt : (D, n)
    row_dual : (D, m)
    """

    ship_kt: Floats
    row_dual: Floats


class KnownBasis:
    """One basis of a program of n columns and m rows.

    Parameters
    ----------
    matrix : (m, n)
    columns, rows : BASIC, LOWER or UPPER, (n,), (m,)

    Raises
    ------
    numpy.linalg.LinAlgError
        The basis is singular.
    """

    def __init__(self, matrix: csc_array, columns: Codes, rows: Codes) -> None:
        self._matrix = matrix
        self.columns, self.rows = columns, rows
        self._basic_columns = np.flatnonzero(columns == BASIC)
        self._basic_rows = np.flatnonzero(rows == BASIC)
        slack = -np.eye(len(rows))[:, self._basic_rows]
        basis = np.hstack([matrix[:, self._basic_columns].toarray(), slack])
        self._inverse = np.linalg.inv(basis)

    def solves(self, batch: Batch) -> Booleans:
        """Which draws this basis is optimal for, (D,)."""
        good = np.ones(batch.size, dtype=bool)
        if not batch.size:
            return good
        if len(batch.cost) == 1:
            good &= self._is_dual_feasible(batch)
        if good.any():
            good &= self._is_primal_feasible(batch)
        left = np.flatnonzero(good)
        if len(batch.cost) > 1 and len(left):
            good[left] = self._is_dual_feasible(batch.take(left))
        return good

    def plans(self, batch: Batch) -> Plans:
        """Plans and duals of draws that it solves; of each the same whatever the others are."""
        fixed, target = self._nonbasic(batch)
        basic = np.einsum("dm,km->dk", target, self._inverse)
        ship = np.repeat(fixed, batch.size, axis=0) if len(fixed) == 1 else fixed
        ship[:, self._basic_columns] = basic[:, : len(self._basic_columns)]
        dual = np.einsum("dk,km->dm", self._basic_cost(batch), self._inverse)
        return Plans(ship, np.broadcast_to(dual, (batch.size, dual.shape[1])))

    def _is_primal_feasible(self, batch: Batch) -> Booleans:
        _, target = self._nonbasic(batch)
        basic = target @ self._inverse.T
        split = len(self._basic_columns)
        lower = batch.lower[:, self._basic_columns], batch.row_lower[:, self._basic_rows]
        upper = batch.upper[:, self._basic_columns], batch.row_upper[:, self._basic_rows]
        good = np.ones(batch.size, dtype=bool)
        for part, low, high in zip((basic[:, :split], basic[:, split:]), lower, upper, strict=True):
            within = (part >= low - PRIMAL_TOLERANCE_KT) & (part <= high + PRIMAL_TOLERANCE_KT)
            good &= within.all(axis=1)
        return good

    def _is_dual_feasible(self, batch: Batch) -> Booleans:
        dual = self._basic_cost(batch) @ self._inverse
        reduced = batch.cost - dual @ self._matrix
        lanes = self._has_right_signs(reduced, self.columns, batch.lower, batch.upper)
        rows = self._has_right_signs(dual, self.rows, batch.row_lower, batch.row_upper)
        return np.asarray(lanes & rows)

    @staticmethod
    def _has_right_signs(reduced: Floats, place: Codes, lower: Floats, upper: Floats) -> Booleans:
        """Whether nothing off the basis would pay: ≥ 0 at a lower bound, ≤ 0 at an upper one."""
        pays = np.where(place == LOWER, -reduced, np.where(place == UPPER, reduced, 0.0))
        wrong = (pays > DUAL_TOLERANCE_CNY_PER_T) & (lower < upper)
        return np.asarray(~wrong.any(axis=1))

    def _basic_cost(self, batch: Batch) -> Floats:
        cost = np.zeros((len(batch.cost), len(self.rows)))
        cost[:, : len(self._basic_columns)] = batch.cost[:, self._basic_columns]
        return cost

    def _nonbasic(self, batch: Batch) -> tuple[Floats, Floats]:
        """Columns off the basis at their bounds, (D or 1, n), and what the basis must add up to."""
        fixed = np.where(self.columns == UPPER, batch.upper, batch.lower)
        fixed = np.where(self.columns == BASIC, 0.0, fixed)
        bound = np.where(self.rows == UPPER, batch.row_upper, batch.row_lower)
        target = np.where(self.rows == BASIC, 0.0, bound)
        held = np.flatnonzero(fixed.any(axis=0))
        if len(held):
            target = target - fixed[:, held] @ self._matrix[:, held].T.toarray()
        return fixed, np.broadcast_to(target, (batch.size, target.shape[1]))


def first_that_solves(bases: list[KnownBasis], batch: Batch) -> Integers:
    """For every draw the first basis that is optimal for it, -1 where none is, (D,)."""
    found = np.full(batch.size, -1)
    for number, basis in enumerate(bases):
        left = np.flatnonzero(found < 0)
        if not len(left):
            break
        found[left[basis.solves(batch.take(left))]] = number
    return found
