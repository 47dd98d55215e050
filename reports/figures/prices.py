"""What one tonne more, or less, is worth at a place: intervals of marginal values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from model.case.records import Record
from reports.figures import style
from reports.figures.style import Picture, Plotly, escape, from_zero
from reports.figures.traces import line, points
from reports.frames import records
from reports.language import say
from reports.language.numbers import is_number, plain

if TYPE_CHECKING:
    from model.result.allocation import Allocation

MOST_ROWS = 60


def prices(result: Allocation, role: str, name: str) -> Picture | None:
    """Draw left and right marginals of all places of a role: a bar where they differ."""
    table = result.prices[result.prices["role"] == role].copy()
    sides = table[["left_cny_per_t", "right_cny_per_t"]]
    table["middle"] = sides.mean(axis=1)
    table = table.dropna(subset=["middle"])
    if table.empty:
        return None
    table = table.sort_values(["middle", "place"], ascending=[False, True])
    left_out = ""
    if len(table) > MOST_ROWS:
        half = MOST_ROWS // 2
        left_out = say(
            " Of {count} places the {half} highest and {half} lowest are drawn.",
            count=plain(len(table), 0),
            half=half,
        )
        table = pd.concat([table.head(half), table.tail(half)])
    title, words = WORDS[role]
    rows = records(table)
    return Picture(
        name,
        title,
        f"{say(words)} {_ends(rows[0], rows[-1])}",
        _traces(rows),
        style.bars_layout(len(table), "CNY per tonne", showlegend=True)
        | {"xaxis": from_zero("CNY per tonne").as_plotly()},
        say(
            "Where ‘one tonne less’ and ‘one tonne more’ differ, the value depends on the "
            "direction. What changes stands in the table below."
        )
        + left_out,
    )


def _ends(dearest: Record, cheapest: Record) -> str:
    """The highest and the lowest of the values, or that they are the same."""
    high, low = plain(dearest["middle"]), plain(cheapest["middle"])
    if high == low:
        return say("{amount} CNY/t everywhere.", amount=high)
    return say(
        "Highest at {dearest}, {high} CNY/t; lowest at {cheapest}, {low} CNY/t.",
        dearest=dearest["place"],
        high=high,
        cheapest=cheapest["place"],
        low=low,
    )


WORDS = {
    "sink": (
        "What a tonne costs where it is needed",
        "Marginal cost of one tonne more of demand at each buyer.",
    ),
    "origin": (
        "What a tonne of supply is worth where it is made",
        "Saving by one tonne more of supply at each origin.",
    ),
}


def _traces(rows: list[Record]) -> list[Plotly]:
    sides = {side: _side(rows, f"{side}_cny_per_t") for side in ("left", "right")}
    looks = [
        (sides["left"], "one tonne less", "circle-open", style.ORANGE, 10),
        (sides["right"], "one tonne more", "circle", style.BLUE, 8),
        (_unbounded(rows), "other side without bound", "triangle-right-open", style.GREY, 14),
    ]
    if sides["left"] == sides["right"]:
        looks = [(sides["left"], "one tonne less or more", "circle", style.BLUE, 9)]
    return [_bands(rows)] + [
        points(
            label,
            *at,
            {"symbol": symbol, "color": color, "size": size, "line": {"width": 2}},
            say("%{{y}}, {label}: %{{x:,.4~r}} CNY/t", label=say(label)),
        )
        for at, label, symbol, color, size in looks
        if at[0]
    ]


At = tuple[list[float], list[str]]
"""Values, CNY/t, and the places that have them."""


def _side(rows: list[Record], side: str) -> At:
    """The marginal values to one side, where it is bounded."""
    known = [row for row in rows if is_number(row[side])]
    return [round(float(row[side]), 4) for row in known], [escape(row["place"]) for row in known]


def _is_bounded(row: Record) -> bool:
    return is_number(row["left_cny_per_t"]) and is_number(row["right_cny_per_t"])


def _unbounded(rows: list[Record]) -> At:
    """Places of which one side has no bound, at the value of the other."""
    open_ = [row for row in rows if not _is_bounded(row)]
    return [round(float(row["middle"]), 4) for row in open_], [escape(r["place"]) for r in open_]


def _bands(rows: list[Record]) -> Plotly:
    """A band from the left to the right value of each place that has both."""
    both = [row for row in rows if _is_bounded(row)]
    xs = [x for row in both for x in (row["left_cny_per_t"], row["right_cny_per_t"], None)]
    ys = [y for row in both for y in (escape(row["place"]), escape(row["place"]), None)]
    look = {"color": style.PALE_BLUE, "width": 9}
    return line("", xs, ys, look, showlegend=False, hoverinfo="skip")
