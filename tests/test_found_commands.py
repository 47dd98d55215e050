"""Every command on every input on which one went wrong: answered, or refused with a reason."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from model.case.errors import NoPlan
from model.reading.read_case import read_case
from model.studies.whatif.workspace import Workspace
from reports.explore.answers import Answers
from tests.conftest import Ended

FOUND = Path(__file__).parent / "data" / "found"
FOLDERS = sorted(path.name for path in FOUND.iterdir() if (path / "case.toml").is_file())
VARIES = """draws = 3
[[vary]]
name = "demand"
target = "sinks.demand_kt"
distribution = "uniform"
low = 0.9
high = 1.0
"""
REFUSED = {
    "site": "there is nothing to choose from",
    "plan": "it must ",
}


def questions(folder: Path) -> dict[str, list[str]]:
    case = read_case(folder)
    sink = case.sinks["sink"].iloc[0]
    origin = case.origins["origin"].iloc[0]
    return {
        "check": [],
        "run": ["--full"],
        "curve": ["--at", case.origins["region"].iloc[0], "--up-to", "5"],
        "ranges": ["--within", "2%"],
        "why": ["--", origin, sink],
        "site": ["--top", "2"],
        "plan": ["--max-projects", "1"],
        "sweep": ["draws.toml"],
    }


@pytest.mark.system
@pytest.mark.parametrize("name", FOLDERS)
def test_no_command_fails(name: str, command: Callable[..., Ended]) -> None:
    folder = FOUND / name
    Path("draws.toml").write_text(VARIES, encoding="utf-8")
    for verb, words in questions(folder).items():
        out = ["--out", "runs"] if verb != "check" else []
        ended = command(verb, "--case", folder, *out, *words)  # which verifies what it writes
        print(verb, ended.code, ended.err[-300:])
    workspace = Workspace(folder, Path("runs"))
    try:
        answer = Answers(workspace).quick({"texts": {}})
    except NoPlan:
        return
    assert "error" not in answer
