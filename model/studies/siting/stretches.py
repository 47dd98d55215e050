"""What is asked along a figure, and the stretches of values over which one set is the best."""

from __future__ import annotations

from dataclasses import dataclass

from model.case.case import Case
from model.solve.deadline import Deadline
from model.studies.parametric.figure import Figure
from model.studies.siting.problem import SitingProblem, pose
from model.studies.siting.requirements import Requirements


@dataclass(frozen=True)
class Stretch:
    """From one value to another.

    Attributes
    ----------
    name : of the set; blank where no set has a plan
    projects : how many it builds
    """

    start: float
    end: float
    cost_from_kcny: float
    cost_to_kcny: float
    capital_mcny: float
    projects: int
    name: str


@dataclass(frozen=True)
class AlongQuestion:
    """A figure of a case that moves over a span, and what a user requires of a set meanwhile."""

    case: Case
    figure: Figure
    span: tuple[float, float]
    requirements: Requirements
    deadline: Deadline

    def posed(self, value: float) -> SitingProblem:
        """The program of sets with a value of the figure."""
        return pose(self.figure.put(self.case, value), self.requirements, self.deadline)
