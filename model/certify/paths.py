"""Shortest paths in exact arithmetic on (node, mode) states.

A stretch is a run of links in one mode; a charge may fall on a link, on entering a stretch of a
mode. Weights are scaled to integers by their common denominator, so that Dijkstra's comparisons
are exact and fast.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from heapq import heappop, heappush
from math import lcm


@dataclass(frozen=True)
class Arc:
    """One direction of one link; `step` is its mode, with #k for the k-th parallel link."""

    tail: str
    head: str
    mode: str
    step: str
    km: Fraction
    freight_cny_per_t: Fraction
    co2_t_per_t: Fraction
    limit_kt: Fraction | None

    @property
    def label(self) -> str:
        """Its name in limits and row labels: `A>B:rail`, `A>B:rail#2`."""
        return f"{self.tail}>{self.head}:{self.step}"


@dataclass(frozen=True)
class Weights:
    """What a path pays: per arc (in the order of the arcs), and per entry into a mode."""

    arcs: Sequence[Fraction]
    entries: Mapping[str, Fraction]

    def all_nonnegative(self) -> bool:
        """Whether Dijkstra's method is valid for them."""
        return all(value >= 0 for value in (*self.arcs, *self.entries.values()))


@dataclass(frozen=True)
class Network:
    """Open nodes, arcs between them, and what entering a stretch of each mode costs."""

    nodes: frozenset[str]
    arcs: tuple[Arc, ...]
    fixed_cny_per_t: Mapping[str, Fraction]


def scale_to_integers(weights: Weights) -> tuple[int, list[int], dict[str, int]]:
    """(common denominator, arcs, entries), the latter two multiplied by it."""
    scale = lcm(*(value.denominator for value in (*weights.arcs, *weights.entries.values())))

    def scaled(value: Fraction) -> int:
        return value.numerator * (scale // value.denominator)

    return (
        scale,
        [scaled(value) for value in weights.arcs],
        {mode: scaled(value) for mode, value in weights.entries.items()},
    )


class ShortestPaths:
    """Least path weights from a node to every node of one network under one set of weights."""

    def __init__(self, network: Network, weights: Weights) -> None:
        self.scale, arcs, entries = scale_to_integers(weights)
        # What relaxing an arc needs, in one tuple: node reached, mode, weight, entry into the mode.
        self.leaving: dict[str, list[tuple[str, str, int, int]]] = {
            node: [] for node in network.nodes
        }
        for arc, weight in zip(network.arcs, arcs, strict=True):
            self.leaving[arc.tail].append((arc.head, arc.mode, weight, entries.get(arc.mode, 0)))

    def from_node(self, start: str) -> dict[str, Fraction]:
        """Least weight from `start` to each node that can be reached, by Dijkstra's method."""
        least: dict[str, int] = {}
        settled: set[tuple[str, str]] = set()
        best: dict[tuple[str, str], int] = {(start, ""): 0}
        heap = [(0, start, "")]
        while heap:
            weight, node, mode = heappop(heap)
            if (node, mode) in settled:
                continue
            settled.add((node, mode))
            least.setdefault(node, weight)
            for head, arc_mode, arc_weight, entry in self.leaving[node]:
                reached = weight + arc_weight + (0 if arc_mode == mode else entry)
                state = (head, arc_mode)
                known = best.get(state)
                if known is None or reached < known:
                    best[state] = reached
                    heappush(heap, (reached, head, arc_mode))
        return {node: Fraction(weight, self.scale) for node, weight in least.items()}
