"""The end of ``data/README.md``: every assumption of the bundled cases, and what hangs on it.

Remade by `python -m model.studies.sensitivity.assumptions_page`; it solves for some minutes.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Hashable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from model.case.case import Case
from model.case.change import FACTOR
from model.case.records import Record
from model.case.schema import column
from model.case.schema_page import ASSUMED, PAGE
from model.scenarios.prepare import prepare
from model.studies.allowance import Allowance
from model.studies.sensitivity.alternatives import alternatives
from model.studies.sensitivity.study import sensitivity

DATA = PAGE.parent
CASES = (("prebaked_2024", "base"), ("prebaked_2024", "coke"), ("battery_2024", "base"))
"""Cases and scenarios; of a scenario, only what it assumes beyond the case."""
INTRODUCTION = """
The ranges are those of `assumptions.csv`; the costs are those of the whole case, MCNY a year, with
the figure at the low and at the high end, or under the scenario that stands in place of a range.
Where figures have a sum that stays, the others make up for it. *Turns* says which conclusion is
another one then: the largest flow between regions, or the order of regions by what the first tonne
of new capacity saves. Made by `python -m model.studies.sensitivity.assumptions_page` from the cases
and `wanted.toml`.
"""


def section(case_name: str, scenario: str) -> str:
    """Return the table of a case, or of what a scenario adds to its assumptions."""
    rows = "\n".join(_rows(assumed(case_name, scenario)))
    title = case_name if scenario == "base" else f"{case_name}, scenario {scenario}"
    head = "| assumption | range | cost at its ends | turns | what would replace it |"
    return f"### {title}\n\n{head}\n| --- | --- | --- | --- | --- |\n{rows}\n"


def write_section() -> None:
    """Write the tables behind the format of a case."""
    before = PAGE.read_text(encoding="utf-8").partition(ASSUMED)[0]
    tables = "\n".join(section(*each) for each in CASES)
    text = f"{before}{ASSUMED}{INTRODUCTION}\n{tables}\n{not_found()}"
    PAGE.write_text(text, encoding="utf-8", newline="\n")


@cache
def _wanted() -> Record:
    """What publication would replace an assumption, by the source; what was not found."""
    return tomllib.loads((DATA / "wanted.toml").read_text(encoding="utf-8"))


def not_found() -> str:
    """Return the list of what was looked for in vain."""
    lines = "\n".join(f"- {what}" for what in _wanted()["not_found"])
    return f"### Looked for and not found\n\n{lines}\n"


def wanted(source: str) -> str:
    """Return the publication that would replace what rests on these sources, joined by ``|``."""
    known = _wanted()["instead"]
    return "; ".join(dict.fromkeys(known[name] for name in source.split("|") if name in known))


def assumed(case_name: str, scenario: str) -> Case:
    """Return a case, or that of a scenario with what the scenario adds to its assumptions."""
    case = prepare(DATA / case_name, [scenario])[0].case
    if scenario == "base":
        return case
    known = prepare(DATA / case_name, ["base"])[0].case.assumptions["assumption"]
    added = ~case.assumptions["assumption"].isin(set(known))
    return case.replace(assumptions=case.assumptions[added])


def range_of(row: Mapping[Hashable, Any]) -> str:
    """Return the range of an assumption in words, or the scenario in its place."""
    if row["scenario"]:
        return f"scenario `{row['scenario']}`"
    unit = "times" if row["how"] == FACTOR else column(row["target"]).unit
    stays = "; its sum stays" if row["moves_with"] else ""
    return f"{row['low']:,g}–{row['high']:,g} {unit}".rstrip() + stays


def _rows(case: Case) -> Iterator[str]:
    """Lines of the table, those on which most hangs first."""
    now, table = sensitivity(case)
    assert now is not None
    tried = alternatives(case, now, Allowance()).set_index("assumption")
    ends = table.set_index("assumption")
    spread: dict[str, float] = {}
    lines: dict[str, str] = {}
    for row in case.assumptions.to_dict("records"):
        name = row["assumption"]
        found = tried.loc[name] if row["scenario"] else ends.loc[name]
        names = ["cost_mcny"] if row["scenario"] else ["cost_at_low_mcny", "cost_at_high_mcny"]
        cells = [found[each] for each in names]
        spread[name] = abs(found["change_mcny"]) if not math.isnan(found["change_mcny"]) else -1.0
        costs = " – ".join("no plan" if math.isnan(cell) else f"{cell:,.0f}" for cell in cells)
        turned = found["turns"] or "–"
        lines[name] = f"| {name} | {range_of(row)} | {costs} | {turned} | {wanted(row['source'])} |"
    for name in sorted(lines, key=lambda each: (-spread[each], each)):
        yield lines[name]


if __name__ == "__main__":
    write_section()
    print(Path(PAGE))
