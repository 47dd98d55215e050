"""Branch and bound on a warm linear program: a few re-solves, where the relaxation is tight.

Each node fixes some answers and re-solves from the last basis; the relaxation of a node bounds all
below it. The tree ends with a proof, or is cut short by a number of nodes or by the time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import compress

import numpy as np

from model.arrays import Floats
from model.solve.core import Core
from model.solve.deadline import Deadline
from model.solve.losses import Losses
from model.solve.outcome import TIME, CutShort, Impossible, Outcome, Proved
from model.solve.solution import Solution, Status

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


@dataclass(frozen=True)
class Ranked:
    """The best whole answers of a program in order, as far as a search came.

    Attributes
    ----------
    bound : no other answer costs less
    reason : what cut the search short; none where it ended by itself
    """

    found: Sequence[Solution]
    bound: float
    reason: str = ""

    @property
    def first(self) -> Outcome[Solution]:
        """What came of the search for the best answer alone."""
        cost = self.found[0].objective if self.found else np.inf
        if self.reason:
            return CutShort(
                self.found[0] if self.found else None, min(self.bound, cost), self.reason
            )
        return Proved(self.found[0], min(self.bound, cost)) if self.found else Impossible()

    @property
    def proved(self) -> list[Proved[Solution]]:
        """Those answers that are surely the best, in order."""
        room = SAME_COST * (1.0 + abs(self.bound)) if np.isfinite(self.bound) else 0.0
        most = self.bound + room if self.reason else np.inf
        return [
            Proved(each, min(self.bound, each.objective))
            for each in self.found
            if each.objective <= most
        ]


@dataclass
class _Tree:
    """The nodes that wait, the best answers so far, and what closed nodes prove."""

    core: Core
    deadline: Deadline
    cutoff: float
    is_rounding: bool
    count: int
    waiting: list[_Node]
    besides: Collection[Floats] = ()
    found: list[Solution] = field(default_factory=list)
    bound: float = np.inf
    nodes: int = 0

    @property
    def losses(self) -> Losses:
        """What giving answers has cost so far."""
        return self.core.losses

    def solve(self, lower: Floats, upper: Floats) -> Solution:
        self.nodes += 1
        self.core.set_answers(lower, upper)
        return self.core.solve(time_limit_s=self.deadline.left_s)

    @property
    def is_full(self) -> bool:
        """Whether as many answers are known as were asked for."""
        return len(self.found) == self.count

    @property
    def cost(self) -> float:
        """What others must undercut: the last of the best answers, or the cutoff."""
        return min(self.found[-1].objective, self.cutoff) if self.is_full else self.cutoff

    def is_beaten(self, bound: float) -> bool:
        """Whether nothing with this bound costs less than the best answers, or than the cutoff."""
        return bound >= self.cost - (SAME_COST * (1.0 + abs(self.cost)) if self.is_full else 0.0)

    def close(self, bound: float) -> None:
        """Nothing below a node costs less than its bound."""
        self.bound = min(self.bound, bound)

    def take(self, rounded: Floats, bound: float = np.inf) -> None:
        """Solve with whole answers; keep them if they are among the best so far.

        Where the time ends the solve, all that is known of them is their bound.
        """
        whole = self.solve(rounded, rounded)
        if whole.status not in (Status.OPTIMAL, Status.INFEASIBLE):
            self.close(bound)
        if whole.status is not Status.OPTIMAL or whole.objective >= self.cost:
            return
        own = self.key(rounded)
        alike = [np.array_equal(self.answers(each), own) for each in self.found]
        known = next(compress(self.found, alike), None)
        if known is None or whole.objective < known.objective:
            others = [each for each in self.found if each is not known]
            self.found = sorted([*others, whole], key=_cost)[: self.count]

    def key(self, rounded: Floats) -> Floats:
        """The answers among all questions, which tell plans apart."""
        return rounded[: self.core.answer_count]

    def answers(self, solution: Solution) -> Floats:
        """Answers of a plan, rounded."""
        return np.asarray(np.round(solution.value[self.core.answers]))

    def learn(self, node: _Node, objective: float) -> None:
        """Take note of what the last answer of a node has cost."""
        if node.rounded > INTEGRAL and np.isfinite(node.bound):
            self.losses.add(node.question, node.is_yes, (objective - node.bound) / node.rounded)

    def cut_short(self, reason: str, at: _Node) -> Ranked:
        """What is known when the search ends with a node open."""
        opened = min([at.bound, *(node.bound for node in self.waiting)])
        return Ranked(self.found, min(self.bound, opened), reason)

    def split(self, node: _Node, solution: Solution) -> None:
        """Put both answers to one open question among the nodes that wait, the likelier last."""
        value = self.core.settled(solution)
        away = np.abs(value - np.round(value))
        if away.max(initial=0.0) <= INTEGRAL:
            if not any(np.array_equal(self.key(np.round(value)), each) for each in self.besides):
                self.take(np.round(value), solution.objective)
            if self.is_beaten(solution.objective):
                self.close(solution.objective)
            else:
                self.waiting += self.others(self.fixed(node, solution), solution, value)
            return
        node = self.fixed(node, solution)
        open_ = np.flatnonzero((away > INTEGRAL) & (node.lower < node.upper))
        if not len(open_):
            return
        if self.is_rounding and node.question < 0:
            self.try_rounded(node, value)
        question = self.losses.question(value, open_)
        children = [self.child(node, solution, value, question, yes) for yes in (False, True)]
        self.waiting += children if value[question] >= 0.5 else children[::-1]

    def others(self, node: _Node, solution: Solution, value: Floats) -> list[_Node]:
        """All answers of a node but those of its solution, which are whole, in disjoint nodes."""
        answers, nodes = self.answers(solution), []
        for question in np.flatnonzero(self.key(node.upper - node.lower)).tolist():
            is_yes = bool(answers[question])
            nodes.append(self.child(node, solution, value, question, not is_yes))
            node = self.child(node, solution, value, question, is_yes)
        return nodes

    def try_rounded(self, node: _Node, value: Floats) -> None:
        """Take some answers early, so that there are any where the time runs out."""
        for rounded in roundings(value):
            if not self.found and not self.deadline.has_passed:
                self.take(np.clip(rounded, node.lower, node.upper))

    def child(
        self, node: _Node, solution: Solution, value: Floats, question: int, is_yes: bool
    ) -> _Node:
        """The node with one more answer."""
        lower, upper = node.lower.copy(), node.upper.copy()
        lower[question] = upper[question] = float(is_yes)
        away = abs(float(value[question]) - is_yes)
        return _Node(solution.objective, lower, upper, question, is_yes, away)

    def fixed(self, node: _Node, solution: Solution) -> _Node:
        """The node without answers whose reduced cost alone makes them dearer than the best."""
        if not np.isfinite(self.cost):
            return node
        room, here = self.cost - solution.objective, self.core.questions
        value, cost = solution.value[here], solution.reduced_cost[here]
        no, yes = (cost > room) & (value <= INTEGRAL), (cost < -room) & (value >= 1 - INTEGRAL)
        lower, upper = np.where(yes, node.upper, node.lower), np.where(no, node.lower, node.upper)
        return replace(node, lower=lower, upper=upper)


def branch(
    core: Core,
    most_nodes: int,
    deadline: Deadline,
    *,
    count: int = 1,
    cutoff: float = np.inf,
    is_rounding: bool = False,
    tried: Iterable[Floats] = (),
    besides: Collection[Floats] = (),
) -> Ranked:
    """Search all whole answers that cost less than `cutoff`.

    Parameters
    ----------
    core : its answers lie between 0 and 1
    most_nodes : linear programs after which the search is cut short
    count : how many of the best answers to find
    is_rounding : whether the relaxed answers are rounded first, so that there are some early
    tried : answers to begin with
    besides : answers that do not count
    """
    root = _Node(-np.inf, *core.root)
    tree = _Tree(core, deadline, cutoff, is_rounding, count, [root], besides)
    for answers in tried:
        others = np.ones(len(root.lower) - len(answers))
        tree.take(np.clip(np.r_[answers, others], root.lower, root.upper))
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
        tree.learn(node, solution.objective)
        if tree.nodes > most_nodes:
            return tree.cut_short(NODES, node)
        if tree.is_beaten(solution.objective):
            tree.close(solution.objective)
        else:
            tree.split(node, solution)
    return Ranked(tree.found, tree.bound)


def roundings(value: Floats) -> tuple[Floats, Floats, Floats]:
    """Whole answers near those of a relaxed program: below, next to and above them."""
    return np.floor(value + INTEGRAL), np.round(value), np.ceil(value - INTEGRAL)


def _cost(solution: Solution) -> float:
    return solution.objective
