"""What carries goods in the siting program: lanes, or pairs of places with the arcs between them.

Every lane that no other beats is one way to state all routes. Where limits on arcs leave more of
them than can be listed, flows of each origin on arcs state the same: they are sums of routes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import block_diag, coo_array, csc_array, csr_array, hstack

from model.arrays import Floats, Integers
from model.market.columns import columns
from model.market.lanes import Lanes
from model.market.market import Market
from model.market.network_lanes import NetworkOffer
from model.market.unbeaten_routes import (
    MOST_LABELS,
    TooManyRoutes,
    lanes_that_matter,
    with_explicit,
)

ROUTES_PER_ARC = 4
"""Partial routes of an origin, for each arc, beyond which flows on arcs are the smaller program."""
MOST_ARCS = 100_000
"""Arcs of all flows that a program on arcs may have."""


@dataclass(frozen=True)
class FlowColumns:
    """n columns that carry goods.

    Attributes
    ----------
    cost_cny_per_t, min_kt, max_kt : (n,)
    matrix : (O + S + K, n) what each counts in the rows of the market
    balance : (b, n) rows that are 0: what comes to a state of the network leaves it
    origin : (n,) where the goods come from
    part : (n,) what the column ends at: a sink, or beyond the sinks the flow it is an arc of
    takes_kt : most that each of these takes
    flow_sinks : of each flow on arcs, the sinks that it goes to
    """

    cost_cny_per_t: Floats
    min_kt: Floats
    max_kt: Floats
    matrix: csc_array
    balance: csr_array
    origin: Integers
    part: Integers
    takes_kt: Floats
    flow_sinks: tuple[Integers, ...] = ()

    def __len__(self) -> int:
        return len(self.cost_cny_per_t)

    @staticmethod
    def of_lanes(market: Market, lanes: Lanes) -> FlowColumns:
        """A column for each lane."""
        return FlowColumns(
            lanes.cost_cny_per_t,
            lanes.min_kt,
            lanes.max_kt,
            columns(market, lanes),
            csr_array((0, len(lanes))),
            lanes.origin,
            lanes.sink,
            market.max_kt,
        )


def flow_columns(market: Market, is_late: Callable[[], bool] = lambda: False) -> FlowColumns:
    """The columns of a market: its lanes that no other beats, or its arcs where these are fewer.

    Parameters
    ----------
    is_late : whether the time has run out

    Raises
    ------
    TooManyRoutes
        There are too many lanes, and a duty that is due once on a route cannot be stated on arcs.
    OutOfTime
    """
    offer = market.network
    if offer is None or offer.duties:
        return FlowColumns.of_lanes(market, lanes_that_matter(market, is_late))
    flows = list(_flows(market, offer))
    arcs = len(flows) * len(offer.network.arc)
    most_labels = ROUTES_PER_ARC * len(offer.network.arc) if arcs <= MOST_ARCS else MOST_LABELS
    try:
        return FlowColumns.of_lanes(market, lanes_that_matter(market, is_late, most_labels))
    except TooManyRoutes:
        if arcs > MOST_ARCS:
            raise
        return _on_arcs(market, offer, flows)


@dataclass(frozen=True)
class _Flow:
    """What one origin sends to sinks that limits on arcs do not tell apart.

    Attributes
    ----------
    origin : number
    sinks : (s,) numbers
    most_kt : on any arc
    """

    origin: int
    sinks: Integers
    most_kt: float


def _on_arcs(market: Market, offer: NetworkOffer, flows: list[_Flow]) -> FlowColumns:
    """A column for each pair, then for each arc of each origin's flows, then for explicit lanes."""
    pairs = [(flow.origin, sink) for flow in flows for sink in flow.sinks.tolist()]
    origin, sink = np.array(pairs, dtype=np.intp).reshape(-1, 2).T
    edges, width = len(offer.network.arc), len(flows) * len(offer.network.arc)
    explicit = with_explicit(market, Lanes.none(len(market.limits.names)))
    of_explicit = FlowColumns.of_lanes(market, explicit)
    rows = _pair_rows(market, offer, origin, sink), _edge_rows(market, offer, flows)
    balance = hstack(
        [
            *_balance(offer, flows),
            csr_array((len(flows) * offer.network.state_count, len(explicit))),
        ]
    )
    from_origin = np.repeat([flow.origin for flow in flows], edges).astype(np.intp)
    most = np.array([flow.most_kt for flow in flows])
    return FlowColumns(
        np.r_[
            offer.pair_cost_cny_per_t[origin, sink],
            np.tile(offer.edge_cost_cny_per_t, len(flows)),
            of_explicit.cost_cny_per_t,
        ],
        np.r_[np.zeros(len(pairs) + width), of_explicit.min_kt],
        np.r_[np.full(len(pairs), np.inf), np.repeat(most, edges), of_explicit.max_kt],
        csc_array(hstack([*rows, of_explicit.matrix], format="csc")),
        csr_array(balance),
        np.r_[origin, from_origin, of_explicit.origin],
        np.r_[sink, len(market.sinks) + np.repeat(np.arange(len(flows)), edges), of_explicit.part],
        np.r_[market.max_kt, most],
        tuple(flow.sinks for flow in flows),
    )


