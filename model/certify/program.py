"""The linear program of a case, derived again in rationals from the text of its tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from model.certify.explicit_lanes import ExplicitLanes
from model.certify.paths import Network
from model.certify.reading import CertificateError
from model.certify.selection import SHORTAGE, Origin, Selection, Sink

ZERO, ONE = Fraction(0), Fraction(1)
INPUT = "input"
GRAMS_PER_TONNE = 1_000_000
KCNY_PER_MCNY = 1000
Tariff = tuple[Fraction, Fraction, Fraction]
"""Of a mode: CNY/t for each entry, CNY/t-km, g CO2/t-km."""
MEASURES = ("ship_kt", "co2_kt", "cost_mcny")


@dataclass(frozen=True)
class Row:
    """A constraint low ≤ Σ w x ≤ high; None is no bound."""

    low: Fraction | None
    high: Fraction | None

    def holds_at(self, at: str) -> Fraction:
        """The bound that a nonbasic row stands at."""
        bound = self.low if at == "lower" else self.high
        if bound is None:
            raise CertificateError(f"a row stands at its {at} bound but has none")
        return bound


@dataclass(frozen=True)
class Limit:
    """A row of limits.csv."""

    row: str
    selection: Selection
    measure: str


@dataclass(frozen=True)
class Duty:
    """A row of duties.csv that applies in the year of the case."""

    selection: Selection
    charge_cny_per_t: Fraction


@dataclass(frozen=True)
class Recipe:
    """What an origin takes of one input: the row in which it comes in and is used up.

    Attributes
    ----------
    row : its label, of bounds 0
    origin, input : who takes what
    t_per_t : for each tonne that leaves
    """

    row: str
    origin: str
    input: str
    t_per_t: Fraction


@dataclass(frozen=True)
class Program:
    """Everything the linear program of docs/mathematics.md consists of, lanes on offer included.

    Sinks are all places that receive, by label; networks those of commodities with tariffs of
    their own, and of all others under a blank.
    """

    commodity: str
    origins: Mapping[str, Origin]
    sinks: Mapping[str, Sink]
    recipes: tuple[Recipe, ...]
    rows: Mapping[str, Row]
    limits: tuple[Limit, ...]
    duties: tuple[Duty, ...]
    explicit: ExplicitLanes
    networks: Mapping[str, Network]
    carbon_price_cny_per_t: Fraction
    mode_co2_t_per_t_km: Mapping[str, Mapping[str, Fraction]]

    @cached_property
    def receivers(self) -> dict[tuple[str, str], Sink]:
        """Places that receive, by commodity and name."""
        return {(sink.commodity, sink.name): sink for sink in self.sinks.values()}

    @cached_property
    def commodities(self) -> frozenset[str]:
        """All that origins send."""
        return frozenset(origin.commodity for origin in self.origins.values())

    @cached_property
    def depots(self) -> frozenset[str]:
        """Origins that hand on what they take."""
        return frozenset(
            x.origin for x in self.recipes if x.input == self.origins[x.origin].commodity
        )

    @cached_property
    def holders(self) -> list[Origin]:
        """Origins that send the case's own commodity, and in a plan may hold stock of it."""
        own = [x for x in self.origins.values() if x.commodity == self.commodity]
        return [x for x in own if x.kind != SHORTAGE]

    @cached_property
    def makers(self) -> list[Origin]:
        """Those of them that make it."""
        return [x for x in self.holders if x.name not in self.depots]

    @cached_property
    def unpaid_kcny(self) -> Fraction:
        """What lanes count as paid for tonnes up to demand, which earn nothing."""
        return sum((sink.price_cny_per_t * sink.demand_kt for sink in self.sinks.values()), ZERO)

    @cached_property
    def shortages(self) -> dict[str, Origin]:
        """The shortage of each sink that may have one, by the sink's name."""
        origins = {origin.name: origin for origin in self.origins.values()
                   if origin.kind == SHORTAGE}  # fmt: skip
        if not origins:
            return {}
        return {sink: origins[name] for name, sink, _ in self.explicit if name in origins}

    @cached_property
    def recipe_rows(self) -> frozenset[str]:
        """Labels of the rows of recipes."""
        return frozenset(recipe.row for recipe in self.recipes)

    @cached_property
    def _of_origin(self) -> dict[str, dict[str, Fraction]]:
        rows = {name: {supply_row(name): ONE} for name in self.origins}
        for recipe in self.recipes:
            rows[recipe.origin][recipe.row] = -recipe.t_per_t
        return rows

    @cached_property
    def _of_sink(self) -> dict[str, dict[str, Fraction]]:
        rows = {label: {demand_row(label): ONE} for label in self.sinks}
        for recipe in self.recipes:
            rows[self.receivers[recipe.input, recipe.origin].label][recipe.row] = ONE
        return rows

    def origin_rows(self, origin: str) -> Mapping[str, Fraction]:
        """What a tonne that leaves an origin counts in its own rows: its supply, its recipes."""
        return self._of_origin[origin]

    def sink_rows(self, label: str) -> Mapping[str, Fraction]:
        """What a tonne that comes in counts in the rows of its place."""
        return self._of_sink[label]

    def network_of(self, commodity: str) -> Network:
        """The network under the tariffs of a commodity."""
        return self.networks.get(commodity) or self.networks[""]

    def mode_co2(self, mode: str, commodity: str) -> Fraction:
        """Emissions of an explicit lane, t per t-km."""
        own = self.mode_co2_t_per_t_km.get(commodity, {})
        return own.get(mode, self.mode_co2_t_per_t_km[""].get(mode, ZERO))

    def are_joined(self, origin: Origin, sink: Sink) -> bool:
        """Whether lanes may go from one to the other: of one commodity, and not one place."""
        is_itself = sink.kind == INPUT and sink.name == origin.name
        return origin.commodity == sink.commodity and not is_itself

    def pair_limits(self, origin: Origin, sink: Sink) -> list[Limit]:
        """The limits that select lanes of this pair."""
        return [limit for limit in self.limits if limit.selection.takes_pair(origin, sink)]

    def pair_duties(self, origin: Origin, sink: Sink) -> list[Duty]:
        """The duties that select lanes of this pair."""
        return [duty for duty in self.duties if duty.selection.takes_pair(origin, sink)]

    def sends_kt(self, origin: str) -> Fraction:
        """No more than this leaves an origin; of a shortage, than its sink takes."""
        place = self.origins[origin]
        if place.kind != SHORTAGE:
            return place.supply_kt
        sink = next(name for name, short in self.shortages.items() if short == place)
        return self.receivers[place.commodity, sink].max_kt or ZERO

    def pair_cap_kt(self, origin: str, sink: str) -> Fraction:
        """No more than this can flow between two places, whatever the lanes."""
        start = self.origins[origin]
        caps = start.most_kt, self.receivers[start.commodity, sink].max_kt
        return min(cap for cap in caps if cap is not None)


def supply_row(origin: str) -> str:
    """The label of an origin's row."""
    return f"supply_limit[{origin}]"


def demand_row(sink: str) -> str:
    """The label of a sink's row."""
    return f"demand_met[{sink}]"


def limit_row(limit: str) -> str:
    """The label of a limit's row."""
    return f"limit_kept[{limit}]"
