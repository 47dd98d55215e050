"""The sections that tell how firm a plan is: flow ranges, other plans, what it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from reports import tables_generic, tables_inputs
from reports.figures.ranges import ranges
from reports.section import Section, Text, section
from reports.studies import EFFECT_COLUMNS, RANGES, RESTS_ON, effects, ranges_of, table_with
from reports.table import Table

if TYPE_CHECKING:
    from model.result import Result

LANES_TITLE = "Lanes: forced, optional, unused"
FULL = "python solve.py run --full"
TONNE_KT = 1e-6  # ranges are exact to about a tonne
TURN_COLUMNS = ["now", "low", "high", "change_mcny", "turns", "holds_from", "holds_to", "note"]


def lanes(result: Result) -> Section | None:
    """Return which pairs are supplied in every plan near the optimum, in some, in none."""
    frame, within = ranges_of(result)
    if frame.empty:
        return _without_ranges(result)
    kinds = [
        "forced" if low > TONNE_KT else "optional" if high > TONNE_KT else "unused"
        for low, high in zip(frame["low_kt"], frame["high_kt"], strict=True)
    ]
    shown = frame.assign(kind=kinds)[["origin", "sink", "kind", "low_kt", "ship_kt", "high_kt"]]
    near = f"within {within} of the least cost" if within else "of least cost"
    text = Text(
        f"Of {len(kinds)} pairs, {kinds.count('forced')} are supplied in every plan {near}, "
        f"{kinds.count('optional')} in some and {kinds.count('unused')} in none."
    )
    return section(
        "lanes",
        LANES_TITLE,
        text,
        ranges(frame, within),
        tables_generic.generic("flow-ranges", "Flow ranges", shown),
        _other_plans(result),
    )


def _without_ranges(result: Result) -> Section | None:
    words = {
        True: "Other plans cost exactly the same; the one published has least tonne-km among them.",
        False: "No other plan costs the same.",
    }
    equal = result.lanes.get("other_plans_cost_the_same")
    missing = Text("How far each flow may vary at nearly the same cost is found by", FULL)
    told = Text(words[equal]) if isinstance(equal, bool) else None
    return section("lanes", LANES_TITLE, told, missing)


def _other_plans(result: Result) -> Table | None:
    frame = table_with(result, RANGES, ["alternative", "extra_mcny", "what"])
    if frame.empty:
        return None
    return tables_generic.generic(
        "other-plans",
        "Plans that cost nearly as little",
        frame,
        "Each puts the most tonnes on pairs that no plan before it uses; the run folder has them "
        "in full.",
    )


def assumptions(result: Result) -> Section | None:
    """Return the assumptions, ranked where a full run has found what hangs on each."""
    found = effects(result)
    stated = tables_inputs.assumptions(result, found) if len(result.case.assumptions) else None
    missing = Text("Ranked by how much hangs on each of them, they are listed by", FULL)
    return section(
        "assumptions",
        "What it rests on",
        stated,
        _turns(result) if found else missing if stated else None,
        tables_inputs.grades(result),
    )


def _turns(result: Result) -> Table | None:
    """Return where within, or beyond, its range an assumption turns a conclusion."""
    frame = table_with(result, RESTS_ON, [*EFFECT_COLUMNS, *TURN_COLUMNS])
    if frame.empty:
        return None
    order = frame["change_mcny"].abs().sort_values(ascending=False, kind="stable").index
    shown: pd.DataFrame = frame.loc[order, ["assumption", *TURN_COLUMNS]]
    return tables_generic.generic(
        "turns",
        "How wrong a figure must be before a conclusion turns",
        shown,
        "Holds from, holds to: between them every conclusion watched stays as it is.",
    )
