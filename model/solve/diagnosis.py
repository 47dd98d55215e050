"""Why no allocation is feasible, as a reader needs it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TypedDict

from model.case.records import Json


class ShortSink(TypedDict):
    """A sink of the cut, and what it lacks in the plan of least shortage."""

    sink: str
    demand_kt: float
    short_kt: float


class Cause(TypedDict):
    """A row that binds the cut: its label, what it is in words, its bound."""

    row: str
    what: str
    kt: float


class Repair(TypedDict):
    """The least change of one kind that restores feasibility.

    Of several rows `what` joins places of which one is enough by `or`, those that all must change
    by `and`; `kt` counts all of them.
    """

    row: str
    rows: list[str]
    what: str
    kt: float


class Unreachable(TypedDict):
    """A sink that no route reaches, and the nodes nearest to it."""

    sink: str
    nearest: list[str]


@dataclass(frozen=True)
class Diagnosis:
    """Why no allocation is feasible, as a cut in places and tonnes.

    Attributes
    ----------
    headline : one sentence: these sinks need, at most so much can reach them, short by
    sinks : of the cut
    need_kt, reach_kt, shortage_kt : shortage_kt = need_kt − reach_kt, the least there is
    causes : rows that bind the cut
    repairs : of each kind one, smallest first
    unreachable : sinks that no route reaches
    components : nodes of each part of a network that falls apart
    farkas : dual of every row in the proof, by row label
    """

    headline: str
    sinks: list[ShortSink]
    need_kt: float
    reach_kt: float
    shortage_kt: float
    causes: list[Cause]
    repairs: list[Repair]
    unreachable: list[Unreachable] = field(default_factory=list)
    components: list[list[str]] = field(default_factory=list)
    farkas: dict[str, float] = field(default_factory=dict)

    def as_dict(self) -> Json:
        """The diagnosis as JSON-ready values."""
        return asdict(self)

    @staticmethod
    def of_dict(content: Json) -> Diagnosis:
        """The inverse of `as_dict`."""
        return Diagnosis(**content)
