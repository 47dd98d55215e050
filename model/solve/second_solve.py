"""A second opinion where figures span so much that a solver's precision is tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.case.errors import OutOfTime, SolverFailed
from model.checking.plausible import wide_spans
from model.solve.column_generation import Allocator
from model.solve.optimum import Optimum
from model.solve.program import compile_program
from model.solve.session import Session
from model.solve.solution import Status

if TYPE_CHECKING:
    from model.case.case import Case

OTHER_SEED = 1
SAME = 1e-9
"""Two solves agree to this part of the cost."""


def confirm(case: Case, allocator: Allocator, optimum: Optimum) -> None:
    """Solve the final lanes again from nothing, without presolve and with another seed.

    Only where coefficients span more than :func:`model.checking.plausible.wide_spans` lets pass,
    which has warned of this.

    Raises
    ------
    SolverFailed
        The two solves do not agree.
    OutOfTime
    """
    if next(wide_spans(case.tables()), None) is None:
        return
    program = compile_program(allocator.market, optimum.lanes)
    again = Session(program, presolve=False, seed=OTHER_SEED).solve(
        time_limit_s=allocator.deadline.left_s
    )
    if again.status is Status.LIMIT:
        raise OutOfTime
    apart = abs(again.objective - optimum.objective)
    if again.status is not Status.OPTIMAL or apart > SAME * max(1.0, abs(optimum.objective)):
        raise SolverFailed(
            f"two solves disagree: {optimum.objective:.12g} thousand CNY, and then"
            f" {again.status.value} at {again.objective:.12g}; the figures span too much for the"
            " solver; no result was written"
        )
