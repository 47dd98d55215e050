"""Siting: small cases by hand, rankings against enumeration, routes round limits, refusals."""

from __future__ import annotations

from itertools import combinations, pairwise

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.case.case import Case, Settings
from model.case.errors import BadInput
from model.solve.outcome import bound_of
from model.studies.siting.expand import built
from model.studies.siting.problem import pose
from model.studies.siting.ranking import best_sets
from model.studies.siting.read_options import capital_recovery_factor
from model.studies.siting.requirements import Requirements
from model.studies.siting.root_bound import site_root_bound
from tests.support.siting_cases import (
    all_sets,
)
from tests.support.siting_problems import answer, best_of, posed, problems, proved, small, tried

# Small cases


def with_projects(**columns: list[object]) -> Case:
    return small(projects=small().projects.assign(**columns))


def test_annuities() -> None:
    assert capital_recovery_factor(0.1, 20) == pytest.approx(0.1 * 1.1**20 / (1.1**20 - 1))
    assert capital_recovery_factor(0.0, 8) == 0.125


def test_a_choice_by_hand() -> None:
    factor = capital_recovery_factor(0.1, 20)
    result = answer(small()).result
    saves = {"A": 50 * (90 - 500 * factor), "B": 50 * (110 - 600 * factor)}
    nothing = 60 * 100 + 50 * 120
    assert result.figures["opened"] == ["A", "B"]
    assert 1000 * result.figures["total_cost_mcny"] == pytest.approx(nothing - sum(saves.values()))
    assert 1000 * result.figures["fixed_cost_mcny"] == pytest.approx(55_000 * factor)
    assert result.figures["capital_mcny"] == 55.0


def test_a_choice_stands_as_a_case_of_its_own() -> None:
    siting = answer(small())
    assert set(siting.result.case.origins["origin"]) == {"far", "A", "B"}
    assert list(siting.result.case.projects["project"]) == ["C"]
    assert list(siting.requested.projects["project"]) == ["A", "B", "C"]


def test_groups_prerequisites_and_force() -> None:
    assert answer(with_projects(group=["g", "g", ""])).result.figures["opened"] == ["B"]
    needs = answer(with_projects(requires=["C", "C", ""])).result.figures["opened"]
    assert needs in ([], ["C"], ["A", "B", "C"])
    assert "C" in answer(with_projects(forced=[False, False, True])).result.figures["opened"]


def test_sizes_between_bounds() -> None:
    result = answer(with_projects(min_kt=[10.0, 10.0, 10.0], capacity_kt=[80.0, 80.0, 80.0])).result
    sizes = result.figures["opened_kt"]
    assert sizes == {"A": 60.0, "B": 50.0}  # what each town takes


def test_a_closure_saves_its_fixed_cost() -> None:
    origins = pd.DataFrame({"origin": ["far", "idle"], "supply_kt": [200.0, 10.0]})
    lanes = pd.concat(
        [
            small().lanes,
            pd.DataFrame({"origin": ["idle"], "sink": ["east"], "cost_cny_per_t": [90.0]}),
        ]
    )
    closures = pd.DataFrame({"origin": ["idle"], "saved_mcny_per_year": [0.2]})
    case = small(origins=origins, lanes=lanes, closures=closures)
    result = answer(case).result
    assert result.figures["closed"] == ["idle"]
    plan = result.case.origins.set_index("origin")["supply_kt"]
    assert plan["idle"] == 0.0


def test_a_project_that_raises_a_limit() -> None:
    limits = pd.DataFrame({"limit": ["gate"], "origin": ["A|B"], "max": [0.0]})
    projects = pd.concat(
        [
            small().projects,
            pd.DataFrame(
                {
                    "project": ["gate wider"],
                    "capacity_kt": [60.0],
                    "fixed_mcny_per_year": [0.1],
                    "adds_to_limit": ["gate"],
                }
            ),
        ]
    )
    result = answer(small(limits=limits, projects=projects)).result
    assert "gate wider" in result.figures["opened"]
    assert float(result.case.limits["max"].iloc[0]) == 60.0


def test_an_extension_has_the_lanes_and_limits_of_its_origin() -> None:
    limits = pd.DataFrame({"limit": ["gate"], "origin": ["far"], "max": [150.0]})
    case = small(
        limits=limits,
        projects=pd.DataFrame(
            {"project": ["far II"], "origin": ["far"], "capacity_kt": [40.0], "min_kt": [20.0]}
        ),
        lanes=small().lanes[small().lanes["origin"] == "far"],
    )
    grown = built(case, {"far II": 30.0})
    assert list(grown.limits["origin"]) == ["far|far II"]
    assert set(grown.lanes["origin"]) == {"far", "far II"}
    assert float(grown.origins.set_index("origin")["supply_kt"]["far II"]) == 30.0


# Random cases against enumeration


@tried(25)
@given(problems())
def test_the_best_sets_are_those_of_full_enumeration(drawn: tuple[Case, Requirements]) -> None:
    problem = posed(*drawn)
    expected = [cost for cost, _ in all_sets(problem)]
    outcomes = list(best_sets(problem, 6))
    found = [proved(outcome) for outcome in outcomes]
    assert [choice.cost_kcny for choice in found] == pytest.approx(expected[:6], abs=1e-5)
    assert len({choice.key for choice in found}) == len(found)
    for outcome, choice in zip(outcomes, found, strict=True):
        assert bound_of(outcome) == pytest.approx(choice.cost_kcny, abs=1e-5)


