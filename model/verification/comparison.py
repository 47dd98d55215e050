"""A comparison recomputed from its runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from model.audit.disagreement import Disagreement
from model.case.records import Json
from model.store.provenance import PAGES
from model.store.store import load_run, save
from model.studies.compare.study import compare
from model.verification.folders import compare_folders


def runs_of(run: Path, content: Json) -> list[Path]:
    """Where the runs of a comparison are: beside it, or else where it says."""
    named = [Path(name) for name in content["runs"]]
    companions = [run.parent / path.name for path in named]
    pairs = zip(companions, named, strict=True)
    return [companion if companion.is_dir() else path for companion, path in pairs]


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
    derived = save(answer, scratch)
    yield from compare_folders(run, Path(derived.figures["run"]))
