"""Projects that ship nothing or at least a share of their size: by hand, audited, and forged."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from model import plan, site
from model.audit.check_plan import check_plan
from model.audit.siting import check_siting
from model.case.case import Case
from model.certify.reading import read_json, read_texts
from tests.support.siting_problems import answer, small


def loaded(loads: list[float], **columns: list[object]) -> Case:
    """A, B and C of 50, 50 and 100 kt, in a market that takes 60 in the east and 50 in the west."""
    return small(projects=small().projects.assign(min_load=loads, **columns))


def shipped(flows: pd.DataFrame, origin: str) -> float:
    return float(flows.loc[flows["origin"] == origin, "ship_kt"].sum())


def test_what_must_be_built_and_cannot_be_filled_stands_idle() -> None:
    """C of 200 kt must ship 120 kt, where 110 are taken; it costs 100 x 2 kt and ships nothing."""
    case = loaded([0.0, 0.0, 0.6], capacity_kt=[50.0, 50.0, 200.0], forced=[False, False, True])
    result = answer(case).result
    assert result.figures["idle"] == ["C"]
    assert shipped(result.flows, "C") == 0.0
    without = answer(small()).result
    fixed = 450 * 200 * (without.figures["fixed_cost_mcny"] / 55_000)  # at the same annuity
    assert result.figures["total_cost_mcny"] == pytest.approx(
        without.figures["total_cost_mcny"] + fixed
    )


def test_a_least_load_takes_sales_from_others() -> None:
    """C alone must ship 90 of its 100 kt; with A and B built too they give way."""
    must = [True, True, True]
    free = answer(loaded([0.0, 0.0, 0.0], forced=must)).result
    held = answer(loaded([0.0, 0.0, 0.9], forced=must)).result
    assert shipped(free.flows, "C") == 10.0
    assert held.figures["idle"] in ([], ["C"])
    idle, busy = 10.0 * 100.0 / 1000, None
    busy = (80 * 40 - (40 * 10 + 40 * 10)) / 1000  # 80 kt more of C at 40, in place of A and B
    more = min(idle - 10.0 * 40.0 / 1000, busy)
    assert held.figures["total_cost_mcny"] - free.figures["total_cost_mcny"] == pytest.approx(more)


def test_a_case_without_least_loads_has_no_figure_of_what_is_idle() -> None:
    assert answer(small()).result.figures["idle"] is None


def test_the_run_of_the_set_is_audited(tmp_path: Path) -> None:
    case = loaded([0.0, 0.0, 0.6], capacity_kt=[50.0, 50.0, 200.0], forced=[False, False, True])
    folder = site(case).save(tmp_path)
    assert list(check_siting(folder)) == []
    summary = read_json(read_texts(folder), "run.json")
    other = check_siting(folder, summary | {"idle": []})
    assert any("least load of C" in f"{each.figure} {each.file}" for each in other)
    stranger = check_siting(folder, summary | {"idle": ["C", "A"]})
    assert [each.figure for each in stranger if each.said == "A"] == ["idle"]


def test_a_plan_keeps_the_least_load_of_each_period(tmp_path: Path) -> None:
    """C ships 90 kt or nothing: nothing once the east takes less."""
    case = loaded([0.0, 0.0, 0.9], forced=[False, False, True], capex_cny_per_t=[9e6, 9e6, 1.0])
    paths = pd.DataFrame(
        {"target": ["sinks.demand_kt"], "where": ["sink=east"], "year": [2026.0], "value": [30.0]}
    )
    years = pd.DataFrame({"year": [2025.0, 2026.0]})
    found = plan(case.replace(periods=years, paths=paths))
    by_year = found.answer.tables["flows"].groupby(["year", "origin"])["ship_kt"].sum()
    assert by_year[2025.0, "C"] == 100.0
    assert (2026.0, "C") not in by_year
    folder = found.save(tmp_path)
    inputs, outputs = read_texts(folder / "inputs"), read_texts(folder)
    assert list(check_plan(inputs, outputs)) == []
    inputs["projects.csv"] = inputs["projects.csv"].replace("0.9", "1")
    assert list(check_plan(inputs, outputs)) == []
    flows = pd.read_csv(folder / "flows.csv", keep_default_na=False)
    low = flows["origin"] == "C"
    flows.loc[low, "ship_kt"] /= 2
    outputs["flows.csv"] = flows.to_csv(index=False)
    assert any("makes 50" in each.said for each in check_plan(inputs, outputs))


def test_run_json_names_what_is_idle(tmp_path: Path) -> None:
    case = loaded([0.0, 0.0, 0.6], capacity_kt=[50.0, 50.0, 200.0], forced=[False, False, True])
    folder = site(case).save(tmp_path)
    assert json.loads((folder / "run.json").read_text("utf-8"))["idle"] == ["C"]
