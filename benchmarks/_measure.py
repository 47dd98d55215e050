"""Processes measured side by side."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ORTOOLS_PYTHON = os.environ.get("ORTOOLS_PYTHON", sys.executable)
"""OR-Tools may live in an environment of its own."""


@dataclass(frozen=True)
class Measured:
    """Medians of several runs: seconds, MB; and what they found."""

    seconds: float
    peak_mb: float
    objective: float


def contend(solver: str, *arguments: object, times: int = 1) -> Measured | None:
    """Run a contender a few times, each in a process of its own; None where it cannot run."""
    python = ORTOOLS_PYTHON if solver == "ortools" else sys.executable
    command = [python, "-m", "benchmarks._contender", solver, *map(str, arguments)]
    found = []
    for _ in range(times):
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        if done.returncode:
            print(f"  {solver} did not run: {done.stderr.strip().splitlines()[-1]}", flush=True)
            return None
        found.append(json.loads(done.stdout.splitlines()[-1]))
    return Measured(
        statistics.median(each["seconds"] for each in found),
        statistics.median(each["peak_mb"] for each in found),
        found[0]["objective"],
    )


def machine() -> str:
    """How large this machine is."""
    memory_gb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {memory_gb:.0f} GB"
