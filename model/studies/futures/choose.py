"""The searches: each future's own best set, the best for all, what comes next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from model.arrays import Booleans
from model.case.errors import SolverFailed
from model.solve.branching import branch
from model.solve.deadline import Deadline
from model.solve.outcome import CutShort, Impossible, Outcome, Proved, answer_of
from model.solve.search import MOST_NODES, search_in, second_search
from model.solve.solution import Solution
from model.studies.confirm import Confirmed, confirm
from model.studies.futures.joint import Joint
from model.studies.futures.valued import SAME, Valued, Valuer, in_order

MOST_TIED = 256
"""Sets among which a tie is decided by name."""


class Found(NamedTuple):
    """Answers, and the criterion, CNY thousand."""

    yes: Booleans
    cost_kcny: float


@dataclass(frozen=True)
class Ranked:
    """The best sets in order.

    Attributes
    ----------
    is_whole : whether no set that belongs among them is missing
    """

    sets: list[Valued]
    is_whole: bool


def best_for_all(valuer: Valuer, known: Sequence[Valued], deadline: Deadline) -> Outcome[Found]:
    """The set that the criterion prefers, with gap 0 asked for.

    Parameters
    ----------
    known : sets to begin with
    """
    valuer.core.pose(valuer.joint.program)
    found = search_in(
        valuer.core,
        deadline,
        tried=[each.yes.astype(float) for each in known],
    )
    return _as_found(found, valuer.joint)


def confirmed(valuer: Valuer, outcome: Outcome[Found], deadline: Deadline) -> Confirmed[Found]:
    """Search again, by the solver's own search, for what the first one has proved."""
    joint = valuer.joint
    program = replace(joint.program, integer=joint.integer)

    def again(below_kcny: float) -> Outcome[Found]:
        found = second_search(
            program, joint.answers, deadline, cutoff=below_kcny, spare=joint.spare
        )
        return _as_found(found, joint)

    return confirm(outcome, again, deadline)


def ranked(
    valuer: Valuer, first: Found, count: int, deadline: Deadline, known: Sequence[Booleans] = ()
) -> Ranked:
    """The best sets in order, ties decided; as many as asked for, or all there are.

    Parameters
    ----------
    known : sets that may be among them
    """
    wanted = max(count, 2)
    while True:
        answers, is_whole = _list_sets(valuer, first.yes, known, wanted, deadline)
        sets = [_valued(valuer, each) for each in answers]
        ordered = in_order(sets)
        is_cut = len(sets) < wanted or wanted >= MOST_TIED or not is_whole
        if is_cut or not _is_tied(ordered[min(count, len(ordered)) - 1], ordered[-1]):
            return Ranked(ordered[:count], is_whole)
        wanted *= 2


def _is_tied(last: Valued, next_one: Valued) -> bool:
    """Whether sets beyond those listed may be as good as the last that is wanted."""
    room = SAME * (1.0 + max(abs(cost) for cost in last.costs_kcny))
    return next_one.value_kcny <= last.value_kcny + room


def _list_sets(
    valuer: Valuer, first: Booleans, known: Sequence[Booleans], count: int, deadline: Deadline
) -> tuple[list[Booleans], bool]:
    """Answers of the best sets, and whether none that belongs among them is missing.

    Parameters
    ----------
    known : sets to begin with, besides the best and those next to it
    """
    joint, core = valuer.joint, valuer.core
    core.pose(joint.program)
    tried = [each.astype(float) for each in (first, *known, *_next_to(first))]
    tree = branch(core, MOST_NODES, deadline, count=count, tried=tried)
    found = [_yes(each.best, joint) for each in tree.proved]
    if not any(np.array_equal(first, each) for each in found):
        found.insert(0, first)
    is_whole = not tree.reason or len(tree.proved) == count
    while not is_whole and len(found) < count:
        core.pose(joint.program)
        besides = [each.astype(float) for each in found]
        outcome = search_in(core, deadline, besides=besides)
        if isinstance(outcome, CutShort):
            return found, False
        if isinstance(outcome, Impossible):
            break
        found.append(_yes(outcome.best, joint))
    return found[:count], True


def _next_to(yes: Booleans) -> Iterator[Booleans]:
    """Answers of which one alone is another."""
    for number in range(len(yes)):
        other = yes.copy()
        other[number] = not other[number]
        yield other


def _valued(valuer: Valuer, yes: Booleans) -> Valued:
    valued = valuer.value(yes)
    if valued is None:
        raise SolverFailed("a set that was found has no plan of its own; no result was written")
    return valued


def _as_found(outcome: Outcome[Solution], joint: Joint) -> Outcome[Found]:
    match outcome:
        case Proved(best=best, bound=bound):
            return Proved(Found(_yes(best, joint), best.objective), bound)
        case CutShort(bound=bound, reason=reason):
            best_so_far = answer_of(outcome)
            at_hand = (
                None
                if best_so_far is None
                else Found(_yes(best_so_far, joint), best_so_far.objective)
            )
            return CutShort(at_hand, bound, reason)
        case Impossible():
            return outcome


def _yes(solution: Solution, joint: Joint) -> Booleans:
    return np.asarray(solution.value[joint.answers] > 0.5)
