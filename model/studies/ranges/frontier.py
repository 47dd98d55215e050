"""How far a measure of the plan can go while the plan costs at most a budget: exact.

Cost against measure, over all plans, is a convex set. Minimising cost − θ × measure finds
its corners. A corner within the budget and one beyond it are joined by a chord; a solve at
the chord's slope finds a corner below it, or proves that the chord is an edge, and then the
budget is met on it. So the search is exact after a few solves, prices every lane on offer,
and needs no row for the budget.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from model.arrays import Floats

EXACT = 1e-10
NEAR_KT = 1e-7
FURTHER = 6.0
"""By so much rises the price at which a plan beyond the budget is sought, before the steepest."""
STEEP = 1e3
"""So many times the dearest lane: a price of the measure that outweighs all cost."""


NOT_KEPT = np.zeros(0)
"""Stands for the flows of a plan where its cost and measure are all that is wanted."""


@dataclass(frozen=True)
class FrontierPoint:
    """A plan: its cost in kCNY, its measure, and its flows by lane in the order they came."""

    cost_kcny: float
    measure: float
    ship_kt: Floats = field(default_factory=lambda: NOT_KEPT)


@dataclass(frozen=True)
class Reach:
    """The greatest measure within the budget, and a plan that has it."""

    measure: float
    cost_kcny: float
    ship_kt: Floats


class Frontier:
    """Plans found so far by one measure and cost.

    Parameters
    ----------
    solve : callable
        The plan that minimises cost − θ × measure, for a θ in CNY/t.
    known : plans of least cost, and others
    most : float
        What the measure cannot exceed; stops the search early.
    first : float, optional
        Where to begin, CNY/t: the nearer to the slope at the budget, the shorter the way there.
        The end of the measure, at a price of `steep`, is far from every plan near the best.

    Attributes
    ----------
    slope : what the last tonne within the last budget cost, CNY/t; None where none was bought
    """

    def __init__(
        self,
        solve: Callable[[float], FrontierPoint],
        known: Sequence[FrontierPoint],
        steep: float,
        most: float = np.inf,
        first: float | None = None,
    ) -> None:
        self._solve, self._steep, self._most = solve, steep, most
        self._plans = list(known)
        # Prices at which a plan of more that is dearer than a budget is sought, if none is known.
        self._prices = [steep] if first is None else [first, FURTHER * first, steep]
        self.slope: float | None = None

    def reach(self, budget_kcny: float) -> Reach:
        """The greatest measure of a plan that costs at most so much."""
        while True:
            within, beyond = self._edge(budget_kcny)
            if self._is_most(within) or (beyond is None and not self._prices):
                return Reach(within.measure, within.cost_kcny, within.ship_kt)
            if beyond is None:
                self._plans.append(self._solve(min(self._prices.pop(0), self._steep)))
                continue
            slope = self._chord(within, beyond)
            corner = self._solve(slope)
            level = within.cost_kcny - slope * within.measure
            if corner.cost_kcny - slope * corner.measure >= level - EXACT * (1.0 + abs(level)):
                self.slope = slope
                return on_chord(within, beyond, budget_kcny)
            self._plans.append(corner)

    def _edge(self, budget_kcny: float) -> tuple[FrontierPoint, FrontierPoint | None]:
        cost = np.array([plan.cost_kcny for plan in self._plans])
        measure = np.array([plan.measure for plan in self._plans])
        within, beyond = edge(cost, measure, budget_kcny)
        return self._plans[within], None if beyond is None else self._plans[beyond]

    def _is_most(self, plan: FrontierPoint) -> bool:
        return plan.measure >= self._most - NEAR_KT

    @staticmethod
    def _chord(within: FrontierPoint, beyond: FrontierPoint) -> float:
        return (beyond.cost_kcny - within.cost_kcny) / (beyond.measure - within.measure)


def edge(cost: Floats, measure: Floats, budget: float) -> tuple[int, int | None]:
    """Positions of two plans, within the budget and beyond, whose chord has the most at the budget.

    Of plans within the budget one has a cost and measure that no plan beyond it exceeds, if the
    second is None.

    Parameters
    ----------
    cost, measure : (n,) at least one of them within the budget, but for the last digits
    """
    is_inside = cost <= budget + EXACT * (1.0 + abs(budget))
    inside, outside = np.flatnonzero(is_inside), np.flatnonzero(~is_inside)
    within, beyond = int(inside[measure[inside].argmax()]), None
    outside = outside[measure[outside] > measure[within] + NEAR_KT]
    most = measure[within]
    while len(outside):
        slope = (cost[outside] - cost[within]) / (measure[outside] - measure[within])
        next_beyond = int(outside[slope.argmin()])
        slope = (cost[next_beyond] - cost[inside]) / (measure[next_beyond] - measure[inside])
        next_within = int(inside[slope.argmax()])
        more = measure[next_within] + (budget - cost[next_within]) / slope.max()
        if beyond is not None and more <= most + NEAR_KT * NEAR_KT:
            break
        within, beyond, most = next_within, next_beyond, more
    return within, beyond


def on_chord(within: FrontierPoint, beyond: FrontierPoint, budget_kcny: float) -> Reach:
    """The plan between two that costs as much as the budget, or the dearer one if it costs less."""
    further = beyond.cost_kcny - within.cost_kcny
    share = min((budget_kcny - within.cost_kcny) / further, 1.0) if further > 0 else 0.0
    ship = np.zeros(max(len(within.ship_kt), len(beyond.ship_kt)))
    ship[: len(within.ship_kt)] += (1.0 - share) * within.ship_kt
    ship[: len(beyond.ship_kt)] += share * beyond.ship_kt
    measure = within.measure + share * (beyond.measure - within.measure)
    return Reach(measure, within.cost_kcny + share * further, ship)
