"""Figures that may be right but look odd: they warn and never refuse."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from model.case.columns import Column, Table
from model.case.distances import is_sea, placed_legs
from model.case.errors import quoted
from model.case.great_circle import great_circle_km
from model.case.schema import CASE, TABLES
from model.case.schema_market import LIMITS
from model.case.schema_network import MODES
from model.checking.check import Finding, Frames, Rule, distinct
from model.checking.rules_periods import timeline_of
from model.checking.rules_recipes import commodities_of, own_commodity, sent_by

_LONE_FACTOR = 20.0
"""A mass this many times away from every other one of its column stands alone."""
_WIDEST_SPAN = 1e9
"""Coefficients of a kind that differ by more than this factor try a solver's precision."""
_LEAST_OF_STRAIGHT = 0.9
"""A length may be less than the great circle by so much: a node stands for a place of some size."""
_TOTALS = frozenset({
    "total", "totals", "sum", "grand total", "subtotal", "sub-total", "sum total", "合计", "总计",
    "总和", "小计", "共计",
})  # fmt: skip
"""Names of rows that sum others, in lower case."""
_SPANS = {
    "costs": (
        ("lanes", "cost_cny_per_t"),
        ("links", "cost_cny_per_t"),
        ("origins", "cost_cny_per_t"),
        ("modes", "fixed_cny_per_t"),
    ),
    "masses": (
        ("origins", "supply_kt"),
        ("sinks", "demand_kt"),
        ("lanes", "max_kt"),
        ("links", "limit_kt"),
        ("limits", "max"),
    ),
}


def odd_figures(frames: Frames) -> list[Finding]:
    """Return what a planner should look at again, in a valid case."""
    odd = [
        finding
        for table in (CASE, *TABLES.values())
        for column in table.columns
        for finding in _implausible(table, column, frames)
    ]
    return odd + [finding for look in _LOOKS for finding in look(frames)]


def _first(
    table: str, column: str, rows: np.ndarray[tuple[int], np.dtype[np.intp]], rule: str, remedy: str
) -> Iterator[Finding]:
    """Yield one finding for all `rows`: the first, and how many more."""
    if len(rows):
        count = len(rows) - 1
        more = f" ({count} more {'row' if count == 1 else 'rows'} likewise)" if count else ""
        yield Finding(table, int(rows[0]), column, rule + more, remedy)


def _implausible(table: Table, column: Column, frames: Frames) -> Iterator[Finding]:
    if column.plausible is None or not len(frames[table.name]):
        return
    low, high = column.plausible
    values = frames[table.name][column.name].to_numpy()
    rows = np.flatnonzero((values != 0) & ((values < low) | (values > high)))
    unit = f" {column.unit}" if column.unit else ""
    rule = f"plausible are {low:,g} to {high:,g}{unit}"
    yield from _first(table.name, column.name, rows, rule, "is the unit right?")


def _lone_masses(frames: Frames) -> Iterator[Finding]:
    """Yield a supply or demand that may be in another unit than its column's others."""
    for table, column in (("origins", "supply_kt"), ("sinks", "demand_kt")):
        values = frames[table][column].to_numpy()
        rows = np.flatnonzero(values > 0)
        if len(rows) < 3:
            continue
        order = rows[np.argsort(values[rows], kind="stable")]
        for row, nearest, side in (
            (order[0], order[1], "least"),
            (order[-1], order[-2], "largest"),
        ):
            low, high = sorted((values[row], values[nearest]))
            if high > _LONE_FACTOR * low:
                rule = f"it is the {side}, and the next is {values[nearest]:g}"
                yield Finding(table, int(row), column, rule, "is it in kt/year?")


def _totals_apart(frames: Frames) -> Iterator[Finding]:
    supply, demand = frames["origins"]["supply_kt"].sum(), frames["sinks"]["demand_kt"].sum()
    if supply and demand and max(supply / demand, demand / supply) > 100:
        found = f"{supply:g} kt of supply for {demand:g} kt of demand"
        rule = "the two are usually of a size"
        yield Finding("sinks", None, None, rule, "are both in kt/year?", found)


