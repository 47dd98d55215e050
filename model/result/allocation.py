"""What a run found: frozen, complete, and all that a report may read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from model.case.records import Figures, Json, Studies
from model.result.answer import Answer, LaneCounts
from model.result.figures import RUN
from model.result.outputs import empty_table
from model.scenarios.info import ScenarioInfo

if TYPE_CHECKING:
    import pandas as pd

    from model.case.case import Case
    from model.solve.diagnosis import Diagnosis

RUN_TABLES = ("flows", "balance", "prices", "changes", "observed", "throughput")
"""The tables of an allocation, each a CSV file of its run folder."""
PRICES = "prices"
QUICK = "quick"
PROGRAMS = "programs"
"""Of a run that a limit cut short: linear programs that were solved to find its plan."""
"""The option of a run without search for equal plans and without marginal values."""


def run_tables(provenance: Mapping[str, Any]) -> tuple[str, ...]:
    """The tables that the folder of an allocation must hold: of a quick run no prices."""
    is_quick = provenance.get("options", {}).get(QUICK)
    return tuple(name for name in RUN_TABLES if name != PRICES or not is_quick)


@dataclass(frozen=True)
class Allocation:
    """One allocation run.

    Attributes
    ----------
    case : exactly as solved, computed kilometres filled in
    status : optimal, infeasible or limit
    figures : what run.json carries; None where there is no plan
    flows, balance, prices, changes, observed, throughput : the tables of a run folder
    certificate : final basis and duals by name, and what checking them found
    studies : answers of further questions by name, filled by a full run
    provenance : versions, options, timings, hashes, created (UTC), git commit
    """

    case: Case
    scenario: ScenarioInfo
    status: str
    figures: Figures
    flows: pd.DataFrame
    balance: pd.DataFrame
    prices: pd.DataFrame
    changes: pd.DataFrame
    observed: pd.DataFrame
    throughput: pd.DataFrame
    lanes: LaneCounts
    certificate: Json
    diagnosis: Diagnosis | None = None
    studies: Studies = field(default_factory=dict)
    provenance: Json = field(default_factory=dict)

    @property
    def is_quick(self) -> bool:
        """Whether equal plans and marginal values were left out, as was asked."""
        return PRICES not in run_tables(self.provenance)

    def answer(
        self,
        kind: str = RUN,
        requested: Case | None = None,
        tables: Mapping[str, pd.DataFrame] | None = None,
    ) -> Answer:
        """The result as a run folder holds it.

        Parameters
        ----------
        requested : the case as it was requested, where the study solved a case of its own making
        tables : a study's own, by the name of their file
        """
        return Answer(
            kind,
            self.status,
            self.figures,
            {name: getattr(self, name) for name in run_tables(self.provenance)}
            | dict(tables or {}),
            self.scenario,
            requested=requested or self.case,
            built=self.case if requested is not None else None,
            lanes=self.lanes,
            certificate=self.certificate,
            diagnosis=self.diagnosis,
            studies=self.studies,
            provenance=self.provenance,
        )

    def with_place(self, answer: Answer) -> Allocation:
        """The result as it was saved and certified."""
        return Allocation.of(answer)

    @staticmethod
    def of(answer: Answer) -> Allocation:
        """The result in an answer that holds one allocation.

        Raises
        ------
        KeyError, TypeError
            It holds none.
        """
        assert answer.solved is not None and answer.scenario is not None
        tables = {name: answer.tables[name] for name in run_tables(answer.provenance)}
        tables.setdefault(PRICES, empty_table(PRICES))
        return Allocation(
            case=answer.solved,
            scenario=answer.scenario,
            status=answer.status,
            figures=answer.figures,
            lanes=answer.lanes or {},
            certificate=answer.certificate,
            diagnosis=answer.diagnosis,
            studies=answer.studies,
            provenance=answer.provenance,
            **tables,
        )
