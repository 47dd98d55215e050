"""Rows that a question adds to a program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csc_array, csr_array, vstack

from model.arrays import Floats
from model.solve.program import Program
from model.solve.solver_limits import SMALLEST


@dataclass(frozen=True)
class Row:
    """least ≤ Σ weight × column ≤ most, with a weight for every column, (n,).

    Attributes
    ----------
    why : what it stands for, as a user would say it
    """

    weights: Floats
    least: float = -np.inf
    most: float = np.inf
    why: str = ""


def other_than(width: int, here: slice, answers: Floats) -> Row:
    """At least one answer differs: Σ_{yes} (1 − y) + Σ_{no} y ≥ 1.

    Parameters
    ----------
    width : number of columns
    here : those of the answers
    answers : noughts and ones
    """
    weights = np.zeros(width)
    weights[here] = np.where(answers > 0.5, -1.0, 1.0)
    return Row(weights, least=1.0 - float((answers > 0.5).sum()))


def weights_of(rows: Sequence[Row], columns: int) -> Floats:
    """What each column weighs in each row, (rows, columns)."""
    weights = np.array([row.weights for row in rows]).reshape(len(rows), columns)
    weights[np.abs(weights) <= SMALLEST] = 0.0  # what differences of equal figures leave
    return weights


def with_rows(program: Program, rows: Sequence[Row]) -> Program:
    """The program with these rows after its own."""
    if not rows:
        return program
    weights = csr_array(weights_of(rows, len(program.cost)))
    matrix = vstack([program.matrix, weights], format="csc")
    return replace(
        program,
        matrix=csc_array(matrix),
        row_lower=np.r_[program.row_lower, [row.least for row in rows]],
        row_upper=np.r_[program.row_upper, [row.most for row in rows]],
    )
