"""Flows on a map of regions: bands side by side, as wide as their tonnes, with arrows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import cycle
from typing import TYPE_CHECKING

from model.result.deliveries import is_own
from model.result.routes import RouteStep
from reports.figures import style
from reports.figures.style import Plotly, escape
from reports.figures.traces import marks, outline
from reports.language import say
from reports.language.numbers import plain
from reports.maps.flow_lines import (
    Load,
    chart,
    crossing,
    line_trace,
    loads,
    middle,
    rounded,
    sideways,
    width_px,
)
from reports.maps.projection import Point
from reports.maps.region_data import Ground

if TYPE_CHECKING:
    from model.result.allocation import Allocation

WIDEST_PX = 15.0
GAP_PX = 1.0  # between bands on one stretch
WIDE_PX = 7.0  # a line this wide has its arrow inside
ARROW_PX = 7.0  # of a thinner line
MOST_BANDS = 400  # more of them cover the map
KINDS = {False: "domestic", True: "exports"}
"""What a band of the case's own commodity is called, by whether it is exported."""


@dataclass(frozen=True)
class FlowBand:
    """What goes over one stretch in one direction: domestic, exports, or an input by name."""

    step: RouteStep
    kind: str
    color: str
    load: Load

    @property
    def ends(self) -> tuple[str, str]:
        """Both nodes in order of name: the same for both directions."""
        first, second = sorted((self.step.start, self.step.end))
        return first, second

    def text(self) -> str:
        """Say what goes here, for plotly's hover text."""
        start, end, mode = (escape(word) for word in vars(self.step).values())
        what = "" if self.kind in KINDS.values() else f"{escape(self.kind)}, "
        text = "<b>{start} → {end}</b>, {what}{mode}: {kt} kt<br>{largest}"
        load = {"kt": plain(self.load.kt), "largest": self.load.largest()}
        return say(text, start=start, end=end, what=what, mode=mode, **load)


def flow_bands_of(ground: Ground) -> list[FlowBand]:
    """Return the bands of flows between regions that are in the window, in order of name."""
    case, flows = ground.result.case, ground.result.flows
    found = (
        FlowBand(step, KINDS[is_export], style.TEAL if is_export else style.INK, load)
        for (step, is_export), load in loads(case, crossing(case, flows)).items()
    )
    return in_window(ground, found)


def input_bands_of(ground: Ground) -> list[FlowBand]:
    """Return the bands of inputs that are in the window, in order of name."""
    case, flows = ground.result.case, ground.result.flows
    inputs = flows[~is_own(case, flows)]
    colors = dict(zip(sorted(inputs["commodity"].unique()), cycle(style.SERIES), strict=False))
    found = (
        FlowBand(step, commodity, color, load)
        for commodity, color in colors.items()
        for (step, _), load in loads(case, inputs[inputs["commodity"] == commodity]).items()
    )
    return in_window(ground, found)


def in_window(ground: Ground, bands: Iterable[FlowBand]) -> list[FlowBand]:
    """Return the bands that are in the window of a map, in order of name."""
    found = [
        band
        for band in bands
        if all(node in ground.at for node in (band.step.start, band.step.end))
        and any(ground.frame.holds(ground.at[node]) for node in (band.step.start, band.step.end))
    ]
    return sorted(found, key=lambda s: (s.ends, s.kind, s.step.start, s.step.mode))


def largest_bands(bands: list[FlowBand]) -> tuple[list[FlowBand], str]:
    """Return the bands that a map can show, in their order, and a sentence on the rest."""
    if len(bands) <= MOST_BANDS:
        return bands, ""
    least_kt = sorted((band.load.kt for band in bands), reverse=True)[MOST_BANDS - 1]
    shown = [band for band in bands if band.load.kt >= least_kt]
    return shown, say(
        "The thinnest, {thin} of {count} lines, each of less than {kt} kt, are not drawn. ",
        thin=plain(len(bands) - len(shown), 0),
        count=plain(len(bands), 0),
        kt=plain(least_kt),
    )


def band_traces(ground: Ground, bands: list[FlowBand]) -> list[Plotly]:
    """Return the lines of all bands, and a trace of arrows for each kind, which is a layer."""
    dashes = mode_dashes(ground.result, (band.step for band in bands))
    drawn = list(_drawn(ground, bands))
    lines = [
        line_trace(
            line, width, band.color, dashes[band.step.mode], opacity=0.78, meta=say(band.kind)
        )
        for band, line, width in drawn
    ]
    kinds = sorted({band.kind for band in bands})
    return lines + [
        _arrows([each for each in drawn if each[0].kind == kind]) | {"meta": say(kind)}
        for kind in kinds
    ]


def band_legend(ground: Ground, bands: list[FlowBand]) -> list[Plotly]:
    """Return the legend's entries: a line for each kind of flow and mode."""
    dashes = mode_dashes(ground.result, (band.step for band in bands))
    kinds = {(band.kind, band.step.mode): band.color for band in bands}
    return [
        outline(
            [None],
            [None],
            {"color": color, "width": 3, "dash": dashes[mode]},
            showlegend=True,
            name=say("{kind}, {mode}", kind=escape(kind), mode=say(mode.replace("_", " "))),
            meta=say(kind),
        )
        for (kind, mode), color in sorted(kinds.items())
    ]


def mode_dashes(result: Allocation, steps: Iterable[RouteStep]) -> dict[str, str]:
    """Give each mode a kind of line: the sea dashes, the first land mode a solid line."""
    sea: set[str] = set()
    land: set[str] = set()
    for step in steps:
        (sea if step.is_sea else land).add(step.mode)
    order = [mode for mode in result.case.modes["mode"] if mode in land]
    order += sorted(land - set(order))
    land_dashes = {mode: style.DASHES[i % len(style.DASHES)] for i, mode in enumerate(order)}
    return land_dashes | dict.fromkeys(sorted(sea), style.SEA_DASH)


def _drawn(ground: Ground, bands: list[FlowBand]) -> Iterator[tuple[FlowBand, list[Point], float]]:
    """Yield each band with its line and width; those between the same nodes side by side."""
    course, project = chart(ground.result.case).course, ground.outlines.regions.project
    beside: dict[tuple[str, str], list[FlowBand]] = {}
    for band in bands:
        beside.setdefault(band.ends, []).append(band)
    for ends, group in beside.items():
        widths = [width_px(s.load.kt, ground.scales.largest_kt, WIDEST_PX) for s in group]
        offset = -(sum(widths) + GAP_PX * (len(widths) - 1)) / 2
        for band, width in zip(group, widths, strict=True):
            line = [project(*point) for point in course(band.step)]
            side = 1 if band.step.start == ends[0] else -1
            shift = side * (offset + width / 2) * ground.frame.unit_per_px
            offset += width + GAP_PX
            yield band, sideways(line, shift if len(group) > 1 else 0.0), width


def _arrows(drawn: list[tuple[FlowBand, list[Point], float]]) -> Plotly:
    """Mark the direction half-way along each line: light inside a wide one."""
    middles = [middle(line) for _, line, _ in drawn]
    xs, ys = rounded(point for point, _ in middles)
    sizes = [width * 0.8 if width >= WIDE_PX else ARROW_PX for *_, width in drawn]
    marker = {
        "symbol": "triangle-up",
        "angle": [round(bearing, 1) for _, bearing in middles],
        "size": [round(size, 1) for size in sizes],
        "color": [style.BORDER if width >= WIDE_PX else band.color for band, _, width in drawn],
        "line": {"width": 0},
    }
    return marks(xs, ys, marker, [band.text() for band, *_ in drawn], showlegend=False)
