"""The text of a route, taken apart: `A >rail> B >sea#2> C`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from model.case.distances import is_sea

STEP = re.compile(r" >([^>]+)> ")
PARALLEL = re.compile(r"#\d+$")
"""Tells which of several links of one mode between two nodes, from the second on."""


@dataclass(frozen=True)
class RouteStep:
    """One link of a route, in the direction of travel. Parallel links count as one."""

    start: str
    end: str
    mode: str

    @property
    def is_sea(self) -> bool:
        """Whether ships go here."""
        return is_sea(self.mode)


def route_places(route: str) -> list[str]:
    """The nodes of a route in order: one alone where a sink stands where its origin does.

    Examples
    --------
    >>> route_places("A >rail> B >sea#2> C"), route_places("A"), route_places("")
    (['A', 'B', 'C'], ['A'], [])
    """
    return STEP.split(route)[::2] if route else []


def route_steps(route: str) -> list[RouteStep]:
    """The links of a route; none of an explicit lane, whose text is blank.

    Examples
    --------
    >>> [step.mode for step in route_steps("A >rail> B >sea#2> C")]
    ['rail', 'sea']
    """
    parts = STEP.split(route)
    modes = [PARALLEL.sub("", mode) for mode in parts[1::2]]
    pairs = zip(pairwise(parts[::2]), modes, strict=True)
    return [RouteStep(start, end, mode) for (start, end), mode in pairs]
