"""Plants as they are bought: scale, groups, budgets by period; by hand, and audited."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from model import plan, site
from model.audit.check_plan import check_plan
from model.audit.siting import check_siting
from model.case.case import Case
from model.certify.reading import read_json, read_texts
from model.studies.siting.read_options import capital_recovery_factor
from tests.support.siting_problems import answer, small

FACTOR = capital_recovery_factor(0.1, 20)


def with_projects(**columns: list[object]) -> Case:
    return small(projects=small().projects.assign(**columns))


def over(case: Case, **columns: list[float]) -> Case:
    """The case over three years."""
    return case.replace(periods=pd.DataFrame({"year": [2025.0, 2026.0, 2027.0]} | columns))


def grouped(least: int, most: int, case: Case | None = None) -> Case:
    """A, B and C in one group."""
    case = with_projects(group=["g", "g", "g"]) if case is None else case
    rows = {"group": ["g"], "min_projects": [least], "max_projects": [most]}
    return case.replace(groups=pd.DataFrame(rows))


def test_capital_of_any_size_is_paid_once_and_counts_in_the_budget() -> None:
    """A saves 4,500 - 25,000 a per year, a the annuity of one unit of capital."""
    scale = with_projects(fixed_capex_mcny=[2.0, 0.0, 0.0])
    figures = answer(scale).result.figures
    plain = answer(small()).result.figures
    assert figures["opened"] == ["A", "B"]
    more = figures["total_cost_mcny"] - plain["total_cost_mcny"]
    assert more == pytest.approx(2.0 * FACTOR)
    assert figures["capital_mcny"] == 57.0


def test_scale_alone_keeps_a_plant_from_being_built() -> None:
    saves = (4500.0 - 25_000 * FACTOR) / 1000 / FACTOR
    for once, opened in ((saves - 0.01, ["A", "B"]), (saves + 0.01, ["B"])):
        scale = with_projects(fixed_capex_mcny=[once, 0.0, 0.0], requires=["", "", "B"])
        assert [name for name in answer(scale).result.figures["opened"] if name != "C"] == opened


def test_a_sized_project_with_scale_is_large_or_not_at_all() -> None:
    sized = with_projects(min_kt=[5.0, 50.0, 100.0], fixed_capex_mcny=[1.0, 0.0, 0.0])
    figures = answer(sized).result.figures
    assert figures["opened_kt"]["A"] == 50.0
    assert figures["capital_mcny"] == pytest.approx(56.0)


@pytest.mark.parametrize(
    ("least", "most", "count"), [(0, 1, 1), (3, 3, 3), (0, 0, 0), (2, 3, 2), (1, 1, 1)]
)
def test_as_many_of_a_group_are_built_as_it_says(least: int, most: int, count: int) -> None:
    case = grouped(least, most)
    assert len(answer(case).result.figures["opened"]) == count
    found = plan(over(case))
    assert len(found.figures["opened"]) == count


def test_a_group_that_cannot_be_large_enough_says_so() -> None:
    late = grouped(2, 2).replace(
        projects=with_projects(group=["g", "g", ""], earliest=["", "2050", ""]).projects
    )
    found = plan(over(late))
    assert found.status == "infeasible"
    assert "exactly 2 of group g" in found.answer.diagnosis.headline


def test_a_chosen_member_of_a_group_leaves_room_for_fewer() -> None:
    built = answer(grouped(2, 3)).result.case
    assert built.groups[["min_projects", "max_projects"]].to_numpy().tolist() == [[0.0, 1.0]]


def test_a_budget_of_a_period_puts_purchases_off() -> None:
    """A costs 25 and B 30: with 26 in the first year and 30 in the second each has its own."""
    both = plan(over(small()))
    assert both.figures["starts"] == {"A": 2025, "B": 2025}
    tight = plan(over(small(), capex_max_mcny=[26.0, 30.0, np.nan]))
    assert tight.figures["starts"] == {"A": 2025, "B": 2026}
    none = plan(over(small(), capex_max_mcny=[0.0, 0.0, 0.0]))
    assert none.figures["opened"] == []


def test_a_budget_of_the_only_period_is_that_of_a_site() -> None:
    scale = with_projects(fixed_capex_mcny=[2.0, 1.0, 0.0])
    one = scale.replace(periods=pd.DataFrame({"year": [2025.0], "capex_max_mcny": [30.0]}))
    planned, sited = plan(one), site(scale, budget_mcny=30.0, top=1)
    for name in ("opened", "total_cost_mcny", "capital_mcny", "fixed_cost_mcny"):
        assert planned.figures[name] == pytest.approx(sited.figures[name])


def test_a_budget_of_a_period_may_leave_no_plan() -> None:
    forced = with_projects(forced=[True, False, False])
    found = plan(over(forced, capex_max_mcny=[20.0, np.nan, np.nan]))
    assert found.status == "infeasible"
    assert "20 MCNY of capital at most in 2025" in found.answer.diagnosis.headline


def test_a_stored_site_is_held_to_scale_and_groups(tmp_path: Path) -> None:
    case = grouped(0, 2, with_projects(group=["g"] * 3, fixed_capex_mcny=[2.0, 1.0, 0.0]))
    folder = site(case, top=1).save(tmp_path / "runs")
    assert list(check_siting(folder)) == []
    summary = read_json(read_texts(folder), "run.json")
    opened = [*summary["opened"], "C"]
    forged = summary | {"opened": opened, "opened_kt": summary["opened_kt"] | {"C": 100}}
    told = [str(each) for each in check_siting(folder, forged)]
    assert any("3 of group g" in each for each in told)
    assert any("capital_mcny" in each for each in told)


def test_a_stored_plan_is_held_to_budgets_of_its_periods(tmp_path: Path) -> None:
    case = over(small(), capex_max_mcny=[26.0, 30.0, np.nan])
    folder = plan(case).save(tmp_path / "runs")
    inputs, outputs = read_texts(folder / "inputs"), read_texts(folder)
    assert list(check_plan(inputs, outputs)) == []
    tighter = {**inputs, "periods.csv": inputs["periods.csv"].replace("2025,26", "2025,24")}
    assert tighter != inputs
    told = [str(each) for each in check_plan(tighter, outputs)]
    assert any("2025, capital_mcny" in each and "24 at most" in each for each in told)
