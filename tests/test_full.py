"""A full run carries every study, JSON-ready and the same every time; commands answer in words."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from model.case.case import Case
from model.reading.read_case import read_case
from model.run import RunOptions, evaluate
from model.scenarios.apply import LEDGER
from model.scenarios.info import ScenarioInfo
from model.store.output_json import json_text
from model.studies.curve.curve import PAIR_COLUMNS
from model.studies.curve.tables import CAPACITY_COLUMNS
from model.studies.full import full_studies, with_full_studies
from model.studies.ranges.study import COLUMNS as RANGE_COLUMNS
from model.studies.sensitivity.study import COLUMNS as RESTS_ON_COLUMNS
from tests.conftest import Ended
from tests.support.cases import TWELVE_REGIONS
from tests.support.markets import transport_case

Command = Callable[..., Ended]


@pytest.fixture(scope="module")
def base() -> Case:
    return read_case(TWELVE_REGIONS)


def test_a_full_run_has_every_study_and_the_same_every_time(base: Case) -> None:
    found = full_studies(base)
    assert list(found["curves"]) == CAPACITY_COLUMNS
    assert list(found["pairs"]) == PAIR_COLUMNS
    assert list(found["ranges"]) == RANGE_COLUMNS
    assert list(found["rests_on"]) == RESTS_ON_COLUMNS
    assert set(found["ranges"]["within"]) == {0.0, 0.01}
    assert set(found["ranges_wide"]["within"]) == {0.05}
    assert found["conclusions"]["largest_flow"] == "Others to Inner Mongolia"
    first = found["curves"].groupby("place", sort=False).first()["value_cny_per_t"]
    assert first["Yunnan"] == pytest.approx(442.77084)
    assert json_text(found) == json_text(full_studies(base))


def test_studies_do_without_what_a_case_lacks() -> None:
    found = full_studies(transport_case([30], [10], [[2]]))
    assert "curves" not in found and "rests_on" not in found
    assert found["ranges"]["label"].tolist().count("always") >= 1


def test_an_infeasible_full_run_has_no_studies() -> None:
    ledger = pd.DataFrame(columns=pd.Index(LEDGER))
    case = transport_case([1], [2], [[1]])
    result = with_full_studies(evaluate(case, ScenarioInfo("short"), ledger, RunOptions()), case)
    assert result.status == "infeasible" and result.studies == {}


def test_commands_answer_and_keep_the_answer(command: Command, dantzig: Path) -> None:
    ended = command(
        "curve", "--case", dantzig, "--at", "Seattle", "--up-to", "100", "--out", "runs"
    )
    assert ended.code == 0
    assert "kt at Seattle: each kt more saves" in ended.out
    (folder,) = Path("runs").iterdir()
    assert folder.name.startswith("curve-base-")
    kept = json.loads((folder / "studies.json").read_text(encoding="utf-8"))
    assert list(kept["curves"][0]) == CAPACITY_COLUMNS
    ended = command("ranges", "--case", dantzig, "--within", "0%", "--out", "runs", "--json")
    assert ended.code == 0
    assert {row["kind"] for row in ended.json["studies"]["ranges"]} == {"pair", "lane", "outflow"}
    ended = command("why", "Seattle", "Topeka", "--case", dantzig, "--kt", "5", "--out", "runs")
    assert "Seattle to Topeka: 0 kt/yr in the plan of least cost" in ended.out
    assert "one tonne more costs 0.036 CNY in all" in ended.out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("curve", "--at", "Seatle"), 'did you mean "Seattle"?'),
        (("curve", "--of", "demand", "--up-to", "400"), "add --at SINK"),
        (("curve", "--of", "deman", "--at", "Chicago"), 'did you mean "demand"?'),
        (
            ("curve", "--of", "lanes.cost_cny_per_t", "--at", "sink=Rome"),
            "must pick a row of lanes",
        ),
        (("ranges", "--within", "lots"), "must be a percentage"),
        (("why", "Seatle", "Topeka"), 'did you mean "Seattle"?'),
    ],
)
def test_questions_that_cannot_be_asked_are_refused(
    command: Command, dantzig: Path, arguments: tuple[str, ...], told: str
) -> None:
    ended = command(*arguments, "--case", dantzig, "--out", "runs")
    assert ended.code == 2
    assert told in ended.err
    assert not Path("runs").exists() or not list(Path("runs").iterdir())


def test_other_figures_have_curves_too(command: Command, dantzig: Path) -> None:
    ended = command(
        "curve", "--case", dantzig, "--of", "demand", "--at", "Chicago", "--up-to", "340",
        "--out", "runs",
    )  # fmt: skip
    assert ended.code == 0
    assert "300 to 340 kt/year of sinks.demand_kt where sink=Chicago" in ended.out
