"""Routes over some links, priced as they are rewarded: none of them passes a place twice.

Pricing finds the best route of a pair. A reward for passing a link would make it go round in
circles there; so the best route over each link is put together from the way to it and the way
on, and what comes back to a place is replaced by the best way that keeps clear of the other part.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from model.arrays import Floats, Integers
from model.market.lanes import TOLERANCE_CNY_PER_T, Lanes, Objective, Prices
from model.market.network_lanes import NetworkOffer
from model.market.route_data import Path
from model.market.route_pricing import RoutePricing
from model.market.shortest_paths import Tree
from model.market.starting_lanes import best_of_each
from model.solve.column_generation import Allocator
from model.solve.optimum import Optimum

FEW_PAIRS = 2_000
"""On a market of so few pairs every paying route is added at once."""
BEST_PER_NODE = 2
Route = tuple[int, int, Path]


@dataclass(frozen=True)
class Reward(Objective):
    """An objective that rewards limits' activity on the lanes that the program has.

    Pricing knows nothing of it: a reward for passing a node would pay for going round it.
    """

    bonus: Floats = field(default_factory=lambda: np.zeros(0))

    def of(self, lanes: Lanes) -> Floats:
        """Objective coefficient of each lane, (n,)."""
        return np.asarray(super().of(lanes) - lanes.limit_weight @ self.bonus)


class RoutesOver:
    """The routes of an offer over some links: over one, or over two on end.

    Parameters
    ----------
    links : their names
    """

    def __init__(self, offer: NetworkOffer, links: Sequence[str]) -> None:
        self._offer, network = offer, offer.network
        edges = [edge for edge, name in enumerate(network.arc) if name in set(links)]
        ends = {edge: network.ends(edge) for edge in edges}
        self._detours = [
            *((edge,) for edge in edges),
            *(
                (one, other)
                for one in edges
                for other in edges
                if network.head[one] == network.tail[other] and ends[one][0] != ends[other][1]
            ),
        ]

    def optimise(self, allocator: Allocator, bonus: Floats, per_passage: float) -> Optimum:
        """The plan of least cost less a bonus on limits' activity, (K,).

        Parameters
        ----------
        per_passage : the bonus for passing one of the links
        """
        objective = Reward(1.0, bonus=bonus)
        while True:
            optimum = allocator.optimise(objective)
            prices = allocator.prices(optimum.row_dual, objective)
            routes = list(dict.fromkeys(self._paying(prices, per_passage)))
            if not routes:
                return optimum
            origin, sink = np.array([route[:2] for route in routes], dtype=np.intp).T
            lanes = self._offer.lanes(origin, sink, [path for _, _, path in routes])
            pays = prices.reduced_cost(lanes) < -TOLERANCE_CNY_PER_T
            if not pays.any():
                return optimum
            allocator.add(lanes.take(np.flatnonzero(pays)))

    def _paying(self, prices: Prices, per_passage: float) -> Iterator[Route]:
        """Routes whose reduced cost may be negative, by pair and detour."""
        offer, network = self._offer, self._offer.network
        pricing = RoutePricing(offer, prices)
        heads = np.unique([network.head[detour[-1]] for detour in self._detours])
        for number, variant, origins, sinks in pricing.members():
            edge_price = pricing.edge_price(number)
            trees, onward = pricing.trees(number), offer.graph.trees(edge_price, heads)
            pair = pricing.pair_price[variant, origins, sinks]
            pair = pair - prices.origin[origins] - prices.sink[sinks]
            starts, ends = offer.origin_node[origins], offer.sink_node[sinks]
            for detour in self._detours:
                on_way = edge_price[list(detour)].sum() - per_passage * len(detour)
                before = _distances(trees, starts, int(network.tail[detour[0]]))
                after = onward[int(network.head[detour[-1]])].distance[ends]
                value = pair + before + on_way + after
                for row in self._few(origins, sinks, value):
                    ways = trees[int(starts[row])], onward[int(network.head[detour[-1]])]
                    path = self._route(edge_price, ways, detour, int(starts[row]), int(ends[row]))
                    if path is not None:
                        yield int(origins[row]), int(sinks[row]), path

    def _few(self, origins: Integers, sinks: Integers, value: Floats) -> Integers:
        """Rows of paying pairs: all of a small market, else the best of each end."""
        paying = np.flatnonzero(value < -TOLERANCE_CNY_PER_T)
        if self._offer.pair_tie.size <= FEW_PAIRS:
            return paying
        return paying[best_of_each(origins[paying], sinks[paying], value[paying], BEST_PER_NODE)]

    def _route(
        self, price: Floats, ways: tuple[Tree, Tree], detour: Path, start: int, end: int
    ) -> Path | None:
        """The route over a detour that passes no place twice, by the best ways that are known."""
        network = self._offer.network
        first, second = ways[0].path(int(network.tail[detour[0]])), ways[1].path(end)
        if self._is_simple(start, (*first, *detour, *second)):
            return (*first, *detour, *second)
        clear = self._around(price, start, (*first, *detour), int(network.head[detour[-1]]), end)
        if clear is not None and self._is_simple(start, (*first, *detour, *clear)):
            return (*first, *detour, *clear)
        clear = self._around(price, -1, (*detour, *second), start, int(network.tail[detour[0]]))
        if clear is not None and self._is_simple(start, (*clear, *detour, *second)):
            return (*clear, *detour, *second)
        return None

    def _around(self, price: Floats, start: int, part: Path, source: int, end: int) -> Path | None:
        """The best way from one state to another that comes to no place of a part of the route."""
        network = self._offer.network
        places = [start, *(int(network.node[edge]) for edge in part)]
        barred = network.is_arc & np.isin(network.node, places)
        clear = np.where(barred, np.inf, price)
        tree = self._offer.graph.trees(clear, np.array([source]))[source]
        return tree.path(end) if np.isfinite(tree.distance[end]) else None

    def _is_simple(self, start: int, path: Path) -> bool:
        network = self._offer.network
        passed = [int(network.node[edge]) for edge in path if network.is_arc[edge]]
        return len({start, *passed}) == len(passed) + 1


def _distances(trees: Mapping[int, Tree], starts: Integers, state: int) -> Floats:
    """From each of these states to one, (n,)."""
    distance = {start: tree.distance[state] for start, tree in trees.items()}
    return np.array([distance.get(start, np.inf) for start in starts.tolist()])
