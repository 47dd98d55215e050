"""One thing to move on the what-if page: its range, and the scenario steps of a value."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from math import floor, log10
from typing import Any

from model.case.cells import CellProblem, parse_cell
from model.case.columns import Column
from model.case.records import Json

Steps = list[Json]
"""Steps as a scenario file has them, one TOML table each."""


class Effect(Enum):
    """What a knob changes, and so how much of a warm session outlives its move."""

    BOUND = "bounds of rows that are there"
    ROW = "a row of its own that is there once it is moved, then its bound"
    PRICE = "prices of lanes"


@dataclass(frozen=True)
class Knob:
    """A figure that can be moved.

    Attributes
    ----------
    key : tells it from all others, as `supply:North`
    group : the heading it stands under
    rest : the value at which it changes nothing; None is open, without limit
    low, high, notch : range and step of its slider
    least, most : what it can be set to at all
    note : what the figure is in the case
    steps : the scenario steps of a value
    row : family and name of the row of the program whose next tonne it moves
    """

    key: str
    group: str
    label: str
    unit: str
    rest: float | None
    low: float
    high: float
    notch: float
    least: float
    most: float
    note: str
    effect: Effect
    steps: Callable[[float], Steps]
    row: tuple[str, str] | None = None

    def parse(self, text: str) -> float | CellProblem | None:
        """The value that a text gives; a blank is where the knob rests."""
        text = text.strip().replace("\N{MINUS SIGN}", "-").removeprefix("+")
        if not text:
            return self.rest
        column = Column("value", "number", self.label, unit=self.unit)
        value = parse_cell(column, text)
        if isinstance(value, CellProblem):
            return value
        assert isinstance(value, float)
        if not self.least <= value <= self.most:
            rule = f"must be from {self.least:,.10g} to {self.most:,.10g} {self.unit}"
            return CellProblem(f"{value:,.10g}", rule.strip(), "write a figure in between")
        return value

    def structure(self, value: float) -> object:
        """What the value changes beyond bounds; sessions that agree in it can be shared."""
        if self.effect is Effect.BOUND:
            return None
        return self.key if self.effect is Effect.ROW else (self.key, value)


Moves = Mapping[str, float]
"""Values of the knobs that do not rest, by key."""


def read_moves(knobs: Sequence[Knob], texts: Mapping[str, Any]) -> tuple[Moves, dict[str, str]]:
    """Values of the knobs that were moved, in their order, and what is wrong with others.

    Parameters
    ----------
    texts : what was written, by key; numbers may be numbers

    Returns
    -------
    moves, faults
        A fault is a sentence, by the knob's key; a knob that the case has not is one too.
    """
    known = {knob.key: knob for knob in knobs}
    faults = {str(key): "this case has no such figure" for key in texts if key not in known}
    moves = {}
    for key, knob in known.items():
        if key not in texts:
            continue
        value = knob.parse(str(texts[key]))
        if isinstance(value, CellProblem):
            faults[key] = f"{value.found}: {value.rule}; {value.remedy}"
        elif value is not None and value != knob.rest:
            moves[key] = value
    return moves, faults


def steps_of(knobs: Sequence[Knob], moves: Moves) -> Steps:
    """The scenario steps of all moves, in the order of the knobs."""
    return [step for knob in knobs if knob.key in moves for step in knob.steps(moves[knob.key])]


def notch_of(high: float) -> float:
    """The step of a slider: a power of ten that gives a hundred steps or more.

    >>> notch_of(2000), notch_of(0.5)
    (10.0, 0.001)
    """
    return float(10.0 ** (floor(log10(high)) - 2))


def rounded_up(value: float) -> float:
    """The next number of the form 1, 2 or 5 times a power of ten; 1 for nothing.

    >>> rounded_up(1206), rounded_up(0.28), rounded_up(0)
    (2000.0, 0.5, 1.0)
    """
    if value <= 0:
        return 1.0
    power = 10.0 ** floor(log10(value))
    return float(next(f * power for f in (1, 2, 5, 10) if f * power >= value * (1 - 1e-12)))
