"""Lengths of links that a path of a plan changes, and which inputs/ therefore leaves blank."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import asin, cos, radians, sin, sqrt

from model.certify.choice import Record, decimal, records_of, table_text

EARTH_RADIUS_KM = 6371.0088
"""Mean radius, IUGG."""


def with_lengths(texts: Mapping[str, str]) -> dict[str, str]:
    """The tables with blank lengths filled where they are great circles × circuity.

    A length along sea lanes is none that can be derived from the tables; it stays blank.
    """
    links = records_of(texts, "links")
    if all(row.get("km") for row in links):
        return dict(texts)
    nodes = {row["node"]: row for row in records_of(texts, "nodes")}
    circuity = {row["mode"]: row.get("circuity", "") for row in records_of(texts, "modes")}
    for row in links:
        factor, mode = circuity.get(row["mode"], ""), row["mode"]
        follows_sea_lanes = (mode == "sea" or mode.startswith("sea_")) and not factor
        ends = [nodes.get(row["from"], {}), nodes.get(row["to"], {})]
        is_placed = all(end.get("lat") and end.get("lon") for end in ends)
        if not row.get("km") and is_placed and not follows_sea_lanes:
            km = great_circle_km(*ends) * float(factor or 1)
            row["km"] = decimal(Fraction(repr(round(km, 1))))
    return dict(texts) | {"links.csv": table_text(links)}


def great_circle_km(start: Record, end: Record) -> float:
    """Haversine distance between two nodes."""
    lat_1, lon_1, lat_2, lon_2 = (
        radians(float(node[column])) for node in (start, end) for column in ("lat", "lon")
    )
    chord = sin((lat_2 - lat_1) / 2) ** 2
    chord += cos(lat_1) * cos(lat_2) * sin((lon_2 - lon_1) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(min(chord, 1.0)))
