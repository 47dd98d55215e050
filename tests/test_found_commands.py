"""Every command on every input on which one went wrong: answered, or refused with a reason."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from model.case.case import Case
from model.case.errors import BadInput
from model.case.write import write_case
from model.reading.read_case import read_case
from model.studies.whatif.workspace import Workspace
from reports.explore.answers import ExploreAnswers
from tests.conftest import Ended

FOUND = Path(__file__).parent / "data" / "found"
SLOW = {"links-raised-by-projects-K8"}
"""Its routes are many: `site` is tried on it with a limit, in test_found_siting.py."""
FAULTY = {"near-and-inland-ports", "path-crosses-bound"}
"""What `check` rightly refuses."""
FOLDERS = sorted(path.parent.name for path in FOUND.glob("*/case.toml"))
VARIES = """draws = 3
[[vary]]
name = "demand"
target = "sinks.demand_kt"
distribution = "uniform"
low = 0.9
high = 1.0
"""
NOTHING_TO_CHOOSE = "there is nothing to choose from"


def questions(case: Case) -> dict[str, list[str]]:
    """Every command that solves, and what it is asked."""
    origin, region = case.origins[["origin", "region"]].iloc[0]
    return {
        "run": ["--full"],
        "curve": ["--at", region, "--up-to", "5"],
        "ranges": ["--within", "2%"],
        "why": ["--", origin, case.sinks["sink"].iloc[0]],
        "site": ["--top", "2"],
        "plan": ["--max-projects", "1"],
        "sweep": ["draws.toml"],
    }


@pytest.mark.system
@pytest.mark.parametrize("name", sorted(set(FOLDERS) - SLOW - FAULTY))
def test_every_command_answers_or_says_that_no_plan_is_feasible(
    name: str, command: Callable[..., Ended]
) -> None:
    case, folder = read_case(FOUND / name), Path("case")
    if case.settings.year is None:  # without periods, a plan is of the case's year
        case = case.replace(settings=replace(case.settings, year=2024))
    write_case(case, folder)
    Path("draws.toml").write_text(VARIES, encoding="utf-8")
    codes = set()
    for verb, words in questions(case).items():
        # The fixture verifies whatever is written.
        ended = command(verb, "--case", folder, "--out", "runs", "--json", *words)
        if ended.code == 2:
            assert verb == "site" and NOTHING_TO_CHOOSE in ended.err, f"{verb}: {ended.err}"
            continue
        assert ended.code in (0, 3), f"{verb}: {ended.err}"
        assert json.loads(ended.out)["status"] == ("optimal" if ended.code == 0 else "infeasible")
        codes |= {ended.code} if verb in ("run", "curve", "ranges", "why") else set()
    assert len(codes) == 1, "some commands find a plan and some do not"
    answer = ExploreAnswers(Workspace(folder, Path("runs"))).quick({"texts": {}})
    assert "error" not in answer
    assert (answer["status"] == "optimal") == (codes == {0})


@pytest.mark.parametrize("name", sorted(FAULTY))
def test_a_faulty_case_is_refused_by_every_command(
    name: str, command: Callable[..., Ended]
) -> None:
    verbs = ["check", "plan"]
    if name == "near-and-inland-ports":  # of paths nothing but a plan takes notice
        verbs += ["run", "ranges", "site"]
        with pytest.raises(BadInput):
            read_case(FOUND / name)
    for verb in verbs:
        ended = command(verb, "--case", FOUND / name)
        assert ended.code == 2
        assert ended.err.endswith("nothing was written\n")
