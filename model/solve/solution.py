"""What one solve ends in, and what is read out of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from model.arrays import Floats


class Status(StrEnum):
    """What a solve ended in; a failed re-solve is a status, not an exception."""

    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"
    LIMIT = "limit"
    FAILED = "failed"


@dataclass(frozen=True)
class Solution:
    """One solve, read out.

    Attributes
    ----------
    value, reduced_cost : (n,)
    row_value, row_dual : (m,)
    bound : proved bound on the objective (of a linear program: the objective itself)
    """

    status: Status
    objective: float
    value: Floats
    reduced_cost: Floats
    row_value: Floats
    row_dual: Floats
    bound: float


_NOTHING = np.zeros(0)
UNSOLVED = Solution(Status.LIMIT, np.nan, _NOTHING, _NOTHING, _NOTHING, _NOTHING, np.nan)
"""What a limit that has come already leaves of a solve."""
