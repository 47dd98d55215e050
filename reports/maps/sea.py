"""The way a ship takes between two ports, for drawing only."""

from __future__ import annotations

import json
from functools import cache
from heapq import heappop, heappush
from math import cos, radians

from reports.maps.outlines import ASSETS
from reports.maps.projection import Point, wrap

Lane = tuple[Point, float, tuple[Point, ...]]  # where it leads, km, the line there
JOINED = 3  # a port is joined to this many of the nearest points of the network
KM_PER_DEGREE = 111.2
DETOUR = 1.5  # the last miles to a port wind


@cache
def sea_network(closed: frozenset[str] = frozenset()) -> dict[Point, list[Lane]]:
    """Return the bundled sea lanes without the closed passages, both directions."""
    content = json.loads((ASSETS / "sea_lanes.json").read_text(encoding="utf-8"))
    network: dict[Point, list[Lane]] = {}
    for lane in content["lanes"]:
        if lane.get("passage", "") in closed:
            continue
        line = tuple((round(wrap(lon, 0.0), 3), lat) for lon, lat in lane["line"])
        network.setdefault(line[0], []).append((line[-1], lane["km"], line))
        network.setdefault(line[-1], []).append((line[0], lane["km"], line[::-1]))
    return network


def sea_way(start: Point, end: Point, closed: frozenset[str] = frozenset()) -> list[Point]:
    """Return the shortest way by sea between two places, (lon, lat) in degrees.

    Falls back to the straight connection where the network offers none.
    """
    network = sea_network(closed)
    goal = dict(_nearest(end, network))
    heap: list[tuple[float, Point, tuple[Point, ...]]] = sorted(
        (km, point, (start, point)) for point, km in _nearest(start, network)
    )
    done: set[Point] = set()
    best: tuple[float, tuple[Point, ...]] | None = None
    while heap:
        km, point, way = heappop(heap)
        if best and km >= best[0]:
            break
        if point in done:
            continue
        done.add(point)
        if point in goal and (best is None or km + goal[point] < best[0]):
            best = (km + goal[point], (*way, end))
        for following, length, line in network[point]:
            if following not in done:
                heappush(heap, (km + length, following, way + line[1:]))
    return list(best[1]) if best else [start, end]


def _nearest(place: Point, network: dict[Point, list[Lane]]) -> list[tuple[Point, float]]:
    lon, lat = place
    narrow = cos(radians(lat))

    def gap(point: Point) -> float:
        east = (wrap(point[0], lon) - lon) * narrow
        return float((east**2 + (point[1] - lat) ** 2) ** 0.5 * KM_PER_DEGREE * DETOUR)

    return sorted(((point, gap(point)) for point in network), key=lambda pair: pair[1])[:JOINED]
