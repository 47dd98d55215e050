"""What the answers of siting say otherwise than an enumeration of all sets."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

import pandas as pd

from model.case.case import Case
from model.case.errors import BadInput
from model.result.allocation import Allocation
from model.scenarios.apply import LEDGER
from model.scenarios.info import ScenarioInfo
from model.studies.siting.requirements import Requirements
from model.studies.siting.site import SiteOptions, site
from tests.support.siting_oracle import Asked, Enumeration, Set

NEAR = 2e-7
"""MCNY: what sizes of nine decimals and a solver's tolerance leave."""
NEARLY = 2.5e-5
"""A set takes over in the budget frontier where it is ten CNY a year cheaper."""


def requirements(requested: Asked) -> Requirements:
    return Requirements(
        budget_mcny=None if requested.budget_mcny == math.inf else requested.budget_mcny,
        max_projects=None if requested.most == 99 else requested.most,
        quotas=requested.quotas,
        include=requested.include,
        exclude=requested.exclude,
    )


def answer(case: Case, requested: Asked, other: Case) -> Allocation | None:
    """The model's answer; None where it refuses what is required."""
    nothing = pd.DataFrame(columns=list(LEDGER))
    options = SiteOptions(top=4, against={"base": case, "other": other})
    try:
        return site(case, ScenarioInfo("base"), nothing, requirements(requested), options).result
    except BadInput:
        return None


def set_of(text: str) -> Set:
    parts = [] if text == "nothing" else text.split("; ")
    return frozenset(f"-{part[8:]}" if part.startswith("closing ") else part for part in parts)


def near(one: float | None, other: float | None, by: float = NEAR) -> bool:
    """Whether two figures are the same, or both absent."""
    if one is None or other is None or math.isnan(one) or math.isnan(other):
        return all(value is None or math.isnan(value) for value in (one, other))
    return abs(one - other) <= by * (1 + abs(other))


def disagreements(case: Case, requested: Asked, other: Case) -> Iterator[str]:
    """Where the model and the enumeration differ; nothing where the model refuses to answer."""
    yield from told(case, requested, other) or []


def told(case: Case, requested: Asked, other: Case) -> list[str] | None:
    """Where the model and the enumeration differ; None where the model refuses to answer."""
    result = answer(case, requested, other)
    return None if result is None else list(_differences(result, case, requested, other))


def _differences(result: Allocation, case: Case, requested: Asked, other: Case) -> Iterator[str]:
    oracle = Enumeration(case, requested)
    ranked = oracle.ranked()
    if not ranked:
        if result.status != "infeasible":
            yield f"{result.status}, and there is no plan"
        return
    if result.status != "optimal":
        yield f"{result.status}, and {ranked[0]} is the best"
        return
    figures = result.figures
    chosen = frozenset([*figures["opened"], *(f"-{name}" for name in figures["closed"])])
    if not near(figures["total_cost_mcny"], ranked[0][0]):
        yield f"cost {figures['total_cost_mcny']}, not {ranked[0]}"
        return
    if not near(oracle.value(chosen), ranked[0][0]):
        yield f"{sorted(chosen)} costs {oracle.value(chosen)}, not {ranked[0]}"
    bound = figures["proved_bound_mcny"]
    if bound is None or bound > ranked[0][0] + 1e-9:
        yield f"a bound of {bound} above the optimum"
    if not figures["tables_proved"]:
        yield "tables are not proved"
    yield from _sets(result, ranked)
    yield from _options(result, oracle, chosen)
    yield from _number(result, oracle)
    yield from _budget(result, oracle)
    yield from _regret(result, oracle, other)


