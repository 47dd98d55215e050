"""Least cost as a function of one figure: exact, piecewise linear, without a grid.

Every solve gives the cost and a line that supports the whole function (from below where it
is convex, from above where it is concave). Two such lines meet in one point: either the
function passes through it, which makes it a breakpoint, or a solve there gives a new line
and the search goes on at both sides of it. The number of solves is about twice the number
of breakpoints.

Source
------
M. J. Eisner and D. G. Severance, Mathematical techniques for efficient record segmentation
in large shared databases, Journal of the ACM 23 (1976).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from math import floor, log10

EXACT = 1e-10
"""Part of a cost by which two sums of the same terms may differ."""
SLOPE_DIGITS = 12
"""Decimal digits that floating point vouches for in the steepest slope; others end with it."""
SAME_SLOPE = 1e-10
"""Part of the steepest slope by which two slopes may differ and still be one."""
AT_DECIMALS = 9


@dataclass(frozen=True)
class Point:
    """Cost (kCNY) at a figure's value, and the slope of a line that supports the function there."""

    at: float
    cost_kcny: float
    slope: float

    def line(self, at: float) -> float:
        """The supporting line elsewhere."""
        return self.cost_kcny + self.slope * (at - self.at)


@dataclass(frozen=True)
class Piece:
    """A stretch of values over which each unit changes the cost by the same `slope`, kCNY."""

    start: float
    end: float
    cost_kcny: float
    slope: float


def trace(solve: Callable[[float], Point], low: float, high: float) -> list[Piece]:
    """The pieces of a convex or concave function between two values, from left to right.

    Parameters
    ----------
    solve : callable
        Cost and a supporting slope at a value; feasible from `low` to `high`.
    """
    if high <= low:
        point = solve(low)
        return [Piece(low, low, point.cost_kcny, point.slope)]
    first, last = solve(low), solve(high)
    points = [first, *_between(solve, first, last), last]
    slopes = [_slope(left, right) for left, right in pairwise(points)]
    steepest = max(map(abs, slopes))
    decimals = SLOPE_DIGITS - 1 - floor(log10(steepest)) if steepest else 0
    pieces: list[Piece] = []
    for left, right, found in zip(points, points[1:], slopes, strict=False):
        slope = round(found, decimals) + 0.0
        if pieces and abs(pieces[-1].slope - slope) <= SAME_SLOPE * steepest:
            pieces[-1] = replace(pieces[-1], end=right.at)
        else:
            pieces.append(Piece(left.at, right.at, left.cost_kcny, slope))
    return pieces


def _between(solve: Callable[[float], Point], left: Point, right: Point) -> list[Point]:
    """Points strictly between two, such that the function is linear from each to the next."""
    if _meets(left, right) or _meets(right, left):
        return []
    bend = left.slope - right.slope
    at = round((right.line(0.0) - left.line(0.0)) / bend, AT_DECIMALS) if bend else left.at
    if not left.at < at < right.at:
        return []
    here = solve(at)
    if _same(here.cost_kcny, left.line(at)):
        return [here]
    return [*_between(solve, left, here), here, *_between(solve, here, right)]


def _meets(point: Point, other: Point) -> bool:
    """Whether the line at a point passes through the other: then nothing bends between them."""
    return _same(point.line(other.at), other.cost_kcny)


def _same(one: float, other: float) -> bool:
    return abs(one - other) <= EXACT * (1.0 + max(abs(one), abs(other)))


def _slope(left: Point, right: Point) -> float:
    """Slope between neighbours: that of the line which passes through both."""
    if _meets(left, right):
        return left.slope
    if _meets(right, left):
        return right.slope
    return (right.cost_kcny - left.cost_kcny) / (right.at - left.at)
