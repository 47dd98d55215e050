"""Routes of reduced cost 0: those listed are all that a search through every route finds."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.case.case import Case
from model.case.distances import with_distances
from model.market.compile_market import compile_market
from model.market.lanes import COST, Prices
from model.market.network_lanes import NetworkOffer
from model.market.route_data import Path
from model.market.route_pricing import RoutePricing
from model.market.tight_routes import tight_routes
from tests.support.markets import frame
from tests.support.random_networks import networks

MANY = 10_000


def routes_between(offer: NetworkOffer, source: int, target: int) -> Iterator[Path]:
    """Every route that passes no place twice and leaves no mode to enter it again at once."""
    network = offer.network
    leads = [(int(a), int(b)) for a, b in zip(network.tail, network.head, strict=True)]
    waiting: list[tuple[int, Path]] = [(source, ())]
    while waiting:
        state, path = waiting.pop()
        if state == target:
            yield path
            continue
        passed = {int(network.state_node[leads[edge][0]]) for edge in path}
        for edge, (tail, head) in enumerate(leads):
            is_back = network.is_arc[edge] and int(network.state_node[head]) in passed
            is_pointless = (
                path
                and not (network.is_arc[edge] or network.is_arc[path[-1]])
                and network.mode[edge] == network.mode[path[-1]]
            )
            if tail == state and not is_back and not is_pointless:
                waiting.append((head, (*path, edge)))


def free_of_some_charges(case: Case, free: str) -> Case:
    """The case with free loading, or with free links, or with both at no charge."""
    zero = {"loading": "rail 0 0.2 10", "links": "rail 20 0 10", "all": "rail 0 0 10"}
    if free == "nothing":
        return case
    header = "mode fixed_cny_per_t cny_per_t_km gco2_per_t_km"
    modes = frame(header, zero[free], "road 0 0.5 70" if free == "loading" else "road 5 0.5 70")
    figures = modes.set_index("mode").reindex(case.modes["mode"])
    return case.replace_unchecked(
        modes=case.modes.assign(**{name: figures[name].to_numpy(float) for name in figures})
    )


@pytest.mark.parametrize("free", ["nothing", "loading", "links", "all"])
@settings(max_examples=60)
@given(networks(), st.data())
def test_every_cheapest_route_is_listed(free: str, case: Case, data: st.DataObject) -> None:
    offer = compile_market(with_distances(free_of_some_charges(case, free))).network
    assert offer is not None
    value = offer.at_no_duals.value[0]
    origin = data.draw(st.integers(0, len(value) - 1))
    sinks = np.flatnonzero(np.isfinite(value[origin]))
    # Prices of sinks at which the cheapest routes from one origin have no reduced cost.
    paid = np.where(np.isfinite(value[origin]), value[origin], 0.0)
    nothing = np.zeros(len(value)), np.zeros(len(offer.limits))
    pricing = RoutePricing(offer, Prices(COST, nothing[0], paid, nothing[1]))
    expected = set()
    price = pricing.edge_price(0)
    for sink in sinks.tolist():
        source, target = int(offer.origin_node[origin]), int(offer.sink_node[sink])
        routes = {r: float(price[list(r)].sum()) for r in routes_between(offer, source, target)}
        least = min(routes.values())
        expected |= {(origin, sink, r) for r, cost in routes.items() if cost <= least + 1e-6}
    for _ in range(2):  # as they are found, then as they are remembered
        listed = tight_routes(offer, pricing, MANY)
        assert listed is not None
        assert len(listed) == len(set(listed))
        assert {route for route in listed if route[0] == origin} == expected
