"""The model's answer to what the enumeration of several futures is asked."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd

from model.case.errors import BadInput
from model.scenarios.apply import LEDGER
from model.scenarios.info import ScenarioInfo
from model.studies.futures.answer import Together
from model.studies.futures.criterion import Criterion
from model.studies.futures.future import Scenario
from model.studies.futures.together import TogetherOptions, together
from tests.support.futures_oracle import Futures
from tests.support.siting_answers import requirements


def answer(futures: Futures, *, top: int, full: bool = False) -> Together | None:
    """The best set under the criterion of `futures`; None where what is required is refused."""
    nothing = pd.DataFrame(columns=list(LEDGER))
    scenarios = [
        Scenario(case, ScenarioInfo(f"future{at}"), nothing)
        for at, case in enumerate(futures.cases)
    ]
    weights = [Fraction(weight).limit_denominator(1000) for weight in futures.weights]
    options = TogetherOptions(Criterion(futures.criterion), weights, top=top, full=full)
    try:
        return together(scenarios, requirements(futures.requested), options)
    except BadInput:
        return None
