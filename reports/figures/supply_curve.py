"""The supply curve: tonnes in order of what they cost delivered, against demand."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from model.case.commodities import input_uses
from reports.figures import style
from reports.figures.style import Picture, Plotly, escape, from_zero
from reports.figures.traces import line
from reports.frames import export_sinks, records
from reports.language import say
from reports.language.numbers import plain

if TYPE_CHECKING:
    import pandas as pd

    from model.result.allocation import Allocation

MOST_STEPS = 400


def supply_curve(result: Allocation, name: str = "supply-curve") -> Picture | None:
    """Draw shipments from cheapest to dearest, domestic and exports apart, and domestic demand."""
    flows = result.flows
    if flows.empty or len(flows) > MOST_STEPS or input_uses(result.case):
        return None  # with inputs, what a lane costs is not what its tonne costs
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
    dearest = flows.sort_values("cost_cny_per_t").iloc[-1]
    layout = style.axes_layout(
        360,
        from_zero("tonnes shipped, cheapest first (kt)"),
        from_zero("delivered cost (CNY/t)"),
        **_demand_line(demand),
    )
    return Picture(
        name,
        "Cost of supply, delivered, against demand",
        say(
            "Step curve of delivered cost. The dearest shipment is {origin} to {sink}, {amount} "
            "CNY/t.",
            origin=dearest.origin,
            sink=dearest.sink,
            amount=plain(dearest.cost_cny_per_t),
        ),
        traces,
        layout,
        "Each step is one shipment: its width the tonnes, its height what a tonne costs at the "
        "buyer's door (production, where it is priced, included).",
    )


def _demand_line(demand_kt: float) -> Plotly:
    """The part of a layout that marks domestic demand: an upright line and its label."""
    across = {"type": "line", "x0": demand_kt, "x1": demand_kt, "y0": 0, "y1": 1, "yref": "paper"}
    label = {
        "x": demand_kt, "y": 1, "yref": "paper", "showarrow": False, "xanchor": "right",
        "yanchor": "top", "xshift": -6, "text": say("domestic demand {kt} kt", kt=plain(demand_kt)),
        "font": {"color": style.ORANGE, "size": style.SMALL_PX},
    }  # fmt: skip
    look = {"line": {"color": style.ORANGE, "width": 2, "dash": "dash"}}
    return {"shapes": [across | look], "annotations": [label]}


def _steps(flows: pd.DataFrame, label: str, color: str) -> Plotly:
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
            say(
                "{origin} → {sink}: {kt} kt at {amount} CNY/t",
                origin=escape(row["origin"]),
                sink=escape(row["sink"]),
                kt=plain(row["ship_kt"]),
                amount=plain(row["cost_cny_per_t"]),
            )
        ] * 2
    dash = "solid" if label == "domestic" else "dot"
    return line(label, xs, ys, {"color": color, "dash": dash}, text=texts, hoverinfo="text")
