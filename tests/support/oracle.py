"""An independent answer for small cases: every simple route written out, one linear program.

Shares no code with the model: routes are enumerated link by link from the tables, and limits
and duties are counted on them as the words of the contract say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from math import isnan
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import linprog

from model.case.case import Case

Row = dict[str, Any]


@dataclass(frozen=True)
class Arc:
    name: str
    tail: str
    head: str
    mode: str
    km: float
    cost: float
    names: frozenset[str]
    limit: float


@dataclass(frozen=True)
class Way:
    """One lane: what a tonne on it costs and counts."""

    origin: str
    sink: str
    freight: float
    production: float
    carbon: float
    co2: float
    entries: tuple[str, ...]
    passages: tuple[tuple[str, frozenset[str]], ...]  # mode and names of each step
    start: str
    arcs: tuple[int, ...] = ()
    is_inbound: bool = False
    least: float = 0.0
    most: float = np.inf
    route: str = ""
    duty: float = 0.0

    @property
    def cost(self) -> float:
        """All that a tonne on it costs."""
        return self.freight + self.production + self.carbon + self.duty

    @property
    def mode(self) -> str:
        """Modes in the order in which it enters them."""
        return "+".join(self.entries)


def names(cell: str) -> set[str]:
    return set(cell.split("|")) - {""}


def rows_of(frame: pd.DataFrame) -> list[Row]:
    """Rows as mappings from columns to cells."""
    cells = [frame[name].tolist() for name in frame.columns]
    return [dict(zip(frame.columns, row, strict=True)) for row in zip(*cells, strict=True)]


class Tables:
    """The tables of a case as rows, read once, and what follows from them."""

    def __init__(self, case: Case) -> None:
        self.settings = case.settings
        self.closed = set(case.settings.closed_passages)
        self.origins, self.sinks = rows_of(case.origins), rows_of(case.sinks)
        self.recipes, self.modes = rows_of(case.recipes), rows_of(case.modes)
        self.lanes, self.links = rows_of(case.lanes), rows_of(case.links)
        self.limits, self.duties = rows_of(case.limits), rows_of(case.duties)
        self.origin = {row["origin"]: row for row in self.origins}
        self.sink = {row["sink"]: row for row in self.sinks}
        own = case.settings.commodity
        self.commodity = {name: row["commodity"] or own for name, row in self.origin.items()}
        self._tariffs: dict[str, dict[str, Row]] = {}
        self._arcs: dict[str, list[Arc]] = {}

    def tariffs(self, commodity: str) -> dict[str, Row]:
        """What each mode costs a commodity: its own row, or else the general one."""
        if commodity not in self._tariffs:
            self._tariffs[commodity] = {
                row["mode"]: row
                for name in ("", commodity)
                for row in self.modes
                if row["commodity"] == name
            }
        return self._tariffs[commodity]

    @cached_property
    def takes(self) -> dict[tuple[str, str], float]:
        """Tonnes of each input for a tonne that leaves each origin."""
        found: dict[tuple[str, str], float] = {}
        depots = {row["origin"] for row in self.recipes if row["input"] == row["output"]}
        for named in (False, True):
            for recipe in self.recipes:
                for origin in self.origin:
                    makes = recipe["output"] == self.commodity[origin]
                    holds = recipe["origin"] == (origin if named else "")
                    if makes and holds and (named or origin not in depots):
                        found[origin, recipe["input"]] = recipe["t_per_t"]
        return found

    def arcs(self, commodity: str = "") -> list[Arc]:
        """Every open link forwards, then every two-way one backwards; parallel ones are counted."""
        if commodity not in self._arcs:
            self._arcs[commodity] = list(self._arcs_of(self.tariffs(commodity)))
        return self._arcs[commodity]

    def _arcs_of(self, tariff: dict[str, Row]) -> Iterator[Arc]:
        links = [link for link in self.links if not {link["from"], link["to"]} & self.closed]
        count: dict[str, int] = {}
        ends = [(link, link["from"], link["to"]) for link in links]
        ends += [(link, link["to"], link["from"]) for link in links if not link["one_way"]]
        for link, tail, head in ends:
            km = 0.0 if isnan(link["km"]) else link["km"]
            own = link["cost_cny_per_t"]
            cost = km * tariff[link["mode"]]["cny_per_t_km"] if isnan(own) else own
            limit = np.inf if isnan(link["limit_kt"]) else link["limit_kt"]
            plain = f"{tail}>{head}:{link['mode']}"
            count[plain] = count.get(plain, 0) + 1
            name = plain if count[plain] == 1 else f"{plain}#{count[plain]}"
            called = frozenset({head, f"{tail}>{head}", plain, name})
            yield Arc(name, tail, head, link["mode"], km, cost, called, limit)

    def receivers(self, origin: str) -> Iterator[Row]:
        """Sinks of what an origin sends, and other origins that take it."""
        carried = self.commodity[origin]
        for sink in self.sinks:
            if (sink["commodity"] or self.settings.commodity) == carried:
                yield sink | {"is_inbound": False}
        for taker, taken in self.takes:
            if taken == carried and taker != origin:
                yield {"sink": taker, "node": self.origin[taker]["node"], "is_inbound": True}


def simple_paths(arcs: list[Arc], start: str, end: str) -> Iterator[tuple[int, ...]]:
    """Every route that passes no node twice, as numbers of arcs."""

    def extend(path: tuple[int, ...], seen: frozenset[str], here: str) -> Iterator[tuple[int, ...]]:
        if here == end:
            yield path
            return
        for number, arc in enumerate(arcs):
            if arc.tail == here and arc.head not in seen:
                yield from extend((*path, number), seen | {arc.head}, arc.head)

    yield from extend((), frozenset({start}), start)


def ways_of(tables: Tables) -> list[Way]:
    """Every route and lane there is, duties included."""
    ways = [*_routes(tables), *_lanes(tables)]
    in_force = [
        duty | {"measure": "ship_kt"} for duty in tables.duties if _is_in_force(tables, duty)
    ]
    return [replace(way, duty=_duty(tables, in_force, way)) for way in ways] if in_force else ways


def _duty(tables: Tables, duties: list[Row], way: Way) -> float:
    rates = (
        duty["rate"] * duty["value_cny_per_t"] for duty in duties if counted(tables, duty, way)
    )
    return sum(rates, 0.0)


def _is_in_force(tables: Tables, duty: Row) -> bool:
    year = tables.settings.year
    return not duty["from_date"] or year is None or duty["from_date"][:4] <= str(year)


def _routes(tables: Tables) -> Iterator[Way]:
    price = tables.settings.carbon_price_cny_per_t
    for origin in tables.origins:
        carried = tables.commodity[origin["origin"]]
        arcs, tariff = tables.arcs(carried), tables.tariffs(carried)
        for sink in tables.receivers(origin["origin"]):
            ends = {origin["node"], sink["node"]}
            if "" in ends or ends & tables.closed or not arcs:
                continue
            for path in simple_paths(arcs, origin["node"], sink["node"]):
                steps = [arcs[number] for number in path]
                entries = [
                    step.mode
                    for number, step in enumerate(steps)
                    if number == 0 or steps[number - 1].mode != step.mode
                ]
                co2 = sum(s.km * tariff[s.mode]["gco2_per_t_km"] for s in steps) / 1e6
                freight = sum(s.cost for s in steps)
                freight += sum(tariff[mode]["fixed_cny_per_t"] for mode in entries)
                stretches = "".join(f" >{s.name.rsplit(':', 1)[1]}> {s.head}" for s in steps)
                yield Way(
                    origin["origin"],
                    sink["sink"],
                    freight,
                    origin["cost_cny_per_t"],
                    price * co2,
                    co2,
                    tuple(entries),
                    tuple((s.mode, s.names) for s in steps),
                    origin["node"],
                    path,
                    sink["is_inbound"],
                    route=origin["node"] + stretches,
                )


def _lanes(tables: Tables) -> Iterator[Way]:
    for lane in tables.lanes:
        origin = tables.origin.get(lane["origin"])
        if origin is None:
            continue  # of a project that is not built
        ends = {row["sink"]: row for row in tables.receivers(lane["origin"])}
        if lane["sink"] not in ends:
            continue
        tariff = tables.tariffs(tables.commodity[lane["origin"]]).get(lane["mode"])
        km = 0.0 if isnan(lane["km"]) else lane["km"]
        co2 = km * (tariff["gco2_per_t_km"] if tariff else 0.0) / 1e6
        yield Way(
            lane["origin"],
            lane["sink"],
            lane["cost_cny_per_t"],
            origin["cost_cny_per_t"],
            tables.settings.carbon_price_cny_per_t * co2,
            co2,
            (lane["mode"],),
            (),
            "",
            (),
            ends[lane["sink"]]["is_inbound"],
            lane["min_kt"],
            np.inf if isnan(lane["max_kt"]) else lane["max_kt"],
        )


def counted(tables: Tables, limit: Row, way: Way) -> float:
    """What a tonne on a way counts in a row of limits.csv."""
    kind = "input" if way.is_inbound else tables.sink[way.sink]["kind"]
    carried, region = tables.commodity[way.origin], tables.origin[way.origin]["region"]
    selected = (
        way.origin in (names(limit["origin"]) or {way.origin})
        and region in (names(limit["region"]) or {region})
        and way.sink in (names(limit["sink"]) or {way.sink})
        and kind in (names(limit["kind"]) or {kind})
        and carried in (names(limit["commodity"]) or {carried})
    )
    if not selected:
        return 0.0
    measure = {"ship_kt": 1.0, "co2_kt": way.co2, "cost_mcny": way.cost / 1000}[limit["measure"]]
    modes, via = names(limit["mode"]), names(limit["via"])
    if not via:
        return measure * (sum(mode in modes for mode in way.entries) if modes else 1)
    passed = sum(
        bool(called & via) for mode, called in way.passages if not modes or mode in modes
    ) + (way.start in via and not modes)
    return measure * passed


@dataclass(frozen=True)
class Written:
    """The linear program over every way: min c x, low ≤ A x ≤ high, least ≤ x ≤ most."""

    ways: list[Way]
    matrix: np.ndarray
    low: np.ndarray
    high: np.ndarray

    @property
    def cost(self) -> np.ndarray:
        """Of each way, CNY/t."""
        return np.array([way.cost for way in self.ways])

    def picks(self, chosen: Callable[[Way], float]) -> np.ndarray:
        """A figure of each way; nothing of what is sold or lacking at a sink."""
        return np.array([float(chosen(way)) if way.origin else 0.0 for way in self.ways])

    def with_row(self, weights: np.ndarray, low: float, high: float) -> Written:
        """One row more."""
        matrix = np.vstack([self.matrix, weights])
        return replace(self, matrix=matrix, low=np.r_[self.low, low], high=np.r_[self.high, high])

    def solve(self, objective: np.ndarray | None = None) -> tuple[float, np.ndarray] | None:
        """The least of an objective (of the cost) and where; None where nothing is feasible."""
        if not self.ways:
            return None if max(self.low.max(), -self.high.min()) > 0 else (0.0, np.zeros(0))
        has_low, has_high = np.isfinite(self.low), np.isfinite(self.high)
        found = linprog(
            self.cost if objective is None else objective,
            A_ub=np.vstack([self.matrix[has_high], -self.matrix[has_low]]),
            b_ub=np.r_[self.high[has_high], -self.low[has_low]],
            bounds=[(way.least, way.most) for way in self.ways],
            method="highs",
        )
        return (float(found.fun), found.x) if found.status == 0 else None

    def least(self, objective: np.ndarray | None = None) -> float | None:
        """The least of an objective, of the cost where none is given."""
        found = self.solve(objective)
        return None if found is None else found[0]


def written_out(case: Case) -> Written:
    """Every way, and every row of the contract over them."""
    tables = Tables(case)
    ways, traded = ways_of(tables), list(_traded(tables))
    rows, lower, upper = [], [], []

    def add(row: list[float], least: float, most: float, sink: str = "") -> None:
        short = [(2 * way.production - 1.0) * (way.sink == sink) for way in traded]
        rows.append([*row, *short])
        lower.append(least)
        upper.append(most)

    for origin in tables.origins:
        add([way.origin == origin["origin"] for way in ways], -np.inf, origin["supply_kt"])
    for sink in tables.sinks:
        most = _most_of(sink)
        arrives = [float(way.sink == sink["sink"] and not way.is_inbound) for way in ways]
        if any(way.sink == sink["sink"] for way in traded):
            most = sink["demand_kt"]  # what is sold beyond it, and what lacks, is told apart
        add(arrives, sink["demand_kt"], most, sink["sink"])
    for limit in tables.limits:
        least = -np.inf if isnan(limit["min"]) else limit["min"]
        most = np.inf if isnan(limit["max"]) else limit["max"]
        add([counted(tables, limit, way) for way in ways], least, most)
    for number, arc in enumerate(tables.arcs()):
        if np.isfinite(arc.limit):
            add([float(way.arcs.count(number)) for way in ways], -np.inf, arc.limit)
    for (taker, taken), t_per_t in tables.takes.items():
        comes = [
            way.is_inbound and way.sink == taker and tables.commodity[way.origin] == taken
            for way in ways
        ]
        leaves = [way.origin == taker for way in ways]
        add([float(c) - t_per_t * o for c, o in zip(comes, leaves, strict=True)], 0.0, 0.0)
    every = [*ways, *traded]
    matrix = np.array(rows, dtype=float).reshape(len(rows), len(every))
    return Written(every, matrix, np.array(lower), np.array(upper))


def _most_of(sink: Row) -> float:
    return float(sink["demand_kt"] if isnan(sink["max_kt"]) else sink["max_kt"])


def _traded(tables: Tables) -> Iterator[Way]:
    """What each sink with a price buys beyond its demand, and what it goes without.

    Of these no origin is named; `production` is 1 of what lacks, so that the two are told apart.
    """
    for sink in tables.sinks:
        price, shortage = sink["price_cny_per_t"], sink["shortage_cny_per_t"]
        nothing = (0.0, 0.0, (), (), "", (), False, 0.0)
        if price > 0 or not isnan(shortage):
            yield Way("", sink["sink"], -price, 0.0, *nothing, _most_of(sink) - sink["demand_kt"])
        if not isnan(shortage):
            yield Way("", sink["sink"], shortage - 1.0, 1.0, *nothing, sink["demand_kt"])


def least_cost(case: Case) -> float | None:
    """Least cost in CNY thousand over every way; None where no plan is feasible."""
    return written_out(case).least()
