"""A case that grows from year to year."""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.case.case import Case
from tests.support.siting_problems import small


def with_years(case: Case, *years: int, **periods: list[float]) -> Case:
    return case.replace(periods=pd.DataFrame({"year": years, **periods}).astype(float))


def growing() -> Case:
    """Demand that only grows after the first year; A and B can start then."""
    case = with_years(
        small(),
        2024,
        2025,
        2026,
        holding_cny_per_t=[5.0, 5.0, 5.0],
        max_stock_kt=[20.0, 20.0, 20.0],
    )
    return case.replace(
        paths=pd.DataFrame(
            {
                "target": ["sinks.demand_kt"] * 2,
                "where": ["sink=east"] * 2,
                "year": [2025, 2026],
                "value": [80.0, 100.0],
            }
        ),
        projects=case.projects.assign(earliest=[2024.0, 2025.0, np.nan], lead_years=[1, 1, 0]),
    )
