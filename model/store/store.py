"""Results on disk: what each file of a run folder holds, written and read back."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.case.errors import BadInput, Fault
from model.result.figures import complete
from model.result.outputs import text_columns
from model.store.folder import MANIFEST, RunFolder, new_folder
from model.store.output_json import json_text

if TYPE_CHECKING:
    from model.case.case import Case
    from model.result.result import Result
    from model.studies.compare.study import Comparison

COMPARISON = "comparison"
BUILT = "built"
"""Beside ``inputs/`` of a study that chooses: the case with its choice built."""

RUN_TABLES = ("flows", "balance", "prices", "changes", "observed")
"""The tables that the folder of a run holds as CSV."""

_NOT_FIGURES = {"kind", "scenario", "status", "lanes", "diagnosis", "provenance", "not_applicable"}
"""Keys of ``run.json`` beside the figures of the result."""


@contextlib.contextmanager
def saving(
    result: Result, out: Path, kind: str = "run", asked: Case | None = None
) -> Iterator[tuple[Result, RunFolder]]:
    """Write a result's own files into a new folder of `out`; the block adds what is made of them.

    A study that builds a case of its own says which was `asked`: that one goes into ``inputs/``,
    and the one that was solved into ``built/``.

    Yields the result, which now knows its place, and the folder being written. Its inputs, CSV
    tables, ``run.json`` and ``certificate.json`` are there already, so that they can be certified.
    """
    from model.case.write import write_case
    from model.store.output_csv import to_csv

    created = datetime.fromisoformat(result.provenance["created"])
    label = result.scenario.name if kind == "run" else f"{kind}-{result.scenario.name}"
    identity = json_text([kind, result.scenario.name, result.provenance, result.figures])
    with new_folder(out, label, identity, created) as folder:
        placed = replace(result, figures=result.figures | {"run": folder.path.as_posix()})
        write_case(asked or placed.case, folder.partial / "inputs")
        if asked is not None:
            write_case(placed.case, folder.partial / BUILT)
        for name in RUN_TABLES:
            folder.write(f"{name}.csv", to_csv(getattr(placed, name)))
        folder.write("certificate.json", json_text(placed.certificate))
        folder.write("run.json", json_text(summary(placed, kind)))
        if placed.studies:
            folder.write("studies.json", json_text(placed.studies))
        yield placed, folder


@contextlib.contextmanager
def saving_comparison(
    comparison: Comparison, results: Sequence[Result], out: Path
) -> Iterator[tuple[dict[str, Any], RunFolder]]:
    """Write a comparison into a new folder of `out`; the block adds what is made of it.

    Yields what ``run.json`` says of it, and the folder being written.
    """
    from model.store.output_csv import to_csv

    runs = [result.figures["run"] for result in results]
    with new_folder(out, COMPARISON, json_text(runs), datetime.now(UTC)) as folder:
        content = {
            "kind": COMPARISON,
            "run": folder.path.as_posix(),
            "runs": runs,
            **comparison.as_dict(),
        }
        folder.write("run.json", json_text(content))
        for name, table in comparison.tables().items():
            folder.write(f"{name}.csv", to_csv(table))
        yield content, folder


def certified(
    result: Result, found: dict[str, Any], folder: RunFolder, kind: str = "run"
) -> Result:
    """Put what checking the run's files has found into its certificate, and its status on file."""
    result = replace(result, certificate=result.certificate | {"found": found})
    folder.write("certificate.json", json_text(result.certificate))
    folder.write("run.json", json_text(summary(result, kind)))
    return result


def has_answer(result: Result) -> bool:
    """Whether there is a plan, or a proof that there is none: anything to save."""
    return result.diagnosis is not None or result.figures["total_cost_mcny"] is not None


def summary(result: Result, kind: str = "run") -> dict[str, Any]:
    """What ``run.json`` and ``--json`` say of a result: the figures, and where they come from."""
    return {
        "kind": kind,
        "scenario": vars(result.scenario),
        "status": result.status,
        "run": None,
        **complete(kind, result.status, result.figures),
        "lanes": result.lanes,
        "diagnosis": None if result.diagnosis is None else result.diagnosis.as_dict(),
        "provenance": result.provenance,
    }


def load_run(path: Path) -> Result:
    """Read a finished run folder back.

    Raises
    ------
    BadInput
        The folder is no finished run, or a file of it cannot be read.
    """
    from model.reading.read_case import read_case
    from model.result.result import Diagnosis, Result
    from model.scenarios.info import ScenarioInfo
    from model.store.output_csv import from_csv

    content = _read_json(path / "run.json")
    if content.get("kind") == COMPARISON:
        raise _no_run(path, "a comparison")
    try:
        tables = {
            name: from_csv(
                (path / f"{name}.csv").read_text(encoding="utf-8"), text_columns("run", name)
            )
            for name in RUN_TABLES
        }
        diagnosis = content["diagnosis"]
        return Result(
            case=read_case(path / (BUILT if (path / BUILT).is_dir() else "inputs")),
            scenario=ScenarioInfo(**content["scenario"]),
            status=content["status"],
            figures={key: value for key, value in content.items() if key not in _NOT_FIGURES},
            lanes=content["lanes"],
            diagnosis=None if diagnosis is None else Diagnosis.of_dict(diagnosis),
            provenance=content["provenance"],
            certificate=_read_json(path / "certificate.json"),
            studies=_read_json(path / "studies.json") if (path / "studies.json").exists() else {},
            **tables,
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _no_run(path, f"a damaged run ({error})") from error


def find_run(name: str, out: Path) -> Path:
    """The folder of a run given by its path, or by its name in `out`.

    Raises
    ------
    BadInput
        There is no such finished run.
    """
    for path in (Path(name), out / name):
        if (path / MANIFEST).is_file():
            return path
    raise _no_run(Path(name), "no finished run")


def list_runs(out: Path) -> dict[str, str]:
    """Names of the finished runs in `out` and their status, in the order of their times."""
    names = [path.parent.name for path in out.glob(f"*/{MANIFEST}")]
    ordered = sorted(names, key=lambda name: (name.rsplit("-", 2)[1:], name))
    return {name: _status(out / name) for name in ordered}


def _status(path: Path) -> str:
    try:
        content = _read_json(path / "run.json")
    except BadInput:
        return "damaged"
    return str(content.get("status", content.get("kind")))


def _read_json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _no_run(path.parent, f"no readable {path.name} ({error})") from error
    if not isinstance(content, dict):
        raise _no_run(path.parent, f"no JSON object in {path.name}")
    return content


def _no_run(path: Path, found: str) -> BadInput:
    rule, remedy = "a run must be a finished run folder", "`solve.py list` shows those there are"
    return BadInput([Fault(str(path), found, rule, remedy)])
