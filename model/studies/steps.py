"""What a long study is at, and what is left: told to whoever listens to the logger `PROGRESS`.

A step, such as a table, is told at level INFO; how far its parts have come, at DEBUG.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

PROGRESS = logging.getLogger("model.progress")
PROGRESS.propagate = False
PROGRESS.addHandler(logging.NullHandler())

Part = TypeVar("Part")


def begin(kind: str, names: Sequence[str], place: int) -> None:
    """Tell that one of several steps begins, and which come after it."""
    after = f"; then {', '.join(names[place + 1 :])}" if names[place + 1 :] else ""
    PROGRESS.info("%s %d of %d: %s%s", kind, place + 1, len(names), names[place], after)


def counted(parts: Iterable[Part], what: str, of: int) -> Iterator[Part]:
    """Hand on the parts of a step, and tell which of how many is under way."""
    iterator = iter(parts)
    for number in range(1, of + 1):
        count(number, of, what)
        try:
            part = next(iterator)
        except StopIteration:
            return
        yield part
    yield from iterator


def count(number: int, of: int, what: str) -> None:
    """Tell how far the parts of a step have come."""
    PROGRESS.debug("%s %s of %s", what, f"{number:,}", f"{of:,}")
