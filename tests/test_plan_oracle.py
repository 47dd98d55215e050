"""Random small plans against an enumeration of their schedules, written from the contract alone."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from model.case.case import Case
from model.case.errors import BadInput
from model.case.periods import timeline
from model.checking.case_faults import case_faults, path_faults
from model.scenarios.apply import LEDGER
from model.scenarios.info import ScenarioInfo
from model.studies.plan.plan import Plan, plan
from model.studies.siting.requirements import Requirements
from tests.support.compared import FEWER, Record, blocks, compare
from tests.support.plan_cases import random_plan, timed_plan, with_lengths
from tests.support.plan_oracle import best_cost
from tests.support.plan_varied import Schedules, varied_plan, with_periods
from tests.support.siting_oracle import Asked
from tests.support.siting_varied import varied_question, with_loads

CLOSE = 1e-6


def planned(case: Case, requirements: Requirements | None = None) -> Plan:
    return plan(case, ScenarioInfo("base"), pd.DataFrame(columns=list(LEDGER)), requirements)


def disagreement(seed: int) -> str:
    """What the program and the enumeration say differently of a random plan; blank: nothing."""
    return compared(*random_plan(seed))


def timed_disagreement(seed: int) -> str:
    """The same of a plan over periods of any length."""
    return compared(*timed_plan(seed))


def compared(case: Case, budget: float | None, most: int | None) -> str:
    """What the program and the enumeration say differently of a plan; blank: nothing."""
    expected = best_cost(case, np.inf if budget is None else budget, most)
    try:
        found = planned(case, Requirements(budget_mcny=budget, max_projects=most))
    except BadInput as refused:
        must = case.projects["forced"].any()
        is_money = "is below every project" in str(refused)
        is_late = must and "must be able to start by" in str(refused)
        pays_not = must and expected is None
        return "" if is_money or is_late or pays_not else str(refused)
    if expected is None:
        is_told = found.status == "infeasible" and found.diagnosis is not None
        return "" if is_told else f"{found.status}, where nothing is feasible"
    total = found.figures["total_cost_mcny"]
    if total is None or abs(total - expected) > CLOSE * (1 + abs(expected)):
        return f"{total} in place of {expected}"
    if found.figures["proved_bound_mcny"] > total + CLOSE:
        return f"a bound of {found.figures['proved_bound_mcny']} above {total}"
    return contradiction(found)


def varied_disagreement(seed: int) -> str | None:
    """The same of a case over every table; None where the seed makes no question of it."""
    question = varied_plan(seed)
    return None if question is None else compared_over_tables(*question)


def timed_varied_disagreement(seed: int) -> str | None:
    """The same over periods of any length, whose projects are built again after their lives."""
    question = varied_plan(seed)
    if question is None:
        return None
    case = with_lengths(question[0], seed, most=2)
    case = case.replace(projects=case.projects.assign(after_life="rebuilt"))
    if case_faults(case) or path_faults(case):
        return None
    return compared_over_tables(case, question[1])


def loaded_disagreement(seed: int) -> str | None:
    """The same where projects have least loads."""
    question = varied_question(seed)
    planned = question and with_periods(with_loads(question[0], seed), question[1], seed)
    return compared_over_tables(*planned) if planned else None


def compared_over_tables(case: Case, asked: Asked) -> str | None:
    """What the program and the enumeration say differently; None where there is no question."""
    requirements = Requirements(
        budget_mcny=None if np.isinf(asked.budget_mcny) else asked.budget_mcny,
        max_projects=None if asked.most == 99 else asked.most,
        quotas=asked.quotas,
        include=asked.include,
        exclude=asked.exclude,
    )
    try:
        found = planned(case, requirements)
    except BadInput as refused:
        if "no lane found" in str(refused) or "is below every project" in str(refused):
            return None
        expected = Schedules(case, asked).best()
        return "" if expected is None else f"{refused}, where {expected} is right"
    expected, total = Schedules(case, asked).best(), found.figures["total_cost_mcny"]
    if expected is None or total is None:
        return "" if expected is total else f"{found.status}: {total} in place of {expected}"
    if abs(total - expected) > CLOSE * (1 + abs(expected)):
        return f"{total} in place of {expected}"
    return contradiction(found)


def contradiction(found: Plan) -> str:
    """What the tables of a plan say against its figures; blank: nothing."""
    figures, years = found.figures, found.years
    weight = years["length_years"] * years["discount"]
    total = float((weight * years["total_cost_mcny"]).sum())
    if abs(total - figures["total_cost_mcny"]) > 1e-6 * (1 + abs(total)):
        return f"periods sum to {total}, not {figures['total_cost_mcny']}"
    if abs(found.schedule["capital_mcny"].sum() - figures["capital_mcny"]) > 1e-6:
        return "capital of the schedule is not that of the plan"
    return stock_contradiction(found)


def stock_contradiction(found: Plan) -> str:
    """Whether stocks from period to period are what flows of later ones take of earlier ones.

    Where a period is cut, because a life may end in it, no stock is told.
    """
    flows, stocks, years = found.flows, found.stocks, found.years
    line = timeline(found.case.periods, found.case.settings.year)
    begun = {line.year_of(span.begin) for span in line.spans}
    kt = flows["ship_kt"] * flows["year"].map(years.set_index("year")["length_years"])
    for year, following in pairwise(years["year"]):
        held = kt[(flows["made"] <= year) & (flows["year"] > year)].groupby(flows["origin"]).sum()
        said = stocks[stocks["from_year"] == year].set_index("origin")["stock_kt"]
        due = held if following in begun else held.iloc[:0]
        if due.sub(said, fill_value=0.0).abs().max() > 1e-6:
            return f"stocks of {year:g} are not what later flows take"
    return ""


@pytest.mark.parametrize("block", blocks())
def test_random_plans_are_the_best_of_all_schedules(
    block: tuple[int, int], record_property: Record
) -> None:
    compare("plan over lanes", block, disagreement, record_property)


@pytest.mark.parametrize("block", blocks())
def test_random_plans_over_periods_of_any_length_are_the_best_of_all_schedules(
    block: tuple[int, int], record_property: Record
) -> None:
    compare("plan of periods", block, timed_disagreement, record_property)


@pytest.mark.parametrize("block", blocks())
def test_random_plans_over_every_table_are_the_best_of_all_schedules(
    block: tuple[int, int], record_property: Record
) -> None:
    compare("plan", block, varied_disagreement, record_property)


@pytest.mark.parametrize("block", blocks())
def test_random_plans_over_every_table_and_any_length_are_the_best_of_all_schedules(
    block: tuple[int, int], record_property: Record
) -> None:
    compare("plan of periods over every table", block, timed_varied_disagreement, record_property)


@pytest.mark.parametrize("block", blocks(FEWER / 4))
def test_random_plans_with_least_loads_are_the_best_of_all_schedules(
    block: tuple[int, int], record_property: Record
) -> None:
    compare("plan with least loads", block, loaded_disagreement, record_property)
