"""An independent answer to a siting question: every set of options, each a linear program.

Projects are written into the tables by hand here, and lanes, limits and duties are those of the
program written out in `oracle.py`; nothing of the model's siting is used.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations, product
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import linprog

from model.case.case import Case
from tests.support.oracle import Way, Written, names, written_out

Set = frozenset[str]
"""Projects that are built, and origins that are closed (with a minus before)."""
INFINITY = float("inf")


@dataclass(frozen=True)
class Asked:
    """What is required of the choice."""

    budget_mcny: float = INFINITY
    most: int = 99
    quotas: dict[str, int] = field(default_factory=dict)
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """The best plan under a set: its cost and capital, MCNY, and the sizes of what is built."""

    cost: float
    capital: float
    sizes: dict[str, float]


@dataclass(frozen=True)
class Linear:
    """min cost x, matrix x ≤ most, within bounds; `built` names the last columns, sizes."""

    cost: np.ndarray
    matrix: np.ndarray
    most: np.ndarray
    bounds: list[tuple[float, float]]
    built: list[str]


def annuity(rate: float, life: float) -> float:
    return 1 / life if rate == 0 else rate / (1 - (1 + rate) ** -life)


class Enumeration:
    """A case with each of its sets."""

    def __init__(self, case: Case, requested: Asked) -> None:
        self.case, self.requested = case, requested
        self.projects = {row["project"]: row for row in case.projects.to_dict("records")}
        self.saves = dict(
            zip(case.closures["origin"], case.closures["saved_mcny_per_year"], strict=True)
        )

    @property
    def everything(self) -> list[str]:
        """Names of all options."""
        return [*self.projects, *(f"-{origin}" for origin in self.saves)]

    @cached_property
    def built(self) -> Case:
        """The case with every project that supplies as an origin."""
        return with_projects(self.case)

    @cached_property
    def written(self) -> Written:
        """The program with every project as an origin of its full size."""
        return written_out(self.built)

    def sets(self) -> Iterator[Set]:
        """Sets within the rules and the requirements, budget apart."""
        for answers in product((False, True), repeat=len(self.everything)):
            chosen = frozenset(
                name for name, yes in zip(self.everything, answers, strict=True) if yes
            )
            if self.keeps_rules(chosen):
                yield chosen

    def keeps_rules(self, chosen: Set) -> bool:
        """Groups, needs, force, number, quotas, what is in or out."""
        built = [self.projects[name] for name in chosen if not name.startswith("-")]
        groups = [row["group"] for row in built]
        bounds = {
            row["group"]: (row["min_projects"], row["max_projects"])
            for row in self.case.groups.to_dict("records")
        }
        quotas = all(
            sum(self.region(row) == region for row in built) <= most
            for region, most in self.requested.quotas.items()
        )
        return (
            all(
                bounds.get(group, (0, 1))[0] <= groups.count(group) <= bounds.get(group, (0, 1))[1]
                for group in set(self.case.projects["group"]) - {""}
            )
            and all(names(row["requires"]) <= chosen for row in built)
            and all(name in chosen for name, row in self.projects.items() if row["forced"])
            and len(built) <= self.requested.most
            and set(self.requested.include) <= chosen
            and not set(self.requested.exclude) & chosen
            and quotas
        )

    @property
    def forced(self) -> list[str]:
        """Projects without which no set keeps the rules: forced, or all of a group is."""
        groups = self.case.projects["group"].tolist()
        least = dict(zip(self.case.groups["group"], self.case.groups["min_projects"], strict=True))
        return [
            name
            for name, row in self.projects.items()
            if row["forced"] or groups.count(row["group"]) == least.get(row["group"])
        ]

    def region(self, row: dict[str, Any]) -> str:
        """Where a project is counted."""
        origins = self.case.origins
        if row["region"]:
            return str(row["region"])
        for column in ("origin", "node"):
            here = origins[(origins[column] == row[column]) & (row[column] != "")]
            if len(here):
                return str(here["region"].iloc[0])
        return str(row["project"])

    @cached_property
    def rows(self) -> dict[str, int]:
        """Rows of origins by name, and of limits after `limit `."""
        origins = list(self.built.origins["origin"])
        first = len(origins) + len(self.case.sinks)
        limits = {f"limit {name}": first + k for k, name in enumerate(self.case.limits["limit"])}
        return {name: number for number, name in enumerate(origins)} | limits

    def plan(
        self, chosen: Set, budget: float | None = None, sizes: dict[str, float] | None = None
    ) -> Found | None:
        """The best plan of a set within a budget, whatever is idle; None where there is none."""
        found = [self._plan(chosen, budget, sizes, idle) for idle in self.idle(chosen)]
        return min((each for each in found if each), key=lambda each: each.cost, default=None)

    def idle(self, chosen: Set) -> Iterator[Set]:
        """Which of the built projects with a least load may ship nothing: every choice of them."""
        loads = [name for name in self.projects if name in chosen and self.load(name) > 0]
        for count in range(len(loads) + 1):
            yield from map(frozenset, combinations(loads, count))

    def load(self, name: str) -> float:
        """Least share of its size that a project ships, if it ships."""
        return float(self.projects[name]["min_load"])

    def _plan(
        self, chosen: Set, budget: float | None, sizes: dict[str, float] | None, idle: Set
    ) -> Found | None:
        lp = self.linear(chosen, budget, sizes, idle)
        if not len(lp.cost):
            value = np.zeros(0) if not len(lp.most) or lp.most.min() >= 0 else None
        else:
            solved = linprog(lp.cost, lp.matrix, lp.most, bounds=lp.bounds)
            value = solved.x if solved.status == 0 else None
        return None if value is None else self._found(chosen, lp.built, lp.cost, value)

    def linear(
        self,
        chosen: Set,
        budget: float | None = None,
        sizes: dict[str, float] | None = None,
        idle: Set = frozenset(),
    ) -> Linear:
        """The program of a set within a budget: flows, then sizes of what is built."""
        budget = self.requested.budget_mcny if budget is None else budget
        written, built = self.written, [name for name in self.projects if name in chosen]
        high, raises = written.high.copy(), np.zeros((len(written.high), len(built)))
        for name, row in self.projects.items():
            if not row["adds_to_limit"]:
                high[self.rows[name]] = 0.0
        for name in chosen:
            if name.startswith("-"):
                high[self.rows[name[1:]]] = 0.0
        bounds = [self._lane(way, chosen) for way in written.ways]
        spend, cost = [0.0] * len(bounds), written.cost.tolist()
        for column, name in enumerate(built):
            row = self.projects[name]
            raised = f"limit {row['adds_to_limit']}" if row["adds_to_limit"] else name
            raises[self.rows[raised], column] = -1.0
            least = row["capacity_kt"] if np.isnan(row["min_kt"]) else row["min_kt"]
            bounds.append((least, row["capacity_kt"]) if sizes is None else (sizes[name],) * 2)
            spend.append(row["capex_cny_per_t"])
            rate = annuity(self.case.settings.discount_rate, row["life_years"])
            cost.append(row["capex_cny_per_t"] * rate)
        above, below = np.isfinite(high), np.isfinite(written.low)
        upper = np.hstack([written.matrix, raises])[above]
        lower = np.hstack([written.matrix, 0 * raises])[below]
        capital = np.array([spend]) if budget < INFINITY else np.zeros((0, len(spend)))
        once = sum(self.projects[name]["fixed_capex_mcny"] for name in built)
        left = 1000 * (budget - once) + 1e-7
        loads = self._loads(built, idle, len(written.ways))
        most = np.r_[high[above], -written.low[below], [left] * len(capital), [0.0] * len(loads)]
        matrix = np.vstack([upper, -lower, capital, loads])
        return Linear(np.array(cost), matrix, most, bounds, built)

    def _loads(self, built: list[str], idle: Set, ways: int) -> np.ndarray:
        """Rows ≤ 0: what is idle ships nothing, what has a least load and is not, that at least."""
        rows = np.zeros((len(built), ways + len(built)))
        for column, name in enumerate(built):
            if self.load(name) > 0:
                row = self.written.matrix[self.rows[name]]
                rows[column, :ways] = row if name in idle else -row
                rows[column, ways + column] = 0.0 if name in idle else self.load(name)
        return rows

    def _lane(self, way: Way, chosen: Set) -> tuple[float, float]:
        """Bounds of a lane: the least shipment from a project holds only if it stands."""
        stands = way.origin not in self.projects or way.origin in chosen
        return (way.least if stands else 0.0), way.most

    def _found(self, chosen: Set, built: list[str], cost: np.ndarray, value: np.ndarray) -> Found:
        sizes = dict(zip(built, value[len(value) - len(built) :].tolist(), strict=True))
        capital = sum(self.projects[name]["capex_cny_per_t"] * kt for name, kt in sizes.items())
        capital += 1000 * sum(self.projects[name]["fixed_capex_mcny"] for name in built)
        return Found(float(cost @ value) / 1000 + self.lump(chosen), capital / 1000, sizes)

    def lump(self, chosen: Set) -> float:
        """Yearly cost of what is built, whatever its size, less what closing saves, MCNY."""
        rate = self.case.settings.discount_rate
        rows = [self.projects[name] for name in chosen if not name.startswith("-")]
        fixed = sum(
            row["fixed_mcny_per_year"] + row["fixed_capex_mcny"] * annuity(rate, row["life_years"])
            for row in rows
        )
        saved = sum(self.saves[name[1:]] for name in chosen if name.startswith("-"))
        return float(fixed - saved)

    def ranked(self, budget: float | None = None) -> list[tuple[float, Set]]:
        """Sets that have a plan, by cost."""
        found = [(self.plan(chosen, budget), chosen) for chosen in self.sets()]
        ranked = [(plan.cost, chosen) for plan, chosen in found if plan is not None]
        return sorted(ranked, key=lambda pair: (pair[0], sorted(pair[1])))

    def best(self, budget: float | None = None) -> float | None:
        """Least cost, MCNY a year."""
        ranked = self.ranked(budget)
        return ranked[0][0] if ranked else None

    def with_most(self, most: int) -> Enumeration:
        """The same with another number of projects at most."""
        other = Enumeration(self.case, replace(self.requested, most=min(most, 99)))
        other.__dict__ |= {"written": self.written, "rows": self.rows}
        return other

    def needs(self, name: str) -> Set:
        """An option with all that it requires."""
        if name.startswith("-"):
            return frozenset({name})
        more = [self.needs(other) for other in names(self.projects[name]["requires"])]
        return frozenset({name}).union(*more)

    def value(self, chosen: Set) -> float | None:
        """Cost of a set within rules, requirements and budget."""
        plan = self.plan(chosen) if self.keeps_rules(chosen) else None
        return None if plan is None else plan.cost


def with_projects(case: Case) -> Case:
    """The case with every project that supplies as an origin."""
    origins, lanes = case.origins.to_dict("records"), case.lanes.to_dict("records")
    by_name = {row["origin"]: row for row in origins}
    limits, duties = case.limits.copy(), case.duties.copy()
    recipes = case.recipes.to_dict("records")
    for row in case.projects.to_dict("records"):
        if row["adds_to_limit"]:
            continue
        host = by_name.get(row["origin"])
        new = dict.fromkeys(case.origins.columns, "") | {
            "origin": row["project"],
            "supply_kt": row["capacity_kt"],
            "region": row["region"] or (host["region"] if host else row["project"]),
            "kind": host["kind"] if host else "domestic",
            "node": row["node"] or _node_of_region(host, row, case),
            "cost_cny_per_t": row["cost_cny_per_t"],
            "capacity_kt": np.nan,
            "commodity": row["commodity"] or (host["commodity"] if host else ""),
        }
        origins.append(new)
        if host and row["project"] not in set(case.recipes["origin"]):
            like = [recipe for recipe in recipes if recipe["origin"] == row["origin"]]
            recipes += [recipe | {"origin": row["project"]} for recipe in like]
        if host and row["project"] not in set(case.lanes["origin"]):
            copies = [lane for lane in lanes if lane["origin"] == row["origin"]]
            lanes += [lane | {"origin": row["project"], "min_kt": 0.0} for lane in copies]
        if host:
            limits, duties = (
                _naming(table, row["origin"], row["project"]) for table in (limits, duties)
            )
    return case.replace_unchecked(
        origins=pd.DataFrame(origins, columns=case.origins.columns),
        lanes=pd.DataFrame(lanes, columns=case.lanes.columns),
        recipes=pd.DataFrame(recipes, columns=case.recipes.columns),
        limits=limits,
        duties=duties,
    )


def _node_of_region(host: dict[str, Any] | None, row: dict[str, Any], case: Case) -> str:
    """Where what a project extends stands, or the cheapest origin of its region."""
    if host is not None:
        return str(host["node"])
    here = case.origins[case.origins["region"] == row["region"]]
    first = here.sort_values(["cost_cny_per_t", "origin"], kind="stable")
    return str(first["node"].iloc[0]) if len(first) else ""


def _naming(table: pd.DataFrame, host: str, project: str) -> pd.DataFrame:
    """Selections that name an origin name what extends it."""
    cells = [f"{cell}|{project}" if host in names(cell) else cell for cell in table["origin"]]
    return table.assign(origin=cells)
