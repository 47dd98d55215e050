"""Studies as a page reads them, whether fresh from a run or loaded from its files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from model.result.study_tables import tables_of

if TYPE_CHECKING:
    from model.result.allocation import Allocation
    from reports.figures.curves import Step

CURVES, PAIRS, CURVE_COLUMNS = "curves", "pairs", ["place", "from_kt", "to_kt", "value_cny_per_t"]
RANGES, WIDE_RANGES = "ranges", "ranges_wide"
RANGE_COLUMNS = ["within", "kind", "origin", "sink", "low_kt", "high_kt", "ship_kt"]
ALTERNATIVES, ALTERNATIVE_FLOWS = "alternatives", "alternative_flows"
RESTS_ON, EFFECT_COLUMNS = "rests_on", ["assumption", "cost_at_low_mcny", "cost_at_high_mcny"]
STRUCTURE = "rests_on_structure"
STRUCTURE_COLUMNS = [
    "assumption", "scenario", "cost_mcny", "change_mcny", "flow", "sites", "turns", "note",
]  # fmt: skip
CONCLUSIONS, SITE = "conclusions", "site"  # and what begins with it
SWEEP, CURVE, WHY = "sweep", "curve", "why"
WHY_INSTEAD = "why_instead"
"""Why not another origin."""
KCNY_PER_MCNY = 1000.0
WITH_A_PLACE = {
    *(CURVES, PAIRS),
    *(RANGES, WIDE_RANGES, ALTERNATIVES, ALTERNATIVE_FLOWS),
    *(RESTS_ON, STRUCTURE, CONCLUSIONS, SWEEP),
}


def table_with(result: Allocation, study: str, columns: Sequence[str]) -> pd.DataFrame:
    """Return the first table of a study that has all the columns; an empty one if there is none."""
    for frame in tables_of(result.studies.get(study)).values():
        if set(columns) <= set(frame.columns):
            return frame
    return pd.DataFrame(columns=list(columns))


def is_full(result: Allocation) -> bool:
    """Tell whether it is a full run, which has asked all that it can."""
    return WIDE_RANGES in result.studies


def other_studies(result: Allocation) -> dict[str, pd.DataFrame]:
    """Return every table among the studies that has no section of its own, by name."""
    return {
        f"{study} {part}".strip().replace("_", " "): frame
        for study in result.studies
        if study not in WITH_A_PLACE and not study.startswith(SITE)
        for part, frame in tables_of(result.studies[study]).items()
    }


def curve_steps(result: Allocation) -> dict[str, list[Step]]:
    """Return the value curves: for each place its steps (from kt, to kt, CNY/t saved)."""
    frame = table_with(result, CURVES, CURVE_COLUMNS)
    steps: dict[str, list[Step]] = {}
    for place, start, end, value in frame[CURVE_COLUMNS].itertuples(index=False, name=None):
        steps.setdefault(str(place), []).append((float(start), float(end), float(value)))
    return steps


def saving_mcny(steps: Sequence[Step], up_to_kt: float) -> float:
    """Return what capacity up to a size saves a year: the area under its value curve."""
    kcny = sum(value * (min(end, up_to_kt) - min(start, up_to_kt)) for start, end, value in steps)
    return kcny / KCNY_PER_MCNY


def effects(result: Allocation) -> dict[str, tuple[float, float]]:
    """Return for each assumption the total cost at the low and the high end of its range, MCNY."""
    known = table_with(result, RESTS_ON, EFFECT_COLUMNS)[EFFECT_COLUMNS].dropna()
    return {
        str(title): (float(low), float(high))
        for title, low, high in known.itertuples(index=False, name=None)
    }
