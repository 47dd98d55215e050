"""The best sets in order: each is the best of all that differ from those before it."""

from __future__ import annotations

from collections.abc import Iterator

from model.solve.outcome import Impossible, Outcome, Proved
from model.studies.siting.choice import Choice
from model.studies.siting.problem import SitingProblem


def best_sets(problem: SitingProblem, count: int) -> Iterator[Outcome[Choice]]:
    """The `count` best sets, fewer where there are no more.

    A set is an answer to every option; sizes are the best within each set. Every set found is
    excluded by a cut and the choice made again, so the order is exact. The last one is not proved
    where the search was cut short: nothing can be said of those after it.
    """
    yield from sets_after(problem, problem.choose(), count)


def sets_after(
    problem: SitingProblem, first: Outcome[Choice], count: int
) -> Iterator[Outcome[Choice]]:
    """The same where the best set is known already."""
    rows, found = problem.rows, first
    for rank in range(count):
        if rank:
            found = problem.formulation.choose(rows)
        if not isinstance(found, Impossible):
            yield found
        if not isinstance(found, Proved):
            return
        rows = [*rows, problem.formulation.other_than(found.best.yes)]
