"""Every lane that an optimum may need, so that a choice among them is exact over all lanes.

Of two routes of one pair, the one that costs no more and takes no more of any limit is never worse.
The routes that are not beaten in this sense are found by labels (cost, what is taken of each limit)
that grow along the network; where no limit depends on the route, they are the shortest paths.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from operator import add, and_
from typing import NamedTuple

import numpy as np

from model.arrays import Floats, Integers
from model.case.errors import OutOfTime, SolverFailed
from model.market.lanes import Lanes
from model.market.market import Market
from model.market.network import Network
from model.market.network_lanes import NetworkOffer
from model.market.route_data import Path
from model.market.route_terms import RouteDuty, RouteTerm

MOST_LABELS = 2_000_000
"""Labels beyond which a network with limits on routes is too large to site in."""
SAME = 1e-9


class TooManyRoutes(SolverFailed):
    """Limits on routes leave more routes to choose among than can be listed."""


def lanes_that_matter(
    market: Market, is_late: Callable[[], bool] = lambda: False, most_labels: int = MOST_LABELS
) -> Lanes:
    """All explicit lanes, and of the network's routes those that no other route beats.

    Parameters
    ----------
    is_late : whether the time has run out
    most_labels : partial routes that one search may take

    Raises
    ------
    TooManyRoutes
        More partial routes than that.
    OutOfTime
    """
    return with_explicit(market, unbeaten_routes(market, is_late, most_labels))


def unbeaten_routes(
    market: Market, is_late: Callable[[], bool] = lambda: False, most_labels: int = MOST_LABELS
) -> Lanes:
    """The network's routes that no other route beats; as `lanes_that_matter`."""
    if market.network is None:
        return Lanes.none(len(market.limits.names))
    return _unbeaten_of_pairs(market.network, is_late, most_labels)


def routes_again(market: Market, routes: Lanes) -> Lanes:
    """The same routes as this market prices and counts them: for one of the same network."""
    if market.network is None:
        return routes
    return market.network.lanes(routes.origin, routes.sink, list(routes.item))


def with_explicit(market: Market, routes: Lanes) -> Lanes:
    """Routes, and every explicit lane."""
    parts = [Lanes.none(len(market.limits.names)), routes]
    if market.explicit is not None:
        parts.append(market.explicit.every_lane())
    return Lanes.join(parts)


def _unbeaten_of_pairs(offer: NetworkOffer, is_late: Callable[[], bool], most_labels: int) -> Lanes:
    """Unbeaten routes of every pair; pairs that the same terms count share a search."""
    origins, sinks, paths = [], [], []
    for group in _groups(offer):
        routes = group.searched(offer, is_late, most_labels)
        for source, here in _by_source(offer, group.pairs):
            if is_late():
                raise OutOfTime
            found = routes(source, offer.sink_node[here[:, 1]])
            for origin, sink in here:
                for path in found.get(int(offer.sink_node[sink]), []):
                    origins.append(origin)
                    sinks.append(sink)
                    paths.append(path)
    return offer.lanes(np.array(origins, dtype=np.intp), np.array(sinks, dtype=np.intp), paths)


@dataclass(frozen=True)
class _Group:
    """Pairs (n, 2) that just these duties and limits on routes select.

    Attributes
    ----------
    duties : due once on each route that meets them, unless it bears them in any case
    limits : counted on every edge; of money, the duties are counted too
    """

    duties: list[RouteDuty]
    limits: list[RouteTerm]
    pairs: Integers

    def searched(
        self, offer: NetworkOffer, is_late: Callable[[], bool], most_labels: int
    ) -> Callable[[int, Integers], dict[int, list[Path]]]:
        """The search for routes from a source by target that no other route beats."""
        price = offer.edge_cost_cny_per_t

        def shortest(source: int, targets: Integers) -> dict[int, list[Path]]:
            tree = offer.graph.trees(price, np.array([source]))[source]
            reached = (int(node) for node in np.unique(targets) if np.isfinite(tree.distance[node]))
            return {node: [tree.path(node)] for node in reached}

        if not self.limits and not self.duties:
            return shortest
        edges, dues = self._edges(offer), self._dues(offer)

        def unbeaten(source: int, _: Integers) -> dict[int, list[Path]]:
            return _unbeaten(edges, dues, len(self.limits), source, is_late, most_labels)

        return unbeaten

    def _edges(self, offer: NetworkOffer) -> list[list[tuple[int, _Edge]]]:
        network = offer.network
        counts, brings = np.zeros((2, len(network.arc), 0))
        if self.limits:
            counts = np.column_stack([_spread(t.edges, t.weights, network) for t in self.limits])
        if self.duties:
            brings = np.column_stack([_spread(d.edges, 1.0, network) for d in self.duties])
        leaving: list[list[tuple[int, _Edge]]] = [[] for _ in range(network.state_count)]
        figures = network.head.tolist(), offer.edge_cost_cny_per_t.tolist(), counts.tolist()
        rows = zip(network.tail.tolist(), *figures, (brings > 0).tolist(), strict=True)
        for number, (tail, head, price, taken, brought) in enumerate(rows):
            leaving[tail].append((number, _Edge(head, price, tuple(taken), tuple(brought))))
        return leaving

    def _dues(self, offer: NetworkOffer) -> list[_Edge]:
        """What a route adds that bears each of the group's duties."""
        position = {id(duty): number for number, duty in enumerate(offer.duties)}
        return [
            _Edge(
                -1,
                duty.charge_cny_per_t,
                tuple(
                    0.0 if t.duty_weight is None else float(t.duty_weight[position[id(duty)]])
                    for t in self.limits
                ),
                (),
            )
            for duty in self.duties
        ]


