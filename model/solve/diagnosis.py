"""Why no allocation is feasible, as a reader needs it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Diagnosis:
    """Why no allocation is feasible, as a cut in places and tonnes.

    Attributes
    ----------
    headline : one sentence: these sinks need, at most so much can reach them, short by
    sinks : of the cut, each with demand_kt and short_kt in the plan of least shortage
    need_kt, reach_kt, shortage_kt : shortage_kt = need_kt − reach_kt, the least there is
    causes : rows that bind the cut, each with row, what and kt
    repairs : the least change of each kind that restores feasibility, smallest first: row, rows,
        what, kt in all; `or` joins places of which one is enough, `and` those that all must
    unreachable : sinks that no route reaches, with the nodes nearest to them
    components : nodes of each part of a network that falls apart
    farkas : dual of every row in the proof, by row label
    """

    headline: str
    sinks: list[dict[str, Any]]
    need_kt: float
    reach_kt: float
    shortage_kt: float
    causes: list[dict[str, Any]]
    repairs: list[dict[str, Any]]
    unreachable: list[dict[str, Any]] = field(default_factory=list)
    components: list[list[str]] = field(default_factory=list)
    farkas: dict[str, float] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """The diagnosis as JSON-ready values."""
        return asdict(self)

    @staticmethod
    def of_dict(content: dict[str, Any]) -> Diagnosis:
        """The inverse of `as_dict`."""
        return Diagnosis(**content)
