"""What may be handed to the solver: nothing that it would quietly read as something else.

HiGHS takes 1e20 and more for infinite and drops coefficients up to 1e-9; what it makes of NaN is
a status "optimal". Such numbers are stopped here.
"""

from __future__ import annotations

import numpy as np

from model.arrays import Floats

INFINITE = 1e20
SMALLEST, LARGEST = 1e-9, 1e15
"""Coefficients of this size and less are dropped, of this size and more refused, by HiGHS."""


class UnfitProgram(ValueError):  # noqa: N818 - the name says it
    """A number that the solver would misread; the message says which and what to do."""


def require_costs(cost: Floats) -> None:
    """Refuse costs that are not numbers, or that count as infinite.

    >>> require_costs(np.array([1.0, np.nan]))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    model.solve.solver_limits.UnfitProgram: a cost of nan may not ...; costs must be below 1e20
    """
    _refuse(cost, ~(np.abs(cost) < INFINITE), "a cost", "costs must be below 1e20")


def require_bounds(lower: Floats, upper: Floats) -> None:
    """Refuse bounds that are not numbers, or that count as infinite without being so."""
    for bound in (lower, upper):
        bad = ~((np.abs(bound) < INFINITE) | np.isinf(bound))
        _refuse(bound, bad, "a bound", "bounds must be below 1e20, or infinite")


def require_coefficients(value: Floats) -> None:
    """Refuse coefficients that are not numbers, or of a size that the solver drops or refuses."""
    size = np.abs(value)
    bad = ~((size > SMALLEST) & (size < LARGEST) | (size == 0))
    rule = "what a tonne counts in a limit must be 0, or above 1e-9 and below 1e15"
    _refuse(value, bad, "a coefficient", f"{rule}; state the limit's figures in another unit")


def _refuse(values: Floats, bad: np.ndarray, what: str, rule: str) -> None:
    if bad.any():
        value = float(values[bad][0])
        raise UnfitProgram(f"{what} of {value:g} may not be solved with; {rule}")
