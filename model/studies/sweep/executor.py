"""Chunks of work on processes here, or on a Dask cluster: one interface, nothing lost.

A chunk whose worker dies is done again. Results come in the order of the chunks, whoever
did them and whenever.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

from model.case.errors import BadInput, Fault, quoted
from model.solve.deadline import NEVER, Deadline

Chunk = TypeVar("Chunk")
Answer = TypeVar("Answer")
MOST_TRIES = 4
"""A chunk that takes so many workers with it is not tried again."""
CONNECT_TIMEOUT_S = 15


class ChunkLost(Exception):  # noqa: N818 - the name says it
    """Some chunks could not be done; the message says which."""


def run_chunks(
    work: Callable[[Chunk], Answer],
    chunks: Sequence[Chunk],
    *,
    workers: int = 1,
    cluster: str | None = None,
    done: Callable[[int], None] = lambda _: None,
    deadline: Deadline = NEVER,
) -> list[Answer]:
    """Do `work` on every chunk, or on the first ones until a moment comes.

    Parameters
    ----------
    work : function that can be pickled
    workers : processes here; 1 means this one
    cluster : address of a Dask scheduler, whose workers must have this checkout
    done : called with the number of chunks that are finished

    Raises
    ------
    ChunkLost
        A chunk's workers died again and again.
    BadInput
        There is no cluster at that address, or no Dask here.
    """
    if cluster is None and workers <= 1:
        answers = []
        for chunk in chunks:
            if deadline.has_passed:
                break
            answers.append(work(chunk))
            done(len(answers))
        return answers
    return _run_elsewhere(work, chunks, workers, cluster, done, deadline)


def _run_elsewhere(
    work: Callable[[Chunk], Answer],
    chunks: Sequence[Chunk],
    workers: int,
    cluster: str | None,
    done: Callable[[int], None],
    deadline: Deadline,
) -> list[Answer]:
    """As `run_chunks`, in other processes; a chunk that takes its worker with it is tried again."""
    answer: dict[int, Answer] = {}
    for _ in range(MOST_TRIES):
        missing = [number for number in range(len(chunks)) if number not in answer]
        if not missing:
            break
        try:
            with _executor(min(workers, len(missing)), cluster) as executor:
                futures = {number: executor.submit(work, chunks[number]) for number in missing}
                for number, future in futures.items():
                    found = _answer_of(future, deadline)
                    if found is not None:
                        answer[number] = found[0]
                        done(len(answer))
        except TimeoutError:
            first = next(number for number in range(len(chunks)) if number not in answer)
            return [answer[number] for number in range(first)]
    lost = [number + 1 for number in range(len(chunks)) if number not in answer]
    if lost:
        raise ChunkLost(
            f"workers died {MOST_TRIES} times over chunks {', '.join(map(str, lost))} of"
            f" {len(chunks)}; try fewer workers"
        )
    return [answer[number] for number in range(len(chunks))]


def _answer_of(future: Future[Answer], deadline: Deadline) -> tuple[Answer] | None:
    """What a chunk came to; None where its worker died."""
    try:
        return (future.result(timeout=deadline.left_s),)
    except BrokenProcessPool:
        return None
    except Exception as error:
        if type(error).__name__ == "KilledWorker":
            return None
        raise


@contextlib.contextmanager
def _executor(workers: int, cluster: str | None) -> Iterator[Executor]:
    if cluster is None:
        with _processes(workers) as executor:
            yield executor
    else:
        with _cluster(cluster) as executor:
            yield executor


@contextlib.contextmanager
def _processes(workers: int) -> Iterator[Executor]:
    """Fresh processes that do not outlive the block, however it ends."""
    before = set(multiprocessing.active_children())
    executor = ProcessPoolExecutor(
        workers, mp_context=multiprocessing.get_context("spawn"), initializer=_begin_worker
    )
    try:
        yield executor
        executor.shutdown()
    except BaseException:
        for process in set(multiprocessing.active_children()) - before:
            process.kill()
        executor.shutdown(wait=False, cancel_futures=True)
        raise


def _begin_worker() -> None:
    """Leave Ctrl-C to the parent, and end when it does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: Any) -> None:
    parent.join()
    os._exit(1)


@contextlib.contextmanager
def _cluster(address: str) -> Iterator[Executor]:
    try:
        from distributed import Client
    except ImportError:
        rule, remedy = "a cluster needs Dask", 'run pip install "anode-allocation[cluster]"'
        raise BadInput([Fault("--cluster", quoted(address), rule, remedy)]) from None
    try:
        client: Any = Client(address, timeout=CONNECT_TIMEOUT_S)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TimeoutError) as error:
        rule = "a Dask scheduler must answer there"
        remedy = f"start one with `dask scheduler` ({' '.join(str(error).split())[:80]})"
        raise BadInput([Fault("--cluster", quoted(address), rule, remedy)]) from None
    with client:
        executor = client.get_executor()
        try:
            yield executor
        except BaseException:
            executor.shutdown(wait=False)
            raise
