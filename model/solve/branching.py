"""Branch and bound on a warm linear program: a few re-solves, where the relaxation is tight.

Each node fixes some answers and re-solves from the last basis; the relaxation of a node bounds all
below it. The tree ends with a proof, or is cut short by a number of nodes or by the time.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from model.arrays import Floats, Integers
from model.solve.core import Core, Memory
from model.solve.deadline import Deadline
from model.solve.highs import Solution, Status
from model.solve.outcome import TIME, CutShort, Impossible, Outcome, Proved
from model.solve.program import Program

INTEGRAL = 1e-6
"""How far an answer may lie from a whole number to be tried as one: rounded, and solved again."""
SAME_COST = 1e-9
"""Part by which two costs may differ and be the same."""
NODES = "the number of nodes"
SOLVER = "the solver"


@dataclass(frozen=True)
class _Node:
    """Answers left open between bounds, and what nothing below them undercuts.

    Attributes
    ----------
    question, is_yes, rounded : the answer that was given last, and by how much that rounded it
    """

    bound: float
    lower: Floats
    upper: Floats
    question: int = -1
    is_yes: bool = False
    rounded: float = 0.0


_Bounds = dict[tuple[int, bool], float]
"""What nothing below an answer to a question undercuts, by question and answer."""


class _Losses:
    """What giving an answer has cost so far, for each unit by which it was rounded.

    References
    ----------
    M. Benichou et al., Experiments in mixed-integer linear programming, Mathematical Programming 1
    (1971): pseudo-costs.
    """

    def __init__(self, answers: int) -> None:
        self.sum = np.zeros((2, answers))
        self.count = np.zeros((2, answers))

    def learn(self, node: _Node, objective: float) -> None:
        """Take note of what the last answer of a node has cost."""
        if node.rounded > INTEGRAL and np.isfinite(node.bound):
            self.add(node.question, node.is_yes, (objective - node.bound) / node.rounded)

    def add(self, question: int, is_yes: bool, loss: float) -> None:
        """Add what one answer has cost for each unit."""
        self.sum[int(is_yes), question] += max(loss, 0.0)
        self.count[int(is_yes), question] += 1

    def unknown(self, open_: Integers, value: Floats) -> Integers:
        """Open questions to which some answer was never tried, the least decided first."""
        fresh: Integers = open_[(self.count[:, open_] == 0).any(axis=0)]
        order = np.argsort(np.abs(value[fresh] - 0.5), kind="stable")
        return np.asarray(fresh[order])

    def question(self, value: Floats, open_: Integers) -> int:
        """The open question both of whose answers are likely to cost most."""
        known = self.count.sum(axis=1, keepdims=True)
        mean = np.where(known > 0, self.sum.sum(axis=1, keepdims=True) / np.maximum(known, 1), 1.0)
        unit = np.where(self.count > 0, self.sum / np.maximum(self.count, 1), mean)
        no, yes = unit[0, open_] * value[open_], unit[1, open_] * (1.0 - value[open_])
        return int(open_[np.argmax(np.maximum(no, SAME_COST) * np.maximum(yes, SAME_COST))])


@dataclass
class _Tree:
    """The nodes that wait, the best answers so far, and what closed nodes prove."""

    session: Core
    answers: slice
    deadline: Deadline
    cutoff: float
    probes: int
    waiting: list[_Node]
    best: Solution | None = None
    bound: float = np.inf
    nodes: int = 0
    columns: np.ndarray = field(init=False)
    losses: _Losses = field(init=False)

    def __post_init__(self) -> None:
        self.columns = np.arange(self.answers.start, self.answers.stop)
        self.losses = _Losses(len(self.columns))

    def solve(self, lower: Floats, upper: Floats) -> Solution:
        self.nodes += 1
        self.session.set_column_bounds(lower, upper, self.columns)
        return self.session.solve(time_limit_s=self.deadline.left_s)

    def is_beaten(self, bound: float) -> bool:
        """Whether nothing with this bound costs less than the best answers, or than the cutoff."""
        if self.best is None:
            return bound >= self.cutoff
        cost = min(self.best.objective, self.cutoff)
        return bound >= cost - SAME_COST * (1.0 + abs(cost))

    def close(self, bound: float) -> None:
        """Nothing below a node costs less than its bound."""
        self.bound = min(self.bound, bound)

    def take(self, rounded: Floats) -> None:
        """Solve with whole answers; keep them if they are the best so far."""
        whole = self.solve(rounded, rounded)
        best = self.cutoff if self.best is None else self.best.objective
        if whole.status is Status.OPTIMAL and whole.objective < best:
            self.best = whole

    def cut_short(self, reason: str, at: _Node) -> CutShort[Solution]:
        """What is known when the search ends with a node open."""
        opened = min([at.bound, *(node.bound for node in self.waiting)])
        cost = np.inf if self.best is None else self.best.objective
        return CutShort(self.best, min(self.bound, opened, cost), reason)

    def split(self, node: _Node, solution: Solution) -> None:
        """Put both answers to one open question among the nodes that wait, the likelier last."""
        value = solution.value[self.answers]
        away = np.abs(value - np.round(value))
        if away.max(initial=0.0) <= INTEGRAL:
            self.take(np.round(value))
            if self.is_beaten(solution.objective):
                self.close(solution.objective)
                return
        node = self.fixed(node, solution)
        left, open_ = np.flatnonzero(node.lower < node.upper), np.flatnonzero(away > INTEGRAL)
        if not len(left):
            return
        bounds: _Bounds = {}
        if self.probes:
            if self.best is None:
                self.try_rounded(node, value)
            bounds = self.probe(node, solution, open_)
        question = self.losses.question(value, open_) if len(open_) else int(left[0])
        children = [self.child(node, solution, question, yes, bounds) for yes in (False, True)]
        self.waiting += children if value[question] >= 0.5 else children[::-1]

    def try_rounded(self, node: _Node, value: Floats) -> None:
        """Take some answers early, so that there are any where the time runs out."""
        for rounded in (np.floor(value + INTEGRAL), np.round(value), np.ceil(value - INTEGRAL)):
            if self.best is None and not self.deadline.has_passed:
                self.take(np.clip(rounded, node.lower, node.upper))

    def child(
        self, node: _Node, solution: Solution, question: int, is_yes: bool, bounds: _Bounds
    ) -> _Node:
        """The node with one more answer; one that was probed has taught its loss already."""
        lower, upper = node.lower.copy(), node.upper.copy()
        lower[question] = upper[question] = float(is_yes)
        known = bounds.get((question, is_yes))
        bound = solution.objective if known is None else max(known, solution.objective)
        away = abs(float(solution.value[self.answers][question]) - is_yes)
        return _Node(bound, lower, upper, question, is_yes, away if known is None else 0.0)

    def fixed(self, node: _Node, solution: Solution) -> _Node:
        """The node without answers whose reduced cost alone makes them dearer than the best."""
        if self.best is None:
            return node
        room = self.best.objective - solution.objective
        value, cost = solution.value[self.answers], solution.reduced_cost[self.answers]
        no, yes = (cost > room) & (value <= INTEGRAL), (cost < -room) & (value >= 1 - INTEGRAL)
        lower, upper = np.where(yes, node.upper, node.lower), np.where(no, node.lower, node.upper)
        return replace(node, lower=lower, upper=upper)

    def probe(self, node: _Node, solution: Solution, open_: Integers) -> _Bounds:
        """Solve under both answers to some questions of which too little is known.

        References
        ----------
        T. Achterberg, T. Koch, A. Martin, Branching rules revisited, Operations Research Letters 33
        (2005): reliability branching.
        """
        found: _Bounds = {}
        cost = self.cutoff if self.best is None else self.best.objective
        for question in self.losses.unknown(open_, solution.value[self.answers])[: self.probes]:
            for is_yes in (False, True):
                child = self.child(node, solution, int(question), is_yes, {})
                solved = self.solve(child.lower, child.upper)
                if solved.status not in (Status.OPTIMAL, Status.INFEASIBLE):
                    return found
                is_feasible = solved.status is Status.OPTIMAL
                bound = found[int(question), is_yes] = solved.objective if is_feasible else np.inf
                if np.isfinite(loss := min(bound, cost) - solution.objective):
                    self.losses.add(int(question), is_yes, loss / child.rounded)
        return found


def branch(
    program: Program,
    answers: slice,
    most_nodes: int,
    deadline: Deadline,
    *,
    cutoff: float = np.inf,
    probes: int = 0,
    memory: Memory | None = None,
) -> Outcome[Solution]:
    """Search all whole answers that cost less than `cutoff`.

    Parameters
    ----------
    program : without integrality; columns `answers` lie between 0 and 1
    most_nodes : linear programs after which the search is cut short
    probes : questions of a node whose answers are tried before one is chosen
    memory : of programs like this one
    """
    root = _Node(-np.inf, program.lower[answers], program.upper[answers])
    columns = np.arange(answers.start, answers.stop)
    session = Core(program, columns, memory=memory, time_limit_s=deadline.left_s)
    tree = _Tree(session, answers, deadline, cutoff, probes, [root])
    while tree.waiting:
        node = tree.waiting.pop()
        if tree.is_beaten(node.bound):
            tree.close(node.bound)
            continue
        if deadline.has_passed:
            return tree.cut_short(TIME, node)
        solution = tree.solve(node.lower, node.upper)
        if solution.status is Status.INFEASIBLE:
            continue
        if solution.status is Status.LIMIT:
            return tree.cut_short(TIME, node)
        if solution.status is not Status.OPTIMAL:
            return tree.cut_short(SOLVER, node)
        tree.losses.learn(node, solution.objective)
        if tree.nodes > most_nodes:
            return tree.cut_short(NODES, node)
        if tree.is_beaten(solution.objective):
            tree.close(solution.objective)
        else:
            tree.split(node, solution)
    if tree.best is None:
        return Impossible()
    return Proved(tree.best, min(tree.bound, tree.best.objective))
