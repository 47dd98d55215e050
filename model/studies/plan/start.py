"""One thing that a plan can choose: that a project or a closure starts in a period."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from model.studies.plan.periods import Horizon
from model.studies.siting.options import PROJECT, SUPPLY, RowName


@dataclass(frozen=True)
class Purchase:
    """Capital bought at one moment; its annuity is paid until its life ends, or the plan does.

    Attributes
    ----------
    at, until : years after the beginning of the first period
    capital_kcny, capital_kcny_per_kt : the price at that moment, of a yes and of each kt
    annuity : yearly payment for one unit of capital
    """

    at: Fraction
    until: Fraction
    capital_kcny: float
    capital_kcny_per_kt: float
    annuity: float

    def spent_kcny(self, size_kt: float) -> float:
        """Capital of a size."""
        return self.capital_kcny + size_kt * self.capital_kcny_per_kt


@dataclass(frozen=True)
class Start:
    """One thing to decide: that a project or a closure starts in a period, and at which size.

    Attributes
    ----------
    name, kind, region : of the project or of the origin that is closed
    period : in which it starts
    stands : the periods in which it stands, (m,)
    row : family and name of the row whose upper bound it raises in each of them
    raises_kt : (m,) by how much, for each unit of its size (a closure takes supply away)
    capacity_kt, min_kt : greatest and least size; equal where the size is fixed
    yearly_kcny : (m,) cost per year of a yes: what it takes to run, less what closing saves
    purchases : of its capital, in order
    min_load : share of its size that it makes at least in a period in which it makes anything
    line : of its project, from 1; the fixed cost of the project is that of the first
    """

    name: str
    kind: str
    region: str
    period: int
    stands: tuple[int, ...]
    row: RowName
    raises_kt: tuple[float, ...]
    capacity_kt: float
    min_kt: float
    yearly_kcny: tuple[float, ...]
    purchases: tuple[Purchase, ...] = ()
    min_load: float = 0.0
    line: int = 1

    @property
    def is_project(self) -> bool:
        """Whether it builds."""
        return self.kind == PROJECT

    @property
    def is_supply(self) -> bool:
        """Whether it changes the supply of an origin, not a limit."""
        return self.row[0] == SUPPLY

    @property
    def is_sized(self) -> bool:
        """Whether its size is chosen too."""
        return self.min_kt < self.capacity_kt

    def spent_kcny(self, size_kt: float) -> float:
        """Capital of a size: every purchase counts in full."""
        return sum(purchase.spent_kcny(size_kt) for purchase in self.purchases)

    def lump_kcny(self, horizon: Horizon) -> float:
        """Discounted cost of a yes."""
        weights = (horizon.periods[number].weight for number in self.stands)
        yearly = sum(w * cost for w, cost in zip(weights, self.yearly_kcny, strict=True))
        weight = horizon.calendar.weight
        return yearly + sum(
            bought.annuity * bought.capital_kcny * weight(bought.at, bought.until)
            for bought in self.purchases
        )

    def unit_kcny_per_kt(self, horizon: Horizon) -> float:
        """Discounted annuities for each kt of size."""
        weight = horizon.calendar.weight
        return sum(
            bought.annuity * bought.capital_kcny_per_kt * weight(bought.at, bought.until)
            for bought in self.purchases
        )
