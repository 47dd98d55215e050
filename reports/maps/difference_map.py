"""The map of what one run ships more, and less, than another, stretch by stretch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.figures import style
from reports.figures.style import Picture, Plotly
from reports.figures.traces import outline
from reports.language import say
from reports.language.numbers import listed, plain
from reports.maps.flow_bands import FlowBand, band_traces, in_window, largest_bands
from reports.maps.flow_lines import Load, crossing, loads
from reports.maps.frame import obstacles
from reports.maps.outlines import Outlines
from reports.maps.region_data import Ground, Scales
from reports.maps.region_labels import region_labels
from reports.maps.region_map import surroundings
from reports.maps.region_shapes import plain_regions

if TYPE_CHECKING:
    from model.result.allocation import Allocation
    from model.result.routes import RouteStep

LEAST_KT = 1e-3
MORE, LESS = "more", "less"
LOOKS = {MORE: (style.BLUE, "solid"), LESS: (style.ORANGE, "4px,3px")}
"""Colour and line of what goes up and down: apart in grey print too."""


def difference_map(
    before: Allocation, after: Allocation, labels: tuple[str, str], outlines: Outlines, name: str
) -> Picture | None:
    """Draw where `after` ships more and less than `before`; nothing where no stretch differs.

    Parameters
    ----------
    labels : of both runs, in that order
    """
    ground = Ground(after, outlines, Scales([], 0.0))
    if not ground.at:
        return None
    bands, left_out = largest_bands(in_window(ground, _bands(before, after)))
    if not bands:
        return None
    ground = Ground(after, outlines, Scales([], max(band.load.kt for band in bands)))
    lines = [_dashed(trace) for trace in band_traces(ground, bands)]
    layout = ground.frame.layout()
    layout["showlegend"] = True
    layout["annotations"] = region_labels(ground, obstacles(lines, ground.frame))
    return Picture(
        name,
        say(
            "What “{after}” ships more and less than “{before}”", before=labels[0], after=labels[1]
        ),
        _alt(bands),
        [surroundings(ground), *plain_regions(ground), *lines, *_legend(bands)],
        layout,
        say(
            "Lines are as wide as the difference in tonnes, domestic and exports together; figures "
            "beside the names are the balances of “{after}”, kt. {left_out}",
            after=labels[1],
            left_out=left_out,
        ).strip(),
        is_map=True,
    )


def _bands(before: Allocation, after: Allocation) -> list[FlowBand]:
    """What goes up or down on every stretch."""
    first, second = _pairs(before), _pairs(after)
    found = []
    for step in sorted({*first, *second}, key=lambda each: (each.start, each.end, each.mode)):
        old, new = first.get(step, {}), second.get(step, {})
        change = sum(new.values()) - sum(old.values())
        if abs(change) < LEAST_KT:
            continue
        kind = MORE if change > 0 else LESS
        pairs = {
            pair: abs(new.get(pair, 0.0) - old.get(pair, 0.0))
            for pair in {*old, *new}
            if (new.get(pair, 0.0) - old.get(pair, 0.0)) * change > 0
        }
        found.append(FlowBand(step, kind, LOOKS[kind][0], Load(abs(change), pairs)))
    return found


def _pairs(run: Allocation) -> dict[RouteStep, dict[tuple[str, str], float]]:
    """Tonnes over each stretch by origin and sink."""
    found: dict[RouteStep, dict[tuple[str, str], float]] = {}
    for (step, _), load in loads(run.case, crossing(run.case, run.flows)).items():
        here = found.setdefault(step, {})
        for pair, kt in load.pairs.items():
            here[pair] = here.get(pair, 0.0) + kt
    return found


def _dashed(trace: Plotly) -> Plotly:
    """Give a line the dashes of its kind in place of those of its mode."""
    dash = {say(kind): look[1] for kind, look in LOOKS.items()}.get(trace.get("meta", ""))
    return trace | {"line": trace["line"] | {"dash": dash}} if trace["mode"] == "lines" else trace


def _legend(bands: list[FlowBand]) -> list[Plotly]:
    kinds = {band.kind for band in bands}
    return [
        outline(
            [None],
            [None],
            {"color": color, "width": 3, "dash": dash},
            showlegend=True,
            name=say(kind),
            meta=say(kind),
        )
        for kind, (color, dash) in LOOKS.items()
        if kind in kinds
    ]


def _alt(bands: list[FlowBand]) -> str:
    largest = sorted(bands, key=lambda band: -band.load.kt)[:4]
    words = [
        say(
            "{start} to {end} {kt} kt {kind}",
            start=band.step.start,
            end=band.step.end,
            kt=plain(band.load.kt),
            kind=say(band.kind),
        )
        for band in largest
    ]
    return say("Map of differences in flows. The largest: {changes}.", changes=listed(words))
