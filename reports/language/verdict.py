"""What may be said of an answer in a few words: proved, found by two searches, or cut short."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reports.language import say
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
        return say(STATUS.get(status, status))
    if status == "limit":
        return feasible(figures.get("gap_share"))
    proved = figures.get("proved_bound_mcny")
    if proved is None or not total:
        return say("optimal by two searches")
    share = percent((total - proved) / abs(total), 2)
    return say("optimal by two searches; proved within {share}", share=share)


def labelled(label: str, text: str) -> str:
    """Return a line of a terminal: a label, and what it is of.

    >>> labelled("cost", "5 MCNY/yr")
    '  cost     5 MCNY/yr'
    """
    name = say(label)
    wide = sum(ord(character) > 0x2E7F for character in name)  # as wide as two on a terminal
    return f"  {name}{' ' * max(1, 9 - len(name) - wide)}{text}"


def feasible(gap: float | None) -> str:
    """What may be said of an answer that is not proved, with its gap as a share."""
    if gap is None:
        return say("feasible, gap unknown; not proved")
    return say("feasible, gap {share}; not proved", share=percent(gap, 2))
