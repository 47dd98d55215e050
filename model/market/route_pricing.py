"""Least prices of routes under one set of prices, by shortest paths.

Pairs that the same route-dependent terms select share the prices of edges, and so their
shortest-path trees. A duty that rests on the route is due once: for every set of duties there
is a variant in which these are paid in advance and edges that bring another one are barred.
The least of a pair's variants is what its best route costs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import product

import numpy as np

from model.arrays import Booleans, Floats, Integers
from model.market.lanes import TOLERANCE_CNY_PER_T, Prices
from model.market.network import Network
from model.market.route_data import NetworkFace, Path, RouteData
from model.market.shortest_paths import Tree, Trees


class RoutePricing:
    """Routes of an offer under prices.

    Attributes
    ----------
    group : (V, O, S) pairs and variants of one number have the same prices of edges
    pair_price : (V, O, S) what every route pays, whichever way it goes; infinite without one
    """

    def __init__(self, offer: RouteData, prices: Prices) -> None:
        self._offer, self._prices = offer, prices
        charge = prices.charge
        self._charged = [
            (offer.limits[limit], -float(charge[limit])) for limit in np.flatnonzero(charge)
        ]
        duty_price = [self._duty_price(duty) for duty in range(len(offer.duties))]
        self._live = [duty for duty, price in enumerate(duty_price) if price.any()]
        face = np.zeros((1, *offer.shape), dtype=np.intp)
        if offer.face is not None:
            face = offer.face.group
        paid = list(product([False, True], repeat=len(self._live)))
        self._paid = np.repeat(np.array(paid, dtype=bool), len(face), axis=0)
        self._face_group = np.tile(face, (len(paid), 1, 1))
        self._trees: dict[int, Mapping[int, Tree]] = {}
        self.pair_price = self._pair_prices(duty_price)
        self.group = self._groups()

    @cached_property
    def value(self) -> Floats:
        """Least objective − Σ_k charge_k w_k of each pair's routes in each variant, (V, O, S)."""
        value = self.pair_price.copy()
        for number in self.numbers:
            np.add(value, self._distances(number), out=value, where=self.group == number)
        return value

    def _duty_price(self, duty: int) -> Floats:
        """What bearing a duty costs each pair under these prices, (O, S)."""
        offer = self._offer
        price = np.full(
            offer.shape, self._prices.objective.cost * offer.duties[duty].charge_cny_per_t
        )
        for term, charge in self._charged:
            if term.duty_weight is not None:
                price += charge * term.duty_weight[duty] * term.pairs
        return price

    def _pair_prices(self, duty_price: list[Floats]) -> Floats:
        """What every route of a pair and variant pays, whichever way it goes, (V, O, S)."""
        offer, objective = self._offer, self._prices.objective
        pair = objective.cost * offer.pair_cost_cny_per_t
        if objective.tie:
            pair = pair + objective.tie * offer.pair_ties.every
        for term, charge in self._charged:
            if not term.is_plain:
                pair = pair + charge * term.pair_weight
        for number in self._live:
            pair = pair + duty_price[number] * offer.duties[number].always
        value = np.where((self._face_group >= 0) & offer.has_nodes, pair, np.inf)
        for position, number in enumerate(self._live):
            duty = offer.duties[number]
            in_advance = np.where(duty.pairs & ~duty.always, duty_price[number], np.inf)
            value[self._paid[:, position]] += in_advance
        return value

    def _groups(self) -> Integers:
        code = self._face_group.copy()
        if self._live:
            variant = np.arange(len(code))[:, None, None]
            code = np.unique(code * len(code) + variant, return_inverse=True)[1].reshape(code.shape)
        selected = [
            term.pairs for term, _ in self._charged if term.depends_on_route and not term.is_plain
        ]
        selected += [self._offer.duties[duty].pairs for duty in self._live]
        for pairs in selected:
            code = np.unique(2 * code + pairs, return_inverse=True)[1].reshape(code.shape)
        return np.asarray(code)

    def members(self) -> Iterator[tuple[int, Integers, Integers, Integers]]:
        """Each group's number and its variants and pairs of finite value."""
        finite = np.isfinite(self.pair_price)
        for number in self.numbers:
            variant, origin, sink = np.nonzero(finite & (self.group == number))
            yield number, variant, origin, sink

    @cached_property
    def numbers(self) -> list[int]:
        """Numbers of the groups in which some pair has a route, as far as its price tells."""
        found: list[int] = np.flatnonzero(
            np.bincount(self.group[np.isfinite(self.pair_price)])
        ).tolist()
        return found

    def _member(self, number: int) -> tuple[int, int, int]:
        variant, origin, sink = np.unravel_index(
            int(np.argmax(self.group == number)), self.group.shape
        )
        return int(variant), int(origin), int(sink)

    def edge_price(self, number: int) -> Floats:
        """Price of each edge for the pairs of a group, (E,); infinite where it is barred."""
        offer, objective = self._offer, self._prices.objective
        variant, *pair = self._member(number)
        member = tuple(pair)
        price = objective.cost * offer.edge_cost_cny_per_t
        if objective.km:
            price = price + objective.km * offer.network.km
        if objective.tie:
            price = price + objective.tie * offer.network.tie
        for term, charge in self._charged:
            if term.depends_on_route and term.pairs[member]:
                price[term.edges] += charge * term.weights
        for duty, is_paid in zip(self._live, self._paid[variant], strict=True):
            if not is_paid and (offer.duties[duty].pairs & ~offer.duties[duty].always)[member]:
                price[offer.duties[duty].edges] = np.inf
        return np.asarray(price)

    def trees(self, number: int) -> Mapping[int, Tree]:
        """Shortest routes from the node of every origin in a group, by source state."""
        if number not in self._trees:
            self._trees[number] = self._search(number)
        return self._trees[number]

    def _search(self, number: int) -> Mapping[int, Tree]:
        offer, edge_price = self._offer, self.edge_price(number)
        here = np.any(self.group == number, axis=(0, 2))
        sources = np.unique(offer.origin_node[here])
        sources = sources[sources >= 0]
        if offer.face is None:
            return offer.graph.trees(edge_price, sources)
        found: dict[int, Tree] = {}
        for source in sources.tolist():
            if (self._face_number(number), source) in offer.face.tight:
                price = self.on_face(number, source, edge_price)
                found |= offer.graph.trees(price, np.array([source]))
        return found

    def on_face(self, number: int, source: int, edge_price: Floats) -> Floats:
        """Prices of edges for pairs of a group that start there, infinite off the face, (E,)."""
        face = self._offer.face
        if face is None:
            return edge_price
        return np.where(face.tight[self._face_number(number), source], edge_price, np.inf)

    def edge_prices(self, origin: int, sink: int) -> list[Floats]:
        """Prices of edges for a pair in each of its variants, (E,); infinite off the face."""
        found, source = [], int(self._offer.origin_node[origin])
        for variant in np.flatnonzero(np.isfinite(self.pair_price[:, origin, sink])):
            number = int(self.group[variant, origin, sink])
            found.append(self.on_face(number, source, self.edge_price(number)))
        return found

    def _face_number(self, number: int) -> int:
        return int(self._face_group[self._member(number)])

    def _distances(self, number: int) -> Floats:
        """Length of the shortest route of each pair in a group, (O, S); infinite without one."""
        offer, trees = self._offer, self.trees(number)
        row = {source: place for place, source in enumerate(trees)}
        rows = [row.get(source, len(row)) for source in offer.origin_node.tolist()]
        whole = (
            trees.distance
            if isinstance(trees, Trees)
            else np.array([tree.distance for tree in trees.values()])
        )
        distance = np.full((len(row) + 1, len(offer.sink_node)), np.inf)
        if len(row):
            distance[:-1] = whole[:, offer.sink_node]
        return np.asarray(distance[rows])

    @cached_property
    def reduced_cost(self) -> Floats:
        """Least reduced cost of each pair's routes in each variant, (V, O, S)."""
        prices = self._prices
        return self.value - prices.origin[:, None] - prices.sink[None, :]

    def paths(self, variant: Integers, origin: Integers, sink: Integers) -> list[Path]:
        """The best route of each given variant and pair."""
        offer = self._offer
        paths: list[Path] = [()] * len(origin)
        groups = self.group[variant, origin, sink]
        for number in np.unique(groups):
            trees = self.trees(int(number))
            for row in np.flatnonzero(groups == number):
                tree = trees[int(offer.origin_node[origin[row]])]
                paths[row] = tree.path(int(offer.sink_node[sink[row]]))
        return paths

    def face(self) -> NetworkFace:
        """Pairs of zero reduced cost, and the edges on their routes of zero reduced cost."""
        value = self.reduced_cost
        tight_pairs = np.isfinite(value) & (np.abs(value) <= TOLERANCE_CNY_PER_T)
        tight = {}
        for number in np.unique(self.group[tight_pairs]).tolist():
            edge_price = self.edge_price(number)
            for source, tree in self.trees(number).items():
                tight[number, source] = self._tight_edges(number, source, tree, edge_price)
        return NetworkFace(np.where(tight_pairs, self.group, -1), tight)

    def _tight_edges(self, number: int, source: int, tree: Tree, edge_price: Floats) -> Booleans:
        """Edges on some shortest route from a source, for the pairs of a group, (E,)."""
        network, face = self._offer.network, self._offer.face
        reached = np.isfinite(tree.distance)
        open_edge = reached[network.tail] & reached[network.head] & np.isfinite(edge_price)
        distance = np.where(reached, tree.distance, 0.0)
        excess = distance[network.tail] + edge_price - distance[network.head]
        tight = open_edge & (excess <= TOLERANCE_CNY_PER_T)
        if face is not None:
            return tight & face.tight[self._face_number(number), source]
        return np.asarray(tight & _leads_on(tree, network, edge_price))


def _leads_on(tree: Tree, network: Network, edge_price: Floats) -> Booleans:
    """Edges that no round trip at no cost can use, (E,).

    An edge of some length always leads on. Of those without, an exit does unless it goes
    back where its stretch began, any other one where it belongs to the tree.
    """
    goes_back = network.is_exit & (tree.predecessor[network.tail] == network.head)
    in_tree = tree.predecessor[network.head] == network.tail
    return np.where(
        edge_price > TOLERANCE_CNY_PER_T, True, (network.is_exit | in_tree) & ~goes_back
    )
