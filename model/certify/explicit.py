"""Reduced costs of explicit lanes in whole numbers: millions of rationals over one denominator."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from operator import add
from typing import NamedTuple

from model.certify.explicit_lanes import Explicit
from model.certify.program import (
    KCNY_PER_MCNY,
    ZERO,
    Duty,
    Limit,
    Program,
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

    commodity: str
    cost: Fraction
    per_km: Fraction
    constant: Fraction


class _Parts(NamedTuple):
    """What lanes of one tariff pay, by their origin, sink, freight and length: whole numbers."""

    start: list[int]
    end: list[int]
    paid: list[int]
    hauled: list[int]


class ExplicitPricing:
    """Reduced costs of the explicit lanes of a program under one set of duals."""

    def __init__(self, program: Program, duals: Mapping[str, Fraction], cost_factor: int) -> None:
        self.program, self.duals, self.cost_factor = program, duals, cost_factor
        self.limits = tuple(limit for limit in program.limits if duals.get(limit.row))
        self.tariffs: list[Tariff] = []
        self.number_of: dict[tuple[tuple[Limit, ...], tuple[Duty, ...], str, str], int] = {}

    def lanes_that_matter(self) -> Iterator[PricedLane]:
        """Lanes of negative reduced cost, lanes with a minimum, and the cheapest so far."""
        lanes = self.program.explicit
        numbers = self._tariff_numbers()
        (freight, per_freight), (km, per_km) = lanes.freight_cny_per_t.whole(), lanes.km.whole()
        starts = [self._starts(tariff) for tariff in self.tariffs]
        ends = [self._ends(tariff) for tariff in self.tariffs]
        scale = lcm(
            per_freight * common_denominator(tariff.cost for tariff in self.tariffs),
            per_km * common_denominator(tariff.per_km for tariff in self.tariffs),
            *(common_denominator(end.values()) for end in ends),
            *(common_denominator(start.values()) for start in starts),
        )
        paid = [_times(freight, tariff.cost * scale / per_freight) for tariff in self.tariffs]
        hauled = [_times(km, tariff.per_km * scale / per_km) for tariff in self.tariffs]
        whole_starts = [[int(start.get(x, ZERO) * scale) for x in lanes.names] for start in starts]
        whole_ends = [[-int(end.get(x, ZERO) * scale) for x in lanes.names] for end in ends]
        parts = zip(whole_starts, whole_ends, paid, hauled, strict=True)
        values = self._values(numbers, [_Parts(*each) for each in parts])
        least: int | None = None
        most = 0  # what is below it matters: 0, or the least so far while that is above
        for place, value in enumerate(values):
            if least is None or value < most or place in lanes.min_kt:
                least = value if least is None else min(value, least)
                most = max(least, 0)
                yield self._priced(place, Fraction(value, scale))

    def _values(self, numbers: list[int], parts: list[_Parts]) -> Iterator[int]:
        """Reduced cost of each lane; `numbers` are the places of its parts."""
        lanes = self.program.explicit
        columns = (lanes.origins, lanes.sinks, lanes.freight_cny_per_t.places, lanes.km.places)
        if len(parts) == 1:  # a million lanes, by the quickest way
            values = [
                map(part.__getitem__, column)
                for part, column in zip(parts[0], columns, strict=True)
            ]
            yield from map(add, map(add, *values[:2]), map(add, *values[2:]))
            return
        for number, origin, sink, cost, length in zip(numbers, *columns, strict=True):
            start, end, paid, hauled = parts[number]
            yield start[origin] + end[sink] + paid[cost] + hauled[length]

    def _priced(self, place: int, reduced_cost: Fraction) -> PricedLane:
        lanes = self.program.explicit
        columns = lanes.origins, lanes.sinks, lanes.modes
        origin, sink, mode = (lanes.names[column[place]] for column in columns)
        start = self.program.origins[origin]
        end = self.program.receivers[start.commodity, sink]
        return PricedLane(start, end, reduced_cost, lanes.lane(place, origin, sink, mode))

    def _tariff_numbers(self) -> list[int]:
        """Place of each lane's tariff: lanes that the same limits and duties take share one."""
        lanes, names = self.program.explicit, self.program.explicit.names
        if self.limits or self.program.duties or len(self.program.commodities) > 1:
            columns = zip(lanes.origins, lanes.sinks, lanes.modes, strict=True)
            return [self._tariff_number(names[o], names[s], names[m]) for o, s, m in columns]
        own = next(iter(self.program.commodities), "")
        number_of = {mode: self._number_of((), (), names[mode], own) for mode in set(lanes.modes)}
        return [number_of[mode] for mode in lanes.modes]

    def _ends(self, tariff: Tariff) -> dict[str, Fraction]:
        """What the place where a lane of this tariff ends pays it, price and duals, by its name."""
        return {
            name: self._paid(self.program.sink_rows(sink.label))
            + self.cost_factor * sink.price_cny_per_t
            for (commodity, name), sink in self.program.receivers.items()
            if commodity == tariff.commodity
        }

    def _starts(self, tariff: Tariff) -> dict[str, Fraction]:
        """What a lane of this tariff pays before its first kilometre, by its origin."""
        return {
            name: tariff.cost * origin.cost_cny_per_t
            + tariff.constant
            - self._paid(self.program.origin_rows(name))
            for name, origin in self.program.origins.items()
        }

    def _paid(self, rows: Mapping[str, Fraction]) -> Fraction:
        """What the duals of some rows pay for a tonne."""
        return sum((self.duals.get(row, ZERO) * weight for row, weight in rows.items()), ZERO)

    def _tariff_number(self, origin_name: str, sink_name: str, mode: str) -> int:
        origin = self.program.origins[origin_name]
        sink = self.program.receivers[origin.commodity, sink_name]
        limits = tuple(x for x in self.limits if x.selection.takes_pair(origin, sink))
        duties = tuple(x for x in self.program.duties if x.selection.takes_pair(origin, sink))
        return self._number_of(limits, duties, mode, origin.commodity)

    def _number_of(
        self, limits: tuple[Limit, ...], duties: tuple[Duty, ...], mode: str, commodity: str
    ) -> int:
        key = (limits, duties, mode, commodity)
        if key not in self.number_of:
            self.number_of[key] = len(self.tariffs)
            self.tariffs.append(self._new_tariff(*key))
        return self.number_of[key]

    def _new_tariff(
        self, limits: tuple[Limit, ...], duties: tuple[Duty, ...], mode: str, commodity: str
    ) -> Tariff:
        program = self.program
        paid = dict.fromkeys(("ship_kt", "co2_kt", "cost_mcny"), ZERO)
        for limit in limits:
            paid[limit.measure] += self.duals[limit.row] * limit.selection.on_explicit(mode)
        cost = self.cost_factor - paid["cost_mcny"] / KCNY_PER_MCNY
        duty = sum((x.charge_cny_per_t * x.selection.on_explicit(mode) for x in duties), ZERO)
        per_co2 = cost * program.carbon_price_cny_per_t - paid["co2_kt"]
        per_km = per_co2 * program.mode_co2(mode, commodity)
        return Tariff(commodity, cost, per_km, cost * duty - paid["ship_kt"])


def _times(values: list[int], factor: Fraction) -> list[int]:
    """Whole values times a factor that is whole too."""
    whole = int(factor)
    return [value * whole for value in values]


def common_denominator(values: Iterable[Fraction]) -> int:
    """Least common multiple of denominators, 1 for none."""
    return lcm(*{value.denominator for value in values})
