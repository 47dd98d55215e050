"""An answer whose search ended early: its inputs and ledger derived again, its tables by the audit.

Another search need not find what one that was cut short had found by then, nor the same one of
several plans of least cost where the question was to be quick. What it published is a feasible
plan, whose every figure follows from its flows and inputs: the audit derives them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from model.audit.disagreement import Disagreement
from model.case.distances import with_distances
from model.case.records import Json
from model.case.write import write_case
from model.result.allocation import QUICK
from model.result.figures import FIGURES, PLAN
from model.store.output_csv import to_csv
from model.verification.folders import compare_folders
from model.verification.given import StoredQuestion


def is_cut_short(content: Json) -> bool:
    """Whether a search of the answer ended before its proof, as ``run.json`` says."""
    limited = (content.get("provenance") or {}).get("options", {}).get("time_limit_s")
    ended_early = content.get("status") == "limit" or content.get("tables_proved") is False
    return limited is not None and ended_early


def has_other_plan(run: Path, derived: Path, options: Mapping[str, Any]) -> bool:
    """Whether a quick run, asked again, has found another of the plans of equal cost."""
    plans = (folder / "flows.csv" for folder in (run, derived))
    stored, found = (path.read_bytes() if path.is_file() else b"" for path in plans)
    return bool(options.get(QUICK)) and stored != found


def derive_inputs(kind: str, question: StoredQuestion, out: Path) -> Path:
    """Write what a question's answer holds whatever the search found: its inputs and ledger."""
    case = question.case if kind == PLAN else with_distances(question.case)
    write_case(case, out / "inputs")
    (out / "changes.csv").write_text(to_csv(question.ledger), encoding="utf-8", newline="\n")
    return out


OF_THE_PLAN = ("flows.csv", "balance.csv", "observed.csv", "certificate.json")
"""Files that say of which plan of least cost they are."""
COUNTS = ("lanes.seen", "lanes.used", "lanes.rounds", "lanes.least_reduced_cost")


def compare_but_plan(run: Path, derived: Path) -> Iterator[Disagreement]:
    """What is not as derived, but for what another plan of the same cost says otherwise."""
    for entry in compare_folders(run, derived):
        name = entry.figure.removeprefix("not_applicable.")
        rests_on_plan = entry.file == "run.json" and (name in FIGURES or name in COUNTS)
        if entry.file not in OF_THE_PLAN and not rests_on_plan:
            yield entry


def compare_inputs(run: Path, derived: Path) -> Iterator[Disagreement]:
    """Inputs and ledger that are not those of the given files."""
    for entry in compare_folders(run, derived):
        if entry.file.startswith("inputs/") or entry.file == "changes.csv":
            yield entry
