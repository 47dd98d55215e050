"""The tonnes that arrive, by where they were made, derived again from a plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from model.certify.lanes import Lane, LaneKey, ends_of
from model.certify.program import INPUT, Program
from model.certify.selection import Origin, Sink

DOMESTIC, EXPORT = "domestic", "export"
Place = tuple[str, int]
"""An origin or a sink, and a stretch of a plan; 0 where there are none."""
SMALL_KT = Fraction(1, 1_000_000_000)


@dataclass(frozen=True)
class Flow:
    """Tonnes between two places; `km` are those of every leg since they were made.

    Attributes
    ----------
    made, used : of a plan, the stretch in which its origin made them or took them in, and the one
        in which they arrive
    """

    origin: Origin
    sink: Sink
    lane: Lane
    ship_kt: Fraction
    km: Fraction
    made: int = 0
    used: int = 0

    @property
    def start(self) -> Place:
        """The origin, and the stretch in which it made them or took them in."""
        return self.origin.name, self.made

    @property
    def end(self) -> Place:
        """The place where they arrive, and the stretch in which they do."""
        return self.sink.name, self.used

    @property
    def is_ours(self) -> bool:
        """Whether it starts in the country."""
        return self.origin.kind == DOMESTIC

    @property
    def is_domestic(self) -> bool:
        """Whether it starts and ends in the country."""
        return self.is_ours and self.sink.kind == DOMESTIC

    @property
    def is_export(self) -> bool:
        """Whether it leaves the country."""
        return self.is_ours and self.sink.kind == EXPORT

    @property
    def is_local(self) -> bool:
        """Whether it stays in its region."""
        return self.is_domestic and self.origin.region == self.sink.region

    @property
    def is_moved(self) -> bool:
        """Whether it crosses a provincial border within the country."""
        return self.is_domestic and not self.is_local


def flow_of(program: Program, key: LaneKey, lane: Lane, ship_kt: Fraction) -> Flow:
    """A flow with its ends."""
    return Flow(*ends_of(program, key), lane, ship_kt, lane.km)


def deliveries(program: Program, flows: list[Flow]) -> list[Flow]:
    """Flows of the case's own commodity to sinks, each from the origin that made it."""
    return traced([x for x in flows if x.origin.commodity == program.commodity], program.depots)


def traced(own: list[Flow], depots: frozenset[str]) -> list[Flow]:
    """Flows to sinks, each from the origin that made it; of a plan in kt, not kt per year."""
    if not depots:
        return [flow for flow in own if flow.sink.kind != INPUT]
    own = sorted(own, key=lambda flow: (flow.used, flow.made, flow.lane.key))
    found: list[Flow] = []
    arrived: defaultdict[Place, list[Flow]] = defaultdict(list)
    left = _without_circles([x for x in own if x.origin.name in depots], depots)
    ready = [flow for flow in own if flow.origin.name not in depots]
    while ready:
        for flow in ready:
            if flow.sink.kind != INPUT:
                found.append(flow)
            elif flow.sink.name in depots:
                arrived[flow.end].append(flow)
        waiting = {flow.end for flow in left if flow.sink.kind == INPUT}
        depot = min({flow.start for flow in left} - waiting, default=None)
        leaving = [flow for flow in left if flow.start == depot]
        ready = [part for flow in leaving for part in _handed_on(arrived[flow.start], flow)]
        left = [flow for flow in left if flow.start != depot]
    return found


def _handed_on(stock: list[Flow], flow: Flow) -> Iterator[Flow]:
    """A flow out of a depot, made of what came in first; that leaves the stock."""
    need = flow.ship_kt
    while need > SMALL_KT and stock:
        first = stock[0]
        kt = min(need, first.ship_kt)
        whole = first.km + flow.km
        yield replace(flow, origin=first.origin, made=first.made, ship_kt=kt, km=whole)
        need, rest = need - kt, first.ship_kt - kt
        stock[:1] = [replace(first, ship_kt=rest)] if rest > SMALL_KT else []


def _without_circles(flows: list[Flow], depots: frozenset[str]) -> list[Flow]:
    """Flows without what goes round from depot to depot and back."""
    while circle := _circle(flows, depots):
        kt = min(flow.ship_kt for flow in circle)
        flows = [
            replace(flow, ship_kt=flow.ship_kt - kt) if flow in circle else flow for flow in flows
        ]
        flows = [flow for flow in flows if flow.ship_kt > SMALL_KT]
    return flows


def _circle(flows: list[Flow], depots: frozenset[str]) -> list[Flow]:
    """Some flows that lead from a depot back to it; none where none do."""
    between = [x for x in flows if x.sink.kind == INPUT and x.sink.name in depots]
    leads: dict[Place, list[Flow]] = {}
    for flow in between:
        leads.setdefault(flow.start, []).append(flow)

    def walk(place: Place, path: list[Flow]) -> list[Flow]:
        for number, flow in enumerate(path):
            if flow.start == place:
                return path[number:]
        return next(
            (found for flow in leads.get(place, []) if (found := walk(flow.end, [*path, flow]))),
            [],
        )

    return next((found for place in sorted(leads) if (found := walk(place, []))), [])
