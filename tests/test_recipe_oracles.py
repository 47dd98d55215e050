"""Every study of cases with inputs and depots against every route, set and schedule written out."""

from __future__ import annotations

import pytest

from tests.support.chosen_cases import ENDLESS, check_choices, check_plans
from tests.support.compared import NIGHTLY
from tests.support.recipe_cases import recipe_cases
from tests.support.study_oracles import STUDIES

SLOW = pytest.param(NIGHTLY, marks=pytest.mark.slow)


@pytest.mark.parametrize("study", [name for name in STUDIES if name != "run"])
@pytest.mark.parametrize("count", [8, SLOW])
def test_studies_with_inputs_agree(study: str, count: int) -> None:
    for seed, case in recipe_cases(count, count):
        assert STUDIES[study](case, seed) == [], seed


@pytest.mark.parametrize("count", [16, SLOW])
def test_choices_with_inputs_are_those_of_full_enumeration(count: int) -> None:
    check_choices(recipe_cases(count, ENDLESS), count)


@pytest.mark.parametrize("count", [16, SLOW])
def test_plans_with_inputs_are_those_of_every_schedule(count: int) -> None:
    check_plans(recipe_cases(count, ENDLESS), count)
