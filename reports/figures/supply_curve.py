"""The supply curve: tonnes in order of what they cost delivered, against demand."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Any

from reports.figures import style
from reports.figures.style import Axis, Figure, escape
from reports.frames import export_sinks, records
from reports.numbers import plain

if TYPE_CHECKING:
    import pandas as pd

    from model.result.result import Result

MOST_STEPS = 400


def supply_curve(result: Result, name: str = "supply-curve") -> Figure | None:
    """Draw shipments from cheapest to dearest, domestic and exports apart, and domestic demand."""
    flows = result.flows
    if flows.empty or len(flows) > MOST_STEPS:
        return None
    exports = flows["sink"].isin(export_sinks(result.case))
    traces = [
        trace
        for part, label, color in (
            (flows[~exports], "domestic", style.BLUE),
            (flows[exports], "exports", style.TEAL),
        )
        if not part.empty
        for trace in [_steps(part, label, color)]
    ]
    sinks = result.case.sinks
    demand = float(sinks["demand_kt"][sinks["kind"] != "export"].sum())
    line = {
        "type": "line",
        "x0": demand,
        "x1": demand,
        "y0": 0,
        "y1": 1,
        "yref": "paper",
        "line": {"color": style.ORANGE, "width": 2, "dash": "dash"},
    }
    label = {
        "x": demand,
        "y": 1,
        "yref": "paper",
        "text": f"domestic demand {plain(demand)} kt",
        "showarrow": False,
        "xanchor": "right",
        "yanchor": "top",
        "xshift": -6,
        "font": {"color": style.ORANGE, "size": style.SMALL_PX},
    }
    dearest = flows.sort_values("cost_cny_per_t").iloc[-1]
    layout = style.base_layout(
        360,
        xaxis=Axis("tonnes shipped, cheapest first (kt)", {"rangemode": "tozero"}).as_plotly(),
        yaxis=Axis("delivered cost (CNY/t)", {"rangemode": "tozero"}).as_plotly(),
        shapes=[line],
        annotations=[label],
    )
    return Figure(
        name,
        "Cost of supply, delivered, against demand",
        f"Step curve of delivered cost. The dearest shipment is {dearest.origin} to "
        f"{dearest.sink}, {plain(dearest.cost_cny_per_t)} CNY/t.",
        traces,
        layout,
        "Each step is one shipment: its width the tonnes, its height what a tonne costs at the "
        "buyer's door (production, where it is priced, included).",
    )


def _steps(flows: pd.DataFrame, label: str, color: str) -> dict[str, Any]:
    ordered = flows.sort_values(["cost_cny_per_t", "origin", "sink"])
    ends = list(accumulate(ordered["ship_kt"].astype(float)))
    starts = [0.0, *ends[:-1]]
    xs: list[float] = []
    ys: list[float] = []
    texts: list[str] = []
    for start, end, row in zip(starts, ends, records(ordered), strict=True):
        xs += [round(start, 3), round(end, 3)]
        ys += [round(float(row["cost_cny_per_t"]), 3)] * 2
        texts += [
            f"{escape(row['origin'])} → {escape(row['sink'])}: {plain(row['ship_kt'])} kt at "
            f"{plain(row['cost_cny_per_t'])} CNY/t"
        ] * 2
    return {
        "type": "scatter",
        "mode": "lines",
        "x": xs,
        "y": ys,
        "text": texts,
        "name": label,
        "line": {"color": color, "width": 2.5, "dash": "solid" if label == "domestic" else "dot"},
        "hoverinfo": "text",
    }
