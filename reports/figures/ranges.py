"""Flow ranges as intervals: how far a flow may vary in plans that cost nearly the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.figures import style
from reports.figures.style import Picture, Plotly, escape
from reports.figures.traces import bars, points
from reports.language import say
from reports.language.numbers import plain

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS = 40


def ranges(table: pd.DataFrame, within: str = "", name: str = "ranges") -> Picture | None:
    """Draw intervals of tonnes with the published flow as a dot.

    Parameters
    ----------
    table : DataFrame
        Columns origin, sink, low_kt, high_kt, ship_kt.
    within : str
        By what share of freight plans may be dearer, for the caption.
    """
    shown = table[table["high_kt"] > 0].sort_values(
        ["high_kt", "origin", "sink"], ascending=[False, True, True]
    )
    if shown.empty:
        return None
    left_out = len(shown) - MOST_ROWS
    shown = shown.head(MOST_ROWS)
    spans = shown["high_kt"] - shown["low_kt"]
    fixed = int((spans <= 1e-6).sum())
    more = say(" {count} smaller ones stand in the table only.", count=left_out)
    text = "Intervals of {count} flows; all of them can vary."
    if fixed:
        text = "Intervals of {count} flows; {fixed} of them cannot vary at all."
    caption = "All plans: a flow whose bar starts above zero is in every one of them."
    if within:
        caption = (
            "All plans dearer by at most {within} of freight: a flow whose bar starts above zero "
            "is in every one of them."
        )
    return Picture(
        name,
        "How firm the flows are",
        say(text, count=len(shown), fixed=fixed),
        _traces(shown),
        style.bars_layout(len(shown), "kt per year", showlegend=True),
        say(caption, within=within) + (more if left_out > 0 else ""),
    )


def _traces(shown: pd.DataFrame) -> list[Plotly]:
    """A bar from the least to the most of each flow, and a point on what is published."""
    low, high = shown["low_kt"], shown["high_kt"]
    rows = [
        f"{escape(origin)} → {escape(sink)}"
        for origin, sink in zip(shown["origin"], shown["sink"], strict=True)
    ]
    spans = bars("range", (high - low).round(4).tolist(), rows, style.PALE, "%{y}: %{text}")
    spans |= {
        "orientation": "h", "width": 0.5, "base": low.round(4).tolist(), "textposition": "none",
        "text": [
            say("{low} to {high} kt", low=plain(a), high=plain(b))
            for a, b in zip(low, high, strict=True)
        ],
    }  # fmt: skip
    diamond = {"color": style.INK, "size": 8, "symbol": "diamond"}
    published = shown["ship_kt"].round(4).tolist()
    return [spans, points("published plan", published, rows, diamond, "%{y}: %{x:,.4~r} kt")]
