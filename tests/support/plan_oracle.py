"""Plans written out from the contract: every schedule enumerated, each a program of scipy.

Nothing here knows the program's own arrays: periods are cut into stretches of at most a year and at
every end of a life, and each stretch has flows of its own.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from model.case.case import Case
from tests.support.plan_flows import Draft, flows
from tests.support.plan_slots import (
    INFINITY,
    Row,
    Slot,
    annuity,
    first_start,
    project_row,
    purchases,
    slots_of,
    stands_until,
    weight,
)


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
