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
from dataclasses import dataclass
from itertools import pairwise

EXACT = 1e-10
"""Part of a cost by which two sums of the same terms may differ."""
SLOPE_DECIMALS = 6
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
    pieces: list[Piece] = []
    for left, right in pairwise(points):
        slope = round(_slope(left, right), SLOPE_DECIMALS) + 0.0
        if pieces and pieces[-1].slope == slope:
            pieces[-1] = Piece(pieces[-1].start, right.at, pieces[-1].cost_kcny, slope)
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