def _more_demand(frames: Frames) -> Iterator[Finding]:
    """Yield that all supply of a commodity is less than its demand, which has to be met."""
    sinks = frames["sinks"]
    needs = sinks["demand_kt"].where(sinks["shortage_cny_per_t"].isna(), 0.0)
    demand = needs.groupby(commodities_of(frames, "sinks")).sum()
    origins = frames["origins"]
    supply = origins["supply_kt"].groupby(commodities_of(frames, "origins")).sum()
    built = frames["projects"][frames["projects"]["adds_to_limit"] == ""]
    more = built["capacity_kt"].groupby(commodities_of(frames, "projects")[built.index]).sum()
    supply = supply.add(more, fill_value=0.0)
    for commodity, kt in demand.items():
        most = float(supply.get(commodity, 0.0))
        if kt > most * (1 + 1e-9):
            found = f"{kt:g} kt of demand for {most:g} kt of supply"
            of = f" of {commodity}" if len(demand) > 1 else ""
            rule = f"all origins and projects together cannot meet the demand{of}"
            remedy = "is a row missing, or a total among the sinks?"
            yield Finding("sinks", None, None, rule, remedy, found)


def _totals_among_rows(frames: Frames) -> Iterator[Finding]:
    """Yield rows that have the name of a total: they would count everything twice."""
    for table, column in (("origins", "origin"), ("sinks", "sink"), ("projects", "project")):
        names = frames[table][column].str.strip().str.rstrip(":：").str.casefold()
        rows = np.flatnonzero(names.isin(_TOTALS))
        rule = "it has the name of a total, and counts beside the rows that it may sum"
        yield from _first(table, column, rows, rule, "delete the row if it is their sum")


def _above_capacity(frames: Frames) -> Iterator[Finding]:
    origins = frames["origins"]
    rows = np.flatnonzero(origins["supply_kt"].to_numpy() > origins["capacity_kt"].to_numpy())
    rule = "supply is usually at most capacity_kt"
    yield from _first("origins", "supply_kt", rows, rule, "look at both")


def _idle_prices(frames: Frames) -> Iterator[Finding]:
    """Yield prices that nothing can earn: the sink takes no tonne above its demand."""
    sinks = frames["sinks"]
    most = sinks["max_kt"].fillna(sinks["demand_kt"]).to_numpy()
    rows = np.flatnonzero((sinks["price_cny_per_t"] > 0) & (most <= sinks["demand_kt"]))
    rule = "it is paid above the demand alone, and the sink takes no more than that"
    yield from _first("sinks", "price_cny_per_t", rows, rule, "give max_kt, or lower demand_kt")


def wide_spans(frames: Frames) -> Iterator[Finding]:
    """Yield what is wrong with coefficients of a kind that differ by more than `_WIDEST_SPAN`."""
    for kind, targets in _SPANS.items():
        sizes = np.concatenate([np.abs(frames[table][column]) for table, column in targets])
        sizes = sizes[sizes > 0]
        if len(sizes) and sizes.max() > _WIDEST_SPAN * sizes.min():
            found = f"{kind} from {sizes.min():g} to {sizes.max():g}"
            rule = "they span more than 1e9, and the solution is checked again without presolve"
            yield Finding("case", None, None, rule, "are the units right?", found)


def _idle_origins(frames: Frames) -> Iterator[Finding]:
    """Yield origins and projects that nothing can leave."""
    rule = "no lane begins there, and it has no node"
    starts = frames["lanes"]["origin"]
    origins, projects = frames["origins"], frames["projects"]
    idle = (origins["node"] == "") & ~origins["origin"].isin(starts)
    yield from _first("origins", "origin", np.flatnonzero(idle), rule, "nothing can leave it")
    hosts = origins[~idle]  # a project has the lanes of the origin that it extends
    idle = (projects["node"] == "") & ~projects["project"].isin(starts)
    idle &= ~projects["origin"].isin(hosts["origin"]) & ~projects["region"].isin(hosts["region"])
    idle &= projects["adds_to_limit"] == ""
    yield from _first("projects", "project", np.flatnonzero(idle), rule, "nothing can leave it")


def _idle_commodities(frames: Frames) -> Iterator[Finding]:
    """Yield commodities that are sent and not taken, and one of the case that nobody sends."""
    own, sent = own_commodity(frames), distinct(pd.Series(sent_by(frames).values(), dtype=object))
    if sent and own and own not in sent:
        rule = "no origin and no project sends it, so that balances count nothing"
        yield Finding("case", 0, "commodity", rule, f"write one of {', '.join(sorted(sent))}")
    taken = distinct(commodities_of(frames, "sinks"), frames["recipes"]["input"])
    idle = ~commodities_of(frames, "origins").isin(list(taken))
    rule = "no sink and no recipe takes it"
    remedy = "add a row to recipes.csv, or a sink of this commodity"
    yield from _first("origins", "commodity", np.flatnonzero(idle), rule, remedy)


