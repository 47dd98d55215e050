"""What thousands of draws come to: the spread of cost, what drives it, the spread of prices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from reports.figures import style
from reports.figures.style import Axis, Picture, escape, from_zero
from reports.figures.traces import bars, hover, line, points
from reports.language import say
from reports.language.numbers import listed, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

MOST_ROWS = 20
BINS = 40


def cost_spread(costs: Sequence[float], now: float, name: str = "sweep-cost") -> Picture | None:
    """Draw how often the total cost falls where, MCNY a year, beside that of the base."""
    if not len(costs):
        return None
    count, edge = np.histogram(costs, bins=BINS)
    low, middle, high = np.quantile(costs, [0.05, 0.5, 0.95])
    middles = ((edge[1:] + edge[:-1]) / 2).round(4).tolist()
    drawn = bars("draws", middles, count.tolist(), style.PALE, "about %{x:,.4~r} MCNY: %{y} draws")
    drawn |= {"width": float(np.diff(edge).mean().round(6))}
    base = line(
        "base",
        [round(now, 4)] * 2,
        [0, int(count.max())],
        {"color": style.INK, "width": 2, "dash": "dash"},
        hovertemplate=hover("base: %{x:,.4~r} MCNY"),
    )
    return Picture(
        name,
        "What the cost may come to",
        say(
            "Half of {count} draws cost less than {middle} MCNY a year, nine in ten between {low} "
            "and {high}; the base costs {base}.",
            count=len(costs),
            middle=plain(middle),
            low=plain(low),
            high=plain(high),
            base=plain(now),
        ),
        [drawn, base],
        style.axes_layout(
            360, Axis("total cost (MCNY per year)"), from_zero("draws"), showlegend=True
        ),
        "Draws without a feasible plan have no cost and are left out.",
    )


def drivers(table: pd.DataFrame, name: str = "sweep-drivers") -> Picture | None:
    """Draw the mean cost where each figure is lowest and highest, the strongest driver first.

    Parameters
    ----------
    table : DataFrame
        Columns figure, regression, cost_when_lowest_mcny, cost_when_highest_mcny.
    """
    shown = table.head(MOST_ROWS)
    if shown.empty:
        return None
    rows = [escape(str(figure)) for figure in shown["figure"]]
    traces = [
        points(
            label,
            shown[column].round(4).tolist(),
            rows,
            {"color": color, "size": 11, "symbol": symbol},
            "%{y}: %{x:,.4~r} MCNY",
        )
        for column, label, color, symbol in (
            ("cost_when_lowest_mcny", "figure among the lowest tenth", style.TEAL, "circle"),
            ("cost_when_highest_mcny", "figure among the highest tenth", style.ORANGE, "diamond"),
        )
    ]
    first = [str(figure) for figure in shown["figure"].head(3)]
    left_out = len(table) - len(shown)
    more = say(" {count} weaker ones stand in the table only.", count=left_out)
    return Picture(
        name,
        "What drives the cost",
        say("The cost moves most with {figures}.", figures=listed(first)),
        traces,
        style.bars_layout(len(shown), "mean total cost (MCNY per year)", showlegend=True),
        say(
            "Ranked by the standardised coefficient of a linear regression on everything that "
            "varies."
        )
        + (more if left_out else ""),
    )


def price_spread(table: pd.DataFrame, name: str = "sweep-prices") -> Picture | None:
    """Draw the spread of the price at every sink: nine in ten draws as a bar, the median a dot.

    Parameters
    ----------
    table : DataFrame
        Columns place, p5, p50, p95 (CNY/t).
    """
    shown = table.sort_values(["p50", "place"], ascending=[False, True])
    if shown.empty:
        return None
    rows = [escape(str(place)) for place in shown["place"]]
    low, high = shown["p5"], shown["p95"]
    spread = bars(
        "nine draws in ten",
        (high - low).round(4).tolist(),
        rows,
        style.PALE,
        "%{y}: from %{base:,.4~r} CNY/t",
    )
    spread |= {"orientation": "h", "width": 0.5, "base": low.round(4).tolist()}
    diamond = {"color": style.INK, "size": 8, "symbol": "diamond"}
    median = points(
        "median", shown["p50"].round(4).tolist(), rows, diamond, "%{y}: %{x:,.4~r} CNY/t"
    )
    dearest = str(shown["place"].iloc[0])
    return Picture(
        name,
        "What a tonne may cost where",
        say(
            "Spread of the cost of one tonne more at {count} sinks; the median is highest at "
            "{dearest}.",
            count=len(shown),
            dearest=dearest,
        ),
        [spread, median],
        style.bars_layout(len(shown), "cost of one tonne more (CNY/t)", showlegend=True),
        "Where a plan leaves several values possible, one of them is counted.",
    )
