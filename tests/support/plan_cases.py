"""Random small plans: periods with gaps and lengths, lives, paths, minima, stocks, rules."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from model.case.case import Case, Settings

Row = dict[str, Any]


def random_plan(seed: int) -> tuple[Case, float | None, int | None]:
    """A case, a budget and a number of projects, either None."""
    dice = random.Random(seed)
    origins = [f"o{n}" for n in range(dice.randint(1, 2))]
    sinks = [f"s{n}" for n in range(dice.randint(1, 2))]
    projects = [f"p{n}" for n in range(dice.randint(0, 2 if dice.random() < 0.8 else 3))]
    periods = _periods(dice, has_stock=dice.random() < 0.4)
    years = [row["year"] for row in periods]
    limits = [_limit(dice, n, origins, sinks) for n in range(dice.randint(0, 1))]
    tables: dict[str, list[Row]] = {
        "origins": [_origin(dice, name) for name in origins],
        "sinks": [_sink(dice, name) for name in sinks],
        "modes": [{"mode": "rail", "gco2_per_t_km": 20.0}],
        "limits": limits,
        "duties": [_duty(dice, n, origins, sinks) for n in range(dice.randint(0, 1))],
        "projects": _projects(dice, projects, origins, limits, years),
        "closures": [
            {"origin": name, "saved_mcny_per_year": dice.randint(1, 20) / 10}
            for name in origins
            if dice.random() < 0.25
        ],
        "periods": periods,
    }
    if any(row["group"] for row in tables["projects"]) and dice.random() < 0.5:
        least = dice.randint(0, 1)
        tables["groups"] = [
            {"group": "g", "min_projects": least, "max_projects": least + dice.randint(0, 2)}
        ]
    tables["lanes"] = _lanes(dice, origins, sinks, tables["projects"])
    tables["paths"] = _paths(dice, tables, years)
    case = Case.of(
        Settings(
            name="random",
            discount_rate=dice.choice([0.0, 0.08, 0.2]),
            carbon_price_cny_per_t=dice.choice([0.0, 500.0]),
        ),
        **{name: pd.DataFrame(rows) for name, rows in tables.items() if rows},
    )
    budget = dice.choice([None, None, float(dice.randint(20, 120))]) if projects else None
    most = dice.choice([None, None, None, 1]) if projects else None
    return case, budget, most


def _periods(dice: random.Random, *, has_stock: bool) -> list[Row]:
    year, rows = 2025, []
    for _ in range(dice.randint(2, 3)):
        rows.append({"year": float(year), "length_years": np.nan})
        year += 1 if has_stock or dice.random() < 0.5 else dice.randint(2, 5)
    if not has_stock and dice.random() < 0.3:
        rows[-1]["length_years"] = dice.choice([0.5, 2.0, 3.5])
    for row in rows:
        row["holding_cny_per_t"] = float(dice.randint(0, 30)) if has_stock else 0.0
        row["max_stock_kt"] = float(dice.choice([0, 5, 20])) if has_stock else 0.0
        row["capex_max_mcny"] = dice.choice([np.nan, np.nan, 0.0, 10.0, 30.0])
    return rows


def _origin(dice: random.Random, name: str) -> Row:
    return {
        "origin": name,
        "supply_kt": float(dice.randint(4, 16) * 5),
        "cost_cny_per_t": float(dice.randint(0, 10) * 20),
    }


def _sink(dice: random.Random, name: str) -> Row:
    demand = float(dice.randint(1, 8) * 5)
    more = dice.choice([np.nan, np.nan, demand + 10])
    return {
        "sink": name,
        "demand_kt": demand,
        "max_kt": more,
        "kind": dice.choice(["domestic", "domestic", "export"]),
    }


def _limit(dice: random.Random, number: int, origins: list[str], sinks: list[str]) -> Row:
    return {
        "limit": dice.choice(["stock", f"limit {number}"]),
        "min": dice.choice([np.nan, np.nan, 2.0]),
        "max": float(dice.randint(2, 12) * 5),
        "origin": dice.choice(["", *origins]),
        "sink": dice.choice(["", *sinks]),
    }


def _duty(dice: random.Random, number: int, origins: list[str], sinks: list[str]) -> Row:
    return {
        "duty": f"duty {number}",
        "rate": 0.1,
        "value_cny_per_t": float(dice.randint(1, 10) * 100),
        "from_date": dice.choice(["", "2026-07-01", "2028-01-01"]),
        "origin": dice.choice(["", *origins]),
        "sink": dice.choice(["", *sinks]),
    }


def _projects(
    dice: random.Random,
    names: list[str],
    origins: list[str],
    limits: list[Row],
    years: list[float],
) -> list[Row]:
    rows = []
    for number, name in enumerate(names):
        capacity = float(dice.randint(1, 6) * 5)
        adds = limits[0]["limit"] if limits and dice.random() < 0.25 else ""
        rows.append(
            {
                "project": name,
                "origin": "" if adds or dice.random() < 0.5 else dice.choice(origins),
                "capacity_kt": capacity,
                "min_kt": dice.choice([np.nan, 0.0, capacity / 2, capacity]),
                "capex_cny_per_t": float(dice.choice([0, 200, 500, 1000, 2000])),
                "fixed_capex_mcny": dice.choice([0.0, 0.0, 2.0, 10.0]),
                "fixed_mcny_per_year": dice.choice([0.0, 0.0, 0.3]),
                "cost_cny_per_t": float(dice.randint(0, 5) * 20),
                "life_years": float(dice.choice([1, 1.5, 2, 3, 4, 20])),
                "after_life": dice.choice(["rebuilt", "gone"]),
                "earliest": dice.choice([np.nan, *years]),
                "lead_years": float(dice.choice([0, 0, 1])),
                "adds_to_limit": adds,
                "group": dice.choice(["", "", "g"]),
                "requires": names[0] if number and dice.random() < 0.2 else "",
                "forced": False,
            }
        )  # fmt: skip
    first = [row for row in rows if not row["earliest"]]
    if first and dice.random() < 0.15:
        first[0]["forced"] = True
    return rows


def _lanes(
    dice: random.Random, origins: list[str], sinks: list[str], projects: list[Row]
) -> list[Row]:
    rows = []
    own = [p["project"] for p in projects if not p["adds_to_limit"] and not p["origin"]]
    for origin in [*origins, *own]:
        for sink in sinks:
            if dice.random() < 0.85 or sink == sinks[0] or origin == origins[0]:
                least = dice.choice([0.0, 0.0, 0.0, 2.0])
                rows.append(
                    {
                        "origin": origin,
                        "sink": sink,
                        "mode": dice.choice(["", "rail"]),
                        "cost_cny_per_t": float(dice.randint(0, 40) * 10),
                        "km": float(dice.randint(1, 20) * 100),
                        "min_kt": least,
                        "max_kt": dice.choice([np.nan, np.nan, 30.0]),
                    }
                )
    return rows


def _paths(dice: random.Random, tables: dict[str, list[Row]], years: list[float]) -> list[Row]:
    targets = [
        ("sinks.demand_kt", f"sink={tables['sinks'][0]['sink']}", [0.5, 0.8]),
        ("lanes.cost_cny_per_t", f"origin={tables['origins'][0]['origin']}", [0.2, 0.5, 2.0]),
        ("origins.supply_kt", "", [0.8, 1.5]),
        ("case.carbon_price_cny_per_t", "", [0.5, 3.0]),
    ]
    if tables["projects"]:
        targets += [
            ("projects.capex_cny_per_t", "", [0.3, 0.6, 2.0]),
            ("projects.fixed_capex_mcny", "", [0.5, 2.0]),
            ("projects.fixed_mcny_per_year", "", [0.5, 2.0]),
            ("projects.life_years", "", [2.0]),
        ]
    if tables["closures"]:
        targets.append(("closures.saved_mcny_per_year", "", [0.5, 2.0]))
    if tables["limits"]:
        targets.append(("limits.max", "", [1.5, 2.0]))
    return [
        {
            "target": target,
            "where": where,
            "year": float(dice.choice(years[1:])),
            "value": dice.choice(values),
            "how": "factor",
        }
        for target, where, values in targets
        if dice.random() < 0.3
    ]


LENGTHS = ("1/12", "1/6", "1/4", "1/3", "2/3", "1/2", "1", "3/2", "7/3")


def timed_plan(seed: int) -> tuple[Case, float | None, int | None]:
    """A random plan whose periods have lengths and names of any kind, with lives to match."""
    case, budget, most = random_plan(seed)
    return with_lengths(case, seed), budget, most


def with_lengths(case: Case, seed: int, most: int = 4) -> Case:
    """The case over periods of any length, its paths and projects moved to them."""
    dice = random.Random(2_000_000 + seed)
    periods = _named_periods(dice, case.settings.year or 2025, most)
    later = periods[1:]
    when = [dice.choice(later) for _ in range(len(case.paths))]
    paths = case.paths.assign(
        year=[np.nan if row["period"] else row["year"] for row in when],
        period=[row["period"] for row in when],
    )
    has_years = periods[0]["year"] == periods[0]["year"] or case.settings.year is not None
    begins = [row["period"] or f"{row['year']:g}" for row in periods if row["period"] or has_years]
    count = range(len(case.projects))
    projects = case.projects.assign(
        earliest=[dice.choice(["", *begins]) for _ in count],
        lead_years=[float(dice.choice([0, 0, 0, 1])) for _ in count],
        life_years=[dice.choice([1 / 12, 0.25, 0.5, 1.0, 1.5, 20.0]) for _ in count],
        forced=False,
    )
    return case.replace(periods=periods, paths=paths, projects=projects)


def _named_periods(dice: random.Random, first: int, most: int) -> list[Row]:
    """Two to four periods: months by name, seasons, years with gaps between, or all of these."""
    is_dated, has_stock = dice.random() < 0.5, dice.random() < 0.6
    rows, end = [], Fraction(0)
    for number in range(dice.randint(2, most)):
        whole = end.denominator == 1
        has_year = is_dated and (not number or (whole and dice.random() < 0.4))
        if has_year and number and dice.random() < 0.3:
            end += dice.randint(1, 2)
        length = Fraction(dice.choice(LENGTHS))
        is_named = not has_year or dice.random() < 0.5
        rows.append(
            {
                "year": float(first + end) if has_year else np.nan,
                "period": f"{dice.choice(['month', '2026-', 'dry season'])} {number}"
                if is_named
                else "",
                "length_years": float(length),
                "holding_cny_per_t": float(dice.randint(0, 30)) if has_stock else 0.0,
                "max_stock_kt": float(dice.choice([0, 1, 5, 20])) if has_stock else 0.0,
                "capex_max_mcny": dice.choice([np.nan, np.nan, 0.0, 10.0, 30.0]),
            }
        )
        end += length
    return rows
