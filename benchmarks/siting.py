"""Siting: the OR-Library's warehouses against HiGHS on the same formulation, and the base case.

Both answer in this process, several times in turn; medians are added up. The published
problems lie outside this project: `ANODE_INSTANCES` names their folder. Targets: at most 1.5 times
HiGHS, with the optimum proved; the base case with 30 projects, ten best sets and frontiers in
seconds.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import pandas as pd

from model.case.case import Case
from model.reading.read_case import read_case
from model.solve.outcome import Outcome, Proved
from model.solve.session import Session
from model.solve.solution import Solution
from model.studies.siting.budget_frontier import budget_frontier
from model.studies.siting.choice import Choice
from model.studies.siting.formulation import Formulation
from model.studies.siting.number_frontier import number_frontier
from model.studies.siting.problem import SitingProblem, pose
from model.studies.siting.ranking import best_sets
from model.studies.siting.requirements import Requirements
from tests.support.published import FOLDER
from tests.support.siting_cases import warehouse_case

ROOT = Path(__file__).resolve().parents[1]
NAMES = [f"cap{number}" for number in (41, 42, 43, 44, 51, 61, 62, 63, 64)]
TIMES = 5
BUDGETS_MCNY = (1000.0, 2000.0, 4000.0)

T = TypeVar("T")


def seconds(answer: Callable[[], T]) -> tuple[float, T]:
    """How long a call takes, and what it gives."""
    started = time.perf_counter()
    found = answer()
    return time.perf_counter() - started, found


def by_highs(formulation: Formulation) -> Solution:
    """The solver's own search on the same program."""
    return Session(formulation.program, presolve=True).solve()


def proved(outcome: Outcome[Choice]) -> Proved[Choice]:
    """An outcome that must be the best."""
    assert isinstance(outcome, Proved)
    return outcome


def from_case(case: Case) -> Proved[Choice]:
    """All that siting does: formulate a case, choose."""
    return proved(pose(case).choose())


def top_ten(problem: SitingProblem) -> list[Choice]:
    """The ten best sets."""
    return [proved(outcome).best for outcome in best_sets(problem, 10)]


def frontiers(problem: SitingProblem) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Cost against budget, and against number."""
    return budget_frontier(problem).rows, number_frontier(problem).rows


def warehouses() -> None:
    """Add up the medians of all problems."""
    folder = FOLDER / "warehouse"
    if not folder.is_dir():
        print(f"warehouses: no {folder}; set ANODE_INSTANCES")
        return
    totals = {"HiGHS": 0.0, "choice": 0.0, "case to choice": 0.0}
    for name in NAMES:
        case = warehouse_case(folder / f"{name}.txt")
        formulation = pose(case).formulation
        taken: dict[str, list[float]] = {what: [] for what in totals}
        for _ in range(TIMES):
            spent, solution = seconds(partial(by_highs, formulation))
            taken["HiGHS"].append(spent)
            spent, choice = seconds(lambda: proved(formulation.choose()))  # noqa: B023
            taken["choice"].append(spent)
            spent, _ = seconds(partial(from_case, case))
            taken["case to choice"].append(spent)
        assert abs(solution.objective - choice.best.cost_kcny) < 1e-3
        assert abs(choice.bound - choice.best.cost_kcny) < 1e-3
        for what, spans in taken.items():
            totals[what] += statistics.median(spans)
    for what, total in totals.items():
        ratio = total / totals["HiGHS"]
        print(f"cap41-cap64, {what:15} {total:6.3f} s  ({ratio:.2f} x HiGHS; target: at most 1.5)")


def base() -> None:
    """Time the bundled case at three budgets."""
    case = read_case(ROOT / "data" / "prebaked_2024")
    for budget in BUDGETS_MCNY:
        spent, problem = seconds(partial(pose, case, Requirements(budget_mcny=budget)))
        ranked, sets = seconds(partial(top_ten, problem))
        walked, steps = seconds(partial(frontiers, problem))
        print(
            f"base, budget {budget:5.0f} MCNY: formulated {spent:.2f} s, {len(sets)} best sets "
            f"{ranked:.2f} s, frontiers of {len(steps[0])} and {len(steps[1])} steps {walked:.2f} s"
        )


def main() -> None:
    """Measure and print."""
    warehouses()
    base()


if __name__ == "__main__":
    main()
