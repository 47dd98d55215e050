"""The README, and the runs of the bundled market that its figures come from."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pandas as pd

from model.result.allocation import Allocation
from model.run import RunOptions, evaluate
from model.scenarios.prepare import prepare
from model.studies.allowance import Allowance
from model.studies.ranges.study import ranges
from model.studies.sensitivity.conclusions import Conclusion, Conclusions, NewSites

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PREBAKED, BATTERY = ROOT / "data" / "prebaked_2024", ROOT / "data" / "battery_2024"

Rows = list[list[str]]


def table_after(heading: str) -> Rows:
    """The body of the first table of the README below a heading."""
    _, found, rest = README.partition(f"\n## {heading}\n")
    assert found, heading
    lines = re.search(r"(?:^\|.*\n)+", rest.replace("\N{NO-BREAK SPACE}", " "), re.MULTILINE)
    assert lines is not None
    return [
        [cell.strip() for cell in line.strip("|").split("|")] for line in lines[0].splitlines()[2:]
    ]


def says(text: str) -> bool:
    """Whether the README says this, wherever its lines break."""
    clean = text.replace("\N{NO-BREAK SPACE}", " ")
    return clean in " ".join(README.replace("\N{NO-BREAK SPACE}", " ").split())


def plain_spaces(rows: Rows) -> Rows:
    return [[cell.replace("\N{NO-BREAK SPACE}", " ") for cell in row] for row in rows]


@cache
def solved(scenario: str = "base") -> Allocation:
    prepared = prepare(PREBAKED, [scenario])[0]
    return evaluate(prepared.case, prepared.scenario, prepared.ledger, RunOptions())


def between_provinces(result: Allocation) -> pd.Series:
    """Kt of anodes between regions at home, by region of origin and sink, largest first."""
    makers = result.case.origins
    makers = makers[~makers["commodity"].isin(result.case.recipes["input"])]
    origins, sinks = makers.set_index("origin")["region"], result.case.sinks.set_index("sink")
    flows = result.flows[result.flows["origin"].isin(makers["origin"])]
    flows = flows.assign(start=flows["origin"].map(origins), end=flows["sink"].map(sinks["region"]))
    home = flows["sink"].map(sinks["kind"]) == "domestic"
    moved = flows[home & (flows["start"] != flows["end"])]
    return moved.groupby(["start", "end"])["ship_kt"].sum().sort_values(ascending=False)


@cache
def equal_cost_ranges() -> pd.DataFrame:
    table = ranges(solved().case, (0.0,)).table
    return table[table["kind"] == "pair"].set_index(["origin", "sink"])


@cache
def conclusion(scenario: str) -> Conclusion:
    places = NewSites(solved(scenario).case)
    found = Conclusions(places, places.market(), Allowance()).now
    assert found is not None
    return found
