"""The map of exports: ports, sea lanes, receiving places. Its centre is the outline file's."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from math import hypot
from typing import TYPE_CHECKING

from model.result.deliveries import is_own
from model.result.routes import route_steps
from reports.figures import style
from reports.figures.style import Picture, Plotly, escape
from reports.figures.traces import marks
from reports.frames import export_sinks
from reports.language import say
from reports.language.catalogue import local_names
from reports.language.names import titled
from reports.language.numbers import listed, plain
from reports.maps.flow_lines import (
    Chart,
    chart,
    end_nodes,
    line_trace,
    loads,
    middle,
    rounded,
    unbroken,
    width_px,
)
from reports.maps.frame import PORT, Frame, annotation, area_trace, frame_around, obstacles
from reports.maps.labels import Box, Label, place
from reports.maps.outlines import Outlines, cut_at_edge, projected
from reports.maps.projection import Point, Projection, wrap

if TYPE_CHECKING:
    import pandas as pd

    from model.result.allocation import Allocation

WIDEST_PX = 11.0
ARROW_FROM_PX = 70  # shorter lines carry no arrow
SOUTH, NORTH = -56.0, 80.0  # latitudes shown at most
ROOM = 14.0  # degrees beyond the outermost line


def world_map(result: Allocation, outlines: Outlines, name: str = "world-map") -> Picture | None:
    """Draw exports, and supply from abroad, along the sea; nothing when there are none."""
    flows = foreign_flows(result)
    map_of = chart(result.case)
    known = map_of.at
    ways = _ways(result, flows, map_of)
    if not ways:
        return None
    world = outlines.world
    centre, project = world.centre_lon, world.project
    lats = [lat for piece in ways for _, lat in piece]
    frame = _frame(centre, project, min(lats) - ROOM, max(lats) + ROOM)
    largest = max(ways.values())
    traces = [_land(outlines, frame, centre)]
    lanes = _lanes(ways, largest, project, centre, frame)
    traces += lanes
    received = flows.groupby("sink")["ship_kt"].sum()
    at_sink = end_nodes(result.case)[1]
    landing = {
        sink: (_onto(known[at_sink[sink]], project, centre), float(kt))
        for sink, kt in zip(map(str, received.index), received, strict=True)
        if at_sink.get(sink) in known
    }
    leaving = _ports(result, flows, known)
    traces += [_landings(landing), _departures(leaving, project, centre)]
    layout = frame.layout()
    layout["showlegend"] = False
    layout["annotations"] = _labels(result, landing, frame, obstacles(lanes, frame))
    top = [
        say("{what} {kt} kt", what=sink, kt=plain(kt)) for sink, (_, kt) in _by_size(landing)[:3]
    ]
    alt = "World map of shipments to export markets, {kt} kt in all."
    return Picture(
        name,
        "Exports along sea and land routes",
        say(alt, kt=plain(float(received.sum())))
        + (say(" Largest markets: {markets}.", markets=listed(top)) if top else ""),
        traces,
        layout,
        "Lines are as wide as the tonnes on them; ships are drawn along known sea lanes, not along "
        "the exact way by which their kilometres were computed. Diamonds: where exports leave; "
        "circles: where they are received.",
        is_map=True,
    )


def foreign_flows(result: Allocation) -> pd.DataFrame:
    """Return the flows of the case's own commodity to an export sink or from abroad."""
    origins = result.case.origins
    abroad = set(origins["origin"][origins["kind"] == "abroad"])
    flows = result.flows[is_own(result.case, result.flows)]
    return flows[flows["sink"].isin(export_sinks(result.case)) | flows["origin"].isin(abroad)]


def _ways(
    result: Allocation, flows: pd.DataFrame, map_of: Chart
) -> dict[tuple[Point, Point], float]:
    """Add up tonnes on every piece of line, from point to point in degrees."""
    tonnes: dict[tuple[Point, Point], float] = defaultdict(float)
    for (step, _), load in loads(result.case, flows).items():
        if map_of.has(step):
            for piece in pairwise(map_of.course(step)):
                tonnes[piece] += load.kt
    return dict(tonnes)


def _frame(centre: float, project: Projection, south: float, north: float) -> Frame:
    """Return the frame of the latitudes in use, over all meridians."""
    lats = (max(SOUTH, south), 0.0, min(NORTH, north))
    return frame_around(project(centre + dx, lat) for dx in (-180, 0, 180) for lat in lats)


def _onto(point: Point, project: Projection, centre: float) -> Point:
    return project(wrap(point[0], centre), point[1])


def _land(outlines: Outlines, frame: Frame, centre: float) -> Plotly:
    rings = [
        part
        for rings in outlines.world.shapes.values()
        for ring in rings
        for part in cut_at_edge(ring, centre)
    ]
    xs, ys = projected(rings, outlines.world.project)
    look = {"fill": "toself", "fillcolor": style.LAND}
    return area_trace(xs, ys, look, style.BORDER, 0.5)


