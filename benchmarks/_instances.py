"""Random transport instances as arrays: places on a plane, and costs without any geometry."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]  # of our own: OR-Tools' environment need not have the model's

KINDS = ("geometric", "random")
SLACK = 1.15
"""Supply over demand, as in the market of 2024 (23.1 of 21.7 Mt) and somewhat more."""


@dataclass(frozen=True)
class Instance:
    """Whole tonnes and costs of whole thousandths, so that integer solvers see the same.

    Attributes
    ----------
    supply_kt, demand_kt : (O,), (S,)
    cost_cny_per_t : (O, S)
    """

    supply_kt: Floats
    demand_kt: Floats
    cost_cny_per_t: Floats


def make(kind: str, origins: int, sinks: int, seed: int = 0) -> Instance:
    """An instance of a kind; the same seed makes the same one."""
    rng = np.random.default_rng(seed)
    demand = rng.integers(10, 100, sinks).astype(np.float64)
    share = rng.random(origins) + 0.2
    supply = np.ceil(share / share.sum() * demand.sum() * SLACK)
    if kind == "random":
        return Instance(supply, demand, rng.integers(1, 1001, (origins, sinks)).astype(np.float64))
    here, there = rng.random((origins, 2)) * 1000, rng.random((sinks, 2)) * 1000
    cost = np.hypot(here[:, 0, None] - there[:, 0], here[:, 1, None] - there[:, 1])
    return Instance(supply, demand, np.round(cost, 3).astype(np.float64))
