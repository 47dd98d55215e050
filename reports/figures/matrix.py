"""Who supplies whom: every tonne, as a grid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from reports.figures import style
from reports.figures.sankey import pairs
from reports.figures.style import Axis, Picture, escape
from reports.figures.traces import hover
from reports.language import say
from reports.language.numbers import digits_for, percent, plain

if TYPE_CHECKING:
    from model.result.allocation import Allocation

CELL_PX = 30
STEPS = ["#f1f5f9", "#cfe0f0", "#9ec3e3", "#5f9bd0", "#2f6fae"]
STEPS_DARK = ["#1d2833", "#23384d", "#294a6b", "#2f5f8c", "#3a78b0"]
style.DARK |= dict(zip(STEPS, STEPS_DARK, strict=True))
LARGEST_CELLS = 3000  # beyond this a grid tells nothing
MOST_ON_A_SIDE = 40  # of a larger one the places with most tonnes are drawn


def matrix(result: Allocation, name: str = "matrix") -> Picture | None:
    """Draw tonnes from each region to each buyer, the square root as colour."""
    table = pairs(result)
    grid = table.pivot_table(index="source", columns="target", values="ship_kt", aggfunc="sum")
    if grid.empty:
        return None
    grid, left_out = _largest(grid)
    kinds = dict(zip(table["target"], table["kind"] == "export", strict=True))
    columns = sorted(grid.columns, key=lambda target: (kinds[target], target))
    grid = grid[columns]
    digits = digits_for(grid.to_numpy().ravel())
    values = [[None if v != v else float(v) for v in row] for row in grid.to_numpy()]
    trace = {
        "type": "heatmap",
        "x": [escape(c) for c in columns],
        "y": [escape(r) for r in grid.index],
        "z": [[None if v is None else round(v**0.5, 4) for v in row] for row in values],
        "text": [[plain(v, digits) for v in row] for row in values],
        "texttemplate": "%{text}",
        "hovertemplate": hover("%{y} → %{x}: %{text} kt"),
        "hoverongaps": False,
        "colorscale": [[i / (len(STEPS) - 1), color] for i, color in enumerate(STEPS)],
        "showscale": False,
        "xgap": 2,
        "ygap": 2,
    }
    caption = "Rows supply, columns receive. A stronger colour is more (by the square root)."
    if any(kinds.values()):
        caption = (
            "Rows supply, columns receive; export markets stand on the right. A stronger colour is "
            "more (by the square root)."
        )
    axis_x = Axis(options={"side": "top", "tickangle": -40, "showgrid": False})
    axis_y = Axis(options={"autorange": "reversed", "showgrid": False})
    return Picture(
        name,
        "Matrix of shipments (kt)",
        say(
            "Grid of tonnes from {suppliers} suppliers to {buyers} buyers; the same figures stand "
            "in the table of shipments.",
            suppliers=len(grid),
            buyers=len(columns),
        ),
        [trace],
        style.axes_layout(130 + CELL_PX * len(grid), axis_x, axis_y),
        say(caption) + left_out,
        is_wide=True,
    )


def _largest(grid: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Return the part of a grid that can be read, and a sentence on the rest."""
    if grid.size <= LARGEST_CELLS:
        return grid, ""
    rows = grid.sum(axis=1).nlargest(MOST_ON_A_SIDE).index
    columns = grid.sum().nlargest(MOST_ON_A_SIDE).index
    shown = grid.loc[sorted(rows), columns].dropna(how="all").dropna(axis=1, how="all")
    share = percent(shown.sum().sum() / grid.sum().sum())
    return shown, say(
        " Drawn are the largest, {rows} of {suppliers} suppliers and {columns} of {buyers} buyers: "
        "{share} of the tonnes.",
        rows=len(rows),
        suppliers=plain(len(grid), 0),
        columns=len(columns),
        buyers=plain(len(grid.columns), 0),
        share=share,
    )
