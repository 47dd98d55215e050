"""What a study found, in a few lines, as a terminal shows it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from model.case.records import Record
from model.result.answer import CUT_SHORT
from model.result.study_tables import tables_of
from reports.frames import records
from reports.language import say, word
from reports.language.numbers import joined, percent, plain
from reports.page.studies import WHY_INSTEAD
from reports.page.sweep import counts_text
from reports.page.why_instead import instead_sentences

if TYPE_CHECKING:
    from model.interface.result import Result

MOST_LINES = 40
MOST_DRIVERS = 5
QUANTILES = {"low": "p5", "middle": "p50", "high": "p95"}


def answer_text(result: Result, headline: Callable[[Result], str]) -> str:
    """What a study found; where a limit cut it short, that it did."""
    lines = [headline(result)] if set(result.studies) - {CUT_SHORT} else []
    return "\n".join([*lines, *cut_short_text(result)])


def cut_short_text(result: Result) -> list[str]:
    """A line that a limit cut the answer short, where it did."""
    cut = result.studies.get(CUT_SHORT)
    text = "  {reason}; what is shown is proved, the rest was not reached"
    return [say(text, reason=word(cut["reason"]))] if cut else []


def curve_answer(result: Result) -> str:
    """Each piece of each curve: from where to where, what a unit is worth, what happens next."""
    lines = []
    for row in [*_rows(result, "curves"), *_rows(result, "curve")]:
        if "place" in row:
            lines.append(
                say(
                    "  {start} to {end} kt at {place}: each kt more saves {worth} CNY/t",
                    start=plain(row["from_kt"]),
                    end=plain(row["to_kt"]),
                    place=row["place"],
                    worth=plain(row["value_cny_per_t"]),
                )
            )
        else:
            lines.append(
                say(
                    "  {start} to {end} {unit} of {figure}: each unit more adds {worth} MCNY",
                    start=plain(row["from"]),
                    end=plain(row["to"]),
                    unit=say(row["unit"]),
                    figure=row["figure"],
                    worth=plain(row["per_unit"] / 1000, signed=True),
                )
            )
        if row["moves"]:
            lines.append(f"      {word(row['moves'])}")
        if row["ends"]:
            lines.append(say("      then {event}", event=word(row["ends"])))
    for row in _rows(result, "pairs"):
        lines.append(
            say(
                "  {kt} kt each at {place} and {other} save {together} MCNY together, {lost} less "
                "than alone",
                kt=plain(row["kt"]),
                place=row["place"],
                other=row["and_place"],
                together=plain(row["together_mcny"]),
                lost=plain(row["lost_mcny"]),
            )
        )
    return "\n".join(lines)


def ranges_answer(result: Result) -> str:
    """Flows that every plan near the optimum has, and those that may vary or vanish."""
    rows = [
        row for row in _rows(result, "ranges") if row["kind"] == "pair" and row["label"] != "never"
    ]
    rows.sort(key=lambda row: (row["label"], -row["ship_kt"], -row["high_kt"]))
    shown = [
        say(
            "  {label:<9}  {origin} to {sink}: {low} to {high} kt (published {kt})",
            label=say(row["label"]),
            origin=row["origin"],
            sink=row["sink"],
            low=plain(row["low_kt"]),
            high=plain(row["high_kt"]),
            kt=plain(row["ship_kt"]),
        )
        for row in rows[:MOST_LINES]
    ]
    if len(rows) > len(shown):
        shown.append(say("  {count} more in studies.json", count=len(rows) - len(shown)))
    others = [
        say(
            "  another plan, {extra} MCNY dearer, {kt} kt otherwise: {changes}",
            extra=plain(row["extra_mcny"]),
            kt=plain(row["rerouted_kt"]),
            changes=word(row["what"]),
        )
        for row in _rows(result, "alternatives")
    ]
    share = next((row["within"] for row in _rows(result, "ranges")), 0.0)
    title = say("  plans dearer by at most {share} of freight", share=percent(share))
    return "\n".join([title, *shown, *others])


def why_answer(result: Result) -> str:
    """What the pair ships, what its tonne costs and displaces, and what doing otherwise costs."""
    found = result.studies["why"]
    pair = say("{origin} to {sink}", origin=found["origin"], sink=found["sink"])
    first = "  {pair}: {kt} kt/yr in the plan of least cost"
    lines = [say(first, pair=pair, kt=plain(found["ship_kt"]))]
    lines += [*_lane(found), *_dearer(found)]
    if found["forced_mcny"] is not None:
        text = "  {kt} kt more through it cost {amount} MCNY/yr (solved again)"
        amount = plain(found["forced_mcny"])
        lines.append(say(text, kt=plain(found["forced_kt"]), amount=amount))
    if found["obstacle"]:
        lines.append(f"  {word(found['obstacle'])}")
    if found["spared_cny_per_t"] is not None:
        text = "  it carries less once it is {amount} CNY/t dearer"
        lines.append(say(text, amount=plain(found["spared_cny_per_t"])))
    if found["ship_kt"] and found["without_mcny"] is None:
        lines.append(say("  without it there is no plan"))
    elif found["ship_kt"]:
        text = "  without it the plan costs {amount} MCNY/yr more (solved again)"
        lines.append(say(text, amount=plain(found["without_mcny"])))
    if instead := result.studies.get(WHY_INSTEAD):
        lines = [f"  {line}" for line in instead_sentences(found, instead)] + lines
    return "\n".join(lines)


def _lane(found: Record) -> list[str]:
    """The way of the pair, and what each leg of it costs."""
    lane = found["lane"]
    if not lane:
        return []
    cost, km = plain(lane["cost_cny_per_t"]), plain(lane["km"])
    way = lane["route"] or lane["mode"]
    return [
        say("  by {way}: {cost} CNY/t, {km} km", way=way, cost=cost, km=km),
        *(
            say(
                "      {cost:>10} CNY/t  {leg} ({mode})",
                cost=plain(leg["cost_cny_per_t"]),
                leg=leg["leg"],
                mode=say(leg["mode"]),
            )
            for leg in found["legs"]
        ),
    ]


def _dearer(found: Record) -> list[str]:
    """What one tonne more costs in all, in parts, and what it displaces."""
    if found["dearer_cny_per_t"] is None:
        return []
    parts = joined(
        say(
            "{part} {amount}", part=word(part["part"]), amount=plain(part["cny_per_t"], signed=True)
        )
        for part in found["parts"]
    )
    text = "  one tonne more costs {amount} CNY in all: {parts}"
    return [
        say(text, amount=plain(found["dearer_cny_per_t"]), parts=parts),
        f"      {word(found['displaces'])}",
    ]


def _rows(result: Result, study: str) -> list[Record]:
    tables = tables_of(result.studies.get(study))
    return [row for frame in tables.values() for row in records(frame)]


def sweep_answer(result: Result) -> str:
    """How the cost spreads over the draws, and what drives it."""
    study = result.studies["sweep"]
    lines = [f"  {line}" for line in counts_text(study["counts"])]
    cost = next(row for row in study["quantiles"] if row["figure"] == "total_cost_mcny")
    if "p50" in cost:
        ends = {name: plain(cost[key]) for name, key in QUANTILES.items()}
        lines.append(say("  total cost: median {middle} MCNY, nine in ten {low} to {high}", **ends))
    for row in study["drivers"][:MOST_DRIVERS]:
        if "regression" in row:
            lines.append(
                say(
                    "  {figure}: {low} to {high} MCNY from its lowest to its highest tenth",
                    figure=row["figure"],
                    low=plain(row["cost_when_lowest_mcny"]),
                    high=plain(row["cost_when_highest_mcny"]),
                )
            )
    return "\n".join(lines)
