"""A plan's periods as slots, and what a project bought in one of them costs and stands for."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

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
