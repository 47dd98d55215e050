"""Reduced costs of explicit lanes in whole numbers: millions of rationals over one denominator."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from model.certify.program import (
    KCNY_PER_MCNY,
    ZERO,
    Duty,
    Explicit,
    Limit,
    Program,
    demand_row,
    supply_row,
)
from model.certify.selection import Origin, Sink


@dataclass(frozen=True)
class PricedLane:
    """An explicit lane, or the best route of a pair (`explicit` is None), with its reduced cost."""

    origin: Origin
    sink: Sink
    reduced_cost: Fraction
    explicit: Explicit | None

    @property
    def min_kt(self) -> Fraction:
        """Least flow on it."""
        return self.explicit.min_kt if self.explicit else ZERO

    @property
    def max_kt(self) -> Fraction | None:
        """Greatest flow on it, None without a bound of its own."""
        return self.explicit.max_kt if self.explicit else None


@dataclass(frozen=True)
class Tariff:
    """Reduced cost of an explicit lane, less its ends: cost × freight + per_km × km + constant."""

    cost: Fraction
    per_km: Fraction
    constant: Fraction


class ExplicitPricing:
    """Reduced costs of the explicit lanes of a program under one set of duals."""

    def __init__(self, program: Program, duals: Mapping[str, Fraction], cost_factor: int) -> None:
        self.program, self.duals, self.cost_factor = program, duals, cost_factor
        self.limits = tuple(limit for limit in program.limits if duals.get(limit.row))
        self.tariffs: list[Tariff] = []
        self.number_of: dict[tuple[tuple[Limit, ...], tuple[Duty, ...], str], int] = {}

    def lanes_that_matter(self) -> Iterator[PricedLane]:
        """Lanes of negative reduced cost, lanes with a minimum, and the cheapest so far."""
        program = self.program
        lanes = program.explicit.values()
        numbers = [self._tariff_number(lane) for lane in lanes]
        per_freight = common_denominator(lane.freight_cny_per_t for lane in lanes)
        per_km = common_denominator(lane.km for lane in lanes)
        starts = [self._starts(tariff) for tariff in self.tariffs]
        ends = {name: self.duals.get(demand_row(name), ZERO) for name in program.sinks}
        scale = lcm(
            per_freight * common_denominator(tariff.cost for tariff in self.tariffs),
            per_km * common_denominator(tariff.per_km for tariff in self.tariffs),
            common_denominator(ends.values()),
            *(common_denominator(start.values()) for start in starts),
        )
        costs = [int(tariff.cost * scale / per_freight) for tariff in self.tariffs]
        distances = [int(tariff.per_km * scale / per_km) for tariff in self.tariffs]
        whole_starts = [{name: int(x * scale) for name, x in start.items()} for start in starts]
        whole_ends = {name: int(x * scale) for name, x in ends.items()}
        least: int | None = None
        for lane, number in zip(lanes, numbers, strict=True):
            freight, km = lane.freight_cny_per_t, lane.km
            value = whole_starts[number][lane.origin] - whole_ends[lane.sink]
            value += costs[number] * freight.numerator * (per_freight // freight.denominator)
            if distances[number]:
                value += distances[number] * km.numerator * (per_km // km.denominator)
            is_least = least is None or value < least
            if value < 0 or is_least or lane.min_kt:
                least = value if is_least else least
                origin, sink = program.origins[lane.origin], program.sinks[lane.sink]
                yield PricedLane(origin, sink, Fraction(value, scale), lane)

    def _starts(self, tariff: Tariff) -> dict[str, Fraction]:
        """What a lane of this tariff pays before its first kilometre, by its origin."""
        return {
            name: tariff.cost * origin.cost_cny_per_t
            + tariff.constant
            - self.duals.get(supply_row(name), ZERO)
            for name, origin in self.program.origins.items()
        }

    def _tariff_number(self, lane: Explicit) -> int:
        """Place of a lane's tariff: lanes that the same limits and duties take share one."""
        origin, sink = self.program.origins[lane.origin], self.program.sinks[lane.sink]
        limits = tuple(x for x in self.limits if x.selection.takes_pair(origin, sink))
        duties = tuple(x for x in self.program.duties if x.selection.takes_pair(origin, sink))
        key = (limits, duties, lane.mode)
        if key not in self.number_of:
            self.number_of[key] = len(self.tariffs)
            self.tariffs.append(self._new_tariff(limits, duties, lane.mode))
        return self.number_of[key]

    def _new_tariff(self, limits: tuple[Limit, ...], duties: tuple[Duty, ...], mode: str) -> Tariff:
        program = self.program
        paid = dict.fromkeys(("ship_kt", "co2_kt", "cost_mcny"), ZERO)
        for limit in limits:
            paid[limit.measure] += self.duals[limit.row] * limit.selection.on_explicit(mode)
        cost = self.cost_factor - paid["cost_mcny"] / KCNY_PER_MCNY
        duty = sum((x.charge_cny_per_t * x.selection.on_explicit(mode) for x in duties), ZERO)
        per_co2 = cost * program.carbon_price_cny_per_t - paid["co2_kt"]
        co2_t_per_t_km = program.mode_co2_t_per_t_km.get(mode, ZERO)
        return Tariff(cost, per_co2 * co2_t_per_t_km, cost * duty - paid["ship_kt"])


def common_denominator(values: Iterable[Fraction]) -> int:
    """Least common multiple of denominators, 1 for none."""
    return lcm(*{value.denominator for value in values})
