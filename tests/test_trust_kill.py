"""Runs that are killed, interrupted, or start together: folders are whole or absent."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from model.audit.verify import verify

ROOT = Path(__file__).parents[1]


def start(case: Path, out: Path) -> subprocess.Popen[str]:
    """A run in a process of its own, which can be interrupted whoever started the tests."""
    command = [sys.executable, str(ROOT / "solve.py"), "run", "--json"]
    return subprocess.Popen(
        [*command, "--case", str(case), "--out", str(out)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def finished(out: Path) -> list[Path]:
    return sorted(path for path in out.iterdir() if not path.name.startswith("."))


def moments(count: int, whole_s: float) -> Iterator[tuple[bool, float]]:
    """Random moments to strike: any time of a run, or within the time it takes to write.

    Yields whether to wait until the folder being written is there, and how long from then.
    """
    chance = random.Random(11)
    for number in range(count):
        writing = number % 2 == 1
        yield writing, chance.uniform(0, 0.15 if writing else whole_s)


def strike(case: Path, out: Path, how: signal.Signals, count: int) -> list[int]:
    """Send a signal to `count` runs at random moments; return their exit codes.

    Every folder that is there afterwards is whole and verifies, and the first is as it was.
    """
    started = time.monotonic()
    start(case, out).communicate()
    whole_s = time.monotonic() - started
    (first,) = finished(out)
    before, codes = files_of(first), []
    for wait_for_folder, delay_s in moments(count, whole_s):
        known = set(out.iterdir())
        run = start(case, out)
        while wait_for_folder and run.poll() is None and set(out.iterdir()) == known:
            time.sleep(0.001)
        time.sleep(delay_s)
        run.send_signal(how)
        run.communicate()
        codes.append(run.returncode)
    assert files_of(first) == before
    for folder in finished(out):
        assert set(files_of(folder)) == set(before), folder
        assert verify(folder) == [], folder
    return codes


@pytest.mark.system
def test_kill_9_leaves_whole_runs_or_none(dantzig: Path, tmp_path: Path) -> None:
    codes = strike(dantzig, tmp_path / "runs", signal.SIGKILL, count=2)
    assert set(codes) <= {-signal.SIGKILL, 0}


@pytest.mark.slow
def test_a_hundred_runs_killed(dantzig: Path, tmp_path: Path) -> None:
    codes = strike(dantzig, tmp_path / "runs", signal.SIGKILL, count=100)
    left = len(list((tmp_path / "runs").glob(".*")))
    whole = len(finished(tmp_path / "runs"))
    print(f"killed {codes.count(-signal.SIGKILL)} of 100; {whole} whole runs, {left} hidden rests")


@pytest.mark.slow
def test_fifty_runs_interrupted(dantzig: Path, tmp_path: Path) -> None:
    codes = strike(dantzig, tmp_path / "runs", signal.SIGINT, count=50)
    assert set(codes) <= {130, 0, -signal.SIGINT}  # by the signal itself while Python starts
    assert list((tmp_path / "runs").glob(".*")) == []
    print(f"130: {codes.count(130)}, at start: {codes.count(-signal.SIGINT)} of 50")


@pytest.mark.system
def test_runs_at_once(dantzig: Path, tmp_path: Path) -> None:
    runs = [start(dantzig, tmp_path / "runs") for _ in range(3)]
    ended = [run.communicate(timeout=120) for run in runs]
    assert [run.returncode for run in runs] == [0, 0, 0]
    folders = {json.loads(out)["run"] for out, _ in ended}
    assert len(folders) == 3
    assert {path.as_posix() for path in (tmp_path / "runs").iterdir()} == folders
    assert len({frozenset(files_of(Path(folder))) for folder in folders}) == 1
