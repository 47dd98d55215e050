"""Changes of flows as text: what a tonne more or less sets in motion, or what stops it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from model.arrays import Floats
from model.market.lanes import Lanes
from model.market.market import Market
from model.solve.optimum import SMALL, Optimum

Pair = tuple[str, str]
ORIGIN, SINK = 0, 1  # places in a pair
End = tuple[int, str]


def changes(market: Market, optimum: Optimum) -> dict[Pair, float]:
    """Flows of a plan (or changes of flows) by origin and sink, without those that are nil."""
    return flows_of_pairs(market, optimum.lanes, optimum.ship_kt)


def flows_of_pairs(market: Market, lanes: Lanes, ship_kt: Floats) -> dict[Pair, float]:
    """Sums of flows by origin and sink, without those that are nil."""
    total: dict[Pair, float] = {}
    for lane in np.flatnonzero(np.abs(ship_kt) > SMALL):
        pair = market.origins[lanes.origin[lane]], market.sinks[lanes.sink[lane]]
        total[pair] = total.get(pair, 0.0) + float(ship_kt[lane])
    return {pair: kt for pair, kt in total.items() if abs(kt) > SMALL}


def in_words(market: Market, change: dict[Pair, float], row: int | None = None) -> str:
    """Changes of flows as text: where they end, then the flows in the order that links them.

    Parameters
    ----------
    row : int, optional
        The row whose bound moves: the chain begins there.
    """
    if not change:
        return "no flow changes"
    shipped: dict[str, float] = {}
    for (origin, _), kt in change.items():
        shipped[origin] = shipped.get(origin, 0.0) + kt
    start = _start(market, row)
    ends = [
        f"{origin} ships {abs(kt):.4g} {'more' if kt > 0 else 'less'}"
        for origin, kt in sorted(shipped.items())
        if abs(kt) > SMALL and (ORIGIN, origin) != start
    ]
    moves = [f"{origin} to {sink} {kt:+.4g}" for (origin, sink), kt in _linked(change, start)]
    return "; ".join([*ends, *moves])


def _start(market: Market, row: int | None) -> End | None:
    """The place that a row is about; None for a limit."""
    if row is None or row >= len(market.origins) + len(market.sinks):
        return None
    if row < len(market.origins):
        return ORIGIN, market.origins[row]
    return SINK, market.sinks[row - len(market.origins)]


def _linked(change: dict[Pair, float], start: End | None) -> list[tuple[Pair, float]]:
    """Changes in the order of a chain: by turns the next at the same origin, at the same sink."""
    left, ordered = dict(sorted(change.items())), []
    end, place = start or (SINK, "")
    while left:
        pair = next((pair for pair in left if pair[end] == place), next(iter(left)))
        ordered.append((pair, left.pop(pair)))
        end = 1 - end
        place = pair[end]
    return ordered


def bound_by(market: Market, rows: Iterable[int]) -> str:
    """Say what stops a bound from moving; of a demand that is plain."""
    labels = list(market.rows)
    names = [name for family, name in map(labels.__getitem__, rows) if family != "demand_met"]
    if not names:
        return "cannot change this way"
    return "cannot change this way: bound by " + ", ".join(names)
