"""Shortest paths in exact arithmetic on (node, mode) states.

A stretch is a run of links in one mode; a charge may fall on a link, on entering a stretch of a
mode, or once on a path that does any of several such things. Weights are scaled to integers by
their common denominator, so that Dijkstra's comparisons are exact and fast.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from heapq import heappop, heappush
from math import lcm
from typing import NamedTuple

from model.certify.compiled_paths import CompiledPaths, Edge


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
    limit_name: str = ""  # of the arc's own limit

    @property
    def label(self) -> str:
        """Its name in limits: `A>B:rail`, `A>B:rail#2`."""
        return f"{self.tail}>{self.head}:{self.step}"


@dataclass(frozen=True)
class Once:
    """A charge that falls once on a path that starts, travels or enters as it says.

    Attributes
    ----------
    starts : nodes
    arcs : places in the network's arcs
    entries : modes
    """

    charge: Fraction
    starts: frozenset[str]
    arcs: frozenset[int]
    entries: frozenset[str]


@dataclass(frozen=True)
class Weights:
    """What a path pays: per arc (in the order of the arcs), per entry into a mode, and once."""

    arcs: Sequence[Fraction]
    entries: Mapping[str, Fraction]
    once: Sequence[Once] = ()

    @property
    def all_charges(self) -> list[Fraction]:
        """Every charge there is."""
        return [*self.arcs, *self.entries.values(), *(each.charge for each in self.once)]

    def all_nonnegative(self) -> bool:
        """Whether Dijkstra's method is valid for them."""
        return all(value >= 0 for value in self.all_charges)


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


State = tuple[str, str, int]
"""A node, the mode in which it was reached (blank at the start), the charges paid once (bits)."""


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


class Step(NamedTuple):
    """An arc as Dijkstra's method sees it: integers, and bits of charges that it falls under."""

    head: str
    mode: str
    weight: int
    entry: int
    place: int
    bits: int
    entry_bits: int


class ShortestPaths:
    """Shortest paths through one network under one set of weights, none negative."""

    def __init__(self, network: Network, weights: Weights) -> None:
        self.once = weights.once
        self.scale = lcm(*(value.denominator for value in weights.all_charges))
        self.charges = [self._scaled(each.charge) for each in weights.once]
        entries = {mode: self._scaled(value) for mode, value in weights.entries.items()}
        entry_bits = {
            mode: self._bits(mode in each.entries for each in weights.once)
            for mode in {arc.mode for arc in network.arcs}
        }
        self.leaving: dict[str, list[Step]] = {node: [] for node in network.nodes}
        for place, (arc, weight) in enumerate(zip(network.arcs, weights.arcs, strict=True)):
            bits = self._bits(place in each.arcs for each in weights.once)
            cost, entry = self._scaled(weight), entries.get(arc.mode, 0)
            step = Step(arc.head, arc.mode, cost, entry, place, bits, entry_bits[arc.mode])
            self.leaving[arc.tail].append(step)

    def _scaled(self, value: Fraction) -> int:
        return value.numerator * (self.scale // value.denominator)

    @staticmethod
    def _bits(falls_under: Iterable[bool]) -> int:
        return sum(1 << number for number, falls in enumerate(falls_under) if falls)

    def _charge(self, bits: int) -> int:
        """What the charges of these bits come to."""
        return sum(charge for number, charge in enumerate(self.charges) if bits >> number & 1)

    @cached_property
    def compiled(self) -> CompiledPaths | None:
        """The same paths for compiled code; None where charges fall once on a path."""
        return None if self.once else CompiledPaths(self._edges())

    def _edges(self) -> Iterator[Edge]:
        """Every step from every state in which it may be taken, the start of a path included."""
        arrivals: dict[str, set[str]] = {node: {""} for node in self.leaving}
        for steps in self.leaving.values():
            for step in steps:
                arrivals[step.head].add(step.mode)
        for node, steps in self.leaving.items():
            for step in steps:
                head = (step.head, step.mode)
                for mode in arrivals[node]:
                    entry = step.entry if step.mode != mode else 0
                    yield (node, mode), head, step.weight + entry

    def whole_from(self, start: str) -> Mapping[str, int]:
        """Least weights from `start` to every node that can be reached, in parts of `scale`."""
        found = None if self.compiled is None else self.compiled.least((start, ""))
        if found is None:
            least = self.from_node(start).least
            return {node: int(weight * self.scale) for node, weight in least.items()}
        return found

    def from_node(self, start: str) -> Tree:
        """Dijkstra's method from `start`."""
        least: dict[str, Fraction] = {}
        arrival: dict[str, State] = {}
        step_to: dict[State, tuple[State, int]] = {}
        settled: set[State] = set()
        paid = self._bits(start in each.starts for each in self.once)
        best: dict[State, int] = {(start, "", paid): self._charge(paid)}
        heap = [(self._charge(paid), start, "", paid)]
        while heap:
            weight, node, mode, paid = heappop(heap)
            state = (node, mode, paid)
            if state in settled:
                continue
            settled.add(state)
            if node not in least:
                least[node], arrival[node] = Fraction(weight, self.scale), state
            for head, arc_mode, arc_weight, entry, place, bits, entry_bits in self.leaving[node]:
                reached, falls = weight + arc_weight, paid | bits
                if arc_mode != mode:
                    reached, falls = reached + entry, falls | entry_bits
                if falls != paid:
                    reached += self._charge(falls & ~paid)
                after = (head, arc_mode, falls)
                known = best.get(after)
                if known is None or reached < known:
                    best[after], step_to[after] = reached, (state, place)
                    heappush(heap, (reached, *after))
        return Tree(least, arrival, step_to)
