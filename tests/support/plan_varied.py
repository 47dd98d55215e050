"""An independent answer to a plan over every table: each schedule a linear program of all routes.

Routes, lanes, limits and duties of a period are those of the program written out in `oracle.py`;
lengths, discounting and purchases are those of `plan_oracle.py`. Nothing of the model's plan is
used.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
from scipy.optimize import linprog

from model.case.case import Case
from model.checking.case_faults import path_faults
from tests.support.oracle import Tables
from tests.support.plan_slots import (
    Slot,
    annuity,
    paths_by,
    purchases,
    ready,
    slots_of,
    stands_until,
    weight,
)
from tests.support.siting_oracle import INFINITY, Asked, Enumeration, names
from tests.support.siting_varied import varied_question
from tests.support.varied_cases import YEAR, Dice, checked

Starts = dict[str, int]
"""The period in which each option starts; a minus stands before an origin that is closed."""
PATHS = (
    ("origins.cost_cny_per_t", 2.0),
    ("sinks.demand_kt", 0.5),
    ("modes.cny_per_t_km", 2.0),
    ("limits.max", 1.5),
    ("links.km", 2.0),
    ("projects.capex_cny_per_t", 0.5),
    ("projects.fixed_capex_mcny", 0.5),
)


def varied_plan(seed: int) -> tuple[Case, Asked] | None:
    """A case with periods, and what is required; None where chance broke a rule."""
    question = varied_question(seed)
    if question is None:
        return None
    return with_periods(question[0], question[1], seed)


def with_periods(case: Case, asked: Asked, seed: int) -> tuple[Case, Asked] | None:
    """The case with periods, paths and lives of a seed; None where chance broke a rule."""
    dice = Dice(1_000_000 + seed)
    first = dice.one((1, 1, 2, 5))
    has_stock = dice.happens(0.4)
    periods = [{"year": YEAR}, {"year": YEAR + first}]
    if dice.happens(0.3):
        periods.append({"year": YEAR + first + 1, "length_years": dice.one((0.5, 1.0))})
    for period in periods:
        period["holding_cny_per_t"] = dice.one((0.0, 1.0))
        period["max_stock_kt"] = dice.one((0.0, 3.0, 6.0)) if has_stock else 0.0
        period["capex_max_mcny"] = dice.one((np.nan, np.nan, 0.0, 0.05, 0.2))
    paths = [
        {"target": target, "year": YEAR + first, "value": value, "how": "factor"}
        for target, value in PATHS
        if dice.happens(0.25) and len(case.table(target.split(".")[0]))
    ]
    count = len(case.projects)
    projects = case.projects.assign(
        life_years=[dice.one((float(first), 20.0)) for _ in range(count)],
        after_life=[dice.one(("rebuilt", "gone")) for _ in range(count)],
        earliest=[dice.one((np.nan, np.nan, float(YEAR + first))) for _ in range(count)],
    )
    tables = {name: table for name, table in case.tables().items() if len(table)}
    tables |= {"projects": projects, "periods": pd.DataFrame(periods)}
    tables |= {"paths": pd.DataFrame(paths)} if paths else {}
    built = Case.of(case.settings, **tables)
    valid = checked(built)
    return None if valid is None or path_faults(valid) else (valid, asked)


def case_in(case: Case, slot: Slot) -> Case:
    """The case with the factors of all paths that act by a period."""
    tables: dict[str, pd.DataFrame] = {}
    for path in paths_by(case, slot.begin):
        table, column = path["target"].split(".")
        before = tables.get(table, case.table(table))
        tables[table] = before.assign(**{column: before[column] * path["value"]})
    settings = replace(case.settings, year=slot.year)
    return case.replace_unchecked(settings=settings, **tables)


class Schedules:
    """A plan with each of its schedules."""

    def __init__(self, case: Case, asked: Asked) -> None:
        self.case, self.asked, self.slots = case, asked, slots_of(case)
        self.parts = [Enumeration(case_in(case, slot), asked) for slot in self.slots]
        self.rate = case.settings.discount_rate
        self.tables = [Tables(part.built) for part in self.parts]
        sends, own = self.tables[0].commodity, case.settings.commodity
        self.stocked = [name for name in sends if sends[name] == own]

    def best(self) -> float | None:
        """Least cost of all schedules, MCNY; None where none is feasible."""
        costs = [cost for starts in self.all() if (cost := self.cost(starts)) is not None]
        return min(costs) if costs else None

    def all(self) -> Iterator[Starts]:
        """Every schedule within rules and requirements, the budget apart."""
        first, every = self.parts[0], range(len(self.slots))
        choices = []
        for name in first.everything:
            can = list(every)
            row = first.projects.get(name)
            if row is not None:
                begin = ready(self.slots, row)
                can = [n for n in every if self.slots[n].begin >= begin - 1e-9]
            must = row is not None and row["forced"]
            choices.append(can[:1] if must else [None, *can])
        for answers in product(*choices):
            pairs = zip(first.everything, answers, strict=True)
            starts = {name: at for name, at in pairs if at is not None}
            if first.keeps_rules(frozenset(starts)) and all(
                starts[needed] <= at
                for name, at in starts.items()
                if name in first.projects
                for needed in names(first.projects[name]["requires"])
            ):
                yield starts

    def stands(self, starts: Starts, name: str, period: int) -> bool:
        """Whether something that starts stands, or is closed, in a period."""
        if name not in starts or starts[name] > period:
            return False
        if name.startswith("-"):
            return True
        return self.slots[period].begin < stands_until(self.slots, name, starts[name]) - 1e-9

    def cost(self, starts: Starts) -> float | None:
        """Least cost of a schedule, whatever stands idle when; None where it is not feasible."""
        loads = [
            (name, number)
            for name in starts
            for number in range(len(self.slots))
            if name in self.parts[0].projects
            and self.parts[0].load(name) > 0
            and self.stands(starts, name, number)
        ]
        patterns = product((False, True), repeat=len(loads))
        found = [self._cost(starts, dict(zip(loads, pattern, strict=True))) for pattern in patterns]
        return min((each for each in found if each is not None), default=None)

    def _cost(self, starts: Starts, idle: dict[tuple[str, int], bool]) -> float | None:
        """The same where it is given what is idle in which period."""
        program, sizes, fixed = Columns(), {}, 0.0
        capital: dict[int, float] = {}
        bought_in = [dict[int, float]() for _ in self.slots]
        once_in, rate = [0.0] * len(self.slots), self.rate
        for name, at in starts.items():
            for number, (slot, part) in enumerate(zip(self.slots, self.parts, strict=True)):
                if self.stands(starts, name, number):
                    years = weight(self.slots, self.rate, slot.begin, slot.end)
                    is_closure = name.startswith("-")
                    yearly = -part.saves[name[1:]] if is_closure else 0.0
                    yearly += 0.0 if is_closure else part.projects[name]["fixed_mcny_per_year"]
                    fixed += years * yearly
            if not name.startswith("-"):
                row, unit, upfront = self.parts[0].projects[name], 0.0, 0.0
                prices = [0.0] * len(self.slots)
                for begin, end, bought in purchases(self.slots, name, at):
                    price, once = bought["capex_cny_per_t"], bought["fixed_capex_mcny"]
                    years = annuity(rate, bought["life_years"]) * weight(
                        self.slots, rate, begin, end
                    )
                    unit, upfront = unit + years * price, upfront + price
                    fixed += years * once
                    number = [n for n, s in enumerate(self.slots) if s.begin <= begin + 1e-9][-1]
                    once_in[number] += once
                    prices[number] += price
                least = row["capacity_kt"] if np.isnan(row["min_kt"]) else row["min_kt"]
                sizes[name] = program.column(unit, least, row["capacity_kt"])
                capital[sizes[name]] = upfront
                for number, price in enumerate(prices):
                    bought_in[number][sizes[name]] = price
        limits = [(capital, sum(once_in), self.asked.budget_mcny)]
        limits += [
            (prices, once, slot.capex_max)
            for prices, once, slot in zip(bought_in, once_in, self.slots, strict=True)
        ]
        for prices, once, most in limits:
            if most < INFINITY:
                program.rows.append((prices, -INFINITY, 1000 * (most - once) + 1e-7))
        self.flows(starts, program, sizes, idle)
        found = program.minimum()
        return None if found is None else found / 1000 + fixed

    def flows(
        self,
        starts: Starts,
        program: Columns,
        sizes: dict[str, int],
        idle: dict[tuple[str, int], bool],
    ) -> None:
        """Lanes and rows of every period, and stock from one to the next."""
        carried: dict[str, int] = {}
        for number, (slot, part) in enumerate(zip(self.slots, self.parts, strict=True)):
            written, length = part.written, slot.end - slot.begin
            years = weight(self.slots, self.rate, slot.begin, slot.end)
            standing = frozenset(n for n in starts if self.stands(starts, n, number))
            columns = [
                program.column(years * way.cost, *part._lane(way, standing)) for way in written.ways
            ]
            rows = [
                {column: float(value) for column, value in zip(columns, row, strict=True)}
                for row in written.matrix
            ]
            high, raised = written.high.copy(), [dict[int, float]() for _ in rows]
            for name, row in part.projects.items():
                at = part.rows[f"limit {row['adds_to_limit']}" if row["adds_to_limit"] else name]
                high[at] = high[at] if row["adds_to_limit"] else 0.0
                if name in standing:
                    raised[at][sizes[name]] = -1.0
            for name in standing:
                if name.startswith("-"):
                    high[part.rows[name[1:]]] = 0.0
            origins = {name: at for name, at in part.rows.items() if not name.startswith("limit ")}
            leaving = self.stocks(number, program) if slot.max_stock > 0 else {}
            low = written.low.copy()
            used_up = self.tables[number].takes
            recipe_of = {of: len(rows) - len(used_up) + k for k, of in enumerate(used_up)}
            for name, at in origins.items():
                for stock, sign in ((leaving, 1.0), (carried, -1.0)):
                    if name in stock:
                        rows[at][stock[name]] = sign / length
                        for (taker, taken), t_per_t in used_up.items():
                            if taker == name:
                                recipe = rows[recipe_of[taker, taken]]
                                recipe[stock[name]] = -t_per_t * sign / length
                if carried:
                    low[at] = 0.0
            for (name, period), is_idle in idle.items():
                if period == number:
                    makes, load = rows[part.rows[name]], self.parts[0].load(name)
                    least_load = makes | {sizes[name]: -load}
                    program.rows.append(
                        (makes, 0.0, 0.0) if is_idle else (least_load, 0.0, INFINITY)
                    )
            for row, more, least, most in zip(rows, raised, low, high, strict=True):
                program.rows.append((row, least, INFINITY))
                program.rows.append((row | more, -INFINITY, most))
            carried = leaving

    def stocks(self, number: int, program: Columns) -> dict[str, int]:
        """Columns of what each origin carries to the next period."""
        if number + 1 == len(self.slots):
            return {}
        pair = self.slots[number : number + 2]
        mean = [weight(self.slots, self.rate, s.begin, s.end) / (s.end - s.begin) for s in pair]
        made = [tables.origin for tables in self.tables[number : number + 2]]
        found = {
            name: program.column(
                mean[0] * (made[0][name]["cost_cny_per_t"] + pair[0].holding)
                - mean[1] * made[1][name]["cost_cny_per_t"]
            )
            for name in self.stocked
        }
        program.rows.append((dict.fromkeys(found.values(), 1.0), -INFINITY, pair[0].max_stock))
        return found


class Columns:
    """A linear program that grows column by column."""

    def __init__(self) -> None:
        self.cost: list[float] = []
        self.bounds: list[tuple[float, float]] = []
        self.rows: list[tuple[dict[int, float], float, float]] = []

    def column(self, cost: float, least: float = 0.0, most: float = INFINITY) -> int:
        """A new column's number."""
        self.cost.append(cost)
        self.bounds.append((least, most))
        return len(self.cost) - 1

    def minimum(self) -> float | None:
        """The least cost; None where nothing is feasible."""
        width = len(self.cost)
        matrix, most = [np.zeros(width)], [0.0]
        for weights, low, high in self.rows:
            row = np.zeros(width)
            row[list(weights)] = list(weights.values())
            if high < INFINITY:
                matrix.append(row)
                most.append(high)
            if low > -INFINITY:
                matrix.append(-row)
                most.append(-low)
        if not width:
            return 0.0 if min(most) >= 0 else None
        found = linprog(self.cost, np.array(matrix), most, bounds=self.bounds)
        return float(found.fun) if found.status == 0 else None
