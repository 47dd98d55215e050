"""The best whole answers of a program: our own tree first, the solver's search where it is large.

An incumbent is never thrown away: what one search found bounds the next, and is what is left where
the time runs out.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from model.case.errors import SolverFailed
from model.solve.branching import branch
from model.solve.core import Memory
from model.solve.deadline import Deadline
from model.solve.highs import SOLVER, Session, Solution, Status
from model.solve.outcome import TIME, CutShort, Impossible, Outcome, Proved, answer_of
from model.solve.program import Program
from model.solve.rows import Row, with_rows

MOST_NODES = 1500
"""Linear programs that a tree may take before the solver's own search is called."""
OTHER_SEED = 20240229


def search(
    program: Program,
    answers: slice,
    deadline: Deadline,
    *,
    cutoff: float = np.inf,
    most_nodes: int = MOST_NODES,
    probes: int = 0,
    memory: Memory | None = None,
) -> Outcome[Solution]:
    """Search all whole answers that cost less than `cutoff`, with gap 0 asked for.

    Parameters
    ----------
    most_nodes : linear programs after which the solver's own search takes over
    probes : questions of a node whose answers are tried before one is chosen
    memory : of programs like this one

    Raises
    ------
    SolverFailed
    """
    relaxed = replace(program, integer=None)
    first = branch(
        relaxed, answers, most_nodes, deadline, cutoff=cutoff, probes=probes, memory=memory
    )
    if not isinstance(first, CutShort) or deadline.has_passed:
        return first
    below = [Row(program.cost, most=cutoff)] if np.isfinite(cutoff) else []
    second = solver_search(with_rows(program, below), answers, deadline)
    if isinstance(second, Impossible) and first.found is not None:
        raise SolverFailed(f"{SOLVER} finds no answer where one is known; no result was written")
    return _together(first, second) if isinstance(second, CutShort) else second


def second_search(program: Program, answers: slice, deadline: Deadline) -> Outcome[Solution]:
    """The same question put to the solver alone, without presolve, with another seed."""
    return solver_search(program, answers, deadline, presolve=False, seed=OTHER_SEED)


def solver_search(
    program: Program,
    answers: slice,
    deadline: Deadline,
    *,
    presolve: bool = True,
    seed: int = 0,
) -> Outcome[Solution]:
    """The solver's own branch and cut; answers rounded, and the rest solved again under them."""
    session = Session(program, presolve=presolve, seed=seed)
    solution = session.solve(time_limit_s=deadline.left_s)
    if solution.status is Status.INFEASIBLE:
        return Impossible()
    if solution.status is Status.OPTIMAL:
        return Proved(_rounded(program, answers, solution), solution.bound)
    if solution.status is Status.LIMIT:
        has_answer = np.isfinite(solution.objective) and len(solution.value) == len(program.cost)
        found = _rounded(program, answers, solution) if has_answer else None
        return CutShort(found, solution.bound, TIME)
    raise SolverFailed(f"{SOLVER} ended as {solution.status.value}; no result was written")


def _rounded(program: Program, answers: slice, solution: Solution) -> Solution:
    """The least cost under a solution's answers, which it gives within a tolerance."""
    lower, upper = program.lower.copy(), program.upper.copy()
    lower[answers] = upper[answers] = np.round(solution.value[answers])
    given = replace(program, lower=lower, upper=upper, integer=None)
    whole = Session(given).solve()
    if whole.status is not Status.OPTIMAL:
        raise SolverFailed(
            f"{SOLVER} gave answers that do not stand ({whole.status.value}); no result was written"
        )
    return whole


def _together(first: CutShort[Solution], second: CutShort[Solution]) -> CutShort[Solution]:
    """The better answer and the better bound of two searches of one program."""
    answers = [answer for answer in (answer_of(first), answer_of(second)) if answer is not None]
    best = min(answers, key=lambda answer: answer.objective, default=None)
    return CutShort(best, max(first.bound, second.bound), second.reason)
