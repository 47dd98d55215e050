"""What the capital of each project, and of the set, brings: alone and at the margin of the set.

The yearly cash of a project is what the whole system costs without it, less what it costs with it,
its own annuity apart: the system's saving, not the profit of whoever owns it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

from model.case.periods import exact_years
from model.case.records import Json, Record
from model.market.market import KCNY_PER_MCNY
from model.market.selection import records
from model.result.figures import SITE
from model.result.outputs import columns_of
from model.studies.siting.choice import Choice
from model.studies.siting.problem import SitingProblem
from model.studies.siting.returns import CashFlow
from model.studies.siting.table import PROVED, ChoiceTable
from model.studies.siting.worth import Valued, nothing_kcny

COLUMNS = columns_of(SITE, "money")
MARGIN, ALONE, THE_SET = "margin", "alone", "set"
MEASURES = ("npv_mcny", "irr", "payback_years")


@dataclass(frozen=True)
class _Times:
    """Years before a project works, and years that it does."""

    lead: Fraction
    life: Fraction


def money(problem: SitingProblem, chosen: Choice, values: Sequence[Valued]) -> ChoiceTable:
    """Capital, yearly cash and what they come to, of each project twice and of the set.

    What goes with a project, because one requires the other, bears its annuity in the yearly cash.
    The set is held against nothing but what must be built, over the shortest life of its projects
    from the longest lead on.
    """
    times = {
        row["project"]: _Times(exact_years(row["lead_years"]), exact_years(row["life_years"]))
        for row in records(problem.case.projects)
    }
    options, rows = problem.formulation.options, []
    for value in values:
        option = options.options[value.number]
        if option.is_project:
            for basis, saves, plan in (
                (MARGIN, value.margin_kcny, value.beside),
                (ALONE, value.saves_alone_kcny, value.alone),
            ):
                size = np.nan if plan is None else options.size_kt(plan.size_kt, value.number)
                capital = option.spent_kcny(size)
                paid = option.annuity * capital
                row = _row(problem, capital, paid, saves + paid, times[option.name])
                rows.append({"option": option.name, "basis": basis} | row)
    is_whole = len(values) == len(options.decisions)
    if is_whole and problem.opened(chosen):
        rows.append({"option": "", "basis": THE_SET} | _of_set(problem, chosen, times))
    return ChoiceTable(pd.DataFrame(rows, columns=COLUMNS), is_whole)


def _of_set(problem: SitingProblem, chosen: Choice, times: dict[str, _Times]) -> Record:
    """The chosen set against nothing but what must be built."""
    every, options = problem.formulation.options, problem.formulation.options.options
    taken = [n for n in every.projects if chosen.yes[n]]
    capital = [every.spent_kcny(chosen.size_kt, n) for n in taken]
    annuities = sum(options[n].annuity * each for n, each in zip(taken, capital, strict=True))
    saves = nothing_kcny(problem, chosen) - chosen.cost_kcny
    own = [times[options[n].name] for n in taken]
    together = _Times(max(each.lead for each in own), min(each.life for each in own))
    return _row(problem, sum(capital), annuities, saves + annuities, together)


def _row(
    problem: SitingProblem,
    capital_kcny: float,
    annuity_kcny: float,
    cash_kcny: float,
    times: _Times,
) -> Record:
    """Figures of capital and yearly cash; blank where a set behind them has no plan."""
    rate = problem.case.settings.discount_rate
    flow = CashFlow(capital_kcny, cash_kcny, times.lead, times.life)
    known = not np.isnan(capital_kcny + cash_kcny)
    irr, payback = (flow.irr(), flow.payback_years()) if known else (None, None)
    return {
        "capital_mcny": capital_kcny / KCNY_PER_MCNY,
        "annuity_mcny": annuity_kcny / KCNY_PER_MCNY,
        "yearly_cash_mcny": cash_kcny / KCNY_PER_MCNY,
        "lead_years": float(times.lead),
        "life_years": float(times.life),
        "npv_mcny": flow.npv(rate) / KCNY_PER_MCNY,
        "irr": np.nan if irr is None else irr,
        "payback_years": np.nan if payback is None else payback,
        PROVED: True,
    }


def of_projects(table: pd.DataFrame) -> dict[str, Json]:
    """The figures of run.json: of each project at the margin of the set."""
    own = table[table["basis"] == MARGIN]
    return {
        str(row["option"]): {
            name: None if np.isnan(row[name]) else float(row[name]) for name in MEASURES
        }
        for row in own.to_dict("records")
    }
