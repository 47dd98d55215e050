"""A plan in rationals: what it costs, and by how much it breaks which constraint."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from model.certify.lanes import Lane, LaneKey
from model.certify.program import ZERO, Program


@dataclass(frozen=True)
class Plan:
    """Flows in kt on lanes on offer; every lane with a flow or a minimum is there.

    Attributes
    ----------
    lanes : the lanes by their names
    ship_kt : flow on each of them
    unpaid_kcny : what sinks do not pay for tonnes up to their demand
    """

    lanes: Mapping[LaneKey, Lane]
    ship_kt: Mapping[LaneKey, Fraction]
    unpaid_kcny: Fraction

    def cost_kcny(self) -> Fraction:
        """The objective, CNY thousand per year."""
        paid = (self.lanes[key].cost_cny_per_t * kt for key, kt in self.ship_kt.items())
        return sum(paid, self.unpaid_kcny)

    def activity(self) -> dict[str, Fraction]:
        """Σ_l w_l x_l of every row that some lane touches."""
        total: defaultdict[str, Fraction] = defaultdict(Fraction)
        for key, kt in self.ship_kt.items():
            if kt:
                for row, weight in self.lanes[key].weights.items():
                    total[row] += weight * kt
        return total

    def violations(self, program: Program) -> dict[str, Fraction]:
        """By how much each broken row or lane bound is broken."""
        activity = self.activity()
        broken = {
            label: _outside(activity.get(label, ZERO), row.low, row.high)
            for label, row in program.rows.items()
        }
        for key, kt in self.ship_kt.items():
            lane = self.lanes[key]
            broken[f"lane[{' / '.join(filter(None, key))}]"] = _outside(
                kt, lane.min_kt, lane.max_kt
            )
        return {label: amount for label, amount in broken.items() if amount}


def _outside(value: Fraction, low: Fraction | None, high: Fraction | None) -> Fraction:
    """Distance of a value from an interval."""
    below = ZERO if low is None else low - value
    above = ZERO if high is None else value - high
    return max(below, above, ZERO)
