"""Plans found on the way, as evidence for every quantity: how much is had at what cost."""

from __future__ import annotations

import numpy as np

from model.arrays import Floats
from model.studies.ranges.frontier import FrontierPoint, edge

MOST_PLANS = 1_000
"""So many are remembered; then each takes the place of the oldest."""


class KnownPlans:
    """Cost of plans, and what each of so many quantities is in them."""

    def __init__(self, quantities: int) -> None:
        self._added = 0
        self._cost = np.zeros(MOST_PLANS)
        self._kt = np.zeros((quantities, MOST_PLANS))

    def add(self, cost_kcny: float, kt: Floats) -> None:
        """Remember a plan by its cost and its quantities."""
        place = self._added % MOST_PLANS
        self._cost[place], self._kt[:, place] = cost_kcny, kt
        self._added += 1

    def edge(self, number: int, sign: int, budget_kcny: float) -> list[FrontierPoint]:
        """The plans nearest to what a quantity can be within a budget, and just beyond it."""
        count = min(self._added, MOST_PLANS)
        cost, measure = self._cost[:count], sign * self._kt[number, :count]
        if not (cost <= budget_kcny).any():
            return []
        return [
            FrontierPoint(float(cost[place]), float(measure[place]))
            for place in edge(cost, measure, budget_kcny)
            if place is not None
        ]
