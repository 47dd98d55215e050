"""Map projections, on a sphere of radius 1.

Both keep areas true, so that a large region looks large because it is.
Formulas: Snyder, *Map Projections: A Working Manual* (1987), for Albers; Šavrič, Patterson, Jenny,
*The Equal Earth map projection* (2018).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import asin, atan2, cos, degrees, radians, sin, sqrt

from model.case.records import Json

Point = tuple[float, float]
Projection = Callable[[float, float], Point]


def make_projection(description: Json) -> Projection:
    """Return the projection that an outline file names.

    Parameters
    ----------
    description : dict
        `kind` ("albers" or "equal_earth"), `centre` (lon, lat) and, for Albers, two standard
        `parallels`; all in degrees.

    Raises
    ------
    ValueError
        When the kind is unknown.
    """
    lon, lat = description.get("centre", (0.0, 0.0))
    match description.get("kind"):
        case "albers":
            south, north = description["parallels"]
            return albers(lon, lat, south, north)
        case "equal_earth":
            return equal_earth(lon)
        case kind:
            raise ValueError(f"unknown projection {kind!r}; known are 'albers' and 'equal_earth'")


def albers(centre_lon: float, centre_lat: float, south: float, north: float) -> Projection:
    """Albers equal-area conic with standard parallels `south` and `north` (degrees)."""
    first, second, middle = radians(south), radians(north), radians(centre_lat)
    n = (sin(first) + sin(second)) / 2
    c = cos(first) ** 2 + 2 * n * sin(first)
    rho_0 = sqrt(c - 2 * n * sin(middle)) / n

    def project(lon: float, lat: float) -> Point:
        theta = n * radians(wrap(lon, centre_lon) - centre_lon)
        rho = sqrt(max(0.0, c - 2 * n * sin(radians(lat)))) / n
        return rho * sin(theta), rho_0 - rho * cos(theta)

    return project


def equal_earth(centre_lon: float) -> Projection:
    """Equal Earth, an equal-area view of the world, with `centre_lon` (degrees) in the middle."""
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
    m = sqrt(3) / 2

    def project(lon: float, lat: float) -> Point:
        t = asin(m * sin(radians(lat)))
        t2 = t * t
        t6 = t2**3
        slope = a1 + 3 * a2 * t2 + t6 * (7 * a3 + 9 * a4 * t2)
        x = radians(lon - centre_lon) * cos(t) / (m * slope)
        return x, t * (a1 + a2 * t2 + t6 * (a3 + a4 * t2))

    return project


def wrap(lon: float, centre_lon: float) -> float:
    """Return the same meridian, at most 180 degrees from the centre."""
    return (lon - centre_lon + 180.0) % 360.0 - 180.0 + centre_lon


def suggested_albers(points: Iterable[Point]) -> Json:
    """Describe an Albers projection that fits points (degrees): parallels a sixth inside."""
    lons, lats = zip(*points, strict=True)
    south, north = min(lats), max(lats)
    inset = (north - south) / 6
    return {
        "kind": "albers",
        "centre": ((min(lons) + max(lons)) / 2, (south + north) / 2),
        "parallels": (south + inset, north - inset),
    }


def interpolate(start: Point, end: Point, steps: int) -> list[Point]:
    """Return points on the great circle between two places (lon, lat in degrees), ends included."""
    a, b = _vector(start), _vector(end)
    dot = max(-1.0, min(1.0, sum(x * y for x, y in zip(a, b, strict=True))))
    if dot > 0.9999999 or steps < 2:
        return [start, end]
    points = []
    for step in range(steps + 1):
        share = step / steps
        x, y, z = ((1 - share) * p + share * q for p, q in zip(a, b, strict=True))
        size = sqrt(x * x + y * y + z * z) or 1.0
        points.append((degrees(atan2(y, x)), degrees(asin(z / size))))
    return [start, *points[1:-1], end]


def _vector(point: Point) -> tuple[float, float, float]:
    lon, lat = radians(point[0]), radians(point[1])
    return cos(lat) * cos(lon), cos(lat) * sin(lon), sin(lat)
