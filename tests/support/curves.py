"""Curves against costs found otherwise."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st

from model.studies.curve.curve import Curve


def check_curve(curve: Curve, cost_at: dict[float, float]) -> None:
    for at, cost in cost_at.items():
        assert curve.cost_kcny(at) == pytest.approx(cost, rel=1e-9, abs=1e-6), at
    slopes = [piece.slope for piece in curve.pieces]
    assert slopes == sorted(slopes, reverse=curve.shape == "concave")
    assert len(set(slopes)) == len(slopes)
    for before, after in zip(curve.pieces, curve.pieces[1:], strict=False):
        assert before.end == after.start


TONNES = st.integers(0, 12)