def _lanes(
    ways: dict[tuple[Point, Point], float],
    largest: float,
    project: Projection,
    centre: float,
    frame: Frame,
) -> list[Plotly]:
    traces = []
    arrows: list[tuple[Point, float, float, str]] = []
    for line, kt in unbroken(ways):
        width = width_px(kt, largest, WIDEST_PX)
        for part in _split_at_edge(line, centre):
            drawn = [project(*point) for point in part]
            traces.append(line_trace(drawn, width, style.TEAL, "solid", opacity=0.85))
            if _length(drawn) > ARROW_FROM_PX * frame.unit_per_px:
                arrows.append((*middle(drawn), max(6.0, width), say("{kt} kt", kt=plain(kt))))
    if arrows:
        xs, ys = rounded(point for point, *_ in arrows)
        marker = {
            "symbol": "triangle-up",
            "angle": [round(bearing, 1) for _, bearing, *_ in arrows],
            "size": [size for _, _, size, _ in arrows],
            "color": style.TEAL,
            "line": {"color": style.BORDER, "width": 0.8},
        }
        traces.append(marks(xs, ys, marker, [text for *_, text in arrows]))
    return traces


def _split_at_edge(line: list[Point], centre: float) -> list[list[Point]]:
    """Wrap a line's meridians; where it leaves the map on one side, go on from the other."""
    parts: list[list[Point]] = [[]]
    for lon, lat in line:
        point = (wrap(lon, centre), lat)
        if parts[-1] and abs(point[0] - parts[-1][-1][0]) > 180:
            before = parts[-1][-1]
            side = 180.0 if before[0] > centre else -180.0
            gap = abs(before[0] - centre - side)
            rest = abs(point[0] - centre + side)
            edge_lat = before[1] + (lat - before[1]) * gap / ((gap + rest) or 1.0)
            parts[-1].append((centre + side, edge_lat))
            parts.append([(centre - side, edge_lat)])
        parts[-1].append(point)
    return [part for part in parts if len(part) > 1]


def _length(line: list[Point]) -> float:
    return sum(hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(line))


def _by_size(landing: dict[str, tuple[Point, float]]) -> list[tuple[str, tuple[Point, float]]]:
    return sorted(landing.items(), key=lambda item: (-item[1][1], item[0]))


def _ports(
    result: Allocation, flows: pd.DataFrame, known: dict[str, Point]
) -> dict[str, tuple[Point, float]]:
    """Return where ships are boarded, with the tonnes."""
    tonnes: dict[str, float] = defaultdict(float)
    for route, kt in zip(flows["route"], flows["ship_kt"], strict=True):
        boarded = next((step.start for step in route_steps(route) if step.is_sea), None)
        if boarded in known:
            tonnes[boarded] += float(kt)
    return {port: (known[port], kt) for port, kt in sorted(tonnes.items())}


def _landings(landing: dict[str, tuple[Point, float]]) -> Plotly:
    ranked = _by_size(landing)
    largest = ranked[0][1][1] if ranked else 1.0
    xs, ys = rounded(point for _, (point, _) in ranked) if ranked else ([], [])
    marker = {
        "size": [round(6 + 18 * (kt / largest) ** 0.5, 1) for _, (_, kt) in ranked],
        "color": style.BLUE,
        "opacity": 0.85,
        "line": {"color": style.BORDER, "width": 1},
    }
    texts = [
        say("<b>{place}</b><br>{kt} kt", place=escape(sink), kt=plain(kt))
        for sink, (_, kt) in ranked
    ]
    return marks(xs, ys, marker, texts)


def _departures(
    leaving: dict[str, tuple[Point, float]], project: Projection, centre: float
) -> Plotly:
    points = [_onto(point, project, centre) for point, _ in leaving.values()]
    xs, ys = rounded(points) if points else ([], [])
    texts = [
        say("<b>{place}</b><br>{kt} kt leave here", place=escape(port), kt=plain(kt))
        for port, (_, kt) in leaving.items()
    ]
    return marks(xs, ys, PORT | {"size": 7}, texts)


def _labels(
    result: Allocation, landing: dict[str, tuple[Point, float]], frame: Frame, busy: list[Box]
) -> list[Plotly]:
    local = local_names(result.case)
    labels = [
        Label(
            (titled(sink, local.get(sink, "")), say("{kt} kt", kt=plain(kt))),
            *frame.pixel(point),
        )
        for sink, (point, kt) in _by_size(landing)
    ]
    window = Box(2, 2, style.DESIGN_WIDTH_PX - 2, frame.height_px - 2)
    return [annotation(item, frame, style.INK) for item in place(labels, window, busy)]
