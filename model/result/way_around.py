"""The next best way around a place: of all lanes on offer, the cheapest that does not pass it.

For each lane that passes the place: the cheapest other lane from the same origin to the same sink
that the place does not count, and that enters no full limit which the lane itself does not use.
Of these the one that costs least beyond its lane is the next best. Partners stay; the program
might do better by changing them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from model.arrays import Booleans, Floats, Integers
from model.market.lanes import Item, Lanes
from model.market.market import KCNY_PER_MCNY, Market
from model.market.network import Network
from model.market.network_lanes import NetworkOffer
from model.market.shortest_paths import Tree
from model.result.crossings import BORDER, PORT, Crossing, passed_nodes

if TYPE_CHECKING:
    from model.case.case import Case

FULL = 1e-6
"""A limit of which no more than this share is left is full."""
SAME_CNY_PER_T = 1e-6
DIRECT = "direct"
"""What a lane of lanes.csv without a mode is called."""


@dataclass(frozen=True)
class NextBest:
    """Where the tonne goes that it costs least to send another way, and how much dearer that is.

    `closed_cost_mcny` is what all that passes would cost more, each lane by its own best way;
    None where some lane has none.
    """

    place: str
    dearer_cny_per_t: float
    closed_cost_mcny: float | None


@dataclass(frozen=True)
class _Way:
    """A way around: the lane that it stands in for, and its cost beyond that lane's.

    Of a lane of lanes.csv it has its `row` there instead, else -1; a route is a shortest path
    under `price`.
    """

    lane: int
    dearer_cny_per_t: float
    row: int = -1
    price: Floats | None = None


class WaysAround:
    """Ways around places for the lanes of one plan.

    Parameters
    ----------
    lanes : Lanes, the n that carry something
    ship_kt : (n,)
    """

    def __init__(self, case: Case, market: Market, lanes: Lanes, ship_kt: Floats) -> None:
        self._market, self._lanes, self._kt = market, lanes, ship_kt
        kinds = zip(case.nodes["node"], case.nodes["kind"], strict=True)
        self._kind = {node: kind for node, kind in kinds if kind in (PORT, BORDER)}
        most = market.limits.max_kt
        activity = ship_kt @ lanes.limit_weight if len(most) else np.zeros(0)
        left = np.where(np.isfinite(most), most - activity, np.inf)
        own = len(most) - len(market.inputs)
        is_full = left <= FULL * np.maximum(1.0, np.abs(np.where(np.isfinite(most), most, 0.0)))
        self._full = np.flatnonzero(is_full & (np.arange(len(most)) < own))

    def next_best(self, place: Crossing, count: Floats) -> NextBest | None:
        """The next best way around a place, None where nothing passes it or there is none.

        Parameters
        ----------
        count : (n,) how much each lane counts there
        """
        passing = np.flatnonzero(count > 0)
        ways = [*self._by_network(place, passing), *self._by_lanes_given(place, passing)]
        if not ways:
            return None
        best = min(ways, key=lambda way: (round(way.dearer_cny_per_t, 6), way.lane, way.row))
        least = dict.fromkeys(passing.tolist(), np.inf)
        for way in ways:
            least[way.lane] = min(least[way.lane], way.dearer_cny_per_t)
        cost = sum(dearer * self._kt[lane] for lane, dearer in least.items()) / KCNY_PER_MCNY
        closed = float(cost) if np.isfinite(cost) else None
        return NextBest(self._name(place, best), best.dearer_cny_per_t, closed)

    def _barred(self, place: Crossing, lane: int) -> tuple[int, ...]:
        """Full limits that a lane does not use: its way around must not enter them either."""
        if not len(self._full):
            return ()
        rows = self._full[~self._uses_full[lane]]
        return tuple(row for row in rows.tolist() if row != place.row)

    @cached_property
    def _uses_full(self) -> Booleans:
        """Which full limits each lane uses, (n, full)."""
        return np.asarray(self._lanes.limit_weight[:, self._full].toarray() > 0)

    def _by_network(self, place: Crossing, passing: Integers) -> Iterator[_Way]:
        """The cheapest route around for each of these lanes."""
        offer, lanes = self._market.network, self._lanes
        if offer is None:
            return
        pricing = offer.at_no_duals
        alike: dict[tuple[int, tuple[int, ...]], list[tuple[int, int]]] = defaultdict(list)
        for lane in passing.tolist():
            pair = int(lanes.origin[lane]), int(lanes.sink[lane])
            if place.pairs[pair]:
                continue
            terms = [(row, offer.limits[row]) for row in self._barred(place, lane)]
            if any(term.pair_weight[pair] for _, term in terms):
                continue
            barred = tuple(row for row, term in terms if term.pairs[pair])
            for variant in np.flatnonzero(np.isfinite(pricing.pair_price[:, *pair])).tolist():
                alike[int(pricing.group[variant, *pair]), barred].append((lane, variant))
        for (group, barred), members in alike.items():
            price = pricing.edge_price(group).copy()
            price[place.edges] = np.inf
            for row in barred:
                price[offer.limits[row].edges] = np.inf
            yield from self._routes(members, price)

    def _routes(self, members: list[tuple[int, int]], price: Floats) -> Iterator[_Way]:
        """The shortest path under these prices of edges for each lane and variant of its duties."""
        offer, lanes = self._network, self._lanes
        at = offer.origin_node[lanes.origin[[lane for lane, _ in members]]]
        trees = offer.graph.trees(price, np.unique(at))
        for (lane, variant), source in zip(members, at.tolist(), strict=True):
            pair = int(lanes.origin[lane]), int(lanes.sink[lane])
            target = int(offer.sink_node[pair[1]])
            cost = trees[source].distance[target] + offer.at_no_duals.pair_price[variant, *pair]
            if np.isfinite(cost):
                dearer = float(cost - lanes.cost_cny_per_t[lane])
                yield _Way(lane, dearer, price=price)

    def _by_lanes_given(self, place: Crossing, passing: Integers) -> Iterator[_Way]:
        """Lanes of lanes.csv that go around, for each of these lanes."""
        offer, lanes = self._market.explicit, self._lanes
        if offer is None or not self._pairs:
            return
        for lane in passing.tolist():
            rows = self._pairs.get((int(lanes.origin[lane]), int(lanes.sink[lane])), [])
            if not rows:
                continue
            found = offer.lanes(np.array(rows))
            weight = np.asarray(found.limit_weight.toarray())
            shut = [*self._barred(place, lane), *([] if place.row is None else [place.row])]
            is_open = ~(weight[:, shut] > 0).any(axis=1) & (self._carried(rows) < found.max_kt)
            for position in np.flatnonzero(is_open).tolist():
                dearer = found.cost_cny_per_t[position] - lanes.cost_cny_per_t[lane]
                yield _Way(lane, float(dearer), row=rows[position])

    @cached_property
    def _pairs(self) -> dict[tuple[int, int], list[int]]:
        """Rows of lanes.csv that join a pair which a lane of the plan joins."""
        offer, sinks = self._market.explicit, len(self._market.sinks)
        assert offer is not None
        code = offer.origin.astype(np.int64) * sinks + offer.sink
        rows = np.flatnonzero(np.isin(code, self._lanes.origin * sinks + self._lanes.sink))
        rows = rows[~np.isin(offer.origin[rows], self._market.short)]
        found: dict[tuple[int, int], list[int]] = defaultdict(list)
        for row in rows.tolist():
            found[int(offer.origin[row]), int(offer.sink[row])].append(row)
        return dict(found)

    def _carried(self, rows: list[int]) -> Floats:
        """What the plan ships on rows of lanes.csv."""
        return np.array([self._kt_of_row.get(row, 0.0) for row in rows])

    @cached_property
    def _kt_of_row(self) -> dict[int, float]:
        offer, lanes = self._market.explicit, self._lanes
        assert offer is not None
        mine = np.flatnonzero(lanes.offer == offer.number).tolist()
        return {lanes.item[lane][0]: float(self._kt[lane]) for lane in mine}

    def _name(self, place: Crossing, way: _Way) -> str:
        """The port or border that the way passes and its lane does not, one of a kind first."""
        lanes = self._lanes
        if way.price is None:
            assert self._market.explicit is not None
            mode = self._market.explicit.way(int(lanes.origin[way.lane]), (way.row,)).mode
            return mode or DIRECT
        offer = self._network
        network, path = offer.network, self._first_of_equals(way.lane, way.price)
        before = lanes.item[way.lane] if lanes.offer[way.lane] == offer.number else ()
        start = network.nodes[offer.origin_node[lanes.origin[way.lane]]]
        passed = {start, *passed_nodes(network, before)}
        new = [node for node in passed_nodes(network, path) if node not in passed]
        ports = [node for node in new if node in self._kind]
        same = [node for node in ports if self._kind[node] == place.role]
        links = [network.arc[edge] for edge in path if network.is_arc[edge] and edge not in before]
        return next(iter([*same, *ports, *links]), "")

    @property
    def _network(self) -> NetworkOffer:
        assert self._market.network is not None
        return self._market.network

    def _first_of_equals(self, lane: int, price: Floats) -> Item:
        """Of the shortest paths of a lane, the one that numbers made of names decide."""
        offer = self._network
        source = offer.origin_node[self._lanes.origin[[lane]]]
        tree = offer.graph.trees(price, source)[int(source[0])]
        tight = np.where(_is_tight(tree, offer.network, price), offer.network.tie, np.inf)
        target = int(offer.sink_node[self._lanes.sink[lane]])
        return offer.graph.trees(tight, source)[int(source[0])].path(target)


def _is_tight(tree: Tree, network: Network, price: Floats) -> Booleans:
    """Edges on some shortest path of a tree, (E,)."""
    reached = np.isfinite(tree.distance[network.tail]) & np.isfinite(price)
    distance = np.where(np.isfinite(tree.distance), tree.distance, 0.0)
    excess = distance[network.tail] + np.where(reached, price, 0.0) - distance[network.head]
    return np.asarray(reached & (excess <= SAME_CNY_PER_T))
