"""The certificate of an answer that is being saved: what its files prove, its status by that."""

from __future__ import annotations

from dataclasses import replace

from model.audit.check_claim import with_checked_status
from model.certify.certificate import certify_texts
from model.certify.reading import read_texts, solved_inputs
from model.result.answer import Answer
from model.result.figures import ALLOCATIONS
from model.store.folder import RunFolder
from model.store.output_json import json_text


def certified(answer: Answer, folder: RunFolder) -> Answer:
    """Put what the files of an answer prove into its certificate; write it; check the status.

    The cases and tables of the answer are in the folder; ``run.json`` is not yet, since it states
    what is found here.

    Raises
    ------
    SolverFailed
        The answer claims more than can stand.
    """
    if answer.kind not in ALLOCATIONS:
        return answer
    texts = {
        "certificate.json": json_text(answer.certificate),
        "run.json": json_text(answer.summary()),
    }
    found = certify_texts(solved_inputs(folder.partial), read_texts(folder.partial) | texts)
    if answer.status != "infeasible" or answer.certificate:
        answer = with_checked_status(answer, found, folder.partial)
    answer = replace(answer, certificate=answer.certificate | {"found": found})
    folder.write("certificate.json", json_text(answer.certificate))
    return answer
