"""Plans written out from DESIGN alone: every schedule enumerated, each a linear program of scipy.

Nothing here knows the program's own arrays: periods are cut into stretches of at most a year and at
every end of a life, and each stretch has flows of its own.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import linprog

from model.case.case import Case

Row = dict[str, Any]
INFINITY = math.inf
READ = ("origins", "sinks", "lanes", "links", "limits", "duties", "projects", "closures",
        "modes", "groups")  # fmt: skip


@dataclass(frozen=True)
class Slot:
    """A period: when it begins and ends, in years after the first, and its tables."""

    begin: float
    end: float
    year: int | None
    name: str
    tables: dict[str, list[Row]]
    carbon: float
    holding: float
    max_stock: float
    capex_max: float = INFINITY


def rows_of(frame: pd.DataFrame) -> list[Row]:
    return [dict(row) for row in frame.to_dict("records")]


def first_year(case: Case) -> float:
    """The year with which the first period begins; 0 where there are none."""
    year = case.periods["year"].iloc[0]
    return float(year if year == year else case.settings.year or 0)


def spans_of(case: Case) -> list[tuple[float, float]]:
    """When each period begins and ends: with its year, or as the one before it ends."""
    years, first, end = case.periods["year"].tolist(), first_year(case), 0.0
    spans = []
    for year, after, length in zip(
        years, [*years[1:], np.nan], case.periods["length_years"], strict=True
    ):
        begin = year - first if year == year else end
        end = begin + length
        if length != length:
            end = after - first if after == after else begin + 1
        spans.append((begin, end))
    return spans


def slots_of(case: Case) -> list[Slot]:
    slots, spans = [], spans_of(case)
    is_dated = case.periods["year"].notna().any() or case.settings.year is not None
    for (begin, end), period in zip(spans, rows_of(case.periods), strict=True):
        tables = {name: rows_of(case.table(name)) for name in READ}
        carbon = apply_paths(case, begin, tables)
        year = math.floor(first_year(case) + begin + 1e-9) if is_dated else None
        slots.append(
            Slot(begin, end, year, period["period"], tables, carbon,
                 period["holding_cny_per_t"], period["max_stock_kt"],
                 float(np.nan_to_num(period["capex_max_mcny"], nan=INFINITY)))
        )  # fmt: skip
    return slots


def paths_by(case: Case, moment: float) -> list[Row]:
    """The paths that hold at a moment, the latest value of each last."""
    begins: dict[Any, float] = {}
    for period, (begin, _) in zip(rows_of(case.periods), spans_of(case), strict=True):
        begins[period["period"]] = begins[period["year"]] = begin
    timed = [(begins[path["period"] or path["year"]], path) for path in rows_of(case.paths)]
    timed.sort(key=lambda pair: pair[0])
    return [path for begin, path in timed if begin <= moment + 1e-9]


def apply_paths(case: Case, moment: float, tables: dict[str, list[Row]]) -> float:
    """Put the latest value of every path into the tables; return the carbon price."""
    carbon = case.settings.carbon_price_cny_per_t
    latest = {(path["target"], path["where"]): path for path in paths_by(case, moment)}
    for (target, where), path in latest.items():
        table, column = target.split(".")
        if table == "case":
            carbon = carbon * path["value"] if path["how"] == "factor" else path["value"]
            continue
        for row in tables[table]:
            key, _, value = where.partition("=")
            if not where or row[key] == value:
                is_factor = path["how"] == "factor"
                row[column] = row[column] * path["value"] if is_factor else path["value"]
    return carbon


def annuity(rate: float, life: float) -> float:
    return 1 / life if rate == 0 else rate / (1 - (1 + rate) ** -life)


def weight(slots: list[Slot], rate: float, begin: float, end: float) -> float:
    """Discounted years between two moments: each whole year of a period, and its rest."""
    total = 0.0
    for slot in slots:
        at = slot.begin
        while at < slot.end - 1e-12:
            until = min(at + 1, slot.end)
            share = max(0.0, min(until, end) - max(at, begin))
            total += share * (1 + rate) ** -at
            at += 1
    return total


def project_row(slot: Slot, name: str) -> Row:
    return next(row for row in slot.tables["projects"] if row["project"] == name)


def purchases(slots: list[Slot], name: str, start: int) -> Iterator[tuple[float, float, Row]]:
    """When capital is bought, until when it lives, and the project's row at that moment."""
    moment, horizon = slots[start].begin, slots[-1].end
    while moment < horizon - 1e-9:
        row = project_row([slot for slot in slots if slot.begin <= moment + 1e-9][-1], name)
        yield moment, min(moment + row["life_years"], horizon), row
        if row["after_life"] == "gone":
            return
        moment += row["life_years"]


