"""The certificate of a run: what its files prove, in exact rational arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from model.certify.basis import (
    Basis,
    lanes_with_minimum,
    sharpen_duals,
    sharpen_plan,
)
from model.certify.bound import Bound, dual_bound
from model.certify.elimination import SingularError
from model.certify.infeasible import certify_infeasible
from model.certify.lanes import LaneKey, find_lane
from model.certify.plan import Plan
from model.certify.program import ZERO, Program, derive_program
from model.certify.reading import CertificateError, exact, read_json, read_output

PROVED, CLAIMED = "proved", "claimed"
RELATIVE_TOLERANCE = Fraction(1, 1_000_000_000)


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
    duals: dict[str, Fraction]
    duals_from: str
    bound: Bound | None

    @property
    def gap_kcny(self) -> Fraction | None:
        """Cost of the plan over what no plan undercuts."""
        return None if self.bound is None else self.plan.cost_kcny() - self.bound.value_kcny


def certify_texts(inputs: Mapping[str, str], outputs: Mapping[str, str]) -> dict[str, Any]:
    """What a run's files prove, as JSON.

    Parameters
    ----------
    inputs : name → text of the canonical case (`case.toml`, `origins.csv`, ...)
    outputs : name → text of `flows.csv` and `certificate.json`

    Returns
    -------
    dict
        `word` is `proved` where an exactly feasible plan meets the exact bound over every lane on
        offer (or an exact cut shows that there is no plan), else `claimed`, with the `reason`.

    Source
    ------
    Weak duality; DESIGN section 4, exact certificate.
    """
    try:
        program = derive_program(inputs)
        certificate = read_json(outputs, "certificate.json")
        if "farkas" in certificate:
            return certify_infeasible(program, certificate["farkas"])
        return describe(program, prove(program, published_plan(program, outputs), certificate))
    except CertificateError as error:
        return {"word": CLAIMED, "reason": str(error)}


def published_plan(program: Program, outputs: Mapping[str, str]) -> Plan:
    """The plan of flows.csv, its decimals as they stand.

    Raises
    ------
    CertificateError
        A flow on a lane that is not on offer, or two rows for one lane.
    """
    lanes, ship_kt = lanes_with_minimum(program), {}
    for key in lanes:
        ship_kt[key] = ZERO
    seen = set()
    for *names, kt in read_output(outputs, "flows").records(*LaneKey._fields, "ship_kt"):
        key = LaneKey(*names)
        if key in seen:
            raise CertificateError(f"flows.csv: {' / '.join(filter(None, key))} stands twice")
        seen.add(key)
        lanes[key], ship_kt[key] = find_lane(program, key), exact(kt)
    return Plan(lanes, ship_kt)


def prove(program: Program, published: Plan, certificate: Mapping[str, Any]) -> Proof:
    """The best proof that basis, flows and duals of a run give.

    The basis comes first; where it is absent, singular, or not optimal on its own (flows that a
    tie-break has chosen), the published flows and claimed duals are sharpened to exact ones.
    """
    basis = _attempt(lambda: Basis(program, certificate["basis"]))
    plan, plan_from = None, "basis"
    if basis is not None:
        plan = _attempt(basis.plan)
    if plan is None or plan.violations(program):
        sharp = _attempt(lambda: sharpen_plan(program, published))
        plan, plan_from = sharp, "flows, sharpened"
        if plan is None or plan.violations(program):
            plan, plan_from = published, "flows as published"
    best = Proof(plan, plan_from, {}, "none", None)
    claimed = {str(row): Fraction(dual) for row, dual in certificate.get("duals", {}).items()}
    chosen = plan
    sources: list[tuple[str, Callable[[], dict[str, Fraction]]]] = [
        ("plan, near those claimed", lambda: sharpen_duals(program, chosen, claimed)),
        ("claimed", lambda: claimed),
    ]
    if basis is not None:
        sources.insert(0, ("basis", basis.duals))
    for duals_from, make in sources:
        duals = _attempt(make)
        bound = _attempt(lambda duals=duals: dual_bound(program, duals)) if duals else None  # type: ignore[misc]
        if bound and (best.bound is None or bound.value_kcny > best.bound.value_kcny):
            best = Proof(plan, plan_from, duals or {}, duals_from, bound)
        if best.gap_kcny == 0:
            break
    return best


def _attempt(make: Callable[[], Any]) -> Any:
    """What `make` gives, or None where the files do not carry it."""
    try:
        return make()
    except (CertificateError, SingularError, KeyError, TypeError, ValueError):
        return None


def describe(program: Program, proof: Proof) -> dict[str, Any]:
    """A proof as JSON: exact figures as text, with a float beside each for people."""
    violations = proof.plan.violations(program)
    worst = max(violations, key=lambda row: violations[row], default=None)
    cost = proof.plan.cost_kcny()
    found: dict[str, Any] = {
        "word": CLAIMED,
        "reason": "",
        "plan_from": proof.plan_from,
        "duals_from": proof.duals_from,
        "objective_kcny": number(cost),
        "violation_kt": number(violations[worst] if worst else ZERO),
        "violated": worst,
        "bound_kcny": None,
        "gap_kcny": None,
        "relative_gap": None,
        "pairs_priced": None,
        "least_reduced_cost_cny_per_t": None,
    }
    if proof.bound is None or proof.gap_kcny is None:
        return found | {"reason": "no duals that give a bound"}
    relative = proof.gap_kcny / max(abs(cost), Fraction(1))
    found |= {
        "bound_kcny": number(proof.bound.value_kcny),
        "gap_kcny": number(proof.gap_kcny),
        "relative_gap": float(relative),
        "pairs_priced": proof.bound.pairs,
        "least_reduced_cost_cny_per_t": number(proof.bound.least_reduced_cost or ZERO),
    }
    if worst:
        return found | {"reason": f"{worst} is broken by {float(violations[worst])}"}
    if relative > RELATIVE_TOLERANCE:
        return found | {"reason": f"a gap of {float(relative)} remains"}
    return found | {"word": PROVED}


def number(value: Fraction) -> dict[str, str | float]:
    """A rational as text `p/q`, and as the nearest float."""
    return {"exact": str(value), "about": float(value)}
