"""Projects in lines, by enumeration: every number of lines of each is a case of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product

from model.case.case import Case
from tests.support.futures_oracle import Futures
from tests.support.plan_varied import Schedules
from tests.support.siting_oracle import Asked, Enumeration
from tests.support.varied_cases import Dice

Counts = Mapping[str, int]


def with_lines(case: Case, seed: int) -> Case:
    """The case in which some projects of one size come in up to three lines."""
    dice = Dice(seed + 9_000_000)
    lines = [
        dice.one((1.0, 2.0, 3.0)) if least != least else 1.0 for least in case.projects["min_kt"]
    ]
    return case.replace_unchecked(projects=case.projects.assign(lines_max=lines))


def counted(case: Case) -> Iterator[Counts]:
    """Every number of lines of every project."""
    names = case.projects["project"].tolist()
    ranges = [range(1, int(most) + 1) for most in case.projects["lines_max"]]
    yield from (dict(zip(names, counts, strict=True)) for counts in product(*ranges))


def sized(case: Case, counts: Counts) -> Case:
    """The case whose projects are as large as so many lines."""
    projects = case.projects
    kt = projects["capacity_kt"] * projects["project"].map(counts)
    return case.replace_unchecked(projects=projects.assign(capacity_kt=kt, lines_max=1.0))


def ranked_costs(case: Case, requested: Asked) -> list[float]:
    """Cost of every set, with every number of its lines, from the least on."""
    costs: dict[frozenset[tuple[str, int]], float] = {}
    for counts in counted(case):
        for cost, chosen in Enumeration(sized(case, counts), requested).ranked():
            costs[frozenset((name, counts.get(name, 0)) for name in chosen)] = cost
    return sorted(costs.values())


def least_value(futures: Futures) -> float | None:
    """The criterion of the best set for all futures; None where none serves all."""
    counts = list(counted(futures.cases[0]))
    each = [replace(futures, cases=[sized(case, own) for case in futures.cases]) for own in counts]
    least = [
        min((own.least[at] for own in each if own.least[at] is not None), default=None)
        for at in range(len(futures.cases))
    ]
    for own in each:
        own.__dict__["least"] = least
    found = [own.judged[0].value for own in each if own.judged]
    return min(found, default=None)


def least_cost(case: Case, asked: Asked) -> float | None:
    """Cost of the best schedule of a plan; None where none is feasible."""
    found = [Schedules(sized(case, counts), asked).best() for counts in counted(case)]
    return min((cost for cost in found if cost is not None), default=None)
