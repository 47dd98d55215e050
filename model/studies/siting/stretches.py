"""A stretch of values of a figure over which one set is the best."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Stretch:
    """From one value to another.

    Attributes
    ----------
    name : of the set; blank where no set has a plan
    projects : how many it builds
    """

    start: float
    end: float
    cost_from_kcny: float
    cost_to_kcny: float
    capital_mcny: float
    projects: int
    name: str
