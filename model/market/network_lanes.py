"""Lanes through the network: priced by shortest paths with the duals of limits on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import coo_array, csr_array

from model.arrays import Booleans, Floats, Integers
from model.market.lanes import COST, TOLERANCE_CNY_PER_T, Item, Lanes, Objective, Priced, Prices
from model.market.network import Network
from model.market.shortest_paths import StateGraph, Tree
from model.market.starting_lanes import Candidates, best_of_each, enough, nearest

MANY_PAIRS = 2_000
"""Below this all paying pairs are added at once; above, the best of every origin and sink."""
BEST_PER_NODE = 10


class RouteTerm:
    """What one limit (or duty) counts on the lanes of the pairs that it selects.

    Parameters
    ----------
    pairs : (O, S) bool
    pair_weight : (O, S) counted once per lane
    edge_weight : (E,) counted per edge of the route, or None; sparse: most are links' own
    """

    def __init__(
        self, pairs: Booleans, pair_weight: Floats, edge_weight: Floats | None = None
    ) -> None:
        self.pairs, self.pair_weight = pairs, pair_weight
        self.depends_on_route = edge_weight is not None
        weights = np.zeros(0) if edge_weight is None else edge_weight
        self.edges = np.flatnonzero(weights)
        self.weights = weights[self.edges]
        self._edge_count = len(weights)
        self.is_plain = self.depends_on_route and _is_all(pairs) and not pair_weight.any()

    @property
    def edge_weight(self) -> Floats | None:
        """Weight of every edge, (E,), or None."""
        if not self.depends_on_route:
            return None
        weight = np.zeros(self._edge_count)
        weight[self.edges] = self.weights
        return weight

    def counted(self, origin: Integers, sink: Integers, on_route: csr_array) -> Floats:
        """What a tonne on each of these lanes counts, (n,)."""
        own = self.pair_weight[origin, sink]
        weight = self.edge_weight
        return own if weight is None else own + (on_route @ weight) * self.pairs[origin, sink]


@dataclass(frozen=True)
class NetworkFace:
    """Routes of zero reduced cost: their pairs, and the tight edges by group and source."""

    group: Integers  # (O, S), -1 off the face
    tight: dict[tuple[int, int], Booleans]  # (group, source state) -> (E,)


@dataclass(frozen=True)
class NetworkOffer:
    """Every route through the network between every origin and sink that have a node.

    Attributes
    ----------
    origin_node, sink_node : (O,), (S,) state of each, -1 without a node
    pair_cost_cny_per_t : (O, S) production and duties, whatever the route
    edge_cost_cny_per_t : (E,) freight and carbon
    pair_tie : (O, S) whole numbers from names
    limits : K terms
    duties : terms that depend on the route, with their charge in CNY/t
    """

    network: Network
    origin_node: Integers
    sink_node: Integers
    pair_cost_cny_per_t: Floats
    edge_cost_cny_per_t: Floats
    pair_tie: Floats
    limits: tuple[RouteTerm, ...]
    duties: tuple[tuple[RouteTerm, float], ...] = ()
    number: int = 0

    @cached_property
    def _graph(self) -> StateGraph:
        network = self.network
        return StateGraph(network.tail, network.head, network.state_count)

    @property
    def size(self) -> int:
        """Pairs that some route joins."""
        return len(self._cheapest[2])

    def reached_sinks(self) -> Integers:
        """Sinks that some lane leads to."""
        return np.unique(self._cheapest[2].sink)

    def seed(self) -> Lanes:
        """The cheapest route of every pair on a small market; else of each origin and sink."""
        if self.pair_tie.size <= MANY_PAIRS:
            return self.cheapest_of_pairs()
        prices, group, pairs = self._cheapest
        chosen = best_of_each(pairs.origin, pairs.sink, pairs.cost_cny_per_t, 1)
        return self._routes(prices, group, pairs.origin[chosen], pairs.sink[chosen])

    def start(
        self, known: set[tuple[int, int, Item]], supply_kt: Floats, demand_kt: Floats
    ) -> Lanes:
        """Near partners of each origin and sink, and pairs enough to meet demand where they can."""
        if self.pair_tie.size <= MANY_PAIRS:
            return self._no_lanes
        prices, group, pairs = self._cheapest
        near = nearest(pairs)
        rows = np.union1d(near, enough(pairs, near, supply_kt, demand_kt))
        lanes = self._routes(prices, group, pairs.origin[rows], pairs.sink[rows])
        return lanes.take(_unknown(lanes, known))

    def cheapest_of_pairs(self) -> Lanes:
        """The cheapest route of every pair that some route joins."""
        prices, group, pairs = self._cheapest
        return self._routes(prices, group, pairs.origin, pairs.sink)

    @cached_property
    def _cheapest(self) -> tuple[Prices, Integers, Candidates]:
        """Pairs that some route joins with the cost of the cheapest, and the prices it rests on."""
        prices = _free(self, COST)
        value, group = self._pair_prices(prices)
        origin, sink = np.nonzero(np.isfinite(value))
        return prices, group, Candidates(origin, sink, value[origin, sink])

    def price(
        self,
        prices: Prices,
        known: set[tuple[int, int, Item]],
        face: NetworkFace | None = None,
        tolerance: float = TOLERANCE_CNY_PER_T,
    ) -> Priced:
        """The best route of every pair, where its reduced cost is negative."""
        value, group = self._pair_prices(prices, face)
        value = value - prices.origin[:, None] - prices.sink[None, :]
        while len(pairs := np.argwhere(value < -tolerance)):
            origin, sink = pairs.T
            chosen = self._few(origin, sink, value[origin, sink])
            lanes = self._routes(prices, group, origin[chosen], sink[chosen], face)
            if len(new := _unknown(lanes, known)):
                return Priced(lanes.take(new), float(value.min(initial=np.inf)))
            value[origin[chosen], sink[chosen]] = np.inf  # their best routes are there already
        return Priced(self._no_lanes, float(value.min(initial=np.inf)))

    @cached_property
    def _no_lanes(self) -> Lanes:
        nothing = np.array([], dtype=np.intp)
        return self.lanes(nothing, nothing, [])

    def face(self, prices: Prices, within: NetworkFace | None = None) -> NetworkFace:
        """Pairs of zero reduced cost, and the edges on their routes of zero reduced cost."""
        value, group = self._pair_prices(prices, within)
        value = value - prices.origin[:, None] - prices.sink[None, :]
        tight_pairs = np.isfinite(value) & (np.abs(value) <= TOLERANCE_CNY_PER_T)
        tight = {
            (number, source): edges
            for number, source, edges in self._tight_edges(prices, group, tight_pairs, within)
        }
        return NetworkFace(np.where(tight_pairs, group, -1), tight)

    def nothing_known(self) -> set[tuple[int, int, Item]]:
        """An empty record of the lanes that a program has."""
        return set()

    def mark(self, known: set[tuple[int, int, Item]], lanes: Lanes) -> None:
        """Enter lanes into the record."""
        known.update(keys(lanes))

    def lanes(self, origin: Integers, sink: Integers, paths: list[tuple[int, ...]]) -> Lanes:
        """Lanes from given pairs and the edges of their routes, (n,) each."""
        on_route = _incidence(paths, len(self.network.arc))
        cost = self.pair_cost_cny_per_t[origin, sink] + on_route @ self.edge_cost_cny_per_t
        for term, charge in self.duties:
            cost = cost + charge * term.counted(origin, sink, on_route)
        return Lanes(
            origin=origin.astype(np.intp),
            sink=sink.astype(np.intp),
            cost_cny_per_t=cost,
            min_kt=np.zeros(len(paths)),
            max_kt=np.full(len(paths), np.inf),
            km=on_route @ self.network.km,
            tie=self.pair_tie[origin, sink] + on_route @ self.network.tie,
            limit_weight=self._limit_weight(origin, sink, on_route),
            offer=np.full(len(paths), self.number, dtype=np.intp),
            item=tuple(paths),
        )

    def _limit_weight(self, origin: Integers, sink: Integers, on_route: csr_array) -> csr_array:
        """What a tonne on each of these lanes counts in each limit, (n, K)."""
        weight = csr_array(on_route @ self._plain_edge_weight)
        rows, limits, values = [], [], []
        for limit, term in enumerate(self.limits):
            if not term.is_plain:
                counted = term.counted(origin, sink, on_route)
                some = np.flatnonzero(counted)
                rows.append(some)
                limits.append(np.full(len(some), limit))
                values.append(counted[some])
        if not rows:
            return weight
        entries = (np.concatenate(values), (np.concatenate(rows), np.concatenate(limits)))
        return csr_array(weight + coo_array(entries, shape=weight.shape).tocsr())

    @cached_property
    def _plain_edge_weight(self) -> csr_array:
        """Edge weights of the limits that count edges alone, whatever the pair, (E, K)."""
        plain = [(limit, term) for limit, term in enumerate(self.limits) if term.is_plain]
        nothing = np.zeros(0, dtype=np.intp)
        limit = [np.full(len(term.edges), limit) for limit, term in plain]
        entries = (
            np.concatenate([np.zeros(0), *(term.weights for _, term in plain)]),
            (
                np.concatenate([nothing, *(term.edges for _, term in plain)]),
                np.concatenate([nothing, *limit]),
            ),
        )
        shape = (len(self.network.arc), len(self.limits))
        return csr_array(coo_array(entries, shape=shape))

    # Pricing: pairs that the same route-dependent terms select share their edge prices.

    def _pair_prices(
        self, prices: Prices, face: NetworkFace | None = None
    ) -> tuple[Floats, Integers]:
        """Least objective − Σ_k charge_k w_k over each pair's routes, (O, S), and pair groups."""
        objective = prices.objective
        value = objective.cost * self.pair_cost_cny_per_t + objective.tie * self.pair_tie
        for term, charge in self._charged(prices):
            if not term.is_plain:
                value = value + charge * term.pair_weight
        if face is not None:
            value = np.where(face.group >= 0, value, np.inf)
        group = self._groups(prices, face)
        for number, origins, sinks in _members(group, value):
            trees = self._trees(self._edge_price(prices, group, number), group, number, face)
            value[origins, sinks] += self._distances(trees, origins, sinks)
        return value, group

    def _distances(self, trees: dict[int, Tree], origins: Integers, sinks: Integers) -> Floats:
        """Length of the shortest route of these pairs; infinite where there is no tree."""
        sources, row = np.unique(self.origin_node[origins], return_inverse=True)
        nowhere = np.full(self.network.state_count, np.inf)
        distance = [
            trees[source].distance if source in trees else nowhere for source in sources.tolist()
        ]
        return np.asarray(np.stack(distance)[row, self.sink_node[sinks]])

    def _charged(self, prices: Prices) -> list[tuple[RouteTerm, float]]:
        """Terms with what one unit of each costs under these prices."""
        charge = prices.charge
        limits = [(self.limits[limit], -float(charge[limit])) for limit in np.flatnonzero(charge)]
        return limits + [(term, prices.objective.cost * charge) for term, charge in self.duties]

    def _groups(self, prices: Prices, face: NetworkFace | None) -> Integers:
        """Number of the set of route-dependent terms that price each pair, (O, S)."""
        code = np.zeros(self.pair_tie.shape, dtype=np.intp) if face is None else face.group.copy()
        for term, charge in self._charged(prices):
            if term.depends_on_route and not term.is_plain and charge:
                code = np.unique(2 * code + term.pairs, return_inverse=True)[1].reshape(code.shape)
        return np.asarray(code)

    def _edge_price(self, prices: Prices, group: Integers, number: int) -> Floats:
        """Price of each edge for the pairs of a group, (E,)."""
        objective = prices.objective
        price = objective.cost * self.edge_cost_cny_per_t
        price = price + objective.km * self.network.km + objective.tie * self.network.tie
        member = np.unravel_index(int(np.argmax(group == number)), group.shape)
        for term, charge in self._charged(prices):
            if term.depends_on_route and term.pairs[member]:
                price[term.edges] += charge * term.weights
        return np.asarray(price)

    def _trees(
        self, edge_price: Floats, group: Integers, number: int, face: NetworkFace | None
    ) -> dict[int, Tree]:
        """Shortest routes from the node of every origin in a group, by source state."""
        sources = np.unique(self.origin_node[np.any(group == number, axis=1)])
        sources = sources[sources >= 0]
        if face is None:
            return self._graph.trees(edge_price, sources)
        face_number = int(
            face.group[np.unravel_index(int(np.argmax(group == number)), group.shape)]
        )
        return {
            int(source): self._graph.trees(
                np.where(face.tight[face_number, int(source)], edge_price, np.inf),
                np.array([source]),
            )[int(source)]
            for source in sources
            if (face_number, int(source)) in face.tight
        }

    def _tight_edges(
        self, prices: Prices, group: Integers, tight_pairs: Booleans, within: NetworkFace | None
    ) -> Iterator[tuple[int, int, Booleans]]:
        """Edges on some shortest route from each source, where a pair of the group is tight."""
        network = self.network
        for number in np.unique(group[tight_pairs]):
            edge_price = self._edge_price(prices, group, int(number))
            for source, tree in self._trees(edge_price, group, int(number), within).items():
                reached = np.isfinite(tree.distance[network.tail])
                tail = np.where(reached, tree.distance[network.tail], 0.0)
                tight = reached & (
                    tail + edge_price - tree.distance[network.head] <= TOLERANCE_CNY_PER_T
                )
                if within is None:
                    tight &= _leads_on(tree, network, edge_price)
                else:
                    member = np.unravel_index(int(np.argmax(group == number)), group.shape)
                    tight &= within.tight[int(within.group[member]), source]
                yield int(number), source, tight

    def _routes(
        self,
        prices: Prices,
        group: Integers,
        origin: Integers,
        sink: Integers,
        face: NetworkFace | None = None,
    ) -> Lanes:
        """The best route of each given pair as a lane."""
        paths: list[tuple[int, ...]] = [()] * len(origin)
        groups = group[origin, sink]
        for number in np.unique(groups):
            trees = self._trees(
                self._edge_price(prices, group, int(number)), group, int(number), face
            )
            for row in np.flatnonzero(groups == number):
                tree = trees[int(self.origin_node[origin[row]])]
                paths[row] = tree.path(int(self.sink_node[sink[row]]))
        return self.lanes(origin, sink, paths)

    def _few(self, origin: Integers, sink: Integers, value: Floats) -> Integers:
        """Positions of pairs to take: all of a small market, else the best of each node."""
        if self.pair_tie.size <= MANY_PAIRS:
            return np.arange(len(origin))
        return best_of_each(origin, sink, value, BEST_PER_NODE)