def _spread(edges: Integers, values: Floats | float, network: Network) -> Floats:
    spread = np.zeros(len(network.arc))
    spread[edges] = values
    return spread


def _groups(offer: NetworkOffer) -> Iterator[_Group]:
    counted = [term for term in offer.limits if term.depends_on_route and term.pairs.any()]
    due = [(duty, duty.pairs & ~duty.always) for duty in offer.duties]
    code = np.zeros(offer.has_nodes.shape, dtype=np.intp)
    for selected in [*(selected for _, selected in due), *(term.pairs for term in counted)]:
        code = np.unique(2 * code + selected, return_inverse=True)[1].reshape(code.shape)
    for number in np.unique(code[offer.has_nodes]):
        pairs = np.argwhere(offer.has_nodes & (code == number))
        first = tuple(pairs[0])
        yield _Group(
            [duty for duty, selected in due if selected[first]],
            [term for term in counted if term.pairs[first]],
            pairs,
        )


def _by_source(offer: NetworkOffer, pairs: Integers) -> Iterator[tuple[int, Integers]]:
    source = offer.origin_node[pairs[:, 0]]
    order = np.argsort(source, kind="stable")
    nodes, first = np.unique(source[order], return_index=True)
    yield from zip(nodes.tolist(), np.split(pairs[order], first[1:]), strict=True)


class _Label(NamedTuple):
    """A partial route: its price, what it takes of each limit, where it stands, its edges.

    `owed` are the duties that it has not borne yet: the fewer, the better it is placed. Of equal
    ones, that found first comes first.
    """

    price: float
    taken: tuple[float, ...]
    owed: tuple[bool, ...]
    number: int
    state: int
    path: Path

    def beats(self, other: _Label) -> bool:
        return (
            self.price <= other.price + SAME
            and _is_most(self.taken, other.taken)
            and _is_most(self.owed, other.owed)
        )


def _is_most(mine: tuple[float, ...], theirs: tuple[float, ...]) -> bool:
    """Whether nothing of mine is more than theirs."""
    if mine == theirs:
        return True
    return all(one <= other + SAME for one, other in zip(mine, theirs, strict=True))


@dataclass(frozen=True)
class _Edge:
    """What an edge adds to a route: price, what it takes of each limit, the duties it brings.

    Attributes
    ----------
    takes : whether it takes anything of any limit
    """

    head: int
    price: float
    taken: tuple[float, ...]
    brings: tuple[bool, ...]

    @cached_property
    def takes(self) -> bool:
        return any(self.taken)


def _unbeaten(
    edges: list[list[tuple[int, _Edge]]],
    dues: list[_Edge],
    limits: int,
    source: int,
    is_late: Callable[[], bool],
    most_labels: int,
) -> dict[int, list[Path]]:
    """Routes from a state to every other that no route beats in price and in all counts.

    Parameters
    ----------
    edges : of each state, the edges that leave it with their numbers
    dues : of each duty, what a route adds that bears it
    limits : number of limits counted

    References
    ----------
    E. Q. V. Martins, On a multicriteria shortest path problem, EJOR 16 (1984).
    """
    kept: dict[int, list[_Label]] = defaultdict(list)
    waiting = [_Label(0.0, (0.0,) * limits, (True,) * len(dues), 0, source, ())]
    labels = 0
    while waiting:
        label = heapq.heappop(waiting)
        if any(other.beats(label) for other in kept[label.state]):
            continue
        kept[label.state].append(label)
        for number, edge in edges[label.state]:
            longer = _extended(label, number, edge, dues, labels + 1)
            if not any(other.beats(longer) for other in kept[longer.state]):
                heapq.heappush(waiting, longer)
                labels += 1
        if is_late():
            raise OutOfTime
        if labels > most_labels:
            raise TooManyRoutes(
                f"more than {most_labels:,} partial routes differ in what they take of the limits"
                " on links, nodes or emissions; choose among fewer such limits"
            )
    return {state: [label.path for label in found] for state, found in kept.items()}


def _extended(label: _Label, number: int, edge: _Edge, dues: list[_Edge], count: int) -> _Label:
    """A partial route with one edge more, and the duties that it bears from there on."""
    price, taken, owed = label.price + edge.price, label.taken, label.owed
    if edge.takes:
        taken = tuple(map(add, taken, edge.taken))
    if any(map(and_, edge.brings, owed)):
        for duty, due in enumerate(dues):
            if edge.brings[duty] and owed[duty]:
                price += due.price
                taken = tuple(map(add, taken, due.taken))
        owed = tuple(still and not brings for still, brings in zip(owed, edge.brings, strict=True))
    return _Label(price, taken, owed, count, edge.head, (*label.path, number))
