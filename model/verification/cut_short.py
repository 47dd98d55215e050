"""Answers that another search need not find: cut short, or a quick one of several plans.

What they published is a feasible plan, whose every figure follows from its flows and inputs: the
audit derives them. A run that was cut short is found again program by program.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from model.audit.disagreement import Disagreement, show
from model.case.records import Json
from model.certify.lanes import LaneKey
from model.certify.reading import exact, read_output, read_texts
from model.reading.read_case import read_case
from model.result.absent import not_applicable
from model.result.allocation import QUICK
from model.result.figures import CHOICES, OF_ALLOCATION, RUN, SITE
from model.result.outputs import tables_of
from model.store.geojson import FLOWS_GEOJSON, flows_geojson
from model.store.output_csv import from_csv
from model.verification.folders import compare_folders


def is_cut_short(content: Json) -> bool:
    """Whether a search among choices ended before its proof, as ``run.json`` says."""
    limited = (content.get("provenance") or {}).get("options", {}).get("time_limit_s")
    if limited is None or content.get("kind") not in CHOICES:
        return False
    is_late = content.get("status") == "optimal" and content.get("proved_bound_mcny", 0) is None
    ended_early = content.get("status") == "limit" or content.get("tables_proved") is False
    return ended_early or (content["kind"] == SITE and is_late)


def has_other_plan(run: Path, derived: Path, content: Json) -> bool:
    """Whether a quick run, asked again, has found another of the plans of equal cost."""
    options = content["provenance"]["options"]
    return bool(options.get(QUICK)) and _carried(run) != _carried(derived)


def _carried(folder: Path) -> dict[tuple[str, ...], Fraction]:
    """What each lane of a plan carries."""
    flows = read_output(read_texts(folder), "flows")
    return {tuple(key): exact(kt) for *key, kt in flows.records(*LaneKey._fields, "ship_kt")}


OF_THE_PLAN = ("flows.csv", "balance.csv", "observed.csv", "throughput.csv")
"""Files that say of which plan of least cost they are: their cells, not what cells they have."""
PROOF = ("basis.", "duals.", "found.")
"""Parts of the certificate that are checked by what they prove."""


def compare_but_plan(run: Path, derived: Path, content: Json) -> Iterator[Disagreement]:
    """What is not as derived, but for what another plan of the same cost says otherwise.

    Of its figures the audit derives those that follow from flows; why others do not apply follows
    from them.
    """
    reasons = not_applicable(content["kind"], content["status"], content)
    if content.get("not_applicable") != reasons:
        yield Disagreement("run.json", "not_applicable", "others", "those of its figures")
    if content["lanes"].get("used") != content["lanes_used"]:
        used = show(content["lanes"].get("used"))
        yield Disagreement("run.json", "lanes.used", used, show(content["lanes_used"]))
    _draw_again(run, derived)
    for entry in compare_folders(run, derived):
        if not (_is_of_flows(entry) or _is_cell(entry)):
            yield entry


def _draw_again(run: Path, derived: Path) -> None:
    """Draw the lines of the stored flows, which the audit checks, in place of those found again."""
    text = (run / "flows.csv").read_text(encoding="utf-8")
    flows = from_csv(text, tables_of(RUN)["flows"].text_columns)
    lines = flows_geojson(read_case(derived / "inputs"), flows)
    (derived / FLOWS_GEOJSON).unlink(missing_ok=True)
    if lines:
        (derived / FLOWS_GEOJSON).write_text(lines, encoding="utf-8")


def _is_of_flows(entry: Disagreement) -> bool:
    """Whether a figure follows from the flows of an allocation, or says which do not apply."""
    is_figure = entry.figure in (*OF_ALLOCATION, "lanes_used", "lanes.used")
    return entry.file == "run.json" and (is_figure or entry.figure.startswith("not_applicable."))


def _is_cell(entry: Disagreement) -> bool:
    """Whether a disagreement is about a value within a file, or how many flows there are."""
    if entry.file == "certificate.json":
        return entry.figure.startswith(PROOF)
    is_value = entry.figure.startswith("row ") or (entry.file == "flows.csv" and not entry.figure)
    return entry.file in OF_THE_PLAN and is_value
