"""A market whose rows bound single arcs: lanes as the circulation of one good."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from model.arrays import Floats, Integers

if TYPE_CHECKING:
    from model.market.market import Market
    from model.market.network_lanes import NetworkOffer
    from model.market.route_data import Path
    from model.market.route_terms import RouteTerm

Chain = tuple[int, ...]
"""Arcs one after the other."""
NO_ROW = -1


@dataclass(frozen=True)
class ArcFlow:
    """A arcs over which every lane runs in a circle, and the rows that bound them.

    A lane leaves the hub over the arcs of its origin, follows its edges, enters the arcs of its
    sink and comes back to the hub. An arc is bound by one row at most; where several rows count
    the same flow there are as many arcs, one after the other.

    Attributes
    ----------
    tail, head : (A,) nodes; the first ones are the states of the network
    cost_cny_per_t : (A,)
    row : (A,) row that bounds the arc, -1 where there is none
    hub, gate : nodes where lanes begin and end, and where those of all sinks meet before
    origins, edges, sinks : arcs of each; none of an origin or sink without a node
    home : arcs from the gate to the hub
    """

    tail: Integers
    head: Integers
    cost_cny_per_t: Floats
    row: Integers
    hub: int
    gate: int
    origins: tuple[Chain, ...]
    edges: tuple[Chain, ...]
    sinks: tuple[Chain, ...]
    home: Chain

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return int(max(self.tail.max(), self.head.max())) + 1

    def circle(self, origin: int, sink: int, path: Path) -> list[int]:
        """Arcs of a lane."""
        way = [arc for edge in path for arc in self.edges[edge]]
        return [*self.origins[origin], *way, *self.sinks[sink], *self.home]


@dataclass
class _Arcs:
    """Arcs as they are laid."""

    rows: dict[_Part, list[int]]
    next_node: int
    tail: list[int] = field(default_factory=list)
    head: list[int] = field(default_factory=list)
    cost: list[float] = field(default_factory=list)
    row: list[int] = field(default_factory=list)

    def node(self) -> int:
        """Number of a new node."""
        self.next_node += 1
        return self.next_node - 1

    def chain(self, part: _Part, start: int, end: int, cost: float) -> Chain:
        """Lay an arc for every row that bounds a part, or a free one."""
        first = len(self.tail)
        rows = self.rows.get(part, [NO_ROW])
        for row in rows:
            is_last = row == rows[-1]
            self.tail.append(start)
            start = end if is_last else self.node()
            self.head.append(start)
            self.cost.append(cost)
            self.row.append(row)
            cost = 0.0
        return tuple(range(first, len(self.tail)))


_Part = tuple[str, int]
"""What a row may bound: an `origin`, an `edge` or a `sink` by its number, or `home`."""
HOME: _Part = ("home", 0)


def arc_flow(market: Market) -> ArcFlow | None:
    """The arcs of a market of one commodity; None where a row or duty looks at more than one."""
    offer = market.network
    if offer is None or market.explicit is not None or offer.duties or offer.joined is not None:
        return None
    duty, rows = _separate(offer.duty_cny_per_t), _rows_of_parts(market, offer)
    if duty is None or rows is None:
        return None
    network, (of_origin, of_sink) = offer.network, duty
    arcs = _Arcs(rows, network.state_count)
    hub, gate = arcs.node(), arcs.node()
    cost = offer.production_cny_per_t + of_origin
    if offer.price_cny_per_t is not None:
        of_sink = of_sink - offer.price_cny_per_t
    ends = network.tail.tolist(), network.head.tolist(), offer.edge_cost_cny_per_t.tolist()
    origins = [
        arcs.chain(("origin", number), hub, node, float(cost[number])) if node >= 0 else ()
        for number, node in enumerate(offer.origin_node.tolist())
    ]
    edges = [
        arcs.chain(("edge", number), *edge) for number, edge in enumerate(zip(*ends, strict=True))
    ]
    sinks = [
        arcs.chain(("sink", number), node, gate, float(of_sink[number])) if node >= 0 else ()
        for number, node in enumerate(offer.sink_node.tolist())
    ]
    home = arcs.chain(HOME, gate, hub, 0.0)
    return ArcFlow(
        np.array(arcs.tail, dtype=np.intp),
        np.array(arcs.head, dtype=np.intp),
        np.array(arcs.cost),
        np.array(arcs.row, dtype=np.intp),
        hub,
        gate,
        tuple(origins),
        tuple(edges),
        tuple(sinks),
        home,
    )


def _separate(pair: Floats) -> tuple[Floats, Floats] | None:
    """A figure of pairs as the sum of one of origins and one of sinks; None where it is none."""
    if not pair.size:
        return None
    of_origin, of_sink = pair[:, 0], pair[0] - pair[0, 0]
    is_sum = np.abs(of_origin[:, None] + of_sink[None, :] - pair).max() <= 1e-9
    return (of_origin, of_sink) if is_sum else None


def _rows_of_parts(market: Market, offer: NetworkOffer) -> dict[_Part, list[int]] | None:
    """Rows that bound each part; None where one bounds something else."""
    rows: dict[_Part, list[int]] = defaultdict(list)
    sinks_from, limits_from = len(market.origins), len(market.origins) + len(market.sinks)
    for number in range(sinks_from):
        rows["origin", number].append(number)
    for number in range(len(market.sinks)):
        rows["sink", number].append(sinks_from + number)
    for number, term in enumerate(offer.limits):
        part = _part_of(term, offer)
        if part is None:
            return None
        rows[part].append(limits_from + number)
    return dict(rows)


def _part_of(term: RouteTerm, offer: NetworkOffer) -> _Part | None:
    """The one part whose flow a limit counts."""
    if term.depends_on_route:
        one = term.is_plain and term.weights.tolist() == [1.0]
        return ("edge", int(term.edges[0])) if one else None
    origins, sinks = np.flatnonzero(offer.origin_node >= 0), np.flatnonzero(offer.sink_node >= 0)
    counted = term.pair_weight[np.ix_(origins, sinks)]
    is_one = counted == 1.0
    if is_one.all():
        return HOME
    if not (is_one | (counted == 0.0)).all():
        return None
    by_origin, by_sink = is_one.any(axis=1), is_one.any(axis=0)
    if by_origin.sum() == 1 and by_sink.all():
        return "origin", int(origins[by_origin.argmax()])
    if by_sink.sum() == 1 and by_origin.all():
        return "sink", int(sinks[by_sink.argmax()])
    return None
