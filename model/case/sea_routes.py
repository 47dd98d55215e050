"""Lengths of ways by sea, along the network of the package searoute.

The package is loaded by the first question, and every answer is kept.
"""

from __future__ import annotations

import math
import warnings
from functools import cache

import numpy as np

from model.arrays import Floats
from model.case.great_circle import great_circle_km

FARTHEST_KM = 200.0
"""An end may be this far from the sea network: its points are coarse, and ports lie in bays."""

ALWAYS_CLOSED = "northwest"
"""Ice; searoute itself closes it, but only where it is given nothing else."""

Place = tuple[float, float]
"""Latitude and longitude, degrees; longitudes of any turn."""


def sea_km(start: Place, end: Place, closed: tuple[str, ...] = ()) -> float | None:
    """Return the length of the way by sea between two places, None where there is none.

    Parameters
    ----------
    start, end : (lat, lon), degrees
    closed : passages that no ship goes through, by searoute's names

    Returns
    -------
    float, optional
        km to one decimal, never less than the great circle.
    """
    along = sea_lanes_km(start, end, closed)
    straight = float(great_circle_km(*start, *end))
    return None if along is None else max(along, math.ceil(straight * 10) / 10)


@cache
def sea_lanes_km(start: Place, end: Place, closed: tuple[str, ...] = ()) -> float | None:
    """Return the length of the sea lanes between the points of the network nearest to two places.

    Parameters and result are those of :func:`sea_km`; the ways to and from the network are left
    out, so that it may be less than the great circle.
    """
    import searoute

    shut = sorted({ALWAYS_CLOSED, *closed})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # no way is an answer here
        route = searoute.searoute(
            _on_network(start), _on_network(end), restrictions=shut, return_passages=True
        )
    # Where there is no way, searoute gives a line without points, whose length is 0.
    properties = route["properties"]
    if not route["geometry"]["coordinates"] or set(shut) & set(properties["traversed_passages"]):
        return None
    return round(float(properties["length"]), 1)


@cache
def distance_to_sea_km(place: Place) -> float:
    """Return how far a place is from the nearest point of the sea network, km."""
    points = _points()
    return float(great_circle_km(*place, points[:, 1], points[:, 0]).min())


@cache
def passage_points(passage: str) -> Floats:
    """Return the points (lat, lon) of a passage in the sea network, (n, 2)."""
    from searoute.searoute import setup_M

    edges = setup_M().edges(data=True)
    ends = [end for tail, head, edge in edges if edge.get("passage") == passage
            for end in (tail, head)]  # fmt: skip
    return np.array(ends, dtype=float).reshape(-1, 2)[:, ::-1]


@cache
def _points() -> Floats:
    """Points (lon, lat) of the sea network, (n, 2); some longitudes exceed 180."""
    from searoute.searoute import setup_M

    return np.array(list(setup_M().nodes), dtype=float)


def _on_network(place: Place) -> list[float]:
    """Return (lon, lat) on that turn of the globe on which the network comes nearest."""
    lat, lon = place
    points = _points()
    turns = [wrapped(lon) + turn for turn in (0.0, 360.0, -360.0)]
    gaps = [float(np.hypot(points[:, 0] - east, points[:, 1] - lat).min()) for east in turns]
    return [turns[int(np.argmin(gaps))], lat]


def wrapped(lon: float) -> float:
    """Return a longitude from -180 up to 180 degrees.

    Examples
    --------
    >>> wrapped(237.5), wrapped(120.25), wrapped(180.0)
    (-122.5, 120.25, -180.0)
    """
    return lon if -180 <= lon < 180 else (lon + 180) % 360 - 180
