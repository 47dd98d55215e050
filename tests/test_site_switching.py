"""What a choice rests on: frontiers, switching values, worth, regret, against other ways."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.case.case import Case, Settings
from model.case.errors import BadInput
from model.solve.outcome import Impossible, answer_of
from model.studies.siting.budget_frontier import budget_frontier
from model.studies.siting.cost_switching import cost_switching_values
from model.studies.siting.number_frontier import number_frontier
from model.studies.siting.problem import SitingProblem, pose
from model.studies.siting.ranking import best_sets
from model.studies.siting.read_options import capital_recovery_factor
from model.studies.siting.regret import regret
from model.studies.siting.requirements import Requirements, budget_row
from model.studies.siting.sets import set_table
from model.studies.siting.size_switching import size_switching_values
from model.studies.siting.worth import valued, worth
from tests.support.siting_problems import best_of, posed, problems, proved, small, tried


@tried(10)
@given(problems(), st.floats(0.0, 1.0))
def test_frontiers_are_those_of_single_choices(
    drawn: tuple[Case, Requirements], share: float
) -> None:
    case, requirements = drawn
    problem = pose(case, Requirements(max_projects=requirements.max_projects))
    steps = budget_frontier(problem).rows
    top = steps["from_mcny"].iloc[-1] + 5
    budget = share * top
    if budget < steps["from_mcny"].iloc[0]:  # a group asks for more than that
        bound = budget_row(problem.formulation, budget)
        assert isinstance(problem.formulation.choose([*problem.rows, bound]), Impossible)
    else:
        row = steps[(steps["from_mcny"] <= budget) & ~(steps["to_mcny"] < budget)].iloc[-1]
        best = at_budget(problem, budget) / 1000
        assert row["cost_to_mcny"] - 1e-4 <= best <= row["cost_from_mcny"] + 1e-4
    for step in steps.itertuples():
        for at, cost in ((step.from_mcny, step.cost_from_mcny), (step.to_mcny, step.cost_to_mcny)):
            if not np.isnan(at):
                assert at_budget(problem, at + 1e-7) / 1000 <= cost + 1e-4
    numbers = number_frontier(problem).rows
    for step in numbers.itertuples():
        most = Requirements(max_projects=int(step.projects))
        assert best_of(pose(case, most)).cost_kcny / 1000 == pytest.approx(step.cost_mcny, abs=1e-6)


def at_budget(problem: SitingProblem, budget: float) -> float:
    """Least cost at a budget, CNY thousand."""
    row = budget_row(problem.formulation, budget)
    return proved(problem.formulation.choose([*problem.rows, row])).cost_kcny


def repriced(case: Case, name: str, capex: float) -> Case:
    projects = case.projects
    return case.replace(
        projects=projects.assign(
            capex_cny_per_t=projects["capex_cny_per_t"].mask(projects["project"] == name, capex)
        )
    )


@tried(10)
@given(problems())
def test_a_project_is_in_the_best_set_below_its_flip_and_not_above(
    drawn: tuple[Case, Requirements],
) -> None:
    case, requirements = drawn
    try:
        problem = pose(case, requirements)
    except BadInput:
        case, requirements = case, Requirements(max_projects=requirements.max_projects)
        problem = pose(case, requirements)
    best = best_of(problem)
    flips = cost_switching_values(problem, best).rows.set_index("option")
    for name in case.projects["project"]:
        limit = flips.loc[name, "stays_best_below"]
        if flips.loc[name, "unit"] != "CNY/t" or np.isnan(limit):
            continue
        if limit > 2:
            assert with_cost(case, requirements, name, limit - 1) is not False
        assert with_cost(case, requirements, name, max(limit, 0.0) + 1) is not True


def with_cost(case: Case, requirements: Requirements, name: str, capex: float) -> bool | None:
    """Whether every best set holds the project, none does, or some (None)."""
    try:
        problem = pose(repriced(case, name, capex), requirements)
    except BadInput:
        return None
    costs = []
    number = problem.formulation.options.numbers(name)[0]
    for yes in (False, True):
        found = answer_of(problem.formulation.choose(problem.rows, answers={number: yes}))
        costs.append(np.inf if found is None else found.cost_kcny)
    if costs[0] == pytest.approx(costs[1], abs=1e-5):
        return None
    return costs[1] < costs[0]


@tried(8)
@given(problems())
def test_the_set_changes_at_a_size_flip_and_not_before(drawn: tuple[Case, Requirements]) -> None:
    case, requirements = drawn
    problem = posed(case, requirements)
    requirements = problem.requirements
    best = best_of(problem)
    for row in size_switching_values(problem, best).rows.itertuples():
        for change in (row.down_kt, row.up_kt):
            if np.isnan(change) or abs(change) < 1e-3:
                continue
            least = case.projects.set_index("project")["min_kt"][row.project]
            size = row.size_kt + 0.98 * change
            if not np.isnan(least) and size < least:
                continue
            projects = case.projects
            sized = projects.assign(
                capacity_kt=projects["capacity_kt"].mask(projects["project"] == row.project, size)
            )
            try:
                before = pose(case.replace(projects=sized), requirements)
            except BadInput:
                continue
            kept = before.formulation.evaluate(best.yes, before.rows)
            least_cost = best_of(before).cost_kcny
            assert kept is not None
            assert kept.cost_kcny == pytest.approx(least_cost, abs=0.02)


def rivals() -> Case:
    """One of two plants for a sink that takes 20 kt, and 100 CNY/t from the origin it has."""
    return Case.of(
        Settings("rivals", discount_rate=0.0),
        origins=pd.DataFrame({"origin": ["Far"], "supply_kt": [20.0], "cost_cny_per_t": [100.0]}),
        sinks=pd.DataFrame({"sink": ["S"], "demand_kt": [20.0]}),
        lanes=pd.DataFrame(
            {"origin": ["Far", "Sized", "Whole"], "sink": "S", "cost_cny_per_t": [0.0, 0.0, 40.0]}
        ),
        projects=pd.DataFrame(
            {
                "project": ["Sized", "Whole"],
                "capacity_kt": [4.0, 8.0],
                "min_kt": [1.0, np.nan],
                "capex_cny_per_t": [100.0, 0.0],
                "life_years": [10.0, 10.0],
                "group": "one",
            }
        ),
    )


def test_a_larger_size_of_a_sized_project_may_change_the_set() -> None:
    """Whole saves 8 x 60 = 480; Sized saves 90 a kt, and at 4 kt 360: it wins above 5.33 kt."""
    problem = pose(rivals(), Requirements())
    table = size_switching_values(problem, best_of(problem)).rows.set_index("project")
    assert table.loc["Sized", "up_kt"] == pytest.approx(480 / 90 - 4, abs=2e-4)
    assert table.loc["Sized", "up"] == "Sized" and np.isnan(table.loc["Sized", "down_kt"])
    assert table.loc["Whole", "down_kt"] == pytest.approx(360 / 60 - 8, abs=3e-4)


def calciner(**tables: pd.DataFrame) -> Case:
    """A project of 40 kt saves 70 CNY a tonne of the 60 kt sold, and costs 40 a tonne of size."""
    return Case.of(
        Settings("calciner", discount_rate=0.0),
        origins=pd.DataFrame({"origin": ["A"], "supply_kt": [100.0], "cost_cny_per_t": [100.0]}),
        sinks=pd.DataFrame({"sink": ["H"], "demand_kt": [60.0]}),
        lanes=pd.DataFrame({"origin": ["A", "P"], "sink": "H", "cost_cny_per_t": [60.0, 30.0]}),
        projects=pd.DataFrame(
            {
                "project": ["P"],
                "capacity_kt": [40.0],
                "capex_cny_per_t": [400.0],
                "cost_cny_per_t": [60.0],
                "life_years": [10.0],
            }
        ),
        **tables,
    )


@pytest.mark.parametrize("with_input", [False, True])
def test_a_size_that_nobody_can_use_only_costs(with_input: bool) -> None:
    """At 105 kt its 4,200 a year are more than the 60 kt can save, whatever it is made of."""
    case = calciner()
    if with_input:
        own = case.settings.commodity
        free = pd.DataFrame({"origin": "Mine", "supply_kt": [500.0], "commodity": "coke"})
        lane = pd.DataFrame({"origin": "Mine", "sink": ["A", "P"], "cost_cny_per_t": 0.0})
        case = case.replace(
            origins=pd.concat([case.origins, free], ignore_index=True).fillna({"commodity": own}),
            lanes=pd.concat([case.lanes, lane], ignore_index=True),
            recipes=pd.DataFrame({"output": [own], "input": ["coke"], "t_per_t": [1.1]}),
        )
    problem = pose(case, Requirements())
    row = size_switching_values(problem, best_of(problem)).rows.iloc[0]
    assert row["up_kt"] == pytest.approx(4200 / 40 - 40, abs=1e-3)
    assert row["up"] == "nothing" and np.isnan(row["down_kt"])


def test_shares_of_a_negative_cost_are_not_negative() -> None:
    """Sales bring more than all costs, so the best cost is below 0: a gap is still above it."""
    case = calciner()
    case = case.replace(sinks=case.sinks.assign(max_kt=90.0, price_cny_per_t=900.0))
    problem = pose(case)
    table = set_table(problem, best_sets(problem, 2)).rows
    assert (table["cost_mcny"] < 0).all()
    second = table.iloc[1]
    assert second["gap_share"] == pytest.approx(second["gap_mcny"] / abs(table["cost_mcny"][0]))


def test_worth_alone_and_at_the_margin() -> None:
    problem = pose(small())
    best = best_of(problem)
    table = worth(problem, best, valued(problem, best)).rows.set_index("option")
    factor = capital_recovery_factor(0.1, 20)
    assert table.loc["A", "saves_alone_mcny"] == pytest.approx(0.05 * (90 - 500 * factor))
    assert table.loc["B", "margin"] == "without it"
    assert table.loc["C", "saves_at_margin_mcny"] < 0


def test_regret_of_sets_under_scenarios() -> None:
    problem = pose(small())
    sets = [proved(outcome) for outcome in best_sets(problem, 3)]
    shrunk = small(sinks=pd.DataFrame({"sink": ["east", "west"], "demand_kt": [60.0, 0.0]}))
    table = regret(problem, sets, {"base": small(), "no west": shrunk}).rows
    assert (table["regret_mcny"] >= -1e-9).all()
    base = table[table["scenario"] == "base"].set_index("rank")["regret_mcny"]
    assert base[1] == pytest.approx(0.0)
    assert base[2] == pytest.approx((sets[1].cost_kcny - sets[0].cost_kcny) / 1000)
