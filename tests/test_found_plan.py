"""Inputs on which a plan once went wrong, each with the right answer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import model
from model.case.case import Case
from model.case.errors import BadInput, raise_any
from model.checking.case_faults import path_faults
from model.reading.read_case import read_case
from model.scenarios.apply import LEDGER
from model.scenarios.info import ScenarioInfo
from model.studies.plan.plan import Plan, plan
from model.studies.siting.read_options import capital_recovery_factor
from model.studies.siting.requirements import Requirements
from reports.page.plan_sections import plan_headline
from tests.support.plan_oracle import best_cost
from tests.support.varied_cases import varied_case

FOUND = Path(__file__).parent / "data" / "found"


def planned(case: Case | str, requirements: Requirements | None = None) -> Plan:
    case = read_case(FOUND / case) if isinstance(case, str) else case
    return plan(case, ScenarioInfo("base"), pd.DataFrame(columns=list(LEDGER)), requirements)


def total(case: Case | str, requirements: Requirements | None = None) -> float:
    found = planned(case, requirements)
    assert found.status == "optimal"
    parts = ("transport", "production", "duty", "carbon", "fixed", "holding")
    figures = found.figures
    cost: float = figures["total_cost_mcny"]
    assert sum(figures[f"{part}_cost_mcny"] for part in parts) == pytest.approx(cost, abs=1e-8)
    assert figures["claimed_bound_mcny"] == pytest.approx(cost, abs=1e-8)
    assert figures["proved_bound_mcny"] <= cost + 1e-8
    return cost


@pytest.mark.parametrize("name", ["years-with-gaps", "years-all-listed"])
def test_every_year_of_a_period_counts(name: str) -> None:
    case = read_case(FOUND / name)
    assert total(case) == pytest.approx(62.5)
    gone = case.replace(projects=case.projects.assign(after_life="gone"))
    assert total(gone) == pytest.approx(58.5)


def test_a_path_doubles_a_life_that_is_left_blank() -> None:
    case = read_case(FOUND / "life-doubled-where-blank")
    assert total(case) == pytest.approx(6 + 6 - 0.6 + 1 / 40)
    assert planned(case).figures["proved_bound_mcny"] == pytest.approx(11.425)


def test_what_starts_with_a_period_without_a_name_starts_in_its_year(tmp_path: Path) -> None:
    found = planned("first-period-without-a-name")
    assert found.figures["starts"] == {"West plant": "2025"}
    folder = model.plan(read_case(FOUND / "first-period-without-a-name")).save(tmp_path)
    assert model.verify(folder).agrees


@pytest.mark.parametrize("name", ["years-with-gaps", "years-all-listed"])
def test_what_is_rebuilt_is_paid_twice(name: str) -> None:
    found = planned(name)
    assert found.figures["capital_mcny"] == pytest.approx(100)
    assert found.schedule["bought"].tolist() == ["2026|2036"]
    assert found.figures["starts"] == {"West plant": 2026}


def test_a_life_that_ends_within_a_period_cuts_it() -> None:
    """West plant stands from 2026 to 2030; the other years are as without it."""
    case = read_case(FOUND / "years-with-gaps")
    projects = case.projects.assign(after_life="gone", life_years=5.0, capex_cny_per_t=100.0)
    found = planned(case.replace(projects=projects))
    assert found.years["year"].tolist() == [2025, 2026, 2031, 2035, 2036]
    assert found.figures["total_cost_mcny"] == pytest.approx(7.5 + 5 * 1 + 4 * 7.5 + 1 + 1)
    assert found.schedule["ends"].tolist() == [2031]


def test_capital_is_priced_when_it_is_bought() -> None:
    assert total("plan-capex-by-year") == pytest.approx(1.6)
    assert planned("plan-capex-by-year").figures["starts"] == {"P": 2025}


def test_each_rebuilding_counts_in_capital_and_in_the_budget() -> None:
    found = planned("life-shorter-than-horizon")
    assert found.figures["capital_mcny"] == pytest.approx(55)
    tight = planned("life-shorter-than-horizon", Requirements(budget_mcny=5.0))
    assert tight.figures["opened"] == []
    assert total("life-shorter-than-horizon", Requirements(budget_mcny=5.0)) == pytest.approx(77)
    last = planned(
        "life-shorter-than-horizon", Requirements(budget_mcny=5.0, include=("West plant",))
    )
    assert last.figures["starts"] == {"West plant": 2036}
    assert last.figures["total_cost_mcny"] == pytest.approx(81)
    some = planned("life-shorter-than-horizon", Requirements(budget_mcny=35.0))
    assert some.figures["capital_mcny"] <= 35


def test_capital_and_yearly_cost_are_both_paid() -> None:
    """10 kt at 50,000 CNY/t are 500 MCNY of capital; 1 MCNY a year stands beside its annuity."""
    case = read_case(FOUND / "capex-and-fixed-together")
    case = case.replace(closures=case.closures.iloc[:0])
    found = planned(case, Requirements(include=("big",)))
    (start,) = found.schedule.to_dict("records")
    years = 1 if start["starts"] == 2025 else 1 + 1.08
    annuity = 500 * capital_recovery_factor(0.08, 20)
    assert (start["size_kt"], start["capital_mcny"]) == (10, 500)
    assert found.figures["fixed_cost_mcny"] * 1.08 == pytest.approx(years * (annuity + 1))
    forced = case.replace(projects=case.projects.assign(forced=True))
    assert total(forced) == pytest.approx(best_cost(forced, float("inf"), None))


def test_a_least_shipment_of_a_project_holds_if_it_stands() -> None:
    assert total("project-lane-minimum") == pytest.approx(0.035)
    case = read_case(FOUND / "project-lane-minimum")
    forced = planned(case.replace(projects=case.projects.assign(forced=True)))
    ships = forced.flows.set_index("origin")["ship_kt"]
    assert ships["P"] == pytest.approx(2)


def test_a_limit_may_be_named_stock() -> None:
    assert total("limit-named-stock") == pytest.approx(0.165487311)
    found = planned("limit-named-stock-infeasible")
    assert found.status == "infeasible"
    assert found.diagnosis is not None
    assert found.diagnosis.headline == (
        "In 2024: T needs 5 kt; at most 3 kt can reach it: short by 2 kt, because of limit stock"
        " 3 kt."
    )


@pytest.mark.parametrize("name", ["T 2024", "lane 0 2024", "supply_limit", "made", "P@0", "#", ":"])
def test_names_of_any_form_work(name: str) -> None:
    case = read_case(FOUND / "limit-named-stock")
    renamed = case.replace(
        limits=case.limits.assign(limit=name), projects=case.projects.assign(adds_to_limit=name)
    )
    assert total(renamed) == pytest.approx(0.165487311)


def test_a_node_may_have_a_hash_in_its_name() -> None:
    found = planned("node-with-hash")
    assert found.status == "infeasible"
    case = read_case(FOUND / "node-with-hash")
    assert total(case.replace(sinks=case.sinks.assign(demand_kt=3.0))) == pytest.approx(0.03)


def test_a_closure_is_told_as_one() -> None:
    found = planned("plan-closes-a-plant")
    found.figures["run"] = "here"
    lines = plan_headline(found)
    assert "Start A ext (20 kt) in 2024; close B (100 kt) in 2024." in lines
    assert "closing saves 96.3 MCNY" in lines
    assert "−" not in lines
    assert found.figures["fixed_cost_mcny"] == pytest.approx(
        (capital_recovery_factor(0.08, 20) * 20 - 50) * (1 + 1 / 1.08)
    )


def test_a_path_of_circuity_acts() -> None:
    assert total("path-on-circuity") == pytest.approx(1.431)


def idle(case: Case, target: str, value: float = 2.0) -> str:
    paths = case.paths.assign(target=target, where="", value=value)
    with pytest.raises(BadInput) as caught:
        raise_any(path_faults(case.replace(paths=paths)))
    return str(caught.value)


@pytest.mark.parametrize(
    "target", ["origins.capacity_kt", "periods.max_stock_kt", "case.discount_rate"]
)
def test_a_path_that_cannot_act_is_refused(target: str) -> None:
    case = read_case(FOUND / "path-on-circuity")
    assert "does not read this figure again in each period" in idle(case, target)


@pytest.mark.parametrize("target", ["sinks.max_kt", "links.limit_kt"])
def test_a_factor_on_blanks_alone_is_refused(target: str) -> None:
    case = read_case(FOUND / "path-on-circuity")
    table, column = target.split(".")
    blank = case.replace(**{table: case.table(table).assign(**{column: np.nan})})
    factor = case.paths.assign(target=target, where="", value=2.0, how="factor")
    with pytest.raises(BadInput) as caught:
        raise_any(path_faults(blank.replace(paths=factor)))
    assert "a factor must meet a figure, and all that it concerns are blank" in str(caught.value)
    filled = factor.assign(value=50.0, how="absolute")
    assert path_faults(blank.replace(paths=filled)) == []


@pytest.mark.parametrize("target", ["modes.circuity", "nodes.lat"])
def test_a_path_of_distance_is_refused_where_every_km_is_given(target: str) -> None:
    case = read_case(FOUND / "path-on-circuity")
    given = case.replace(links=case.links.assign(km=100.0))
    assert "every link that it concerns gives its km" in idle(given, target)


@pytest.mark.parametrize("target", ["modes.circuity", "nodes.lat"])
def test_a_path_moves_no_length_along_sea_lanes(target: str) -> None:
    case = read_case(FOUND / "passage-open")
    path = pd.DataFrame({"target": [target], "year": [2024.0], "value": [1.5]})
    with pytest.raises(BadInput) as refused:
        raise_any(path_faults(case.replace(paths=path, periods=pd.DataFrame({"year": [2024.0]}))))
    assert "a link along sea lanes that it concerns has one length in all periods" in str(
        refused.value
    )


def test_a_path_of_the_carbon_price_acts() -> None:
    case = read_case(FOUND / "path-on-circuity")
    paths = case.paths.assign(
        target="case.carbon_price_cny_per_t", where="", value=100.0, how="absolute"
    )
    modes = case.modes.assign(gco2_per_t_km=10.0)
    plain = total(case.replace(paths=case.paths.iloc[:0], modes=modes))
    priced = planned(case.replace(paths=paths, modes=modes))
    assert priced.figures["carbon_cost_mcny"] > 0
    assert priced.figures["total_cost_mcny"] > plain


CROSSING = (
    'paths.csv:2:value: "1.5" found; demand_kt may not rise above max_kt, 60, and that of Town is'
    " 75 in 2026; change it less, or max_kt by a path too\n1 fault; nothing was written\n"
)


def test_a_path_across_a_bound_is_refused_by_file_and_row(
    command: Callable[..., object],
) -> None:
    for verb in ("plan", "check"):
        ended = command(verb, "--case", FOUND / "path-crosses-bound")
        assert ended.code == 2  # type: ignore[attr-defined]
        assert ended.err.endswith(CROSSING)  # type: ignore[attr-defined]


def test_a_plan_without_projects_says_nothing_of_them() -> None:
    found = planned("path-on-circuity")
    found.figures["run"] = "here"
    assert "project" not in plan_headline(found)


@pytest.mark.parametrize("seed", [126, 196, 230, 347, 358, 442, 555, 566])
def test_random_plans_whose_places_nothing_joins_end_with_an_answer(seed: int) -> None:
    case = varied_case(seed)
    assert case is not None
    found, has_demand = planned(case), case.sinks["demand_kt"].sum() > 0
    assert found.status == ("infeasible" if has_demand else "optimal")
    assert (found.diagnosis is not None) == has_demand
    assert found.figures["total_cost_mcny"] == (None if has_demand else 0.0)
