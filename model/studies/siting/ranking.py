"""The best sets in order: each is the best of all that differ from those before it."""

from __future__ import annotations

from collections.abc import Iterator

from model.solve.highs import Status
from model.studies.siting.formulation import Choice
from model.studies.siting.problem import Problem


def best_sets(problem: Problem, count: int) -> Iterator[Choice]:
    """The `count` best sets, fewer where there are no more.

    A set is an answer to every option; sizes are the best within each set. Every set found is
    excluded by a cut and the choice made again, so the order is exact.
    """
    yield from sets_after(problem, problem.formulation.choose(problem.all_rows), count)


def sets_after(problem: Problem, first: Choice, count: int) -> Iterator[Choice]:
    """The same where the best set is known already."""
    formulation, cuts, choice = problem.formulation, problem.all_rows, first
    for rank in range(count):
        if rank:
            choice = formulation.choose(cuts)
        if not choice.found:
            return
        yield choice
        if choice.status is not Status.OPTIMAL:
            return
        cuts = [*cuts, formulation.other_than(choice.yes)]
