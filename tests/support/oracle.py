"""An independent answer for small cases: every simple route written out, one linear program.

Shares no code with the model: routes are enumerated link by link from the tables, and limits
and duties are counted on them as the words of the contract say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import linprog

from model.case.case import Case


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


def tariffs(case: Case, commodity: str) -> pd.DataFrame:
    """What each mode costs a commodity: its own row, or else the general one."""
    own, general = (case.modes[case.modes["commodity"] == name] for name in (commodity, ""))
    rest = general[~general["mode"].isin(own["mode"])]
    return pd.concat([own, rest] if commodity else [general]).set_index("mode")


def commodity_of(case: Case, origin: str) -> str:
    """What an origin sends."""
    named = case.origins.set_index("origin").loc[origin, "commodity"]
    return str(named) or case.settings.commodity


def takes(case: Case) -> dict[tuple[str, str], float]:
    """Tonnes of each input for a tonne that leaves each origin."""
    found: dict[tuple[str, str], float] = {}
    recipes = case.recipes.to_dict("records")
    depots = {recipe["origin"] for recipe in recipes if recipe["input"] == recipe["output"]}
    for named in (False, True):
        for recipe in recipes:
            for origin in case.origins["origin"]:
                makes = recipe["output"] == commodity_of(case, origin)
                holds = recipe["origin"] == (origin if named else "")
                if makes and holds and (named or origin not in depots):
                    found[origin, recipe["input"]] = recipe["t_per_t"]
    return found


def arcs_of(case: Case, commodity: str = "") -> list[Arc]:
    """Every open link forwards, then every two-way one backwards; parallel ones are counted."""
    tariff, closed = tariffs(case, commodity), set(case.settings.closed_passages)
    links = [
        link for link in case.links.to_dict("records") if not {link["from"], link["to"]} & closed
    ]
    arcs: list[Arc] = []
    count: dict[str, int] = {}
    ends = [(link, link["from"], link["to"]) for link in links]
    ends += [(link, link["to"], link["from"]) for link in links if not link["one_way"]]
    for link, tail, head in ends:
        rate = tariff.loc[link["mode"]]
        km = 0.0 if np.isnan(link["km"]) else link["km"]
        own = link["cost_cny_per_t"]
        cost = km * rate["cny_per_t_km"] if np.isnan(own) else own
        limit = np.inf if np.isnan(link["limit_kt"]) else link["limit_kt"]
        plain = f"{tail}>{head}:{link['mode']}"
        count[plain] = count.get(plain, 0) + 1
        name = plain if count[plain] == 1 else f"{plain}#{count[plain]}"
        called = frozenset({head, f"{tail}>{head}", plain, name})
        arcs.append(Arc(name, tail, head, link["mode"], km, cost, called, limit))
    return arcs


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


def ways_of(case: Case) -> list[Way]:
    """Every route and lane there is, duties included."""
    ways = [*_routes(case), *_lanes(case)]
    in_force = [duty for duty in case.duties.to_dict("records") if _is_in_force(case, duty)]
    return [
        replace(
            way,
            duty=sum(
                duty["rate"] * duty["value_cny_per_t"]
                for duty in in_force
                if counted(case, duty | {"measure": "ship_kt"}, way)
            ),
        )
        for way in ways
    ]


def _is_in_force(case: Case, duty: dict[Any, Any]) -> bool:
    year = case.settings.year
    return not duty["from_date"] or year is None or duty["from_date"][:4] <= str(year)


def _routes(case: Case) -> Iterator[Way]:
    price = case.settings.carbon_price_cny_per_t
    for origin in case.origins.to_dict("records"):
        carried = commodity_of(case, origin["origin"])
        arcs, tariff = arcs_of(case, carried), tariffs(case, carried)
        for sink in _receivers(case, origin["origin"]):
            ends = {origin["node"], sink["node"]}
            if "" in ends or ends & set(case.settings.closed_passages) or not arcs:
                continue
            for path in simple_paths(arcs, origin["node"], sink["node"]):
                steps = [arcs[number] for number in path]
                entries = [
                    step.mode
                    for number, step in enumerate(steps)
                    if number == 0 or steps[number - 1].mode != step.mode
                ]
                co2 = sum(s.km * tariff.loc[s.mode, "gco2_per_t_km"] for s in steps) / 1e6
                freight = sum(s.cost for s in steps)
                freight += sum(tariff.loc[mode, "fixed_cny_per_t"] for mode in entries)
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


def _receivers(case: Case, origin: str) -> Iterator[dict[Any, Any]]:
    """Sinks of what an origin sends, and other origins that take it."""
    carried = commodity_of(case, origin)
    for sink in case.sinks.to_dict("records"):
        if (sink["commodity"] or case.settings.commodity) == carried:
            yield sink | {"is_inbound": False}
    places = {row["origin"]: row for row in case.origins.to_dict("records")}
    for taker, taken in takes(case):
        if taken == carried and taker != origin:
            yield {"sink": taker, "node": places[taker]["node"], "is_inbound": True}


def _lanes(case: Case) -> Iterator[Way]:
    production = case.origins.set_index("origin")["cost_cny_per_t"]
    for lane in case.lanes.to_dict("records"):
        if lane["origin"] not in production:
            continue  # of a project that is not built
        ends = {row["sink"]: row for row in _receivers(case, lane["origin"])}
        if lane["sink"] not in ends:
            continue
        grams = tariffs(case, commodity_of(case, lane["origin"]))["gco2_per_t_km"]
        km = 0.0 if np.isnan(lane["km"]) else lane["km"]
        co2 = km * grams.get(lane["mode"], 0.0) / 1e6
        yield Way(
            lane["origin"],
            lane["sink"],
            lane["cost_cny_per_t"],
            production[lane["origin"]],
            case.settings.carbon_price_cny_per_t * co2,
            co2,
            (lane["mode"],),
            (),
            "",
            (),
            ends[lane["sink"]]["is_inbound"],
            lane["min_kt"],
            np.inf if np.isnan(lane["max_kt"]) else lane["max_kt"],
        )


def counted(case: Case, limit: dict[Any, Any], way: Way) -> float:
    """What a tonne on a way counts in a row of limits.csv."""
    origins, sinks = case.origins.set_index("origin"), case.sinks.set_index("sink")
    kind = "input" if way.is_inbound else sinks.loc[way.sink, "kind"]
    carried = commodity_of(case, way.origin)
    selected = (
        way.origin in (names(limit["origin"]) or {way.origin})
        and origins.loc[way.origin, "region"]
        in (names(limit["region"]) or {origins.loc[way.origin, "region"]})
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
    ways, arcs = ways_of(case), arcs_of(case)
    rows, lower, upper = [], [], []

    traded = list(_traded(case))

    def add(row: list[float], least: float, most: float, sink: str = "") -> None:
        short = [(2 * way.production - 1.0) * (way.sink == sink) for way in traded]
        rows.append([*row, *short])
        lower.append(least)
        upper.append(most)

    for origin in case.origins.to_dict("records"):
        add([way.origin == origin["origin"] for way in ways], -np.inf, origin["supply_kt"])
    for sink in case.sinks.to_dict("records"):
        most = sink["demand_kt"] if np.isnan(sink["max_kt"]) else sink["max_kt"]
        arrives = [float(way.sink == sink["sink"] and not way.is_inbound) for way in ways]
        if any(way.sink == sink["sink"] for way in traded):
            most = sink["demand_kt"]  # what is sold beyond it, and what lacks, is told apart
        add(arrives, sink["demand_kt"], most, sink["sink"])
    for limit in case.limits.to_dict("records"):
        bounds = [limit["min"], limit["max"]]
        least, most = np.where(np.isnan(bounds), [-np.inf, np.inf], bounds)
        add([counted(case, limit, way) for way in ways], least, most)
    for number, arc in enumerate(arcs):
        if np.isfinite(arc.limit):
            add([float(way.arcs.count(number)) for way in ways], -np.inf, arc.limit)
    for (taker, taken), t_per_t in takes(case).items():
        comes = [
            way.is_inbound and way.sink == taker and commodity_of(case, way.origin) == taken
            for way in ways
        ]
        leaves = [way.origin == taker for way in ways]
        add([float(c) - t_per_t * o for c, o in zip(comes, leaves, strict=True)], 0.0, 0.0)
    every = [*ways, *traded]
    matrix = np.array(rows, dtype=float).reshape(len(rows), len(every))
    return Written(every, matrix, np.array(lower), np.array(upper))


def _traded(case: Case) -> Iterator[Way]:
    """What each sink with a price buys beyond its demand, and what it goes without.

    Of these no origin is named; `production` is 1 of what lacks, so that the two are told apart.
    """
    for sink in case.sinks.to_dict("records"):
        most = sink["demand_kt"] if np.isnan(sink["max_kt"]) else sink["max_kt"]
        price, shortage = sink["price_cny_per_t"], sink["shortage_cny_per_t"]
        nothing = (0.0, 0.0, (), (), "", (), False, 0.0)
        if price > 0 or not np.isnan(shortage):
            yield Way("", sink["sink"], -price, 0.0, *nothing, most - sink["demand_kt"])
        if not np.isnan(shortage):
            yield Way("", sink["sink"], shortage - 1.0, 1.0, *nothing, sink["demand_kt"])


def least_cost(case: Case) -> float | None:
    """Least cost in CNY thousand over every way; None where no plan is feasible."""
    return written_out(case).least()
