"""An answer to every option, with the plan of least cost under it."""

from __future__ import annotations

from dataclasses import dataclass

from model.arrays import Booleans, Floats


@dataclass(frozen=True)
class Choice:
    """What is built and closed, how large, and what it costs.

    Attributes
    ----------
    yes : (J,) bool
    size_kt : (J,) 0 where the answer is no
    cost_kcny : freight, production, duties, carbon and what the options cost, per year
    value : of every column of the program, then of its parameter
    row_dual : of every row; zeros where the answers were not given
    idle : names of projects that are built and, below their least load, ship nothing
    """

    yes: Booleans
    size_kt: Floats
    cost_kcny: float
    value: Floats
    row_dual: Floats
    idle: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[bool, ...]:
        """The answers, to tell choices apart."""
        return tuple(self.yes.tolist())
