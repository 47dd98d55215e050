"""Bounds of the rows of a market in each draw, from the figures that are drawn."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from model.arrays import Floats, Integers
from model.case.commodities import most_taken_kt

NO_LINKS = np.zeros(0, dtype=np.intp)


def row_bounds(
    figures: Callable[[str], Floats], inputs: int, limited: Integers = NO_LINKS
) -> tuple[Floats, Floats]:
    """Least and greatest value of every row of the market, (D or 1, m) each.

    Parameters
    ----------
    figures : gives the figures of a target in every draw, (D or 1, rows)
    inputs : places that receive an input, which have no bounds, and recipes, whose bounds are 0
    limited : rows of links.csv that have a row of their own
    """
    supply, demand = figures("origins.supply_kt"), figures("sinks.demand_kt")
    free, nothing = np.full((1, supply.shape[1]), -np.inf), np.zeros((1, inputs))
    links = figures("links.limit_kt")[:, limited]
    least = np.nan_to_num(figures("limits.min"), nan=-np.inf)
    most = np.nan_to_num(figures("limits.max"), nan=np.inf)
    return (
        side_by_side([free, demand, nothing, least, np.full((1, len(limited)), -np.inf), nothing]),
        side_by_side(
            [
                supply,
                most_taken_kt(demand, figures("sinks.max_kt")),
                nothing + np.inf,
                most,
                links,
                nothing,
            ]
        ),
    )


def side_by_side(parts: list[Floats]) -> Floats:
    """Blocks of columns side by side, single rows repeated where others vary."""
    size = max(len(part) for part in parts)
    return np.concatenate([np.broadcast_to(p, (size, p.shape[1])) for p in parts], axis=1)
