"""An answer of any kind as a run folder holds it: figures, tables, the case, where it is from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypedDict

from model.case.records import Figures, Json, Studies
from model.result.absent import complete
from model.scenarios.info import ScenarioInfo
from model.solve.diagnosis import Diagnosis

if TYPE_CHECKING:
    import pandas as pd

    from model.case.case import Case


class LaneCounts(TypedDict, total=False):
    """How much of what was on offer a run has seen, and whether its plan is the only one.

    Empty where nothing was solved; `other_plans_cost_the_same` is None where that is not known.
    """

    offered: int
    seen: int
    used: int | None
    rounds: int
    least_reduced_cost: float
    other_plans_cost_the_same: bool | None


@dataclass(frozen=True)
class Answer:
    """What a command answers; every kind is saved, certified, read back and published alike.

    Attributes
    ----------
    kind : run, curve, ranges, why, sweep, site, plan, futures or comparison
    status : optimal, infeasible or limit; blank for a comparison
    figures : by name, as `model.result.figures` lists them
    tables : by the name of their CSV file
    scenario : none for a comparison
    requested : the case as it was requested, distances filled in; none for a comparison
    built : the case that was solved where the study chose one, else None
    lanes : None where there is no one program
    certificate : final basis and duals by name, and what checking them found
    studies : answers of further questions by name
    details : what else ``run.json`` holds
    provenance : versions, options, timings, hashes, created (UTC), git commit
    parts : answers that stand in folders of this one, each future's by its name
    """

    kind: str
    status: str
    figures: Figures
    tables: dict[str, pd.DataFrame]
    scenario: ScenarioInfo | None = None
    requested: Case | None = None
    built: Case | None = None
    lanes: LaneCounts | None = None
    certificate: Json = field(default_factory=dict)
    diagnosis: Diagnosis | None = None
    studies: Studies = field(default_factory=dict)
    details: Json = field(default_factory=dict)
    provenance: Json = field(default_factory=dict)
    parts: Mapping[str, Answer] = field(default_factory=dict)

    @property
    def solved(self) -> Case | None:
        """The case whose allocation this is."""
        return self.built or self.requested

    @property
    def has_content(self) -> bool:
        """Whether there is a plan, or a proof that there is none: anything to save."""
        has_plan = self.figures.get("total_cost_mcny") is not None
        return bool(self.details) or self.diagnosis is not None or has_plan

    def summary(self) -> Json:
        """What ``run.json`` and ``--json`` say: the figures, and where they come from."""
        content: Json = {"kind": self.kind}
        if self.scenario is not None:
            content |= {"scenario": vars(self.scenario)}
        content |= {"status": self.status}
        content |= {"run": None} | complete(self.kind, self.status, self.figures) | self.details
        if self.lanes is not None:
            content |= {"lanes": self.lanes, "ties": self._ties()}
        if self.scenario is not None:
            diagnosis = None if self.diagnosis is None else self.diagnosis.as_dict()
            content |= {"diagnosis": diagnosis, "provenance": self.provenance}
        return content

    def _ties(self) -> str | None:
        """Whether one of the plans of equal cost was chosen; None without a plan."""
        if self.lanes is None or self.figures.get("total_cost_mcny") is None:
            return None
        is_known = self.lanes.get("other_plans_cost_the_same") is not None
        return "resolved" if is_known else "unresolved"


ANSWERED = "answered"
"""Among the options of an answer that a limit cut short: how much of it there was time for."""
CUT_SHORT = "cut_short"
"""What a study that a limit ended is called among `Answer.studies`: how much of it was answered."""


@dataclass(frozen=True)
class Findings:
    """What a study found besides a run.

    Attributes
    ----------
    studies : answers by name, for ``studies.json`` and the page
    tables : by the name of their CSV file
    """

    studies: Studies
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)


def figures_of(content: Mapping[str, Any]) -> Figures:
    """The figures of an answer, from what its ``run.json`` says."""
    return {name: value for name, value in content.items() if name not in _NOT_FIGURES}


_NOT_FIGURES = {
    "kind",
    "scenario",
    "status",
    "lanes",
    "ties",
    "diagnosis",
    "provenance",
    "not_applicable",
}
