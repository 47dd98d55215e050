"""What may be said of an answer in a few words: proved, found by two searches, or cut short."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reports.language.numbers import percent

STATUS = {
    "optimal": "proved optimal",
    "infeasible": "no feasible allocation",
    "limit": "not proved, a limit came first",
}


def verdict(status: str, figures: Mapping[str, Any]) -> str:
    r"""What may be said of an answer with a status and these figures.

    Of a choice among projects the search's claim is confirmed by a second search, and the
    certificate proves a bound: that is said, and not more.

    >>> verdict("optimal", {"opened": [], "total_cost_mcny": 200.0, "proved_bound_mcny": 199.0})
    'optimal by two searches; proved within 0.50\xa0%'
    """
    total = figures.get("total_cost_mcny")
    if "opened" not in figures or total is None or status not in ("optimal", "limit"):
        return STATUS.get(status, status)
    if status == "limit":
        share = figures.get("gap_share")
        gap = "gap unknown" if share is None else f"gap {percent(share, 2)}"
        return f"feasible, {gap}; not proved"
    proved = figures.get("proved_bound_mcny")
    if proved is None or not total:
        return "optimal by two searches"
    return f"optimal by two searches; proved within {percent((total - proved) / abs(total), 2)}"
