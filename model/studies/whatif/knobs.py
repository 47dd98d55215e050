"""The knobs of a case: everything in it that a planner may want to move, read off its tables."""

from __future__ import annotations

import pandas as pd

from model.case.case import Case
from model.studies.whatif.bound_knobs import (
    capacities,
    corridors,
    demands,
    factors,
    limits,
    places,
)
from model.studies.whatif.knob import Knob
from model.studies.whatif.price_knobs import carbon, charges, duty_rates, freight, lane_prices
from model.studies.whatif.traffic import traffic_of


def knobs_of(case: Case, flows: pd.DataFrame) -> list[Knob]:
    """All knobs of a case, in the order in which their steps are taken.

    Parameters
    ----------
    flows : the plan from which moves start: it says which corridors matter
    """
    traffic = traffic_of(case, flows)
    return [
        *capacities(case),
        *factors(case),
        *demands(case),
        *places(case, traffic),
        *corridors(case, traffic),
        *limits(case),
        *freight(case),
        *lane_prices(case),
        *duty_rates(case),
        *charges(case),
        carbon(case),
    ]
