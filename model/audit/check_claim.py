"""The status of an answer: no more than its certificate proves."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from model.certify.certificate import PROVED, Certified
from model.certify.plan import Plan
from model.certify.program import ZERO

TOLERANCE_KT = Fraction(1, 1_000_000)
"""A plan that misses a bound by a kilogram is one; by more, it is none."""
SAME_COST = Fraction(1, 1_000_000_000)
"""The plan published and the plan proved cost the same to this part, but for rounding."""
ROUNDING_KT = Fraction(1, 1_000_000_000)
"""Flows are published to this."""
NEARLY = 1e-6
"""A gap that rounding explains; beyond it, a solver that says optimal is wrong."""


@dataclass(frozen=True)
class Claim:
    """The status that a certificate confirms, or why the answer must not be published."""

    status: str
    fault: str = ""


def check_claim(status: str, certified: Certified) -> Claim:
    """What becomes of a claimed status under what the files of the run prove.

    What is called optimal and is so but for a gap that rounding explains has the status limit.
    It is a fault where the plan published breaks a bound or is not the one that is proved, and
    where neither the optimum nor that there is no plan is proved.
    """
    found = certified.found
    is_proved = found["word"] == PROVED
    if status == "infeasible":
        why = "" if is_proved else f"called the case infeasible without a proof: {found['reason']}"
        return Claim(status, why)
    fault = _fault_of_plan(certified)
    if fault:
        return Claim(status, f"gave a plan that does not stand: {fault}")
    if is_proved or status != "optimal":
        return Claim(status)
    gap = found["relative_gap"]
    if gap is None or gap > NEARLY:
        return Claim(status, f"called a plan optimal without a proof: {found['reason']}")
    return Claim("limit")


def _fault_of_plan(certified: Certified) -> str:
    """What is wrong with the flows as they are published; nothing when they may stand."""
    program, plan = certified.program, certified.published
    if program is None or plan is None:
        return str(certified.found["reason"])
    violations = plan.violations(program)
    row = max(violations, key=lambda row: violations[row], default="")
    if row and violations[row] > TOLERANCE_KT:
        return f"{row} is broken by {float(violations[row]):g} kt"
    if certified.found["word"] == PROVED:
        cost, proved = plan.cost_kcny(), Fraction(certified.found["objective_kcny"]["exact"])
        if abs(cost - proved) > SAME_COST * max(Fraction(1), abs(proved)) + _rounding_kcny(plan):
            return f"it costs {float(cost):.12g} thousand CNY, the proved one {float(proved):.12g}"
    return ""


def _rounding_kcny(plan: Plan) -> Fraction:
    """What rounding every flow may change of the cost, CNY thousand."""
    return ROUNDING_KT * sum((abs(lane.cost_cny_per_t) for lane in plan.lanes.values()), ZERO)
