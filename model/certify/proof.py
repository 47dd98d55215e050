"""The best proof that the files of a run give: a plan, duals, and the bound between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ParamSpec, TypeVar

from model.certify.basis import Basis, lanes_with_minimum, sharpen_duals, sharpen_plan
from model.certify.bound import Bound, dual_bound
from model.certify.elimination import SingularError
from model.certify.lanes import Lane, LaneKey, find_lane, receiver_of
from model.certify.plan import Plan
from model.certify.program import ZERO, Program
from model.certify.reading import CertificateError, exact, read_output
from model.certify.selection import SHORTAGE

Parameters = ParamSpec("Parameters")
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Proof:
    """A plan, duals and the bound that they give, all in rationals.

    Attributes
    ----------
    plan, plan_from : the plan, and where it comes from
    duals, duals_from : row label → dual, and where they come from
    bound : None where no duals give one
    """

    plan: Plan
    plan_from: str
    duals: Mapping[str, Fraction]
    duals_from: str
    bound: Bound | None

    @property
    def gap_kcny(self) -> Fraction | None:
        """Cost of the plan over what no plan undercuts."""
        return None if self.bound is None else self.plan.cost_kcny() - self.bound.value_kcny


def published_plan(program: Program, outputs: Mapping[str, str]) -> Plan:
    """The plan of flows.csv, its decimals as they stand; what sinks lack is their shortage.

    Raises
    ------
    CertificateError
        A flow on a lane that is not on offer, or two rows for one lane.
    """
    lanes = lanes_with_minimum(program)
    ship_kt = dict.fromkeys(lanes, ZERO)
    seen = set()
    for *names, kt in read_output(outputs, "flows").records(*LaneKey._fields, "ship_kt"):
        key = LaneKey(*names)
        if key in seen:
            raise CertificateError(f"flows.csv: {' / '.join(filter(None, key))} stands twice")
        seen.add(key)
        lanes[key], ship_kt[key] = find_lane(program, key), exact(kt)
    return with_shortages(program, lanes, ship_kt)


def with_shortages(
    program: Program, lanes: Mapping[LaneKey, Lane], ship_kt: Mapping[LaneKey, Fraction]
) -> Plan:
    """The plan of some flows, with what sinks that may do so go without."""
    every, flows = dict(lanes), dict(ship_kt)
    for sink, origin in program.shortages.items():
        key = LaneKey(origin.name, sink, SHORTAGE, "")
        place = program.receivers[origin.commodity, sink]
        received = (kt for lane, kt in ship_kt.items() if receiver_of(program, lane) == place)
        every[key] = find_lane(program, key)
        flows[key] = max(ZERO, place.demand_kt - sum(received, ZERO))
    return Plan(every, flows, program.unpaid_kcny)


def prove(program: Program, published: Plan, certificate: Mapping[str, Any]) -> Proof:
    """The proof that basis, published flows and claimed duals of a run give.

    The basis comes first. Where it is absent, singular or not optimal, the published flows and
    claimed duals are sharpened to exact ones; of several bounds the greatest holds.
    """
    basis = attempt(Basis, program, certificate.get("basis", {}))
    claimed = {str(row): Fraction(dual) for row, dual in certificate.get("duals", {}).items()}
    plan_from, plan = _feasible_plan(program, published, basis)
    best = Proof(plan, plan_from, {}, "none", None)
    for duals_from, duals in _duals(program, plan, basis, claimed):
        bound = attempt(dual_bound, program, duals)
        if bound and (best.bound is None or bound.value_kcny > best.bound.value_kcny):
            best = Proof(plan, plan_from, duals, duals_from, bound)
        if best.gap_kcny == 0:
            break
    return best


def _feasible_plan(program: Program, published: Plan, basis: Basis | None) -> tuple[str, Plan]:
    """The first of the plans that keeps every bound exactly, else the published one."""
    plan = attempt(basis.plan) if basis else None
    if plan and not plan.violations(program):
        return "basis", plan
    plan = attempt(sharpen_plan, program, published)
    if plan and not plan.violations(program):
        return "flows, sharpened", plan
    return "flows as published", published


def _duals(
    program: Program, plan: Plan, basis: Basis | None, claimed: Mapping[str, Fraction]
) -> Iterator[tuple[str, Mapping[str, Fraction]]]:
    """Duals that may prove a plan, the likeliest first."""
    if basis and (duals := attempt(basis.duals)):
        yield "basis", duals
    if duals := attempt(sharpen_duals, program, plan, claimed):
        yield "plan, near those claimed", duals
    if claimed:
        yield "claimed", claimed


def attempt(
    make: Callable[Parameters, Answer], *args: Parameters.args, **kwargs: Parameters.kwargs
) -> Answer | None:
    """What `make` gives, or None where the files do not carry it."""
    try:
        return make(*args, **kwargs)
    except (CertificateError, SingularError, AttributeError, LookupError, TypeError, ValueError):
        return None
