"""Projects in equal lines: by hand, audited, and against an enumeration of their numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from model import plan, site
from model.audit.check_plan import check_plan
from model.audit.siting import check_siting
from model.case.case import Case
from model.case.errors import BadInput
from model.certify.reading import read_json, read_texts
from model.scenarios.apply import LEDGER
from model.scenarios.info import ScenarioInfo
from model.studies.plan import plan as study
from tests.support.compared import FEWER, Record, blocks, compare
from tests.support.lined import least_cost, ranked_costs, with_lines
from tests.support.plan_varied import with_periods
from tests.support.siting_answers import answer as answered
from tests.support.siting_answers import near, requirements
from tests.support.siting_problems import answer, small
from tests.support.siting_varied import varied_question


def lined(lines: list[int], **columns: list[object]) -> Case:
    """A, B and C; C costs more than what far plants save on, but for its first tonnes."""
    return small(projects=small().projects.assign(lines_max=lines, **columns))


def test_as_many_lines_are_built_as_pay() -> None:
    """The east takes 60 kt and saves 90 a tonne at A, which costs 59 a tonne: lines of 15 kt."""
    case = lined([6, 1, 1], capacity_kt=[15.0, 50.0, 100.0])
    figures = answer(case).result.figures
    assert figures["opened_kt"]["A"] == 60.0
    assert figures["opened"] == ["A", "B"]
    assert figures["capital_mcny"] == pytest.approx(15 * 4 * 0.5 + 50 * 0.6)


def test_what_is_paid_once_is_paid_for_all_lines_together() -> None:
    once = lined([6, 1, 1], capacity_kt=[15.0, 50.0, 100.0], fixed_capex_mcny=[1.0, 0.0, 0.0])
    figures = answer(once).result.figures
    assert figures["opened_kt"]["A"] == 60.0
    assert figures["capital_mcny"] == pytest.approx(1.0 + 15 * 4 * 0.5 + 50 * 0.6)


def test_tables_name_the_lines() -> None:
    case = lined([6, 1, 1], capacity_kt=[15.0, 50.0, 100.0])
    studies = answer(case, top=3).result.studies
    assert studies["site_sets"][0]["set"] == "A (4 lines); B"
    rows = {row["option"]: row for row in studies["site_options"]}
    assert rows["A"]["lines"] == 4
    assert [row["projects"] for row in studies["site_number"]] == [0, 1, 2]


def test_the_sizes_of_a_run_are_whole_lines(tmp_path: Path) -> None:
    case = lined([6, 1, 1], capacity_kt=[15.0, 50.0, 100.0])
    folder = site(case).save(tmp_path)
    assert list(check_siting(folder)) == []
    summary = read_json(read_texts(folder), "run.json")
    half = summary | {"opened_kt": summary["opened_kt"] | {"A": 50}}
    assert "1 to 6 lines of 15" in [each.found for each in check_siting(folder, half)]


def test_lines_of_a_plan_start_together(tmp_path: Path) -> None:
    case = lined([6, 1, 1], capacity_kt=[15.0, 50.0, 100.0], min_load=[0.5, 0.0, 0.0])
    found = plan(case.replace(periods=pd.DataFrame({"year": [2025.0, 2026.0]})))
    assert found.figures["opened_kt"]["A"] == 60.0
    folder = found.save(tmp_path)
    assert list(check_plan(read_texts(folder / "inputs"), read_texts(folder))) == []


def ask(seed: int) -> str | None:
    question = varied_question(seed)
    if question is None:
        return None
    case, requested = with_lines(question[0], seed), question[1]
    found = answered(case, requested, case)
    if found is None:
        return None
    expected = ranked_costs(case, requested)
    costs = [row["cost_mcny"] for row in found.studies.get("site_sets", [])]
    is_same = len(costs) == len(expected[:4]) and all(map(near, costs, expected))
    bound = found.figures["proved_bound_mcny"]
    is_bound = not costs or (bound is not None and bound <= expected[0] + 1e-9)
    return "" if is_same and is_bound else f"{costs} and {bound}, not {expected[:4]}"


def ask_plan(seed: int) -> str | None:
    question = varied_question(seed)
    planned = question and with_periods(with_lines(question[0], seed), question[1], seed)
    if not planned:
        return None
    case, asked = planned
    nothing = pd.DataFrame(columns=list(LEDGER))
    try:
        found = study.plan(case, ScenarioInfo("base"), nothing, requirements(asked))
    except BadInput:
        return None
    expected, total = least_cost(case, asked), found.figures["total_cost_mcny"]
    return "" if near(np.nan if total is None else total, expected) else f"{total}, not {expected}"


@pytest.mark.parametrize("block", blocks(FEWER))
def test_sets_of_lines_are_those_of_full_enumeration(
    block: tuple[int, int], record_property: Record
) -> None:
    compare("site with lines", block, ask, record_property)


@pytest.mark.parametrize("block", blocks(FEWER / 4))
def test_plans_of_lines_are_those_of_full_enumeration(
    block: tuple[int, int], record_property: Record
) -> None:
    compare("plan with lines", block, ask_plan, record_property)
