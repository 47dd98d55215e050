"""The plan that a run publishes, which studies compare others with."""

from __future__ import annotations

from model.solve.column_generation import Allocator, Optimum
from model.solve.highs import Status
from model.solve.tie_break import break_ties


class NoBase(Exception):  # noqa: N818 - the name says it
    """The case itself has no feasible plan, so there is nothing to explain."""


def published_plan(allocator: Allocator) -> Optimum:
    """The plan of least cost that a run publishes.

    Raises
    ------
    NoBase
        There is none.
    """
    optimum = allocator.optimise()
    if optimum.status is not Status.OPTIMAL:
        raise NoBase("the case has no feasible plan; `run` says why")
    return break_ties(allocator, optimum)[0]
