"""The finished runs of a folder: listed, found by name, deleted."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from model.case.errors import BadInput, raise_any
from model.reading.files import special_files
from model.store.folder import MANIFEST, deleted_name
from model.store.store import no_run, read_json

LATEST = "latest"
"""Names the run that was made last."""


class FinishedRun(NamedTuple):
    """What a list says of a run; a cost where it has one."""

    status: str
    total_cost_mcny: float | None = None


def find_run(name: str, out: Path) -> Path:
    """The folder of a run.

    Parameters
    ----------
    name : its path; its name in `out`, or a beginning of it that no other name has; a scenario
        (its latest run); or ``latest``
    out : the folder of runs

    Raises
    ------
    BadInput
        There is no such finished run, several names begin so, or it holds a pipe or a device,
        which might not answer.
    """
    named = (path for path in (Path(name), out / name) if (path / MANIFEST).is_file())
    found = next(named, None) or out / _named(name, _names(out))
    raise_any(special_files(found))
    return found


def _named(name: str, runs: list[str]) -> str:
    """One of `runs`, in the order of their times, that `name` means."""
    latest = [run for run in runs if name in (LATEST, run.rsplit("-", 2)[0])]
    if latest:
        return latest[-1]
    begun = [run for run in runs if name and run.startswith(name)]
    if len(begun) > 1:
        raise no_run(Path(name), f"{len(begun)} runs that begin so: {begun[0]}, {begun[1]}")
    if not begun:
        raise no_run(Path(name), "no finished run")
    return begun[0]


def list_runs(out: Path, part: str = "") -> dict[str, FinishedRun]:
    """The finished runs in `out` whose names hold `part`, in the order of their times."""
    return {name: _told(out / name) for name in _names(out) if part in name}


def delete_runs(out: Path, names: Iterable[str]) -> None:
    """Delete runs of `out`; each is out of sight at once, so that no half of one is ever found."""
    for name in names:
        hidden = (out / name).rename(out / deleted_name(name))
        shutil.rmtree(hidden)


def _names(out: Path) -> list[str]:
    """Names by the times in them; within one second by when the run was written."""
    written = {path.parent.name: path.stat().st_mtime_ns for path in out.glob(f"*/{MANIFEST}")}
    return sorted(written, key=lambda name: (name.rsplit("-", 2)[1:2], written[name], name))


def _told(path: Path) -> FinishedRun:
    try:
        content = read_json(path / "run.json")
    except BadInput:
        return FinishedRun("damaged")
    status, cost = content.get("status", content.get("kind")), content.get("total_cost_mcny")
    return FinishedRun(str(status), float(cost) if isinstance(cost, int | float) else None)
