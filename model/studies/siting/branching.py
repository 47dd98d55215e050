"""Branch and bound on a warm linear program: a few re-solves, where the relaxation is tight.

Each node fixes some answers and re-solves from the last basis; the relaxation of a node bounds all
below it. The tree ends with a proof, or gives up after a number of nodes and leaves the program to
the solver's own search.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from model.arrays import Floats
from model.solve.highs import Session, Solution, Status
from model.solve.program import Program

INTEGRAL = 1e-6
"""How far an answer may lie from a whole number to be tried as one: rounded, and solved again."""
SAME_COST = 1e-9
"""Part by which two costs may differ and be the same."""


@dataclass(frozen=True)
class Branched:
    """The best answers of a tree that was searched to its end; none where there is no plan.

    Attributes
    ----------
    solution : the program's, with the answers fixed at whole numbers
    bound : no answers cost less
    nodes : linear programs solved
    """

    solution: Solution | None
    bound: float
    nodes: int


class _Tree:
    def __init__(self, program: Program, answers: slice) -> None:
        self.session = Session(program)
        self.answers = answers
        self.columns = np.arange(answers.start, answers.stop)
        self.best: Solution | None = None
        self.bound = np.inf
        self.nodes = 0

    def solve(self, lower: Floats, upper: Floats) -> Solution:
        self.nodes += 1
        self.session.set_column_bounds(lower, upper, self.columns)
        return self.session.solve()

    def is_beaten(self, bound: float) -> bool:
        """Whether the best answers found cost no more than anything with this bound."""
        if self.best is None:
            return False
        cost = self.best.objective
        return bound >= cost - SAME_COST * (1.0 + abs(cost))

    def close(self, bound: float) -> None:
        """Nothing below a node costs less than its bound."""
        self.bound = min(self.bound, bound)

    def take(self, rounded: Floats) -> Solution:
        """Solve with whole answers; keep them if they are the best so far."""
        whole = self.solve(rounded, rounded)
        is_better = self.best is None or whole.objective < self.best.objective
        if whole.status is Status.OPTIMAL and is_better:
            self.best = whole
        return whole


def branch(
    program: Program, answers: slice, most_nodes: int, time_limit_s: float | None = None
) -> Branched | None:
    """Search all whole answers; None where that takes more nodes or time, or the solver fails.

    Parameters
    ----------
    program : without integrality; columns `answers` lie between 0 and 1
    """
    tree = _Tree(program, answers)
    deadline = np.inf if time_limit_s is None else time.monotonic() + time_limit_s
    waiting = [(-np.inf, program.lower[answers], program.upper[answers])]
    while waiting:
        bound, lower, upper = waiting.pop()
        if tree.is_beaten(bound):
            tree.close(bound)
            continue
        node = tree.solve(lower, upper)
        if node.status is Status.INFEASIBLE:
            continue
        if node.status is not Status.OPTIMAL or tree.nodes > most_nodes:
            return None
        if time.monotonic() > deadline:
            return None
        if tree.is_beaten(node.objective):
            tree.close(node.objective)
            continue
        value = node.value[answers]
        away = np.abs(value - np.round(value))
        if away.max(initial=0.0) <= INTEGRAL:
            tree.take(np.round(value))
            if tree.is_beaten(node.objective):
                tree.close(node.objective)
                continue
        split = int(np.argmax(away)) if away.max(initial=0.0) > 0 else _open(lower, upper)
        if split is None:
            continue
        waiting += _children(node.objective, lower, upper, split, value[split])
    cost = np.inf if tree.best is None else tree.best.objective
    return Branched(tree.best, min(tree.bound, cost), tree.nodes)


def _open(lower: Floats, upper: Floats) -> int | None:
    """An answer that a node leaves open."""
    left = np.flatnonzero(lower < upper)
    return int(left[0]) if len(left) else None


def _children(
    bound: float, lower: Floats, upper: Floats, split: int, value: float
) -> list[tuple[float, Floats, Floats]]:
    """Both answers to one question, the likelier last: it is looked at first."""
    no, yes = upper.copy(), lower.copy()
    no[split], yes[split] = 0.0, 1.0
    children = [(bound, lower, no), (bound, yes, upper)]
    return children if value >= 0.5 else children[::-1]
