"""What flows and stocks of a schedule may be: rows and columns of one linear program."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog

from model.case.case import Case
from tests.support.plan_slots import (
    INFINITY,
    Row,
    Slot,
    first_start,
    project_row,
    stands_until,
    weight,
)


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
