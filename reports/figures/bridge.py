"""The bridge from one cost to another: what each part adds or saves."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import wrap

from reports.figures import style
from reports.figures.style import Axis, Picture, Plotly, escape
from reports.figures.traces import hover
from reports.language import say
from reports.language.numbers import listed, plain

LABEL_WIDTH = 42  # characters


def bridge(
    start: tuple[str, float], steps: Mapping[str, float], end: tuple[str, float], name: str
) -> Picture:
    """Draw a waterfall in MCNY from one run's total to another's.

    Parameters
    ----------
    start, end : (label, MCNY)
    steps : label → MCNY
        They should add up to the difference.
    """
    shown = {say(label): value for label, value in steps.items() if abs(value) > 1e-9}
    labels = [start[0], *shown, end[0]]
    values = [start[1], *shown.values(), end[1]]
    texts = [plain(start[1]), *(plain(v, signed=True) for v in shown.values()), plain(end[1])]
    low = min(start[1], end[1], *_levels(start[1], list(shown.values())))
    high = max(start[1], end[1], *_levels(start[1], list(shown.values())))
    # A bridge of small steps on tall piers shows only piers: the axis starts above zero then.
    floor = low - 0.6 * (high - low) if high - low < 0.3 * high else 0.0
    axis_x = {"range": [floor, high + 0.12 * (high - floor)]}
    words = [
        say("{part} {amount}", part=label, amount=plain(value, signed=True))
        for label, value in shown.items()
    ]
    caption = "The axis does not start at zero." if floor else ""
    return Picture(
        name,
        say("From {start} to {end}: what changes the cost", start=start[0], end=end[0]),
        say(
            "Bridge from {start} to {end} MCNY a year: {steps}.",
            start=plain(start[1]),
            end=plain(end[1]),
            steps=listed(words) or say("no change"),
        ),
        [_waterfall(labels, values, texts)],
        style.bars_layout(len(labels), "MCNY per year", showlegend=False)
        | {"xaxis": Axis("MCNY per year", axis_x).as_plotly()},
        caption,
    )


def _waterfall(labels: list[str], values: list[float], texts: list[str]) -> Plotly:
    """The trace: the first and the last are piers, steps hang between them."""
    return {
        "type": "waterfall",
        "orientation": "h",
        "y": [_wrapped(label) for label in labels],
        "x": [round(value, 4) for value in values],
        "measure": ["absolute", *["relative"] * (len(values) - 2), "total"],
        "text": texts,
        "textposition": "outside",
        "cliponaxis": False,
        "connector": {"line": {"color": style.GREY, "width": 1}},
        "increasing": {"marker": {"color": style.ORANGE}},
        "decreasing": {"marker": {"color": style.TEAL}},
        "totals": {"marker": {"color": style.BLUE}},
        "hovertemplate": hover("%{y}: %{text} MCNY"),
    }


def _wrapped(label: str) -> str:
    """Break a long label into a few lines; what does not fit is cut off."""
    lines = wrap(label, LABEL_WIDTH, max_lines=2, placeholder=" …")
    return "<br>".join(escape(line) for line in lines)


def _levels(start: float, steps: list[float]) -> list[float]:
    levels = [start]
    for step in steps:
        levels.append(levels[-1] + step)
    return levels
