"""What a command says and returns: exit codes, messages on standard error, one JSON object."""

from __future__ import annotations

import contextlib
import sys
import time
import traceback
from collections.abc import Iterable, Iterator
from enum import IntEnum

from model.case.errors import BadInput, NoPlan
from model.case.records import Json

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


def say(text: str) -> None:
    """Write a line to standard error."""
    print(text, file=sys.stderr, flush=True)


@contextlib.contextmanager
def progress(text: str) -> Iterator[None]:
    """Show on standard error that something is under way; in a log, say what took over a second."""
    started = time.monotonic()
    if sys.stderr.isatty():
        from rich.console import Console  # 50 ms that only a terminal is worth

        with Console(stderr=True).status(text):
            yield
        return
    yield
    seconds = time.monotonic() - started
    if seconds > 1:
        say(f"{text}: {seconds:.1f} s")


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
        say(str(error))
        return {"status": "refused", "faults": [str(fault) for fault in error.faults]}
    text = " ".join(str(error).split()) or type(error).__name__
    if isinstance(error, NoPlan):
        say(text)
        return {"status": "infeasible", "error": text}
    say(f"error: {text}" + ("" if debug else f" ({DEBUG} shows where)"))
    return {"status": "error", "error": text}
