"""Flows as lines: the stretches of routes, what each carries, and bands side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from math import atan2, degrees, hypot
from typing import TYPE_CHECKING, Any

from model.case.commodities import receivers
from model.case.passages import closed_sea_passages
from model.result.deliveries import is_own, received
from model.result.routes import RouteStep, route_steps
from reports.figures.style import Plotly, escape
from reports.figures.traces import outline
from reports.frames import export_sinks
from reports.language import say
from reports.language.numbers import plain
from reports.maps.projection import Point, interpolate
from reports.maps.sea import sea_way

if TYPE_CHECKING:
    import pandas as pd

    from model.case.case import Case


@dataclass
class Load:
    """What goes over a stretch: tonnes in all, and by (origin, sink)."""

    kt: float = 0.0
    pairs: dict[tuple[str, str], float] = field(default_factory=dict)

    def add(self, origin: str, sink: str, kt: float) -> None:
        """Add one flow."""
        self.kt += kt
        self.pairs[origin, sink] = self.pairs.get((origin, sink), 0.0) + kt

    def largest(self, count: int = 6) -> str:
        """Name the largest flows over the stretch, one a line, for plotly's hover text."""
        ranked = sorted(self.pairs.items(), key=lambda item: (-item[1], item[0]))
        lines = [
            say("{origin} → {sink}: {kt} kt", origin=escape(o), sink=escape(s), kt=plain(kt))
            for (o, s), kt in ranked[:count]
        ]
        if len(ranked) > count:
            lines.append(say("and {count} more", count=len(ranked) - count))
        return "<br>".join(lines)


@dataclass(frozen=True)
class Chart:
    """Where nodes lie, and how a stretch is drawn between them."""

    at: dict[str, Point]  # (lon, lat), degrees
    junctions: frozenset[str]
    closed: frozenset[str]

    def course(self, step: RouteStep) -> list[Point]:
        """Return the line of a stretch, degrees.

        A sea leg from port to port follows known sea lanes; one from or to a point at sea is short
        enough, or named closely enough, to be drawn as a great circle.
        """
        start, end = self.at[step.start], self.at[step.end]
        if not step.is_sea:
            return [start, end]
        if {step.start, step.end} & self.junctions:
            return interpolate(start, end, 8)
        return sea_way(start, end, self.closed)

    def has(self, step: RouteStep) -> bool:
        """Tell whether both ends of a stretch are on the map."""
        return step.start in self.at and step.end in self.at


def chart(case: Case) -> Chart:
    """Return the chart of a case: its nodes with coordinates."""
    known = case.nodes.dropna(subset=["lat", "lon"])
    at = {
        str(node): (float(lon), float(lat))
        for node, lon, lat in zip(known["node"], known["lon"], known["lat"], strict=True)
    }
    junctions = frozenset(known["node"][known["kind"] == "junction"])
    closed = closed_sea_passages(case.settings.closed_passages)
    return Chart(at, junctions, frozenset(closed))


def end_nodes(case: Case) -> tuple[dict[str, str], dict[str, str]]:
    """Return the node of every origin, and of every place that receives, that has one."""
    places = receivers(case)
    origins = dict(zip(case.origins["origin"], case.origins["node"], strict=True))
    sinks = dict(zip(places["sink"], places["node"], strict=True))
    return {o: n for o, n in origins.items() if n}, {s: n for s, n in sinks.items() if n}


def loads(case: Case, flows: pd.DataFrame) -> dict[tuple[RouteStep, bool], Load]:
    """Add up flows by stretch and by whether they are exports.

    A flow without a route (an explicit lane) goes straight from its origin's node to its sink's.
    """
    at_origin, at_sink = end_nodes(case)
    exports = export_sinks(case)
    found: dict[tuple[RouteStep, bool], Load] = {}
    columns = ["origin", "sink", "mode", "route", "ship_kt"]
    for origin, sink, mode, route, kt in flows[columns].itertuples(index=False, name=None):
        steps = route_steps(route)
        if not steps and at_origin.get(origin) and at_sink.get(sink):
            steps = [RouteStep(at_origin[origin], at_sink[sink], mode)]
        for step in steps:
            if step.start != step.end:
                found.setdefault((step, sink in exports), Load()).add(origin, sink, float(kt))
    return found


def crossing(case: Case, flows: pd.DataFrame) -> pd.DataFrame:
    """Return the flows of the case's own commodity that leave their region."""
    own = received(case, flows[is_own(case, flows)])
    region = dict(zip(case.origins["origin"], case.origins["region"], strict=True))
    return own[own["origin"].map(region) != own["to_region"]]


def sideways(line: list[Point], shift: float) -> list[Point]:
    """Move a line to its right-hand side by `shift`, in the line's own units."""
    if not shift or len(line) < 2:
        return line
    moved = []
    for index, (x, y) in enumerate(line):
        before, after = line[max(0, index - 1)], line[min(len(line) - 1, index + 1)]
        dx, dy = after[0] - before[0], after[1] - before[1]
        length = hypot(dx, dy) or 1.0
        moved.append((x + shift * dy / length, y - shift * dx / length))
    return moved


def middle(line: list[Point]) -> tuple[Point, float]:
    """Return the point half-way along a line and its bearing there, degrees from north."""
    lengths = [hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(line)]
    rest = sum(lengths) / 2
    for (a, b), length in zip(pairwise(line), lengths, strict=True):
        if rest <= length:
            share = rest / length if length else 0.0
            point = (a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]))
            return point, degrees(atan2(b[0] - a[0], b[1] - a[1]))
        rest -= length
    return line[-1], 0.0


def unbroken(
    segments: dict[tuple[Point, Point], float],
) -> Iterator[tuple[list[Point], float]]:
    """Join directed segments that carry the same tonnes, head to tail, into longer lines."""
    following: dict[tuple[Point, float], list[Point]] = {}
    heads: dict[tuple[Point, float], int] = {}
    for (a, b), kt in segments.items():
        level = round(kt, 6)
        following.setdefault((a, level), []).append(b)
        heads[b, level] = heads.get((b, level), 0) + 1
    starts = [key for key in following if heads.get(key, 0) != 1 or len(following[key]) > 1]
    for key in [*starts, *list(following)]:
        for first in following.pop(key, []):
            line, level = [key[0], first], key[1]
            while len(following.get((line[-1], level), [])) == 1 and heads[line[-1], level] == 1:
                line.append(following.pop((line[-1], level))[0])
            yield line, level


def rounded(points: Iterable[Point]) -> tuple[list[float], list[float]]:
    """Return x and y of points, short enough for a page."""
    xs, ys = zip(*points, strict=True)
    return [round(x, 4) for x in xs], [round(y, 4) for y in ys]


def width_px(kt: float, largest_kt: float, widest_px: float) -> float:
    """Return a line width in proportion to tonnes, thin ones kept visible."""
    return round(max(0.9, widest_px * kt / largest_kt), 1) if largest_kt else 0.9


def line_trace(line: list[Point], width: float, color: str, dash: str, **more: Any) -> Plotly:
    """Return one line of a map."""
    return outline(*rounded(line), {"width": width, "color": color, "dash": dash}, **more)
