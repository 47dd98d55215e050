"""Places that tonnes pass: ports, borders, limited links and limits, and which lanes they count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csc_array

from model.arrays import Booleans, Floats, Integers
from model.market.compile_market import EMISSIONS, MONEY, SHIPMENTS
from model.market.lanes import Lanes
from model.market.market import Market
from model.market.network import Network
from model.market.network_lanes import NetworkOffer
from model.market.selection import names_in

if TYPE_CHECKING:
    from model.case.case import Case
    from model.case.records import Record

PORT, BORDER, LINK, LIMIT = "port", "border", "link", "limit"
ROLES = (PORT, BORDER, LINK, LIMIT)
UNITS = {SHIPMENTS: "kt/yr", EMISSIONS: "kt CO2e/yr", MONEY: "MCNY/yr"}
SELECTION = ("origin", "region", "sink", "kind", "mode", "commodity")
"""Cells of limits.csv that select, beside `via`."""
NO_EDGES = np.zeros(0, dtype=np.intp)


@dataclass(frozen=True)
class Crossing:
    """A place that tonnes pass, and what a lane that is to avoid it must not do.

    Attributes
    ----------
    name, role, direction : as throughput.csv has them
    unit : of what passes
    limit : most that may pass; infinite where nothing limits it
    row : number of its limit among those of the market, or None of a node
    edges : edges of the network that it counts
    pairs : (O, S) pairs that it counts whichever way they go
    """

    name: str
    role: str
    direction: str
    unit: str
    limit: float
    row: int | None
    edges: Integers
    pairs: Booleans

    def counts(self, lanes: Lanes, weight: csc_array) -> Floats:
        """How much a tonne on each of these lanes counts, (n,); `weight` is theirs, (n, K)."""
        if self.row is not None:
            count = np.zeros(len(lanes))
            here = slice(weight.indptr[self.row], weight.indptr[self.row + 1])
            count[weight.indices[here]] = weight.data[here]
            return count
        edges = set(self.edges.tolist())
        on_way = np.array([sum(edge in edges for edge in item) for item in lanes.item], float)
        starts = self.pairs[lanes.origin, lanes.sink]
        return np.where(lanes.offer == NetworkOffer.number, on_way + starts, 0.0)


def crossings(case: Case, market: Market) -> list[Crossing]:
    """Every port and border of a case, then each direction of a limited link, then its limits."""
    return [*_nodes(case, market), *_links(case, market), *_limits(case, market)]


def _nodes(case: Case, market: Market) -> Iterator[Crossing]:
    offer = market.network
    if offer is None:
        return
    network, most = offer.network, dict(zip(market.limits.names, market.limits.max_kt, strict=True))
    own = {node: float(most[name]) for node, name in limits_of_nodes(case).items()}
    name_of = np.array([*network.nodes, ""], dtype=object)
    leads_to, starts = name_of[network.node], name_of[offer.origin_node]
    named = list(zip(case.nodes["node"], case.nodes["kind"], strict=True))
    for name, kind in [node for role in (PORT, BORDER) for node in named if node[1] == role]:
        edges = np.flatnonzero(network.is_arc & (leads_to == name))
        here = np.broadcast_to((starts == name)[:, None], offer.shape)
        yield Crossing(name, kind, "", UNITS[SHIPMENTS], own.get(name, np.inf), None, edges, here)


def limits_of_nodes(case: Case) -> dict[str, str]:
    """The least of the limits that count every passage of one node, and nothing else, by node."""
    found: dict[str, tuple[float, str]] = {}
    for row in _rows(case):
        places = names_in(row["via"])
        is_plain = not any(row[name] for name in SELECTION) and row["measure"] == SHIPMENTS
        if is_plain and len(places) == 1 and row["max"] == row["max"]:
            found[places[0]] = min(found.get(places[0], (np.inf, "")), (row["max"], row["limit"]))
    return {place: name for place, (_, name) in found.items()}


def _rows(case: Case) -> list[Record]:
    return case.limits.to_dict("records")  # type: ignore[return-value]


def _links(case: Case, market: Market) -> Iterator[Crossing]:
    offer = market.network
    if offer is None:
        return
    first, last = len(case.limits), len(market.limits.names) - len(market.inputs)
    for row in range(first, last):
        edges = offer.limits[row].edges
        direction = offer.network.link_name(int(edges[0]))
        yield _of_limit(market, row, LINK, direction, UNITS[SHIPMENTS])


def _limits(case: Case, market: Market) -> Iterator[Crossing]:
    for row, cells in enumerate(_rows(case)):
        yield _of_limit(market, row, LIMIT, "", UNITS[cells["measure"]])


def _of_limit(market: Market, row: int, role: str, direction: str, unit: str) -> Crossing:
    name, most = market.limits.names[row], float(market.limits.max_kt[row])
    edges = NO_EDGES
    pairs = np.broadcast_to(np.False_, (len(market.origins), len(market.sinks)))
    if market.network is not None:
        term = market.network.limits[row]
        edges = term.edges
        pairs = pairs if role == LINK else np.asarray(term.pair_weight != 0)
    return Crossing(name, role, direction, unit, most, row, edges, pairs)


def passed_nodes(network: Network, path: tuple[int, ...]) -> list[str]:
    """Names of the nodes that the arcs of a route lead to, in order."""
    return [network.nodes[network.node[edge]] for edge in path if network.is_arc[edge]]
