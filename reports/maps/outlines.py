"""Outlines of regions and countries, ready to draw.

Three files, each a GeoJSON collection with the top-level members `role` ("regions", whose features
bear the names of a case's regions; "surroundings"; "world") and, for the first and the last,
`projection`. The bundled ones are made by assets/make_outlines.py; a case may bring its own, which
is checked where the case is read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from model.case.records import Json
from model.reading.read_outlines import ROLES
from reports.maps.projection import Point, Projection, make_projection, suggested_albers, wrap

ASSETS = Path(__file__).parent.parent / "assets"
BUNDLED = ("regions.geojson", "surroundings.geojson", "world.geojson")
Ring = list[Point]


@dataclass(frozen=True)
class Outline:
    """One collection of named shapes in degrees, with how to project them."""

    role: str
    shapes: Mapping[str, tuple[Ring, ...]]
    projection: Mapping[str, Any]
    source: str = ""

    @property
    def project(self) -> Projection:
        """The projection; without one in the file, a conic that fits the shapes."""
        described = dict(self.projection)
        if not described:
            rings = (ring for rings in self.shapes.values() for ring in rings)
            described = suggested_albers(point for ring in rings for point in ring)
        return make_projection(described)

    @property
    def centre_lon(self) -> float:
        """The meridian in the middle, degrees."""
        return float(self.projection.get("centre", (0.0, 0.0))[0])


@dataclass(frozen=True)
class Outlines:
    """The outlines of the two maps of a report."""

    regions: Outline
    surroundings: Outline
    world: Outline
    sources: tuple[str, ...] = field(default=())


def load_outlines(own: Iterable[str] = ()) -> Outlines:
    """Return the bundled outlines, those whose GeoJSON texts are given put in their place."""
    by_role = {outline.role: outline for outline in [*_bundled(), *map(_parse, own)]}
    sources = tuple(dict.fromkeys(by_role[role].source for role in ROLES if by_role[role].source))
    return Outlines(by_role["regions"], by_role["surroundings"], by_role["world"], sources)


@cache
def _bundled() -> tuple[Outline, ...]:
    return tuple(_parse((ASSETS / name).read_text(encoding="utf-8")) for name in BUNDLED)


def _parse(text: str) -> Outline:
    content = json.loads(text)
    shapes: dict[str, tuple[Ring, ...]] = {}
    for feature in content["features"]:
        name = str(feature["properties"].get("name", ""))
        shapes[name] = shapes.get(name, ()) + tuple(_outer_rings(feature["geometry"]))
    return Outline(
        content["role"], shapes, content.get("projection", {}), content.get("source", "")
    )


def _outer_rings(geometry: Json) -> Iterator[Ring]:
    coordinates = geometry["coordinates"]
    polygons = [coordinates] if geometry["type"] == "Polygon" else coordinates
    for polygon in polygons:
        yield [(float(point[0]), float(point[1])) for point in polygon[0]]


def cut_at_edge(ring: Ring, centre_lon: float) -> list[Ring]:
    """Cut a ring where a world map ends, 180 degrees from its centre; wrap the parts."""
    ring = unbroken(ring)
    lons = [lon for lon, _ in ring]
    middle = (min(lons) + max(lons)) / 2
    shift = wrap(middle, centre_lon) - middle
    ring = [(lon + shift, lat) for lon, lat in ring]
    parts = []
    for edge, side in ((centre_lon + 180.0, -1.0), (centre_lon - 180.0, 1.0)):
        over = _clip(ring, edge, -side)
        if over:
            parts.append([(lon + side * 360.0, lat) for lon, lat in over])
            ring = _clip(ring, edge, side)
    return [*parts, ring]


def unbroken(ring: Ring) -> Ring:
    """Return a line whose meridians run on over 180 degrees instead of jumping."""
    smooth = ring[:1]
    for lon, lat in ring[1:]:
        smooth.append((wrap(lon, smooth[-1][0]), lat))
    return smooth


def _clip(ring: Ring, edge: float, side: float) -> Ring:
    """Keep the part of a ring on one side of a meridian (Sutherland and Hodgman 1974)."""
    kept: Ring = []
    for (x0, y0), (x1, y1) in zip(ring, ring[1:] + ring[:1], strict=True):
        if (x0 - edge) * side >= 0:
            kept.append((x0, y0))
        if (x0 - edge) * (x1 - edge) < 0:
            kept.append((edge, y0 + (y1 - y0) * (edge - x0) / (x1 - x0)))
    return kept


def projected(rings: Iterable[Ring], project: Projection) -> tuple[list[float | None], ...]:
    """Return x and y of several rings in one pair of lists, a None after each ring."""
    xs: list[float | None] = []
    ys: list[float | None] = []
    for ring in rings:
        for lon, lat in ring:
            x, y = project(lon, lat)
            xs.append(round(x, 4))
            ys.append(round(y, 4))
        xs.append(None)
        ys.append(None)
    return xs, ys
