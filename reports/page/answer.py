"""The answer in few sentences, written from the figures of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from model.result.balance import is_maker
from model.result.figures import COST_PARTS, cost_parts
from model.result.trade import trade_table
from model.studies.sites import makers_of
from reports.frames import records
from reports.language import say
from reports.language.numbers import (
    MINUS,
    adding_up,
    is_number,
    listed,
    percent,
    plain,
    sentence,
    some,
)
from reports.page.capacity import worth_of_block
from reports.page.studies import curve_steps, effects, is_full

if TYPE_CHECKING:
    from model.result.allocation import Allocation

QUICK = (
    "This is a quick run: its flows are one plan of least cost, not the published one. Whether "
    "others cost the same was not searched for, and marginal values were left out; run it without "
    "--quick for both."
)
NAMED = 3  # places that a sentence names
SMALL_KT = 1e-6  # less is the noise of arithmetic


def answer(result: Allocation, base: Allocation | None = None) -> list[str]:
    """Return what a planner should know after half a minute, one sentence an entry."""
    sentences = [
        cost(result),
        use_of_supply(result),
        deficits(result),
        _easing(result, base) if base is not None else worth(result),
        say(QUICK) if result.is_quick else "",
    ]
    return [sentence for sentence in sentences if sentence]


def _regions(result: Allocation) -> pd.DataFrame:
    return result.balance[result.balance["role"] == "region"]


def ranked(places: pd.Series, values: pd.Series) -> list[str]:
    """Return the places with something, the most first, each with its tonnes."""
    found = sorted(zip(-values, places, strict=True))
    return [
        say("{place} ({amount} kt)", place=place, amount=plain(-value))
        for value, place in found
        if -value > SMALL_KT
    ]


def cost(result: Allocation) -> str:
    """Whether demand is met, and what that costs; the parts add up to it."""
    figures = result.figures
    shipped, costs = figures["shipped_kt"], cost_parts(figures)
    total, texts = adding_up(figures["total_cost_mcny"], list(costs.values()))
    words = dict(zip(costs, texts, strict=True))
    revenue = words.pop("revenue_mcny", "").strip(MINUS)
    parts = [
        say("{amount} MCNY for {part}", amount=text, part=say(COST_PARTS[name]))
        for name, text in words.items()
    ]
    less = say(", less {amount} MCNY of revenue", amount=revenue) if revenue else ""
    made_of = say(": {parts}", parts=listed(parts)) + less if len(parts) > 1 or less else ""
    each = plain(1000 * figures["total_cost_mcny"] / shipped) if shipped else ""
    each = say(", {amount} CNY a tonne shipped", amount=each) if shipped else ""
    if result.status == "optimal":
        least = say("the least cost is {total} MCNY a year", total=total)
    else:
        least = say("the best plan found costs {total} MCNY a year", total=total)
    return say("{met}; {cost}.", met=_met(result), cost=f"{least}{each}{made_of}")


def _met(result: Allocation) -> str:
    """Whether demand is met, or how much goes unmet and where."""
    trade = trade_table(result.case, result.flows)
    names = ranked(trade["sink"], trade["short_kt"])
    if names:
        kt = plain(result.figures["shortage_kt"])
        places = some(names, NAMED)
        return say("Not all demand is met: {kt} kt go unmet, in {places}", kt=kt, places=places)
    if not result.figures["shipped_kt"]:
        return say("Nothing is asked for, so nothing is shipped")
    return say("All demand is met")


def use_of_supply(result: Allocation) -> str:
    """Where supply goes, and what is left of it; blank where there is none."""
    figures, trade = result.figures, trade_table(result.case, result.flows)
    uses = {
        "{kt} kt go to domestic buyers": figures["domestic_kt"],
        "{kt} kt are exported": figures["export_kt"],
        "{kt} kt stay unshipped": figures["unshipped_kt"],
    }
    uses = {words: kt for words, kt in uses.items() if kt > SMALL_KT}
    if not uses:
        return ""
    total, texts = adding_up(sum(uses.values()), list(uses.values()))
    parts = [say(words, kt=text) for words, text in zip(uses, texts, strict=True)]
    sold = float(trade["above_kt"].sum())
    above = say("; {kt} kt are sold above demand, at a price", kt=plain(sold))
    return say(
        "Of {total} kt of domestic supply a year, {parts}{above}.",
        total=total,
        parts=listed(parts),
        above=above if sold > SMALL_KT else "",
    )


def deficits(result: Allocation) -> str:
    """Which regions are short before any shipment, and what is moved between regions."""
    regions, figures = _regions(result), result.figures
    has_demand = regions["demand_kt"].sum() > SMALL_KT
    if not has_demand or len(regions) < 2:  # nobody to be short, or nobody to be supplied by
        return ""
    short = ranked(regions["region"], regions["deficit_kt"])
    if not short:
        return say("No region needs more than it supplies itself.")
    lack = _lack(short, plain(figures["deficit_kt"]))
    if figures["moved_kt"] <= SMALL_KT:
        return say("{lack}; nothing is moved between regions.", lack=lack)
    return say(
        "{lack}; {kt} kt, {share} of domestic shipments, cross a regional border.",
        lack=lack,
        kt=plain(figures["moved_kt"]),
        share=percent(figures["moved_kt"] / figures["domestic_kt"]),
    )


def _lack(short: list[str], kt: str) -> str:
    """Who is short before any shipment, and of how much."""
    if len(short) == 1:
        return say("Before any shipment {place} alone is short", place=short[0])
    text = "Before any shipment {count} regions lack {kt} kt together, in {places}"
    if len(short) > NAMED:
        text = "Before any shipment {count} regions lack {kt} kt together, most of it in {places}"
    return say(text, count=len(short), kt=kt, places=listed(short[:NAMED]))


def worth(result: Allocation) -> str:
    """What new capacity saves at a stated size; without curves, what the next tonne saves."""
    if result.is_quick:
        return ""
    steps = curve_steps(result)
    if steps:
        return worth_of_block(steps)
    best = _worth_of_a_tonne(result)
    if best.empty:
        return ""
    top = [
        say("{place} ({amount} CNY)", place=row["place"], amount=plain(row["right_cny_per_t"]))
        for row in records(best.head(NAMED))
        if row["right_cny_per_t"] > SMALL_KT
    ]
    if not top:
        return say("One more tonne of supply would save nothing anywhere.")
    more = "" if is_full(result) else say("; what a whole plant saves is told by a full run")
    return say(
        "One more tonne of supply saves most at {places}{more}.", places=listed(top), more=more
    )


def _worth_of_a_tonne(result: Allocation) -> pd.DataFrame:
    """The price of the place of each region where new capacity saves most, dearest first."""
    case, table = result.case, result.prices
    stands = {
        place: region
        for region in case.origins["region"][is_maker(case)].unique()
        for place in makers_of(case, region)
    }
    known = (table["role"] == "origin") & table["right_cny_per_t"].notna()
    found = table[known & table["place"].isin(list(stands))]
    found = found.assign(region=found["place"].map(stands))
    found = found.sort_values(["right_cny_per_t", "place"], ascending=[False, True])
    return found.drop_duplicates("region")


def _easing(result: Allocation, base: Allocation) -> str:
    title = base.scenario.title or base.scenario.name
    changes = {
        key: plain(change, signed=True)
        for key in EASED
        if base.figures[key] is not None
        and abs(change := result.figures[key] - base.figures[key]) > SMALL_KT
    }
    if not changes:
        return say("Deficit, tonnes moved and cost are those of “{title}”.", title=title)
    parts = [
        say(EASED[key][number > 0], change=change)
        for number, (key, change) in enumerate(changes.items())
    ]
    return say("Against “{title}” {changes}.", title=title, changes=listed(parts))


EASED = {
    "deficit_kt": ("the deficit changes by {change} kt", "the deficit by {change} kt"),
    "moved_kt": (
        "tonnes moved between regions changes by {change} kt",
        "tonnes moved between regions by {change} kt",
    ),
    "total_cost_mcny": (
        "the cost changes by {change} MCNY a year",
        "the cost by {change} MCNY a year",
    ),
}
"""What changes against a base, in words: as the first of a list, and further on."""


def grounds(result: Allocation) -> str:
    """What the answer rests on: figures reproduced, assumptions, proof."""
    parts = []
    table = result.observed
    is_chosen = result.figures.get("opened") is not None
    if len(table) and result.changes.empty and not is_chosen:  # else it is not meant to be the past
        holds = table["holds"].astype(str).str.lower()
        checked = int(holds.isin(["true", "false"]).sum())
        if checked:
            text = "{found} of {checked} reported figures are reproduced within their rounding"
            parts.append(say(text, found=int((holds == "true").sum()), checked=checked))
    graded = [
        table["grade"] for table in result.case.tables().values() if "grade" in table and len(table)
    ]
    total = sum(len(grade) for grade in graded)
    assumed = sum(int((grade == "assumed").sum()) for grade in graded)
    if assumed:
        text = "{assumed} of {total} rows of input are assumptions"
        parts.append(say(text, assumed=assumed, total=total))
    hangs = _hangs_on(result)
    if hangs:
        parts.append(hangs)
    offered = result.lanes.get("offered")
    if _is_proved(result) and is_number(offered):
        lanes = (
            say("the only lane")
            if offered == 1
            else say("all {count} lanes", count=plain(offered, 0))
        )
        text = "the plan is proved cheapest over {lanes} on offer"
        if is_chosen:
            text = "with this set the flows are proved cheapest over {lanes} on offer"
        parts.append(say(text, lanes=lanes))
    return sentence(parts)


def _is_proved(result: Allocation) -> bool:
    found: Any = result.certificate.get("found") or {}
    return result.status == "optimal" and found.get("word", "proved") == "proved"


def _hangs_on(result: Allocation) -> str:
    found: dict[str, tuple[Any, Any]] = dict(effects(result))
    spread = {title: abs(high - low) for title, (low, high) in found.items()}
    if not spread:
        return ""
    title = max(spread, key=lambda name: (spread[name], name))
    text = "the cost hangs most on “{title}”, whose range moves it by {amount} MCNY"
    return say(text, title=title, amount=plain(spread[title]))
