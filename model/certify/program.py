"""The linear program of a case, derived again in rationals from the text of its tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from model.certify.explicit_lanes import ExplicitLanes
from model.certify.paths import Arc, Network
from model.certify.reading import (
    CertificateError,
    Table,
    exact,
    exact_or,
    exact_or_none,
    read_records,
    read_settings,
    read_table,
    split_names,
)
from model.certify.selection import Origin, Selection, Sink

ZERO = Fraction(0)
GRAMS_PER_TONNE = 1_000_000
KCNY_PER_MCNY = 1000
LANE = ("origin", "sink", "mode", "cost_cny_per_t", "km", "min_kt", "max_kt")
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
class Program:
    """Everything the linear program of docs/mathematics.md consists of, lanes on offer included."""

    origins: Mapping[str, Origin]
    sinks: Mapping[str, Sink]
    rows: Mapping[str, Row]
    limits: tuple[Limit, ...]
    duties: tuple[Duty, ...]
    explicit: ExplicitLanes
    network: Network
    carbon_price_cny_per_t: Fraction
    mode_co2_t_per_t_km: Mapping[str, Fraction]

    def pair_limits(self, origin: Origin, sink: Sink) -> list[Limit]:
        """The limits that select lanes of this pair."""
        return [limit for limit in self.limits if limit.selection.takes_pair(origin, sink)]

    def pair_duties(self, origin: Origin, sink: Sink) -> list[Duty]:
        """The duties that select lanes of this pair."""
        return [duty for duty in self.duties if duty.selection.takes_pair(origin, sink)]

    def pair_cap_kt(self, origin: str, sink: str) -> Fraction:
        """No more than this can flow between two places, whatever the lanes."""
        return min(self.origins[origin].supply_kt, self.sinks[sink].max_kt)


def supply_row(origin: str) -> str:
    """The label of an origin's row."""
    return f"supply_limit[{origin}]"


def demand_row(sink: str) -> str:
    """The label of a sink's row."""
    return f"demand_met[{sink}]"


def limit_row(limit: str) -> str:
    """The label of a limit's row."""
    return f"limit_kept[{limit}]"


def derive_program(texts: Mapping[str, str]) -> Program:
    """The program of the case whose canonical tables are `texts` (`origins.csv`, ...).

    Raises
    ------
    CertificateError
        A table cannot be read, or names something that is not there.
    """
    settings = read_settings(texts)
    origins = {origin.name: origin for origin in _origins(texts)}
    sinks = {sink.name: sink for sink in _sinks(texts)}
    network = _network(texts, frozenset(settings.get("closed_passages", ())))
    limits, limit_bounds = _limits(texts)
    network = replace(network, arcs=_with_own_limits(network.arcs, limit_bounds))
    if network.arcs:
        _refuse_sums_along_routes(limits)
    rows = {supply_row(origin.name): Row(None, origin.supply_kt) for origin in origins.values()}
    rows |= {demand_row(sink.name): Row(sink.demand_kt, sink.max_kt) for sink in sinks.values()}
    rows |= limit_bounds
    rows |= {
        limit_row(arc.limit_name): Row(None, arc.limit_kt)
        for arc in network.arcs
        if arc.limit_kt is not None
    }
    return Program(
        origins=origins,
        sinks=sinks,
        rows=rows,
        limits=limits,
        duties=_duties(texts, settings.get("year")),
        explicit=ExplicitLanes.read(read_records(texts, "lanes", *LANE), origins, sinks),
        network=network,
        carbon_price_cny_per_t=Fraction(settings.get("carbon_price_cny_per_t", 0)),
        mode_co2_t_per_t_km={
            mode: exact_or(grams, ZERO) / GRAMS_PER_TONNE
            for mode, grams in read_table(texts, "modes").records("mode", "gco2_per_t_km")
        },
    )


def _origins(texts: Mapping[str, str]) -> list[Origin]:
    table = read_table(texts, "origins")
    columns = ("origin", "region", "kind", "node", "supply_kt", "capacity_kt", "cost_cny_per_t")
    return [
        Origin(
            name,
            region or name,
            kind or "domestic",
            node,
            exact(supply),
            exact_or(capacity, exact(supply)),
            exact_or(cost, ZERO),
        )
        for name, region, kind, node, supply, capacity, cost in table.records(*columns)
    ]


def _sinks(texts: Mapping[str, str]) -> list[Sink]:
    table = read_table(texts, "sinks")
    columns = ("sink", "region", "kind", "node", "demand_kt", "max_kt")
    return [
        Sink(
            name,
            region or name,
            kind or "domestic",
            node,
            exact(demand),
            exact_or(maximum, exact(demand)),
        )
        for name, region, kind, node, demand, maximum in table.records(*columns)
    ]


def _selection(cells: tuple[str, ...]) -> Selection:
    return Selection(*(frozenset(split_names(cell)) for cell in cells))


