"""Whether two markets differ in bounds alone, or in the prices of lanes alone."""

from __future__ import annotations

from typing import Any

import numpy as np

from model.market.explicit_lanes import ExplicitOffer
from model.market.lanes import Offer
from model.market.market import Market
from model.market.network_lanes import NetworkOffer


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
    return len(one.offers) == len(other.offers) and all(
        _same(_shape(before), _shape(after))
        for before, after in zip(one.offers, other.offers, strict=True)
    )


def same_prices(one: Market, other: Market) -> bool:
    """Whether the lanes of two markets, which are the same, cost the same."""
    return all(
        _same(_prices(before), _prices(after))
        for before, after in zip(one.offers, other.offers, strict=True)
    )


def _shape(offer: Offer) -> list[Any]:
    """What an offer consists of beside costs."""
    if isinstance(offer, NetworkOffer):
        network = offer.network
        terms = [*offer.limits, *(term for term, _ in offer.duties)]
        parts = [
            part for term in terms for part in (term.pairs, term.pair_weight, term.edge_weight)
        ]
        return [network.arc, network.tail, network.head, offer.origin_node, offer.sink_node, *parts]
    assert isinstance(offer, ExplicitOffer)
    weight = None if offer.limit_weight is None else offer.limit_weight.toarray()
    return [offer.origin, offer.sink, offer.min_kt, offer.max_kt, weight]


def _prices(offer: Offer) -> list[Any]:
    if isinstance(offer, NetworkOffer):
        charges = [charge for _, charge in offer.duties]
        return [offer.pair_cost_cny_per_t, offer.edge_cost_cny_per_t, charges]
    assert isinstance(offer, ExplicitOffer)
    return [offer.cost_cny_per_t]


def _same(one: list[Any], other: list[Any]) -> bool:
    return len(one) == len(other) and all(
        np.array_equal(before, after)
        if before is not None and after is not None
        else before is after
        for before, after in zip(one, other, strict=True)
    )
