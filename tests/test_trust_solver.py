"""The solver is not trusted: its word counts as far as the certificate proves it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.sparse import csc_array

from model.solve.canaries import CANARIES
from model.solve.program import Program
from model.solve.session import Session
from model.solve.solution import Solution, Status
from model.solve.solver_limits import UnfitProgram
from model.solve.solver_trust import SolverRefused, require_sound_search, require_version
from tests.conftest import Ended
from tests.support.claimed import claim_with_gap

SOLVER = require_version()
Command = Callable[..., Ended]
honest_solve = Session.solve


def program(**changes: Any) -> Program:
    """min 2 x + 3 y  subject to  4 ≤ x + y ≤ 9,  0 ≤ x, y ≤ 10."""
    plain = Program(
        cost=np.array([2.0, 3.0]),
        lower=np.zeros(2),
        upper=np.full(2, 10.0),
        matrix=csc_array([[1.0, 1.0]]),
        row_lower=np.array([4.0]),
        row_upper=np.array([9.0]),
    )
    return replace(plain, **changes)


# Numbers that the solver would misread

UNFIT = {
    "a cost of nan": {"cost": np.array([2.0, np.nan])},
    "a cost of 1e+20": {"cost": np.array([1e20, 3.0])},
    "a cost of inf": {"cost": np.array([np.inf, 3.0])},
    "a bound of nan": {"upper": np.array([np.nan, 10.0])},
    "a bound of 1e+20": {"row_upper": np.array([1e20])},
    "a bound of -1e+30": {"lower": np.array([0.0, -1e30])},
    "a coefficient of nan": {"matrix": csc_array([[1.0, np.nan]])},
    "a coefficient of 1e-09": {"matrix": csc_array([[1.0, 1e-9]])},
    "a coefficient of 1e+15": {"matrix": csc_array([[1.0, 1e15]])},
}


@pytest.mark.parametrize(("found", "change"), UNFIT.items(), ids=UNFIT.keys())
def test_a_number_that_would_be_misread_never_reaches_the_solver(
    found: str, change: dict[str, Any]
) -> None:
    with pytest.raises(UnfitProgram, match=f"^{found.replace('+', '.')} may not be solved with; "):
        Session(program(**change))


def test_nor_does_it_when_a_session_is_changed() -> None:
    session = Session(program())
    one = np.ones(1)
    nan, column = np.array([np.nan]), csc_array([[1.0]])
    with pytest.raises(UnfitProgram, match="a cost of nan"):
        session.set_costs(nan, np.array([0]))
    with pytest.raises(UnfitProgram, match="a bound of nan"):
        session.set_column_bounds(nan, one, np.array([0]))
    with pytest.raises(UnfitProgram, match=r"a bound of 1e.20"):
        session.set_row_bounds(one, one * 1e20)
    with pytest.raises(UnfitProgram, match="a cost of nan"):
        session.add_columns(nan, one, one, column)
    with pytest.raises(UnfitProgram, match="a bound of nan"):
        session.add_columns(one, one, nan, column)
    with pytest.raises(UnfitProgram, match="a coefficient of 1e-12"):
        session.add_columns(one, one, one, column * 1e-12)
    assert session.solve().objective == 8.0


def test_infinite_bounds_are_bounds() -> None:
    session = Session(program(upper=np.full(2, np.inf), row_upper=np.array([np.inf])))
    assert session.solve().objective == 8.0


# Whole numbers: no proof, so canaries

WHOLE = {"integer": np.array([True, False])}


@pytest.fixture
def untested() -> Any:
    """As if nobody had put the canaries to the solver yet."""
    require_sound_search.cache_clear()
    yield
    require_sound_search.cache_clear()


@pytest.mark.usefixtures("untested")
def test_the_installed_solver_may_be_asked_for_whole_numbers() -> None:
    assert Session(program(**WHOLE), presolve=True).solve().objective == 8.0


@pytest.mark.usefixtures("untested")
def test_a_solver_that_gets_a_canary_wrong_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = (*CANARIES[:-1], replace(CANARIES[-1], optimum=0.04))
    monkeypatch.setattr("model.solve.canaries.CANARIES", wrong)
    assert Session(program()).solve().objective == 8.0  # a linear program has its certificate
    with pytest.raises(SolverRefused) as refused:
        Session(program(**WHOLE))
    told = "HiGHS issue 3073: 0.03 instead of 0.04"
    assert str(refused.value) == (
        f"this solver gets small problems with whole numbers wrong ({told}; {told});"
        ' nothing was solved; run pip install --upgrade "highspy"'
    )


def test_an_older_solver_is_refused_at_the_start(
    command: Command, dantzig: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("highspy.Highs.version", lambda _: "1.14.0")
    ended = command("run", "--case", dantzig, "--out", "runs", "--json")
    assert ended.code == 1
    message = (
        "highspy 1.14.0 found; at least 1.15.1 is required, because older versions return wrong"
        ' optima on small siting problems; run pip install "highspy>=1.15.1"'
    )
    assert ended.json == {"scenario": "base", "status": "error", "error": message}
    assert ended.said == f"error: {message} (--debug shows where)\n"
    assert list(Path("runs").glob("*")) == []


# A solver that lies


def lie(monkeypatch: pytest.MonkeyPatch, tell: Callable[[Session, Solution], Solution]) -> None:
    """Let every answer of the solver pass through `tell`."""

    def solve(session: Session, **options: Any) -> Solution:
        return tell(session, honest_solve(session, **options))

    monkeypatch.setattr(Session, "solve", solve)


def refused(ended: Ended, message: str) -> None:
    """The run ended as a fault of the solver, and nothing was written."""
    message = f"{SOLVER} {message}; no result was written"
    assert ended.json == {"scenario": "base", "status": "error", "error": message}
    assert ended.code == 1
    assert list(Path("runs").glob("*")) == []


def test_a_plan_that_breaks_a_bound_is_no_answer(
    command: Command, dantzig: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The basis is right and would prove the optimum; the flows read out are not."""
    lie(monkeypatch, lambda _, answer: replace(answer, value=answer.value / 2))
    refused(
        command("run", "--case", dantzig, "--out", "runs", "--json"),
        "gave a plan that does not stand: demand_met[New York] is broken by 162.5 kt",
    )


