"""The traces that figures are made of, as plotly takes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reports.figures import style
from reports.figures.style import Plotly, escape
from reports.language import say

PATTERNS = ("", "/", ".", "x", "\\", "-", "+", "|")


def hover(text: str) -> str:
    """What a point says of itself, without the name of its trace beside it."""
    return f"{say(text)}<extra></extra>"


def bars(name: str, x: Sequence[Any], y: Sequence[Any], marker: Plotly, text: str) -> Plotly:
    """Bars; `text` is the template of what each says."""
    return {
        "type": "bar", "name": escape(name), "x": list(x), "y": list(y), "marker": marker,
        "hovertemplate": hover(text),
    }  # fmt: skip


def points(name: str, x: Sequence[Any], y: Sequence[Any], marker: Plotly, text: str) -> Plotly:
    """Points without lines."""
    return {
        "type": "scatter", "mode": "markers", "name": escape(name), "x": list(x), "y": list(y),
        "marker": marker, "hovertemplate": hover(text),
    }  # fmt: skip


def marks(
    x: Sequence[float], y: Sequence[float], marker: Plotly, texts: Sequence[str], **more: Any
) -> Plotly:
    """Marks on a map; each says its text."""
    return {
        "type": "scatter", "mode": "markers", "x": list(x), "y": list(y), **more,
        "marker": marker, "text": list(texts), "hoverinfo": "text",
    }  # fmt: skip


def outline(
    x: Sequence[float | None], y: Sequence[float | None], look: Plotly, **more: Any
) -> Plotly:
    """A line on a map, or the edge of an area, that says nothing."""
    return {
        "type": "scatter", "mode": "lines", "x": list(x), "y": list(y), "hoverinfo": "skip",
        "line": look, "showlegend": False, **more,
    }  # fmt: skip


def line(name: str, x: Sequence[Any], y: Sequence[Any], look: Plotly, **more: Any) -> Plotly:
    """A line through points; None breaks it."""
    return {
        "type": "scatter", "mode": "lines", "name": escape(name), "x": list(x), "y": list(y),
        "line": {"width": 2.5} | look, **more,
    }  # fmt: skip


def hatched(index: int) -> Plotly:
    """The look of the bars of the run of that number: distinct without colour too."""
    return {
        "color": style.SERIES[index % len(style.SERIES)],
        "pattern": {
            "shape": PATTERNS[index % len(PATTERNS)],
            "fgcolor": style.BORDER,
            "size": 7,
            "solidity": 0.2,
            "fillmode": "overlay",
        },
    }
