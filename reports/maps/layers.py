"""Layers of a map, which a reader can hide: the name of a layer stands in each of its traces."""

from __future__ import annotations

from reports.figures import style
from reports.figures.style import Plotly, escape
from reports.figures.traces import marks
from reports.language import say
from reports.maps.flow_lines import rounded
from reports.maps.region_data import Ground

BUILT = "projects built"
STAR = {"symbol": "star", "size": 15, "color": style.PURPLE}


def in_layer(trace: Plotly, layer: str) -> Plotly:
    """Return a trace of a layer."""
    return trace | {"meta": say(layer)}


def built_projects(ground: Ground) -> list[Plotly]:
    """Mark the projects that were chosen, where they stand; nothing where there are none."""
    opened = ground.result.figures.get("opened")
    if not isinstance(opened, list):
        return []
    origins = ground.result.case.origins
    nodes = dict(zip(origins["origin"], origins["node"], strict=True))
    sizes = dict(zip(origins["origin"], origins["supply_kt"], strict=True))
    found = [(name, ground.at[nodes[name]]) for name in opened if nodes.get(name) in ground.at]
    if not found:
        return []
    xs, ys = rounded(point for _, point in found)
    texts = [
        say("<b>{project}</b><br>built, {kt} kt", project=escape(name), kt=f"{sizes[name]:,.4g}")
        for name, _ in found
    ]
    look = STAR | {"line": {"color": style.BORDER, "width": 1.2}}
    return [in_layer(marks(xs, ys, look, texts, name=say(BUILT), showlegend=True), BUILT)]
