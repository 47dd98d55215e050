"""Budgets of single periods: capital that may be bought in each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from model.certify.start_rules import capex_label
from model.market.market import KCNY_PER_MCNY
from model.studies.plan.periods import Horizon
from model.studies.plan.start import Purchase
from model.studies.plan.starts import Starts


@dataclass(frozen=True)
class PeriodBudget:
    """Capital that may be bought in one period.

    Attributes
    ----------
    why, label : what it is called by people and by the certificate
    purchases : of each start, those that fall into the period
    """

    why: str
    label: str
    most_kcny: float
    purchases: Mapping[int, tuple[Purchase, ...]]


def period_budgets(horizon: Horizon, starts: Starts) -> list[PeriodBudget]:
    """The budgets of `periods.csv`; of a period that is cut, for all its parts together."""
    found = []
    for number, at in enumerate(horizon.listed):
        period, later = horizon.periods[at], horizon.listed[number + 1 :]
        until = horizon.periods[later[0]].begin if later else horizon.end
        own = {
            j: tuple(bought for bought in start.purchases if period.begin <= bought.at < until)
            for j, start in enumerate(starts.starts)
        }
        why = f"{period.capex_max_mcny:,.6g} MCNY of capital at most in {period.label}"
        own = {j: purchases for j, purchases in own.items() if purchases}
        most = KCNY_PER_MCNY * period.capex_max_mcny
        if own and np.isfinite(most):
            found.append(PeriodBudget(why, capex_label(number), most, own))
    return found
