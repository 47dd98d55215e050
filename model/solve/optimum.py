"""The answer of one program."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.arrays import Floats
from model.market.lanes import Lanes
from model.solve.solution import Status

SMALL = 1e-9
"""A flow in kt, or a dual, below this is none."""


@dataclass(frozen=True)
class Optimum:
    """The answer of one program, proved over every lane on offer when optimal.

    Attributes
    ----------
    lanes : the lanes that the solver saw, n rows
    ship_kt, reduced_cost : (n,)
    row_value, row_dual : (O + S + K,)
    slack_kt : shortage and violation of each phase 1 column; all zero unless infeasible
    rounds : solves until no lane paid
    least_reduced_cost : of every lane left out, in the last round
    bound : proved least objective; not a number where there is no plan
    """

    status: Status
    objective: float
    lanes: Lanes
    ship_kt: Floats
    reduced_cost: Floats
    row_value: Floats
    row_dual: Floats
    slack_kt: Floats
    rounds: int
    least_reduced_cost: float
    bound: float = np.nan

    @property
    def has_plan(self) -> bool:
        """Whether the flows are a plan: the best one, or one found before a limit came."""
        return not np.isnan(self.bound)
