"""Standard output and standard error that no text and no library can spoil."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Iterator
from typing import Any, TextIO

from model.store.output_json import json_text


class _JsonOutput:
    """Where the one object of ``--json`` goes: standard output, as it was at first."""

    stream: TextIO | None = None
    is_written = False


_JSON = _JsonOutput()


@contextlib.contextmanager
def prepared_streams(*, as_json: bool) -> Iterator[None]:
    r"""Make both streams take every character; keep standard output for JSON where it is asked for.

    A console that lacks a character shows its escape (``\xe5``). With `as_json`, whatever else is
    printed meanwhile, by this program or by a library written in C, goes to standard error.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    with contextlib.ExitStack() as stack:
        if as_json:
            _JSON.stream, _JSON.is_written = stack.enter_context(_kept_output()), False
            stack.callback(setattr, _JSON, "stream", None)
        yield


@contextlib.contextmanager
def _kept_output() -> Iterator[TextIO]:
    """Yield standard output while everyone else's goes to standard error."""
    output = sys.stdout
    output.flush()
    with contextlib.ExitStack() as stack:
        stack.enter_context(contextlib.redirect_stdout(sys.stderr))
        with contextlib.suppress(OSError):  # a stream of Python alone has no descriptor
            output = stack.enter_context(_second_descriptor(output))
        yield output


@contextlib.contextmanager
def _second_descriptor(output: TextIO) -> Iterator[TextIO]:
    """Yield a stream to where `output` leads, while its own descriptor leads to standard error."""
    number, error = output.fileno(), sys.stderr.fileno()
    copy = os.dup(number)
    os.dup2(error, number)
    try:
        with open(copy, "w", encoding=output.encoding, closefd=False) as stream:
            yield stream
    finally:
        os.dup2(copy, number)
        os.close(copy)


def print_json(content: Any) -> None:
    """Write the one JSON object of ``--json``: in UTF-8, or in what every encoding has."""
    stream = _JSON.stream or sys.stdout
    is_utf8 = (stream.encoding or "").lower().replace("-", "") == "utf8"
    text = json_text(content, is_ascii=not is_utf8)
    # What no encoding can hold, half of a pair, is legal in JSON as an escape.
    stream.write(text.encode("utf-8", "backslashreplace").decode("utf-8"))
    stream.flush()
    _JSON.is_written = True


def is_json_due() -> bool:
    """Whether the object was asked for and has not been written."""
    return _JSON.stream is not None and not _JSON.is_written
