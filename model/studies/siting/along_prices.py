"""The best sets as a figure that moves prices alone runs from one value to another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from model.case.errors import NoPlan, OutOfTime
from model.market.market import KCNY_PER_MCNY
from model.solve.outcome import CutShort, Proved
from model.studies.curve.curve import Curve, figure_curve
from model.studies.parametric.piecewise import Point, trace
from model.studies.siting.choice import Choice
from model.studies.siting.problem import SitingProblem
from model.studies.siting.read_options import read_options
from model.studies.siting.stretches import AlongQuestion, Stretch

CAPITAL = ("projects.capex_cny_per_t", "projects.fixed_capex_mcny")
YEARLY = ("projects.fixed_mcny_per_year", "closures.saved_mcny_per_year")


@dataclass(frozen=True)
class _Set:
    """A set at its sizes, with its cost over the whole range.

    Attributes
    ----------
    curve : of its allocation; None where the figure is about its fixed cost
    allocation_kcny : its cost where there is no curve
    fixed_kcny : fixed cost at both ends
    """

    name: str
    projects: int
    capital_mcny: float
    span: tuple[float, float]
    curve: Curve | None
    allocation_kcny: float
    fixed_kcny: tuple[float, float]

    @property
    def _rise(self) -> float:
        (low, high), (first, last) = self.span, self.fixed_kcny
        return (last - first) / (high - low)

    def cost_kcny(self, at: float) -> float:
        """Least cost at a value."""
        own = self.allocation_kcny if self.curve is None else self.curve.cost_kcny(at)
        return own + self.fixed_kcny[0] + self._rise * (at - self.span[0])

    def slope(self, at: float) -> float:
        """What one more of the figure costs."""
        if self.curve is None:
            return self._rise
        pieces = self.curve.pieces
        own = next((piece.slope for piece in pieces if at <= piece.end), pieces[-1].slope)
        return own + self._rise


@dataclass
class _Search:
    """Best sets at values of the figure; the cost of each is traced once."""

    asked: AlongQuestion
    sets: dict[tuple[object, ...], _Set] = field(default_factory=dict)

    def best(self, at: float) -> _Set:
        """The set of least cost at one value."""
        problem = self.asked.posed(at)
        outcome = problem.choose()
        if isinstance(outcome, CutShort):
            raise OutOfTime
        if not isinstance(outcome, Proved):
            raise NoPlan(f"no feasible plan at {at:g}")
        choice = outcome.best
        sizes = problem.size_kt(choice)
        key = choice.key, *sizes.items(), choice.idle
        if key not in self.sets:
            self.sets[key] = self._traced(problem, choice, at)
        return self.sets[key]

    def _traced(self, problem: SitingProblem, choice: Choice, at: float) -> _Set:
        figure, span = self.asked.figure, self.asked.span
        is_fixed = figure.target in (*CAPITAL, *YEARLY)
        fixed = self._fixed(choice)
        here = problem.fixed_cost_mcny(choice) * KCNY_PER_MCNY
        return _Set(
            problem.set_text(choice),
            len(problem.opened(choice)),
            problem.capital_mcny(choice),
            span,
            None if is_fixed else figure_curve(problem.case_of(choice), figure, *span),
            choice.cost_kcny - here,
            fixed if is_fixed else (here, here),
        )

    def _fixed(self, choice: Choice) -> tuple[float, float]:
        """Fixed cost of a set at both ends."""
        figure, case = self.asked.figure, self.asked.case
        ends = (read_options(figure.put(case, value)).options for value in self.asked.span)
        low, high = (
            sum(
                option.cost_kcny(float(size))
                for option, yes, size in zip(options, choice.yes, choice.size_kt, strict=True)
                if yes
            )
            for options in ends
        )
        return low, high

    def point(self, at: float) -> Point:
        """Least cost over all sets, and the slope of the best one."""
        best = self.best(at)
        return Point(at, best.cost_kcny(at), best.slope(at))


def stretches_of_prices(asked: AlongQuestion) -> Iterator[Stretch]:
    """Stretches over which one set, at sizes of its own, is the best, from left to right.

    Raises
    ------
    NoPlan, OutOfTime
    """
    search = _Search(asked)
    for piece in trace(search.point, *asked.span):
        best = search.best((piece.start + piece.end) / 2)
        costs = best.cost_kcny(piece.start), best.cost_kcny(piece.end)
        yield Stretch(piece.start, piece.end, *costs, best.capital_mcny, best.projects, best.name)
