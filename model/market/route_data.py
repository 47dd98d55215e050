"""What routes through a network are made of: ends, costs, and what counts on them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from model.arrays import Booleans, Floats, Integers
from model.market.network import Network
from model.market.route_terms import RouteDuty, RouteTerm
from model.market.shortest_paths import StateGraph
from model.market.tie_numbers import PairTies

Path = tuple[int, ...]


@dataclass(frozen=True)
class NetworkFace:
    """Routes of zero reduced cost: their pairs, and the tight edges by group and source.

    Attributes
    ----------
    group : (V, O, S) number of each pair's group in each variant, -1 off the face
    tight : (group, source state) -> (E,)
    """

    group: Integers
    tight: dict[tuple[int, int], Booleans]


@dataclass(frozen=True)
class RouteData:
    """The network with the ends of routes, their costs, and the limits and duties on them.

    Attributes
    ----------
    origin_node, sink_node : (O,), (S,) state of each, -1 without a node
    production_cny_per_t : (O,)
    duty_cny_per_t : (O, S) duties whatever the route
    carbon_price_cny_per_t : of a tonne of CO2
    pair_ties : whole numbers from names
    duties : D duties that rest on the route
    limits : K terms
    face : routes that are on offer, or None for all
    joined : (O, S) pairs of one commodity, or None where all are
    price_cny_per_t : (S,) what each sink pays for a tonne above its demand, or None
    """

    network: Network
    origin_node: Integers
    sink_node: Integers
    production_cny_per_t: Floats
    duty_cny_per_t: Floats
    carbon_price_cny_per_t: float
    pair_ties: PairTies
    duties: tuple[RouteDuty, ...] = ()
    limits: tuple[RouteTerm, ...] = ()
    face: NetworkFace | None = None
    joined: Booleans | None = None
    price_cny_per_t: Floats | None = None

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of origins and sinks."""
        return len(self.origin_node), len(self.sink_node)

    @property
    def pairs(self) -> int:
        """Number of pairs, whether or not a route joins them."""
        return len(self.origin_node) * len(self.sink_node)

    @cached_property
    def graph(self) -> StateGraph:
        """States and edges, compiled for shortest paths."""
        network = self.network
        return StateGraph(network.tail, network.head, network.state_count)

    @cached_property
    def by_head(self) -> tuple[Integers, Integers]:
        """Edges in the order of the states that they lead to, and where those of each begin."""
        order = np.argsort(self.network.head, kind="stable")
        states = np.arange(self.network.state_count + 1)
        return order, np.searchsorted(self.network.head[order], states)

    def edges_into(self, state: int) -> Integers:
        """Edges that lead to a state."""
        order, starts = self.by_head
        return order[starts[state] : starts[state + 1]]

    @cached_property
    def has_nodes(self) -> Booleans:
        """Pairs of one commodity of which both ends have a node, (O, S)."""
        ends = (self.origin_node >= 0)[:, None] & (self.sink_node >= 0)[None, :]
        return np.asarray(ends if self.joined is None else ends & self.joined)

    @cached_property
    def pair_spent_cny_per_t(self) -> Floats:
        """What a tonne of each pair costs whatever the route, (O, S)."""
        return self.production_cny_per_t[:, None] + self.duty_cny_per_t

    @cached_property
    def pair_cost_cny_per_t(self) -> Floats:
        """The same less what the sink pays, (O, S)."""
        spent = self.pair_spent_cny_per_t
        return spent if self.price_cny_per_t is None else spent - self.price_cny_per_t

    @cached_property
    def edge_cost_cny_per_t(self) -> Floats:
        """Freight and carbon of each edge, (E,)."""
        network = self.network
        return network.freight_cny_per_t + self.carbon_price_cny_per_t * network.co2_t_per_t
