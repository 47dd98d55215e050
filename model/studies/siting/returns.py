"""What money put into a project once brings over the years: value, rate of return, payback.

No tax, no inflation, no residual value: prices are those of the case, in every year.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm

import numpy as np
import numpy_financial

from model.arrays import Floats


@dataclass(frozen=True)
class CashFlow:
    """Capital now, and the same cash every year from the beginning of operation.

    Attributes
    ----------
    capital : in year 0
    yearly : cash of a year, at its end
    lead, life : years to the beginning, and of operation; of a life that is not whole, the last
        part of a year bears its share
    """

    capital: float
    yearly: float
    lead: Fraction
    life: Fraction

    @cached_property
    def moments(self) -> list[tuple[Fraction, float]]:
        """When cash comes, years from now, and how much."""
        whole = int(self.life)
        cash = [(self.lead + year, self.yearly) for year in range(1, whole + 1)]
        rest = self.life - whole
        return cash + [(self.lead + self.life, self.yearly * float(rest))] * (rest > 0)

    def npv(self, rate: float) -> float:
        """Net present value, Σ_t cash_t (1+r)^−t − capital.

        >>> flow = CashFlow(100.0, 60.0, Fraction(0), Fraction(2))
        >>> round(flow.npv(0.0), 6), round(flow.npv(0.1), 6)
        (20.0, 4.132231)
        """
        brought = sum(cash * float((1 + rate) ** -float(at)) for at, cash in self.moments)
        return brought - self.capital

    def irr(self) -> float | None:
        """The rate at which the net present value is 0; None without capital, or without a rate.

        Where cash comes between whole years, it is the rate of the fraction of a year on whose
        multiples all of it comes, compounded.

        >>> round(CashFlow(100.0, 60.0, Fraction(0), Fraction(2)).irr(), 6)
        0.130662
        """
        if self.capital <= 0 or self.yearly <= 0:
            return None
        steps = lcm(*(at.denominator for at, _ in self.moments))
        flows: Floats = np.zeros(int(max(at for at, _ in self.moments) * steps) + 1)
        flows[0] = -self.capital
        for at, cash in self.moments:
            flows[int(at * steps)] += cash
        rate = float(numpy_financial.irr(flows))
        return (1.0 + rate) ** steps - 1.0 if np.isfinite(rate) else None

    def payback_years(self) -> float | None:
        """Simple payback, capital ÷ yearly cash; None where its life is shorter than that.

        >>> CashFlow(90.0, 60.0, Fraction(0), Fraction(2)).payback_years()
        1.5
        """
        if self.yearly <= 0 or self.capital > self.yearly * float(self.life):
            return None
        return self.capital / self.yearly
