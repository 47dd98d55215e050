"""Studies as a page reads them, whether fresh from a run or loaded from its files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from model.result import Result
    from reports.figures.curves import Step


def frame_of(study: Any) -> pd.DataFrame:
    """Return a study as a table: a frame as it is, records as rows; anything else is empty."""
    if isinstance(study, pd.DataFrame):
        return study
    if isinstance(study, Sequence) and study and all(isinstance(row, Mapping) for row in study):
        return pd.DataFrame(list(study))
    return pd.DataFrame()


def ranges_of(result: Result) -> pd.DataFrame:
    """Return flow ranges: origin, sink, low_kt, high_kt, ship_kt; empty when not computed."""
    study = result.studies.get("ranges")
    if isinstance(study, Mapping):
        study = study.get("flows")
    frame = frame_of(study)
    needed = {"origin", "sink", "low_kt", "high_kt", "ship_kt"}
    return frame if needed <= set(frame.columns) else pd.DataFrame()


def ranges_within(result: Result) -> str:
    """Return how near to the least cost the plans behind the ranges are, as text."""
    study = result.studies.get("ranges")
    return str(study.get("within", "")) if isinstance(study, Mapping) else ""


def curves_of(result: Result) -> pd.DataFrame:
    """Return the pieces of the value curves, a row each; empty when not computed."""
    frame = frame_of(result.studies.get("curves"))
    needed = {"at", "from_kt", "to_kt", "value_cny_per_t"}
    return frame if needed <= set(frame.columns) else pd.DataFrame()


def other_studies(result: Result) -> dict[str, pd.DataFrame]:
    """Return every table among the studies that has no section of its own, by name."""
    shown = {"curves", "ranges", "rests_on"}
    found: dict[str, pd.DataFrame] = {}
    for name, study in result.studies.items():
        parts = study if isinstance(study, Mapping) else {"": study}
        for part, content in parts.items():
            frame = frame_of(content)
            if name not in shown and not frame.empty:
                found[f"{name} {part}".strip().replace("_", " ")] = frame
    return found


def curve_steps(result: Result) -> dict[str, list[Step]]:
    """Return the value curves: for each place its steps (from kt, to kt, CNY/t)."""
    steps: dict[str, list[Step]] = {}
    frame = curves_of(result)
    if frame.empty:
        return steps
    names = ["at", "from_kt", "to_kt", "value_cny_per_t"]
    for place, start, end, value in frame[names].itertuples(index=False, name=None):
        steps.setdefault(str(place), []).append((float(start), float(end), float(value)))
    return steps


def effects(result: Result) -> dict[str, tuple[float, float]]:
    """Return for each assumption the total cost at the low and the high end of its range, MCNY."""
    frame = frame_of(result.studies.get("rests_on"))
    names = ["assumption", "cost_at_low_mcny", "cost_at_high_mcny"]
    if not set(names) <= set(frame.columns):
        return {}
    known = frame[names].dropna()
    return {
        str(title): (float(low), float(high))
        for title, low, high in known.itertuples(index=False, name=None)
    }
