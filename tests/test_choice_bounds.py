"""The bound under a site or a plan: one from any multipliers, near the relaxed program's value."""

from __future__ import annotations

import random
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from model import plan, site
from model.audit.bounds import check_claims, check_proved_bound
from model.audit.check_plan import check_plan
from model.audit.siting import check_siting
from model.case.case import Case, Settings
from model.case.distances import with_sea_lengths
from model.case.errors import BadInput
from model.case.write import case_texts
from model.certify.reading import read_json, read_texts
from model.certify.root_bound import MULTIPLIERS, root_bound_kcny
from model.solve.deadline import NEVER
from model.solve.outcome import Proved
from model.solve.session import Session
from model.solve.solution import Status
from model.studies.plan import schedule
from model.studies.plan.bounds import plan_root_bound
from model.studies.siting.problem import pose
from model.studies.siting.requirements import Requirements
from model.studies.siting.root_bound import RootBound, site_root_bound
from tests.support.plan_cases import random_plan
from tests.support.plan_varied import varied_plan
from tests.support.recipe_cases import recipe_case
from tests.support.siting_answers import requirements
from tests.support.siting_varied import varied_question

CLOSE = 1e-6
Asked = tuple[str, Case, Requirements, float, float, RootBound]
"""Kind, case, what was required, least cost, value of the relaxed program, and the bound."""


def sited(seed: int) -> Asked | None:
    question = varied_question(seed)
    return None if question is None else sited_of(question[0], requirements(question[1]))


def with_inputs(seed: int) -> Asked | None:
    """A site whose plants buy inputs, or whose projects are depots or sources of inputs."""
    case = recipe_case(seed)
    return None if case is None else sited_of(case, Requirements())


def sited_of(case: Case, required: Requirements) -> Asked | None:
    try:
        problem = pose(case, required)
    except BadInput:
        return None
    found, relaxed = problem.choose(), Session(problem.formulation.relaxed(problem.rows)).solve()
    if not isinstance(found, Proved):
        return None
    bound = site_root_bound(problem)
    return "site", problem.case, problem.requirements, found.bound, relaxed.objective, bound


def planned(seed: int) -> Asked | None:
    question = varied_plan(seed) if seed % 2 else None
    if question is None:
        case, budget, number = random_plan(seed)
        required = Requirements(budget_mcny=budget, max_projects=number)
    else:
        case, required = question[0], requirements(question[1])
    try:
        problem = schedule.pose(with_sea_lengths(case), required)
    except BadInput:
        return None
    relaxed = Session(replace(problem.whole(), integer=None), presolve=True).solve()
    found = problem.search(NEVER)
    if not isinstance(found, Proved) or relaxed.status is not Status.OPTIMAL:
        return None
    bound = plan_root_bound(problem, NEVER)
    return "plan", problem.case, required, found.bound, relaxed.objective, bound


def shaken(multipliers: Any, dice: random.Random) -> Any:
    """Multipliers with a few made otherwise, at times of the wrong sign."""
    changed = deepcopy(multipliers)
    for rates in [*changed["rows"], changed["rules"], *changed.get("openings", ())]:
        for label in rates:
            if isinstance(rates[label], float) and dice.random() < 0.5:
                rates[label] = round(rates[label] * dice.choice((-1.0, 0.0, 0.5, 2.0, 10.0)), 3)
    return changed


def check(asked: Asked, seed: int) -> None:
    kind, case, required, least, relaxed, bound = asked
    slack = CLOSE * (1 + abs(least))
    assert bound.mcny is not None
    assert 1000 * bound.mcny <= least + slack, seed
    for place in range(3):
        dice = random.Random(1000 * seed + place)
        other = shaken(bound.multipliers, dice)
        derived = root_bound_kcny(kind, case_texts(case), required.as_dict(), other)
        assert derived <= least + slack, (seed, place)
    # the certificate tightens limits that count tonnes alone
    raised = set(case.projects["adds_to_limit"]) - {""}
    limits = case.limits[case.limits["limit"].isin(raised)]
    if (limits["measure"] == "ship_kt").all() and (limits["mode"] == "").all():
        assert 1000 * bound.mcny >= relaxed - slack, seed


@pytest.mark.parametrize("seed", range(40))
def test_a_bound_under_a_site_is_one_whatever_the_multipliers(seed: int) -> None:
    if asked := sited(seed):
        check(asked, seed)


@pytest.mark.parametrize("seed", [*range(20), 171])
def test_a_bound_under_a_site_with_inputs_is_one(seed: int) -> None:
    """In 171 an origin that may close has to ship to one sink, so that it cannot."""
    if asked := with_inputs(seed):
        check(asked, seed)