def keys(lanes: Lanes) -> list[tuple[int, int, Item]]:
    """What tells network lanes apart: origin, sink and edges of the route."""
    return list(zip(lanes.origin.tolist(), lanes.sink.tolist(), lanes.item, strict=True))


def _unknown(lanes: Lanes, known: set[tuple[int, int, Item]]) -> Integers:
    """Positions of the lanes that the program does not have."""
    return np.flatnonzero([key not in known for key in keys(lanes)])


def _is_all(pairs: Booleans) -> bool:
    """Whether every pair is selected; one value spread over all pairs is looked at once."""
    return bool(pairs.flat[0] if pairs.size and not any(pairs.strides) else pairs.all())


def _leads_on(tree: Tree, network: Network, edge_price: Floats) -> Booleans:
    """Edges that no round trip at no cost can use, (E,).

    An edge of some length always leads on. Of those without, an exit does unless it goes
    back where its stretch began, any other one where it belongs to the tree.
    """
    is_exit = np.arange(len(edge_price)) >= len(edge_price) - int(network.is_entry.sum())
    goes_back = is_exit & (tree.predecessor[network.tail] == network.head)
    in_tree = tree.predecessor[network.head] == network.tail
    return np.where(edge_price > TOLERANCE_CNY_PER_T, True, (is_exit | in_tree) & ~goes_back)


def _free(offer: NetworkOffer, objective: Objective) -> Prices:
    """Prices of an empty program: every dual is zero."""
    origins, sinks = offer.pair_tie.shape
    return Prices(objective, np.zeros(origins), np.zeros(sinks), np.zeros(len(offer.limits)))


def _members(group: Integers, value: Floats) -> Iterator[tuple[int, Integers, Integers]]:
    """Each group's number and its pairs of finite value."""
    finite = np.isfinite(value)
    for number in np.unique(group[finite]):
        origins, sinks = np.nonzero(finite & (group == number))
        yield int(number), origins, sinks


def _incidence(paths: list[tuple[int, ...]], edges: int) -> csr_array:
    """How often each path uses each edge, (n, E)."""
    length = [len(path) for path in paths]
    column = [edge for path in paths for edge in path]
    return csr_array(
        (np.ones(len(column)), column, np.r_[0, np.cumsum(length)]), shape=(len(paths), edges)
    )
