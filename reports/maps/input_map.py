"""The map of inputs: where they come from, and what takes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from reports.figures import style
from reports.figures.style import Picture, Plotly, escape
from reports.figures.traces import marks
from reports.language import named, say
from reports.language.numbers import listed, plain
from reports.maps.flow_bands import (
    FlowBand,
    band_legend,
    band_traces,
    input_bands_of,
    largest_bands,
)
from reports.maps.flow_lines import end_nodes, rounded
from reports.maps.frame import annotation, obstacles
from reports.maps.labels import Box, Label, place
from reports.maps.outlines import Outlines
from reports.maps.projection import Point
from reports.maps.region_data import Ground, Scales
from reports.maps.region_map import surroundings
from reports.maps.region_shapes import plain_regions

if TYPE_CHECKING:
    from model.result.allocation import Allocation


def input_map(result: Allocation, outlines: Outlines) -> Picture | None:
    """Draw what goes to plants and depots as an input; nothing where no such line is on the map."""
    widest = Ground(result, outlines, Scales([], 0.0))
    bands, left_out = largest_bands(input_bands_of(widest))
    if not bands:
        return None
    ground = Ground(result, outlines, Scales([], max(band.load.kt for band in bands)))
    lines = band_traces(ground, bands)
    sources = _sources(ground, bands)
    traces = [surroundings(ground), *plain_regions(ground), *lines, _marks(sources)]
    layout = ground.frame.layout()
    layout["annotations"] = list(_labels(ground, sources, obstacles(lines, ground.frame)))
    layout["showlegend"] = True
    kinds = sorted({band.kind for band in bands})
    return Picture(
        "input-map",
        "Where inputs come from, and where they go",
        say("Map of {inputs}. ", inputs=listed(kinds)) + _told(sources),
        [*traces, *band_legend(ground, bands)],
        layout,
        say(
            "Lines are as wide as the tonnes on them; a colour for each input; squares: sources, "
            "with kt a year. {left_out}Point at an arrow for who takes what.",
            left_out=left_out,
        ),
        is_map=True,
    )


def _sources(ground: Ground, bands: list[FlowBand]) -> dict[str, tuple[Point, float]]:
    """Where each source in the window stands, and what it sends, largest first."""
    flows, at_origin = ground.result.flows, end_nodes(ground.result.case)[0]
    kinds = {band.kind for band in bands}
    sent = flows[flows["commodity"].isin(kinds)].groupby("origin")["ship_kt"].sum()
    points = {origin: ground.at.get(at_origin.get(origin, "")) for origin in map(str, sent.index)}
    found = {
        origin: (point, float(kt))
        for (origin, point), kt in zip(points.items(), sent, strict=True)
        if point is not None and ground.frame.holds(point)
    }
    return dict(sorted(found.items(), key=lambda item: (-item[1][1], item[0])))


def _marks(sources: dict[str, tuple[Point, float]]) -> Plotly:
    xs, ys = rounded(point for point, _ in sources.values()) if sources else ([], [])
    look = {"symbol": "square", "size": 8, "color": style.INK}
    edge = {"line": {"color": style.BORDER, "width": 1}}
    texts = [
        say("<b>{place}</b><br>{kt} kt", place=escape(name), kt=plain(kt))
        for name, (_, kt) in sources.items()
    ]
    return marks(xs, ys, look | edge, texts, showlegend=False)


def _labels(
    ground: Ground, sources: dict[str, tuple[Point, float]], busy: list[Box]
) -> Iterator[Plotly]:
    labels = [
        Label((named(name), plain(kt)), *ground.frame.pixel(point), is_dispensable=True)
        for name, (point, kt) in sources.items()
    ]
    window = Box(2, 2, style.DESIGN_WIDTH_PX - 2, ground.frame.height_px - 2)
    for item in place(labels, window, busy):
        yield annotation(item, ground.frame, style.INK)


def _told(sources: dict[str, tuple[Point, float]]) -> str:
    top = [
        say("{what} {kt} kt", what=name, kt=plain(kt))
        for name, (_, kt) in list(sources.items())[:4]
    ]
    return say("Largest sources: {sources}.", sources=listed(top)) if top else ""
