"""Chunks on processes and on a cluster: in order, again where a worker dies, none left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from model.case.errors import BadInput
from model.studies.sweep import executor
from model.studies.sweep.executor import ChunkLost, run_chunks
from tests.support.cluster import wait_for

ROOT = Path(__file__).parents[1]


def square(number: int) -> int:
    return number * number


def fail(number: int) -> int:
    raise ValueError(f"chunk {number}")


def die_once(chunk: tuple[int, str]) -> int:
    """Kill the worker that meets chunk 3 for the first time."""
    number, mark = chunk
    if number == 3 and not Path(mark).exists():
        Path(mark).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


def die(number: int) -> int:
    if number == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def test_here() -> None:
    seen: list[int] = []
    assert run_chunks(square, [3, 1, 2], done=seen.append) == [9, 1, 4]
    assert seen == [1, 2, 3]


@pytest.mark.system
def test_in_order_from_several_processes() -> None:
    assert run_chunks(square, list(range(9)), workers=2) == [n * n for n in range(9)]


@pytest.mark.system
def test_a_fault_of_the_work_is_raised() -> None:
    with pytest.raises(ValueError, match="chunk 1"):
        run_chunks(fail, [1, 2], workers=2)


@pytest.mark.system
def test_a_worker_that_dies_loses_nothing(tmp_path: Path) -> None:
    chunks = [(number, str(tmp_path / "died")) for number in range(6)]
    assert run_chunks(die_once, chunks, workers=2) == [n * n for n in range(6)]
    assert (tmp_path / "died").exists()


@pytest.mark.system
def test_a_chunk_that_kills_every_worker_is_named() -> None:
    with pytest.raises(ChunkLost, match=r"chunks .*3.* of 3"):
        run_chunks(die, [0, 1, 2], workers=2)


SLOW = """
import os, sys, time
from model.studies.sweep.executor import run_chunks

def wait(path):
    open(path + str(os.getpid()), "w").close()
    time.sleep(60)

if __name__ == "__main__":
    run_chunks(wait, [sys.argv[1]] * 4, workers=2)
"""


def worker_ids(folder: Path) -> list[int]:
    return [int(path.name) for path in folder.iterdir() if path.name.isdigit()]


def is_running(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.mark.system
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_no_worker_is_left_behind(tmp_path: Path, how: signal.Signals) -> None:
    script, marks = tmp_path / "slow.py", tmp_path / "marks"
    script.write_text(SLOW)
    marks.mkdir()
    parent = subprocess.Popen(
        [sys.executable, str(script), f"{marks}/"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        # Tests that were started in the background inherit a deaf ear for Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert wait_for(lambda: len(worker_ids(marks)) == 2)
    parent.send_signal(how)
    parent.wait(timeout=20)
    assert wait_for(lambda: not any(map(is_running, worker_ids(marks))))


def slow_square(number: int) -> int:
    time.sleep(0.2)
    return number * number


@pytest.mark.system
def test_a_cluster_that_loses_a_worker_loses_nothing(
    cluster: tuple[str, list[subprocess.Popen[bytes]]],
) -> None:
    address, processes = cluster
    seen: list[int] = []

    def kill_one(done: int) -> None:
        seen.append(done)
        if done == 3:
            processes[1].kill()

    chunks = list(range(30))
    answers = run_chunks(slow_square, chunks, cluster=address, done=kill_one)
    assert answers == [n * n for n in chunks]
    assert seen == [n + 1 for n in chunks]


@pytest.mark.system
def test_no_cluster_there(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed", reason="the cluster extra is not installed")
    monkeypatch.setattr(executor, "CONNECT_TIMEOUT_S", 2)
    with pytest.raises(BadInput, match="a Dask scheduler must answer there"):
        run_chunks(square, [1], cluster="tcp://127.0.0.1:9")
