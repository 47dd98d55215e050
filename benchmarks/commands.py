"""Whole commands on cases of real size, beside what someone would write by hand for that case.

``python -m benchmarks commands [ROW ...]``; without rows all of them, in the order of `ROWS`. A
reference reads the same files, solves the same program in HiGHS and proves nothing; objectives
agree to 1e-6 of themselves. Time is that of the processor for the whole process, start included;
memory is its peak. The folder in which cases are made is dropped at the end.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks._measure import ROOT, machine

PATIENCE_S = 120
"""Processor seconds that a command may take."""
AGREE = 1e-6
BUDGET_MCNY = "4000"
PLAN_BUDGET_MCNY = "6000"
CASES = {
    "million": ("_large_cases", "{folder}", "lanes"),
    "months": ("_plants", "{folder}", "12"),
    "plants": ("_plant_options", "{folder}"),
    "alone": ("_plants", "{folder}"),
    "inputs": ("_plants_with_inputs", "{folder}"),
    "ten_years": ("_plant_options", "{folder}", "10"),
    "by_month": ("_plant_options", "{folder}", "1", "12"),
    "network": ("_large_cases", "{folder}", "network"),
}
"""What writes each case, in a process of its own: a child's peak counts its parent's memory."""


@dataclass(frozen=True)
class Row:
    """A command on a case, its target in processor seconds, and its reference."""

    case: str
    command: tuple[str, ...]
    target_s: float | None = None
    reference: tuple[str, ...] = ()
    is_long: bool = False


ROWS = {
    "run_million": Row("million", ("run",), 25, ("_lane_program",)),
    "run_million_quick": Row("million", ("run", "--quick"), 15),
    "run_months": Row("months", ("run",), 20, ("_arc_program",), is_long=True),
    "run_months_quick": Row("months", ("run", "--quick"), 6),
    "run_plants": Row("plants", ("run",), 2.5, ("_arc_program",)),
    "run_plants_full": Row("plants", ("run", "--full"), 15, is_long=True),
    "run_alone": Row("alone", ("run",)),
    "run_inputs": Row("inputs", ("run",)),  # at most twice the row above
    "run_network": Row("network", ("run",), 4, ("_arc_program",)),
    "ranges_plants": Row("plants", ("ranges", "--within", "1%"), 8, is_long=True),
    "site_plants": Row(
        "plants", ("site", "--budget", BUDGET_MCNY), 12, ("_arc_program", BUDGET_MCNY), is_long=True
    ),
    "site_plants_quick": Row("plants", ("site", "--budget", BUDGET_MCNY, "--quick"), 4),
    "site_plants_full": Row(
        "plants", ("site", "--budget", BUDGET_MCNY, "--full"), 40, is_long=True
    ),
    "plan_plants": Row("plants", ("plan", "--budget", PLAN_BUDGET_MCNY), None, is_long=True),
    "plan_ten_years": Row("ten_years", ("plan", "--budget", PLAN_BUDGET_MCNY), None, is_long=True),
    "plan_months": Row("by_month", ("plan", "--budget", PLAN_BUDGET_MCNY), None, is_long=True),
}


@dataclass(frozen=True)
class Taken:
    """What a process took, and what it found."""

    cpu_s: float
    peak_mb: float
    cost_mcny: float | None


def main(names: Sequence[str] = (), *, is_short: bool = False) -> None:
    """Measure and print rows, all of them by default; a short measurement leaves out long ones."""
    chosen = [name for name in names or ROWS if names or not (is_short and ROWS[name].is_long)]
    print(f"{machine()}; processor seconds of whole commands; one run each")
    print("row                 seconds  target   MB   reference    times     MB")
    with tempfile.TemporaryDirectory() as work:
        for name in chosen:
            row = ROWS[name]
            case = Path(work) / row.case
            if not case.exists():
                module, *arguments = (part.format(folder=case) for part in CASES[row.case])
                command = [sys.executable, "-m", f"benchmarks.{module}", *arguments]
                subprocess.run(command, cwd=ROOT, check=True)
            print(_line(name, row, case, Path(work) / "runs"), flush=True)


def _line(name: str, row: Row, case: Path, out: Path) -> str:
    ours = take(
        [str(ROOT / "solve.py"), *row.command, "--case", str(case), "--out", str(out), "--json"]
    )
    if ours is None:
        return f"{name:<20}not within {PATIENCE_S} s"
    target = "" if row.target_s is None else f"{row.target_s:g}"
    line = f"{name:<20}{ours.cpu_s:>7.1f}{target:>8}{ours.peak_mb:>6.0f}"
    if not row.reference:
        return line
    module, *arguments = row.reference
    other = take(["-m", f"benchmarks.{module}", str(case), *arguments])
    if other is None:
        return f"{line}   not within {PATIENCE_S} s"
    assert ours.cost_mcny is not None and other.cost_mcny is not None
    assert abs(ours.cost_mcny - other.cost_mcny) <= AGREE * ours.cost_mcny, (ours, other)
    ratio = ours.cpu_s / other.cpu_s
    return f"{line}{other.cpu_s:>12.1f}{ratio:>9.2f}{other.peak_mb:>7.0f}"


def take(arguments: Sequence[str]) -> Taken | None:
    """Run Python to its end and see what it took; None where it takes too long."""
    with tempfile.TemporaryFile() as printed:
        quiet = subprocess.DEVNULL
        command = [
            "sh",
            "-c",
            f'ulimit -t {PATIENCE_S}; exec "$@"',
            "sh",
            sys.executable,
            *arguments,
        ]
        process = subprocess.Popen(command, cwd=ROOT, stdout=printed, stderr=quiet)
        _, status, usage = os.wait4(process.pid, 0)
        code = os.waitstatus_to_exitcode(status)
        if -code in (signal.SIGXCPU, signal.SIGKILL):  # time is up
            return None
        if code:
            raise RuntimeError(f"{' '.join(arguments)}: exit {code}")
        printed.seek(0)
        found = json.load(printed)
    seconds = usage.ru_utime + usage.ru_stime
    return Taken(seconds, usage.ru_maxrss / 1024, found.get("total_cost_mcny"))


if __name__ == "__main__":
    main(sys.argv[1:])
