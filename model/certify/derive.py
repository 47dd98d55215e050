"""The program of a case from the text of its tables."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import chain
from typing import Any

from model.certify.derive_networks import apart, derive_networks, tariffs_of
from model.certify.explicit_lanes import ExplicitLanes
from model.certify.program import (
    GRAMS_PER_TONNE,
    INPUT,
    MEASURES,
    ZERO,
    Duty,
    Limit,
    Program,
    Recipe,
    Row,
    Tariff,
    demand_row,
    limit_row,
    supply_row,
)
from model.certify.reading import (
    CertificateError,
    Table,
    exact,
    exact_or,
    exact_or_none,
    read_columns,
    read_settings,
    read_table,
    split_names,
)
from model.certify.selection import SHORTAGE, Origin, Selection, Sink


def derive_program(texts: Mapping[str, str]) -> Program:
    """The program of the case whose canonical tables are `texts` (`origins.csv`, ...).

    Raises
    ------
    CertificateError
        A table cannot be read, or names something that is not there.
    """
    settings = read_settings(texts)
    own = str(settings.get("commodity", "product"))
    made = {origin.name: origin for origin in _origins(texts, own)}
    sinks = {sink.label: sink for sink in _sinks(texts, own)}
    limits, limit_bounds = _limits(texts)
    networks = derive_networks(texts, frozenset(settings.get("closed_passages", ())), limit_bounds)
    if networks[""].arcs:
        _refuse_sums_along_routes(limits)
    short = _shortages(sinks.values(), made.keys())
    origins = made | {origin.name: origin for origin in short}
    rows = {supply_row(origin.name): Row(None, origin.most_kt) for origin in origins.values()}
    rows |= limit_bounds
    rows |= {
        limit_row(arc.limit_name): Row(None, arc.limit_kt)
        for arc in networks[""].arcs
        if arc.limit_kt is not None
    }
    recipes = _recipes(texts, made, rows)
    sinks |= {sink.label: sink for sink in _input_places(recipes, origins, sinks)}
    rows |= {demand_row(label): Row(sink.demand_kt, sink.max_kt) for label, sink in sinks.items()}
    rows |= {recipe.row: Row(ZERO, ZERO) for recipe in recipes}
    return Program(
        commodity=own,
        origins=origins,
        sinks=sinks,
        recipes=recipes,
        rows=rows,
        limits=limits,
        duties=_duties(texts, settings.get("year")),
        explicit=_explicit(texts, origins, sinks.values()),
        networks=networks,
        carbon_price_cny_per_t=Fraction(settings.get("carbon_price_cny_per_t", 0)),
        mode_co2_t_per_t_km=_mode_co2(tariffs_of(texts)),
    )


def _mode_co2(tariffs: Mapping[str, Mapping[str, Tariff]]) -> dict[str, dict[str, Fraction]]:
    """Emissions of each mode by commodity, t a t-km."""
    return {
        commodity: {mode: grams / GRAMS_PER_TONNE for mode, (_, _, grams) in own.items()}
        for commodity, own in tariffs.items()
    }


def _recipes(
    texts: Mapping[str, str], origins: Mapping[str, Origin], rows: Mapping[str, Row]
) -> tuple[Recipe, ...]:
    """A recipe for each origin and input; a row that names the origin stands before others.

    Of a depot, an origin that takes what it sends, only rows that name it hold.
    """
    table, taken, found = read_table(texts, "recipes"), set(rows), []
    cells = list(table.records("output", "input", "t_per_t", "origin"))
    for origin in sorted(origins.values(), key=lambda origin: origin.name):
        own = [row for row in cells if row[0] == origin.commodity and row[3] == origin.name]
        is_depot = any(taken_in == origin.commodity for _, taken_in, _, _ in own)
        general = [row for row in cells if row[0] == origin.commodity and not row[3]]
        takes = {
            taken_in: exact(t_per_t)
            for _, taken_in, t_per_t, _ in [*([] if is_depot else general), *own]
        }
        for taken_in, t_per_t in sorted(takes.items()):
            row = limit_row(apart(f"{taken_in} at {origin.name}", taken, "recipe", limit_row))
            taken.add(row)
            found.append(Recipe(row, origin.name, taken_in, t_per_t))
    return tuple(found)


def _input_places(
    recipes: Iterable[Recipe], origins: Mapping[str, Origin], sinks: Mapping[str, Sink]
) -> Iterator[Sink]:
    """The places that inputs go to."""
    taken = set(sinks)
    for recipe in recipes:
        origin = origins[recipe.origin]
        label = apart(f"{recipe.input} at {recipe.origin}", taken, INPUT, str)
        taken.add(label)
        yield Sink(
            name=origin.name,
            region=origin.region,
            kind=INPUT,
            node=origin.node,
            demand_kt=ZERO,
            max_kt=None,
            commodity=recipe.input,
            label=label,
        )


def _origins(texts: Mapping[str, str], own: str) -> list[Origin]:
    table = read_table(texts, "origins")
    columns = ("origin", "region", "kind", "node", "supply_kt", "capacity_kt", "cost_cny_per_t",
               "commodity")  # fmt: skip
    return [
        Origin(
            name,
            region or name,
            kind or "domestic",
            node,
            exact(supply),
            exact_or(capacity, exact(supply)),
            exact_or(cost, ZERO),
            commodity or own,
        )
        for name, region, kind, node, supply, capacity, cost, commodity in table.records(*columns)
    ]


def _shortages(sinks: Iterable[Sink], taken: Collection[str]) -> Iterator[Origin]:
    """An origin for the shortage of each sink whose demand may go unmet."""
    for sink in sinks:
        if sink.shortage_cny_per_t is not None:
            yield Origin(
                name=apart(f"shortage at {sink.name}", taken, INPUT, str),
                region=sink.region,
                kind=SHORTAGE,
                node="",
                supply_kt=ZERO,
                capacity_kt=ZERO,
                cost_cny_per_t=sink.shortage_cny_per_t,
                commodity=sink.commodity,
            )


def _sinks(texts: Mapping[str, str], own: str) -> list[Sink]:
    table = read_table(texts, "sinks")
    columns = ("sink", "region", "kind", "node", "demand_kt", "max_kt", "commodity",
               "price_cny_per_t", "shortage_cny_per_t")  # fmt: skip
    return [
        Sink(
            name,
            region or name,
            kind or "domestic",
            node,
            exact(demand),
            exact_or(maximum, exact(demand)),
            commodity or own,
            name,
            exact_or(price, ZERO),
            exact_or_none(shortage),
        )
        for name, region, kind, node, demand, maximum, commodity, price, shortage in table.records(
            *columns
        )
    ]


def _explicit(
    texts: Mapping[str, str], origins: Mapping[str, Origin], sinks: Iterable[Sink]
) -> ExplicitLanes:
    """Lanes between places that are there; those of projects wait until the project is built."""
    received: dict[str, set[str]] = {}
    for sink in sinks:
        received.setdefault(sink.commodity, set()).add(sink.name)
    ends = {name: received.get(origin.commodity, set()) for name, origin in origins.items()}
    places = set(origins).union(_projects(texts), *received.values())
    short = [origin for origin in origins.values() if origin.kind == SHORTAGE]
    named = [sink.name for sink in sinks if sink.shortage_cny_per_t is not None]
    lacking = [
        (origin.name, sink, SHORTAGE, "0", "", "", "")
        for origin, sink in zip(short, named, strict=True)
    ]
    given = read_columns(texts, "lanes", *LANE)
    more = [list(zip(*lacking, strict=True))] if lacking else []
    return ExplicitLanes.read(chain(given, more), ends, places)


def _projects(texts: Mapping[str, str]) -> set[str]:
    """Names of projects, which lanes may lead to."""
    return {name for (name,) in read_table(texts, "projects").records("project")}


def _selection(cells: tuple[str, ...]) -> Selection:
    return Selection(*(frozenset(split_names(cell)) for cell in cells))


LANE = ("origin", "sink", "mode", "cost_cny_per_t", "km", "min_kt", "max_kt")
SELECTION = ("origin", "region", "sink", "kind", "mode", "via", "commodity")


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
