"""A market at the prices of each draw, where what varies is what origins, modes or links cost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from model.arrays import Floats
from model.case.case import Case
from model.market.compile_market import MONEY
from model.market.lanes import Lanes
from model.market.market import Market
from model.market.network_lanes import NetworkOffer, incidence
from model.studies.sweep.draws import Draws, base_figures
from model.studies.sweep.edge_costs import edge_costs_of

EDGE_PRICES = {
    "modes.cny_per_t_km", "modes.fixed_cny_per_t", "links.cost_cny_per_t",
}  # fmt: skip
MOVED_PRICES = EDGE_PRICES | {"origins.cost_cny_per_t"}
"""Figures that change what lanes cost, and nothing else of them."""


def can_reprice(case: Case) -> bool:
    """Whether lanes at other prices are the same lanes: no limit counts money."""
    counts_money = (case.limits["measure"] == MONEY).any()
    return not (counts_money or (case.modes["commodity"] != "").any())


class Repriced:
    """The market of a case, and some lanes of it, at the prices of every draw."""

    def __init__(self, case: Case, market: Market, lanes: Lanes) -> None:
        self._case, self._market, self._lanes = case, market, lanes
        self._network = market.network
        none = Lanes.none(len(market.limits.names))
        self._edges = edge_costs_of(case, market, none, EDGE_PRICES)
        if self._network is not None:
            self._on_network = np.flatnonzero(lanes.offer == self._network.number)
            paths = [lanes.item[row] for row in self._on_network]
            self._on_route = incidence(paths, len(self._network.network.arc))

    def of(self, draws: Draws) -> Iterator[tuple[Market, Lanes]]:
        """Market and lanes of each draw in turn."""
        base = base_figures(self._case, "origins.cost_cny_per_t")
        production = draws.column("origins.cost_cny_per_t", base)
        has_edges = bool(draws.targets & EDGE_PRICES)
        freight = None
        if self._edges is not None and has_edges:
            freight = self._edges.edge_parts(draws)[:, :, 0]
        for number in range(len(draws)):
            own = production[number if len(production) > 1 else 0]
            along = None if freight is None else freight[number if len(freight) > 1 else 0]
            yield self._at(own, along)

    def _at(self, production: Floats, freight: Floats | None) -> tuple[Market, Lanes]:
        market, lanes = self._market, self._lanes
        network, explicit = market.network, market.explicit
        lanes = replace(lanes, production_cny_per_t=production[lanes.origin])
        if explicit is not None:
            explicit = replace(explicit, production_cny_per_t=production[explicit.origin])
        if network is not None:
            network = network.repriced(production, freight)
            if freight is not None:
                lanes = self._along(lanes, network)
        return replace(market, network=network, explicit=explicit), lanes

    def _along(self, lanes: Lanes, offer: NetworkOffer) -> Lanes:
        """The lanes at other costs of edges."""
        freight, at_sea = offer.network.freight_cny_per_t, offer.network.is_sea
        both = lanes.freight_cny_per_t.copy(), lanes.sea_cny_per_t.copy()
        both[0][self._on_network] = self._on_route @ freight
        both[1][self._on_network] = self._on_route @ (freight * at_sea)
        return replace(lanes, freight_cny_per_t=both[0], sea_cny_per_t=both[1])