SELECTION = ("origin", "region", "sink", "kind", "mode", "via")


def _limits(texts: Mapping[str, str]) -> tuple[tuple[Limit, ...], dict[str, Row]]:
    limits, rows = [], {}
    table = read_table(texts, "limits")
    columns = ("limit", *bound_columns(table), "measure", *SELECTION)
    for name, low, high, measure, *cells in table.records(*columns):
        if measure and measure not in MEASURES:
            raise CertificateError(f"limits.csv: {name} measures {measure!r}")
        limit = Limit(limit_row(name), _selection(tuple(cells)), measure or "ship_kt")
        limits.append(limit)
        rows[limit.row] = Row(exact_or_none(low), exact_or_none(high))
    return tuple(limits), rows


def bound_columns(limits: Table) -> tuple[str, str]:
    """The columns of limits.csv for least and most; they were once named by a unit."""
    least, most = (name if name in limits.header else f"{name}_kt" for name in ("min", "max"))
    return least, most


def _refuse_sums_along_routes(limits: Iterable[Limit]) -> None:
    """Emissions or cost of a mode or place: which part of a route would count is not defined."""
    for limit in limits:
        if limit.measure != "ship_kt" and limit.selection.looks_at_path:
            found = f"{limit.measure} by mode or via has no meaning on routes"
            raise CertificateError(f"limits.csv: {limit.row}: {found}")


def _duties(texts: Mapping[str, str], year: Any) -> tuple[Duty, ...]:
    """Duties in force: without a date, or from a date no later than the end of the year."""
    duties = []
    table = read_table(texts, "duties")
    for rate, value, start, *cells in table.records(
        "rate", "value_cny_per_t", "from_date", *SELECTION
    ):
        if not start or year is None or start <= f"{int(year):04d}-12-31":
            charge = exact_or(rate, ZERO) * exact_or(value, ZERO)
            duties.append(Duty(_selection(tuple(cells)), charge))
    return tuple(duties)


def _with_own_limits(arcs: Iterable[Arc], taken: Iterable[str]) -> tuple[Arc, ...]:
    """Arcs with a name for the limit of each that no other limit has."""
    rows, named = set(taken), []
    for arc in arcs:
        name = arc.label
        if arc.limit_kt is not None:
            while limit_row(name) in rows:
                name += " (link)"
            rows.add(limit_row(name))
        named.append(replace(arc, limit_name=name))
    return tuple(named)


def _network(texts: Mapping[str, str], closed: frozenset[str]) -> Network:
    """Both directions of every link that two-way traffic may use, closed nodes left out."""
    tariffs = {
        mode: (exact_or(fixed, ZERO), exact_or(per_km, ZERO), exact_or(grams, ZERO))
        for mode, fixed, per_km, grams in read_table(texts, "modes").records(
            "mode", "fixed_cny_per_t", "cny_per_t_km", "gco2_per_t_km"
        )
    }
    nodes = frozenset(name for (name,) in read_table(texts, "nodes").records("node")) - closed
    columns = ("from", "to", "mode", "km", "cost_cny_per_t", "limit_kt", "one_way", "closed_by")
    forth, back = [], []
    for tail, head, mode, km, cost, limit, one_way, closed_by in read_table(texts, "links").records(
        *columns
    ):
        if mode not in tariffs:
            raise CertificateError(f"links.csv: {mode!r} is no mode")
        _, per_km, grams = tariffs[mode]
        if not km and not cost and not closed_by:
            raise CertificateError(f"links.csv: {tail} to {head} by {mode} has no length")
        if tail not in nodes or head not in nodes:
            continue
        length = exact_or(km, ZERO)
        freight = exact(cost) if cost else length * per_km
        arc = Arc(
            tail=tail,
            head=head,
            mode=mode,
            step=mode,
            km=length,
            freight_cny_per_t=freight,
            co2_t_per_t=length * grams / GRAMS_PER_TONNE,
            limit_kt=exact_or_none(limit),
        )
        forth.append((arc, not closed_by))
        if one_way != "true":
            back.append((replace(arc, tail=head, head=tail), not closed_by))
    fixed = {mode: fixed for mode, (fixed, _, _) in tariffs.items()}
    numbered = _number_parallel([arc for arc, _ in forth + back])
    arcs = tuple(arc for arc, (_, is_open) in zip(numbered, forth + back, strict=True) if is_open)
    return Network(nodes if arcs else frozenset(), arcs, fixed)


def _number_parallel(arcs: list[Arc]) -> Iterator[Arc]:
    """The arcs, with #2, #3, ... on those that repeat the ends and mode of an earlier one."""
    seen: Counter[tuple[str, str, str]] = Counter()
    for arc in arcs:
        ends = (arc.tail, arc.head, arc.mode)
        seen[ends] += 1
        yield arc if seen[ends] == 1 else replace(arc, step=f"{arc.mode}#{seen[ends]}")
