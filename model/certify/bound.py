"""A valid lower bound on the cost of every feasible plan, from any duals whatever."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain

from model.certify.explicit import ExplicitPricing, PricedLane
from model.certify.program import ZERO, Program, Row
from model.certify.routes import RoutePricing


@dataclass(frozen=True)
class Bound:
    """What duals prove.

    Attributes
    ----------
    value_kcny : no feasible plan costs less (with costs priced as 0: greater than 0 only where
        there is no feasible plan)
    least_reduced_cost : CNY/t, over all lanes without a maximum of their own; None without any
    pairs : how many pairs some lane joins
    """

    value_kcny: Fraction
    least_reduced_cost: Fraction | None
    pairs: int


def make_valid(rows: Mapping[str, Row], duals: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """The duals without those of a sign that no bound of their row supports."""
    kept = {}
    for label, dual in duals.items():
        row = rows.get(label)
        if dual and row and (row.low if dual > 0 else row.high) is not None:
            kept[label] = dual
    return kept


def dual_bound(program: Program, duals: Mapping[str, Fraction], cost_factor: int = 1) -> Bound:
    """Lagrangian bound Σ_i y_i b_i + Σ_pairs min Σ_l (reduced cost)_l x_l.

    b is the side of row i that the sign of y_i asks for. The minimum of a pair runs over flows
    within the bounds of its lanes and, together, within the least of supply and greatest demand;
    all routes of a pair together count as one lane without a bound of its own.

    Raises
    ------
    CertificateError
        Duals that make a link cheaper than free leave no shortest paths.
    """
    valid = make_valid(program.rows, duals)
    value = cost_factor * program.unpaid_kcny
    for label, dual in valid.items():
        row = program.rows[label]
        side = row.low if dual > 0 else row.high
        value += dual * (side or ZERO)
    mattering: defaultdict[tuple[str, str], list[PricedLane]] = defaultdict(list)
    routes = RoutePricing(program, valid, cost_factor)
    least: Fraction | None = None
    for lane in chain(
        ExplicitPricing(program, valid, cost_factor).lanes_that_matter(),
        routes.lanes_that_matter(),
    ):
        pair = (lane.origin.name, lane.sink.name)
        if lane.reduced_cost < 0 or lane.min_kt:
            mattering[pair].append(lane)
        if lane.max_kt is None and (least is None or lane.reduced_cost < least):
            least = lane.reduced_cost
    for pair, lanes in mattering.items():
        value += cheapest_fill(lanes, program.pair_cap_kt(*pair))
    return Bound(
        value_kcny=value,
        least_reduced_cost=least,
        pairs=program.explicit.count_pairs() + routes.count_pairs(without_lane=True),
    )


def cheapest_fill(lanes: Sequence[PricedLane], cap_kt: Fraction) -> Fraction:
    """Least Σ (reduced cost) x over min ≤ x ≤ max and, beyond the minima, Σ x ≤ cap.

    Minima first, then the lanes that pay, most negative first: a fractional knapsack.
    """
    value = sum((lane.reduced_cost * lane.min_kt for lane in lanes if lane.min_kt), ZERO)
    room = cap_kt - sum((lane.min_kt for lane in lanes), ZERO)
    for lane in sorted(lanes, key=lambda lane: lane.reduced_cost):
        if lane.reduced_cost >= 0 or room <= 0:
            break
        amount = room if lane.max_kt is None else min(room, lane.max_kt - lane.min_kt)
        value += lane.reduced_cost * amount
        room -= amount
    return value
