"""The futures that one set must serve: a siting problem each, over the same projects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from model.case.errors import BadInput, Fault, quoted, raise_any
from model.scenarios.info import ScenarioInfo
from model.solve.deadline import Deadline
from model.store.folder import slug
from model.studies.siting.options import Option
from model.studies.siting.problem import SitingProblem, pose
from model.studies.siting.requirements import Requirements

if TYPE_CHECKING:
    from model.case.case import Case


@dataclass(frozen=True)
class Scenario:
    """A case under a scenario, as it was prepared.

    Attributes
    ----------
    changes : the ledger of the scenario's steps
    """

    case: Case
    info: ScenarioInfo
    changes: pd.DataFrame


@dataclass(frozen=True)
class Future:
    """One future: what may happen, and the choice as it stands there."""

    info: ScenarioInfo
    changes: pd.DataFrame
    problem: SitingProblem

    @property
    def name(self) -> str:
        """Name of the scenario."""
        return self.info.name


def pose_futures(
    scenarios: Sequence[Scenario], requirements: Requirements, deadline: Deadline
) -> list[Future]:
    """Formulate every future as a choice among the same projects and closures.

    Raises
    ------
    BadInput
        There is one future, a name twice, or the projects are not the same; what `pose` refuses.
    OutOfTime
    """
    _check_names([each.info.name for each in scenarios])
    futures = [
        Future(each.info, each.changes, _posed(each, requirements, deadline)) for each in scenarios
    ]
    first, *others = futures
    raise_any([fault for other in others for fault in _differences(first, other)])
    return futures


def _posed(scenario: Scenario, requirements: Requirements, deadline: Deadline) -> SitingProblem:
    """The problem of a future; a fault says which."""
    try:
        return pose(scenario.case, requirements, deadline)
    except BadInput as error:
        where = f"scenario {scenario.info.name}"
        raise BadInput(
            [
                Fault(f"{where}: {fault.where}", fault.found, fault.rule, fault.remedy)
                for fault in error.faults
            ]
        ) from error


def _check_names(names: Sequence[str]) -> None:
    if len(names) < 2:
        rule, remedy = "takes two futures at least", "name another scenario, or drop --together"
        raise_any([Fault("--together", f"{len(names)} scenario", rule, remedy)])
    seen: dict[str, str] = {}
    faults = []
    for name in names:
        other = seen.setdefault(slug(name), name)
        if list(names).count(name) > 1 or other != name:
            rule = "every future must have a name of its own"
            faults.append(Fault("SCENARIO", quoted(name), rule, "drop or rename one"))
    raise_any(list(dict.fromkeys(faults)))


def _differences(first: Future, other: Future) -> Iterator[Fault]:
    """What makes the choice of one future another than that of the first: names and sizes.

    Costs, rules and what a closed origin would have supplied may differ.
    """
    ours, theirs = _decided(first), _decided(other)
    for key in dict.fromkeys([*ours, *theirs]):
        kind, name = key
        where = "projects.csv" if kind == "project" else "closures.csv"
        rule = "one set is chosen for all futures, so their projects and closures must be the same"
        if key not in ours or key not in theirs:
            has, lacks = (first, other) if key in ours else (other, first)
            found = f"a {kind} of {has.name}, not of {lacks.name}"
            yield Fault(f"{where}: {quoted(name)}", found, rule, "let it stand in every scenario")
        elif ours[key] != theirs[key]:
            found = f"{_size(ours[key])} in {first.name}, {_size(theirs[key])} in {other.name}"
            yield Fault(f"{where}: {quoted(name)}", found, rule, "give it one size everywhere")


def _decided(future: Future) -> dict[tuple[str, str], tuple[float, float, int]]:
    """Sizes and lines of every project, by kind and name; nothing of a closure."""
    options = future.problem.formulation.options
    return {
        (option.kind, option.name): _sizes(option, len(options.lines(number)))
        for number, option in enumerate(options.options)
        if option.line == 1
    }


def _sizes(option: Option, lines: int) -> tuple[float, float, int]:
    return (option.min_kt, option.capacity_kt, lines) if option.is_project else (0.0, 0.0, 1)


def _size(bounds: tuple[float, float, int]) -> str:
    least, most, lines = bounds
    size = f"{most:g} kt" if least == most else f"{least:g} to {most:g} kt"
    return f"{lines} lines of {size}" if lines > 1 else size