@pytest.mark.parametrize("seed", range(24))
def test_a_bound_under_a_plan_is_one_whatever_the_multipliers(seed: int) -> None:
    if asked := planned(seed):
        check(asked, seed)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(40, 2040, 100))
def test_thousands_of_bounds_are_bounds(first: int) -> None:
    for seed in range(first, first + 100):
        for ask in (sited, with_inputs, planned):
            if asked := ask(seed):
                check(asked, seed)


def one_project() -> Case:
    """A mill that covers half of a demand, a project that covers all of it, cheaper a tonne.

    Built, the project costs 6 MCNY a year and saves 10 kt × 500 CNY/t, 5 MCNY: the best is to
    leave it. Relaxed, half of it would do: 10 kt at 500 CNY/t less, for 3 MCNY.
    """
    return Case.of(
        Settings("one", year=2024),
        origins=pd.DataFrame({"origin": ["mill"], "supply_kt": [20.0]}),
        sinks=pd.DataFrame({"sink": ["smelter"], "demand_kt": [10.0]}),
        lanes=pd.DataFrame(
            {"origin": ["mill", "works"], "sink": "smelter", "cost_cny_per_t": [900.0, 400.0]}
        ),
        projects=pd.DataFrame(
            {"project": ["works"], "capacity_kt": [20.0], "fixed_mcny_per_year": [6.0]}
        ),
    )


def test_the_bound_of_a_single_project_is_its_best_answer() -> None:
    found = site(one_project(), top=1)
    assert found.figures["total_cost_mcny"] == pytest.approx(9.0)
    assert found.figures["proved_bound_mcny"] == pytest.approx(9.0, abs=1e-8)


Record = Mapping[str, Any]


def refuted(
    kind: str, inputs: Mapping[str, str], summary: Record, certificate: Record
) -> list[str]:
    """Figures of bounds that do not stand."""
    found = [*check_proved_bound(kind, inputs, summary, certificate), *check_claims(summary)]
    return [each.figure for each in found]


@pytest.mark.parametrize("kind", ["site", "plan"])
def test_a_limit_claims_no_less_than_is_proved(kind: str, tmp_path: Path) -> None:
    """A search that was cut short may leave a gap, but not below the bound that is certified."""
    case = one_project()
    run = (site(case, top=1) if kind == "site" else plan(case)).save(tmp_path)
    inputs, outputs = read_texts(run / "inputs"), read_texts(run)
    summary, certificate = (read_json(outputs, f"{name}.json") for name in ("run", "certificate"))
    total, proved = summary["total_cost_mcny"], summary["proved_bound_mcny"]
    for claimed in (proved - Fraction(1, 1000), proved / 2, Fraction(0), None):
        gap = None if claimed is None else (total - claimed) / total
        forged = summary | {"status": "limit", "claimed_bound_mcny": claimed, "gap_share": gap}
        named = refuted(kind, inputs, forged, certificate)
        assert named == ["claimed_bound_mcny"]


@pytest.mark.parametrize("kind", ["site", "plan"])
def test_the_smallest_gap_is_noticed(kind: str, tmp_path: Path) -> None:
    run = (site(one_project(), top=1) if kind == "site" else plan(one_project())).save(tmp_path)
    inputs, outputs = read_texts(run / "inputs"), read_texts(run)
    summary, certificate = (read_json(outputs, f"{name}.json") for name in ("run", "certificate"))
    forged = summary | {"gap_share": Fraction(1, 10**9)}
    assert refuted(kind, inputs, forged, certificate) == ["gap_share"]


@pytest.mark.parametrize("kind", ["site", "plan"])
def test_a_bound_that_the_multipliers_do_not_prove_is_noticed(kind: str, tmp_path: Path) -> None:
    case = one_project()
    run = (site(case, top=1) if kind == "site" else plan(case)).save(tmp_path)
    inputs, outputs = read_texts(run / "inputs"), read_texts(run)
    summary, certificate = (read_json(outputs, f"{name}.json") for name in ("run", "certificate"))
    assert list(check_siting(run) if kind == "site" else check_plan(inputs, outputs)) == []
    for change in (Fraction(1, 10**6), Fraction(-1, 10**6)):
        forged = summary | {"proved_bound_mcny": summary["proved_bound_mcny"] + change}
        named = refuted(kind, inputs, forged, certificate)
        assert "proved_bound_mcny" in named
    without = {name: part for name, part in certificate.items() if name != MULTIPLIERS}
    assert refuted(kind, inputs, summary, without)
    raised = summary | {"claimed_bound_mcny": summary["total_cost_mcny"] - 1}
    assert "claimed_bound_mcny" in refuted(kind, inputs, raised, certificate)
