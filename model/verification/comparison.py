"""A comparison recomputed from its runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from model.audit.comparison import runs_of
from model.audit.disagreement import Disagreement
from model.case.records import Json
from model.store.provenance import PAGES
from model.store.store import load_run, save
from model.studies.compare.study import compare
from model.verification.folders import compare_folders


def compare_again(run: Path, content: Json, scratch: Path) -> Iterator[Disagreement]:
    """What the files of a comparison say against those of the same runs compared again.

    Raises
    ------
    BadInput
        A run is not there.
    """
    results = [load_run(folder) for folder in runs_of(run, content)]
    answer = compare(results).answer(content["runs"])
    answer = replace(answer, provenance={"created": datetime.now(UTC).isoformat()})
    if PAGES in content:
        answer = replace(answer, details=answer.details | {PAGES: content[PAGES]})
    derived = save(answer, scratch, certify=lambda made, _: made)  # the audit does, where they are
    yield from compare_folders(run, Path(derived.figures["run"]))
