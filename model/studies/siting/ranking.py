"""The best sets in order: each is the best of all that differ from those before it."""

from __future__ import annotations

from collections.abc import Iterator

from model.solve.outcome import Impossible, Outcome, Proved
from model.studies.siting.choice import Choice
from model.studies.siting.problem import SitingProblem


def best_sets(problem: SitingProblem, count: int) -> Iterator[Outcome[Choice]]:
    """The `count` best sets, fewer where there are no more.

    A set is an answer to every option; sizes are the best within each set. One search keeps the
    best sets that it finds. Where it would take too long, each set found is left out and the choice
    made again. The order is exact. The last one is not proved where the search was cut short:
    nothing can be said of those after it.
    """
    yield from sets_after(problem, problem.choose(), count)


def sets_after(
    problem: SitingProblem, first: Outcome[Choice], count: int
) -> Iterator[Outcome[Choice]]:
    """The same where the best set is known already."""
    if not isinstance(first, Impossible):
        yield first
    if not isinstance(first, Proved) or count == 1:
        return
    ranked = problem.formulation.ranked(count, problem.rows, tried=[first.best])
    found = [first.best]
    for each in ranked.sets:
        if each.best.key != first.best.key and len(found) < count:
            yield each
            found.append(each.best)
    if not ranked.is_whole:
        yield from _one_by_one(problem, found, count)


def _one_by_one(
    problem: SitingProblem, found: list[Choice], count: int
) -> Iterator[Outcome[Choice]]:
    """The best sets after those that are found, each by a search of its own."""
    while len(found) < count:
        outcome = problem.formulation.choose(problem.rows, besides=found)
        if not isinstance(outcome, Impossible):
            yield outcome
        if not isinstance(outcome, Proved):
            return
        found = [*found, outcome.best]
