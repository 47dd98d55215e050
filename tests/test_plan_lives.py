"""Lives that end between periods, and what is bought again."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd

import model
from model.case.case import Case, Settings


def test_what_is_bought_again_between_periods_counts_in_the_one_before(tmp_path: Path) -> None:
    """A life of two years ends in the gap after 2025, and with the last period's first year."""
    case = Case.of(
        Settings("gap", year=2025, discount_rate=0.1),
        origins=pd.DataFrame({"origin": ["A"], "supply_kt": [50.0]}),
        sinks=pd.DataFrame({"sink": ["H"], "demand_kt": [40.0]}),
        lanes=pd.DataFrame({"origin": ["A", "P"], "sink": "H", "cost_cny_per_t": [900.0, 10.0]}),
        projects=pd.DataFrame(
            {"project": ["P"], "capacity_kt": [40.0], "capex_cny_per_t": [500.0], "life_years": 2.0}
        ),
        periods=pd.DataFrame({"year": [2025, 2028, 2029], "length_years": [1.0, 1.0, 2.0]}),
    )
    run = model.plan(case).save(tmp_path)
    years = pd.read_csv(run / "years.csv").set_index("year")["capital_mcny"]
    assert years.to_dict() == {2025: 40.0, 2028: 0.0, 2029: 20.0}
    assert model.verify(run).agrees


def test_a_life_that_ends_between_periods_ends_then(tmp_path: Path) -> None:
    """It is gone in 2027, though the period before that ends with 2025."""
    case = Case.of(
        Settings("gone", year=2025, discount_rate=0.1),
        origins=pd.DataFrame({"origin": ["O"], "supply_kt": [10.0]}),
        sinks=pd.DataFrame({"sink": ["T"], "demand_kt": [10.0]}),
        lanes=pd.DataFrame({"origin": ["O", "A"], "sink": "T", "cost_cny_per_t": [100.0, 0.0]}),
        projects=pd.DataFrame(
            {
                "project": ["A"],
                "capacity_kt": [10.0],
                "fixed_capex_mcny": [1.0],
                "life_years": [2.0],
                "after_life": "gone",
            }
        ),
        periods=pd.DataFrame(
            {"year": [2025, 2028], "length_years": 1.0, "capex_max_mcny": [np.nan, 0.0]}
        ),
    )
    run = model.plan(case).save(tmp_path)
    assert pd.read_csv(run / "schedule.csv")["ends"].tolist() == [2027]
    assert model.verify(run).agrees


def test_a_cut_within_the_last_period_is_not_the_last_period(tmp_path: Path) -> None:
    """A life of two years and a half ends within the period that begins in 2028."""
    case = Case.of(
        Settings("cut", year=2025, discount_rate=0.1),
        origins=pd.DataFrame({"origin": ["O"], "supply_kt": [10.0]}),
        sinks=pd.DataFrame({"sink": ["T"], "demand_kt": [10.0]}),
        lanes=pd.DataFrame({"origin": ["O", "A"], "sink": "T", "cost_cny_per_t": [100.0, 0.0]}),
        projects=pd.DataFrame(
            {"project": ["A"], "capacity_kt": [10.0], "life_years": [2.5], "after_life": "gone"}
        ),
        periods=pd.DataFrame({"year": [2025, 2027, 2028], "length_years": [1.0, 1.0, 2.0]}),
    )
    run = model.plan(case).save(tmp_path)
    assert json.loads((run / "run.json").read_text(encoding="utf-8"))["last_year"] == 2028
    assert model.verify(run).agrees
