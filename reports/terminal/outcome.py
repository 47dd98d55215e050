"""What one question came to, as a command returns it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from model.case.records import Json

if TYPE_CHECKING:
    from model.interface.result import Result


@dataclass(frozen=True)
class Outcome:
    """What one prepared case came to.

    Attributes
    ----------
    entry : for `--json`; its status decides the exit code
    texts : lines for people
    saved : a run that others can be compared with
    """

    entry: Json
    texts: list[str] = field(default_factory=list)
    saved: Result | None = None
