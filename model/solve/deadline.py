"""The moment by which a whole command must end, handed to every search in it."""

from __future__ import annotations

import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Deadline:
    """A moment of the monotonic clock; infinity is none."""

    at_s: float = float("inf")

    @staticmethod
    def after(seconds: float | None) -> Deadline:
        """The moment so many seconds from now; none without a limit."""
        return Deadline() if seconds is None else Deadline(time.monotonic() + seconds)

    def later(self, seconds: float) -> Deadline:
        """The moment so many seconds after this one."""
        return Deadline(self.at_s + seconds)

    @property
    def left_s(self) -> float | None:
        """Seconds that are left, at least 0; None without a limit."""
        left = self.at_s - time.monotonic()
        return None if left == float("inf") else max(left, 0.0)

    @property
    def has_passed(self) -> bool:
        """Whether no time is left."""
        return time.monotonic() >= self.at_s


NEVER = Deadline()
GRACE_S = 3.0
"""Seconds beyond a time limit for what leads to a first answer, so that there is one to show."""
