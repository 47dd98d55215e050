"""Draws of a market of many pairs: solved in another way, with the same answers."""

from __future__ import annotations

import pandas as pd
import pytest

from model.reading.read_case import read_case
from model.studies.sweep.draws import DrawPlan
from model.studies.sweep.study import Sweep, sweep
from tests.support.cases import TWELVE_REGIONS
from tests.support.variations import vary


@pytest.mark.parametrize(
    "target", ["sinks.demand_kt", "origins.cost_cny_per_t", "modes.cny_per_t_km"]
)
def test_answers_do_not_depend_on_how_many_pairs_are_many(
    target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, plan = read_case(TWELVE_REGIONS), DrawPlan((vary(target),), draws=12)

    def swept(most_pairs: int) -> Sweep:
        monkeypatch.setattr("model.studies.sweep.study.MOST_PAIRS", most_pairs)
        return sweep(case, plan)

    few, many = swept(10**9), swept(0)
    assert many.counts["solved"] == many.counts["draws"] > few.counts["solved"]
    for name in ("total_cost_mcny", "transport_cost_mcny", "shipped_kt"):
        pd.testing.assert_series_equal(few.draws[name], many.draws[name], rtol=1e-9, atol=1e-6)
