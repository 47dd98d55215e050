"""Flow ranges as intervals: how far a flow may vary in plans that cost nearly the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reports.figures import style
from reports.figures.style import Figure, escape
from reports.numbers import plain

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS = 40


def ranges(table: pd.DataFrame, within: str = "", name: str = "ranges") -> Figure | None:
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
    rows = [
        f"{escape(o)} → {escape(s)}" for o, s in zip(shown["origin"], shown["sink"], strict=True)
    ]
    spans = (shown["high_kt"] - shown["low_kt"]).round(4)
    traces: list[dict[str, Any]] = [
        {
            "type": "bar",
            "orientation": "h",
            "name": "range",
            "y": rows,
            "x": spans.tolist(),
            "base": shown["low_kt"].round(4).tolist(),
            "width": 0.5,
            "marker": {"color": style.PALE_BLUE, "line": {"color": style.BLUE, "width": 1}},
            "text": [
                f"{plain(a)} to {plain(b)} kt"
                for a, b in zip(shown["low_kt"], shown["high_kt"], strict=True)
            ],
            "textposition": "none",
            "hovertemplate": "%{y}: %{text}<extra></extra>",
        },
        {
            "type": "scatter",
            "mode": "markers",
            "name": "published plan",
            "y": rows,
            "x": shown["ship_kt"].round(4).tolist(),
            "marker": {"color": style.INK, "size": 8, "symbol": "diamond"},
            "hovertemplate": "%{y}: %{x:,.4~r} kt<extra></extra>",
        },
    ]
    fixed = int((spans <= 1e-6).sum())
    more = f" {left_out} smaller ones stand in the table only." if left_out > 0 else ""
    return Figure(
        name,
        "How firm the flows are",
        f"Intervals of {len(shown)} flows; {fixed} of them cannot vary at all.",
        traces,
        style.bars_layout(len(shown), "kt per year", showlegend=True),
        f"All plans{f' dearer by at most {within} of freight' if within else ''}: a flow whose bar "
        f"starts above zero is in every one of them.{more}",
    )
