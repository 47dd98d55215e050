"""Choices and plans of generated cases against full enumeration."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

import numpy as np
import pytest

from model import plan
from model.case.case import Case
from model.case.errors import BadInput
from tests.support.plan_varied import Schedules, with_periods
from tests.support.siting_answers import disagreements
from tests.support.siting_oracle import Asked
from tests.support.varied_cases import Dice

ENDLESS = 10**9
Seeded = tuple[int, Case]


def with_choices(cases: Iterable[Seeded]) -> Iterator[Seeded]:
    """Cases that have something to build or to close."""
    return ((seed, case) for seed, case in cases if len(case.projects) or len(case.closures))


def check_choices(cases: Iterable[Seeded], count: int) -> None:
    """Compare so many sites, with and without a budget, and under half the demand."""
    for seed, case in islice(with_choices(cases), count):
        halved = case.sinks.assign(demand_kt=case.sinks["demand_kt"] / 2)
        requested = Asked(budget_mcny=Dice(seed).one((np.inf, 0.1, 0.3)))
        other = case.replace_unchecked(sinks=halved)
        assert list(disagreements(case, requested, other)) == [], seed


def check_plans(cases: Iterable[Seeded], count: int) -> None:
    """Compare so many plans with the best of every schedule."""
    compared = 0
    for seed, case in with_choices(cases):
        question = with_periods(case, Asked(), seed) if len(case.projects) <= 2 else None
        if question is None:
            continue
        try:
            found = plan(question[0]).figures["total_cost_mcny"]
        except BadInput:
            continue
        assert found == pytest.approx(Schedules(*question).best(), abs=1e-6), seed
        compared += 1
        if compared == count:
            return
