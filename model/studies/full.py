"""The studies of a full run: value curves, flow ranges, other plans, what conclusions rest on."""

from __future__ import annotations

from dataclasses import replace

from model.case.case import Case
from model.case.records import Studies
from model.result.allocation import Allocation
from model.result.answer import ANSWERED
from model.studies.allowance import Allowance
from model.studies.curve.curve import UP_TO_KT, capacity_curves, pairs
from model.studies.curve.tables import capacity_table
from model.studies.ranges.study import ranges
from model.studies.sensitivity.alternatives import alternatives
from model.studies.sensitivity.study import sensitivity
from model.studies.sites import short_with_makers
from model.studies.steps import begin

CURVES, RANGES = ["value of capacity", "capacity at two regions"], "ranges of flows"
ASSUMPTIONS = "what conclusions rest on"
"""Its studies as they are told while they are answered."""
PAIRS_KT = 500.0
NEAR, WIDE = (0.0, 0.01), 0.05


def with_full_studies(
    result: Allocation, case: Case, allowance: Allowance | None = None
) -> Allocation:
    """The run of a case with the answers of its full studies; as it was where it is not proved."""
    allowance = allowance or Allowance()
    studies = full_studies(case, allowance) if result.status == "optimal" else {}
    options = result.provenance.get("options", {}) | {"full": True}
    if allowance.is_cut_short:
        options |= {ANSWERED: allowance.answered}
    return replace(result, studies=studies, provenance=result.provenance | {"options": options})


def full_studies(case: Case, allowance: Allowance | None = None) -> Studies:
    """Answer the questions that a full run adds to the plan.

    Parameters
    ----------
    case : Case
        As given, before distances are filled in: a feasible one.

    Returns
    -------
    dict
        Frames, and under `conclusions` texts, all JSON-ready through `output_json`; their columns
        stand in docs/outputs.md. `curves` and `pairs` are of capacity added at each region of
        deficit, up to `UP_TO_KT` and `PAIRS_KT`; `ranges` of plans within `NEAR`, `ranges_wide`
        and `alternatives` within `WIDE`; `rests_on` of every assumption with a range,
        `rests_on_structure` of every one with a scenario in its place.
    """
    allowance = allowance or Allowance()
    regions = short_with_makers(case)
    names = [*CURVES[: len(regions)], RANGES, *[ASSUMPTIONS] * bool(len(case.assumptions))]
    found: Studies = {}
    if regions:
        begin("study", names, 0)
        curves = capacity_curves(case, regions, UP_TO_KT, allowance=allowance)
        found["curves"] = capacity_table(curves)
    if len(regions) > 1:
        begin("study", names, 1)
        found["pairs"] = pairs(case, regions, PAIRS_KT, allowance=allowance)
    begin("study", names, names.index(RANGES))
    varied = ranges(case, (*NEAR, WIDE), allowance)
    is_near = varied.table["within"].isin(NEAR)
    found |= {
        "ranges": varied.table[is_near].reset_index(drop=True),
        "ranges_wide": varied.table[~is_near].reset_index(drop=True),
        "alternatives": varied.differs,
        "alternative_flows": varied.alternatives,
    }
    if len(case.assumptions):
        begin("study", names, names.index(ASSUMPTIONS))
        conclusion, found["rests_on"] = sensitivity(case, allowance)
        if conclusion is not None:
            sites = " > ".join(conclusion.sites)
            found["conclusions"] = {"largest_flow": conclusion.flow, "sites": sites}
            found["rests_on_structure"] = alternatives(case, conclusion, allowance)
    return {name: study for name, study in found.items() if len(study)} | allowance.note()
