"""Whole numbers made from names, which decide between plans that are equal in all else."""

from __future__ import annotations

from collections.abc import Iterable
from zlib import crc32

import numpy as np

from model.arrays import Floats
from model.market.ends import LaneEnds

TIE_RANGE = 1009
"""Tie-break numbers are remainders by this prime, so that sums stay small and exact."""


def of_arcs(names: Iterable[str]) -> Floats:
    """A whole number below `TIE_RANGE` of every arc, by its name; 0 of what has none."""
    return np.array([crc32(name.encode()) % TIE_RANGE if name else 0 for name in names], float)


def of_lanes(names: Iterable[str]) -> Floats:
    """A whole number from 1 up to `TIE_RANGE` of every explicit lane, by its name."""
    return 1.0 + np.array([crc32(name.encode()) % TIE_RANGE for name in names], float)


def of_pairs(ends: LaneEnds) -> Floats:
    """A whole number from 1 up to `TIE_RANGE` of every pair, by the names of both, (O, S)."""
    begun = [crc32(f"{origin}>".encode()) for origin in ends.origins["origin"].tolist()]
    taken = [label.encode() for label in ends.receivers["label"].tolist()]
    names = np.array([crc32(end, begin) for begin in begun for end in taken], dtype=float)
    return (1.0 + names % TIE_RANGE).reshape(len(begun), len(taken))
