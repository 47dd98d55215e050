"""The window of a map and what is drawn in it: areas, placed labels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, hypot

from reports.figures import style
from reports.figures.style import Plotly, escape
from reports.figures.traces import outline
from reports.maps.labels import Box, Placed
from reports.maps.projection import Point

MARGIN = 0.03  # of the frame, round what it holds
CLEAR_FROM_PX = 2.0  # labels keep clear of lines at least this wide
OBSTACLE_STEP_PX = 10
PORT: Plotly = {
    "symbol": "diamond", "color": style.TEAL, "line": {"color": style.BORDER, "width": 1}
}  # fmt: skip


@dataclass(frozen=True)
class Frame:
    """The window of a map: projected bounds and its size in pixels."""

    west: float
    south: float
    east: float
    north: float

    @property
    def height_px(self) -> float:
        """Height at the design width."""
        width, height = self.east - self.west, self.north - self.south
        return style.DESIGN_WIDTH_PX * height / width

    @property
    def unit_per_px(self) -> float:
        """Map units per pixel."""
        return (self.east - self.west) / style.DESIGN_WIDTH_PX

    def pixel(self, point: Point) -> Point:
        """Return where a projected point falls, pixels from the upper left."""
        return (point[0] - self.west) / self.unit_per_px, (self.north - point[1]) / self.unit_per_px

    def holds(self, point: Point) -> bool:
        """Tell whether a projected point lies inside."""
        return self.west <= point[0] <= self.east and self.south <= point[1] <= self.north

    def layout(self) -> Plotly:
        """Return the layout of a map that fills its frame."""
        hidden = {"visible": False, "fixedrange": True, "zeroline": False, "showgrid": False}
        return style.base_layout(
            self.height_px,
            margin={"l": 0, "r": 0, "t": 0, "b": 0, "autoexpand": False},
            plot_bgcolor=style.WATER,
            hovermode="closest",
            xaxis={**hidden, "range": [self.west, self.east]},
            yaxis={**hidden, "range": [self.south, self.north], "scaleanchor": "x"},
            legend={
                "x": 0.01,
                "y": 0.01,
                "xanchor": "left",
                "yanchor": "bottom",
                "bgcolor": style.WATER,
                "bordercolor": style.GRID,
                "borderwidth": 1,
                "font": {"size": style.SMALL_PX},
                "tracegroupgap": 4,
                "itemclick": False,
                "itemdoubleclick": False,
            },
        )


def frame_around(points: Iterable[Point]) -> Frame:
    """Return the frame that holds projected points with a margin."""
    xs, ys = zip(*points, strict=True)
    edge = MARGIN * max(max(xs) - min(xs), max(ys) - min(ys))
    return Frame(min(xs) - edge, min(ys) - edge, max(xs) + edge, max(ys) + edge)


def obstacles(traces: Sequence[Plotly], frame: Frame) -> list[Box]:
    """Return boxes along the wider lines of a map, for labels to keep clear of."""
    boxes = []
    for trace in traces:
        width = trace["line"]["width"] if trace["mode"] == "lines" else 0.0
        if width < CLEAR_FROM_PX:
            continue
        half = width / 2
        points = [frame.pixel(point) for point in zip(trace["x"], trace["y"], strict=True)]
        for (x0, y0), (x1, y1) in pairwise(points):
            steps = ceil(hypot(x1 - x0, y1 - y0) / OBSTACLE_STEP_PX) or 1
            for step in range(steps):
                x, y = x0 + (x1 - x0) * step / steps, y0 + (y1 - y0) * step / steps
                boxes.append(Box(x - half, y - half, x + half, y + half))
    return boxes


def area_trace(
    xs: list[float | None], ys: list[float | None], look: Plotly, edge: str, width: float
) -> Plotly:
    """Return an area of a map; `look` fills it, `edge` colours its outline."""
    return outline(xs, ys, {"color": edge, "width": width}, **look)


def annotation(placed: Placed, frame: Frame, color: str) -> Plotly:
    """Return a placed label as plotly writes it, bold first line, with a leader if far off."""
    label = placed.label
    first, *rest = (escape(line) for line in label.lines)
    text = "<br>".join([f"<b>{first}</b>" if rest else first, *rest])
    x, y = frame.west + label.x * frame.unit_per_px, frame.north - label.y * frame.unit_per_px
    common = {
        "x": round(x, 4),
        "y": round(y, 4),
        "text": text,
        "align": "center",
        "font": {"size": label.size, "color": color, "shadow": SHADOW},
    }
    if placed.has_leader:
        return common | {
            "showarrow": True,
            "arrowhead": 0,
            "arrowwidth": 0.8,
            "arrowcolor": style.MUTED,
            "ax": round(placed.dx, 1),
            "ay": round(placed.dy, 1),
            "borderpad": 0,
            "standoff": 4,
        }
    return common | {
        "showarrow": False,
        "xshift": round(placed.dx, 1),
        "yshift": round(-placed.dy, 1),
    }


# A halo in the colour of the ground keeps labels readable over lines.
SHADOW = ", ".join(
    f"{x}px {y}px 1px {style.WATER}" for x in (-1, 0, 1) for y in (-1, 0, 1) if (x, y) != (0, 0)
)
