"""The map of regions: surplus and deficit, flows along their routes, hubs and ports."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reports.figures import style
from reports.figures.flow_lines import (
    Load,
    Stretch,
    chart,
    crossing,
    line_trace,
    loads,
    middle,
    rounded,
    sideways,
    width_px,
)
from reports.figures.frame import Frame, annotation, area_trace, frame_around, obstacles
from reports.figures.labels import Box, Label, place
from reports.figures.outlines import Outlines, projected
from reports.figures.projection import Point
from reports.figures.style import Figure, escape
from reports.names import local_names
from reports.numbers import digits_for, listed, plain

if TYPE_CHECKING:
    from model.result import Result

WIDEST_PX = 15.0
GAP_PX = 1.0  # between strands on one stretch
WIDE_PX = 7.0  # a line this wide has its arrow inside


@dataclass(frozen=True)
class Scales:
    """What maps that stand side by side must share, and how large their labels are."""

    bounds: list[float]  # of the classes of balance, kt
    largest_kt: float  # the widest line
    is_small: bool = False


SMALL_TEXT = 1.9  # labels of small maps, so that they are readable at half the width


def scales_of(results: Sequence[Result], *, is_small: bool = False) -> Scales:
    """Return the scales that several results fit."""
    values = [value for result in results for value in balances(result).values()]
    carried = [
        load.kt for result in results
        for load in loads(result.case, crossing(result.case, result.flows)).values()
    ]  # fmt: skip
    return Scales(style.classes(values), max(carried, default=0.0), is_small)


def region_map(
    result: Result, outlines: Outlines, name: str = "region-map", scales: Scales | None = None
) -> Figure | None:
    """Draw the regions of a case, or nothing when none of them is on the outlines.

    Colours tell the balance after exports; deficits are hatched as well.
    """
    scales = scales or scales_of([result])
    project = outlines.regions.project
    at = {node: project(*point) for node, point in chart(result.case).at.items()}
    shapes = outlines.regions.shapes
    frame = frame_around(
        project(*point) for rings in shapes.values() for ring in rings for point in ring
    )
    hubs = {region: at[node] for region, node in region_nodes(result).items() if node in at}
    balance = balances(result)
    drawn = [region for region in balance if region in shapes or _inside(hubs.get(region), frame)]
    if not at or not drawn:
        return None
    traces = [_surroundings(outlines, frame), *_regions(outlines, balance, scales.bounds)]
    strands, strand_legend = _flows(result, at, frame, outlines, scales.largest_kt)
    traces += strands + _hubs(hubs, balance, scales.bounds, shapes)
    layout = frame.layout()
    if scales.is_small:
        layout["showlegend"] = False
    else:
        traces += _ports(result, at, frame) + _class_legend(scales.bounds) + strand_legend
    busy = obstacles(strands, frame)
    layout["annotations"] = _labels(
        result, outlines, hubs, balance, at, frame, busy, is_small=scales.is_small
    )
    if scales.is_small:
        title = result.scenario.title or result.scenario.name
        return Figure(name, title, _alt(balance), traces, layout, is_map=True)
    return Figure(
        name,
        "Surplus and deficit by region, and what flows where",
        _alt(balance),
        traces,
        layout,
        "Figures beside the names: supply − demand − exports, kt. Lines are as wide as the tonnes "
        "on them; arrows show the direction; point at one for who sends what. Shipments within a "
        "region are not drawn. Outlines: " + "; ".join(outlines.sources) + "; borders are shown "
        "differently in different places.",
        is_map=True,
    )


def region_nodes(result: Result) -> dict[str, str]:
    """Return the first node at which each region supplies or, failing that, takes."""
    case = result.case
    nodes: dict[str, str] = {}
    for table in (case.origins, case.sinks[case.sinks["kind"] != "export"]):
        for region, node in zip(table["region"], table["node"], strict=True):
            if node:
                nodes.setdefault(region, node)
    return nodes


def balances(result: Result) -> dict[str, float]:
    """Return the balance of each region, kt; markets left out."""
    rows = result.balance[result.balance["role"] == "region"]
    return dict(zip(rows["region"], rows["balance_kt"].fillna(0.0), strict=True))


def shade(value: float, bounds: list[float]) -> str:
    """Return the colour of a balance."""
    step = next((i for i, bound in enumerate(bounds) if abs(value) <= bound), len(bounds) - 1)
    if value == 0:
        return style.LAND
    return (style.SURPLUS if value > 0 else style.DEFICIT)[step]


def fill(color: str, *, is_deficit: bool) -> dict[str, Any]:
    """Return the fill of a region; a deficit is hatched as well."""
    pattern = {"fillpattern": style.hatch("/", style.BORDER)} if is_deficit else {}
    return {"fill": "toself", "fillcolor": color, **pattern}


def _inside(point: Point | None, frame: Frame) -> bool:
    return point is not None and frame.holds(point)


def _surroundings(outlines: Outlines, frame: Frame) -> dict[str, Any]:
    project = outlines.regions.project
    rings = [
        ring
        for rings in outlines.surroundings.shapes.values()
        for ring in rings
        if any(frame.holds(project(*point)) for point in ring)
    ]
    xs, ys = projected(rings, project)
    return area_trace(xs, ys, {"fill": "toself", "fillcolor": style.AROUND}, style.GRID, 0.6)


def _regions(
    outlines: Outlines, balance: dict[str, float], bounds: list[float]
) -> list[dict[str, Any]]:
    traces = []
    for region, rings in sorted(outlines.regions.shapes.items()):
        xs, ys = projected(rings, outlines.regions.project)
        value = balance.get(region)
        if value is None:
            text, look = f"{escape(region)}: no data", fill(style.LAND, is_deficit=False)
        else:
            text = f"<b>{escape(region)}</b><br>balance {plain(value, signed=True)} kt"
            look = fill(shade(value, bounds), is_deficit=value < 0)
        trace = area_trace(xs, ys, look, style.BORDER, 1.0)
        traces.append(trace | {"hoveron": "fills", "hoverinfo": "text", "text": text})
    return traces


def _flows(
    result: Result, at: dict[str, Point], frame: Frame, outlines: Outlines, largest: float
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the lines of flows with their arrows, and the legend's entries for them."""
    project = outlines.regions.project
    map_of = chart(result.case)
    found = {
        key: load
        for key, load in loads(result.case, crossing(result.case, result.flows)).items()
        if key[0].start in at and key[0].end in at
        and (frame.holds(at[key[0].start]) or frame.holds(at[key[0].end]))
    }  # fmt: skip
    dashes = mode_dashes(result, (step for step, _ in found))
    traces: list[dict[str, Any]] = []
    arrows: list[tuple[Point, float, float, str, str]] = []
    for strands in _side_by_side(found).values():
        widths = [width_px(load.kt, largest, WIDEST_PX) for _, load in strands]
        offset = -(sum(widths) + GAP_PX * (len(widths) - 1)) / 2
        first = strands[0][0][0]
        for ((step, is_export), load), width in zip(strands, widths, strict=True):
            line = [project(*point) for point in map_of.course(step)]
            side = 1 if (step.start, step.end) == (first.start, first.end) else -1
            shift = side * (offset + width / 2) * frame.unit_per_px
            offset += width + GAP_PX
            line = sideways(line, shift if len(strands) > 1 else 0.0)
            color = style.TEAL if is_export else style.INK
            traces.append(line_trace(line, width, color, dashes[step.mode], opacity=0.78))
            point, bearing = middle(line)
            text = (
                f"<b>{escape(step.start)} → {escape(step.end)}</b>, {escape(step.mode)}: "
                f"{plain(load.kt)} kt<br>{load.largest()}"
            )
            arrows.append((point, bearing, *arrow_look(width, color), text))
    if arrows:
        traces.append(_arrows(arrows))
    return traces, _strand_legend(found, dashes)