def test_another_plan_than_the_proved_one_is_no_answer(
    command: Command, dantzig: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A feasible plan that ships from the dearer origin."""

    def dearer(_: Session, answer: Solution) -> Solution:
        value = answer.value.copy()
        value[-6:] = [300, 25, 275, 0, 300, 0]  # from San Diego and Seattle, sinks by name
        return replace(answer, value=value)

    lie(monkeypatch, dearer)
    refused(
        command("run", "--case", dantzig, "--out", "runs", "--json"),
        "gave a plan that does not stand: it costs 156.375 thousand CNY, the proved one 153.675",
    )


def wrong_costs(monkeypatch: pytest.MonkeyPatch, turn: Callable[[Any], Any]) -> None:
    """Give the solver other costs than the case has: its optimum is none of the case."""
    honest_start, honest_costs = Session.__init__, Session.set_costs

    def start(session: Session, program: Program, **options: Any) -> None:
        honest_start(session, replace(program, cost=turn(program.cost)), **options)

    def set_costs(session: Session, cost: Any, columns: Any = None) -> None:
        honest_costs(session, turn(cost), columns)

    monkeypatch.setattr(Session, "__init__", start)
    monkeypatch.setattr(Session, "set_costs", set_costs)


def test_a_plan_that_is_not_the_best_is_not_called_so(
    command: Command, dantzig: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong_costs(monkeypatch, lambda cost: -cost)
    ended = command("run", "--case", dantzig, "--out", "runs", "--json")
    assert ended.code == 1
    assert ended.json["error"].startswith(f"{SOLVER} called a plan optimal without a proof: ")
    assert list(Path("runs").glob("*")) == []


def test_a_gap_that_rounding_explains_is_said_and_not_called_optimal(
    command: Command, dantzig: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim_with_gap(monkeypatch, 2e-8)
    ended = command("run", "--case", dantzig, "--out", "runs", "--json")
    assert ended.code == 4
    assert ended.json["status"] == "limit"
    assert ended.said.startswith("base: feasible, gap 2e-06 %; not proved\n")
    folder = Path(ended.json["run"])
    assert '"status": "limit"' in (folder / "run.json").read_text()
    assert "proved optimal" not in (folder / "report.html").read_text()


def test_without_a_proof_there_is_no_infeasibility(
    command: Command, dantzig: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Infeasible it says at first, and then that five kt cannot but be missing."""
    answers = iter([Status.INFEASIBLE])

    def short(_: Session, answer: Solution) -> Solution:
        return replace(answer, status=next(answers, Status.OPTIMAL), objective=5.0)

    lie(monkeypatch, short)
    refused(
        command("run", "--case", dantzig, "--out", "runs", "--json"),
        "called the case infeasible without a proof: the weights do not show that no plan exists",
    )


def test_an_unbounded_program_or_a_solver_that_gives_up_writes_nothing(
    command: Command, dantzig: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for status in (Status.UNBOUNDED, Status.FAILED):
        lie(monkeypatch, lambda _, answer, status=status: replace(answer, status=status))
        ended = command("run", "--case", dantzig, "--out", "runs")
        assert ended.code == 1
        assert ended.said == (
            f"error: {SOLVER} ended as {status.value}; no result was written"
            " (--debug shows where)\n"
        )
    assert list(Path("runs").glob("*")) == []
