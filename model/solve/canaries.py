"""Five tiny problems that tell a solver that may be used from one that may not.

HiGHS 1.14.0 returns wrong optima on each of them with status "optimal"; 1.15.1 solves them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

TOLERANCE = 1e-6
FREE = np.inf


@dataclass(frozen=True)
class Canary:
    """min c x  subject to  row_lower ≤ A x ≤ row_upper,  lower ≤ x ≤ upper,  some x whole.

    Attributes
    ----------
    name : the report that it comes from
    cost, lower, upper : (n,)
    integer : (n,) bool
    matrix : (m, n)
    row_lower, row_upper : (m,)
    optimum : the right objective
    """

    name: str
    cost: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    integer: NDArray[np.bool_]
    matrix: NDArray[np.float64]
    row_lower: NDArray[np.float64]
    row_upper: NDArray[np.float64]
    optimum: float


def _canary(
    issue: int,
    *,
    minimise: list[float],
    rows: list[tuple[float, list[float], float]],
    bounds: list[tuple[float, float]],
    whole: list[int],
    optimum: float,
) -> Canary:
    """A canary from its rows `(lower, coefficients, upper)` and column bounds."""
    lower, upper = np.array(bounds, dtype=float).T
    return Canary(
        name=f"HiGHS issue {issue}",
        cost=np.array(minimise, dtype=float),
        lower=lower,
        upper=upper,
        integer=np.isin(np.arange(len(minimise)), whole),
        matrix=np.array([row for _, row, _ in rows], dtype=float),
        row_lower=np.array([low for low, _, _ in rows], dtype=float),
        row_upper=np.array([high for _, _, high in rows], dtype=float),
        optimum=optimum,
    )


CANARIES = (
    _canary(
        2432,
        minimise=[-93, 25, 17],
        rows=[
            (3994.5, [-89, -40.7, -12], FREE),
            (-4878.3, [-0.1, 77.2, -23.7], FREE),
            (-4930, [-8.6, -6.5, 72.78], FREE),
        ],
        bounds=[(-100, 120), (-100, 10), (-100, 0)],
        whole=[0, 2],
        optimum=-3777.571243523316,
    ),
    _canary(
        2957,
        minimise=[1, 2],
        rows=[(20.1, [1, 1], FREE)],
        bounds=[(0, 20), (8, 20)],
        whole=[0],
        optimum=28.2,
    ),
    _canary(
        2975,
        minimise=[0, 2, 99999],
        rows=[(10, [1, 1, 0], 10), (-FREE, [1, 0, -100], 0)],
        bounds=[(0, FREE), (0, FREE), (0, 1)],
        whole=[2],
        optimum=20,
    ),
    _canary(
        3043,
        minimise=[2, 3],
        rows=[(4.5, [1, 1], FREE)],
        bounds=[(0, 10), (0, 10)],
        whole=[1],
        optimum=9,
    ),
    _canary(
        3073,
        minimise=[100, 0.01, 0],
        rows=[
            (3, [1, 0, 1], 3),
            (-FREE, [0, -1, 1], 0),
            (-FREE, [0, -1, -1], 0),
            (-FREE, [0, 0, 1], 3),
            (-FREE, [0, 0, -1], -0.45),
        ],
        bounds=[(0, FREE), (-FREE, FREE), (0, FREE)],
        whole=[2],
        optimum=0.03,
    ),
)


def failed_canaries(solve: Callable[[Canary], float]) -> list[str]:
    """What a solver gets wrong, in words; nothing when it may be used.

    Parameters
    ----------
    solve : callable
        Gives the objective that the solver calls optimal, NaN where it gives none.
    """
    failed = []
    for canary in CANARIES:
        objective = solve(canary)
        if not abs(objective - canary.optimum) <= TOLERANCE:
            failed.append(f"{canary.name}: {objective} instead of {canary.optimum}")
    return failed