def _side_by_side(
    found: dict[tuple[Stretch, bool], Load],
) -> dict[tuple[str, ...], list[tuple[tuple[Stretch, bool], Load]]]:
    """Gather the strands between the same two nodes."""
    gathered: dict[tuple[str, ...], list[tuple[tuple[Stretch, bool], Load]]] = {}
    for key, load in sorted(
        found.items(), key=lambda item: (item[0][1], *vars(item[0][0]).values())
    ):
        ends = tuple(sorted((key[0].start, key[0].end)))
        gathered.setdefault(ends, []).append((key, load))
    return gathered


def mode_dashes(result: Result, steps: Iterable[Stretch]) -> dict[str, str]:
    """Give each mode a kind of line: the sea dashes, the first land mode a solid line."""
    sea: set[str] = set()
    land: set[str] = set()
    for step in steps:
        (sea if step.is_sea else land).add(step.mode)
    order = [mode for mode in result.case.modes["mode"] if mode in land]
    order += sorted(land - set(order))
    land_dashes = {mode: style.DASHES[i % len(style.DASHES)] for i, mode in enumerate(order)}
    return land_dashes | dict.fromkeys(sorted(sea), style.SEA_DASH)


def arrow_look(width: float, color: str) -> tuple[float, str]:
    """Return size and colour of an arrow: light inside a wide line, larger than a thin one."""
    return (round(width * 0.8, 1), style.BORDER) if width >= WIDE_PX else (7.0, color)


