"""The regions of a map without a figure of their own: land on which lines are drawn."""

from __future__ import annotations

from collections.abc import Iterator

from reports.figures import style
from reports.figures.style import Plotly
from reports.maps.frame import area_trace
from reports.maps.outlines import projected
from reports.maps.region_data import Ground


def plain_regions(ground: Ground) -> Iterator[Plotly]:
    """Yield the outline of each region, all in one colour."""
    for rings in ground.outlines.regions.shapes.values():
        xs, ys = projected(rings, ground.outlines.regions.project)
        look = {"fill": "toself", "fillcolor": style.LAND}
        yield area_trace(xs, ys, look, style.BORDER, 1.0)
