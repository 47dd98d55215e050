"""What a study found, in a few lines, as a terminal shows it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from model.case.records import Record
from model.result.answer import CUT_SHORT
from model.result.study_tables import tables_of
from reports.frames import records
from reports.language.numbers import percent, plain
from reports.page.sweep import counts_text

if TYPE_CHECKING:
    from model.interface.result import Result

MOST_LINES = 40
MOST_DRIVERS = 5


def answer_text(result: Result, headline: Callable[[Result], str]) -> str:
    """What a study found; where a limit cut it short, that it did."""
    lines = [headline(result)] if set(result.studies) - {CUT_SHORT} else []
    return "\n".join([*lines, *cut_short_text(result)])


def cut_short_text(result: Result) -> list[str]:
    """A line that a limit cut the answer short, where it did."""
    cut = result.studies.get(CUT_SHORT)
    return [f"  {cut['reason']}; what is shown is proved, the rest was not reached"] if cut else []


def curve_answer(result: Result) -> str:
    """Each piece of each curve: from where to where, what a unit is worth, what happens next."""
    lines = []
    for row in [*_rows(result, "curves"), *_rows(result, "curve")]:
        if "place" in row:
            kt = f"{plain(row['from_kt'])} to {plain(row['to_kt'])} kt at {row['place']}"
            worth = f"each kt more saves {plain(row['value_cny_per_t'])} CNY/t"
        else:
            kt = f"{plain(row['from'])} to {plain(row['to'])} {row['unit']} of {row['figure']}"
            worth = f"each unit more adds {plain(row['per_unit'] / 1000, signed=True)} MCNY"
        lines.append(f"  {kt}: {worth}")
        if row["moves"]:
            lines.append(f"      {row['moves']}")
        if row["ends"]:
            lines.append(f"      then {row['ends']}")
    for row in _rows(result, "pairs"):
        lines.append(
            f"  {plain(row['kt'])} kt each at {row['place']} and {row['and_place']} save"
            f" {plain(row['together_mcny'])} MCNY together, {plain(row['lost_mcny'])} less than"
            " alone"
        )
    return "\n".join(lines)


def ranges_answer(result: Result) -> str:
    """Flows that every plan near the optimum has, and those that may vary or vanish."""
    rows = [
        row for row in _rows(result, "ranges") if row["kind"] == "pair" and row["label"] != "never"
    ]
    rows.sort(key=lambda row: (row["label"], -row["ship_kt"], -row["high_kt"]))
    shown = [
        f"  {row['label']:<9}  {row['origin']} to {row['sink']}:"
        f" {plain(row['low_kt'])} to {plain(row['high_kt'])} kt"
        f" (published {plain(row['ship_kt'])})"
        for row in rows[:MOST_LINES]
    ]
    if len(rows) > len(shown):
        shown.append(f"  {len(rows) - len(shown)} more in studies.json")
    others = [
        f"  another plan, {plain(row['extra_mcny'])} MCNY dearer, {plain(row['rerouted_kt'])} kt"
        f" otherwise: {row['what']}"
        for row in _rows(result, "alternatives")
    ]
    share = next((row["within"] for row in _rows(result, "ranges")), 0.0)
    return "\n".join([f"  plans dearer by at most {percent(share)} of freight", *shown, *others])


def why_answer(result: Result) -> str:
    """What the pair ships, what its tonne costs and displaces, and what doing otherwise costs."""
    found = result.studies["why"]
    pair = f"{found['origin']} to {found['sink']}"
    lines = [f"  {pair}: {plain(found['ship_kt'])} kt/yr in the plan of least cost"]
    lane = found["lane"]
    if lane:
        way = lane["route"] or lane["mode"]
        lines.append(f"  by {way}: {plain(lane['cost_cny_per_t'])} CNY/t, {plain(lane['km'])} km")
        lines += [
            f"      {plain(leg['cost_cny_per_t']):>10} CNY/t  {leg['leg']} ({leg['mode']})"
            for leg in found["legs"]
        ]
    if found["dearer_cny_per_t"] is not None:
        parts = ", ".join(
            f"{part['part']} {plain(part['cny_per_t'], signed=True)}" for part in found["parts"]
        )
        lines.append(
            f"  one tonne more costs {plain(found['dearer_cny_per_t'])} CNY in all: {parts}"
        )
        lines.append(f"      {found['displaces']}")
    if found["forced_mcny"] is not None:
        lines.append(
            f"  {plain(found['forced_kt'])} kt more through it cost"
            f" {plain(found['forced_mcny'])} MCNY/yr (solved again)"
        )
    if found["obstacle"]:
        lines.append(f"  {found['obstacle']}")
    if found["spared_cny_per_t"] is not None:
        lines.append(
            f"  it carries less once it is {plain(found['spared_cny_per_t'])} CNY/t dearer"
        )
    if found["ship_kt"]:
        without = found["without_mcny"]
        lines.append(
            "  without it there is no plan"
            if without is None
            else f"  without it the plan costs {plain(without)} MCNY/yr more (solved again)"
        )
    return "\n".join(lines)


def _rows(result: Result, study: str) -> list[Record]:
    tables = tables_of(result.studies.get(study))
    return [row for frame in tables.values() for row in records(frame)]


def sweep_answer(result: Result) -> str:
    """How the cost spreads over the draws, and what drives it."""
    study = result.studies["sweep"]
    lines = [f"  {line}" for line in counts_text(study["counts"])]
    cost = next(row for row in study["quantiles"] if row["figure"] == "total_cost_mcny")
    if "p50" in cost:
        low, middle, high = (plain(cost[name]) for name in ("p5", "p50", "p95"))
        lines.append(f"  total cost: median {middle} MCNY, nine in ten {low} to {high}")
    for row in study["drivers"][:MOST_DRIVERS]:
        if "regression" in row:
            ends = (
                f"{plain(row['cost_when_lowest_mcny'])} to {plain(row['cost_when_highest_mcny'])}"
            )
            lines.append(f"  {row['figure']}: {ends} MCNY from its lowest to its highest tenth")
    return "\n".join(lines)
