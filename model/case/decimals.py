"""Sums and products of figures as decimals, as people compute them: 325 × 1.1 is 357.5."""

from __future__ import annotations

from decimal import Context, Decimal

import numpy as np

from model.arrays import Floats
from model.case.schema import MIN_NUMBER

_EXACT = Context(prec=60)
"""The product of two shortest decimals has at most 34 digits."""
_SPLITTER = 2.0**27 + 1.0
_DOUBT = 2.0**-45
"""Error of the remainder of a product, as a share of the remainder's parts; generous."""


def product(figure: float, factor: float) -> float:
    """Return the float nearest to the product of two decimals."""
    return _rounded(_EXACT.multiply(Decimal(repr(figure)), Decimal(repr(factor))))


def sums(figures: Floats, summand: float) -> Floats:
    """Return the floats nearest to the sums of decimals, (rows,); NaN stays."""
    more = Decimal(repr(summand))
    return np.array(
        [
            figure if figure != figure else _rounded(_EXACT.add(Decimal(repr(figure)), more))
            for figure in figures.tolist()
        ],
        dtype=float,
    )


def products(figures: Floats, factors: Floats) -> Floats:
    """Return :func:`product` of every pair, broadcast, as quickly as arrays are; NaN stays.

    A float x stands for its shortest decimal x + ρ(x), where |ρ| is half a last digit at most.
    With the error ε of the product in floats (Dekker), the exact product is
    xy + ε + xρ(y) + yρ(x), up to what `_DOUBT` covers; where that does not tell how to round,
    decimals do.
    """
    rough = figures * factors
    parts = (
        _error_of_product(figures, factors, rough),
        figures * _rest(factors),
        factors * _rest(figures),
    )
    remainder = parts[0] + (parts[1] + parts[2])
    margin = (np.abs(parts[0]) + np.abs(parts[1]) + np.abs(parts[2])) * _DOUBT
    found = np.asarray(rough + remainder)
    unsure = (rough + (remainder - margin)) < (rough + (remainder + margin))
    if unsure.any():
        x, y = np.broadcast_arrays(figures, factors)
        found[unsure] = list(map(product, x[unsure].tolist(), y[unsure].tolist()))
    return _near_zero_is_zero(found)


def _rounded(exact: Decimal) -> float:
    nearest = float(exact)
    return 0.0 if abs(nearest) < MIN_NUMBER else nearest


def _near_zero_is_zero(figures: Floats) -> Floats:
    """Take figures nearer to 0 than any that a file may hold for 0."""
    return np.where(np.abs(figures) < MIN_NUMBER, 0.0, figures)


def _rest(figures: Floats) -> Floats:
    """ρ: the shortest decimal of each float, less the float."""
    values, position = np.unique(figures, return_inverse=True)
    rests = [
        0.0 if value != value else float(_EXACT.subtract(Decimal(repr(value)), Decimal(value)))
        for value in values.tolist()
    ]
    return np.array(rests, dtype=float)[position].reshape(figures.shape)


def _error_of_product(x: Floats, y: Floats, rough: Floats) -> Floats:
    """What x × y has beyond its float, exactly (Dekker 1971)."""
    high_x, high_y = _high_half(x), _high_half(y)
    low_x, low_y = x - high_x, y - high_y
    exact = low_x * low_y - (((rough - high_x * high_y) - low_x * high_y) - high_x * low_y)
    return np.asarray(exact)


def _high_half(x: Floats) -> Floats:
    """The upper half of the digits (Veltkamp)."""
    scaled = _SPLITTER * x
    return np.asarray(scaled - (scaled - x))
