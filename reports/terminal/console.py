"""What a command says and returns: exit codes, messages on standard error, one JSON object."""

from __future__ import annotations

import contextlib
import logging
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from enum import IntEnum

from model.case.errors import BadInput, NoPlan
from model.case.records import Json
from model.studies.steps import PROGRESS
from reports.language import say

LOG_EVERY_S = 2.0
"""A log is told no more often than this what step is under way."""
DEBUG = "--debug"
"""Given anywhere on the command line, shows where an error arose."""


class ExitCode(IntEnum):
    """What a command returns to the shell."""

    PROVED = 0
    FAULT = 1
    BAD_INPUT = 2
    INFEASIBLE = 3
    LIMIT = 4
    DISAGREES = 5
    INTERRUPTED = 130


_BY_STATUS = {
    "optimal": ExitCode.PROVED,
    "infeasible": ExitCode.INFEASIBLE,
    "limit": ExitCode.LIMIT,
}
_WORST_FIRST = (ExitCode.FAULT, ExitCode.LIMIT, ExitCode.INFEASIBLE, ExitCode.PROVED)


def worst(statuses: Iterable[str]) -> ExitCode:
    """The exit code of several runs; a status that no result bears is a fault.

    >>> worst(["optimal", "infeasible"]).name, worst([]).name
    ('INFEASIBLE', 'PROVED')
    """
    codes = {_BY_STATUS.get(status, ExitCode.FAULT) for status in statuses}
    return next((code for code in _WORST_FIRST if code in codes), ExitCode.PROVED)


def note(text: str) -> None:
    """Write a line to standard error."""
    print(text, file=sys.stderr, flush=True)


@contextlib.contextmanager
def progress(text: str) -> Iterator[None]:
    """Show on standard error what is under way, and which step of it; in a log, what takes long."""
    started = time.monotonic()
    if sys.stderr.isatty():
        from rich.console import Console  # 50 ms that only a terminal is worth
        from rich.markup import escape

        status = Console(stderr=True).status(escape(text))
        with status, _heard(lambda step: status.update(escape(f"{text} · {step}"))):
            yield
        return
    with _heard(_Slowly(started)):
        yield
    seconds = time.monotonic() - started
    if seconds > 1:
        note(say("{text}: {seconds:.1f} s", text=text, seconds=seconds))


class _Slowly:
    """Says a step where the last one, or the beginning, lies `LOG_EVERY_S` back."""

    def __init__(self, started: float) -> None:
        self.said_at = started

    def __call__(self, step: str) -> None:
        if time.monotonic() - self.said_at >= LOG_EVERY_S:
            note(f"  {step}")
            self.said_at = time.monotonic()


class _Steps(logging.Handler):
    """Puts together the step that is under way, and how far it has come."""

    def __init__(self, show: Callable[[str], None]) -> None:
        super().__init__()
        self.show, self.step = show, ""

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if record.levelno >= logging.INFO:
            self.step = text
        elif self.step:
            text = f"{self.step} · {text}"
        self.show(text)


@contextlib.contextmanager
def _heard(show: Callable[[str], None]) -> Iterator[None]:
    """Show what studies tell of their steps meanwhile."""
    handler, level = _Steps(show), PROGRESS.level
    PROGRESS.addHandler(handler)
    PROGRESS.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        PROGRESS.removeHandler(handler)
        PROGRESS.setLevel(level)


def exit_code_of(error: BaseException) -> ExitCode:
    """What a command that ended in `error` returns."""
    if isinstance(error, NoPlan):
        return ExitCode.INFEASIBLE
    return ExitCode.BAD_INPUT if isinstance(error, BadInput) else ExitCode.FAULT


def explain(error: BaseException) -> Json:
    """Say on standard error why a command failed; return the same for ``--json``."""
    debug = DEBUG in sys.argv
    if debug:
        traceback.print_exception(error)
    if isinstance(error, BadInput):
        note(str(error))
        return {"status": "refused", "faults": [str(fault) for fault in error.faults]}
    text = " ".join(str(error).split()) or type(error).__name__
    if isinstance(error, NoPlan):
        note(text)
        return {"status": "infeasible", "error": text}
    where = "" if debug else say(" ({option} shows where)", option=DEBUG)
    note(say("error: {text}", text=text) + where)
    return {"status": "error", "error": text}
