"""`python solve.py` on the base against a bare import of the libraries it uses.

Both are whole processes, run in turn so that a busy machine slows both; medians are compared.
Target: at most a second more, at most twice as long in all, less than 400 MB.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAIRS = 7
OURS = ("model", "reports", "solve")
LIST_LIBRARIES = """
import os, sys
sys.argv = ["solve.py", "run", "--out", sys.argv[1]]
sys.stdout = open(os.devnull, "w")
import solve
solve.main()
roots = {name.split(".")[0] for name, module in sys.modules.items()
         if "site-packages" in (getattr(module, "__file__", None) or "")}
sys.__stdout__.write(" ".join(sorted(name for name in sys.modules
                                     if name.split(".")[0] in roots)))
"""


@dataclass(frozen=True)
class Measured:
    """One process: wall time in seconds, peak resident memory in MB."""

    seconds: float
    peak_mb: float


def measure(command: list[str]) -> Measured:
    """Run a command to its end."""
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    if os.waitstatus_to_exitcode(status):
        raise RuntimeError(f"{' '.join(command)} failed")
    return Measured(seconds, usage.ru_maxrss / 1024)


def libraries(out: str) -> list[str]:
    """Every module of an outside library that a base run imports."""
    done = subprocess.run(
        [sys.executable, "-c", LIST_LIBRARIES, out],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.split()


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as out:
        names = libraries(out)
        imports = f"import importlib\nfor name in {names!r}:\n    importlib.import_module(name)"
        bare, full = [], []
        for _ in range(PAIRS):
            bare.append(measure([sys.executable, "-c", imports]))
            full.append(measure([sys.executable, "solve.py", "--out", out]))
    import_seconds = statistics.median(run.seconds for run in bare)
    run_seconds = statistics.median(run.seconds for run in full)
    print(f"libraries alone        {import_seconds:.2f} s  ({len(names)} modules)")
    print(f"python solve.py        {run_seconds:.2f} s")
    print(f"beyond the libraries   {run_seconds - import_seconds:.2f} s  (target: at most 1.0)")
    print(f"ratio                  {run_seconds / import_seconds:.2f}  (target: at most 2)")
    print(f"peak memory            {max(run.peak_mb for run in full):.0f} MB  (target: below 400)")


if __name__ == "__main__":
    main()
