"""A scenario applied to the small case, or refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.case.case import Case
from model.case.errors import BadInput
from model.reading.read_case import read_case
from model.scenarios.apply import LEDGER
from model.scenarios.scenario import apply, load_scenario
from tests.support.small_case import write_scenario

GROUNDS = 'why = "because"\nsource = "survey"\ngrade = "assumed"\n'


def applied(folder: Path, text: str) -> tuple[Case, list[tuple[str, ...]]]:
    """The case after the scenario, and its ledger without grounds."""
    write_scenario(folder, "trial", text)
    case, ledger = apply(read_case(folder), load_scenario(folder, "trial"))
    assert tuple(ledger.columns) == LEDGER
    rows = ledger[["step", "table", "row", "column", "before", "after"]]
    return case, [tuple(map(str, row)) for row in rows.itertuples(index=False)]


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(BadInput) as refused:
        applied(folder, text)
    *faults, count = str(refused.value).splitlines()
    plural = "" if len(faults) == 1 else "s"
    assert count == f"{len(faults)} fault{plural}; nothing was written"
    return "\n".join(faults)
