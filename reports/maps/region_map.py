"""The map of regions: surplus and deficit, flows along their routes, hubs and ports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.figures import style
from reports.figures.style import Picture, Plotly, escape
from reports.figures.traces import marks
from reports.language import say
from reports.language.numbers import listed, plain
from reports.maps.flow_bands import band_legend, band_traces, flow_bands_of, largest_bands
from reports.maps.flow_lines import rounded
from reports.maps.frame import PORT, area_trace, obstacles
from reports.maps.layers import built_projects
from reports.maps.outlines import Outlines, projected
from reports.maps.region_data import Ground, Scales, scales_of
from reports.maps.region_labels import region_labels

if TYPE_CHECKING:
    from model.result.allocation import Allocation

HUB_PX, BUBBLE_PX = 7, 15


def region_map(
    result: Allocation, outlines: Outlines, name: str = "region-map", scales: Scales | None = None
) -> Picture | None:
    """Draw the regions of a case, or nothing when no outline or two places tell them apart.

    Colours tell the balance after exports; deficits are hatched as well.
    """
    ground = Ground(result, outlines, scales or scales_of([result]))
    is_small = ground.scales.is_small
    outlined = set(ground.balance) & set(outlines.regions.shapes)
    if not ground.at or not (outlined or len(ground.hubs) > 1):
        return None
    bands, left_out = largest_bands(flow_bands_of(ground))
    lines = band_traces(ground, bands)
    traces = [surroundings(ground), *_regions(ground), *lines, *_hubs(ground)]
    layout = ground.frame.layout()
    layout["annotations"] = region_labels(ground, obstacles(lines, ground.frame))
    layout["showlegend"] = not is_small
    if not is_small:
        traces += [
            *built_projects(ground),
            *_ports(ground),
            *_class_legend(ground.scales),
            *band_legend(ground, bands),
        ]
    return Picture(
        name,
        "Surplus and deficit by region, and what flows where",
        _alt(ground.balance),
        traces,
        layout,
        say(
            "Figures beside the names: supply − demand − exports, kt. Lines are as wide as the "
            "tonnes on them; arrows show the direction; point at one for who sends what. Shipments "
            "within a region are not drawn. {left_out}Outlines: {sources}; borders are shown "
            "differently in different places.",
            left_out=left_out,
            sources="; ".join(outlines.sources),
        ),
        is_map=True,
    )


def surroundings(ground: Ground) -> Plotly:
    """Return what lies round the regions of a map."""
    project = ground.outlines.regions.project
    rings = [
        ring
        for rings in ground.outlines.surroundings.shapes.values()
        for ring in rings
        if any(ground.frame.holds(project(*point)) for point in ring)
    ]
    xs, ys = projected(rings, project)
    return area_trace(xs, ys, {"fill": "toself", "fillcolor": style.AROUND}, style.GRID, 0.6)


def _regions(ground: Ground) -> list[Plotly]:
    traces = []
    for region, rings in sorted(ground.outlines.regions.shapes.items()):
        xs, ys = projected(rings, ground.outlines.regions.project)
        value = ground.balance.get(region)
        if value is None:
            text, look = say("{region}: no data", region=escape(region)), _fill(style.LAND)
        else:
            text = _told(region, value)
            look = _fill(ground.scales.shade(value), is_deficit=value < 0)
        trace = area_trace(xs, ys, look, style.BORDER, 1.0)
        traces.append(trace | {"hoveron": "fills", "hoverinfo": "text", "text": text})
    return traces


def _fill(color: str, *, is_deficit: bool = False) -> Plotly:
    """Return the fill of a region; a deficit is hatched as well."""
    lines = style.DEFICIT[1] if color == style.DEFICIT[0] else style.BORDER
    pattern = {"fillpattern": style.hatch("/", lines)} if is_deficit else {}
    return {"fill": "toself", "fillcolor": color, **pattern}


def _told(region: str, balance: float) -> str:
    return say(
        "<b>{region}</b><br>balance {kt} kt", region=escape(region), kt=plain(balance, signed=True)
    )


def _hubs(ground: Ground) -> list[Plotly]:
    """Mark where regions supply and take; one without an outline shows its balance here."""
    if not ground.hubs:
        return []
    xs, ys = rounded(ground.hubs.values())
    inside = [region in ground.outlines.regions.shapes for region in ground.hubs]
    shades = [ground.scales.shade(ground.balance[region]) for region in ground.hubs]
    marker = {
        "size": [HUB_PX if is_inside else BUBBLE_PX for is_inside in inside],
        "color": [
            style.BORDER if is_inside else color
            for is_inside, color in zip(inside, shades, strict=True)
        ],
        "line": {"color": style.INK, "width": 1.2},
    }
    texts = [_told(region, ground.balance[region]) for region in ground.hubs]
    return [marks(xs, ys, marker, texts, showlegend=False)]


def _ports(ground: Ground) -> list[Plotly]:
    if not ground.ports:
        return []
    xs, ys = rounded(ground.at[port] for port in ground.ports)
    texts = [escape(port) for port in ground.ports]
    return [marks(xs, ys, PORT | {"size": 8}, texts, name=say("port"), showlegend=True)]


def _class_legend(scales: Scales) -> list[Plotly]:
    entries = []
    for word, colors in (("surplus", style.SURPLUS), ("deficit", style.DEFICIT)):
        lower = 0.0
        for bound, color in zip(scales.bounds, colors, strict=True):
            bounds = {"low": style.bound_text(lower), "high": style.bound_text(bound)}
            text = say("{sign} {low}–{high} kt", sign=say(word), **bounds)
            look = _fill(color, is_deficit=word == "deficit")
            swatch = area_trace([None], [None], look, style.MUTED, 0.5)
            entries.append(swatch | {"name": text, "showlegend": True})
            lower = bound
    return entries


def _alt(balance: dict[str, float]) -> str:
    ranked = sorted(balance.items(), key=lambda item: item[1])
    named = [
        (value, say("{what} {kt} kt", what=name, kt=plain(value, signed=value > 0)))
        for name, value in ranked
    ]
    short = [text for value, text in named if value < 0][:4]
    spare = [text for value, text in named[::-1] if value > 0]
    text = say("Map of {count} regions with flows along their routes.", count=len(balance))
    if spare:
        text += say(" Largest surplus: {regions}.", regions=listed(spare[:3]))
    if short:
        text += say(" Largest deficits: {regions}.", regions=listed(short))
    return text