def stands_until(slots: list[Slot], name: str, start: int) -> float:
    last = list(purchases(slots, name, start))[-1]
    return last[1] if last[2]["after_life"] == "gone" else slots[-1].end


def first_start(slots: list[Slot], row: Row) -> int:
    can = [n for n, slot in enumerate(slots) if slot.begin >= ready(slots, row) - 1e-9]
    return can[0] if can else len(slots)


def ready(slots: list[Slot], row: Row) -> float:
    """When a project can stand: its earliest period, or year, and its lead."""
    if not row["earliest"]:
        return 0.0
    begin = next((slot.begin for slot in slots if slot.name == row["earliest"]), None)
    if begin is None:
        begin = int(row["earliest"]) - (slots[0].year or 0)
    return float(begin + row["lead_years"])


def schedules(case: Case, slots: list[Slot]) -> Iterator[dict[str, int]]:
    """Every choice of starts that keeps groups, requirements and force; closures are `close X`."""
    names, choices = [], []
    for row in slots[0].tables["projects"]:
        first = first_start(slots, row)
        names.append(row["project"])
        choices.append([first] if row["forced"] else [None, *range(first, len(slots))])
    for row in slots[0].tables["closures"]:
        names.append(f"close {row['origin']}")
        choices.append([None, *range(len(slots))])
    for starts in itertools.product(*choices):
        chosen = {n: s for n, s in zip(names, starts, strict=True) if s is not None}
        if groups_hold(chosen, slots[0].tables) and all(
            allowed(row, chosen, slots) for row in slots[0].tables["projects"]
        ):
            yield chosen


def groups_hold(chosen: dict[str, int], tables: dict[str, list[Row]]) -> bool:
    """Whether so many of each group are built as `groups.csv` says, or at most one."""
    said = {row["group"]: (row["min_projects"], row["max_projects"]) for row in tables["groups"]}
    for group in {row["group"] for row in tables["projects"]} - {""}:
        own = [row["project"] for row in tables["projects"] if row["group"] == group]
        least, most = said.get(group, (0, 1))
        if not least <= sum(name in chosen for name in own) <= most:
            return False
    return True


def allowed(row: Row, chosen: dict[str, int], slots: list[Slot]) -> bool:
    name = row["project"]
    if name not in chosen:
        return True
    needs = [need for need in row["requires"].split("|") if need]
    return all(need in chosen and chosen[need] <= chosen[name] for need in needs)


def best_cost(case: Case, budget: float = INFINITY, most: int | None = None) -> float | None:
    """The least discounted cost of all schedules, MCNY; None where none is feasible."""
    slots = slots_of(case)
    found = []
    for chosen in schedules(case, slots):
        projects = [name for name in chosen if not name.startswith("close ")]
        if most is None or len(projects) <= most:
            cost = schedule_cost(case, slots, chosen, budget)
            if cost is not None:
                found.append(cost)
    return min(found) / 1000 if found else None


