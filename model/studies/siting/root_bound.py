"""What no choice undercuts: multipliers from the relaxed program, and the bound that they prove.

The certificate derives the bound from the texts of the case; any multipliers give one, those of the
relaxed program's optimum the best that it has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from model.arrays import Floats
from model.case.records import Json, Record
from model.case.write import case_texts
from model.certify.root_bound import MULTIPLIERS, published_mcny, root_bound_kcny
from model.certify.start_rules import BUDGET, NUMBER, quota_label
from model.result.figures import SITE
from model.solve.session import Session
from model.solve.solution import Status
from model.studies.siting.arrays import upper_row
from model.studies.siting.formulation import Formulation
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
    """The bound of the relaxed program; none where that has no optimum."""
    formulation = problem.formulation
    solution = Session(formulation.relaxed(problem.rows)).solve()
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
        "openings": list(_openings(formulation, solution.row_dual)),
    }
    return proved(SITE, problem.case, problem.requirements, multipliers)


def _openings(formulation: Formulation, row_dual: Floats) -> Iterator[Record]:
    """Multipliers of rows that open lanes through a limit; those of supply need none."""
    market, lanes, options = formulation.market, formulation.lanes, formulation.options
    first = formulation.tightening_rows.start
    for number, opening in enumerate(formulation.openings):
        rate = round(float(row_dual[first + number]), DECIMALS)
        if rate and not options.options[opening.numbers[0]].supplies:
            part, on_arcs = int(lanes.part[opening.lanes[0]]), []
            ends = [part]
            if part >= len(market.sinks):
                ends = lanes.flow_sinks[part - len(market.sinks)].tolist()
                on_arcs = [market.origins[int(lanes.origin[opening.lanes[0]])]]
            yield {
                "limit": market.row_labels[opening.row],
                "origins": on_arcs,
                "sinks": [market.sink_names[sink] for sink in ends],
                "rate": rate,
            }


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
