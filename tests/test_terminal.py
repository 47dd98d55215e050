"""What commands say and return."""

from __future__ import annotations

import pytest

from model.case.errors import BadInput, Fault
from model.studies.steps import begin, count, counted
from reports.terminal.console import ExitCode, exit_code_of, explain, progress, worst


@pytest.mark.parametrize(
    ("statuses", "code"),
    [
        ([], ExitCode.PROVED),
        (["optimal", "optimal"], ExitCode.PROVED),
        (["optimal", "infeasible"], ExitCode.INFEASIBLE),
        (["infeasible", "limit", "optimal"], ExitCode.LIMIT),
        (["limit", "error", "infeasible"], ExitCode.FAULT),
    ],
)
def test_of_several_runs_the_worst_counts(statuses: list[str], code: ExitCode) -> None:
    assert worst(statuses) is code


def test_bad_input_is_told_fault_by_fault(capsys: pytest.CaptureFixture[str]) -> None:
    error = BadInput([Fault("a.csv:2:x", '"-1"', "must be at least 0", "write 0 or more")])
    assert exit_code_of(error) is ExitCode.BAD_INPUT
    line = 'a.csv:2:x: "-1" found; must be at least 0; write 0 or more'
    assert explain(error) == {"status": "refused", "faults": [line]}
    assert capsys.readouterr().err == f"{line}\n1 fault; nothing was written\n"


def test_another_error_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    error = RuntimeError("two\n  lines")
    assert exit_code_of(error) is ExitCode.FAULT
    assert explain(error) == {"status": "error", "error": "two lines"}
    assert capsys.readouterr().err == "error: two lines (--debug shows where)\n"
    explain(KeyError())
    assert capsys.readouterr().err == "error: KeyError (--debug shows where)\n"


def test_progress_in_a_log_tells_only_what_took_long(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    moments = iter([0.0, 0.9, 10.0, 12.34])
    monkeypatch.setattr("reports.terminal.console.time.monotonic", lambda: next(moments))
    with progress("Short"):
        pass
    with progress("Long"):
        pass
    assert capsys.readouterr().err == "Long: 2.3 s\n"


def test_progress_in_a_log_tells_the_step_that_is_under_way_when_the_last_took_long(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = [0.0]
    monkeypatch.setattr("reports.terminal.console.time.monotonic", lambda: now[0])
    names = ["best sets", "regret", "cost against budget"]
    with progress("Choosing"):
        begin("table", names, 0)
        now[0] = 3.0
        begin("table", names, 1)
        now[0] = 4.0
        count(2, 1500, "future")
        now[0] = 6.0
        count(1400, 1500, "future")
        begin("table", names, 2)
    begin("table", names, 0)
    assert capsys.readouterr().err == (
        "  table 2 of 3: regret; then cost against budget\n"
        "  table 2 of 3: regret; then cost against budget · future 1,400 of 1,500\n"
        "Choosing: 6.0 s\n"
    )


def test_parts_are_handed_on_as_they_are_counted() -> None:
    assert list(counted(iter("abc"), "letter", 2)) == ["a", "b", "c"]
    assert list(counted(iter("a"), "letter", 3)) == ["a"]


def test_progress_on_a_terminal_shows_what_is_under_way(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("FORCE_COLOR", "1")
    with progress("Solving base"):
        pass
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Solving base" in captured.err