class Draft:
    """A linear program put together column by column and row by row."""

    def __init__(self) -> None:
        self.cost: list[float] = []
        self.bounds: list[tuple[float, float | None]] = []
        self.rows: list[tuple[dict[int, float], float, float]] = []
        self.constant = 0.0

    def column(self, cost: float, low: float = 0.0, high: float | None = None) -> int:
        self.cost.append(cost)
        self.bounds.append((low, high))
        return len(self.cost) - 1

    def row(self, weights: dict[int, float], low: float, high: float) -> None:
        self.rows.append((weights, low, high))

    def minimum(self) -> float | None:
        uppers, limits = [], []
        for weights, low, high in self.rows:
            dense = np.zeros(len(self.cost))
            for column, value in weights.items():
                dense[column] += value
            if high < INFINITY:
                uppers.append(dense)
                limits.append(high)
            if low > -INFINITY:
                uppers.append(-dense)
                limits.append(-low)
        if not self.cost:
            return self.constant if all(limit >= -1e-9 for limit in limits) else None
        matrix = np.array(uppers) if uppers else None
        solved = linprog(self.cost, A_ub=matrix, b_ub=limits or None, bounds=self.bounds)
        return float(solved.fun) + self.constant if solved.status == 0 else None


def schedule_cost(
    case: Case, slots: list[Slot], chosen: dict[str, int], budget: float
) -> float | None:
    """The least cost of flows, sizes and stocks under given starts, CNY thousand."""
    rate, draft = case.settings.discount_rate, Draft()
    size: dict[str, dict[int, float] | float] = {}
    capital: dict[int, float] = {}
    spent: list[dict[int, float]] = [{} for _ in slots]
    paid, paid_in = 0.0, [0.0] * len(slots)
    for name, start in chosen.items():
        if name.startswith("close "):
            for slot in slots[start:]:
                saved = next(r for r in slot.tables["closures"] if f"close {r['origin']}" == name)
                years = weight(slots, rate, slot.begin, slot.end)
                draft.constant -= 1000 * saved["saved_mcny_per_year"] * years
            continue
        row = project_row(slots[start], name)
        unit = upfront = 0.0
        own: dict[int, float] = {}
        for at, until, bought in purchases(slots, name, start):
            years = annuity(rate, bought["life_years"]) * weight(slots, rate, at, until)
            unit += years * bought["capex_cny_per_t"]
            upfront += bought["capex_cny_per_t"]
            draft.constant += years * 1000 * bought["fixed_capex_mcny"]
            paid += 1000 * bought["fixed_capex_mcny"]
            number = [n for n, slot in enumerate(slots) if slot.begin <= at + 1e-9][-1]
            own[number] = own.get(number, 0.0) + bought["capex_cny_per_t"]
            paid_in[number] += 1000 * bought["fixed_capex_mcny"]
        end = stands_until(slots, name, start)
        for slot in slots:
            within = max(slot.begin, slots[start].begin), min(slot.end, end)
            yearly = 1000 * project_row(slot, name)["fixed_mcny_per_year"]
            draft.constant += yearly * weight(slots, rate, *within)
        least = row["capacity_kt"] if row["min_kt"] != row["min_kt"] else row["min_kt"]
        if least < row["capacity_kt"]:
            column = draft.column(unit, least, row["capacity_kt"])
            capital[column] = upfront
            for number, price in own.items():
                spent[number][column] = price
            size[name] = {column: 1.0}
        else:
            draft.constant += unit * row["capacity_kt"]
            paid += upfront * row["capacity_kt"]
            for number, price in own.items():
                paid_in[number] += price * row["capacity_kt"]
            size[name] = row["capacity_kt"]
    if budget < INFINITY:
        draft.row(capital, -INFINITY, 1000 * budget - paid)
    for slot, prices, done in zip(slots, spent, paid_in, strict=True):
        if slot.capex_max < INFINITY:
            draft.row(prices, -INFINITY, 1000 * slot.capex_max - done + 1e-7)
    flows(case, slots, chosen, size, draft)
    return draft.minimum()


@dataclass(frozen=True)
class Stretch:
    """A part of a period over which the same projects stand."""

    slot: Slot
    number: int
    begin: float
    end: float


