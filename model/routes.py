"""Lanes through the network: priced by shortest paths with the duals of limits on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array

from model.explicit import best_of_each
from model.lanes import (
    COST,
    TOLERANCE_CNY_PER_T,
    Booleans,
    Floats,
    Integers,
    Item,
    Lanes,
    Objective,
    Priced,
    Prices,
)
from model.network import Network
from model.shortest import StateGraph, Tree

MANY_PAIRS = 2_000
"""Below this all paying pairs are added at once; above, the best of every origin and sink."""
BEST_PER_NODE = 3


@dataclass(frozen=True)
class RouteTerm:
    """What one limit (or duty) counts on the lanes of the pairs that it selects.

    Attributes
    ----------
    pairs : (O, S) bool
    pair_weight : (O, S) counted once per lane
    edge_weight : (E,) counted per edge of the route, or None
    """

    pairs: Booleans
    pair_weight: Floats
    edge_weight: Floats | None = None


@dataclass(frozen=True)
class NetworkFace:
    """Routes of zero reduced cost: their pairs, and per group of pairs and source the tight edges."""

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
        return int(np.isfinite(self._pair_prices(_free(self, COST))[0]).sum())

    def reached_sinks(self) -> Integers:
        value, _ = self._pair_prices(_free(self, COST))
        return np.flatnonzero(np.isfinite(value).any(axis=0))

    def seed(self) -> Lanes:
        """The cheapest route of every pair on a small market; else of each origin and sink."""
        prices = _free(self, COST)
        value, group = self._pair_prices(prices)
        origin, sink = np.nonzero(np.isfinite(value))
        chosen = self._few(origin, sink, value[origin, sink])
        return self._routes(prices, group, origin[chosen], sink[chosen])

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
        origin, sink = np.nonzero(value < -tolerance)
        if not len(origin):
            return Priced(self._no_lanes, float(value.min(initial=np.inf)))
        lanes = self._routes(prices, group, origin, sink, face)
        new = np.array([key not in known for key in keys(lanes)], dtype=bool)
        for o, s in zip(origin[~new], sink[~new], strict=True):
            value[o, s] = np.inf
        lanes = lanes.take(np.flatnonzero(new))
        chosen = self._few(lanes.origin, lanes.sink, value[lanes.origin, lanes.sink])
        return Priced(lanes.take(chosen), float(value.min(initial=np.inf)))

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
        return set()

    def mark(self, known: set[tuple[int, int, Item]], lanes: Lanes) -> None:
        known.update(keys(lanes))

    def lanes(self, origin: Integers, sink: Integers, paths: list[tuple[int, ...]]) -> Lanes:
        """Lanes from given pairs and the edges of their routes, (n,) each."""
        on_route = _incidence(paths, len(self.network.arc))
        weight = np.zeros((len(paths), len(self.limits)))
        for limit, term in enumerate(self.limits):
            weight[:, limit] = term.pair_weight[origin, sink]
            if term.edge_weight is not None:
                weight[:, limit] += (on_route @ term.edge_weight) * term.pairs[origin, sink]
        cost = self.pair_cost_cny_per_t[origin, sink] + on_route @ self.edge_cost_cny_per_t
        for term, charge in self.duties:
            counted = term.pair_weight[origin, sink]
            if term.edge_weight is not None:
                counted = counted + (on_route @ term.edge_weight) * term.pairs[origin, sink]
            cost = cost + charge * counted
        return Lanes(
            origin=origin.astype(np.intp),
            sink=sink.astype(np.intp),
            cost_cny_per_t=cost,
            min_kt=np.zeros(len(paths)),
            max_kt=np.full(len(paths), np.inf),
            km=on_route @ self.network.km,
            tie=self.pair_tie[origin, sink] + on_route @ self.network.tie,
            limit_weight=csr_array(weight),
            offer=np.full(len(paths), self.number, dtype=np.intp),
            item=tuple(paths),
        )

    # Pricing: pairs that the same route-dependent terms select share their edge prices.

    def _pair_prices(
        self, prices: Prices, face: NetworkFace | None = None
    ) -> tuple[Floats, Integers]:
        """Least objective − Σ_k charge_k w_k over the routes of each pair, (O, S), and pair groups."""
        objective = prices.objective
        value = objective.cost * self.pair_cost_cny_per_t + objective.tie * self.pair_tie
        for term, charge in self._charged(prices):
            value = value + charge * term.pair_weight
        if face is not None:
            value = np.where(face.group >= 0, value, np.inf)
        group = self._groups(prices, face)
        for number, origins, sinks in _members(group, value):
            trees = self._trees(self._edge_price(prices, group, number), group, number, face)
            for source, tree in trees.items():
                here = self.origin_node[origins] == source
                value[origins[here], sinks[here]] += tree.distance[self.sink_node[sinks[here]]]
        return value, group

    def _charged(self, prices: Prices) -> list[tuple[RouteTerm, float]]:
        """Terms with what one unit of each costs under these prices."""
        limits = [
            (term, -charge)
            for term, charge in zip(self.limits, prices.charge.tolist(), strict=True)
            if charge
        ]
        return limits + [(term, prices.objective.cost * charge) for term, charge in self.duties]

    def _groups(self, prices: Prices, face: NetworkFace | None) -> Integers:
        """Number of the set of route-dependent terms that price each pair, (O, S)."""
        code = np.zeros(self.pair_tie.shape, dtype=np.intp) if face is None else face.group.copy()
        for term, charge in self._charged(prices):
            if term.edge_weight is not None and charge:
                code = np.unique(2 * code + term.pairs, return_inverse=True)[1].reshape(code.shape)
        return np.asarray(code)

    def _edge_price(self, prices: Prices, group: Integers, number: int) -> Floats:
        """Price of each edge for the pairs of a group, (E,)."""
        objective = prices.objective
        price = objective.cost * self.edge_cost_cny_per_t
        price = price + objective.km * self.network.km + objective.tie * self.network.tie
        member = np.unravel_index(int(np.argmax(group == number)), group.shape)
        for term, charge in self._charged(prices):
            if term.edge_weight is not None and term.pairs[member]:
                price = price + charge * term.edge_weight
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
        """Positions to take of candidate pairs: all on a small market, else the best of each node."""
        if self.pair_tie.size <= MANY_PAIRS:
            return np.arange(len(origin))
        return best_of_each(origin, sink, value, BEST_PER_NODE)


def keys(lanes: Lanes) -> list[tuple[int, int, Item]]:
    """What tells network lanes apart: origin, sink and edges of the route."""
    return list(zip(lanes.origin.tolist(), lanes.sink.tolist(), lanes.item, strict=True))


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
