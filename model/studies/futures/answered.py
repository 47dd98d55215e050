"""All that was found of one set for several futures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

import pandas as pd

from model.case.errors import SolverFailed
from model.market.market import KCNY_PER_MCNY
from model.scenarios.info import ScenarioInfo
from model.solve.outcome import Outcome, Proved, answer_of
from model.studies.confirm import Confirmed
from model.studies.futures.choose import Found, Ranked
from model.studies.futures.future import Future
from model.studies.futures.valued import Valued, Valuer
from model.studies.siting.choice import Choice


@dataclass(frozen=True)
class Own:
    """The best set of one future by itself.

    Attributes
    ----------
    proof : what stands behind it, as `Confirmed.as_dict` says
    """

    name: str
    outcome: Outcome[Choice]
    proof: Mapping[str, object]

    def text(self, future: Future) -> str:
        """The set and its cost in a line."""
        choice = answer_of(self.outcome)
        if choice is None:
            return "none"
        cost = choice.cost_kcny / KCNY_PER_MCNY
        return f"{future.problem.set_text(choice)} ({cost:,.6f} MCNY/yr)"


@dataclass(frozen=True)
class Answered:
    """All that was found.

    Attributes
    ----------
    sets : the best sets in order
    given : sets that were named, as they were written; None where one has no plan
    further : tables of a full answer, and whether all of them are there
    """

    question: ScenarioInfo
    valuer: Valuer
    confirmed: Confirmed[Found]
    own: Sequence[Own]
    sets: Ranked
    given: Sequence[tuple[str, Valued | None]]
    further: tuple[Mapping[str, pd.DataFrame], bool] = (MappingProxyType({}), True)

    @property
    def best(self) -> Valued:
        """The set that is published."""
        if not self.sets.sets:
            raise SolverFailed("the chosen set has no plan of its own; no result was written")
        return self.sets.sets[0]

    @cached_property
    def own_choices(self) -> list[Choice]:
        """The best set of each future."""
        return [choice for each in self.own if (choice := answer_of(each.outcome)) is not None]

    @property
    def is_proved(self) -> bool:
        """Whether the set and every future's own are."""
        own = all(isinstance(each.outcome, Proved) for each in self.own)
        return own and isinstance(self.confirmed.outcome, Proved)