def stretches(slots: list[Slot]) -> list[Stretch]:
    """The periods, cut wherever something that could be built may be gone."""
    ends = {
        stands_until(slots, row["project"], start)
        for row in slots[0].tables["projects"]
        for start in range(first_start(slots, row), len(slots))
    }
    found = []
    for number, slot in enumerate(slots):
        inner = sorted(end for end in ends if slot.begin + 1e-9 < end < slot.end - 1e-9)
        for begin, end in itertools.pairwise([slot.begin, *inner, slot.end]):
            found.append(Stretch(slot, number, begin, end))
    return found


def carried(slots: list[Slot], part: Stretch) -> tuple[float, float]:
    """Most stock at the end of a stretch, and what holding it costs: free within a period."""
    if part.end == part.slot.end:
        return part.slot.max_stock, part.slot.holding
    last = len(slots) - 1
    comes_in = slots[part.number - 1].max_stock if part.number else 0.0
    return comes_in + (part.slot.max_stock if part.number < last else 0.0), 0.0


def flows(
    case: Case,
    slots: list[Slot],
    chosen: dict[str, int],
    size: dict[str, dict[int, float] | float],
    draft: Draft,
) -> None:
    """Columns and rows of what flows in each stretch, and of stock between periods."""
    rate = case.settings.discount_rate
    supplied: list[dict[str, dict[int, float]]] = []
    parts = stretches(slots)
    for part in parts:
        standing = {
            name
            for name, start in chosen.items()
            if not name.startswith("close ")
            and slots[start].begin <= part.begin + 1e-9
            and part.end <= stands_until(slots, name, start) + 1e-9
        }
        years = weight(slots, rate, part.begin, part.end)
        supplied.append(stretch_flows(part, chosen, standing, size, draft, years))
    for number, (part, following) in enumerate(itertools.pairwise(parts)):
        room, holding = carried(slots, part)
        if room <= 0:
            continue
        lengths = [p.end - p.begin for p in (part, following)]
        means = [
            weight(slots, rate, p.begin, p.end) / length
            for p, length in zip((part, following), lengths, strict=True)
        ]
        stock = {}
        for origin in supplied[number]:
            made = [production(p.slot, origin) for p in (part, following)]
            cost = means[0] * (made[0] + holding) - means[1] * made[1]
            column = draft.column(cost)
            stock[column] = 1.0
            supplied[number][origin][column] = 1 / lengths[0]
            supplied[number + 1][origin][column] = -1 / lengths[1]
        draft.row(stock, -INFINITY, room)
    for part, made in zip(parts, supplied, strict=True):
        for origin, weights in made.items():
            supply_row(part, origin, weights, chosen, size, draft, slots)


def supply_row(
    part: Stretch,
    origin: str,
    weights: dict[int, float],
    chosen: dict[str, int],
    size: dict[str, dict[int, float] | float],
    draft: Draft,
    slots: list[Slot],
) -> None:
    """What an origin makes in a stretch is at least nothing and at most what it has."""
    most, limit = dict(weights), 0.0
    own = [row for row in part.slot.tables["origins"] if row["origin"] == origin]
    if own:
        closed = chosen.get(f"close {origin}")
        limit = 0.0 if closed is not None and closed <= part.number else own[0]["supply_kt"]
    elif (
        origin in chosen
        and slots[chosen[origin]].begin <= part.begin + 1e-9
        and part.end <= stands_until(slots, origin, chosen[origin]) + 1e-9
    ):
        kt = size[origin]
        if isinstance(kt, dict):
            for column, factor in kt.items():
                most[column] = most.get(column, 0.0) - factor
        else:
            limit = kt
    draft.row(weights, 0.0, INFINITY)
    draft.row(most, -INFINITY, limit)


def production(slot: Slot, name: str) -> float:
    for row in slot.tables["origins"]:
        if row["origin"] == name:
            return float(row["cost_cny_per_t"])
    return float(project_row(slot, name)["cost_cny_per_t"])


