"""Inputs on which a choice once went wrong, each with the right answer."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from model.case.case import Case
from model.reading.read_case import read_case
from model.result.result import Result
from model.scenarios.apply import LEDGER
from model.scenarios.info import ScenarioInfo
from model.studies.siting.options import capital_recovery_factor
from model.studies.siting.requirements import Requirements
from model.studies.siting.site import SiteOptions, site

FOUND = Path(__file__).parent / "data" / "found"


def chosen(case: Case, requirements: Requirements | None = None, **options: object) -> Result:
    nothing = pd.DataFrame(columns=list(LEDGER))
    told = SiteOptions(**options)  # type: ignore[arg-type]
    return site(case, ScenarioInfo("base"), nothing, requirements, told).result


def test_capital_and_a_yearly_cost_are_both_paid() -> None:
    case = read_case(FOUND / "capex-and-fixed-together")
    must = case.replace(projects=case.projects.assign(forced=True))
    factor = capital_recovery_factor(0.08, 20)
    for kt in (10.0, 60.0):
        only = must.replace(projects=must.projects.assign(min_kt=kt, capacity_kt=kt))
        result = chosen(only, Requirements(max_projects=1))
        closes = 50.0 if result.figures["closed"] else 0.0
        assert result.figures["fixed_cost_mcny"] == pytest.approx(1 + 50 * kt * factor - closes)
    # 60 kt in B's place save 38 + 12 MCNY a year and cost 306.6: nothing is built.
    assert chosen(case).figures["opened"] == []
