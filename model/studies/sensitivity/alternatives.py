"""What the conclusions rest on beyond figures: structural alternatives, each a scenario."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from model.case.case import Case
from model.case.errors import BadInput
from model.case.records import Record
from model.scenarios.alternative import alternative
from model.scenarios.scenario import apply
from model.studies.allowance import Allowance
from model.studies.sensitivity.conclusions import DECIMALS, Conclusion, Conclusions, NewSites
from model.studies.steps import counted

COLUMNS = [
    "assumption", "scenario", "cost_mcny", "change_mcny", "flow", "sites", "turns", "note",
]  # fmt: skip


def alternatives(case: Case, now: Conclusion, allowance: Allowance) -> pd.DataFrame:
    """Try each structural alternative of the case by itself, all else as it is.

    Parameters
    ----------
    now : of the case as it stands

    Returns
    -------
    pandas.DataFrame
        assumption, scenario, cost_mcny, change_mcny (less that of the case as it stands), flow and
        sites (the two conclusions under the scenario), turns (which of them are others than now:
        `flow`, `sites`), note (why there is no answer). Largest change first.
    """
    rows = case.assumptions[case.assumptions["scenario"] != ""].to_dict("records")

    def records() -> Iterator[Record]:
        for row in rows:
            yield _record(case, now, row["assumption"], row["scenario"], allowance)

    tried = allowance.collect(counted(records(), "alternative", len(rows)))
    table = pd.DataFrame(tried, columns=COLUMNS)
    order = table["change_mcny"].abs().sort_values(ascending=False, kind="stable").index
    return table.loc[order].reset_index(drop=True)


def _record(
    case: Case, now: Conclusion, assumption: str, scenario: str, allowance: Allowance
) -> Record:
    """A row of the table."""
    note, found = "", None
    try:
        found = _conclusion(apply(case, alternative(case, scenario))[0], allowance)
    except BadInput as error:
        note = f"it cannot be tried here: {error.faults[0]}"
    if found is None:
        note = note or "no feasible plan"
        blank = dict.fromkeys(["cost_mcny", "change_mcny"], np.nan)
        texts = dict.fromkeys(["flow", "sites", "turns"], "")
        return {"assumption": assumption, "scenario": scenario} | blank | texts | {"note": note}
    return {
        "assumption": assumption,
        "scenario": scenario,
        "cost_mcny": found.cost_mcny,
        "change_mcny": round(found.cost_mcny - now.cost_mcny, DECIMALS),
        "flow": found.flow,
        "sites": " > ".join(found.sites),
        "turns": " and ".join(found.turned(now)),
        "note": note,
    }


def _conclusion(case: Case, allowance: Allowance) -> Conclusion | None:
    """What a case leads to; None without a plan."""
    places = NewSites(case)
    market = places.market()
    return None if market.has_crossed_bounds else Conclusions(places, market, allowance).now
