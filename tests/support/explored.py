"""What tests of the what-if page share: its cases, its address, a question."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from model.studies.whatif.workspace import StartingPoint, Workspace
from reports.explore.guard import new_token
from tests.support.cases import TWELVE_REGIONS

CASES = [TWELVE_REGIONS, Path(__file__).parents[2] / "data" / "battery_2024"]
PORT = 8050
TOKEN = new_token()
HOST = {"Host": f"127.0.0.1:{PORT}"}


@cache
def start_of(case: Path) -> StartingPoint:
    return Workspace(case, Path("runs")).start()


def requested(channel: str, **question: Any) -> dict[str, Any]:
    ends = {"id": f"got-{channel}", "property": "data"}
    value = {"serial": 1, "start": "", "texts": {}, **question}
    return {
        "output": f"got-{channel}.data",
        "outputs": ends,
        "inputs": [{"id": f"ask-{channel}", "property": "data", "value": value}],
        "changedPropIds": [f"ask-{channel}.data"],
    }
