"""The plan that a run publishes, which studies compare others with."""

from __future__ import annotations

from model.case.errors import NoPlan
from model.solve.column_generation import Allocator
from model.solve.optimum import Optimum
from model.solve.solution import Status
from model.solve.tie_break import break_ties


def published_plan(allocator: Allocator) -> Optimum:
    """The plan of least cost that a run publishes.

    Raises
    ------
    NoPlan
        There is none.
    """
    optimum = allocator.optimise()
    if optimum.status is not Status.OPTIMAL:
        raise NoPlan("the case has no feasible plan; `run` says why")
    return break_ties(allocator, optimum).plan
