"""The sections that tell how firm a plan is: flow ranges, other plans, what it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from reports.figures.ranges import ranges
from reports.frames import records
from reports.language import say
from reports.language.numbers import percent
from reports.page import tables_generic, tables_inputs
from reports.page.section import Section, Text, section
from reports.page.studies import (
    ALTERNATIVES,
    CONCLUSIONS,
    EFFECT_COLUMNS,
    RANGE_COLUMNS,
    RANGES,
    RESTS_ON,
    STRUCTURE,
    STRUCTURE_COLUMNS,
    WIDE_RANGES,
    effects,
    table_with,
)
from reports.page.swings import swings_picture
from reports.page.table import PageTable, TableColumn, texts

if TYPE_CHECKING:
    from model.result.allocation import Allocation
    from reports.figures.style import Picture

LANES_TITLE = "Lanes: forced, optional, unused"
ONCE_MORE = "python solve.py run"
FULL = f"{ONCE_MORE} --full"
WATCHED = {
    "largest_flow": "the largest flow between regions",
    "sites": "regions in the order of what the first tonne of new capacity saves there",
}
"""Conclusions in words."""
EQUAL = {
    "True": "Other plans cost exactly the same; the one published has least tonne-km among them.",
    "False": "No other plan costs the same.",
}
LEAST_KT = 1e-6  # less is the noise of arithmetic
TURN_COLUMNS = ["now", "low", "high", "change_mcny", "turns", "holds_from", "holds_to", "note"]


def ranges_picture(result: Allocation) -> Picture | None:
    """Return the intervals of flows; None where they were not asked for."""
    frame, within = _near(result)
    return None if frame.empty else ranges(frame, within)


def ranges_sentences(result: Allocation) -> list[str]:
    """Return how many pairs every near plan supplies, and whether another costs the same."""
    frame, within = _near(result)
    if frame.empty:
        return []
    equal = EQUAL.get(str(result.lanes.get("other_plans_cost_the_same")), "")
    return [text for text in (_counts(frame, within), say(equal) if equal else "") if text]


def _near(result: Allocation) -> tuple[pd.DataFrame, str]:
    """The ranges of pairs near the optimum, and how near."""
    frame = table_with(result, RANGES, RANGE_COLUMNS)
    if frame.empty:
        return frame, ""
    near = float(frame["within"].max())
    wide = table_with(result, WIDE_RANGES, RANGE_COLUMNS)
    return _pairs(frame, wide, near), percent(near, None)


def _counts(frame: pd.DataFrame, within: str) -> str:
    """How many pairs are supplied in every plan, in some, in none."""
    forced = int((frame["low_kt"] > LEAST_KT).sum())
    some = int((frame["high_kt"] > LEAST_KT).sum()) - forced
    text = (
        "In plans dearer by at most {within} of freight, {forced} pairs are supplied in every one, "
        "{some} in some and all others in none."
    )
    if forced == 1:
        text = (
            "In plans dearer by at most {within} of freight, {forced} pair is supplied in every "
            "one, {some} in some and all others in none."
        )
    return say(text, within=within, forced=forced, some=some)


def lanes(result: Allocation, *, is_asked: bool = False) -> Section | None:
    """Return which pairs are supplied in every plan near the optimum, in some, in none.

    Parameters
    ----------
    is_asked : whether it is the question of the page, whose opening has the sentence and picture
    """
    frame = table_with(result, RANGES, RANGE_COLUMNS)
    if frame.empty:
        return _without_ranges(result)
    near = float(frame["within"].max())
    more = frame[frame["kind"].isin(["outflow", "port"]) & (frame["within"] == near)]
    more = more[more["high_kt"] > LEAST_KT]
    frame, within = _near(result)
    return section(
        "lanes",
        LANES_TITLE,
        None if is_asked else Text(_counts(frame, within)),
        None if is_asked else ranges(frame, within),
        _range_table(frame, within),
        _other_plans(result),
        None if more.empty else _more_ranges(more),
    )


def _pairs(frame: pd.DataFrame, wide: pd.DataFrame, near: float) -> pd.DataFrame:
    """Return one row a pair: its range `near` the least cost, and at 0 % and 5 % where found."""
    ends = ["low_kt", "high_kt"]
    ranges = pd.concat([part for part in (frame, wide) if not part.empty], ignore_index=True)
    ranges = ranges[ranges["kind"] == "pair"].set_index(["origin", "sink"])
    pairs = ranges[ranges["within"] == near]
    for share, ending in ((0.0, "_0"), (0.05, "_5")):
        there = ranges[ranges["within"] == share]
        if share != near and not there.empty:
            pairs = pairs.join(
                there[ends].set_axis([f"low{ending}_kt", f"high{ending}_kt"], axis=1)
            )
    return pairs.reset_index()


def _range_table(frame: pd.DataFrame, within: str) -> PageTable:
    """Return the ranges of pairs, near the least cost and at the distances asked for besides."""
    columns = [
        *texts("Origin", "Destination", say("Kind within {share}", share=within)),
        TableColumn("Published", "kt"),
    ]
    names = ["ship_kt"]
    for share, ending in (("0 %", "_0"), (within, ""), ("5 %", "_5")):
        if f"low{ending}_kt" in frame:
            names += [f"low{ending}_kt", f"high{ending}_kt"]
            columns += [
                TableColumn(say("Least, {share}", share=share), "kt"),
                TableColumn(say("Most, {share}", share=share), "kt"),
            ]
    kinds = [
        "forced" if low > LEAST_KT else "optional" if high > LEAST_KT else "unused"
        for low, high in zip(frame["low_kt"], frame["high_kt"], strict=True)
    ]
    rows = [
        [row["origin"], row["sink"], kind, *(row[name] for name in names)]
        for row, kind in zip(records(frame), kinds, strict=True)
    ]
    rows.sort(key=lambda row: -row[-1])
    note = "Least and most tonnes over all plans that cost at most so much more than the least."
    return PageTable("flow-ranges", "Flow ranges", columns, rows, note)


def _more_ranges(frame: pd.DataFrame) -> PageTable:
    shown = frame[["within", "kind", "origin", "low_kt", "ship_kt", "high_kt"]]
    return tables_generic.generic("more-ranges", "What leaves regions and what passes ports", shown)


def _without_ranges(result: Allocation) -> Section | None:
    equal = EQUAL.get(str(result.lanes.get("other_plans_cost_the_same")))
    missing = Text("How far each flow may vary at nearly the same cost is found by", FULL)
    note = Text(equal) if equal else None
    if result.is_quick:
        note = Text("Whether other plans cost the same was not searched for; it is by", ONCE_MORE)
    return section("lanes", LANES_TITLE, note, missing)


def _other_plans(result: Allocation) -> PageTable | None:
    frame = table_with(result, ALTERNATIVES, ["alternative", "extra_mcny", "what"])
    if frame.empty:
        return None
    return tables_generic.generic(
        "other-plans",
        "Plans that cost nearly as little",
        frame,
        "Each puts the most tonnes on pairs that no plan before it uses; the run folder has them "
        "in full.",
    )


def assumptions(result: Allocation) -> Section | None:
    """Return the assumptions, ranked where a full run has found what hangs on each."""
    found = effects(result)
    stated = tables_inputs.assumptions(result, found) if len(result.case.assumptions) else None
    missing = Text("Ranked by how much hangs on each of them, they are listed by", FULL)
    return section(
        "assumptions",
        "What it rests on",
        swings_picture(result) if result.figures["total_cost_mcny"] is not None else None,
        stated,
        _watched(result),
        _turns(result) if found else missing if stated else None,
        _structure(result),
        tables_inputs.grades(result),
    )


def _watched(result: Allocation) -> Text | None:
    """Return the conclusions that are put to the test."""
    conclusions = result.studies.get(CONCLUSIONS)
    if not isinstance(conclusions, Mapping) or not conclusions:
        return None
    words = say("; ").join(
        say(
            "{conclusion}: {text}",
            conclusion=say(WATCHED.get(name, str(name).replace("_", " "))),
            text=text,
        )
        for name, text in conclusions.items()
        if text
    )
    text = "Conclusions put to the test: {conclusions}."
    return Text(say(text, conclusions=words)) if words else None


def _turns(result: Allocation) -> PageTable | None:
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


def _structure(result: Allocation) -> PageTable | None:
    """Return what each structural alternative, a scenario by itself, makes of the conclusions."""
    frame = table_with(result, STRUCTURE, STRUCTURE_COLUMNS)
    if frame.empty:
        return None
    return tables_generic.generic(
        "structure",
        "What another structure of the case would make of the conclusions",
        frame[STRUCTURE_COLUMNS],
        "Each alternative is a scenario of the case, tried by itself on this run. Turns: which "
        "conclusions become others.",
    )
