"""Lanes as columns of the program, on the page and in every solve."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array, csc_array

from model.market.lanes import Lanes
from model.market.market import Market


def columns(market: Market, lanes: Lanes) -> csc_array:
    """Coefficients of lanes in the rows of the program.

    1 in its origin's row, 1 in its sink's row, w_kl in the row of each limit k that
    counts it. The Pyomo page and every column that is added later come from here.

    Returns
    -------
    scipy.sparse.csc_array, (O + S + K, n)
    """
    lane = np.arange(len(lanes))
    weight = lanes.limit_weight.tocoo()
    first_sink, first_limit = len(market.origins), len(market.origins) + len(market.sinks)
    row = np.concatenate([lanes.origin, first_sink + lanes.sink, first_limit + weight.col])
    value = np.concatenate([np.ones(2 * len(lanes)), weight.data])
    column = np.concatenate([lane, lane, weight.row])
    return coo_array((value, (row, column)), shape=(market.row_count, len(lanes))).tocsc()