def _arrows(arrows: list[tuple[Point, float, float, str, str]]) -> dict[str, Any]:
    xs, ys = rounded(point for point, *_ in arrows)
    return {
        "type": "scatter", "mode": "markers", "x": xs, "y": ys, "showlegend": False,
        "marker": {
            "symbol": "triangle-up", "angle": [round(bearing, 1) for _, bearing, *_ in arrows],
            "size": [size for _, _, size, *_ in arrows],
            "color": [color for *_, color, _ in arrows],
            "line": {"width": 0},
        },
        "text": [text for *_, text in arrows], "hoverinfo": "text",
    }  # fmt: skip


def _hubs(
    hubs: dict[str, Point], balance: dict[str, float], bounds: list[float], shapes: Any
) -> list[dict[str, Any]]:
    """Mark where regions supply and take; one without an outline shows its balance here."""
    known = [(region, point) for region, point in hubs.items() if region in balance]
    if not known:
        return []
    xs, ys = rounded(point for _, point in known)
    inside = [region in shapes for region, _ in known]
    return [{
        "type": "scatter", "mode": "markers", "x": xs, "y": ys, "showlegend": False,
        "marker": {
            "size": [7 if is_in else 15 for is_in in inside],
            "color": [
                style.BORDER if is_in else shade(balance[region], bounds)
                for (region, _), is_in in zip(known, inside, strict=True)
            ],
            "line": {"color": style.INK, "width": 1.2},
        },
        "hoverinfo": "text",
        "text": [
            f"<b>{escape(region)}</b><br>balance {plain(balance[region], signed=True)} kt"
            for region, _ in known
        ],
    }]  # fmt: skip


def used_nodes(result: Result, kind: str) -> list[str]:
    """Return the nodes of a kind over which something goes, in order of name."""
    nodes = result.case.nodes
    of_kind = set(nodes["node"][nodes["kind"] == kind])
    steps = (step for step, _ in loads(result.case, result.flows))
    touched = {node for step in steps for node in (step.start, step.end)}
    return sorted(of_kind & touched)


def _ports(result: Result, at: dict[str, Point], frame: Frame) -> list[dict[str, Any]]:
    ports = [n for n in used_nodes(result, "port") if n in at and frame.holds(at[n])]
    if not ports:
        return []
    xs, ys = rounded(at[port] for port in ports)
    return [{
        "type": "scatter", "mode": "markers", "x": xs, "y": ys, "name": "port", "showlegend": True,
        "marker": {"symbol": "diamond", "size": 8, "color": style.TEAL,
                   "line": {"color": style.BORDER, "width": 1}},
        "text": [escape(port) for port in ports], "hoverinfo": "text",
    }]  # fmt: skip


