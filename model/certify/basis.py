"""Flows and duals from a basis, or from published figures, solved again in rationals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from model.certify.elimination import solve_exactly
from model.certify.lanes import Lane, LaneKey, find_lane
from model.certify.plan import Plan
from model.certify.program import ZERO, Program
from model.certify.reading import CertificateError

TOLERANCE_KT = Fraction(1, 1_000_000)
SNAP_DENOMINATOR = 1_000_000


class Basis:
    """The final basis as certificate.json gives it.

    Attributes
    ----------
    lanes : every lane that is basic, or stands at a bound other than 0
    basic : those that are basic
    at : bound at which each of the others stands
    tight : rows that are not basic, with the bound at which they stand
    """

    def __init__(self, program: Program, content: Mapping[str, Any]) -> None:
        self.unpaid_kcny = program.unpaid_kcny
        self.lanes: dict[LaneKey, Lane] = {}
        self.basic: list[LaneKey] = []
        self.at: dict[LaneKey, Fraction] = {}
        for column in content.get("columns", ()):
            key = LaneKey(*(str(column.get(field, "")) for field in LaneKey._fields))
            lane = self.lanes[key] = find_lane(program, key)
            if column.get("at") == "basic":
                self.basic.append(key)
            else:
                self.at[key] = _bound(lane, column.get("at"))
        for key, lane in lanes_with_minimum(program).items():
            if key not in self.lanes:
                self.lanes[key], self.at[key] = lane, lane.min_kt
        self.tight: dict[str, Fraction] = {}
        for entry in content.get("rows", ()):
            label, at = entry.get("row"), entry.get("at")
            if label not in program.rows:
                raise CertificateError(f"basis: no row {label}")
            if at != "basic":
                self.tight[label] = program.rows[label].holds_at(at)
        if len(self.basic) != len(self.tight):
            raise CertificateError("basis: not as many basic lanes as tight rows")

    def plan(self) -> Plan:
        """Flows x_B = B⁻¹ (b − N x_N).

        Raises
        ------
        SingularError
            The columns of the basis are not independent.
        """
        equations: dict[str, dict[LaneKey, Fraction]] = {row: {} for row in self.tight}
        right = dict(self.tight)
        for key in self.basic:
            for row, weight in self.lanes[key].weights.items():
                if row in equations and weight:
                    equations[row][key] = weight
        for key, kt in self.at.items():
            if kt:
                for row, weight in self.lanes[key].weights.items():
                    if row in right:
                        right[row] -= weight * kt
        ship_kt = {**self.at, **solve_exactly(equations, right)}
        return Plan(self.lanes, ship_kt, self.unpaid_kcny)

    def duals(self) -> dict[str, Fraction]:
        """Duals y = c_B B⁻¹ of the tight rows; the others are 0."""
        equations = {
            key: {
                row: weight
                for row, weight in self.lanes[key].weights.items()
                if row in self.tight and weight
            }
            for key in self.basic
        }
        return solve_exactly(equations, {key: self.lanes[key].cost_cny_per_t for key in self.basic})


def lanes_with_minimum(program: Program) -> dict[LaneKey, Lane]:
    """Lanes that flow in every plan."""
    keys = [
        LaneKey(lane.origin, lane.sink, lane.mode, "") for lane in program.explicit.with_minimum()
    ]
    return {key: find_lane(program, key) for key in keys}


def _bound(lane: Lane, at: Any) -> Fraction:
    bound = lane.max_kt if at == "upper" else lane.min_kt
    if bound is None:
        raise CertificateError(f"basis: {' / '.join(lane.key)} has no upper bound")
    return bound


def sharpen_plan(program: Program, published: Plan) -> Plan:
    """The plan near a published one at which its tight constraints hold exactly.

    Flows strictly between their bounds are solved from the rows that are tight within tolerance;
    those at a bound are put on it; what stays free keeps its published decimals.

    Raises
    ------
    SingularError
        The tight constraints contradict each other.
    """
    fixed: dict[LaneKey, Fraction] = {}
    for key, kt in published.ship_kt.items():
        lane = published.lanes[key]
        for bound in (lane.min_kt, lane.max_kt):
            if bound is not None and abs(kt - bound) <= TOLERANCE_KT:
                fixed[key] = bound
    right = tight_rows(program, published)
    equations: dict[str, dict[LaneKey, Fraction]] = {row: {} for row in right}
    for key, lane in published.lanes.items():
        for row, weight in lane.weights.items():
            if row in right and weight and key in fixed:
                right[row] -= weight * fixed[key]
            elif row in right and weight:
                equations[row][key] = weight
    solved = solve_exactly(equations, right, published.ship_kt)
    return replace(published, ship_kt={**published.ship_kt, **fixed, **solved})


def sharpen_duals(
    program: Program, plan: Plan, claimed: Mapping[str, Fraction]
) -> dict[str, Fraction]:
    """The duals near the claimed ones under which every lane in use has reduced cost 0 exactly.

    Rows that are slack get 0; what the lanes in use leave free takes the simplest rational near
    the claim.

    Raises
    ------
    SingularError
        No duals do that.
    """
    tight = tight_rows(program, plan)
    equations = {}
    for key, kt in plan.ship_kt.items():
        lane = plan.lanes[key]
        below_maximum = lane.max_kt is None or kt < lane.max_kt - TOLERANCE_KT
        if kt > lane.min_kt + TOLERANCE_KT and below_maximum:
            equations[key] = {row: w for row, w in lane.weights.items() if row in tight and w}
    guess = {row: snap(claimed.get(row, ZERO)) for row in tight}
    solved = solve_exactly(
        equations, {key: plan.lanes[key].cost_cny_per_t for key in equations}, guess
    )
    return {**guess, **solved}


def tight_rows(program: Program, plan: Plan) -> dict[str, Fraction]:
    """Rows whose activity is within tolerance of a bound, with that bound."""
    activity = plan.activity()
    tight = {}
    for label, row in program.rows.items():
        for side in (row.high, row.low):
            if side is not None and abs(activity.get(label, ZERO) - side) <= TOLERANCE_KT:
                tight[label] = side
    return tight


def snap(value: Fraction) -> Fraction:
    """The rational of small denominator nearest to a floating-point figure."""
    return Fraction(value).limit_denominator(SNAP_DENOMINATOR)
