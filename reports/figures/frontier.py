"""What a budget buys, and what each option is worth: pictures of a choice among projects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.figures import style
from reports.figures.style import Axis, Figure, escape
from reports.frames import records
from reports.numbers import plain

if TYPE_CHECKING:
    import pandas as pd

LABEL_CHARACTERS = 60


def frontier(table: pd.DataFrame, name: str = "frontier") -> Figure | None:
    """Draw the total cost of the best set as the budget grows.

    Parameters
    ----------
    table : DataFrame
        Columns from_mcny, to_mcny (budget; a blank end has no bound), cost_from_mcny,
        cost_to_mcny, projects, set.
    """
    rows = records(table)
    if len(rows) < 2:
        return None
    widest = max(row["from_mcny"] for row in rows)
    xs: list[float] = []
    ys: list[float] = []
    texts: list[str] = []
    for row in rows:
        end = row["to_mcny"] if row["to_mcny"] == row["to_mcny"] else None
        xs += [row["from_mcny"], widest * 1.08 if end is None else end]
        ys += [row["cost_from_mcny"], row["cost_to_mcny"]]
        texts += [f"{row['projects']} built: {escape(str(row['set'])[:LABEL_CHARACTERS])}"] * 2
    return Figure(
        name,
        "What a budget buys",
        f"Falling curve of cost against budget, from {plain(ys[0])} MCNY a year with nothing to "
        f"{plain(min(ys))} MCNY with {plain(widest)} MCNY of capital.",
        [
            {
                "type": "scatter",
                "mode": "lines",
                "x": [round(x, 4) for x in xs],
                "y": [round(y, 4) for y in ys],
                "text": texts,
                "line": {"color": style.BLUE, "width": 2.5},
                "hovertemplate": "budget %{x:,.4~r}: cost %{y:,.5~r} MCNY<br>%{text}"
                "<extra></extra>",
            }
        ],
        style.base_layout(
            360,
            showlegend=False,
            hovermode="closest",
            xaxis=Axis("budget for capital (MCNY)", {"rangemode": "tozero"}).as_plotly(),
            yaxis=Axis("total cost (MCNY per year)").as_plotly(),
        ),
        "Each stretch is the set that is best from one budget to the next. The vertical axis does "
        "not start at zero.",
    )


def worth_of_options(table: pd.DataFrame, name: str = "options-worth") -> Figure | None:
    """Draw what each option saves alone and beside the chosen ones, chosen ones marked.

    Parameters
    ----------
    table : DataFrame
        Columns option, chosen, saves_alone_mcny, saves_at_margin_mcny.
    """
    if table.empty:
        return None
    table = table.sort_values(["saves_at_margin_mcny", "option"], ascending=[False, True])
    rows = records(table)
    labels = [f"{'✓ ' if row['chosen'] else ''}{escape(row['option'])}" for row in rows]
    bars = [
        ("saves at the margin", "saves_at_margin_mcny", style.BLUE, ""),
        ("saves alone", "saves_alone_mcny", style.PALE_BLUE, "/"),
    ]
    best = rows[0]
    return Figure(
        name,
        "What each option is worth",
        f"Bars of {len(rows)} options, {sum(bool(row['chosen']) for row in rows)} of them chosen. "
        f"At the margin {best['option']} saves most, "
        f"{plain(best['saves_at_margin_mcny'])} MCNY a year.",
        [
            {
                "type": "bar",
                "orientation": "h",
                "name": label,
                "y": labels,
                "x": [_value(row[key]) for row in rows],
                "marker": {"color": color, "pattern": style.hatch(shape, style.BORDER)},
                "hovertemplate": "%{y}, " + label + ": %{x:,.4~r} MCNY<extra></extra>",
            }
            for label, key, color, shape in bars
        ],
        style.bars_layout(len(rows), "MCNY per year", barmode="group", showlegend=True),
        "Net of its fixed cost. ✓ marks what is chosen; at the margin: with the chosen ones built.",
    )


def _value(number: float | None) -> float | None:
    return None if number is None or number != number else round(number, 4)
