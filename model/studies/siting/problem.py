"""The case as a choice: projects as origins without supply, and the formulation over them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from model.case.distances import with_distances
from model.case.errors import Fault, quoted, raise_any
from model.checking.case_faults import refuse_faulty
from model.market.compile_market import compile_market
from model.market.market import KCNY_PER_MCNY
from model.market.unbeaten_routes import lanes_that_matter
from model.studies.siting.expand import built
from model.studies.siting.formulation import Choice, Formulation, Row
from model.studies.siting.options import SUPPLY, read_options
from model.studies.siting.requirements import Requirements, check, rows_of

if TYPE_CHECKING:
    from model.case.case import Case


@dataclass(frozen=True)
class Problem:
    """A case, what is asked of the choice, and the formulation of both.

    Attributes
    ----------
    case : distances filled in
    rows : the requirements, by what they are called
    """

    case: Case
    requirements: Requirements
    formulation: Formulation
    rows: dict[str, Row]

    @property
    def all_rows(self) -> list[Row]:
        """The requirements as rows."""
        return list(self.rows.values())

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
        """Sizes of what a choice builds."""
        options = self.formulation.options
        return {
            options.options[n].name: round(float(choice.size_kt[n]), 9)
            for n in options.projects
            if choice.yes[n]
        }

    def capital_mcny(self, choice: Choice) -> float:
        """Upfront capital of a choice."""
        capital = [option.capital_kcny_per_kt for option in self.formulation.options.options]
        return float(choice.size_kt @ np.array(capital)) / KCNY_PER_MCNY

    def fixed_cost_mcny(self, choice: Choice) -> float:
        """Annuities and fixed cost of what is built, less what closing saves, per year."""
        cost = sum(
            option.lump_kcny + size * option.unit_kcny_per_kt
            for option, yes, size in zip(
                self.formulation.options.options, choice.yes, choice.size_kt, strict=True
            )
            if yes
        )
        return float(cost) / KCNY_PER_MCNY

    def case_of(self, choice: Choice) -> Case:
        """The case with a choice built."""
        return built(self.case, self.size_kt(choice), self.closed(choice))


def pose(
    case: Case, requirements: Requirements | None = None, *, time_limit_s: float | None = None
) -> Problem:
    """Formulate a case as a choice.

    Raises
    ------
    BadInput
        Requirements that cannot be, or a project that no lane leaves.
    """
    requirements = requirements or Requirements()
    refuse_faulty(case)
    case = with_distances(case)
    options = read_options(case)
    check(options, requirements)
    supplying = [
        option.name
        for option in options.options
        if option.is_project and any(family == SUPPLY for family, _ in option.raises)
    ]
    market = compile_market(built(case, dict.fromkeys(supplying, 0.0)))
    lanes = lanes_that_matter(market)
    shipping = {market.origins[number] for number in np.unique(lanes.origin)}
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
    formulation = Formulation.of(market, lanes, options, time_limit_s=time_limit_s)
    return Problem(case, requirements, formulation, rows_of(formulation, requirements))
