"""Marginal values of a program that is one circulation, as lengths of shortest paths.

To move a bound by ε, as little as that is sent round a circle through its edge, or taken off it,
along edges on which more, or less, may flow. The cheapest circle is a shortest path from one end of
the edge to the other; potentials make all lengths whole and none negative.

References
----------
Ahuja, Magnanti and Orlin, Network Flows (1993), sections 9.3 and 9.11.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import lcm

from model.audit.circulation import END, Circulation, Edge, Place
from model.certify.compiled_paths import CompiledPaths
from model.certify.program import ZERO
from model.certify.reading import CertificateError

Step = tuple[int, int, int]


class Lengths:
    """Least lengths between places, of ways along which the plan may be changed.

    Raises
    ------
    CertificateError
        A circle costs less than nothing, so that the plan is not optimal.
    """

    def __init__(self, edges: Iterable[Edge]) -> None:
        edges = list(edges)
        self.scale = lcm(*(edge.cost.denominator for edge in edges))
        places = dict.fromkeys(place for edge in edges for place in (edge.tail, edge.head))
        self.number = {place: number for number, place in enumerate(places)}
        steps: list[Step] = []
        for edge in edges:
            tail, head = self.number[edge.tail], self.number[edge.head]
            cost = int(edge.cost * self.scale)
            if not edge.is_full:
                steps.append((tail, head, cost))
            if not edge.is_least:
                steps.append((head, tail, -cost))
        self.level = _levels(len(places), steps)
        ahead = [(x, y, cost + self.level[x] - self.level[y]) for x, y, cost in steps]
        self.ahead = CompiledPaths(((str(x), ""), (str(y), ""), cost) for x, y, cost in ahead)
        self.back = CompiledPaths(((str(y), ""), (str(x), ""), cost) for x, y, cost in ahead)
        self.found: dict[tuple[Place, bool], Mapping[str, int]] = {}

    def between(self, tail: Place, head: Place, hub: Place) -> Fraction | None:
        """CNY/t from one place to another, one of which is `hub`; None where no way leads.

        Raises
        ------
        CertificateError
            Lengths are too large to be stated exactly.
        """
        other = head if hub == tail else tail
        length = self._from(hub, is_ahead=hub == tail).get(str(self.number[other]))
        if length is None:
            return None
        whole = length - self.level[self.number[tail]] + self.level[self.number[head]]
        return Fraction(whole, self.scale)

    def _from(self, hub: Place, *, is_ahead: bool) -> Mapping[str, int]:
        """Lengths from a place, or to it, as `level` makes them."""
        key = hub, is_ahead
        if key not in self.found:
            paths, start = self.ahead if is_ahead else self.back, str(self.number[hub])
            none = {start: 0} if (start, "") not in paths.number else None
            found = none or paths.least((start, ""))
            if found is None:
                raise CertificateError("lengths beyond whole numbers in floating point")
            self.found[key] = found
        return self.found[key]


def _levels(count: int, steps: Iterable[Step]) -> list[int]:
    """A number for each place, such that no step goes up by more than its cost.

    Raises
    ------
    CertificateError
        There are none: a circle costs less than nothing.
    """
    leaving: list[list[tuple[int, int]]] = [[] for _ in range(count)]
    for tail, head, cost in steps:
        leaving[tail].append((head, cost))
    level, visits = [0] * count, [0] * count
    waiting, is_waiting = deque(range(count)), [True] * count
    while waiting:
        place = waiting.popleft()
        is_waiting[place] = False
        visits[place] += 1
        if visits[place] > count:
            raise CertificateError("a plan that is not optimal")
        for head, cost in leaving[place]:
            if level[place] + cost < level[head]:
                level[head] = level[place] + cost
                if not is_waiting[head]:
                    is_waiting[head] = True
                    waiting.append(head)
    return level


class PathValues:
    """What moving the bounds of rows is worth, to one side or the other, under a plan."""

    def __init__(self, graph: Circulation) -> None:
        self.graph, self.lengths = graph, Lengths(graph.edges)

    def slope(self, row: str, step: int, *, moves_low: bool, moves_high: bool) -> Fraction | None:
        """Change of least cost per unit as the bounds that move do so by `step` (+1 or −1) times ε.

        Returns
        -------
        CNY/t; None where no plan is left.
        """
        edge = self.graph.of_row[row]
        is_fixed = edge.bounds.low == edge.bounds.high
        if is_fixed and not (moves_low and moves_high) and (step < 0) == moves_high:
            return None  # the bounds would cross
        if moves_low and moves_high:
            change = self._more(edge) if step > 0 else self._less(edge)
            return None if change is None else change * step
        if (moves_high and not edge.is_full) or (moves_low and not edge.is_least):
            return ZERO
        is_eased = (step > 0) == moves_high
        change = self._more(edge) if step > 0 else self._less(edge)
        if is_eased:
            return min(ZERO if change is None else change, ZERO) * step
        return None if change is None else change * step

    def _more(self, edge: Edge) -> Fraction | None:
        """What one tonne more along an edge costs."""
        way = self.lengths.between(edge.head, edge.tail, _hub(edge))
        return None if way is None else edge.cost + way

    def _less(self, edge: Edge) -> Fraction | None:
        """What one tonne less along an edge costs."""
        way = self.lengths.between(edge.tail, edge.head, _hub(edge))
        return None if way is None else way - edge.cost


def _hub(edge: Edge) -> Place:
    """The end of an edge that it shares with more of its kind."""
    return END if edge.head == END else edge.tail
