"""The search of a plan decides what stands by a period, and tries answers before it puts one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from model.case.errors import BadInput
from model.solve.branching import branch
from model.solve.core import Core
from model.solve.deadline import NEVER
from model.solve.outcome import Impossible, Proved
from model.solve.search import solver_search
from model.studies.plan.program import with_stands
from model.studies.plan.schedule import PROBES, PlanProblem, pose
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


@pytest.mark.parametrize("probes", [0, 1, PROBES])
def test_answers_that_are_tried_first_change_no_optimum(probes: int) -> None:
    compared = 0
    for problem in problems(400, 25):
        plain = problem.whole()
        program, stands = with_stands(plain, problem.layout)
        expected = solver_search(plain, problem.layout.answers, NEVER)
        relaxed = replace(program, integer=None)
        found = branch(Core(relaxed, stands), 5_000, NEVER, probes=probes).first
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


def test_what_stands_is_what_started_by_then() -> None:
    for problem in problems(430, 10):
        program, stands = with_stands(problem.whole(), problem.layout)
        found = branch(Core(replace(program, integer=None), stands), 5_000, NEVER).first
        if not isinstance(found, Proved):
            continue
        yes, every = found.best.value[problem.layout.answers], problem.starts.starts
        for number, start in enumerate(every):
            by_then = [
                n
                for n, other in enumerate(every)
                if (other.kind, other.name) == (start.kind, start.name)
                and other.period <= start.period
            ]
            assert found.best.value[stands][number] == pytest.approx(yes[by_then].sum(), abs=1e-9)
