"""Answers that another search need not find: cut short, or a quick one of several plans.

What they published is a feasible plan, whose every figure follows from its flows and inputs: the
audit derives them. A run that was cut short is found again program by program.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from model.audit.disagreement import Disagreement
from model.case.records import Json
from model.result.allocation import QUICK
from model.result.figures import CHOICES, FIGURES, SITE
from model.verification.folders import compare_folders


def is_cut_short(content: Json) -> bool:
    """Whether a search among choices ended before its proof, as ``run.json`` says."""
    limited = (content.get("provenance") or {}).get("options", {}).get("time_limit_s")
    if limited is None or content.get("kind") not in CHOICES:
        return False
    is_late = content.get("status") == "optimal" and content.get("proved_bound_mcny", 0) is None
    ended_early = content.get("status") == "limit" or content.get("tables_proved") is False
    return ended_early or (content["kind"] == SITE and is_late)


def has_other_plan(run: Path, derived: Path, options: Mapping[str, Any]) -> bool:
    """Whether a quick run, asked again, has found another of the plans of equal cost."""
    plans = (folder / "flows.csv" for folder in (run, derived))
    stored, found = (path.read_bytes() if path.is_file() else b"" for path in plans)
    return bool(options.get(QUICK)) and stored != found


OF_THE_PLAN = ("flows.csv", "balance.csv", "observed.csv", "certificate.json")
"""Files that say of which plan of least cost they are: their cells, not what cells they have."""
COUNTS = ("lanes.seen", "lanes.used", "lanes.rounds", "lanes.least_reduced_cost")


def compare_but_plan(run: Path, derived: Path) -> Iterator[Disagreement]:
    """What is not as derived, but for what another plan of the same cost says otherwise."""
    for entry in compare_folders(run, derived):
        name = entry.figure.removeprefix("not_applicable.")
        rests_on_plan = entry.file == "run.json" and (name in FIGURES or name in COUNTS)
        is_cell = entry.file in OF_THE_PLAN and _is_cell(entry)
        if not is_cell and not rests_on_plan:
            yield entry


def _is_cell(entry: Disagreement) -> bool:
    """Whether a disagreement is about a value within a file, or how many flows there are."""
    if entry.file == "certificate.json":
        return "." in entry.figure
    return entry.figure.startswith("row ") or (entry.file == "flows.csv" and not entry.figure)