def table(result: Allocation, name: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = result.studies[f"site_{name}"]
    return rows


def _sets(result: Allocation, ranked: list[tuple[float, Set]]) -> Iterator[str]:
    costs = [row["cost_mcny"] for row in table(result, "sets")]
    expected = [cost for cost, _ in ranked[:4]]
    if len(costs) != len(expected) or not all(map(near, costs, expected)):
        yield f"sets cost {costs}, not {expected}"


def _options(result: Allocation, oracle: Enumeration, chosen: Set) -> Iterator[str]:
    must = oracle.forced
    forced = frozenset().union(*(oracle.needs(name) for name in [*must, *oracle.requested.include]))
    nothing, whole = oracle.value(forced), oracle.value(chosen)
    for row in table(result, "options"):
        name = str(row["option"]) if row["kind"] == "project" else f"-{row['option']}"
        alone = oracle.value(forced | oracle.needs(name))
        saves = None if None in (alone, nothing) else nothing - alone
        if name in chosen:
            rest = frozenset(each for each in chosen if name not in oracle.needs(each))
            value = oracle.value(rest)
            margin = None if value is None else value - whole
        else:
            value = oracle.value(chosen | oracle.needs(name))
            margin = None if value is None else whole - value
        for column, expected in (("saves_alone_mcny", saves), ("saves_at_margin_mcny", margin)):
            if not near(row[column], expected, 2 * NEAR):
                yield f"{column} of {name} is {row[column]}, not {expected}"


def _number(result: Allocation, oracle: Enumeration) -> Iterator[str]:
    rows = table(result, "number")
    for most in range(len(oracle.projects) + 1):
        best = oracle.with_most(most).best()
        here = [row for row in rows if row["projects"] <= most]
        found = here[-1]["cost_mcny"] if here else None
        if not near(found, best):
            yield f"with {most} projects {found}, not {best}"


def _budget(result: Allocation, oracle: Enumeration) -> Iterator[str]:
    if "site_budget" not in result.studies:
        if not has_bent_costs(oracle):
            yield "no table of budgets"
        return
    rows = table(result, "budget")
    edges = [row["from_mcny"] for row in rows]
    middles = [(a + b) / 2 for a, b in pairwise(edges)]
    for budget in [*(edge + 1e-6 for edge in edges), *middles, edges[-1] + 0.1]:
        row = [row for row in rows if row["from_mcny"] <= budget][-1]
        plan = oracle.plan(set_of(row["set"]), budget)
        best = oracle.best(budget)
        if plan is None or not near(plan.cost, best, NEARLY):
            yield f"at a budget of {budget} {row['set']} costs {plan}, and the best {best}"
    if edges[0] > 1e-6 and oracle.best(edges[0] - 2e-3) is not None and edges[0] > 2e-3:
        yield f"a budget below {edges[0]} allows a plan"


def has_bent_costs(oracle: Enumeration) -> bool:
    """Whether the cost of some set may bend up and down with the budget: sizes, and least loads."""
    rows = oracle.projects.values()
    return any(map(oracle.load, oracle.projects)) and not all(map(_is_fixed, rows))


def _regret(result: Allocation, oracle: Enumeration, other: Case) -> Iterator[str]:
    for name, case in (("base", oracle.case), ("other", other)):
        there = Enumeration(case, oracle.requested)
        best = there.best()
        for row in table(result, "regret"):
            if row["scenario"] != name:
                continue
            chosen = set_of(str(table(result, "sets")[int(row["rank"]) - 1]["set"]))
            at_home = oracle.plan(chosen)
            if not near(row["best_mcny"], best):
                yield f"the best under {name} costs {row['best_mcny']}, not {best}"
            if row["regret_mcny"] is not None and row["regret_mcny"] < 0:
                yield f"a negative regret under {name}"
            assert at_home is not None
            plan = there.plan(chosen, sizes=_fixed(at_home.sizes, oracle))
            is_fixed = all(_is_fixed(oracle.projects[each]) for each in at_home.sizes)
            expected = None if plan is None or best is None else plan.cost - best
            if is_fixed and not near(row["regret_mcny"], expected, 2 * NEAR):
                told = f"regret of {row['rank']} under {name}"
                yield f"{told} is {row['regret_mcny']}, not {expected}"


def _is_fixed(row: dict[str, float]) -> bool:
    return math.isnan(row["min_kt"]) or row["min_kt"] == row["capacity_kt"]


def _fixed(sizes: dict[str, float], oracle: Enumeration) -> dict[str, float]:
    return {name: float(oracle.projects[name]["capacity_kt"]) for name in sizes}