def _labels(
    result: Result, outlines: Outlines, hubs: dict[str, Point], balance: dict[str, float],
    at: dict[str, Point], frame: Frame, busy: list[Box], *, is_small: bool,
) -> list[dict[str, Any]]:  # fmt: skip
    local = local_names(result.case)
    digits = digits_for(balance.values())
    wanted: list[tuple[Label, str]] = []
    for region in sorted(balance, key=lambda name: (-abs(balance[name]), name)):
        point = hubs.get(region) or _heart(outlines, region)
        if point is None or not frame.holds(point):
            continue
        value = plain(balance[region], digits, signed=True)
        if is_small:
            wanted.append((Label((region, value), *frame.pixel(point), 12 * SMALL_TEXT,
                                 is_dispensable=True), style.INK))  # fmt: skip
            continue
        name = f"{region} {local[region]}" if region in local else region
        wanted.append((Label((name, value), *frame.pixel(point), size=12), style.INK))
    names = dict(zip(result.case.nodes["node"], result.case.nodes["name"], strict=True))
    for port in () if is_small else used_nodes(result, "port"):
        if port in at and frame.holds(at[port]):
            text = str(names.get(port) or port)
            label = Label((text,), *frame.pixel(at[port]), size=10.5, is_dispensable=True)
            wanted.append((label, style.TEAL))
    window = Box(2, 2, style.DESIGN_WIDTH_PX - 2, frame.height_px - 2)
    legend = Box(0, frame.height_px - (0 if is_small else 280), 190, frame.height_px)
    colors = {id(label): color for label, color in wanted}
    placed = place([label for label, _ in wanted], window, [legend, *busy])
    return [annotation(item, frame, colors[id(item.label)]) for item in placed]


def _heart(outlines: Outlines, region: str) -> Point | None:
    """Return the middle of the largest shape of a region, projected."""
    rings = outlines.regions.shapes.get(region)
    if not rings:
        return None
    ring = max(rings, key=len)
    return outlines.regions.project(
        sum(lon for lon, _ in ring) / len(ring), sum(lat for _, lat in ring) / len(ring)
    )


def _class_legend(bounds: list[float]) -> list[dict[str, Any]]:
    entries = []
    for sign, colors, word in ((1, style.SURPLUS, "surplus"), (-1, style.DEFICIT, "deficit")):
        lower = 0.0
        for bound, color in zip(bounds, colors, strict=True):
            text = f"{word} {style.bound_text(lower)}–{style.bound_text(bound)} kt"
            look = fill(color, is_deficit=sign < 0)
            entries.append(
                area_trace([None], [None], look, style.MUTED, 0.5)
                | {"name": text, "showlegend": True}
            )
            lower = bound
    return entries


def _strand_legend(
    found: dict[tuple[Stretch, bool], Load], dashes: dict[str, str]
) -> list[dict[str, Any]]:
    kinds = sorted({(is_export, step.mode) for step, is_export in found})
    return [
        {
            "type": "scatter", "mode": "lines", "x": [None], "y": [None], "showlegend": True,
            "name": f"{'exports' if is_export else 'domestic'}, {mode.replace('_', ' ')}",
            "line": {"color": style.TEAL if is_export else style.INK, "width": 3,
                     "dash": dashes[mode]},
        }
        for is_export, mode in kinds
    ]  # fmt: skip


def _alt(balance: dict[str, float]) -> str:
    ranked = sorted(balance.items(), key=lambda item: item[1])
    short = [f"{name} {plain(value)} kt" for name, value in ranked if value < 0][:4]
    spare = [f"{name} {plain(value, signed=True)} kt" for name, value in ranked[::-1] if value > 0]
    text = "Map of regions with flows along their routes."
    if spare:
        text += f" Largest surplus: {listed(spare[:3])}."
    if short:
        text += f" Largest deficits: {listed(short)}."
    return text
