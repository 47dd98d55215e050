"""Proof that a program has no feasible plan, and of the least that is missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from model.certify.basis import snap
from model.certify.bound import dual_bound
from model.certify.program import ZERO, Program
from model.certify.reading import Json


def certify_infeasible(program: Program, farkas: Mapping[str, Any]) -> Json:
    """Check a Farkas proof over every lane on offer.

    Row weights y prove infeasibility if Σ_i y_i b_i exceeds what the lanes can add up to,
    max Σ_l (y A)_l x_l within their bounds: the dual bound with all costs at 0 is positive.
    Divided by the largest weight of a demand, the bound is one on the total shortage: were
    shortage allowed at a cost of 1 per kt, the weights so scaled would be valid duals.

    Parameters
    ----------
    program : Program
    farkas : row label → weight

    Returns
    -------
    dict
        `word` `proved` or `claimed`; `shortage_kt_at_least`, where demands are part of the proof;
        `violation_at_least`, the same over demands and limits together.
    """
    weights = {
        str(row): Fraction(weight)
        for row, weight in farkas.items()
        if row in program.rows and weight
    }
    roundings: tuple[Callable[[Fraction], Fraction], ...] = (snap, Fraction)
    for rounding in roundings:
        rounded = {row: rounding(weight) for row, weight in weights.items()}
        excess = dual_bound(program, rounded, cost_factor=0).value_kcny
        if excess > 0:
            return {
                "word": "proved",
                "reason": "no plan can exist",
                "excess": _number(excess),
                "shortage_kt_at_least": _least(excess, rounded, "demand_met["),
                "violation_at_least": _least(excess, rounded, ""),
                "rows": sorted(row for row, weight in rounded.items() if weight),
            }
    return {"word": "claimed", "reason": "the weights do not show that no plan exists"}


def _least(excess: Fraction, weights: Mapping[str, Fraction], family: str) -> Json | None:
    """Bound on the total violation of a family of rows, None where the proof needs none of it."""
    largest = max(
        (abs(weight) for row, weight in weights.items() if row.startswith(family)), default=ZERO
    )
    return _number(excess / largest) if largest else None


def _number(value: Fraction) -> Json:
    return {"exact": str(value), "about": float(value)}
