"""The certificate of a run: what its files prove, in exact rational arithmetic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from model.certify.derive import derive_program
from model.certify.infeasible import certify_infeasible
from model.certify.plan import Plan
from model.certify.program import ZERO, Program
from model.certify.proof import Proof, prove, published_plan
from model.certify.reading import CertificateError, Json, read_json, read_texts, solved_inputs

PROVED, CLAIMED = "proved", "claimed"
RELATIVE_TOLERANCE = Fraction(1, 1_000_000_000)
A_GRAM_KT = Fraction(1, 1_000_000_000)
"""Figures that sum to others but for their last bit leave a bound broken by less than this."""


@dataclass(frozen=True)
class Certified:
    """What a run's files prove, and what it was derived from.

    Attributes
    ----------
    found : as JSON; `word` is `proved` where an exactly feasible plan meets the exact bound over
        every lane on offer (or an exact cut shows that there is no plan), else `claimed`, with the
        `reason`
    program, published : None where the files do not state them
    """

    found: Json
    program: Program | None = None
    published: Plan | None = None


def examine(inputs: Mapping[str, str], outputs: Mapping[str, str]) -> Certified:
    """What a run's files prove.

    Parameters
    ----------
    inputs : name → text of the canonical case (`case.toml`, `origins.csv`, ...)
    outputs : name → text of `flows.csv` and `certificate.json`

    References
    ----------
    Weak duality; docs/mathematics.md, the certificate.
    """
    program = published = None
    try:
        program = derive_program(inputs)
        certificate = read_json(outputs, "certificate.json")
        if "farkas" in certificate:
            return Certified(certify_infeasible(program, certificate["farkas"]), program)
        published = published_plan(program, outputs)
        found = describe(program, prove(program, published, certificate))
        return Certified(found, program, published)
    except CertificateError as error:
        return Certified({"word": CLAIMED, "reason": str(error)}, program, published)


def certify_texts(inputs: Mapping[str, str], outputs: Mapping[str, str]) -> Json:
    """What a run's files prove, as JSON."""
    return examine(inputs, outputs).found


def certify(folder: Path) -> Json:
    """What the files of a run folder prove: `inputs/`, `flows.csv`, `certificate.json`.

    Examples
    --------
    ::

        certificate["found"] = certify(run_folder)
    """
    return certify_texts(solved_inputs(folder), read_texts(folder))


def describe(program: Program, proof: Proof) -> Json:
    """A proof as JSON: exact figures as text, each with a float for people."""
    violations = proof.plan.violations(program)
    worst = max(violations, key=lambda row: violations[row], default=None)
    cost = proof.plan.cost_kcny()
    found: Json = {
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
    if worst and violations[worst] > A_GRAM_KT:
        return found | {"reason": f"{worst} is broken by {float(violations[worst])}"}
    if relative > RELATIVE_TOLERANCE:
        return found | {"reason": f"a gap of {float(relative)} remains"}
    return found | {"word": PROVED}


def number(value: Fraction) -> dict[str, str | float]:
    """A rational as text `p/q`, and as the nearest float."""
    return {"exact": str(value), "about": float(value)}
