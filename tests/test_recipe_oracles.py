"""Every study of cases with inputs and depots against every route, set and schedule written out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

import numpy as np
import pytest

from model import plan
from model.case.case import Case
from model.case.errors import BadInput
from tests.support import study_oracles
from tests.support.compared import NIGHTLY
from tests.support.plan_varied import Schedules, with_periods
from tests.support.recipe_cases import recipe_cases
from tests.support.siting_answers import disagreements
from tests.support.siting_oracle import Asked
from tests.support.varied_cases import Dice

ENDLESS = 10**9
STUDIES: dict[str, Callable[[Case, int], list[str]]] = {
    "curve": study_oracles.curve_disagreements,
    "ranges": study_oracles.range_disagreements,
    "why": study_oracles.why_disagreements,
    "sweep": study_oracles.sweep_disagreements,
    "whatif": study_oracles.whatif_disagreements,
    "assumptions": study_oracles.sensitivity_disagreements,
}
SLOW = pytest.param(NIGHTLY, marks=pytest.mark.slow)


@pytest.mark.parametrize("study", STUDIES)
@pytest.mark.parametrize("count", [8, SLOW])
def test_studies_with_inputs_agree(study: str, count: int) -> None:
    for seed, case in recipe_cases(count, count):
        assert STUDIES[study](case, seed) == [], seed


def with_choices(first: int) -> Iterator[tuple[int, Case]]:
    """Cases that have something to build or to close."""
    for seed, case in recipe_cases(first, ENDLESS):
        if len(case.projects) or len(case.closures):
            yield seed, case


@pytest.mark.parametrize("count", [16, SLOW])
def test_choices_with_inputs_are_those_of_full_enumeration(count: int) -> None:
    for seed, case in islice(with_choices(count), count):
        halved = case.sinks.assign(demand_kt=case.sinks["demand_kt"] / 2, max_kt=np.nan)
        requested = Asked(budget_mcny=Dice(seed).one((np.inf, 0.1, 0.3)))
        other = case.replace_unchecked(sinks=halved)
        assert list(disagreements(case, requested, other)) == [], seed


@pytest.mark.parametrize("count", [16, SLOW])
def test_plans_with_inputs_are_those_of_every_schedule(count: int) -> None:
    compared = 0
    for seed, case in with_choices(count):
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
