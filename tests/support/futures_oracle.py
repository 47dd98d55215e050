"""One set for several futures, by enumeration: every set in every future, a linear program each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np
from scipy.linalg import block_diag
from scipy.optimize import linprog

from model.case.case import Case
from tests.support.siting_oracle import Asked, Enumeration, Set
from tests.support.siting_varied import varied_question
from tests.support.varied_cases import Dice

ROOM = 1e-8


@dataclass(frozen=True)
class Judged:
    """A set: the criterion, the mean cost, and costs by future, MCNY a year."""

    chosen: Set
    value: float
    mean: float
    costs: tuple[float, ...]


@dataclass(frozen=True)
class Futures:
    """Cases with the same projects, what is required, and what is minimised."""

    cases: Sequence[Case]
    requested: Asked
    criterion: str
    weights: Sequence[float]

    @cached_property
    def alone(self) -> list[Enumeration]:
        return [Enumeration(case, self.requested) for case in self.cases]

    @cached_property
    def least(self) -> list[float | None]:
        """Cost of each future's own best set."""
        return [each.best() for each in self.alone]

    @cached_property
    def judged(self) -> list[Judged]:
        """Every set that serves all futures, by the criterion and then by the mean."""
        if None in self.least:
            return []
        shared = set(self.alone[0].sets()).intersection(*(each.sets() for each in self.alone[1:]))
        found = [self.judge(chosen) for chosen in shared]
        kept = [each for each in found if each is not None]
        return sorted(kept, key=lambda each: (each.value, each.mean))

    def judge(self, chosen: Set) -> Judged | None:
        """A set at its best sizes: of the criterion, and then of the mean; None without a plan."""
        patterns = product(*(each.idle(chosen) for each in self.alone))
        found = [self._judge(chosen, idle) for idle in patterns]
        kept = [each for each in found if each is not None]
        return min(kept, key=lambda each: (each.value, each.mean), default=None)

    def _judge(self, chosen: Set, idle: Sequence[Set]) -> Judged | None:
        """The same where it is given what stands idle in each future."""
        joint = _Joint(self, chosen, idle)
        value = joint.solve(None)
        if value is None:
            return None
        found = joint.solve(value[-1] + ROOM) if self.criterion != "expected" else value
        costs = joint.costs(value if found is None else found)
        mean = float(np.dot(self.weights, costs))
        worth = mean if self.criterion == "expected" else float(value[-1])
        return Judged(chosen, worth, mean, tuple(costs))


class _Joint:
    """Flows of each future, sizes in common, and a bound on what is greatest, MCNY."""

    def __init__(self, futures: Futures, chosen: Set, idle: Sequence[Set]) -> None:
        pairs = zip(futures.alone, idle, strict=True)
        self.parts = [each.linear(chosen, idle=own) for each, own in pairs]
        self.lumps = [each.lump(chosen) for each in futures.alone]
        self.futures, count = futures, len(self.parts[0].built)
        self.flows = [len(part.cost) - count for part in self.parts]
        of_each = list(zip(self.parts, self.flows, strict=True))
        self.matrix = np.hstack(
            [
                block_diag(*(p.matrix[:, :n] for p, n in of_each)),
                np.vstack([p.matrix[:, n:] for p, n in of_each]),
            ]
        )
        self.most = np.concatenate([part.most for part in self.parts])
        sizes = [tuple(part.bounds[n:]) for part, n in of_each]
        assert all(each == sizes[0] for each in sizes)
        self.bounds = [bound for p, n in of_each for bound in p.bounds[:n]] + list(sizes[0])
        width, at = self.matrix.shape[1], np.cumsum([0, *self.flows])
        self.cost = np.zeros((len(of_each), width))
        for row, (part, n) in enumerate(of_each):
            self.cost[row, at[row] : at[row] + n] = part.cost[:n] / 1000
            self.cost[row, width - count :] = part.cost[n:] / 1000

    def costs(self, value: np.ndarray) -> list[float]:
        """Cost in each future of values of the columns."""
        lumps = np.array(self.lumps)
        return (self.cost @ value[: self.cost.shape[1]] + lumps).tolist()  # type: ignore[no-any-return]

    def solve(self, below: float | None) -> np.ndarray | None:
        """Values of the columns, the bound last; of least mean where it must be `below`."""
        futures, width = self.futures, self.cost.shape[1]
        least = [0.0 if each is None else each for each in futures.least]
        base = np.array(least if futures.criterion == "regret" else [0.0] * len(least))
        above = np.hstack([self.cost, -np.ones((len(base), 1))])
        matrix = np.vstack([np.hstack([self.matrix, np.zeros((len(self.most), 1))]), above])
        most = np.r_[self.most, base - np.array(self.lumps)]
        is_mean = futures.criterion == "expected" or below is not None
        mean = np.r_[np.array(futures.weights) @ self.cost, 0.0]
        objective = mean if is_mean else np.r_[np.zeros(width), 1.0]
        top = (None, below)
        solved = linprog(objective, matrix, most, bounds=[*self.bounds, top])
        return solved.x if solved.status == 0 else None


def varied_futures(seed: int) -> Futures | None:
    """Two or three futures over random tables; None where rules broke."""
    question = varied_question(seed)
    if question is None:
        return None
    case, requested, other = question
    dice = Dice(seed + 5_000_000)
    cases = [case, other]
    if dice.happens(0.6):
        cases.append(_dearer(dice, case))
    criterion = dice.one(("expected", "worst", "regret"))
    weights = [1 / len(cases)] * len(cases)
    if criterion == "expected" and dice.happens(0.6):
        eighths = [int(dice.whole(0, 4)) for _ in cases[1:]]
        weights = [1 - sum(eighths) / 8, *(each / 8 for each in eighths)]
    return Futures(cases, requested, criterion, weights)


def _dearer(dice: Dice, case: Case) -> Case:
    """Other costs of making, building and closing."""
    origins, projects = case.origins, case.projects
    changed = {
        "origins": origins.assign(
            cost_cny_per_t=origins["cost_cny_per_t"] + [dice.whole(0, 9) for _ in origins.index]
        ),
        "projects": projects.assign(
            capex_cny_per_t=projects["capex_cny_per_t"] * dice.one((0.5, 1.0, 2.0)),
            forced=[bool(forced) or dice.happens(0.1) for forced in projects["forced"]],
        ),
    }
    if len(case.closures):
        saved = case.closures["saved_mcny_per_year"] * dice.one((0.5, 2.0))
        changed["closures"] = case.closures.assign(saved_mcny_per_year=saved)
    return case.replace_unchecked(**changed)


def tied_first(judged: Sequence[Judged]) -> Iterator[Set]:
    """Sets that are as good as the best by criterion and mean."""
    first = judged[0]
    room = 2e-7 * (1 + abs(first.mean))
    tied = [each for each in judged if each.value <= first.value + room]
    mean = min(each.mean for each in tied)
    yield from (each.chosen for each in tied if each.mean <= mean + room)
