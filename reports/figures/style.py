"""What all pictures share: colours, the frame of a figure, text on it.

Every colour is named once, in its light form; `DARK` gives the form that the page puts in its place
on a dark ground. Blue and orange are distinct under all common kinds of colour blindness; where the
sign matters it is also printed, or hatched, so that grey print keeps it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from reports.language import say, word

INK, MUTED, GRID = "#1d2733", "#56616f", "#d5dbe2"
LAND, AROUND, WATER, BORDER = "#e2e5e8", "#eff1f2", "#f6fafd", "#ffffff"
SURPLUS = ("#cfe1f2", "#7fb2dc", "#2a6fb0")  # little, some, much
DEFICIT = ("#fbdcb8", "#f5a55a", "#d25f0e")
BLUE, ORANGE, TEAL, PURPLE, GREY = "#2166ac", "#c8560b", "#14796a", "#6c4a9c", "#76828f"
PALE_BLUE, PALE_GREY = "#a9c9e6", "#c4cbd2"
CLEAR = "rgba(0,0,0,0)"
PALE = {"color": PALE_BLUE, "line": {"color": BLUE, "width": 1}}
"""The look of a bar that spans a range."""

DARK = {
    INK: "#e7ecf1",
    MUTED: "#a6b1bd",
    GRID: "#3a4653",
    LAND: "#333e49",
    AROUND: "#252d36",
    WATER: "#171e26",
    BORDER: "#11171d",
    SURPLUS[0]: "#24425c",
    SURPLUS[1]: "#2f6a9b",
    SURPLUS[2]: "#58a6e4",
    DEFICIT[0]: "#58402a",
    DEFICIT[1]: "#9c5a21",
    DEFICIT[2]: "#f08c3e",
    BLUE: "#6db0ea",
    ORANGE: "#ff9d55",
    TEAL: "#4fcab3",
    PURPLE: "#bda0e6",
    GREY: "#98a4b1",
    PALE_BLUE: "#3d6b94",
    PALE_GREY: "#55616d",
}

SERIES = (BLUE, ORANGE, TEAL, PURPLE, GREY, "#9c7a1e", "#a8446f", "#3f7f2f")
DARK |= {"#9c7a1e": "#dcbb5a", "#a8446f": "#ea8fb6", "#3f7f2f": "#8ccf78"}
DASHES = ("solid", "3px,3px", "10px,3px,3px,3px", "16px,4px", "16px,4px,3px,4px")
SEA_DASH = "9px,4px"

DESIGN_WIDTH_PX = 1000
FONT_PX = 13
SMALL_PX = 11


Plotly = dict[str, Any]
"""A trace, a layout or a part of one, as plotly takes it."""


@dataclass(frozen=True)
class Picture:
    """A picture: plotly's `data` and `layout`, and the words that go with it.

    `alt` tells in words what a reader who does not see it would miss. `is_map` figures are laid out
    for DESIGN_WIDTH_PX and scaled as a whole, because their labels are placed in pixels.
    """

    name: str
    title: str
    alt: str
    data: list[Plotly]
    layout: Plotly
    caption: str = ""
    is_map: bool = False
    is_wide: bool = False  # scrolls on a narrow screen

    def as_plotly(self) -> Plotly:
        """Return what plotly draws."""
        return {"data": self.data, "layout": self.layout}


@dataclass(frozen=True)
class Axis:
    """What an axis shows."""

    title: str = ""
    options: Plotly = field(default_factory=dict)

    def as_plotly(self) -> Plotly:
        """Return the axis in plotly's terms."""
        return {
            "title": {"text": say(self.title), "font": {"size": FONT_PX}, "standoff": 10},
            "gridcolor": GRID,
            "linecolor": GRID,
            "zerolinecolor": MUTED,
            "automargin": True,
            "fixedrange": True,
            "separatethousands": True,
            "exponentformat": "none",
            **self.options,
        }


def from_zero(title: str) -> Axis:
    """Return an axis that begins at zero."""
    return Axis(title, {"rangemode": "tozero"})


def base_layout(height: float, **more: Any) -> Plotly:
    """Return the layout that all figures start from; `height` in pixels."""
    return {
        "height": round(height),
        "margin": {"l": 10, "r": 16, "t": 12, "b": 10},
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
        "font": {"size": FONT_PX, "color": INK, "family": FONT_FAMILY},
        "separators": ".,",
        "hoverlabel": {"font": {"size": FONT_PX, "family": FONT_FAMILY}, "align": "left"},
        "legend": {
            "orientation": "h",
            "y": 1.02,
            "yanchor": "bottom",
            "x": 0,
            "xanchor": "left",
            "traceorder": "normal",
        },
        "dragmode": False,
        **more,
    }


FONT_FAMILY = (
    "system-ui, -apple-system, 'Segoe UI', 'Noto Sans', 'Liberation Sans', 'PingFang SC', "
    "'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"
)


def axes_layout(height: float, x: Axis, y: Axis, **more: Any) -> Plotly:
    """Return the layout of a figure with two axes."""
    return base_layout(height, xaxis=x.as_plotly(), yaxis=y.as_plotly(), **more)


def lines_layout(height: float, x: Axis, y: Axis) -> Plotly:
    """Return the layout of lines, each of which says what it is where it is pointed at."""
    return axes_layout(height, x, y, showlegend=True, hovermode="closest")


def bars_layout(rows: int, x_title: str, **more: Any) -> Plotly:
    """Return the layout of horizontal bars, one line for each of `rows`, first on top."""
    axis_y = Axis(options={"autorange": "reversed", "showgrid": False, "ticksuffix": "  "})
    return axes_layout(90 + 30 * max(rows, 2), Axis(x_title), axis_y, **more)


def text_width_px(text: str, size_px: float = SMALL_PX) -> float:
    """Estimate the width of a text; Chinese characters are as wide as high."""
    return size_px * sum(1.0 if ord(character) > 0x2E7F else 0.56 for character in text)


def hatch(shape: str, color: str) -> Plotly:
    """Return a pattern for bars or areas that survives grey print."""
    return {"shape": shape, "fgcolor": color, "size": 7, "solidity": 0.25, "fillmode": "overlay"}


def escape(text: str) -> str:
    """Write a name as the language has it, safe inside plotly's text, which reads HTML tags."""
    return word(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def classes(values: Sequence[float], steps: int = 3) -> list[float]:
    """Return the upper bounds of `steps` classes for magnitudes, at round numbers."""
    largest = max((abs(value) for value in values), default=0.0)
    if largest == 0:
        return [1.0] * steps
    shares = (0.1, 0.4, 1.0)
    return [*(round_up(share * largest) for share in shares[: steps - 1]), round_up(largest)]


def round_up(value: float) -> float:
    """Return the next number of the form 1, 2, 2.5 or 5 times a power of ten."""
    power = 10.0 ** len(str(int(value))) / 10 if value >= 1 else 10.0**-6
    while True:
        for factor in (1, 2, 2.5, 5, 10):
            if factor * power >= value * (1 - 1e-9):
                return float(factor * power)
        power *= 10


def bound_text(value: float) -> str:
    """Return a class bound, a round number, without idle decimals."""
    return f"{value:,.10g}"
