"""A figure that a search over choices may choose too: a budget, a cost, a size."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Parameter:
    """A column beyond those of the program, for further rows and objectives.

    Attributes
    ----------
    low, high : its bounds
    freed : rows of the program whose upper bound a further row states in their place, or that only
        tighten and would no longer hold
    opened : columns whose upper bound such a row states too
    """

    low: float = 0.0
    high: float = 0.0
    freed: tuple[int, ...] = ()
    opened: tuple[int, ...] = ()


UNUSED = Parameter()
