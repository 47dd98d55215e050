"""Which set of projects is best as a figure moves: every change of the choice, exactly.

With one set built, least cost is concave in a figure that moves prices alone (a duty, a
freight rate, the carbon price); the least over all sets is concave again, so that the same
search on supporting lines finds every value at which another set takes over.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from model.case.case import Case
from model.case.errors import BadInput, Fault, NoPlan
from model.market.market import KCNY_PER_MCNY
from model.solve.outcome import Proved
from model.studies.curve.curve import Curve, figure_curve
from model.studies.parametric.figure import Figure
from model.studies.parametric.piecewise import Point, trace
from model.studies.siting.problem import pose
from model.studies.siting.requirements import Requirements

COLUMNS = ["figure", "unit", "from", "to", "cost_mcny", "capital_mcny", "projects", "set"]
NOTHING = "nothing"
JOINT = " + "


@dataclass(frozen=True)
class _Set:
    """A set of options, with its cost over the whole range."""

    name: str
    projects: int
    curve: Curve
    fixed_kcny: float
    capital_mcny: float

    def cost_kcny(self, at: float) -> float:
        return self.fixed_kcny + self.curve.cost_kcny(at)

    def slope(self, at: float) -> float:
        pieces = self.curve.pieces
        return next((piece.slope for piece in pieces if at <= piece.end), pieces[-1].slope)


@dataclass
class _Search:
    """Best sets at values of the figure; the cost of each set is traced once."""

    case: Case
    figure: Figure
    requirements: Requirements
    low: float
    high: float
    sets: dict[str, _Set] = field(default_factory=dict)

    def best(self, at: float) -> _Set:
        """The set of least cost at one value."""
        problem = pose(self.figure.put(self.case, at), self.requirements)
        outcome = problem.choose()
        if not isinstance(outcome, Proved):
            raise NoPlan(f"no feasible plan at {at:g}")
        choice = outcome.best
        chosen = [*problem.opened(choice), *(f"{name} closed" for name in problem.closed(choice))]
        name = JOINT.join(chosen) or NOTHING
        if name not in self.sets:
            case = problem.case_of(choice)
            curve = figure_curve(case, self.figure, self.low, self.high)
            if curve.shape == "convex":
                raise _not_a_price(self.figure)
            self.sets[name] = _Set(
                name,
                len(problem.opened(choice)),
                curve,
                problem.fixed_cost_mcny(choice) * KCNY_PER_MCNY,
                problem.capital_mcny(choice),
            )
        return self.sets[name]

    def point(self, at: float) -> Point:
        """Least cost over all sets, and the slope of the best one."""
        best = self.best(at)
        return Point(at, best.cost_kcny(at), best.slope(at))


def choice_along(
    case: Case, figure: Figure, low: float, high: float, requirements: Requirements | None = None
) -> pd.DataFrame:
    """The best set of projects (and closures) as a figure runs from `low` to `high`.

    Projects must be of fixed size: the size of others would be chosen again at every value.

    Returns
    -------
    pandas.DataFrame
        A row per stretch: figure, unit, from, to, cost_mcny (least, at `from`, fixed cost
        included), capital_mcny, projects (how many) and set (their names).

    Raises
    ------
    BadInput
        The figure moves bounds, or a project has a size to choose.
    NoPlan
        Somewhere in the range there is no plan.
    """
    _check_sizes(case)
    search = _Search(case, figure, requirements or Requirements(), low, high)
    rows: list[tuple[float, float, _Set]] = []
    for piece in trace(search.point, low, high):
        best = search.best((piece.start + piece.end) / 2)
        if rows and rows[-1][2] is best:
            rows[-1] = (rows[-1][0], piece.end, best)
        else:
            rows.append((piece.start, piece.end, best))
    records = [
        (
            figure.name,
            figure.unit,
            start,
            end,
            best.cost_kcny(start) / KCNY_PER_MCNY,
            best.capital_mcny,
            best.projects,
            best.name,
        )
        for start, end, best in rows
    ]
    return pd.DataFrame(records, columns=COLUMNS)


def _check_sizes(case: Case) -> None:
    sized = case.projects[case.projects["min_kt"] < case.projects["capacity_kt"]]
    if len(sized):
        names = ", ".join(sized["project"])
        rule = "a choice along a figure takes projects of fixed size"
        raise BadInput([Fault("projects.csv:min_kt", names, rule, "leave min_kt blank")])


def _not_a_price(figure: Figure) -> BadInput:
    rule = "a choice along a figure takes one that moves prices alone"
    return BadInput([Fault("--along", figure.name, rule, "compare runs of `site` instead")])
