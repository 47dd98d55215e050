"""Everything that a stored run says, checked again from its own inputs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from model.audit.check_infeasible import check_infeasible
from model.audit.check_plan import check_plan
from model.audit.check_planned import check_planned
from model.audit.comparison import check_comparison, runs_of
from model.audit.disagreement import Disagreement, show
from model.audit.futures import check_futures, futures_of
from model.audit.ledger import check_ledger
from model.audit.manifest import check_manifest
from model.audit.siting import check_siting
from model.audit.stored import read_stored
from model.certify.elimination import SingularError
from model.certify.reading import BUILT, CertificateError, read_json, read_output, read_texts

COMPARISON, PLAN, FUTURES = "comparison", "plan", "futures"
MALFORMED = (
    CertificateError,
    SingularError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What reading files that no run has written can raise."""


def verify(run: Path) -> list[Disagreement]:
    """Every figure in a run folder that is not what its own inputs give; none when all agree.

    Hashes of all files are checked against the manifest; and, since a manifest can be forged too,
    all that can be recomputed is: plan, costs, balances, marginal values, observed figures,
    headline figures and the certificate itself.

    Parameters
    ----------
    run : Path
        A finished run folder, wherever it was copied or moved to.
    """
    return list(dict.fromkeys([*check_manifest(run), *_contents(run)]))


def _contents(run: Path) -> Iterator[Disagreement]:
    """What the files say against what follows from the case."""
    try:
        outputs = read_texts(run)
        summary = read_json(outputs, "run.json")
        if summary.get("kind") == COMPARISON:
            yield from check_comparison(summary, outputs, runs_of(run, summary))
            return
        if summary.get("kind") == PLAN:
            yield from check_plan(read_texts(run / "inputs"), outputs)
            return
        if summary.get("kind") == FUTURES:
            yield from check_futures(run, summary)
            for folder in futures_of(run, summary):
                yield from _within(folder, _claims(folder))
            return
        yield from _claims(run)
    except MALFORMED as error:
        yield Disagreement(run.name, "", "files of a run", f"{type(error).__name__}: {error}")


def _within(folder: Path, found: Iterator[Disagreement]) -> Iterator[Disagreement]:
    """What is said in a folder of a run."""
    for each in found:
        yield replace(each, file=f"{folder.parent.name}/{folder.name}/{each.file}")


def _claims(run: Path) -> Iterator[Disagreement]:
    stored = read_stored(run)
    yield from check_ledger(read_texts(run / "inputs"), stored.outputs)
    yield from check_siting(run)
    status = stored.summary.get("status")
    has_plan = bool(stored.certificate or read_output(stored.outputs, "flows").rows)
    if status == "infeasible" and "farkas" not in stored.certificate and (run / BUILT).is_dir():
        return  # that no choice keeps every requirement is the solver's claim
    if status == "infeasible":
        yield from check_infeasible(stored)
    elif status == "optimal" or (status == "limit" and has_plan):
        yield from check_planned(stored)
    elif status != "limit":
        yield Disagreement("run.json", "status", show(status), "optimal, infeasible or limit")
