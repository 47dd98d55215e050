"""Which solvers may be used: not too old, and right about problems whose answers are known."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
from scipy.sparse import csc_array

from model.solve.canaries import Canary, failed_canaries
from model.solve.highs import SOLVER, STATUS, new_highs, started
from model.solve.solution import Status

OLDEST_HIGHS = (1, 15, 1)
"""1.14.0 returns wrong optima on tiny fixed-charge problems that 1.15.1 solves."""


class SolverRefused(Exception):  # noqa: N818 - the name says it
    """The installed solver may not be used; the message says why and what to do."""


def require_version() -> str:
    """The solver and its version, `HiGHS 1.15.1`, refused where it is older than tested.

    Raises
    ------
    SolverRefused
    """
    version = str(new_highs().version())
    if tuple(int(part) for part in version.split(".")[:3]) < OLDEST_HIGHS:
        oldest = ".".join(map(str, OLDEST_HIGHS))
        raise SolverRefused(
            f"highspy {version} found; at least {oldest} is required, because older versions return"
            f' wrong optima on small siting problems; run pip install "highspy>={oldest}"'
        )
    return f"{SOLVER} {version}"


@cache
def require_sound_search() -> None:
    """Put the canaries to the solver, once a process: without a proof, its word must be good.

    A linear program is proved by its certificate; of whole numbers the solver's bound is
    all there is.

    Raises
    ------
    SolverRefused
    """
    failed = failed_canaries(_canary_solver(presolve=True))
    failed += failed_canaries(_canary_solver(presolve=False))
    if failed:
        raise SolverRefused(
            f"this solver gets small problems with whole numbers wrong ({'; '.join(failed)});"
            ' nothing was solved; run pip install --upgrade "highspy"'
        )


def _canary_solver(*, presolve: bool) -> Callable[[Canary], float]:
    from model.solve.program import Program

    def solve(canary: Canary) -> float:
        matrix = csc_array(canary.matrix)
        bounds = canary.lower, canary.upper, matrix, canary.row_lower, canary.row_upper
        highs = started(Program(canary.cost, *bounds, canary.integer), presolve, seed=0)
        highs.run()
        is_optimal = STATUS.get(highs.getModelStatus()) is Status.OPTIMAL
        return float(highs.getInfo().objective_function_value) if is_optimal else np.nan

    return solve
