"""One lane on offer, found again by its name: its cost in parts and its column of the program."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from model.certify.paths import Arc
from model.certify.program import (
    KCNY_PER_MCNY,
    ZERO,
    Limit,
    Program,
    limit_row,
)
from model.certify.reading import CertificateError
from model.certify.selection import Origin, Sink

STEP = re.compile(r" >([^>]+)> ")


class LaneKey(NamedTuple):
    """How flows.csv and certificate.json name a lane; `route` is blank for an explicit one."""

    origin: str
    sink: str
    mode: str
    route: str


@dataclass(frozen=True)
class Lane:
    """A lane in rationals: CNY/t, km, t CO2 per t, kt, and its weight in each row."""

    key: LaneKey
    land_km: Fraction
    sea_km: Fraction
    freight_cny_per_t: Fraction
    sea_cny_per_t: Fraction
    production_cny_per_t: Fraction
    duty_cny_per_t: Fraction
    carbon_cny_per_t: Fraction
    price_cny_per_t: Fraction
    co2_t_per_t: Fraction
    min_kt: Fraction
    max_kt: Fraction | None
    weights: dict[str, Fraction]

    @property
    def km(self) -> Fraction:
        """Length of the whole lane."""
        return self.land_km + self.sea_km

    @property
    def cost_cny_per_t(self) -> Fraction:
        """Its coefficient in the objective: what a tonne costs, less what its sink pays."""
        return self.spent_cny_per_t - self.price_cny_per_t

    @property
    def spent_cny_per_t(self) -> Fraction:
        """What a tonne costs from origin to sink."""
        return (
            self.freight_cny_per_t
            + self.production_cny_per_t
            + self.duty_cny_per_t
            + self.carbon_cny_per_t
        )


def is_sea(mode: str) -> bool:
    """Whether a mode goes by sea: `sea`, or a name that begins with `sea_`."""
    return mode == "sea" or mode.startswith("sea_")


def find_lane(program: Program, key: LaneKey) -> Lane:
    """The lane that `key` names.

    Raises
    ------
    CertificateError
        No such lane is on offer.
    """
    if receiver_of(program, key) is None:
        raise CertificateError(f"{key.origin} to {key.sink}: no such origin and sink")
    is_explicit = (key.origin, key.sink, key.mode) in program.explicit
    return _explicit(program, key) if is_explicit and not key.route else _walked(program, key)


def receiver_of(program: Program, key: LaneKey) -> Sink | None:
    """The place that a lane ends at, by what its origin sends; None where there is none."""
    origin = program.origins.get(key.origin)
    sink = program.receivers.get((origin.commodity, key.sink)) if origin else None
    return sink if origin and sink and program.are_joined(origin, sink) else None


def ends_of(program: Program, key: LaneKey) -> tuple[Origin, Sink]:
    """Both ends of a lane on offer."""
    origin = program.origins[key.origin]
    return origin, program.receivers[origin.commodity, key.sink]


def _own_rows(program: Program, origin: Origin, sink: Sink) -> dict[str, Fraction]:
    """What a tonne counts in the rows of its ends."""
    return {**program.origin_rows(origin.name), **program.sink_rows(sink.label)}


def _explicit(program: Program, key: LaneKey) -> Lane:
    given = program.explicit[key.origin, key.sink, key.mode]
    origin, sink = ends_of(program, key)
    co2 = given.km * program.mode_co2(key.mode, origin.commodity)
    duty = sum(
        (
            duty.charge_cny_per_t * duty.selection.on_explicit(key.mode)
            for duty in program.pair_duties(origin, sink)
        ),
        ZERO,
    )
    by_sea = is_sea(key.mode)
    lane = Lane(
        key=key,
        land_km=ZERO if by_sea else given.km,
        sea_km=given.km if by_sea else ZERO,
        freight_cny_per_t=given.freight_cny_per_t,
        sea_cny_per_t=given.freight_cny_per_t if by_sea else ZERO,
        production_cny_per_t=origin.cost_cny_per_t,
        duty_cny_per_t=duty,
        carbon_cny_per_t=program.carbon_price_cny_per_t * co2,
        price_cny_per_t=sink.price_cny_per_t,
        co2_t_per_t=co2,
        min_kt=given.min_kt,
        max_kt=given.max_kt,
        weights=_own_rows(program, origin, sink),
    )
    for limit in program.pair_limits(origin, sink):
        count = limit.selection.on_explicit(key.mode)
        if count:
            lane.weights[limit.row] = count * measured(limit, lane)
    return lane


def _walked(program: Program, key: LaneKey) -> Lane:
    origin, sink = ends_of(program, key)
    start, path = find_path(program, key)
    stretches = [
        arc.mode for place, arc in enumerate(path) if not place or path[place - 1].mode != arc.mode
    ]
    if key.mode != "+".join(stretches):
        raise CertificateError(f"{key.route}: its modes are not {key.mode!r}")
    fixed = program.network_of(origin.commodity).fixed_cny_per_t
    freight = [(arc.mode, arc.freight_cny_per_t) for arc in path]
    freight += [(mode, fixed[mode]) for mode in stretches]
    co2 = sum((arc.co2_t_per_t for arc in path), ZERO)
    duty = sum(
        (
            duty.charge_cny_per_t
            for duty in program.pair_duties(origin, sink)
            if duty.selection.on_path(start, path)
        ),
        ZERO,
    )
    weights = defaultdict(Fraction, _own_rows(program, origin, sink))
    lane = Lane(
        key=key,
        land_km=sum((arc.km for arc in path if not is_sea(arc.mode)), ZERO),
        sea_km=sum((arc.km for arc in path if is_sea(arc.mode)), ZERO),
        freight_cny_per_t=sum((cost for _, cost in freight), ZERO),
        sea_cny_per_t=sum((cost for mode, cost in freight if is_sea(mode)), ZERO),
        production_cny_per_t=origin.cost_cny_per_t,
        duty_cny_per_t=duty,
        carbon_cny_per_t=program.carbon_price_cny_per_t * co2,
        price_cny_per_t=sink.price_cny_per_t,
        co2_t_per_t=co2,
        min_kt=ZERO,
        max_kt=None,
        weights=weights,
    )
    for arc in path:
        if arc.limit_kt is not None:
            weights[limit_row(arc.limit_name)] += 1
    for limit in program.pair_limits(origin, sink):
        count = limit.selection.on_path(start, path)
        if count:
            weights[limit.row] += count * measured(limit, lane)
    return lane


def measured(limit: Limit, lane: Lane) -> Fraction:
    """What one kt on a lane amounts to in the measure of a limit."""
    if limit.measure == "co2_kt":
        return lane.co2_t_per_t
    if limit.measure == "cost_mcny":
        return lane.spent_cny_per_t / KCNY_PER_MCNY
    return Fraction(1)


def find_path(program: Program, key: LaneKey) -> tuple[str, list[Arc]]:
    """Start and arcs of a route written `A >rail> B >sea> C`; none where it stays at its node."""
    origin, sink = ends_of(program, key)
    start, end, network = origin.node, sink.node, program.network_of(origin.commodity)
    parts = STEP.split(key.route or start)
    path = []
    for place in range(0, len(parts) - 1, 2):
        arc = network.arc_of_step.get((parts[place], parts[place + 1], parts[place + 2]))
        if arc is None:
            raise CertificateError(f"{key.route}: no link {' '.join(parts[place : place + 3])}")
        path.append(arc)
    if start not in network.nodes or (parts[0], parts[-1]) != (start, end):
        named = " / ".join(filter(None, key))
        raise CertificateError(f"{named}: not on offer")
    return start, path
