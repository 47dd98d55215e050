"""What one set for several futures came to, as pages read it and a run folder holds it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from model.case.records import Figures, Json
from model.result.answer import Answer
from model.result.figures import FUTURES
from model.scenarios.info import ScenarioInfo
from model.solve.diagnosis import Diagnosis

if TYPE_CHECKING:
    import pandas as pd

    from model.result.allocation import Allocation


@dataclass(frozen=True)
class Together:
    """One set for several futures.

    Attributes
    ----------
    scenario : the question: its name is made of those of the futures
    status : optimal, infeasible or limit
    figures : weighted means of costs, the criterion and its bound, what is opened and closed
    tables : futures, sets, regret, given
    runs : of the set in each future, by its name
    """

    scenario: ScenarioInfo
    status: str
    figures: Figures
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    runs: Mapping[str, Allocation] = field(default_factory=dict)
    studies: Json = field(default_factory=dict)
    certificate: Json = field(default_factory=dict)
    diagnosis: Diagnosis | None = None
    provenance: Json = field(default_factory=dict)
    requirements: Json = field(default_factory=dict)
    requested: Mapping[str, object] = field(default_factory=dict)

    def answer(self) -> Answer:
        """All of it as a run folder holds it: the run of each future is a part of it."""
        return Answer(
            FUTURES,
            self.status,
            self.figures,
            dict(self.tables),
            self.scenario,
            certificate=self.certificate,
            diagnosis=self.diagnosis,
            studies=self.studies,
            provenance=self.provenance,
            parts={
                name: replace(
                    run.answer("run", self.requested[name]),  # type: ignore[arg-type]
                    provenance={"options": self.requirements},
                )
                for name, run in self.runs.items()
            },
        )

    def with_place(self, answer: Answer) -> Together:
        """The same as it was saved and certified."""
        return replace(
            self, status=answer.status, figures=answer.figures, provenance=answer.provenance
        )