def _straight_lengths(frames: Frames) -> Iterator[Finding]:
    links, modes = frames["links"], frames["modes"]
    computed = distinct(links["mode"][links["km"].isna()])
    rows = [
        row
        for row, (mode, circuity) in enumerate(zip(modes["mode"], modes["circuity"], strict=True))
        if mode in computed and circuity != circuity and not is_sea(mode)
    ]
    rule = "links without km get the length of the great circle"
    remedy = f"write how much longer the way is ({MODES.by_name['circuity'].name})"
    yield from _first("modes", "circuity", np.array(rows, dtype=np.intp), rule, remedy)


def free_modes(frames: Frames) -> Iterator[Finding]:
    """Yield modes without a tariff that price links all the same: a blank counts as 0 there."""
    links, modes = frames["links"], frames["modes"]
    unpriced = distinct(links["mode"][links["cost_cny_per_t"].isna()])
    free = (modes["cny_per_t_km"] == 0) & modes["mode"].isin(unpriced)
    rule = "a blank tariff counts as 0, and links without cost_cny_per_t cost nothing a kilometre"
    yield from _first("modes", "cny_per_t_km", np.flatnonzero(free), rule, "write the tariff")


def _below_great_circle(frames: Frames) -> Iterator[Finding]:
    """Yield links that are shorter than the ground between their ends: the worst stands for all."""
    links = frames["links"]
    legs = list(placed_legs(frames, np.flatnonzero(links["km"].notna())))
    if not legs:
        return
    rows = np.array([leg.row for leg in legs], dtype=np.intp)
    ends = np.array([(*leg.start, *leg.end) for leg in legs], dtype=float).T
    km, straight = links["km"].to_numpy()[rows], great_circle_km(*ends)
    short = np.flatnonzero(km < _LEAST_OF_STRAIGHT * straight)
    worst = short[np.argsort(km[short] / straight[short], kind="stable")]
    if len(worst):
        rule = f"the great circle between its ends has {straight[worst[0]]:,.0f} km"
        yield from _first("links", "km", rows[worst], rule, "look at the length and at both nodes")


def _boundless_limits(frames: Frames) -> Iterator[Finding]:
    limits = frames["limits"]
    rows = np.flatnonzero(limits["min"].isna() & limits["max"].isna())
    rule = "it has neither min nor max and limits nothing"
    yield from _first(LIMITS.name, "limit", rows, rule, "write a bound")


def _unlisted_sources(frames: Frames) -> Iterator[Finding]:
    listed = distinct(frames["sources"]["source"])
    if not listed:
        return
    for table in TABLES.values():
        if table.name == "sources" or "source" not in table.by_name:
            continue
        cells = frames[table.name]["source"].tolist()
        rows = [
            row for row, cell in enumerate(cells) if cell and not listed >= set(cell.split("|"))
        ]
        if rows:
            missing = sorted(set(cells[rows[0]].split("|")) - listed)
            rule = f"sources.csv does not list {quoted(missing[0])}"
            where = np.array(rows, dtype=np.intp)
            yield from _first(table.name, "source", where, rule, "add it there")


def _years_that_count_nothing(frames: Frames) -> Iterator[Finding]:
    """Yield a period that ends before the next one begins."""
    time = timeline_of(frames)
    for row, (span, after) in enumerate(zip(time.spans, time.spans[1:], strict=False)):
        if span.end < after.begin:
            rule = f"the next period begins {float(after.begin - span.end):g} years after its end"
            rule += ", and what lies between counts nothing"
            yield Finding("periods", row, "length_years", rule, "leave it blank to fill the gap")


_LOOKS: tuple[Rule, ...] = (
    _lone_masses, _totals_apart, _more_demand, _totals_among_rows, _above_capacity, _idle_prices,
    wide_spans, _idle_origins, _idle_commodities, _straight_lengths, free_modes,
    _below_great_circle, _boundless_limits, _unlisted_sources,
    _years_that_count_nothing,
)  # fmt: skip
