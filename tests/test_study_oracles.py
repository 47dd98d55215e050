"""Curves, ranges, explanations, sweeps and ranges of assumptions agree with solving it written out.

The oracle enumerates every route of a random case over every table and solves the program of the
contract with scipy; it shares no code with the model.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from model.case.case import Case
from tests.support.study_oracles import (
    curve_disagreements,
    range_disagreements,
    sensitivity_disagreements,
    sweep_disagreements,
    whatif_disagreements,
    why_disagreements,
)
from tests.support.varied_cases import varied_cases

Disagreements = Callable[[Case, int], list[str]]
STUDIES = [
    pytest.param(curve_disagreements, id="curve"),
    pytest.param(range_disagreements, id="ranges"),
    pytest.param(why_disagreements, id="why"),
    pytest.param(sweep_disagreements, id="sweep"),
    pytest.param(sensitivity_disagreements, id="sensitivity"),
    pytest.param(whatif_disagreements, id="whatif"),
]


def check(study: Disagreements, first: int, count: int) -> None:
    found = {seed: told for seed, case in varied_cases(first, count) if (told := study(case, seed))}
    assert found == {}


@pytest.mark.parametrize("study", STUDIES)
def test_a_study_agrees_with_the_program_written_out(study: Disagreements) -> None:
    check(study, 0, 12)


@pytest.mark.slow
@pytest.mark.parametrize("study", STUDIES)
def test_a_study_agrees_with_the_program_written_out_on_two_thousand_cases(
    study: Disagreements,
) -> None:
    check(study, 1_000, 2_000)
