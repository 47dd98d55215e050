"""A program that is one circulation, with its plan: edges, and what may flow more or less on them.

Where every limit bounds one origin, one sink, one link or the whole, and no duty depends on both
ends of a lane, all lanes are walks in one graph: from the start to an origin, along links, to a
sink, to the end, and back. What the bound of a row is worth is then the length of a path in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from model.certify.certificate import A_GRAM_KT
from model.certify.lanes import LaneKey, find_lane, find_path
from model.certify.paths import Arc, Network
from model.certify.program import ZERO, Limit, Program, Row, demand_row, limit_row, supply_row
from model.certify.selection import Selection

Place = tuple[str, ...]
Hop = tuple[Place, Place, str]
"""From a place to another, and by what."""
START, END = ("start",), ("end",)
FREE = Row(None, None)
MOST_EDGES = 100_000
"""With more, the graph takes more memory than it is worth."""


@dataclass
class Edge:
    """What a tonne pays from a place to another, the bounds of what flows, and what does."""

    tail: Place
    head: Place
    cost: Fraction
    bounds: Row
    flow: Fraction = ZERO

    @property
    def is_full(self) -> bool:
        """Whether no more may flow, but for what sums of figures leave."""
        return self.bounds.high is not None and self.bounds.high - self.flow <= A_GRAM_KT

    @property
    def is_least(self) -> bool:
        """Whether no less may flow."""
        return self.flow - (self.bounds.low or ZERO) <= A_GRAM_KT


@dataclass
class Circulation:
    """Edges; those of every row of the program, and of every hop of a lane."""

    edges: list[Edge] = field(default_factory=list)
    of_row: dict[str, Edge] = field(default_factory=dict)
    of_hop: dict[Hop, list[Edge]] = field(default_factory=dict)

    def add(self, hop: Hop, cost: Fraction, rows: Iterable[tuple[str, Row]] = ()) -> None:
        """Edges one behind the other, each under one of the rows; the first bears the cost."""
        tail, head, _ = hop
        rows = list(rows) or [("", FREE)]
        between: list[Place] = [(*tail, *head, label) for label, _ in rows[1:]]
        ends = zip([tail, *between], [*between, head], strict=True)
        own = [Edge(*pair, ZERO, row) for pair, (_, row) in zip(ends, rows, strict=True)]
        own[0].cost = cost
        self.edges += own
        self.of_hop[hop] = own
        self.of_row |= {label: edge for (label, _), edge in zip(rows, own, strict=True) if label}

    def ship(self, hops: Iterable[Hop], kt: Fraction) -> None:
        """Send tonnes on their way, and back to the start."""
        for hop in hops:
            for edge in self.of_hop[hop]:
                edge.flow += kt


class NoCirculationError(Exception):
    """Something in a program depends on more than a circulation can say."""


def circulation(program: Program, ship_kt: Mapping[LaneKey, Fraction]) -> Circulation:
    """A plan as a circulation.

    Raises
    ------
    NoCirculationError
        The program is none, or too large a one.
    """
    if len(program.commodities) != 1 or program.recipes or len(program.explicit) > MOST_EDGES:
        raise NoCirculationError
    network = program.network_of(next(iter(program.commodities)))
    if len(network.arcs) > MOST_EDGES:
        raise NoCirculationError
    rows, graph = _local_rows(program, network), Circulation()
    _add_ends(graph, program, rows)
    for origin, sink, mode in program.explicit:
        lane = find_lane(program, LaneKey(origin, sink, mode, ""))
        cost = lane.freight_cny_per_t + lane.carbon_cny_per_t
        graph.add(_explicit_hop(program, lane.key), cost, [("", Row(lane.min_kt, lane.max_kt))])
    _add_network(graph, program, network, rows)
    for key, kt in ship_kt.items():
        if kt:
            graph.ship(_hops(program, key, rows), kt)
    return graph


Rows = Mapping[Place, list[tuple[str, Row]]]
"""Rows by what they bound: an origin, a sink, an arc by its label, or the end."""


def _local_rows(program: Program, network: Network) -> Rows:
    """Every row by the one place that it bounds."""
    rows: dict[Place, list[tuple[str, Row]]] = {}
    for name in program.origins:
        label = supply_row(name)
        rows["origin", name] = [(label, program.rows[label])]
    for name in program.sinks:
        label = demand_row(name)
        rows["sink", name] = [(label, program.rows[label])]
    for arc in network.arcs:
        if arc.limit_kt is not None:
            label = limit_row(arc.limit_name)
            rows["arc", arc.label] = [(label, program.rows[label])]
    for limit in program.limits:
        place = _bounded_place(program, network, limit)
        rows.setdefault(place, []).append((limit.row, program.rows[limit.row]))
    return rows


def _bounded_place(program: Program, network: Network, limit: Limit) -> Place:
    """The one place whose tonnes a limit counts."""
    chosen = limit.selection
    starts, ends, all_starts, all_ends = _taken(program, chosen)
    if limit.measure == "ship_kt" and not chosen.looks_at_path:
        if all_starts and all_ends:
            return END
        if len(starts) == 1 and all_ends:
            return ("origin", *starts)
        if len(ends) == 1 and all_starts:
            return ("sink", *ends)
    if limit.measure == "ship_kt" and chosen.vias and all_starts and all_ends:
        arcs = [arc.label for arc in network.arcs if chosen.on_arc(arc)]
        begins = any(chosen.on_start(origin.node) for origin in program.origins.values())
        if len(arcs) == 1 and not begins:
            return ("arc", *arcs)
    raise NoCirculationError


def _taken(program: Program, chosen: Selection) -> tuple[list[str], list[str], bool, bool]:
    """Origins and sinks that a selection takes, and whether these are all."""
    starts = [name for name, origin in program.origins.items() if chosen.takes_origin(origin)]
    ends = [label for label, sink in program.sinks.items() if chosen.takes_sink(sink)]
    return starts, ends, len(starts) == len(program.origins), len(ends) == len(program.sinks)


def _add_ends(graph: Circulation, program: Program, rows: Rows) -> None:
    """What comes to origins, leaves sinks, and goes back; duties, prices fall on one of these."""
    at_start = dict.fromkeys(program.origins, ZERO)
    at_end = {label: -sink.price_cny_per_t for label, sink in program.sinks.items()}
    for duty in program.duties:
        starts, ends, all_starts, all_ends = _taken(program, duty.selection)
        if duty.selection.looks_at_path or not (all_starts or all_ends):
            raise NoCirculationError
        falls_on, names = (at_start, starts) if all_ends else (at_end, ends)
        for name in names:
            falls_on[name] += duty.charge_cny_per_t
    for name, origin in program.origins.items():
        place = "origin", name
        graph.add((START, place, ""), origin.cost_cny_per_t + at_start[name], rows[place])
    for label in program.sinks:
        place = "sink", label
        graph.add((place, END, ""), at_end[label], rows[place])
    graph.add((END, START, ""), ZERO, rows.get(END, ()))


def _add_network(graph: Circulation, program: Program, network: Network, rows: Rows) -> None:
    """Steps from state to state: a node, and the mode in which it is reached."""
    arrivals: dict[str, set[str]] = {node: {""} for node in network.nodes}
    for arc in network.arcs:
        arrivals[arc.head].add(arc.mode)
    for arc in network.arcs:
        cost = arc.freight_cny_per_t + program.carbon_price_cny_per_t * arc.co2_t_per_t
        if ("arc", arc.label) in rows:
            graph.add(_through(arc), cost, rows["arc", arc.label])
            graph.add((_through(arc)[1], ("node", arc.head, arc.mode), ""), ZERO)
        for mode in sorted(arrivals[arc.tail]):
            entry = network.fixed_cny_per_t[arc.mode] if mode != arc.mode else ZERO
            if ("arc", arc.label) in rows:
                graph.add((("node", arc.tail, mode), _through(arc)[0], ""), entry)
            else:
                graph.add(_step(arc, mode), entry + cost)
    for name, origin in program.origins.items():
        if origin.node in network.nodes:
            graph.add((("origin", name), ("node", origin.node, ""), ""), ZERO)
    for label, sink in program.sinks.items():
        for mode in sorted(arrivals.get(sink.node, ())):
            graph.add((("node", sink.node, mode), ("sink", label), ""), ZERO)


def _through(arc: Arc) -> Hop:
    """The hop that the bounds of an arc are those of, whatever state it is taken from."""
    return ("arc", arc.label, "in"), ("arc", arc.label, "out"), ""


def _step(arc: Arc, mode: str) -> Hop:
    """The hop from a state along an arc without bounds."""
    return ("node", arc.tail, mode), ("node", arc.head, arc.mode), arc.step


def _explicit_hop(program: Program, key: LaneKey) -> Hop:
    sink = program.receivers[program.origins[key.origin].commodity, key.sink]
    return ("origin", key.origin), ("sink", sink.label), key.mode


def _hops(program: Program, key: LaneKey, rows: Rows) -> Iterator[Hop]:
    """The way of a lane, from the start to the end and back."""
    origin = program.origins[key.origin]
    last: Place = ("sink", program.receivers[origin.commodity, key.sink].label)
    yield START, ("origin", key.origin), ""
    if (key.origin, key.sink, key.mode) in program.explicit and not key.route:
        yield _explicit_hop(program, key)
    else:
        start, path = find_path(program, key)
        mode, at = "", start
        yield ("origin", key.origin), ("node", start, ""), ""
        for arc in path:
            if ("arc", arc.label) in rows:
                yield ("node", at, mode), _through(arc)[0], ""
                yield _through(arc)
                yield _through(arc)[1], ("node", arc.head, arc.mode), ""
            else:
                yield _step(arc, mode)
            at, mode = arc.head, arc.mode
        yield ("node", at, mode), last, ""
    yield last, END, ""
    yield END, START, ""
