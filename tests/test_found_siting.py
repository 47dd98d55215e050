"""Inputs on which a choice once went wrong, each with the right answer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from model.case.case import Case
from model.case.errors import BadInput
from model.reading.read_case import read_case
from model.result.allocation import Allocation
from model.scenarios.apply import LEDGER
from model.scenarios.info import ScenarioInfo
from model.solve.deadline import Deadline
from model.solve.outcome import Proved
from model.studies.siting.budget_frontier import budget_frontier
from model.studies.siting.cost_switching import cost_switching_values
from model.studies.siting.number_frontier import number_frontier
from model.studies.siting.problem import pose
from model.studies.siting.ranking import sets_after
from model.studies.siting.read_options import capital_recovery_factor
from model.studies.siting.regret import regret
from model.studies.siting.requirements import Requirements
from model.studies.siting.sets import set_table
from model.studies.siting.site import SiteOptions, site
from model.studies.siting.size_switching import size_switching_values
from model.studies.siting.worth import valued, worth
from tests.support.cases import TWELVE_REGIONS

DATA = Path(__file__).parents[1] / "data"
FOUND = Path(__file__).parent / "data" / "found"


def chosen(case: Case, requirements: Requirements | None = None, **options: object) -> Allocation:
    nothing = pd.DataFrame(columns=list(LEDGER))
    told = SiteOptions(**options)  # type: ignore[arg-type]
    return site(case, ScenarioInfo("base"), nothing, requirements, told).result


def test_capital_and_a_yearly_cost_are_both_paid() -> None:
    case = read_case(FOUND / "capex-and-fixed-together")
    must = case.replace(projects=case.projects.assign(forced=True))
    factor = capital_recovery_factor(0.08, 20)
    for kt in (10.0, 60.0):
        only = must.replace(projects=must.projects.assign(min_kt=kt, capacity_kt=kt))
        result = chosen(only, Requirements(max_projects=1))
        closes = 50.0 if result.figures["closed"] else 0.0
        assert result.figures["fixed_cost_mcny"] == pytest.approx(1 + 50 * kt * factor - closes)
    # 60 kt in B's place save 38 + 12 MCNY a year and cost 306.6: nothing is built.
    assert chosen(case).figures["opened"] == []


def test_a_set_is_valued_within_the_budget_at_its_sizes() -> None:
    case = read_case(TWELVE_REGIONS)
    result = chosen(case, Requirements(budget_mcny=2000), top=3, against={"base": case})
    regrets = pd.DataFrame(result.studies["site_regret"])
    gaps = pd.DataFrame(result.studies["site_sets"])["gap_mcny"]
    assert regrets["regret_mcny"].tolist() == pytest.approx(gaps.tolist(), abs=1e-6)
    options = pd.DataFrame(result.studies["site_options"]).set_index("option")
    # Without it the others grow within the budget: that is the second best set.
    saved = options.loc["Guangxi extension", "saves_at_margin_mcny"]
    assert saved == pytest.approx(gaps[1], abs=1e-6)
    margins = options[options["margin"] == "without it"]["saves_at_margin_mcny"]
    assert (margins.dropna() >= 0).all()
    blank = options[options["saves_at_margin_mcny"].isna()]
    assert set(blank["blank_because"]) == {"with it: no plan within the rules"}
    assert result.figures["tables_proved"] is True


def test_a_least_shipment_of_a_project_holds_only_if_it_stands() -> None:
    result = chosen(read_case(FOUND / "project-lane-minimum"))
    assert result.figures["opened"] == []
    assert result.figures["total_cost_mcny"] == pytest.approx(0.035)


def test_lanes_of_projects_alone_leave_the_origins_to_the_network() -> None:
    result = chosen(read_case(FOUND / "lanes-of-projects-only"))
    assert (result.status, result.figures["opened"]) == ("optimal", [])
    assert result.figures["total_cost_mcny"] == pytest.approx(0.005)


def test_closures_that_leave_no_supply_end_with_the_cut() -> None:
    case = read_case(FOUND / "capex-and-fixed-together")
    least = case.lanes.assign(min_kt=1.0)
    result = chosen(case.replace(lanes=least, origins=case.origins.assign(supply_kt=0.0)))
    assert result.status == "infeasible"
    assert result.diagnosis is not None
    assert result.diagnosis.headline.startswith("With every project built: ")


def test_a_least_shipment_of_an_origin_without_supply_is_infeasible() -> None:
    result = chosen(read_case(FOUND / "site-near-zero"))
    assert result.status == "infeasible"
    assert result.diagnosis is not None
    assert result.diagnosis.headline == (
        "With every project built: No allocation keeps these bounds together:"
        " all supply of G, the least flow of lane G to F."
    )


def test_nothing_to_choose_from_is_refused() -> None:
    case = read_case(FOUND / "capex-and-fixed-together")
    empty = case.replace(projects=case.projects.iloc[:0], closures=case.closures.iloc[:0])
    with pytest.raises(BadInput) as refused:
        chosen(empty)
    assert str(refused.value.faults[0]) == (
        "projects.csv, closures.csv: no row found; there is nothing to choose from: no project to"
        " build and no origin to close; add projects.csv or closures.csv, or use `run`"
    )


def test_a_budget_of_nothing_still_lets_origins_close() -> None:
    case = read_case(FOUND / "capex-and-fixed-together")
    result = chosen(case, Requirements(budget_mcny=0))
    assert result.figures["opened"] == []


def test_a_search_cut_short_gives_a_set_with_its_gap_and_proves_nothing() -> None:
    case = read_case(TWELVE_REGIONS)
    late = SiteOptions(time_limit_s=0.0)
    nothing = pd.DataFrame(columns=list(LEDGER))
    result = site(case, ScenarioInfo("base"), nothing, Requirements(budget_mcny=2000), late).result
    best = chosen(case, Requirements(budget_mcny=2000)).figures["total_cost_mcny"]
    figures = result.figures
    assert result.status == "limit"
    assert figures["claimed_bound_mcny"] <= best + 1e-6 <= figures["total_cost_mcny"] + 2e-6
    assert figures["capital_mcny"] <= 2000
    assert figures["gap_share"] < 0.01


def test_tables_cut_short_leave_the_set_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    case = read_case(TWELVE_REGIONS)
    problem = pose(case, Requirements(budget_mcny=2000))
    best = problem.choose()
    assert isinstance(best, Proved)
    late = replace(problem, formulation=replace(problem.formulation, deadline=Deadline.after(0)))
    sets = set_table(late, list(sets_after(late, best, 3)))
    assert (sets.rows["proved"].tolist(), sets.is_proved) == ([True], False)
    for table in (
        worth(late, best.best, valued(late, best.best)),
        budget_frontier(late),
        number_frontier(late),
        cost_switching_values(late, best.best),
        size_switching_values(late, best.best),
        regret(late, [best.best], {"base": case}),
    ):
        assert not table.is_proved
        assert table.rows.empty
