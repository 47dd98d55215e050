"""Lanes through the network: priced by shortest paths with the duals of limits on the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar

import numpy as np
from scipy.sparse import coo_array, csr_array

from model.arrays import Booleans, Floats, Integers
from model.market.lanes import COST, TOLERANCE_CNY_PER_T, Item, Lanes, Priced, Prices, Seen
from model.market.offer import Leg, Offer, Way
from model.market.route_data import Path, RouteData
from model.market.route_pricing import RoutePricing
from model.market.route_terms import RouteTerm
from model.market.selection import Selection
from model.market.starting_lanes import Candidates, Ends, best_of_each, enough, nearest
from model.market.tight_routes import tight_routes

MANY_PAIRS = 2_000
"""Below this all paying pairs are added at once; above, the best of every origin and sink."""
BEST_PER_NODE = 10


@dataclass(frozen=True)
class NetworkOffer(RouteData, Offer):
    """Every route through the network between every origin and sink that have a node."""

    number: ClassVar[int] = 0

    @property
    def size(self) -> int:
        """Pairs that some route joins."""
        return len(self._cheapest_pairs)

    def reached_sinks(self) -> Integers:
        """Sinks that some lane leads to."""
        return np.unique(self._cheapest_pairs.sink)

    def joins(self, pairs: Booleans) -> bool:
        """Whether some lane joins one of these pairs, (O, S)."""
        offered = self.has_nodes if self.face is None else (self.face.group >= 0).any(axis=0)
        return bool((pairs & offered).any())

    def initial_lanes(self) -> Lanes:
        """The cheapest route of every pair on a small market; else of each origin and sink."""
        pairs = self._cheapest_pairs
        if self.pairs <= MANY_PAIRS:
            return self.cheapest_of_pairs()
        rows = best_of_each(pairs.origin, pairs.sink, pairs.cost_cny_per_t, 1)
        return self._cheapest_routes(pairs.origin[rows], pairs.sink[rows])

    def starting_lanes(self, seen: Seen, supply_kt: Floats, demand_kt: Floats) -> Lanes:
        """Near partners of each origin and sink, and pairs enough to meet demand where they can."""
        if self.pairs <= MANY_PAIRS:
            return Lanes.none(len(self.limits))
        pairs = self._cheapest_pairs
        near = nearest(pairs)
        rows = np.union1d(near, enough(pairs, near, supply_kt, demand_kt))
        return self._cheapest_routes(pairs.origin[rows], pairs.sink[rows]).unseen(seen)

    def cheapest_of_pairs(self) -> Lanes:
        """The cheapest route of every pair that some route joins."""
        return self._cheapest_routes(self._cheapest_pairs.origin, self._cheapest_pairs.sink)

    @cached_property
    def at_no_duals(self) -> RoutePricing:
        """Routes at their plain costs."""
        origins, sinks = self.shape
        free = np.zeros(origins), np.zeros(sinks), np.zeros(len(self.limits))
        return RoutePricing(self, Prices(COST, *free))

    @cached_property
    def _cheapest_pairs(self) -> Candidates:
        """Pairs that some route joins, with the cost of the cheapest."""
        value = self.at_no_duals.value.min(axis=0)
        origin, sink = np.nonzero(np.isfinite(value))
        return Candidates(Ends(origin, sink), value[origin, sink])

    def _cheapest_routes(self, origin: Integers, sink: Integers) -> Lanes:
        variant = self.at_no_duals.value.argmin(axis=0)[origin, sink]
        return self.lanes(origin, sink, self.at_no_duals.paths(variant, origin, sink))

    def price(self, prices: Prices, seen: Seen, tolerance: float = TOLERANCE_CNY_PER_T) -> Priced:
        """The best route of every pair, where its reduced cost is negative."""
        pricing = RoutePricing(self, prices)
        value = pricing.reduced_cost
        while (value < -tolerance).any():
            best = value.min(axis=0)
            origin, sink = np.nonzero(best < -tolerance)
            chosen = self._few(origin, sink, best[origin, sink])
            origin, sink = origin[chosen], sink[chosen]
            variant = value.argmin(axis=0)[origin, sink]
            lanes = self.lanes(origin, sink, pricing.paths(variant, origin, sink)).unseen(seen)
            if len(lanes):
                return Priced(lanes, float(value.min(initial=np.inf)))
            value[variant, origin, sink] = np.inf  # their best routes are there already
        return Priced(Lanes.none(len(self.limits)), float(value.min(initial=np.inf)))

    def _few(self, origin: Integers, sink: Integers, value: Floats) -> Integers:
        """Positions of pairs to take: all of a small market, else the best of each node."""
        if self.pairs <= MANY_PAIRS:
            return np.arange(len(origin))
        return best_of_each(origin, sink, value, BEST_PER_NODE)

    def optimal_face(self, prices: Prices) -> NetworkOffer:
        """The same offer with routes of zero reduced cost alone."""
        return replace(self, face=RoutePricing(self, prices).face())

    def tight_lanes(self, prices: Prices, most: int) -> Lanes | None:
        """Every lane of reduced cost 0; None where there are more than can be listed."""
        routes = tight_routes(self, RoutePricing(self, prices), most)
        if routes is None:
            return None
        origin, sink = np.array([route[:2] for route in routes], dtype=np.intp).reshape(-1, 2).T
        return self.lanes(origin, sink, [path for _, _, path in routes])

    def with_limits(self, selections: Sequence[Selection]) -> NetworkOffer:
        """The same lanes, counted in further limits on shipments."""
        terms = tuple(self.shipments(selection) for selection in selections)
        return replace(self, limits=(*self.limits, *terms))

    def repriced(
        self, production_cny_per_t: Floats, freight_cny_per_t: Floats | None
    ) -> NetworkOffer:
        """The same routes at other costs of origins, (O,), and edges, (E,), if given.

        Right where no limit counts money.
        """
        network = self.network
        if freight_cny_per_t is not None:
            network = replace(network, freight_cny_per_t=freight_cny_per_t)
        offer = replace(self, production_cny_per_t=production_cny_per_t, network=network)
        for name in ("graph", "has_nodes", "_plain_edge_weight", "_weight_of_ends"):
            vars(offer)[name] = getattr(self, name)  # they do not depend on costs
        for name in ("is_entry", "is_arc", "tie"):
            vars(network)[name] = getattr(self.network, name)
        return offer

    def shipments(self, selection: Selection) -> RouteTerm:
        """What a limit on shipments counts."""
        pairs = selection.pairs
        if not selection.depends_on_route:
            ends = selection.origins, selection.sinks
            return RouteTerm(pairs, pairs.astype(float), ends=ends)
        start = self.network.start_weight(selection, self.origin_node)
        return RouteTerm(pairs, pairs * start[:, None], self.network.edge_weight(selection))

    def way(self, origin: int, item: Item) -> Way:
        """Modes, route and legs of a lane."""
        network = self.network
        modes = [network.modes[network.mode[edge]] for edge in item if network.is_entry[edge]]
        route = network.route_text(item) or network.nodes[self.origin_node[origin]]
        return Way("+".join(modes), route, tuple(self._legs(item)))

    def _legs(self, item: Item) -> list[Leg]:
        """Where the freight of a lane arises: loading at each change of mode, then each link."""
        network, legs = self.network, []
        for edge in item:
            freight, km = float(network.freight_cny_per_t[edge]), float(network.km[edge])
            name = network.link_name(edge) or f"loading, {network.nodes[network.node[edge]]}"
            if network.is_arc[edge] or freight:
                legs.append(Leg(name, network.modes[network.mode[edge]], km, freight))
        return legs

    def lanes(self, origin: Integers, sink: Integers, paths: list[Path]) -> Lanes:
        """Lanes from given pairs and the edges of their routes, (n,) each."""
        on_route = incidence(paths, len(self.network.arc))
        borne = self._borne(origin, sink, on_route)
        charge = np.array([duty.charge_cny_per_t for duty in self.duties])
        freight, sea, land_km, sea_km, co2, tie = (on_route @ self._edge_figures).T
        price = (
            np.zeros(len(self.sink_node)) if self.price_cny_per_t is None else self.price_cny_per_t
        )
        return Lanes(
            origin=origin.astype(np.intp),
            sink=sink.astype(np.intp),
            freight_cny_per_t=freight,
            sea_cny_per_t=sea,
            production_cny_per_t=self.production_cny_per_t[origin],
            duty_cny_per_t=self.duty_cny_per_t[origin, sink] + borne @ charge,
            carbon_cny_per_t=self.carbon_price_cny_per_t * co2,
            price_cny_per_t=price[sink],
            land_km=land_km,
            sea_km=sea_km,
            co2_t_per_t=co2,
            min_kt=np.zeros(len(paths)),
            max_kt=np.full(len(paths), np.inf),
            tie=self.pair_ties.of_some(origin, sink) + tie,
            limit_weight=self._limit_weight(origin, sink, on_route, borne),
            offer=np.full(len(paths), self.number, dtype=np.intp),
            item=tuple(paths),
        )

    def _borne(self, origin: Integers, sink: Integers, on_route: csr_array) -> Booleans:
        """Duties that rest on the route and are due on each of these lanes, (n, D)."""
        borne = [duty.borne(origin, sink, on_route) for duty in self.duties]
        return np.array(borne, dtype=bool).reshape(len(self.duties), len(origin)).T

    @cached_property
    def _edge_figures(self) -> Floats:
        """Freight, freight at sea, km by land, km at sea, CO2, tie-break number, (E, 6)."""
        network, at_sea = self.network, self.network.is_sea
        freight, km = network.freight_cny_per_t, network.km
        figures = freight, freight * at_sea, km * ~at_sea, km * at_sea, network.co2_t_per_t
        return np.column_stack([*figures, network.tie])

    def _limit_weight(
        self, origin: Integers, sink: Integers, on_route: csr_array, borne: Booleans
    ) -> csr_array:
        """What a tonne on each of these lanes counts in each limit, (n, K)."""
        weight = csr_array(on_route @ self._plain_edge_weight)
        of_origin, of_sink = self._weight_of_ends
        if of_origin.nnz:
            weight = csr_array(weight + of_origin[origin] * of_sink[sink])
        rows, limits, values = [], [], []
        for limit, term in enumerate(self.limits):
            if not term.is_plain and term.ends is None:
                counted = term.counted(origin, sink, on_route, borne)
                some = np.flatnonzero(counted)
                rows.append(some)
                limits.append(np.full(len(some), limit))
                values.append(counted[some])
        if not rows:
            return weight
        entries = (np.concatenate(values), (np.concatenate(rows), np.concatenate(limits)))
        return csr_array(weight + coo_array(entries, shape=weight.shape).tocsr())

    @cached_property
    def _weight_of_ends(self) -> tuple[csr_array, csr_array]:
        """Of limits that count some ends alone, 1 for each origin and sink, (O, K) and (S, K)."""
        ends = [(limit, term.ends) for limit, term in enumerate(self.limits) if term.ends]
        marks = []
        for side, size in enumerate(self.shape):
            mark = np.zeros((size, len(self.limits)), dtype=bool)
            for limit, both in ends:
                mark[:, limit] = both[side]
            marks.append(csr_array(mark.astype(float)))
        return marks[0], marks[1]

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


def incidence(paths: list[Path], edges: int) -> csr_array:
    """How often each path uses each edge, (n, E)."""
    length = [len(path) for path in paths]
    column = [edge for path in paths for edge in path]
    return csr_array(
        (np.ones(len(column)), column, np.r_[0, np.cumsum(length)]), shape=(len(paths), edges)
    )
