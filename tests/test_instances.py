"""Published transport and network problems to their published optima, as case folders."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from model.reading.read_case import read_case
from model.run import RunOptions, evaluate
from model.scenarios.info import ScenarioInfo
from tests.conftest import Ended
from tests.support.published import LINEAR, case_files, need_instances

Make = Callable[[str, dict[str, str]], Path]


def test_there_are_published_instances() -> None:
    need_instances()
    assert {entry["instance"] for entry in LINEAR} >= {"transp", "net1", "trnsport", "net8_8_1"}


@pytest.mark.parametrize("entry", LINEAR, ids=lambda entry: str(entry["instance"]))
def test_optimum(entry: dict[str, Any], make_folder: Make) -> None:
    case = read_case(make_folder("case", case_files(entry)))
    result = evaluate(case, ScenarioInfo("base"), pd.DataFrame(), RunOptions())
    assert result.status == entry["expected_status"]
    if result.status == "optimal":
        tolerance = entry["abs_tol"] + 1e-9 * abs(entry["expected_objective"])
        assert result.figures["objective_kcny"] == pytest.approx(
            entry["expected_objective"], abs=tolerance
        )
    elif entry["instance"] == "feasopt1":
        assert result.diagnosis is not None
        assert result.diagnosis.shortage_kt == pytest.approx(130)


@pytest.mark.parametrize(
    "entry",
    [entry for entry in LINEAR if entry["instance"] in ("transp", "net1", "feasopt1")],
    ids=lambda entry: str(entry["instance"]),
)
def test_optimum_on_the_command_line(
    entry: dict[str, Any], make_folder: Make, command: Callable[..., Ended]
) -> None:
    ended = command("run", "--case", make_folder("case", case_files(entry)), "--json")
    content = ended.json
    assert content["status"] == entry["expected_status"]
    assert ended.code == (0 if content["status"] == "optimal" else 3)
    if ended.code == 0:
        assert content["total_cost_mcny"] == pytest.approx(entry["expected_objective"] / 1000)
