"""Standard output kept free of what a compiled library writes to it."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock

STANDARD_OUTPUT = 1
_one_at_a_time = Lock()


@contextmanager
def silent_output() -> Iterator[None]:
    """Drop what is written to the file descriptor of standard output.

    What Python has printed before is kept: its own buffer is not touched. A library buffers
    what it prints, so that is flushed before the descriptor is given back.
    """
    with _one_at_a_time:
        try:
            kept = os.dup(STANDARD_OUTPUT)
        except OSError:  # there is no standard output
            yield
            return
        _flush()
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, STANDARD_OUTPUT)
        try:
            yield
        finally:
            _flush()
            os.dup2(kept, STANDARD_OUTPUT)
            os.close(nowhere)
            os.close(kept)


def _flush() -> None:
    """Write out what the C library holds back."""
    with suppress(OSError, TypeError, AttributeError):
        ctypes.CDLL(None).fflush(None)
