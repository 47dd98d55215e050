"""A plan is searched with rounded answers tried first; the second search learns from the first."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model.case.errors import BadInput
from model.solve.branching import branch
from model.solve.core import Core
from model.solve.deadline import NEVER, Deadline
from model.solve.outcome import CutShort, Impossible, Proved
from model.solve.search import solver_search
from model.studies.plan.schedule import PlanProblem, pose
from model.studies.siting.requirements import Requirements
from tests.support.plan_cases import random_plan


def problems(first: int, count: int) -> list[PlanProblem]:
    found = []
    for seed in range(first, first + count):
        case, budget, most = random_plan(seed)
        try:
            found.append(pose(case, Requirements(budget_mcny=budget, max_projects=most)))
        except BadInput:
            continue
    return found


@pytest.mark.parametrize("is_rounding", [False, True])
def test_answers_that_are_tried_first_change_no_optimum(is_rounding: bool) -> None:
    compared = 0
    for problem in problems(400, 25):
        plain = problem.whole()
        answers = problem.layout.answers
        expected = solver_search(plain, answers, NEVER)
        relaxed = replace(plain, integer=None)
        found = branch(Core(relaxed, answers), 5_000, NEVER, is_rounding=is_rounding).first
        if isinstance(expected, Impossible):
            assert isinstance(found, Impossible)
            continue
        assert isinstance(found, Proved)
        assert isinstance(expected, Proved)
        assert found.best.objective == pytest.approx(expected.best.objective, rel=1e-8, abs=1e-6)
        yes = found.best.value[problem.layout.answers]
        assert np.abs(yes - np.round(yes)).max(initial=0.0) < 1e-9
        compared += 1
    assert compared > 10


def test_what_a_search_has_learnt_changes_no_optimum() -> None:
    compared = 0
    for problem in problems(430, 25):
        first = problem.search(NEVER)
        again = problem.search_again(NEVER, np.inf)
        if not isinstance(first, Proved):
            assert type(first) is type(again)
            continue
        assert isinstance(again, Proved)
        assert again.best.cost_kcny == pytest.approx(first.best.cost_kcny, rel=1e-8, abs=1e-6)
        compared += problem.losses.count.sum() > 0
    assert compared > 3


def test_where_no_time_is_left_a_schedule_near_the_relaxed_one_is_given() -> None:
    found = 0
    for problem in problems(460, 12):
        best, late = problem.search(NEVER), problem.search_some(Deadline.after(0.0))
        assert isinstance(late, CutShort)
        if isinstance(best, Proved):
            assert late.bound <= best.bound + 1e-6 * (1.0 + abs(best.bound))
        if late.found is None:
            continue
        found += 1
        assert isinstance(best, Proved)
        assert late.found.cost_kcny >= best.best.cost_kcny - 1e-6 * (1.0 + abs(late.bound))
        assert late.found.cost_kcny >= late.bound - 1e-6 * (1.0 + abs(late.bound))
    assert found > 4
