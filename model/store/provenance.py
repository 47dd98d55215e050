"""Where a result comes from: files, versions, commit, time."""

from __future__ import annotations

import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from model.case.records import Json

PROGRAM = "anode-allocation"
PAGES = "pages"
"""Says, where it is false, that a folder was saved without page and workbook."""
LIBRARIES = ("highspy", "networkx", "numpy", "pandas", "pyomo", "scipy", "searoute")


def provenance(inputs: dict[str, str]) -> Json:
    """What a reader of a run needs to make it again.

    Parameters
    ----------
    inputs : dict
        File → SHA-256, as :func:`model.reading.digests.digests` gives.
    """
    return {
        "created": datetime.now(UTC).isoformat(timespec="microseconds"),
        "inputs": inputs,
        "versions": {
            "python": platform.python_version(),
            **{name: _version(name) for name in (PROGRAM, *LIBRARIES)},
        },
        "git_commit": git_commit(),
    }


def git_commit() -> str | None:
    """The commit of this checkout, with ``-dirty`` where files differ; None outside git."""
    command = ["git", "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    try:
        done = subprocess.run(
            command, cwd=Path(__file__).parent, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
