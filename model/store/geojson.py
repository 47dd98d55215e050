"""Flows as lines on the globe, for programs of maps.

References
----------
RFC 7946, *The GeoJSON Format*, section 3.1.9: lines are cut at the 180th meridian.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import pandas as pd

from model.case.case import Case
from model.case.commodities import receivers
from model.case.records import Json
from model.result.routes import route_steps
from model.store.output_json import json_text

FLOWS_GEOJSON = "flows.geojson"
Place = tuple[float, float]
"""Longitude and latitude, degrees in WGS 84."""


def flows_geojson(case: Case, flows: pd.DataFrame) -> str:
    """A line for each row of `flows.csv` along the nodes of its route, with the row's columns.

    A lane without a route goes straight from its origin's node to its sink's. A flow of which
    fewer than two nodes have coordinates has no line; where none has, the text is blank.
    """
    at, ends = places_of(case), ends_of(case)
    rows = [{str(key): value for key, value in row.items()} for row in flows.to_dict("records")]
    lines = [[at[node] for node in _nodes(row, ends) if node in at] for row in rows]
    features = [
        {"type": "Feature", "geometry": _geometry(line), "properties": row}
        for row, line in zip(rows, lines, strict=True)
        if len(line) > 1
    ]
    if not features:
        return ""
    texts = ",\n".join(json_text(feature, indent=None).rstrip("\n") for feature in features)
    return f'{{"type": "FeatureCollection", "features": [\n{texts}\n]}}\n'


def places_of(case: Case) -> dict[str, Place]:
    """Where each node with coordinates lies."""
    known = case.nodes.dropna(subset=["lat", "lon"])
    lon = known["lon"].astype(float)
    lon = lon.where(lon.abs() <= 180.0, (lon + 180.0) % 360.0 - 180.0)
    places = zip(lon, known["lat"].astype(float), strict=True)
    return dict(zip(known["node"].astype(str), places, strict=True))


def ends_of(case: Case) -> Mapping[tuple[str, str], str]:
    """The node of each origin and each place that receives, by role and name."""
    found: dict[tuple[str, str], str] = {}
    for role, name, table in (
        ("origin", "project", case.projects),
        ("origin", "origin", case.origins),
        ("sink", "sink", receivers(case)),
    ):
        nodes = zip(table[name], table["node"], strict=True)
        found |= {(role, place): node for place, node in nodes}
    return found


def _nodes(row: Json, ends: Mapping[tuple[str, str], str]) -> list[str]:
    """The nodes that a flow passes, in order."""
    steps = route_steps(row["route"])
    if steps:
        return [steps[0].start, *(step.end for step in steps)]
    return [ends.get((role, row[role]), "") for role in ("origin", "sink")]


def _geometry(places: Sequence[Place]) -> Json:
    """A line through places, in several where it crosses the 180th meridian."""
    lines = [[places[0]]]
    for (lon, lat), (to_lon, to_lat) in pairwise(places):
        if abs(to_lon - lon) > 180.0:
            edge = 180.0 if lon > to_lon else -180.0
            across = to_lon + 2 * edge
            crossing = lat + (to_lat - lat) * (edge - lon) / (across - lon)
            lines[-1].append((edge, crossing))
            lines.append([(-edge, crossing)])
        lines[-1].append((to_lon, to_lat))
    if len(lines) == 1:
        return {"type": "LineString", "coordinates": lines[0]}
    return {"type": "MultiLineString", "coordinates": lines}