def _flows(market: Market, offer: NetworkOffer) -> Iterator[_Flow]:
    """Each origin's flows; sinks that the same limits on arcs count are together."""
    code = np.zeros(offer.has_nodes.shape, dtype=np.intp)
    for term in offer.limits:
        if term.depends_on_route:
            code = np.unique(2 * code + term.pairs, return_inverse=True)[1].reshape(code.shape)
    for origin in range(len(market.origins)):
        reached = np.flatnonzero(offer.has_nodes[origin])
        for group in np.unique(code[origin, reached]):
            sinks = reached[code[origin, reached] == group]
            yield _Flow(origin, sinks, float(market.max_kt[sinks].sum()))


def _pair_rows(market: Market, offer: NetworkOffer, origin: Integers, sink: Integers) -> csc_array:
    """What a tonne of each pair counts, whichever way it goes: (rows, pairs)."""
    pair = np.arange(len(origin))
    first_sink, first_limit = len(market.origins), len(market.origins) + len(market.sinks)
    rows, cols, values = [origin, first_sink + sink], [pair, pair], [np.ones(len(pair))] * 2
    for number, term in enumerate(offer.limits):
        counted = np.broadcast_to(term.pair_weight, offer.has_nodes.shape)[origin, sink]
        rows.append(np.full(len(pair), first_limit + number))
        cols.append(pair)
        values.append(counted)
    entries = np.concatenate(values), (np.concatenate(rows), np.concatenate(cols))
    return csc_array(coo_array(entries, shape=(market.row_count, len(pair))))


def _edge_rows(market: Market, offer: NetworkOffer, flows: list[_Flow]) -> csc_array:
    """What a tonne on each arc of each flow counts in limits: (rows, flows × arcs)."""
    edges, first_limit = len(offer.network.arc), len(market.origins) + len(market.sinks)
    rows, cols, values = [np.zeros(0, np.intp)], [np.zeros(0, np.intp)], [np.zeros(0)]
    for number, term in enumerate(offer.limits):
        for place, flow in enumerate(flows):
            if term.depends_on_route and term.pairs[flow.origin, flow.sinks[0]]:
                rows.append(np.full(len(term.edges), first_limit + number))
                cols.append(place * edges + term.edges)
                values.append(term.weights)
    entries = np.concatenate(values), (np.concatenate(rows), np.concatenate(cols))
    return csc_array(coo_array(entries, shape=(market.row_count, len(flows) * edges)))


def _balance(offer: NetworkOffer, flows: list[_Flow]) -> tuple[csr_array, csr_array]:
    """Pairs and arcs in the rows of each flow's states: out less in, less what begins there."""
    network, edge = offer.network, np.arange(len(offer.network.arc))
    states = (network.state_count, len(edge))
    one = np.ones(len(edge))
    leaves = coo_array(
        (np.r_[one, -one], (np.r_[network.tail, network.head], np.r_[edge, edge])), shape=states
    )
    begins = []
    for flow in flows:
        pair, ones = np.arange(len(flow.sinks)), np.ones(len(flow.sinks))
        start = np.full(len(pair), offer.origin_node[flow.origin])
        ends = offer.sink_node[flow.sinks]
        entries = np.r_[-ones, ones], (np.r_[start, ends], np.r_[pair, pair])
        begins.append(coo_array(entries, shape=(network.state_count, len(pair))))
    return (
        csr_array(block_diag(begins, format="csr")),
        csr_array(block_diag([leaves] * len(flows), format="csr")),
    )
