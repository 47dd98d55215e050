"""The best whole answers of a program: our own tree first, the solver's search where it is large.

An incumbent is never thrown away: what one search found bounds the next, and is what is left where
the time runs out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

import numpy as np
from scipy.sparse import csc_array

from model.arrays import Floats, Integers
from model.case.errors import SolverFailed
from model.solve.branching import branch
from model.solve.core import Core
from model.solve.deadline import Deadline
from model.solve.highs import SOLVER
from model.solve.losses import Losses
from model.solve.outcome import TIME, CutShort, Impossible, Outcome, Proved, answer_of
from model.solve.program import Program
from model.solve.rows import Row, other_than, with_rows
from model.solve.session import Session
from model.solve.solution import Solution, Status

MOST_NODES = 1500
"""Linear programs that a tree may take before the solver's own search is called."""
OTHER_SEED = 20240229
SMALL_COST = 1e-6
"""Reduced cost up to which a column may take any value."""
WHOLE = 1e-6
"""How far a bound may lie from a whole number and be one."""


def search(
    program: Program,
    answers: slice,
    deadline: Deadline,
    *,
    cutoff: float = np.inf,
    most_nodes: int = MOST_NODES,
    is_rounding: bool = False,
    losses: Losses | None = None,
) -> Outcome[Solution]:
    """Search all whole answers that cost less than `cutoff`, with gap 0 asked for.

    Parameters
    ----------
    most_nodes : linear programs after which the solver's own search takes over
    is_rounding : whether the relaxed answers are rounded first, so that there are some early
    losses : what earlier searches with these answers have seen, and this one adds to

    Raises
    ------
    SolverFailed
    """
    relaxed = replace(program, integer=None)
    core = Core(
        relaxed, answers, integer=program.integer, time_limit_s=deadline.left_s, losses=losses
    )
    return search_in(core, deadline, cutoff=cutoff, most_nodes=most_nodes, is_rounding=is_rounding)


def search_in(
    core: Core,
    deadline: Deadline,
    *,
    cutoff: float = np.inf,
    most_nodes: int = MOST_NODES,
    is_rounding: bool = False,
    tried: Iterable[Floats] = (),
    besides: Collection[Floats] = (),
) -> Outcome[Solution]:
    """The same in a warm program.

    Parameters
    ----------
    tried : answers to begin with
    besides : answers that do not count
    """
    first = branch(
        core,
        most_nodes,
        deadline,
        cutoff=cutoff,
        is_rounding=is_rounding,
        tried=tried,
        besides=besides,
    ).first
    if not isinstance(first, CutShort) or deadline.has_passed:
        return first
    integer = np.zeros(len(core.program.cost), bool)
    integer[core.questions] = True
    program = replace(core.program, integer=integer)
    rows = [other_than(len(program.cost), core.answers, answers) for answers in besides]
    if np.isfinite(cutoff):
        rows += [Row(program.cost, most=cutoff - program.offset_kcny)]
    second = solver_search(with_rows(program, rows), core.answers, deadline)
    if isinstance(second, Impossible) and first.found is not None:
        raise SolverFailed(f"{SOLVER} finds no answer where one is known; no result was written")
    return _together(first, second) if isinstance(second, CutShort) else second


def second_search(
    program: Program,
    answers: slice,
    deadline: Deadline,
    *,
    cutoff: float,
    spare: slice | Integers = slice(0),
) -> Outcome[Solution]:
    """The question put to the solver alone, without presolve, with another seed.

    It need not look where the relaxation tells that nothing costs less than `cutoff`.

    Parameters
    ----------
    spare : rows that whole answers keep in any case; those that do not bind the relaxation are
        left out
    """
    relaxed = replace(program, integer=None)
    root = Session(relaxed, seed=OTHER_SEED).solve(time_limit_s=deadline.left_s)
    if root.status is Status.OPTIMAL:
        program = _without_slack(_narrowed(program, root, answers, cutoff), root, spare)
    return solver_search(program, answers, deadline, presolve=False, seed=OTHER_SEED, cutoff=cutoff)


def _narrowed(program: Program, root: Solution, answers: slice, cutoff: float) -> Program:
    """The program without answers and flows that reduced costs alone make as dear as `cutoff`."""
    room, cost = cutoff - root.objective, root.reduced_cost
    lower, upper = program.lower.copy(), program.upper.copy()
    up, down = cost > SMALL_COST, cost < -SMALL_COST
    upper[up] = np.minimum(upper[up], lower[up] + room / cost[up])
    lower[down] = np.maximum(lower[down], upper[down] + room / cost[down])
    lower[answers] = np.ceil(lower[answers] - WHOLE)
    upper[answers] = np.floor(upper[answers] + WHOLE)
    return replace(program, lower=lower, upper=upper)


def _without_slack(program: Program, root: Solution, spare: slice | Integers) -> Program:
    """The program without those of some rows that do not bind."""
    kept = np.ones(len(program.row_lower), bool)
    kept[spare] = root.row_dual[spare] != 0
    return replace(
        program,
        matrix=csc_array(program.matrix[np.flatnonzero(kept)]),
        row_lower=program.row_lower[kept],
        row_upper=program.row_upper[kept],
    )


def solver_search(
    program: Program,
    answers: slice,
    deadline: Deadline,
    *,
    presolve: bool = True,
    seed: int = 0,
    cutoff: float = np.inf,
) -> Outcome[Solution]:
    """The solver's own branch and cut; answers rounded, and the rest solved again under them."""
    session = Session(_whole_numbers(program, answers), presolve=presolve, seed=seed)
    session.look_below(cutoff)
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


def _whole_numbers(program: Program, answers: slice) -> Program:
    """The program whose answers are whole, if it does not say itself what is."""
    if program.integer is not None:
        return program
    integer = np.zeros(len(program.cost), bool)
    integer[answers] = True
    return replace(program, integer=integer)


def _rounded(program: Program, answers: slice, solution: Solution) -> Solution:
    """The least cost under a solution's answers, which it gives within a tolerance."""
    lower, upper = program.lower.copy(), program.upper.copy()
    whole = np.zeros(len(lower), bool) if program.integer is None else program.integer.copy()
    whole[answers] = True
    lower[whole] = upper[whole] = np.round(solution.value[whole])
    given = replace(program, lower=lower, upper=upper, integer=None)
    found = Session(given).solve()
    if found.status is not Status.OPTIMAL:
        raise SolverFailed(
            f"{SOLVER} gave answers that do not stand ({found.status.value}); no result was written"
        )
    return found


def _together(first: CutShort[Solution], second: CutShort[Solution]) -> CutShort[Solution]:
    """The better answer and the better bound of two searches of one program."""
    answers = [answer for answer in (answer_of(first), answer_of(second)) if answer is not None]
    best = min(answers, key=lambda answer: answer.objective, default=None)
    return CutShort(best, max(first.bound, second.bound), second.reason)
