"""A study cut short by a limit says so, and holds what the whole answer begins with."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest

from model.case.case import Case
from model.case.errors import OutOfTime
from model.result.answer import Findings
from model.solve.deadline import Deadline
from model.studies import allowance as module
from model.studies.allowance import Allowance
from model.studies.questions import (
    capacity_question,
    figure_question,
    ranges_question,
    sweep_question,
    why_question,
)
from model.studies.sweep.distributions import Distribution
from model.studies.sweep.draws import DrawPlan, Variation
from tests.conftest import Ended
from tests.support.markets import transport_case

Command = Callable[..., Ended]
DRAWS = """
[[vary]]
name = "demand"
target = "sinks.demand_kt"
distribution = "uniform"
low = 0.5
high = 1.0
"""


@pytest.fixture
def case() -> Case:
    return transport_case([100, 20], [30, 50], [[1, 9], [4, 2]])


def parts(stop_at: int) -> Iterator[int]:
    yield from range(stop_at)
    raise OutOfTime


def test_parts_are_handed_out_until_the_moment_or_the_number_comes() -> None:
    by_time = Allowance()
    assert by_time.collect(parts(3)) == [0, 1, 2]
    assert (by_time.is_cut_short, by_time.answered) == (True, 3)
    assert by_time.collect(iter([4])) == []
    by_number = Allowance(parts=2)
    assert by_number.collect(iter([7, 8, 9])) == [7, 8]
    assert by_number.note() == {"cut_short": {"reason": "the time limit came first", "answered": 2}}
    whole = Allowance(Deadline.after(60))
    assert whole.collect(iter([1])) + whole.collect(iter([2])) == [1, 2]
    assert (whole.is_cut_short, whole.note()) == (False, {})


def test_no_program_is_solved_after_the_moment(case: Case) -> None:
    late = Deadline.after(0.0)
    regions = ["o0", "o1"]
    note = {"cut_short": {"reason": "the time limit came first", "answered": 0}}
    assert capacity_question(case, regions, 9.0, None, Allowance(late)) == Findings(note)
    assert figure_question(case, "demand", ["s0"], 0.0, 40.0, Allowance(late)) == Findings(note)
    assert ranges_question(case, "1%", Allowance(late)) == Findings(note)
    assert why_question(case, "o0", "s1", 1.0, Allowance(late)) == Findings(note)
    spread = Distribution("uniform", low=0.5, high=1.0)
    plan = DrawPlan((Variation("v", "sinks.demand_kt", distribution=spread),))
    found = sweep_question(case, plan, 5, Allowance(late))
    assert (found.studies, found.tables) == (note, {})


def test_what_was_answered_begins_the_whole_answer(case: Case) -> None:
    regions = ["o0", "o1"]
    whole = capacity_question(case, regions, 9.0, None).studies["curves"]
    first = capacity_question(case, regions, 9.0, None, Allowance(parts=1)).studies["curves"]
    pd.testing.assert_frame_equal(first, whole[whole["place"] == "o0"])
    table = ranges_question(case, "5%").studies["ranges"]
    some = ranges_question(case, "5%", Allowance(parts=3)).studies["ranges"]
    pd.testing.assert_frame_equal(some, table.head(3))
    spread = Distribution("uniform", low=0.5, high=1.0)
    plan = DrawPlan((Variation("v", "sinks.demand_kt", each=True, distribution=spread),), draws=30)
    draws = sweep_question(case, plan, None).tables["sweep_draws"]
    found = sweep_question(case, plan, None, Allowance(parts=7))
    assert found.studies["cut_short"] == {"reason": "the time limit came first", "answered": 7}
    pd.testing.assert_frame_equal(found.tables["sweep_draws"], draws.head(7))


@pytest.mark.parametrize(
    "question",
    [
        ["curve", "--at", "Seattle", "--at", "San Diego"],
        ["ranges"],
        ["sweep", "d.toml"],
        ["run", "--full"],
    ],
)
def test_a_command_cut_short_ends_with_4_and_verifies(
    command: Command, dantzig: Path, question: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("d.toml").write_text(DRAWS, encoding="utf-8")
    with monkeypatch.context() as patched:
        patched.setattr(module, "Allowance", lambda deadline: Allowance(deadline, parts=1))
        ended = command(*question, "--case", dantzig, "--out", "runs", "--json")
    assert (ended.code, ended.json["status"]) == (4, "limit")
    assert json.loads((Path(ended.json["run"]) / "studies.json").read_text(encoding="utf-8"))[
        "cut_short"
    ] == {"reason": "the time limit came first", "answered": 1}
    assert "the time limit came first; what is shown is proved" in ended.err
    assert command("verify", ended.json["run"]).code == 0


def test_a_command_that_has_no_time_at_all_ends_with_4(command: Command, dantzig: Path) -> None:
    for question in (["curve", "--at", "Seattle"], ["ranges"], ["why", "Seattle", "Topeka"]):
        ended = command(*question, "--case", dantzig, "--out", "runs", "--time-limit", "0")
        assert ended.code == 4
    assert not Path("runs").exists()
