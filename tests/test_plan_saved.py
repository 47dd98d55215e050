"""A plan as it ends: saved and verified, too dear, out of time, refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from model.case.write import write_case
from model.studies.siting.problem import pose
from tests.conftest import Ended
from tests.support.growing import growing
from tests.support.siting_problems import small
from tests.support.small_case import FILES


def test_a_plan_is_saved_verified_and_shown(tmp_path: Path, command: Callable[..., object]) -> None:
    write_case(growing(), tmp_path / "growing")
    ended = command("plan", "--case", tmp_path / "growing", "--out", "runs", "--json")
    assert ended.code == 0, ended.err  # type: ignore[attr-defined]
    content = ended.json  # type: ignore[attr-defined]
    assert content["kind"] == "plan"
    folder = Path(content["run"])
    names = {path.name for path in folder.iterdir()}
    assert {"schedule.csv", "years.csv", "flows.csv", "report.html", "report.xlsx"} <= names
    assert command("verify", folder).code == 0  # type: ignore[attr-defined]
    flows = (folder / "flows.csv").read_text().splitlines()
    cells = flows[1].split(",")
    place = flows[0].split(",").index("ship_kt")
    cells[place] = str(float(cells[place]) + 5)
    (folder / "flows.csv").write_text("\n".join([flows[0], ",".join(cells), *flows[2:]]) + "\n")
    assert command("verify", folder).code == 5  # type: ignore[attr-defined]


def test_a_siting_is_saved_and_verified(tmp_path: Path, command: Callable[..., object]) -> None:
    write_case(small(), tmp_path / "small")
    ended = command(
        "site", "--case", tmp_path / "small", "--budget", "40", "--top", "3", "--full", "--json"
    )
    assert ended.code == 0, ended.err  # type: ignore[attr-defined]
    content = ended.json  # type: ignore[attr-defined]
    assert content["kind"] == "site"
    assert content["opened"] == ["B"]
    assert content["claimed_bound_mcny"] == pytest.approx(content["total_cost_mcny"])
    assert content["proved_bound_mcny"] <= content["total_cost_mcny"]
    folder = Path(content["run"])
    names = {path.name for path in folder.iterdir()}
    assert {"sets.csv", "options.csv", "budget.csv", "number.csv", "cost_flips.csv"} <= names
    assert command("verify", folder).code == 0  # type: ignore[attr-defined]
    again = command("site", "--case", folder / "inputs", "--budget", "40", "--json")
    assert again.json["opened"] == ["B"]  # type: ignore[attr-defined]
    for figure, value in (("fixed_cost_mcny", 1.0), ("opened_kt", {"B": 49.0})):
        told = json.loads((folder / "run.json").read_text())
        (folder / "run.json").write_text(json.dumps(told | {figure: value}))
        assert command("verify", folder).code == 5  # type: ignore[attr-defined]
        (folder / "run.json").write_text(json.dumps(told))


def test_a_budget_too_small_for_demand_ends_with_its_reason(
    tmp_path: Path, command: Callable[..., object]
) -> None:
    poor = small(origins=pd.DataFrame({"origin": ["far"], "supply_kt": [40.0]}))
    write_case(poor, tmp_path / "poor")
    ended = command("site", "--case", tmp_path / "poor", "--budget", "32", "--json")
    assert ended.code == 3  # type: ignore[attr-defined]
    content = ended.json  # type: ignore[attr-defined]
    assert "a budget of at least 45 MCNY, not 32" in content["diagnosis"]["headline"]
    assert content["total_cost_mcny"] is None


def test_no_time_at_all_is_a_limit_and_nothing_is_written(
    tmp_path: Path, command: Callable[..., object]
) -> None:
    write_case(small(), tmp_path / "small")
    ended = command("site", "--case", tmp_path / "small", "--time-limit", "0", "--json")
    content = ended.json  # type: ignore[attr-defined]
    assert ended.code in (0, 4)  # type: ignore[attr-defined]
    assert (content["status"] == "limit") == (ended.code == 4)  # type: ignore[attr-defined]


def test_pose_needs_no_years() -> None:
    assert len(pose(small()).formulation.options) == 3


def test_a_project_that_no_lane_leaves_is_refused_as_by_site(
    make_folder: Callable[[str, dict[str, str]], Path], command: Callable[..., Ended]
) -> None:
    projects = FILES["projects.csv"].replace("West mill,West,Westtown", "West mill,West,")
    projects = projects.replace("20,2026", "20,2024")
    folder = make_folder("case", FILES | {"projects.csv": projects})
    for verb in ("site", "plan"):
        ended = command(verb, "--case", folder)
        assert ended.code == 2
        assert ended.err.endswith(
            'projects.csv: "West mill": no lane found; a project must be able to ship somewhere;'
            " give it a node that links reach, or lanes in lanes.csv\n"
            "1 fault; nothing was written\n"
        )
    assert (
        'projects.csv:2:project: "West mill" found; no lane begins there, and it has no node'
        in command("check", "--case", folder).err
    )
