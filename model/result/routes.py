"""The text of a route, taken apart: `A >rail> B >sea#2> C`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from model.case.distances import is_sea

STEP = re.compile(r" >([^>]+)> ")


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


def route_steps(route: str) -> list[RouteStep]:
    """The links of a route; none of an explicit lane, whose text is blank.

    Examples
    --------
    >>> [step.mode for step in route_steps("A >rail> B >sea#2> C")]
    ['rail', 'sea']
    """
    parts = STEP.split(route)
    nodes, modes = parts[::2], [mode.partition("#")[0] for mode in parts[1::2]]
    return [RouteStep(a, b, mode) for (a, b), mode in zip(pairwise(nodes), modes, strict=True)]
