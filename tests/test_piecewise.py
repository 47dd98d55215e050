"""Lines are traced exactly, with few solves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.studies.parametric.piecewise import Point, trace


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_known_function_is_found_with_few_solves(sign: float) -> None:
    lines = [(-5.0, 100.0), (-2.0, 70.0), (0.0, 40.0), (4.0, -32.0)]
    solves = 0

    def solve(at: float) -> Point:
        nonlocal solves
        solves += 1
        cost, slope = max((slope * at + cut, slope) for slope, cut in lines)
        return Point(at, sign * cost, sign * slope)

    pieces = trace(solve, 0.0, 20.0)
    assert [piece.slope for piece in pieces] == [sign * s for s in (-5.0, -2.0, 0.0, 4.0)]
    assert [piece.end for piece in pieces] == [10.0, 15.0, 18.0, 20.0]
    assert solves <= 2 * len(pieces) + 1


@given(
    st.lists(st.tuples(st.integers(-50, 50), st.integers(-200, 200)), min_size=1, max_size=8),
    st.integers(1, 40),
)
def test_any_maximum_of_lines_is_traced(lines: list[tuple[int, int]], high: int) -> None:
    def solve(at: float) -> Point:
        cost, slope = max((slope * at + cut, slope) for slope, cut in lines)
        return Point(at, float(cost), float(slope))

    pieces = trace(solve, 0.0, float(high))
    for at in np.linspace(0, high, 41):
        piece = next(piece for piece in pieces if at <= piece.end)
        assert piece.cost_kcny + piece.slope * (at - piece.start) == pytest.approx(
            solve(at).cost_kcny, abs=1e-6
        )
    slopes = [piece.slope for piece in pieces]
    assert slopes == sorted(set(slopes))
