"""What a scenario says of itself, besides its steps."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ScenarioInfo:
    """What a scenario is called and why it is asked."""

    name: str
    title: str = ""
    why: str = ""
    source: str = ""
