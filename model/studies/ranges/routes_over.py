"""Routes over some links, priced as they are rewarded: none of them passes a place twice.

Pricing finds the best route of a pair. A reward for passing a link would make it go round in
circles there; so the best route over each link is put together from the way to it and the way
on, and what comes back to a place is replaced by the best way that keeps clear of the other part.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from model.arrays import Floats, Integers
from model.market.lanes import TOLERANCE_CNY_PER_T, Lanes, Objective, Prices
from model.market.network_lanes import NetworkOffer
from model.market.route_data import Path
from model.market.route_pricing import RoutePricing
from model.market.shortest_paths import StateGraph
from model.market.starting_lanes import best_of_each
from model.solve.column_generation import Allocator
from model.solve.optimum import Optimum
from model.studies.ranges.ways_over import WaysOver

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


@dataclass(frozen=True)
class _Search:
    """Pairs whose routes over a detour may pay.

    Attributes
    ----------
    ways : over the detour
    price : what a route pays besides its length, less what rewards it, (n,)
    origins, sinks : (n,)
    start, end : positions among the ends of the ways, (n,)
    """

    ways: WaysOver
    price: Floats
    origins: Integers
    sinks: Integers
    start: Integers
    end: Integers

    def value(self) -> Floats:
        """Reduced cost of the two best ways; infinite where they come to one place, (n,)."""
        value = self.price + self.ways.length[self.start, self.end]
        return np.where(self.ways.is_route[self.start, self.end], value, np.inf)

    def value_clear(self) -> Floats:
        """The same of ways that keep clear of each other, of the other pairs, (n,)."""
        wanted = np.zeros(self.ways.length.shape, dtype=bool)
        wanted[self.start, self.end] = ~self.ways.is_route[self.start, self.end]
        return np.asarray(self.price + self.ways.length_clear(wanted)[self.start, self.end])

    def route(self, row: int, *, clear: bool) -> Route:
        """The route of a pair."""
        ends = int(self.start[row]), int(self.end[row])
        path = self.ways.route_clear(*ends) if clear else self.ways.route(*ends)
        return int(self.origins[row]), int(self.sinks[row]), path


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
        self._reverse = StateGraph(network.head, network.tail, network.state_count)
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
            optimum = allocator.optimise(objective, primal=True)
            prices = allocator.prices(optimum.row_dual, objective)
            searches = list(self._searches(prices, per_passage))
            found = self._lanes(searches, clear=False).unseen(allocator.seen[self._offer.number])
            if not len(found):
                found = self._lanes(searches, clear=True)
            pays = prices.reduced_cost(found) < -TOLERANCE_CNY_PER_T
            if not pays.any():
                return optimum
            allocator.add(found.take(np.flatnonzero(pays)))

    def _searches(self, prices: Prices, per_passage: float) -> Iterator[_Search]:
        """Pairs that may pay, by prices of edges and detour."""
        offer = self._offer
        pricing = RoutePricing(offer, prices)
        for number, variant, origins, sinks in pricing.members():
            edge_price = pricing.edge_price(number)
            pair = pricing.pair_price[variant, origins, sinks]
            pair = pair - prices.origin[origins] - prices.sink[sinks]
            starts, start = np.unique(offer.origin_node[origins], return_inverse=True)
            ends, end = np.unique(offer.sink_node[sinks], return_inverse=True)
            for detour in self._detours:
                price = pair - per_passage * len(detour)
                graphs = offer.network, offer.graph, self._reverse
                ways = WaysOver(*graphs, edge_price, detour, starts, ends)
                some = np.flatnonzero(price + ways.length[start, end] < -TOLERANCE_CNY_PER_T)
                if len(some):
                    ends_of = origins[some], sinks[some], start[some], end[some]
                    yield _Search(ways, price[some], *ends_of)

    def _lanes(self, searches: list[_Search], *, clear: bool) -> Lanes:
        """Lanes that pay, each once: of the best ways, or of ways that keep clear of each other."""
        routes: dict[Route, None] = {}
        for search in searches:
            value = search.value_clear() if clear else search.value()
            for row in self._few(search.origins, search.sinks, value).tolist():
                routes[search.route(row, clear=clear)] = None
        origin, sink = np.array([route[:2] for route in routes], dtype=np.intp).reshape(-1, 2).T
        return self._offer.lanes(origin, sink, [path for _, _, path in routes])

    def _few(self, origins: Integers, sinks: Integers, value: Floats) -> Integers:
        """Rows of paying pairs: all of a small market, else the best of each end."""
        paying = np.flatnonzero(value < -TOLERANCE_CNY_PER_T)
        if self._offer.pairs <= FEW_PAIRS:
            return paying
        return paying[best_of_each(origins[paying], sinks[paying], value[paying], BEST_PER_NODE)]
