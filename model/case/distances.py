"""Kilometres of links that give none: great circle × circuity on land, sea lanes at sea."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from model.arrays import Floats
from model.case.schema import SEA_PASSAGES

if TYPE_CHECKING:
    from model.case.case import Case

EARTH_RADIUS_KM = 6371.0088
"""Mean radius, IUGG."""


def is_sea(mode: str) -> bool:
    """Whether a mode is the sea: `sea`, or a name that begins with `sea_`."""
    return mode == "sea" or mode.startswith("sea_")


def great_circle_km(lat_1: Floats, lon_1: Floats, lat_2: Floats, lon_2: Floats) -> Floats:
    """Haversine distance between points in degrees, km."""
    phi_1, phi_2 = np.radians(lat_1), np.radians(lat_2)
    half_lat, half_lon = (phi_2 - phi_1) / 2, np.radians(lon_2 - lon_1) / 2
    chord = np.sin(half_lat) ** 2 + np.cos(phi_1) * np.cos(phi_2) * np.sin(half_lon) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(chord)))


def with_distances(case: Case) -> Case:
    """The case with every blank `links.km` computed, to a tenth of a kilometre.

    A mode's circuity multiplies the great circle (1 where blank). A sea mode without a
    circuity follows sea lanes (package searoute), round the case's closed passages.
    A link with a cost of its own and no coordinates keeps its blank.
    """
    links = case.links
    placed = case.nodes["node"][case.nodes[["lat", "lon"]].notna().all(axis=1)]
    on_map = links["from"].isin(placed) & links["to"].isin(placed)
    blank = (links["km"].isna() & on_map).to_numpy()
    if not blank.any():
        return case
    nodes = case.nodes.set_index("node")
    circuity = case.modes.set_index("mode")["circuity"]
    km = links["km"].to_numpy(dtype=float).copy()
    for row in np.flatnonzero(blank):
        link = links.iloc[row]
        ends = nodes.reindex([link["from"], link["to"]])[["lat", "lon"]].to_numpy(dtype=float)
        factor = float(circuity.get(link["mode"], np.nan))
        if is_sea(link["mode"]) and np.isnan(factor):
            km[row] = sea_km(ends[0], ends[1], case.settings.closed_passages)
        else:
            straight = float(great_circle_km(ends[0, 0], ends[0, 1], ends[1, 0], ends[1, 1]))
            km[row] = round(straight * (1.0 if np.isnan(factor) else factor), 1)
    return case.replace(links=links.assign(km=km))


def sea_km(start: Floats, end: Floats, closed_passages: tuple[str, ...] = ()) -> float:
    """Distance along sea lanes between two (lat, lon) points, km to one decimal.

    Source
    ------
    Package searoute (its marine network); `northwest` stays closed, and further
    passages that searoute knows are closed when named.
    """
    import searoute  # loads its network, so only where a sea leg has no length of its own

    restrictions = ["northwest", *sorted(name for name in closed_passages if name in SEA_PASSAGES)]
    route = searoute.searoute(
        [float(start[1]), float(start[0])],
        [float(end[1]), float(end[0])],
        restrictions=restrictions,
    )
    return round(float(route["properties"]["length"]), 1)