@tried(15)
@given(problems())
def test_the_root_bound_is_one_and_the_second_search_agrees(
    drawn: tuple[Case, Requirements],
) -> None:
    problem = posed(*drawn)
    best = best_of(problem)
    bound = site_root_bound(problem).mcny
    assert bound is not None
    assert 1000 * bound <= best.cost_kcny + 1e-6
    below = best.cost_kcny + 1e-3 * (1 + abs(best.cost_kcny))
    again = proved(problem.formulation.choose_otherwise(problem.rows, below))
    assert again.cost_kcny == pytest.approx(best.cost_kcny, abs=1e-5)


# Routes


@tried(20)
@given(st.data())
def test_routes_round_limits_are_all_there(data: st.DataObject) -> None:
    """Siting on a network with limited links costs what the allocation of the set costs."""
    from model.case.distances import with_distances
    from model.market.compile_market import compile_market
    from model.solve.column_generation import Allocator
    from model.solve.solution import Status

    nodes = [f"n{i}" for i in range(6)]
    pairs, chain = list(combinations(nodes, 2)), list(pairwise(nodes))
    cost = st.integers(1, 20).map(float)
    limit = st.sampled_from([None, None, 5.0, 15.0])
    links = [
        (a, b, "road", data.draw(cost), data.draw(limit))
        for a, b in pairs
        if (a, b) in chain or data.draw(st.booleans())
    ]
    case = Case.of(
        Settings(name="net", discount_rate=0.0),
        origins=pd.DataFrame({"origin": ["o"], "supply_kt": [60.0], "node": ["n0"]}),
        sinks=pd.DataFrame({"sink": ["s", "t"], "demand_kt": [20.0, 10.0], "node": ["n5", "n3"]}),
        nodes=pd.DataFrame({"node": nodes}),
        modes=pd.DataFrame({"mode": ["road"]}),
        links=pd.DataFrame(links, columns=["from", "to", "mode", "cost_cny_per_t", "limit_kt"]),
        projects=pd.DataFrame(
            {
                "project": ["P", "Q"],
                "node": ["n2", "n4"],
                "capacity_kt": [10.0, 20.0],
                "capex_cny_per_t": [20.0, 60.0],
            }
        ),
    )
    problem = pose(case)
    for cost, answers in all_sets(problem):
        sizes = {
            option.name: option.capacity_kt
            for option, yes in zip(problem.formulation.options.options, answers, strict=True)
            if yes
        }
        plan = Allocator(compile_market(with_distances(built(case, sizes)))).optimise()
        assert plan.status is Status.OPTIMAL
        fixed = sum(kt * {"P": 1.0, "Q": 3.0}[name] for name, kt in sizes.items())
        assert plan.objective + fixed == pytest.approx(cost, abs=1e-6)


# Refusals and the impossible


@pytest.mark.parametrize(
    ("requirements", "message"),
    [
        (
            Requirements(budget_mcny=1),
            "--budget: 1 found; is below every project; the cheapest is A at 25 MCNY; raise it",
        ),
        (
            Requirements(include=("D",)),
            '--include: "D" found; must be a project of the case; see projects.csv',
        ),
        (
            Requirements(include=("A",), exclude=("A",)),
            '--exclude: "A" found; cannot be both included and excluded; drop one of them',
        ),
        (
            Requirements(quotas={"Nowhere": 1}),
            '--quota: "Nowhere" found; must be the region of a project; see projects.csv',
        ),
        (
            Requirements(max_projects=-1),
            "--max-projects: -1 found; must be at least 0; write 0 or more",
        ),
    ],
)
def test_wishes_that_cannot_be_are_refused(requirements: Requirements, message: str) -> None:
    with pytest.raises(BadInput) as refused:
        pose(small(), requirements)
    assert str(refused.value.faults[0]) == message


def test_a_forced_project_cannot_be_excluded() -> None:
    with pytest.raises(BadInput, match="so it cannot be excluded"):
        pose(with_projects(forced=[True, False, False]), Requirements(exclude=("A",)))


def test_a_budget_below_what_is_forced_is_refused() -> None:
    with pytest.raises(BadInput, match="does not pay for what must be built: C take 45 MCNY"):
        pose(with_projects(forced=[False, False, True]), Requirements(budget_mcny=40))


def test_a_project_without_a_lane_is_refused() -> None:
    lanes = small().lanes[small().lanes["origin"] != "B"]
    projects = small().projects.assign(region=["", "far", ""])
    with pytest.raises(BadInput, match="a project must be able to ship somewhere"):
        pose(small(lanes=lanes, projects=projects))


def test_too_small_a_budget_for_demand_is_told() -> None:
    poor = small(origins=pd.DataFrame({"origin": ["far"], "supply_kt": [40.0]}))
    result = answer(poor, Requirements(budget_mcny=32)).result
    assert result.status == "infeasible"
    assert result.diagnosis is not None
    assert result.diagnosis.headline.endswith("it takes a budget of at least 45 MCNY, not 32.")


def test_demand_beyond_every_project_is_a_cut() -> None:
    poor = small(origins=pd.DataFrame({"origin": ["far"], "supply_kt": [0.0]}))
    none = poor.replace(projects=poor.projects.assign(capacity_kt=10.0))
    result = answer(none).result
    assert result.status == "infeasible"
    assert result.diagnosis is not None
    assert result.diagnosis.headline.startswith("With every project built: east, west need 110 kt")
    assert result.figures["opened"] is None
