"""Every lane that an optimum may need, so that a choice among them is exact over all lanes.

Of two routes of one pair, the one that costs no more and takes no more of any limit is never worse.
The routes that are not beaten in this sense are found by labels (cost, what is taken of each limit)
that grow along the network; where no limit depends on the route, they are the shortest paths.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from model.arrays import Floats, Integers
from model.market.explicit_lanes import ExplicitOffer
from model.market.lanes import Lanes
from model.market.market import Market
from model.market.network import Network
from model.market.network_lanes import NetworkOffer, RouteTerm
from model.market.shortest_paths import StateGraph

MOST_LABELS = 2_000_000
"""Labels beyond which a network with limits on routes is too large to site in."""
SAME = 1e-9

Path = tuple[int, ...]


class TooManyRoutes(Exception):  # noqa: N818 - the name says it
    """Limits on routes leave more routes to choose among than can be listed."""


def lanes_that_matter(market: Market) -> Lanes:
    """All explicit lanes, and of the network's routes those that no other route beats.

    Raises
    ------
    TooManyRoutes
        More than `MOST_LABELS` partial routes.
    """
    parts = []
    for offer in market.offers:
        if isinstance(offer, NetworkOffer):
            parts.append(_network_lanes(offer))
        else:
            assert isinstance(offer, ExplicitOffer)
            parts.append(offer.lanes(np.arange(offer.size)))
    return Lanes.join(parts)


def _network_lanes(offer: NetworkOffer) -> Lanes:
    """Unbeaten routes of every pair; pairs that the same terms count share a search."""
    network = offer.network
    graph = StateGraph(network.tail, network.head, network.state_count)
    origins, sinks, paths = [], [], []
    for priced, counted, pairs in _groups(offer):
        price = offer.edge_cost_cny_per_t + sum(
            (charge * _edges(term) for term, charge in priced), np.zeros(len(network.arc))
        )
        for source, here in _by_source(offer, pairs):
            targets = np.unique(offer.sink_node[here[:, 1]])
            if counted:
                found = _unbeaten(network, price, [_edges(term) for term in counted], source)
            else:
                tree = graph.trees(price, np.array([source]))[source]
                found = {
                    int(node): [tree.path(int(node))]
                    for node in targets
                    if np.isfinite(tree.distance[node])
                }
            for origin, sink in here:
                for path in found.get(int(offer.sink_node[sink]), []):
                    origins.append(origin)
                    sinks.append(sink)
                    paths.append(path)
    return offer.lanes(np.array(origins, dtype=np.intp), np.array(sinks, dtype=np.intp), paths)


def _edges(term: RouteTerm) -> Floats:
    assert term.edge_weight is not None
    return term.edge_weight


Group = tuple[list[tuple[RouteTerm, float]], list[RouteTerm], Integers]


def _groups(offer: NetworkOffer) -> Iterator[Group]:
    """Duties and limits on routes, and the pairs (n, 2) that just these select."""
    priced = list(offer.duties)
    counted = [term for term in offer.limits if term.edge_weight is not None and term.pairs.any()]
    reachable = (offer.origin_node[:, None] >= 0) & (offer.sink_node[None, :] >= 0)
    code = np.zeros(reachable.shape, dtype=np.intp)
    for term in [*(term for term, _ in priced), *counted]:
        code = np.unique(2 * code + term.pairs, return_inverse=True)[1].reshape(code.shape)
    for number in np.unique(code[reachable]):
        pairs = np.argwhere(reachable & (code == number))
        first = tuple(pairs[0])
        yield (
            [(term, charge) for term, charge in priced if term.pairs[first]],
            [term for term in counted if term.pairs[first]],
            pairs,
        )


def _by_source(offer: NetworkOffer, pairs: Integers) -> Iterator[tuple[int, Integers]]:
    source = offer.origin_node[pairs[:, 0]]
    for node in np.unique(source):
        yield int(node), pairs[source == node]


@dataclass(order=True)
class _Label:
    """A partial route: its price, what it takes of each limit, where it stands, its edges."""

    price: float
    taken: tuple[float, ...]
    state: int = field(compare=False)
    path: Path = field(compare=False)

    def beats(self, other: _Label) -> bool:
        return self.price <= other.price + SAME and all(
            mine <= theirs + SAME for mine, theirs in zip(self.taken, other.taken, strict=True)
        )


def _unbeaten(
    network: Network, price: Floats, counts: list[Floats], source: int
) -> dict[int, list[Path]]:
    """Routes from a state to every other that no route beats in price and in all counts.

    Source
    ------
    E. Q. V. Martins, On a multicriteria shortest path problem, EJOR 16 (1984).
    """
    edges: dict[int, list[int]] = defaultdict(list)
    for edge, tail in enumerate(network.tail.tolist()):
        edges[tail].append(edge)
    head, cost = network.head.tolist(), price.tolist()
    taken = list(zip(*(count.tolist() for count in counts), strict=True))
    kept: dict[int, list[_Label]] = defaultdict(list)
    waiting = [_Label(0.0, (0.0,) * len(counts), source, ())]
    labels = 0
    while waiting:
        label = heapq.heappop(waiting)
        if any(other.beats(label) for other in kept[label.state]):
            continue
        kept[label.state].append(label)
        for edge in edges[label.state]:
            more = tuple(a + b for a, b in zip(label.taken, taken[edge], strict=True))
            longer = _Label(label.price + cost[edge], more, head[edge], (*label.path, edge))
            if not any(other.beats(longer) for other in kept[longer.state]):
                heapq.heappush(waiting, longer)
                labels += 1
        if labels > MOST_LABELS:
            raise TooManyRoutes(
                f"more than {MOST_LABELS:,} partial routes differ in what they take of the limits"
                " on links, nodes or emissions; choose among fewer such limits"
            )
    return {state: [label.path for label in found] for state, found in kept.items()}
