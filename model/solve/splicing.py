"""Changes of lanes that make up a change of flows on arcs, in a circle.

A tonne that runs against an arc takes the place of another, which came over that arc: it goes
on where that one went, and that one looks for another way from before the arc.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from model.arrays import Booleans
from model.market.arc_flow import ArcFlow
from model.market.lanes import Lanes
from model.solve.optimum import SMALL

Step = tuple[int, bool]
"""An arc, and whether it is followed forwards."""
Pair = tuple[int, int]
"""Numbers of an origin and a sink."""


class LanesOnArcs:
    """Lanes that may carry less, by the arcs that they run over.

    Parameters
    ----------
    lanes_down : (n,) lanes that may carry less
    """

    def __init__(self, arcs: ArcFlow, lanes: Lanes, lanes_down: Booleans) -> None:
        self.arcs = arcs
        self.on: dict[int, list[Pair]] = defaultdict(list)
        names = zip(lanes.origin.tolist(), lanes.sink.tolist(), lanes.item, strict=True)
        for (origin, sink, path), is_down in zip(names, lanes_down.tolist(), strict=True):
            if is_down:
                for arc in arcs.circle(origin, sink, path):
                    self.on[arc].append((origin, sink))
        self.origin_of = {arc: o for o, chain in enumerate(arcs.origins) for arc in chain}
        self.sink_of = {arc: s for s, chain in enumerate(arcs.sinks) for arc in chain}

    def changes(self, circle: list[Step]) -> dict[Pair, float]:
        """Changes of flows by pair that make up a circle of steps, without those that are nil."""
        start, at_hub = self._start(circle)
        tonne = _Tonne(self, at_hub)
        for arc, is_forward in circle[start:] + circle[:start] if start >= 0 else []:
            if is_forward:
                tonne.follow(arc)
            else:
                tonne.replace(arc)
        tonne.close()
        return {pair: kt for pair, kt in tonne.change.items() if abs(kt) > SMALL}

    def _start(self, circle: list[Step]) -> tuple[int, bool]:
        """Where to begin: at the hub, else with a step against an arc, else nowhere (-1)."""
        tail, head, hub = self.arcs.tail, self.arcs.head, self.arcs.hub
        against = -1
        for at, (arc, is_forward) in enumerate(circle):
            if (tail if is_forward else head)[arc] == hub:
                return at, True
            if not is_forward and against < 0:
                against = at
        return against, False


@dataclass
class _Tonne:
    """A tonne on its way round, and what has changed behind it.

    Attributes
    ----------
    at_hub : whether it is where lanes begin and end
    origin, sink : ends of its lane, as far as it has been there
    owed : sink of the lane that the first replaced tonne left, where the way began inside it
    """

    lanes: LanesOnArcs
    at_hub: bool
    origin: int | None = None
    sink: int | None = None
    owed: int | None = None
    change: dict[Pair, float] = field(default_factory=lambda: defaultdict(float))

    def follow(self, arc: int) -> None:
        """Take one more over an arc."""
        self.origin = self.lanes.origin_of.get(arc, self.origin)
        self.sink = self.lanes.sink_of.get(arc, self.sink)
        self._arrive(self.lanes.arcs.head[arc])

    def replace(self, arc: int) -> None:
        """Take the place of a tonne that came over an arc; go on as that one, before it."""
        origin, sink = min(self.lanes.on[arc], key=lambda pair: (pair[0] != self.origin, pair))
        self.change[origin, sink] -= 1.0
        if self.origin is not None:
            self._end(sink)
        elif not self.at_hub:
            self.owed = sink
        arcs = self.lanes.arcs
        self.origin = origin
        is_inside = arc in self.lanes.sink_of and arc != arcs.sinks[sink][0]
        self.sink = sink if is_inside or arc in arcs.home else None
        self.at_hub = bool(arcs.tail[arc] == arcs.hub)
        if self.at_hub:
            self.origin = None

    def _arrive(self, node: int) -> None:
        self.at_hub = bool(node == self.lanes.arcs.hub)
        if self.at_hub:
            self._end(None)
            self.origin = self.sink = None

    def _end(self, sink: int | None) -> None:
        """Count a lane that is whole; its sink is this one, where it has not come to one."""
        end = sink if self.sink is None else self.sink
        assert self.origin is not None and end is not None
        self.change[self.origin, end] += 1.0

    def close(self) -> None:
        """End at the place where the way began."""
        if self.owed is not None:
            self._end(self.owed)
