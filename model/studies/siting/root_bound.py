"""What no choice undercuts: multipliers from the relaxed program, and the bound that they prove.

The certificate derives the bound from the texts of the case; any multipliers give one, those of the
relaxed program's optimum the best that it has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from model.case.records import Json
from model.case.write import case_texts
from model.certify.root_bound import MULTIPLIERS, published_mcny, root_bound_kcny
from model.certify.start_rules import BUDGET, NUMBER, quota_label
from model.result.figures import SITE
from model.solve.highs import Session, Status
from model.studies.siting.arrays import limits_opened, upper_row
from model.studies.siting.problem import SitingProblem
from model.studies.siting.requirements import Requirements

if TYPE_CHECKING:
    from model.case.case import Case

DECIMALS = 9
"""To which multipliers are rounded: nothing is lost but digits."""


@dataclass(frozen=True)
class RootBound:
    """A bound, and what proves it.

    Attributes
    ----------
    mcny : as it is published, None where there is none
    multipliers : as certificate.json keeps them
    """

    mcny: float | None = None
    multipliers: Mapping[str, Any] | None = None

    def as_dict(self) -> Json:
        """What proves it, as a part of a certificate."""
        return {} if self.multipliers is None else {MULTIPLIERS: self.multipliers}


NO_BOUND = RootBound()


def site_root_bound(problem: SitingProblem) -> RootBound:
    """The bound of the relaxed program; none where that has no optimum.

    Of the rows that tighten it the certificate knows those of supply; the others are left out.
    """
    formulation = problem.formulation
    program = formulation.relaxed(problem.rows)
    most = program.row_upper.copy()
    most[limits_opened(formulation.market, formulation.lanes, formulation.options)] = np.inf
    solution = Session(replace(program, row_upper=most)).solve()
    if solution.status is not Status.OPTIMAL:
        return NO_BOUND
    market, dual = formulation.market, solution.row_dual.copy()
    for row in range(market.row_count):
        upper = upper_row(market, formulation.options, row)
        dual[row] += dual[upper] if upper != row else 0.0
    of_rules = [rule.label for rule in formulation.options.rules]
    own_rows = formulation.program.matrix.shape[0]
    first = own_rows - formulation.lanes.balance.shape[0] - len(of_rules)
    of_rules += requirement_labels(problem.requirements)
    rates = [*dual[first : first + len(formulation.options.rules)], *dual[own_rows:]]
    multipliers = {
        "rows": [kept(zip(market.row_labels, dual, strict=False))],
        "rules": kept(zip(of_rules, rates, strict=False)),
    }
    return proved(SITE, problem.case, problem.requirements, multipliers)


def proved(
    kind: str, case: Case, requirements: Requirements, multipliers: Mapping[str, Any]
) -> RootBound:
    """The bound that multipliers prove of a case."""
    bound = root_bound_kcny(kind, case_texts(case), requirements.as_dict(), multipliers)
    return RootBound(published_mcny(bound), multipliers)


def requirement_labels(requirements: Requirements) -> list[str]:
    """What the certificate calls requirements that are more than of one project, in order."""
    labels = [] if requirements.budget_mcny is None else [BUDGET]
    labels += [] if requirements.max_projects is None else [NUMBER]
    return labels + [quota_label(region) for region in requirements.quotas]


def kept(rates: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Multipliers that have a name and are not 0."""
    rounded = ((label, round(float(rate), DECIMALS)) for label, rate in rates)
    return {label: rate for label, rate in rounded if label and rate}
