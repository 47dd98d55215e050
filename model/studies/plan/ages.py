"""Which period made what each lane carries: the oldest stock of an origin is sold first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.studies.plan.places import Places
from model.studies.plan.published import PublishedFlows

LEAST_KT = 1e-9


@dataclass(frozen=True)
class Parcel:
    """What a lane carries in a period of what one period has made, kt per year."""

    used: int
    made: int
    lane: int
    ship_kt: float


def parcels(places: Places, published: PublishedFlows) -> list[Parcel]:
    """Every flow by the period that made it; lanes of an origin are served in their order."""
    found: list[Parcel] = []
    held: list[list[tuple[int, float]]] = [[] for _ in range(places.origin_count)]
    for period, (lanes, ship) in enumerate(zip(places.lanes, published.ship_kt, strict=True)):
        length = places.periods[period].length
        left = published.stock_kt.get(period, np.zeros(places.origin_count))
        sold = length * np.bincount(lanes.origin, ship, places.origin_count)
        for origin in np.flatnonzero(sold + left > LEAST_KT).tolist():
            old = sum(kt for _, kt in held[origin])
            held[origin].append((period, max(sold[origin] + left[origin] - old, 0.0)))
        for lane in np.flatnonzero(ship > LEAST_KT).tolist():
            queue = held[int(lanes.origin[lane])]
            for made, kt in _taken(queue, length * float(ship[lane])):
                found.append(Parcel(period, made, lane, kt / length))
    return found


def _taken(queue: list[tuple[int, float]], wanted: float) -> list[tuple[int, float]]:
    """Take so much from the front of a queue of (period, kt)."""
    taken: list[tuple[int, float]] = []
    while wanted > LEAST_KT and queue:
        made, kt = queue.pop(0)
        part = min(kt, wanted)
        wanted -= part
        if kt - part > LEAST_KT:
            queue.insert(0, (made, kt - part))
        if part > LEAST_KT:
            taken.append((made, part))
    return taken
