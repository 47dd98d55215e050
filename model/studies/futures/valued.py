"""Sets of options and what each costs in every future."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from model.arrays import Booleans, Floats
from model.solve.core import Core
from model.solve.rows import Row
from model.solve.solution import Status
from model.studies.futures.criterion import Criterion
from model.studies.futures.future import Future
from model.studies.futures.joint import Joint
from model.studies.siting.choice import Choice

ENOUGH_KT = 1e-9
ROOM_KCNY, LAST_DIGITS = 1e-7, 1e-12
"""What the criterion may give way where the mean is minimised: the solver's own tolerance."""
SAME = 1e-9
"""Part of the greatest cost by which two sets may differ and be tied."""


@dataclass(frozen=True, eq=False)
class Valued:
    """A set with its plan in every future.

    Attributes
    ----------
    choices : of each future, with the same answers and sizes
    value_kcny : the criterion
    mean_kcny : weighted mean of the costs
    names : what is built, then what is closed
    """

    choices: tuple[Choice, ...]
    value_kcny: float
    mean_kcny: float
    names: tuple[tuple[str, ...], tuple[str, ...]]

    @property
    def yes(self) -> Booleans:
        """The answers, (J,)."""
        return self.choices[0].yes

    @property
    def costs_kcny(self) -> list[float]:
        """Cost in each future, CNY thousand a year."""
        return [choice.cost_kcny for choice in self.choices]


@dataclass(frozen=True)
class Valuer:
    """Values sets in all futures; their sizes are chosen once, by the criterion.

    Attributes
    ----------
    weights : of each future, (F,)
    own_kcny : cost of each future's own best set, (F,)
    """

    futures: Sequence[Future]
    joint: Joint
    criterion: Criterion
    weights: Floats
    own_kcny: Floats

    @cached_property
    def core(self) -> Core:
        """The program of all futures in a warm session."""
        left = self.futures[0].problem.formulation.deadline.left_s
        joint = self.joint
        return Core(joint.program, joint.answers, integer=joint.integer, time_limit_s=left)

    def value(self, yes: Booleans) -> Valued | None:
        """A set in every future, at its best sizes; None where some future has no plan for it."""
        sizes = self._sizes(yes)
        return None if sizes is None else self.at(yes, sizes)

    def at(self, yes: Booleans, size_kt: Floats) -> Valued | None:
        """A set at given sizes, (J,)."""
        choices = []
        for future in self.futures:
            choice = _choice_at(future, yes, size_kt)
            if choice is None:
                return None
            choices.append(choice)
        costs = [choice.cost_kcny for choice in choices]
        first, problem = choices[0], self.futures[0].problem
        return Valued(
            tuple(choices),
            self.criterion.of(costs, self.own_kcny.tolist(), self.weights.tolist()),
            float(self.weights @ np.array(costs)),
            (tuple(problem.opened(first)), tuple(problem.closed(first))),
        )

    def _sizes(self, yes: Booleans) -> Floats | None:
        """Sizes of a set by the criterion and then by the mean; None where there are none."""
        options = self.futures[0].problem.formulation.options
        sizes = np.array([option.capacity_kt for option in options.options]) * yes
        sized = [number for number in options.sized.tolist() if yes[number]]
        if not sized:
            return sizes
        given = self.joint.given(yes)
        self.core.pose(given)
        found = self.core.solve()
        if found.status is not Status.OPTIMAL:
            return None
        if self.criterion is not Criterion.EXPECTED:
            room = ROOM_KCNY + LAST_DIGITS * abs(found.objective)
            row = Row(given.cost, most=found.objective + room - given.offset_kcny)
            self.core.pose(replace(given, cost=self.weights @ self.joint.cost), [row])
            again = self.core.solve()
            found = again if again.status is Status.OPTIMAL else found
        layout = self.futures[0].problem.formulation.layout
        columns = layout.size_column - layout.first_answer + self.joint.decisions.start
        found_kt = layout.size_factor * found.value[columns]
        sizes[sized] = found_kt[sized]
        return sizes


def _choice_at(future: Future, yes: Booleans, size_kt: Floats) -> Choice | None:
    """The plan of least cost of one future under a set at given sizes, with those sizes."""
    formulation = future.problem.formulation
    same = [
        Row(formulation.size_weights(n), size_kt[n] - ENOUGH_KT, size_kt[n] + ENOUGH_KT)
        for n in formulation.options.sized.tolist()
        if yes[n]
    ]
    plan = formulation.evaluate(yes.tolist(), [*future.problem.rows, *same])
    if plan is None:
        return None
    projects = [option.is_project for option in formulation.options.options]
    return replace(plan, size_kt=np.where(projects, size_kt, plan.size_kt))


def in_order(sets: Sequence[Valued]) -> list[Valued]:
    """Sets by the criterion; those that are tied by their mean cost, and then by their names."""
    left, ordered = list(sets), list[Valued]()
    while left:
        room = SAME * (1.0 + max(abs(cost) for each in left for cost in each.costs_kcny))
        least = min(each.value_kcny for each in left)
        tied = [each for each in left if each.value_kcny <= least + room]
        mean = min(each.mean_kcny for each in tied)
        best = min((e for e in tied if e.mean_kcny <= mean + room), key=lambda each: each.names)
        ordered.append(best)
        left.remove(best)
    return ordered
