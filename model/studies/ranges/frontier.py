"""How far a measure of the plan can go while the plan costs at most a budget: exact.

Cost against measure, over all plans, is a convex set. Minimising cost − θ × measure finds
its corners. A corner within the budget and one beyond it are joined by a chord; a solve at
the chord's slope finds a corner below it, or proves that the chord is an edge, and then the
budget is met on it. So the search is exact after a few solves, prices every lane on offer,
and needs no row for the budget.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from model.arrays import Floats

EXACT = 1e-10
NEAR_KT = 1e-7
FURTHER = 6.0
"""By so much rises the price at which a plan beyond the budget is sought."""
STEEP = 1e3
"""So many times the dearest lane: a price of the measure that outweighs all cost."""


@dataclass(frozen=True)
class FrontierPoint:
    """A plan: its cost in kCNY, its measure, and its flows by lane in the order they came."""

    cost_kcny: float
    measure: float
    ship_kt: Floats


@dataclass(frozen=True)
class Reach:
    """The greatest measure within the budget, and a plan that has it."""

    measure: float
    cost_kcny: float
    ship_kt: Floats


class Frontier:
    """Corners found so far of one measure against cost.

    Parameters
    ----------
    solve : callable
        The plan that minimises cost − θ × measure, for a θ in CNY/t.
    least : FrontierPoint
        A plan of least cost.
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
        least: FrontierPoint,
        steep: float,
        most: float = np.inf,
        first: float | None = None,
    ) -> None:
        self._solve, self._steep, self._most = solve, steep, most
        self._corners = [least]
        self._next = steep if first is None else first
        self.slope: float | None = None

    def reach(self, budget_kcny: float) -> Reach:
        """The greatest measure of a plan that costs at most so much."""
        self._go_beyond(budget_kcny)
        while True:
            within = max(
                (corner for corner in self._corners if corner.cost_kcny <= budget_kcny),
                key=lambda corner: corner.measure,
            )
            beyond = [
                corner
                for corner in self._corners
                if corner.cost_kcny > budget_kcny and corner.measure > within.measure + NEAR_KT
            ]
            if not beyond or self._is_most(within):
                return Reach(within.measure, within.cost_kcny, within.ship_kt)
            slope, other = min(
                ((self._chord(within, corner), corner) for corner in beyond),
                key=lambda found: found[0],
            )
            corner = self._solve(slope)
            level = within.cost_kcny - slope * within.measure
            if corner.cost_kcny - slope * corner.measure >= level - EXACT * (1.0 + abs(level)):
                self.slope = slope
                return _on_chord(within, other, budget_kcny)
            self._corners.append(corner)

    def _go_beyond(self, budget_kcny: float) -> None:
        """Find a plan that costs more than a budget, at ever higher prices, up to the steepest."""
        while self._next <= self._steep:
            is_beyond = max(corner.cost_kcny for corner in self._corners) > budget_kcny
            if is_beyond or any(map(self._is_most, self._corners)):
                return
            self._corners.append(self._solve(self._next))
            is_steepest = self._next == self._steep
            self._next = np.inf if is_steepest else min(FURTHER * self._next, self._steep)

    def _is_most(self, corner: FrontierPoint) -> bool:
        return corner.measure >= self._most - NEAR_KT

    @staticmethod
    def _chord(within: FrontierPoint, beyond: FrontierPoint) -> float:
        return (beyond.cost_kcny - within.cost_kcny) / (beyond.measure - within.measure)


def _on_chord(within: FrontierPoint, beyond: FrontierPoint, budget_kcny: float) -> Reach:
    """The plan between two that costs as much as the budget."""
    share = (budget_kcny - within.cost_kcny) / (beyond.cost_kcny - within.cost_kcny)
    ship = np.zeros(max(len(within.ship_kt), len(beyond.ship_kt)))
    ship[: len(within.ship_kt)] += (1.0 - share) * within.ship_kt
    ship[: len(beyond.ship_kt)] += share * beyond.ship_kt
    measure = within.measure + share * (beyond.measure - within.measure)
    return Reach(measure, budget_kcny, ship)
