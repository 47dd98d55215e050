"""Distances along great circles."""

from __future__ import annotations

import numpy as np

from model.arrays import Floats

EARTH_RADIUS_KM = 6371.0088
"""Mean radius, IUGG."""


def great_circle_km(
    lat_1: Floats | float, lon_1: Floats | float, lat_2: Floats | float, lon_2: Floats | float
) -> Floats:
    """Return haversine distances between points in degrees, km."""
    phi_1, phi_2 = np.radians(lat_1), np.radians(lat_2)
    half_lat, half_lon = (phi_2 - phi_1) / 2, np.radians(np.subtract(lon_2, lon_1)) / 2
    chord = np.sin(half_lat) ** 2 + np.cos(phi_1) * np.cos(phi_2) * np.sin(half_lon) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(chord, 1.0))))
