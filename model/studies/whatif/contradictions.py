"""What moves that are right each by itself can get wrong together."""

from __future__ import annotations

from model.case.case import Case
from model.market.selection import records


def contradictions(case: Case) -> dict[str, str]:
    """What is wrong with a moved case, as a sentence by the key of the knob to take back."""
    found = {}
    for sink in records(case.sinks[case.sinks["demand_kt"] < 0]):
        left = f"{sink['demand_kt']:,.10g}"
        found[f"demand:{sink['sink']}"] = f"leaves a demand of {left} kt; must be at least 0"
    for limit in records(case.limits[case.limits["min"] > case.limits["max"]]):
        name, most = limit["limit"], f"{limit['max']:,.10g}"
        found[f"limit:min:{name}"] = f"is above the most that is allowed, {most}"
    return found
