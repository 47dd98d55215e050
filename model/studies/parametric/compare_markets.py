"""Whether two markets differ in bounds alone, or in the prices of lanes alone."""

from __future__ import annotations

from typing import Any

import numpy as np

from model.market.market import Market


def same_bounds(one: Market, other: Market) -> bool:
    """Whether two markets have the same rows with the same bounds."""
    return (
        (one.origins, one.sinks, one.limits.names)
        == (other.origins, other.sinks, other.limits.names)
        and np.array_equal(one.row_lower_kt, other.row_lower_kt)
        and np.array_equal(one.row_upper_kt, other.row_upper_kt)
    )


def same_rows(one: Market, other: Market) -> bool:
    """Whether two markets have the same rows, bounded on the same sides."""
    return one.row_labels == other.row_labels and all(
        np.array_equal(np.isfinite(before), np.isfinite(after))
        for before, after in (
            (one.row_lower_kt, other.row_lower_kt),
            (one.row_upper_kt, other.row_upper_kt),
        )
    )


def same_lanes(one: Market, other: Market) -> bool:
    """Whether two markets offer the same lanes, whatever they cost."""
    return _same(_network_shape(one), _network_shape(other)) and _same(
        _explicit_shape(one), _explicit_shape(other)
    )


def same_prices(one: Market, other: Market) -> bool:
    """Whether the lanes of two markets, which are the same, cost the same."""
    return _same(_prices(one), _prices(other))


def _network_shape(market: Market) -> list[Any]:
    """What routes consist of apart from costs."""
    offer = market.network
    if offer is None:
        return []
    network = offer.network
    limits = [
        part
        for term in offer.limits
        for part in (term.pairs, term.pair_weight, term.edges, term.weights, term.duty_weight)
    ]
    duties = [part for duty in offer.duties for part in (duty.pairs, duty.always, duty.edges)]
    ends = [offer.origin_node, offer.sink_node]
    return [network.arc, network.tail, network.head, *ends, *limits, *duties]


def _explicit_shape(market: Market) -> list[Any]:
    """What explicit lanes consist of apart from costs."""
    offer = market.explicit
    if offer is None:
        return []
    weight = None if offer.limit_weight is None else offer.limit_weight.toarray()
    return [offer.origin, offer.sink, offer.min_kt, offer.max_kt, weight]


def _prices(market: Market) -> list[Any]:
    """What lanes cost, in arrays."""
    prices: list[Any] = []
    if market.network is not None:
        charges = [duty.charge_cny_per_t for duty in market.network.duties]
        prices += [market.network.pair_cost_cny_per_t, market.network.edge_cost_cny_per_t, charges]
    if market.explicit is not None:
        prices.append(market.explicit.cost_cny_per_t)
    return prices


def _same(one: list[Any], other: list[Any]) -> bool:
    return len(one) == len(other) and all(
        np.array_equal(before, after)
        if before is not None and after is not None
        else before is after
        for before, after in zip(one, other, strict=True)
    )
