"""Whole numbers made from names, which decide between plans that are equal in all else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from zlib import crc32

import numpy as np

from model.arrays import Floats, Integers
from model.market.ends import LaneEnds

TIE_RANGE = 1009
"""Tie-break numbers are remainders by this prime, so that sums stay small and exact."""
FEW_PAIRS = 50_000
"""Up to so many pairs, the numbers of all are made at once."""


def of_arcs(names: Iterable[str]) -> Floats:
    """A whole number below `TIE_RANGE` of every arc, by its name; 0 of what has none."""
    return np.array([crc32(name.encode()) % TIE_RANGE if name else 0 for name in names], float)


def of_lanes(names: Iterable[str]) -> Floats:
    """A whole number from 1 up to `TIE_RANGE` of every explicit lane, by its name."""
    return 1.0 + np.array([crc32(name.encode()) % TIE_RANGE for name in names], float)


@dataclass(frozen=True)
class PairTies:
    """A whole number from 1 up to `TIE_RANGE` of every pair, by the names of both.

    Attributes
    ----------
    begun : O numbers made from the names of origins
    taken : S labels of sinks
    """

    begun: tuple[int, ...]
    taken: tuple[bytes, ...]

    @staticmethod
    def of(ends: LaneEnds) -> PairTies:
        """Of a case's origins and receivers."""
        begun = (crc32(f"{origin}>".encode()) for origin in ends.origins["origin"].tolist())
        return PairTies(
            tuple(begun), tuple(label.encode() for label in ends.receivers["label"].tolist())
        )

    @cached_property
    def every(self) -> Floats:
        """Of every pair, (O, S)."""
        names = np.array([crc32(end, begin) for begin in self.begun for end in self.taken], float)
        return (1.0 + names % TIE_RANGE).reshape(len(self.begun), len(self.taken))

    def of_some(self, origin: Integers, sink: Integers) -> Floats:
        """Of these pairs, (n,); on a large market no other is looked at before all are."""
        if "every" in vars(self) or len(self.begun) * len(self.taken) <= FEW_PAIRS:
            return np.asarray(self.every[origin, sink])
        pairs = zip(origin.tolist(), sink.tolist(), strict=True)
        names = np.array([crc32(self.taken[s], self.begun[o]) for o, s in pairs], dtype=float)
        return 1.0 + names % TIE_RANGE
