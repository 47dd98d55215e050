"""The case as a choice: projects as origins without supply, and the formulation over them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from functools import cached_property, partial
from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from model.arrays import Booleans
from model.case.distances import with_distances
from model.case.errors import Fault, quoted, raise_any
from model.case.records import Figures
from model.checking.case_faults import refuse_faulty
from model.market.compile_market import compile_market
from model.market.market import KCNY_PER_MCNY
from model.result.definitions import DECIMALS
from model.solve.deadline import NEVER, Deadline
from model.solve.outcome import CutShort, Outcome
from model.solve.rows import Row
from model.studies.confirm import Confirmed, confirm
from model.studies.siting.choice import Choice
from model.studies.siting.expand import built
from model.studies.siting.flow_columns import flow_columns
from model.studies.siting.formulation import Formulation
from model.studies.siting.options import Option, Options
from model.studies.siting.read_options import read_options
from model.studies.siting.requirements import Requirements, check, rows_of
from model.studies.siting.set_names import set_text

if TYPE_CHECKING:
    from model.case.case import Case

ROUNDING = 1e-3
"""Part of the last decimal that arithmetic leaves of a size that needs no further decimals."""


@dataclass(frozen=True)
class SitingProblem:
    """A case, what is required of the choice, and the formulation of both.

    Attributes
    ----------
    case : distances filled in
    """

    case: Case
    requirements: Requirements
    formulation: Formulation

    @property
    def rows(self) -> list[Row]:
        """The requirements as rows."""
        return rows_of(self.formulation, self.requirements)

    def until(self, deadline: Deadline) -> SitingProblem:
        """The same, to be answered by a deadline."""
        return replace(self, formulation=replace(self.formulation, deadline=deadline))

    def without_budget(self) -> SitingProblem:
        """The same with as much capital as there need be."""
        return replace(self, requirements=replace(self.requirements, budget_mcny=None))

    def without_number(self) -> SitingProblem:
        """The same with any number of projects."""
        return replace(self, requirements=replace(self.requirements, max_projects=None))

    def choose(self) -> Outcome[Choice]:
        """The best set within all rules and requirements."""
        return self.formulation.choose(self.rows)

    def choose_given(self, number: int, *, yes: bool) -> Outcome[Choice]:
        """The best of the sets with an option, or of those without; searched once."""
        if (number, yes) not in self._given:
            self._given[number, yes] = self.formulation.choose(self.rows, answers={number: yes})
        return self._given[number, yes]

    @cached_property
    def _given(self) -> dict[tuple[int, bool], Outcome[Choice]]:
        return {}

    def confirm(self, outcome: Outcome[Choice]) -> Confirmed[Choice]:
        """Search again for what a first search has proved."""
        again = partial(self.formulation.choose_otherwise, self.rows)
        return confirm(outcome, again, self.formulation.deadline)

    def choose_some(self) -> Outcome[Choice]:
        """The best set; where the time left none, one near it."""
        outcome = self.choose()
        if isinstance(outcome, CutShort) and outcome.found is None:
            return self.formulation.rounded(outcome, self.rows)
        return outcome

    def opened(self, choice: Choice) -> list[str]:
        """Names of the projects that a choice builds."""
        options = self.formulation.options
        return [options.options[n].name for n in options.projects if choice.yes[n]]

    def closed(self, choice: Choice) -> list[str]:
        """Names of the origins that a choice closes."""
        options = self.formulation.options.options
        return [
            option.name
            for option, yes in zip(options, choice.yes, strict=True)
            if yes and not option.is_project
        ]

    def size_kt(self, choice: Choice) -> dict[str, float]:
        """Sizes of what a choice builds, as decimals: rounded up, so that demand is still met."""
        options = self.formulation.options
        return {
            options.options[n].name: _decimal(
                options.size_kt(choice.size_kt, n),
                sum(options.options[line].capacity_kt for line in options.lines(n)),
            )
            for n in options.projects
            if choice.yes[n]
        }

    def capital_mcny(self, choice: Choice) -> float:
        """Upfront capital of a choice."""
        return sum(o.spent_kcny(size) for o, size in self._taken(choice)) / KCNY_PER_MCNY

    def fixed_cost_mcny(self, choice: Choice) -> float:
        """Annuities and fixed cost of what is built, less what closing saves, per year."""
        return sum(o.cost_kcny(size) for o, size in self._taken(choice)) / KCNY_PER_MCNY

    def _taken(self, choice: Choice) -> list[tuple[Option, float]]:
        """What a choice takes, with its size."""
        options = self.formulation.options.options
        taken = zip(options, choice.yes, choice.size_kt.tolist(), strict=True)
        return [(option, size) for option, yes, size in taken if yes]

    def figures_of(self, choice: Choice, allocated: Figures) -> Figures:
        """Figures of a choice built: those of its allocation, with fixed cost, and the set."""
        fixed = self.fixed_cost_mcny(choice)
        total = allocated["total_cost_mcny"] + fixed
        return allocated | {
            "total_cost_mcny": round(total, DECIMALS),
            "objective_kcny": round(total * KCNY_PER_MCNY, DECIMALS),
            "fixed_cost_mcny": round(fixed, DECIMALS),
            "capital_mcny": round(self.capital_mcny(choice), DECIMALS),
            "opened": self.opened(choice),
            "opened_kt": self.size_kt(choice),
            "closed": self.closed(choice),
            "idle": list(choice.idle) if self.formulation.options.loads else None,
        }

    def set_text(self, choice: Choice) -> str:
        """A set in words: what is built, and what is closed."""
        return self.set_name(choice.yes)

    def set_name(self, yes: Booleans) -> str:
        """The same by its answers, (J,)."""
        return set_text(self.formulation.options, yes)

    def case_of(self, choice: Choice) -> Case:
        """The case with a choice built."""
        return built(self.case, self.size_kt(choice), self.closed(choice), choice.idle)


def pose(
    case: Case, requirements: Requirements | None = None, deadline: Deadline = NEVER
) -> SitingProblem:
    """Formulate a case as a choice.

    Raises
    ------
    BadInput
        Nothing to choose from, requirements that cannot be, or a project that no lane leaves.
    OutOfTime
        Before all routes were found.
    """
    requirements = requirements or Requirements()
    refuse_faulty(case)
    case = with_distances(case)
    options = read_options(case)
    _check_options(options)
    check(options, requirements)
    supplying = [option.name for option in options.options if option.supplies]
    market = compile_market(built(case, dict.fromkeys(supplying, 0.0)))
    lanes = flow_columns(market, lambda: deadline.has_passed)
    check_lanes(supplying, {market.origins[number] for number in np.unique(lanes.origin)})
    formulation = Formulation.of(market, lanes, options, deadline)
    return SitingProblem(case, requirements, formulation)


def _check_options(options: Options) -> None:
    """Refuse a case in which nothing can be built or closed."""
    if not len(options):
        rule = "there is nothing to choose from: no project to build and no origin to close"
        remedy = "add projects.csv or closures.csv, or use `run`"
        raise_any([Fault("projects.csv, closures.csv", "no row", rule, remedy)])


def check_lanes(supplying: Iterable[str], shipping: Collection[str]) -> None:
    """Refuse projects that could ship nowhere: those that are not among the shipping origins."""
    raise_any(
        [
            Fault(
                f"projects.csv: {quoted(name)}",
                "no lane",
                "a project must be able to ship somewhere",
                "give it a node that links reach, or lanes in lanes.csv",
            )
            for name in supplying
            if name not in shipping
        ]
    )


def _decimal(size_kt: float, most_kt: float) -> float:
    """A size rounded up to nine decimals, but for what is left by arithmetic; `most_kt` at most."""
    scaled = size_kt * 10**DECIMALS
    rounded: float = ceil(scaled - ROUNDING * (1.0 + size_kt)) / 10**DECIMALS
    return min(rounded, most_kt)
