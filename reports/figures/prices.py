"""What one tonne more, or less, is worth at a place: intervals of marginal values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reports.figures import style
from reports.figures.style import Axis, Figure, escape
from reports.frames import records
from reports.numbers import is_number, plain

if TYPE_CHECKING:
    from model.result.result import Result

MOST_ROWS = 60


def prices(result: Result, role: str, name: str) -> Figure | None:
    """Draw left and right marginals of all places of a role: a bar where they differ."""
    table = result.prices[result.prices["role"] == role].copy()
    sides = table[["left_cny_per_t", "right_cny_per_t"]]
    table["middle"] = sides.mean(axis=1)
    table = table.dropna(subset=["middle"])
    if table.empty or len(table) > MOST_ROWS:
        return None
    table = table.sort_values(["middle", "place"], ascending=[False, True])
    title, words = WORDS[role]
    rows = records(table)
    dearest, cheapest = rows[0], rows[-1]
    return Figure(
        name,
        title,
        f"{words} Highest at {dearest['place']}, {plain(dearest['middle'])} CNY/t; lowest at "
        f"{cheapest['place']}, {plain(cheapest['middle'])} CNY/t.",
        _traces(rows),
        style.bars_layout(len(table), "CNY per tonne", showlegend=True)
        | {"xaxis": Axis("CNY per tonne", {"rangemode": "tozero"}).as_plotly()},
        "Where ‘one tonne less’ and ‘one tonne more’ differ, the value depends on the direction. "
        "What gives way stands in the table below.",
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


def _traces(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    xs: list[float | None] = []
    ys: list[str | None] = []
    points: dict[str, tuple[list[float], list[str]]] = {
        "left": ([], []),
        "right": ([], []),
        "unbounded": ([], []),
    }
    for row in rows:
        place = escape(row["place"])
        left, right = row["left_cny_per_t"], row["right_cny_per_t"]
        if is_number(left) and is_number(right):
            xs += [left, right, None]
            ys += [place, place, None]
        for key, value in (("left", left), ("right", right)):
            if is_number(value):
                points[key][0].append(round(float(value), 4))
                points[key][1].append(place)
        if not (is_number(left) and is_number(right)):
            points["unbounded"][0].append(round(float(row["middle"]), 4))
            points["unbounded"][1].append(place)
    band = {
        "type": "scatter",
        "mode": "lines",
        "x": xs,
        "y": ys,
        "showlegend": False,
        "line": {"color": style.PALE_BLUE, "width": 9},
        "hoverinfo": "skip",
    }
    looks = {
        "left": ("one tonne less", "circle-open", style.ORANGE, 10),
        "right": ("one tonne more", "circle", style.BLUE, 8),
        "unbounded": ("other side without bound", "triangle-right-open", style.GREY, 14),
    }
    if points["left"] == points["right"]:
        looks = {"left": ("one tonne less or more", "circle", style.BLUE, 9)}
    return [band] + [
        {
            "type": "scatter",
            "mode": "markers",
            "x": points[key][0],
            "y": points[key][1],
            "name": label,
            "marker": {"symbol": symbol, "color": color, "size": size, "line": {"width": 2}},
            "hovertemplate": "%{y}, " + label + ": %{x:,.4~r} CNY/t<extra></extra>",
        }
        for key, (label, symbol, color, size) in looks.items()
        if points[key][0]
    ]
