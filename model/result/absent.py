"""Why figures of an answer have no value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from model.case.records import Json
from model.result.figures import FIGURES, FUTURES, OF_ALLOCATION, PLAN

BY_PERIOD = "a plan states it by period, in years.csv"
BY_FUTURE = "it differs from future to future: futures/NAME/run.json states it"
FROM_FLOWS = "a plan has no total of it: its flows stand by period in flows.csv"
OF_PERIODS = (
    "shipped_kt", "export_kt", "shortage_kt", "deficit_kt", "moved_kt", "bn_t_km", "co2_kt",
)  # fmt: skip
"""Figures of a run that ``years.csv`` has of each period, and a plan not as one."""
NO_ALLOCATION = {
    "infeasible": "no allocation is feasible",
    "limit": "no allocation was found before the limit",
}
"""Why a run without a plan has no figures, by its status."""


def complete(kind: str, status: str, figures: Mapping[str, Any]) -> Json:
    """Figures as ``run.json`` carries them: those that do not apply are null, with the reason."""
    reasons = not_applicable(kind, status, figures)
    return {**figures, **dict.fromkeys(reasons), "not_applicable": reasons}


def not_applicable(kind: str, status: str, figures: Mapping[str, Any]) -> dict[str, str]:
    """Why each figure of an answer that has no value has none.

    Parameters
    ----------
    kind : of the answer
    status : optimal, infeasible or limit
    figures : its figures; one that is missing counts as None

    Examples
    --------
    >>> not_applicable("run", "optimal", dict.fromkeys(FIGURES, 1.0) | {"mean_haul_km": None})
    {'mean_haul_km': 'there are no domestic shipments'}
    """
    has_plan = figures.get("total_cost_mcny") is not None
    reasons = {}
    for name, figure in FIGURES.items():
        if figures.get(name) is not None:
            continue
        if kind in figure.kinds:
            found = figure.absent if has_plan else NO_ALLOCATION.get(status, "")
            reasons[name] = found or "it was not derived"
        elif kind == FUTURES and name in OF_ALLOCATION:
            reasons[name] = BY_FUTURE
        elif kind == PLAN and name in OF_ALLOCATION:
            reasons[name] = BY_PERIOD if name in OF_PERIODS else FROM_FLOWS
    return reasons
