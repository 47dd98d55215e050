"""The status of an answer: no more than its certificate proves."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.case.errors import SolverFailed
from model.certify.program import derive_program
from model.certify.proof import published_plan
from model.certify.reading import CertificateError, read_texts, solved_inputs

if TYPE_CHECKING:
    from model.result.answer import Answer

TOLERANCE_KT = 1e-6
"""A plan that misses a bound by a kilogram is one; by more, it is none."""
SAME_COST = 1e-9
"""The plan published and the plan proved cost the same to this part of the cost."""
NEARLY = 1e-6
"""A gap that rounding explains; beyond it, a solver that says optimal is wrong."""


def with_checked_status(result: Answer, found: dict[str, Any], folder: Path) -> Answer:
    """The answer under the status that its certificate bears out.

    Parameters
    ----------
    found : dict
        What :func:`model.certify.certificate.certify` says of the run's files.
    folder : Path
        Where these files are.

    Returns
    -------
    Answer
        As it was where it is proved. What was called optimal and is so but for a gap that rounding
        explains has the status limit.

    Raises
    ------
    SolverFailed
        The plan published breaks a bound, or is not the one that is proved; or neither the
        optimum nor that there is no plan is proved.
    """
    is_proved = found["word"] == "proved"
    if result.status == "infeasible":
        if not is_proved:
            raise _failed(result, f"called the case infeasible without a proof: {found['reason']}")
        return result
    why = _fault_of_plan(found, folder)
    if why:
        raise _failed(result, f"gave a plan that does not stand: {why}")
    if is_proved or result.status != "optimal":
        return result
    gap = found["relative_gap"]
    if gap is None or gap > NEARLY:
        raise _failed(result, f"called a plan optimal without a proof: {found['reason']}")
    return replace(result, status="limit")


def _fault_of_plan(found: dict[str, Any], folder: Path) -> str:
    """What is wrong with the flows as they are published; nothing when they may stand."""
    try:
        program = derive_program(solved_inputs(folder))
        plan = published_plan(program, read_texts(folder))
        violations = plan.violations(program)
    except CertificateError as error:
        return str(error)
    row = max(violations, key=lambda row: violations[row], default="")
    if row and violations[row] > TOLERANCE_KT:
        return f"{row} is broken by {float(violations[row]):g} kt"
    if found["word"] == "proved":
        cost, proved = float(plan.cost_kcny()), found["objective_kcny"]["about"]
        if abs(cost - proved) > SAME_COST * max(1.0, abs(proved)):
            return f"it costs {cost:.12g} thousand CNY, and the proved one {proved:.12g}"
    return ""


def _failed(result: Answer, what: str) -> SolverFailed:
    return SolverFailed(f"{result.figures['solver']} {what}; no result was written")
