"""What an origin could gain by shipping, under given duals, as a function of what it has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from operator import attrgetter

from model.certify.certificate import A_GRAM_KT
from model.certify.explicit import ExplicitPricing, PricedLane
from model.certify.program import ZERO, Program
from model.certify.routes import RoutePricing


@dataclass(frozen=True)
class Outlet:
    """Least Σ (reduced cost) x over the lanes of an origin, each sink within what it takes.

    Attributes
    ----------
    least_kt, least_kcny : what it ships in any case, and what that comes to
    fits : whether the sinks take that
    steps : reduced cost and kt of what pays, the best first; None is without end
    """

    least_kt: Fraction = ZERO
    least_kcny: Fraction = ZERO
    fits: bool = True
    steps: tuple[tuple[Fraction, Fraction | None], ...] = ()

    @staticmethod
    def of(lanes: Iterable[PricedLane], *, has_least: bool = True) -> Outlet:
        """The outlet of these lanes of one origin, with or without their least shipments.

        Whatever is shipped beyond the least goes where it pays most: sinks bound it in groups, so
        that taking the best lane first is exact.
        """
        lanes = sorted(lanes, key=attrgetter("reduced_cost"))
        held = [lane for lane in lanes if lane.min_kt] if has_least else []
        room = {lane.sink.label: lane.sink.max_kt for lane in lanes}
        fits = True
        for lane in held:
            left = room[lane.sink.label]
            fits = fits and (left is None or left >= lane.min_kt - A_GRAM_KT)
            room[lane.sink.label] = _less(left, lane.min_kt)
        steps: list[tuple[Fraction, Fraction | None]] = []
        for lane in lanes:
            if lane.reduced_cost < 0:
                own = _less(lane.max_kt, lane.min_kt if has_least else ZERO)
                left = room[lane.sink.label]
                amount = min((x for x in (own, left) if x is not None), default=None)
                if amount is None:
                    steps.append((lane.reduced_cost, None))
                    break
                room[lane.sink.label] = _less(left, amount)
                steps.append((lane.reduced_cost, amount))
        return Outlet(
            sum((lane.min_kt for lane in held), ZERO),
            sum((lane.min_kt * lane.reduced_cost for lane in held), ZERO),
            fits,
            tuple(steps),
        )

    def value_kcny(self, kt: Fraction) -> Fraction:
        """Least value where `kt` can be shipped; convex in it from the least shipments on."""
        value, room = self.least_kcny, kt - self.least_kt
        for reduced_cost, most in self.steps:
            if room <= 0:
                break
            amount = room if most is None else min(room, most)
            value += reduced_cost * amount
            room -= amount
        return value

    def corners_kt(self) -> Iterator[Fraction]:
        """Where the value bends."""
        at = self.least_kt
        yield at
        for _, most in self.steps:
            if most is None:
                return
            at += most
            yield at


def _less(most: Fraction | None, taken: Fraction) -> Fraction | None:
    """What is left of a bound."""
    return None if most is None else max(most - taken, ZERO)


def lanes_by_origin(program: Program, duals: Mapping[str, Fraction]) -> dict[str, list[PricedLane]]:
    """Lanes of reduced cost below 0, and those with least shipments, by origin."""
    lanes: defaultdict[str, list[PricedLane]] = defaultdict(list)
    for lane in chain(
        ExplicitPricing(program, duals, 1).lanes_that_matter(),
        RoutePricing(program, duals, 1).lanes_that_matter(),
    ):
        if lane.reduced_cost < 0 or lane.min_kt:
            lanes[lane.origin.name].append(lane)
    return dict(lanes)
