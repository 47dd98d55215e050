"""`python solve.py` on the base against a bare import of the libraries it uses.

Both are whole processes, run in turn so that a busy machine slows both; medians are compared.
Target: at most a second more, at most twice as long in all, less than 400 MB.
"""

from __future__ import annotations

import ast
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[1]
PAIRS = 7
OURS = {"benchmarks", "model", "reports", "solve"}
RUN_AND_LIST = """
import sys
import solve
sys.argv = ["solve.py", "run", "--out", sys.argv[1]]
solve.main()
from benchmarks.base_run import named_libraries
print("\\n", *sorted(named_libraries(sys.modules)))
"""


@dataclass(frozen=True)
class Measured:
    """One process: seconds on the wall and of the processor, peak resident memory in MB."""

    seconds: float
    cpu_seconds: float
    peak_mb: float


def measure(command: list[str]) -> Measured:
    """Run a command to its end."""
    started = time.perf_counter()
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=ROOT, stdout=quiet, stderr=quiet)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    if os.waitstatus_to_exitcode(status):
        raise RuntimeError(f"{command[:3]} failed")
    return Measured(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def named_libraries(modules: Mapping[str, ModuleType]) -> set[str]:
    """What the loaded files of this program name in their import statements, and have loaded."""
    named: set[str] = set()
    for name, module in modules.items():
        if name.split(".")[0] in OURS and getattr(module, "__file__", None):
            named |= imported_by(Path(str(module.__file__)))
    return {name for name in named & set(modules) if name.split(".")[0] not in OURS}


def imported_by(file: Path) -> set[str]:
    """Modules that the import statements of a file name."""
    nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return plain | {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}


def libraries(out: str) -> list[str]:
    """Modules that a base run imports by name."""
    command = [sys.executable, "-c", RUN_AND_LIST, out]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return done.stdout.splitlines()[-1].split()


def main() -> None:
    """Measure and print; the program is compiled first, as `make run` leaves it."""
    compiled = [sys.executable, "-m", "compileall", "-q", "model", "reports", "solve.py"]
    subprocess.run(compiled, cwd=ROOT, check=True)
    with tempfile.TemporaryDirectory() as out:
        names = libraries(out)
        imports = f"import {', '.join(names)}"
        bare, full = [], []
        for _ in range(PAIRS):
            bare.append(measure([sys.executable, "-c", imports]))
            full.append(measure([sys.executable, "solve.py", "--out", out]))
    print(f"{len(names)} modules of outside libraries; medians of {PAIRS} pairs")
    print(f"{'':22}{'wall s':>8}{'cpu s':>8}")
    alone, whole = medians(bare), medians(full)
    print(f"{'libraries alone':22}{alone[0]:8.2f}{alone[1]:8.2f}")
    print(f"{'python solve.py':22}{whole[0]:8.2f}{whole[1]:8.2f}")
    print(f"{'more':22}{whole[0] - alone[0]:8.2f}{whole[1] - alone[1]:8.2f}   at most 1.0")
    print(f"{'ratio':22}{whole[0] / alone[0]:8.2f}{whole[1] / alone[1]:8.2f}   at most 2")
    print(f"{'peak memory, MB':22}{max(run.peak_mb for run in full):8.0f}{'':8}   below 400")


def medians(runs: list[Measured]) -> tuple[float, float]:
    """Median seconds on the wall and of the processor."""
    return (
        statistics.median(run.seconds for run in runs),
        statistics.median(run.cpu_seconds for run in runs),
    )


if __name__ == "__main__":
    main()
