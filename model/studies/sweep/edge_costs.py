"""Routes found again in every draw whose edges cost otherwise: compiled shortest paths."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from model.arrays import Booleans, Floats, Integers
from model.case.distances import is_closed
from model.market.lanes import Lanes
from model.market.market import Market
from model.market.network import Network, emission_t_per_t, link_freight_cny_per_t
from model.studies.sweep.draws import Draws, base_figures

if TYPE_CHECKING:
    from model.case.case import Case

EDGE_TARGETS = {
    "links.km", "links.cost_cny_per_t", "modes.fixed_cny_per_t", "modes.cny_per_t_km",
    "modes.gco2_per_t_km", "case.carbon_price_cny_per_t",
}  # fmt: skip
"""Figures that change which route of a pair is the cheapest."""


@dataclass(frozen=True)
class Routes:
    """Routes of D draws: their cost by pair, and enough to follow them.

    Attributes
    ----------
    pair_cost : (D or 1, P) freight and carbon
    edge_parts : (D or 1, E, parts)
    predecessor : (D or 1, sources, states)
    step_edge : (D or 1, steps) edge that each step takes
    """

    pair_cost: Floats
    edge_parts: Floats
    predecessor: Integers
    step_edge: Integers


@dataclass(frozen=True)
class EdgeCosts:
    """A network whose edges know the figures that they cost.

    Attributes
    ----------
    base : figures of links and modes, by target
    link : (E,) row of links.csv, or -1
    mode : (E,) row of modes.csv
    is_entry, is_sea : (E,)
    tail, head : (E,) states
    source : (sources,) states where origins stand
    pair_source : (P,) position among the sources
    pair_target : (P,) state of the sink
    varies : whether edges cost otherwise in some draw
    base_carbon_price : (1, 1)
    """

    base: dict[str, Floats]
    link: Integers
    mode: Integers
    is_entry: Booleans
    is_sea: Booleans
    tail: Integers
    head: Integers
    states: int
    source: Integers
    pair_source: Integers
    pair_target: Integers
    varies: bool
    base_carbon_price: Floats

    @cached_property
    def _base_routes(self) -> Routes:
        """Routes where edges cost the same in every draw."""
        return self._search(Draws((), np.zeros((1, 0))), self.base_carbon_price)

    @cached_property
    def _base_parts(self) -> Floats:
        """Parts of the route of every pair, where edges cost the same, (P, parts)."""
        pair = np.arange(len(self.pair_target))
        return self._follow(self._base_routes, np.zeros_like(pair), pair)

    def edge_parts(self, draws: Draws) -> Floats:
        """Freight, sea freight, emission and lengths of every edge, (D or 1, E, parts)."""
        figure = {name: draws.column(name, values) for name, values in self.base.items()}
        km = np.nan_to_num(figure["links.km"])[:, self.link] * (self.link >= 0)
        rate = np.nan_to_num(figure["modes.cny_per_t_km"])[:, self.mode]
        own = np.where(self.link < 0, np.nan, figure["links.cost_cny_per_t"][:, self.link])
        along = link_freight_cny_per_t(own, km, rate)
        entry = np.nan_to_num(figure["modes.fixed_cny_per_t"])[:, self.mode] * self.is_entry
        freight = along + entry
        grams = np.nan_to_num(figure["modes.gco2_per_t_km"])[:, self.mode]
        co2 = emission_t_per_t(km, grams)
        sea = freight * self.is_sea
        parts = np.broadcast_arrays(freight, sea, co2, km * ~self.is_sea, km * self.is_sea)
        return np.stack(parts, axis=2)

    def routes(self, draws: Draws, carbon_price: Floats) -> Routes:
        """The cheapest route of every pair in every draw."""
        return self._search(draws, carbon_price) if self.varies else self._base_routes

    def _search(self, draws: Draws, carbon_price: Floats) -> Routes:
        parts = self.edge_parts(draws)
        price = parts[:, :, 0] + carbon_price * parts[:, :, 2]
        order = np.lexsort((self.head, self.tail))
        step = np.column_stack([self.tail, self.head])[order]
        first = np.flatnonzero(np.r_[True, np.any(step[1:] != step[:-1], axis=1)])
        ordered = price[:, order]
        cheapest = np.minimum.reduceat(ordered, first, axis=1)
        starts = np.searchsorted(step[first, 0], np.arange(self.states + 1))
        graph = csr_array(
            (cheapest[0].copy(), step[first, 1], starts), shape=(self.states, self.states)
        )
        found = []
        for row in cheapest:
            graph.data[:] = row
            found.append(dijkstra(graph, indices=self.source, return_predecessors=True))
        distance = np.stack([each[0] for each in found])
        return Routes(
            distance[:, self.pair_source, self.pair_target],
            parts,
            np.stack([each[1] for each in found]),
            self._step_edges(ordered, cheapest, order, first),
        )

    def _step_edges(
        self, ordered: Floats, cheapest: Floats, order: Integers, first: Integers
    ) -> Integers:
        """The edge of each step: the first of its cheapest parallel ones."""
        length = np.diff(np.r_[first, len(order)])
        if (length == 1).all():
            return order[first][None, :]
        is_best = ordered == np.repeat(cheapest, length, axis=1)
        rank = np.where(is_best, np.arange(len(order)), len(order))
        return np.asarray(order[np.minimum.reduceat(rank, first, axis=1)])

    def along(self, routes: Routes, draw: Integers, pair: Integers) -> Floats:
        """Parts of the route of these pairs in these draws, (entries, parts)."""
        return self._follow(routes, draw, pair) if self.varies else self._base_parts[pair]

    def _follow(self, routes: Routes, draw: Integers, pair: Integers) -> Floats:
        entry, edge = self._edges(routes, draw, pair)
        values = routes.edge_parts[_row(draw[entry], routes.edge_parts), edge]
        parts = np.stack([np.bincount(entry, part, len(draw)) for part in values.T], axis=1)
        return parts.astype(np.float64)

    def _edges(self, routes: Routes, draw: Integers, pair: Integers) -> tuple[Integers, Integers]:
        """Every edge on these routes, and the entry that it belongs to."""
        steps = np.unique(self.tail * self.states + self.head)
        source, state = self.pair_source[pair], self.pair_target[pair]
        tree, choice = _row(draw, routes.predecessor), _row(draw, routes.step_edge)
        entries, edges = [np.zeros(0, dtype=np.intp)], [np.zeros(0, dtype=np.intp)]
        alive = np.arange(len(draw))
        while len(alive):
            before = routes.predecessor[tree[alive], source[alive], state[alive]]
            alive, before = alive[before >= 0], before[before >= 0]
            step = np.searchsorted(steps, before * self.states + state[alive])
            entries.append(alive)
            edges.append(routes.step_edge[choice[alive], step])
            state[alive] = before
        return np.concatenate(entries), np.concatenate(edges)


def _row(draw: Integers, values: NDArray[Any]) -> Integers:
    """Rows of values that hold for these draws."""
    return draw if len(values) > 1 else np.zeros_like(draw)


def link_rows(case: Case, network: Network) -> Integers:
    """Row of links.csv of every edge, -1 where it is no arc, (E,)."""
    is_open = case.links["from"].isin(network.nodes) & case.links["to"].isin(network.nodes)
    rows = np.flatnonzero(is_open & ~is_closed(case.links))
    row = np.full(len(network.arc), -1)
    back = rows[~case.links["one_way"].to_numpy(dtype=bool)[rows]]
    row[network.is_arc] = np.tile(np.r_[rows, back], network.copies)
    return row


def edge_costs_of(case: Case, market: Market, lanes: Lanes, targets: set[str]) -> EdgeCosts | None:
    """The network of a case, for pairs in the order of these lanes; None where there is none."""
    offer = market.network
    if offer is None:
        return None
    network = offer.network
    general = np.flatnonzero(case.modes["commodity"] == "")
    mode_row = {case.modes["mode"].iloc[row]: row for row in general.tolist()}
    mode = np.array([mode_row[name] for name in network.modes])[network.mode]
    source, pair_source = np.unique(offer.origin_node[lanes.origin], return_inverse=True)
    names = sorted(EDGE_TARGETS - {"case.carbon_price_cny_per_t"})
    return EdgeCosts(
        {name: base_figures(case, name) for name in names},
        link_rows(case, network),
        mode,
        network.is_entry,
        network.is_sea,
        network.tail,
        network.head,
        network.state_count,
        source,
        pair_source,
        offer.sink_node[lanes.sink].copy(),
        bool(targets & EDGE_TARGETS),
        np.array([[case.settings.carbon_price_cny_per_t]]),
    )