def lanes_on_offer(slot: Slot) -> Iterator[tuple[str, Row, bool]]:
    """Origin, lane, and whether the lane is a project's; extensions have their host's lanes."""
    with_lane = {lane["origin"] for lane in slot.tables["lanes"]}
    origins = {row["origin"] for row in slot.tables["origins"]}
    for lane in slot.tables["lanes"]:
        yield lane["origin"], lane, lane["origin"] not in origins
    for project in slot.tables["projects"]:
        name, host = project["project"], project["origin"]
        for lane in slot.tables["lanes"]:
            if host and lane["origin"] == host and name not in with_lane:
                yield name, lane | {"min_kt": 0.0}, True


def selects(row: Row, slot: Slot, origin: str, lane: Row) -> bool:
    """Whether a limit or a duty is about a lane; an extension counts where its host is named."""
    hosts = {p["project"]: p["origin"] for p in slot.tables["projects"]}
    names = {origin, hosts.get(origin) or origin}
    kinds = {sink["sink"]: sink["kind"] for sink in slot.tables["sinks"]}
    return (
        (not row["origin"] or bool(names & set(row["origin"].split("|"))))
        and (not row["sink"] or lane["sink"] in row["sink"].split("|"))
        and (not row["kind"] or kinds[lane["sink"]] in row["kind"].split("|"))
    )


def stretch_flows(
    part: Stretch,
    chosen: dict[str, int],
    standing: set[str],
    size: dict[str, dict[int, float] | float],
    draft: Draft,
    years: float,
) -> dict[str, dict[int, float]]:
    """Lanes, demand and limits of a stretch; return what each origin ships."""
    slot = part.slot
    grams = {row["mode"]: row["gco2_per_t_km"] for row in slot.tables["modes"]}
    shipped: dict[str, dict[int, float]] = {}
    received: dict[str, dict[int, float]] = {row["sink"]: {} for row in slot.tables["sinks"]}
    limited: list[dict[int, float]] = [{} for _ in slot.tables["limits"]]
    for origin, lane, is_project in lanes_on_offer(slot):
        if is_project and origin not in chosen:
            continue
        low = lane["min_kt"] if not is_project or origin in standing else 0.0
        high = None if lane["max_kt"] != lane["max_kt"] else lane["max_kt"]
        km = 0.0 if lane["km"] != lane["km"] else lane["km"]
        cost = lane["cost_cny_per_t"] + production(slot, origin)
        cost += slot.carbon * km * grams.get(lane["mode"], 0.0) / 1e6
        for duty in slot.tables["duties"]:
            if duty["from_date"] <= f"{slot.year}-12-31" and selects(duty, slot, origin, lane):
                cost += duty["rate"] * duty["value_cny_per_t"]
        column = draft.column(years * cost, low, high)
        shipped.setdefault(origin, {})[column] = 1.0
        received[lane["sink"]][column] = 1.0
        for limit, counted in zip(slot.tables["limits"], limited, strict=True):
            if selects(limit, slot, origin, lane):
                counted[column] = 1.0
    for sink in slot.tables["sinks"]:
        most = sink["demand_kt"] if sink["max_kt"] != sink["max_kt"] else sink["max_kt"]
        draft.row(received[sink["sink"]], sink["demand_kt"], most)
    for limit, counted in zip(slot.tables["limits"], limited, strict=True):
        limit_rows(limit, counted, slot, standing, size, draft)
    return shipped


def limit_rows(
    limit: Row,
    counted: dict[int, float],
    slot: Slot,
    standing: set[str],
    size: dict[str, dict[int, float] | float],
    draft: Draft,
) -> None:
    if limit["min"] == limit["min"]:
        draft.row(counted, limit["min"], INFINITY)
    if limit["max"] != limit["max"]:
        return
    most, bound = dict(counted), limit["max"]
    for project in slot.tables["projects"]:
        if project["adds_to_limit"] == limit["limit"] and project["project"] in standing:
            kt = size[project["project"]]
            if isinstance(kt, dict):
                for column, factor in kt.items():
                    most[column] = most.get(column, 0.0) - factor
            else:
                bound += kt
    draft.row(most, -INFINITY, bound)
