"""The tornado: how far the total cost moves over the range of each assumption."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reports.figures import style
from reports.figures.style import Picture, Plotly, escape
from reports.figures.traces import hover
from reports.language import say
from reports.language.numbers import listed, plain

MOST = 15
LEAST_MCNY = 0.0005
TURNS = "●"
"""Beside an assumption that turns a conclusion."""


@dataclass(frozen=True)
class Swing:
    """What an assumption makes of the total cost, MCNY against the case as it stands.

    Attributes
    ----------
    low, high : at the ends of its range; None where there is no plan
    other : of another structure of the case, which has no range
    turns : whether a conclusion becomes another one
    """

    name: str
    low: float | None = None
    high: float | None = None
    other: float | None = None
    turns: bool = False

    @property
    def width(self) -> float:
        """How far the cost moves."""
        known = [0.0, *(value for value in (self.low, self.high, self.other) if value is not None)]
        return max(known) - min(known)


def tornado(swings: Sequence[Swing], name: str = "tornado") -> Picture | None:
    """Draw the swings, the widest on top; None where nothing moves the cost."""
    moving = [swing for swing in swings if swing.width >= LEAST_MCNY]
    shown = sorted(moving, key=lambda swing: (-swing.width, swing.name))[:MOST]
    if not shown:
        return None
    parts = [
        (say("low end of the range"), [s.low for s in shown], {"color": style.BLUE}),
        (say("high end of the range"), [s.high for s in shown], _hatched(style.ORANGE, "/")),
        (say("another structure"), [s.other for s in shown], _hatched(style.PURPLE, "x")),
    ]
    labels = [escape(s.name) + (f" {TURNS}" if s.turns else "") for s in shown]
    traces = [
        _bars(label, labels, values, look)
        for label, values, look in parts
        if any(value is not None for value in values)
    ]
    words = [say("{name} {mcny} MCNY", name=s.name, mcny=plain(s.width)) for s in shown[:3]]
    left = len(moving) - len(shown)
    more = say(" {count} more move it less.", count=left) if left else ""
    layout = style.bars_layout(len(shown), say("MCNY a year against this run"), showlegend=True)
    return Picture(
        name,
        say("What moves the total cost most"),
        say("Bars by assumption. The widest: {swings}.", swings=listed(words)),
        traces,
        layout | {"barmode": "overlay"},
        say("{mark} turns a conclusion within its range.", mark=TURNS) + more
        if any(s.turns for s in shown)
        else more.strip(),
    )


def _hatched(color: str, shape: str) -> Plotly:
    return {"color": color, "pattern": style.hatch(shape, style.BORDER)}


def _bars(label: str, names: list[str], values: list[float | None], look: Plotly) -> Plotly:
    return {
        "type": "bar",
        "orientation": "h",
        "name": escape(label),
        "y": names,
        "x": [None if value is None else round(value, 4) for value in values],
        "text": ["" if not value else plain(value, signed=True) for value in values],
        "textposition": "outside",
        "cliponaxis": False,
        "marker": look,
        "hovertemplate": hover(say("%{{y}}, {label}: %{{text}} MCNY", label=escape(label))),
    }
