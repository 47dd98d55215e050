"""Second-best routes: what a lane's tonnes take when that lane is priced apart.

Pricing finds the best route of a pair. Where one lane of the pair bears a price of its own,
the next best route has to be offered too: the best of those that leave out one of its links.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from model.arrays import Booleans, Floats
from model.market.lanes import TOLERANCE_CNY_PER_T, Item, Lanes, Objective, Prices
from model.market.market import Market
from model.market.network_lanes import NetworkOffer
from model.market.route_data import Path
from model.market.route_pricing import RoutePricing
from model.solve.column_generation import Allocator
from model.solve.optimum import Optimum
from model.solve.tie_break import Face


@dataclass(frozen=True)
class LaneObjective(Objective):
    """An objective in which one lane bears a bonus of its own, CNY/t."""

    offer: int = 0
    item: Item = ()
    pair: tuple[int, int] = (0, 0)
    bonus: float = 0.0

    def of(self, lanes: Lanes) -> Floats:
        """Objective coefficient of each lane, (n,)."""
        return super().of(lanes) - self.bonus * self.is_lane(lanes)

    def is_lane(self, lanes: Lanes) -> Booleans:
        """Which of some lanes it is, (n,)."""
        here: Booleans = (lanes.offer == self.offer) & (lanes.origin == self.pair[0])
        here &= lanes.sink == self.pair[1]
        for row in np.flatnonzero(here):
            here[row] = lanes.item[row] == self.item
        return here

    @staticmethod
    def on(lanes: Lanes, row: int, cost: float = 1.0) -> LaneObjective:
        """The objective for one of some lanes, without a bonus yet."""
        pair = int(lanes.origin[row]), int(lanes.sink[row])
        return LaneObjective(
            cost=cost, offer=int(lanes.offer[row]), item=lanes.item[row], pair=pair
        )


def add_second_best_routes(
    allocator: Allocator,
    lanes: Sequence[LaneObjective],
    prices: Prices | None = None,
    face: Face | None = None,
) -> bool:
    """Offer the program the best routes of these lanes' pairs that leave out one of their links.

    Parameters
    ----------
    prices : those of a solve, whose paying detours alone are added; without, all are
    face : whose routes alone count, if not all

    Returns
    -------
    bool
        Whether any route was new.
    """
    offer = (allocator if face is None else face).market.network
    if offer is None:
        return False
    pricing = offer.at_no_duals if prices is None else RoutePricing(offer, prices)
    keys = {
        (*lane.pair, path): None
        for lane in lanes
        if lane.offer == offer.number
        for path in _without_a_link(offer, lane, pricing)
    }
    routes = [key for key in keys if key not in allocator.seen[offer.number]]
    origin, sink = np.array([route[:2] for route in routes], dtype=np.intp).reshape(-1, 2).T
    found = offer.lanes(origin, sink, [path for *_, path in routes])
    if prices is not None:
        found = found.take(np.flatnonzero(prices.reduced_cost(found) < -TOLERANCE_CNY_PER_T))
    return allocator.add_any([found])


def _without_a_link(offer: NetworkOffer, lane: LaneObjective, pricing: RoutePricing) -> list[Path]:
    """The best route of the lane's pair without each of its links, each route once."""
    network = offer.network
    source, target = int(offer.origin_node[lane.pair[0]]), int(offer.sink_node[lane.pair[1]])
    paths: dict[Path, None] = {}
    for price in pricing.edge_prices(*lane.pair):
        for edge in lane.item:
            if network.is_arc[edge]:
                without = price.copy()
                without[edge] = np.inf
                tree = offer.graph.trees(without, np.array([source]))[source]
                if np.isfinite(tree.distance[target]):
                    paths[tree.path(target)] = None
    return list(paths)


def optimise_lane(
    allocator: Allocator, lane: LaneObjective, bonus: float, face: Face | None = None
) -> Optimum:
    """Minimise with a bonus on one lane, over every lane on offer (on the face, if given).

    Detours at plain costs must be in the program already; where limits on links have a
    price, further ones are looked for.
    """
    objective = replace(lane, bonus=bonus)
    among = None if face is None else face.market
    while True:
        optimum = allocator.optimise(objective, among)
        prices = allocator.prices(optimum.row_dual, Objective(cost=objective.cost))
        if bonus > 0 or not _prices_links(allocator.market, prices):
            return optimum
        if not add_second_best_routes(allocator, [lane], prices, face):
            return optimum


def _prices_links(market: Market, prices: Prices) -> bool:
    """Whether a limit that counts links has a price."""
    return market.network is not None and any(
        bool(charge) and term.depends_on_route
        for term, charge in zip(market.network.limits, prices.charge.tolist(), strict=True)
    )
