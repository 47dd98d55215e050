"""The certificate of an answer that is being saved: what its files prove, its status by that."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import islice
from pathlib import Path

from model.audit.check_claim import check_claim
from model.audit.check_plan import certify_plan, check_plan
from model.audit.comparison import check_comparison
from model.audit.disagreement import Disagreement
from model.audit.futures import check_futures
from model.audit.siting import check_siting
from model.case.errors import SolverFailed
from model.certify.certificate import examine
from model.certify.reading import read_json, read_texts, solved_inputs
from model.result.answer import Answer
from model.result.figures import ALLOCATIONS, COMPARISON, FUTURES, PLAN
from model.store.folder import RunFolder
from model.store.output_json import json_text

MOST_NAMED = 3


def certified(answer: Answer, folder: RunFolder) -> Answer:
    """Put what the files of an answer prove into its certificate; write it; check the status.

    The cases and tables of the answer are in the folder; ``run.json`` is not yet, since it states
    what is found here.

    Raises
    ------
    SolverFailed
        The answer claims more than can stand, or states a figure that is derived otherwise.
    """
    if answer.kind in ALLOCATIONS:
        answer = _allocation(answer, folder)
    elif answer.kind == PLAN:
        answer = _plan(answer, folder)
    elif answer.kind == FUTURES:
        _refuse(check_futures(folder.partial, read_json(_summary(answer), "run.json")))
    elif answer.kind == COMPARISON:
        _comparison(answer, folder)
        return answer
    else:
        return answer
    folder.write("certificate.json", json_text(answer.certificate))
    return answer


def _allocation(answer: Answer, folder: RunFolder) -> Answer:
    texts = {
        "certificate.json": json_text(answer.certificate),
        "run.json": json_text(answer.summary()),
    }
    found = examine(solved_inputs(folder.partial), read_texts(folder.partial) | texts)
    if answer.status != "infeasible" or answer.certificate:
        claim = check_claim(answer.status, found)
        if claim.fault:
            raise SolverFailed(f"{answer.figures['solver']} {claim.fault}; no result was written")
        answer = replace(answer, status=claim.status)
    summary, certificate = (read_json(texts, name) for name in ("run.json", "certificate.json"))
    _refuse(check_siting(folder.partial, summary, certificate))
    return replace(answer, certificate=answer.certificate | {"found": found.found})


def _plan(answer: Answer, folder: RunFolder) -> Answer:
    inputs = read_texts(folder.partial / "inputs")
    outputs = read_texts(folder.partial) | {
        "certificate.json": json_text(answer.certificate),
        "run.json": json_text(answer.summary()),
    }
    _refuse(check_plan(inputs, outputs))
    found = {"found": certify_plan(inputs, outputs)}
    return replace(answer, certificate=answer.certificate | found)


def _comparison(answer: Answer, folder: RunFolder) -> None:
    summary = read_json(_summary(answer), "run.json")
    runs = [Path(name) for name in summary["runs"]]
    _refuse(check_comparison(summary, read_texts(folder.partial), runs))


def _summary(answer: Answer) -> dict[str, str]:
    """What ``run.json`` will say, as a text."""
    return {"run.json": json_text(answer.summary())}


def _refuse(disagreements: Iterable[Disagreement]) -> None:
    """Publish nothing that is derived otherwise.

    Raises
    ------
    SolverFailed
        Naming the first few differences.
    """
    named = [str(entry) for entry in islice(disagreements, MOST_NAMED)]
    if named:
        raise SolverFailed(
            f"the certificate derives otherwise: {'; '.join(named)}; no result was written"
        )
