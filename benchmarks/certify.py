"""The certificate of a base run against the run itself: at most a fifth of its time.

The run is the whole of `python solve.py` within a process that has its libraries loaded: read,
solve, derive, certify, draw, save. The check of a stored run (`verify`) is shown beside.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from model import Result, allocate, read_case
from model.audit.check_claim import Claim, check_claim
from model.certify.certificate import examine
from model.certify.reading import read_texts, solved_inputs
from model.verification.verify import verify
from reports.pages import write_pages
from reports.terminal.options import DEFAULT_CASE

ROUNDS = 7
SHARE = 0.2


def seconds(work: Callable[[], Any]) -> tuple[float, Any]:
    """How long `work` takes, and what it gives."""
    started = time.perf_counter()
    answer = work()
    return time.perf_counter() - started, answer


def base_run(out: Path) -> Result:
    """Everything that a base run does; returns its result, which knows its folder."""
    result = allocate(read_case(DEFAULT_CASE))
    result.save(out, write_pages)
    return result


def checked(result: Result) -> Claim:
    """What a run does about its certificate: derive it, and compare it with the answer."""
    folder = Path(result.figures["run"])
    return check_claim(result.status, examine(solved_inputs(folder), read_texts(folder)))


def main() -> None:
    """Measure and print."""
    runs, certificates, checks = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        base_run(Path(folder))  # loads what is loaded on first use
        for _ in range(ROUNDS):
            took, result = seconds(lambda: base_run(Path(folder)))
            runs.append(took)
            certificates.append(seconds(partial(checked, result))[0])
            checks.append(seconds(partial(verify, Path(result.figures["run"])))[0])
    run, certificate, check = map(statistics.median, (runs, certificates, checks))
    print(f"medians of {ROUNDS}, libraries loaded")
    print(f"{'base run':22}{run:8.3f} s")
    print(f"{'its certificate':22}{certificate:8.3f} s")
    print(f"{'share':22}{certificate / run:8.1%}   at most {SHARE:.0%}")
    print(f"{'verify':22}{check:8.3f} s")


if __name__ == "__main__":
    main()
