"""Shortest paths in exact arithmetic on (node, mode) states.

A stretch is a run of links in one mode; a charge may fall on a link, on entering a stretch of a
mode. Weights are scaled to integers by their common denominator, so that Dijkstra's comparisons
are exact and fast.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
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

    @cached_property
    def arc_of_step(self) -> dict[tuple[str, str, str], Arc]:
        """Arcs by tail, step and head."""
        return {(arc.tail, arc.step, arc.head): arc for arc in self.arcs}


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


State = tuple[str, str]
"""A node, and the mode in which it was reached (blank at the start)."""


@dataclass(frozen=True)
class Tree:
    """Least weights from one node to every node that can be reached, and the paths that have them.

    Attributes
    ----------
    least : node → weight
    arrival : node → state in which the path ends
    step_to : state → the state before, and the place of the arc between, in the network's arcs
    """

    least: Mapping[str, Fraction]
    arrival: Mapping[str, State]
    step_to: Mapping[State, tuple[State, int]]

    def path(self, node: str) -> list[int]:
        """Places of the arcs from the start to a node."""
        arcs, state = [], self.arrival[node]
        while state in self.step_to:
            state, arc = self.step_to[state]
            arcs.append(arc)
        return arcs[::-1]


class ShortestPaths:
    """Shortest paths through one network under one set of weights, none negative."""

    def __init__(self, network: Network, weights: Weights) -> None:
        self.scale, arcs, entries = scale_to_integers(weights)
        # What relaxing an arc needs: node reached, mode, weight, entry into the mode, place.
        self.leaving: dict[str, list[tuple[str, str, int, int, int]]] = {
            node: [] for node in network.nodes
        }
        for place, (arc, weight) in enumerate(zip(network.arcs, arcs, strict=True)):
            entry = entries.get(arc.mode, 0)
            self.leaving[arc.tail].append((arc.head, arc.mode, weight, entry, place))

    def from_node(self, start: str) -> Tree:
        """Dijkstra's method from `start`."""
        least: dict[str, Fraction] = {}
        arrival: dict[str, State] = {}
        step_to: dict[State, tuple[State, int]] = {}
        settled: set[State] = set()
        best: dict[State, int] = {(start, ""): 0}
        heap = [(0, start, "")]
        while heap:
            weight, node, mode = heappop(heap)
            state = (node, mode)
            if state in settled:
                continue
            settled.add(state)
            if node not in least:
                least[node], arrival[node] = Fraction(weight, self.scale), state
            for head, arc_mode, arc_weight, entry, place in self.leaving[node]:
                reached = weight + arc_weight + (0 if arc_mode == mode else entry)
                after = (head, arc_mode)
                known = best.get(after)
                if known is None or reached < known:
                    best[after], step_to[after] = reached, (state, place)
                    heappush(heap, (reached, head, arc_mode))
        return Tree(least, arrival, step_to)
