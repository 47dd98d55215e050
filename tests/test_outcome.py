"""What is not proved cannot be used where proof is needed: the type checker refuses it."""

from __future__ import annotations

from pathlib import Path

import pytest
from mypy import api

from model.solve.deadline import NEVER, Deadline
from model.solve.outcome import TIME, CutShort, Impossible, Proved, answer_of, bound_of

ROOT = Path(__file__).parents[1]
PROGRAM = """
from model.solve.outcome import Outcome, Proved, answer_of

def taken_apart(outcome: Outcome[int]) -> int:
    return outcome.best if isinstance(outcome, Proved) else 0

def not_taken_apart(outcome: Outcome[int]) -> int:
    return outcome.best

def whole(outcome: Outcome[int]) -> Proved[int]:
    return outcome

def at_hand(outcome: Outcome[int]) -> int:
    return answer_of(outcome)
"""
COMPLAINTS = {
    8: ['Item "CutShort[int]"', 'Item "Impossible"'],
    11: ["Incompatible return value type"],
    14: ["Incompatible return value type"],
}


def test_only_a_proved_answer_can_be_used_as_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(ROOT)
    cache = f"--cache-dir={tmp_path}"
    told, _, code = api.run(["--config-file=", "--strict", cache, "-c", PROGRAM.lstrip("\n")])
    lines = [line for line in told.splitlines() if ": error:" in line]
    expected = [(number - 1, text) for number, texts in COMPLAINTS.items() for text in texts]
    assert len(lines) == len(expected), told
    for line, (number, text) in zip(lines, expected, strict=True):
        assert line.startswith(f"<string>:{number}: error: {text}")
    assert code == 1


def test_an_answer_at_hand_may_be_unproved_and_a_bound_says_how_far() -> None:
    assert (answer_of(Proved(3, 3.0)), bound_of(Proved(3, 3.0))) == (3, 3.0)
    assert (answer_of(CutShort(4, 2.5, TIME)), bound_of(CutShort(4, 2.5, TIME))) == (4, 2.5)
    assert answer_of(CutShort[int](None, float("-inf"), TIME)) is None
    assert (answer_of(Impossible()), bound_of(Impossible())) == (None, float("inf"))


def test_a_deadline_passes_and_none_never_does() -> None:
    assert Deadline.after(0.0).has_passed
    assert Deadline.after(0.0).left_s == 0.0
    assert not Deadline.after(100.0).has_passed
    assert 99.0 < (Deadline.after(100.0).left_s or 0.0) <= 100.0
    assert NEVER.left_s is None
    assert not NEVER.has_passed
