"""The answer in few sentences, written from the figures of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from model.result.balance import is_maker
from model.result.figures import COST_PARTS, cost_parts
from model.result.trade import trade_table
from reports.frames import records
from reports.language.numbers import MINUS, adding_up, is_number, listed, percent, plain, some
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
        QUICK if result.is_quick else "",
    ]
    return [sentence for sentence in sentences if sentence]


def _regions(result: Allocation) -> pd.DataFrame:
    return result.balance[result.balance["role"] == "region"]


def ranked(places: pd.Series, values: pd.Series, unit: str = "kt") -> list[str]:
    """Return the places with something, the most first, each with its value."""
    found = sorted(zip(-values, places, strict=True))
    return [f"{place} ({plain(-value)} {unit})" for value, place in found if -value > SMALL_KT]


def cost(result: Allocation) -> str:
    """Whether demand is met, and what that costs; the parts add up to it."""
    figures = result.figures
    shipped, costs = figures["shipped_kt"], cost_parts(figures)
    total, texts = adding_up(figures["total_cost_mcny"], list(costs.values()))
    words = dict(zip(costs, texts, strict=True))
    revenue = words.pop("revenue_mcny", "").strip(MINUS)
    parts = [f"{text} MCNY for {COST_PARTS[name]}" for name, text in words.items()]
    less = f", less {revenue} MCNY of revenue" if revenue else ""
    made_of = f": {listed(parts)}{less}" if len(parts) > 1 or less else ""
    each = (
        f", {plain(1000 * figures['total_cost_mcny'] / shipped)} CNY a tonne shipped"
        if shipped
        else ""
    )
    least = "the least cost is" if result.status == "optimal" else "the best plan found costs"
    return f"{_met(result)}; {least} {total} MCNY a year{each}{made_of}."


def _met(result: Allocation) -> str:
    """Whether demand is met, or how much goes unmet and where."""
    trade = trade_table(result.case, result.flows)
    names = ranked(trade["sink"], trade["short_kt"])
    if names:
        kt = plain(result.figures["shortage_kt"])
        return f"Not all demand is met: {kt} kt go unmet, in {some(names, NAMED)}"
    if not result.figures["shipped_kt"]:
        return "Nothing is asked for, so nothing is shipped"
    return "All demand is met"


def use_of_supply(result: Allocation) -> str:
    """Where supply goes, and what is left of it; blank where there is none."""
    figures, trade = result.figures, trade_table(result.case, result.flows)
    uses = {
        "go to domestic buyers": figures["domestic_kt"],
        "are exported": figures["export_kt"],
        "stay unshipped": figures["unshipped_kt"],
    }
    uses = {words: kt for words, kt in uses.items() if kt > SMALL_KT}
    if not uses:
        return ""
    total, texts = adding_up(sum(uses.values()), list(uses.values()))
    parts = [f"{text} kt {words}" for words, text in zip(uses, texts, strict=True)]
    sold = float(trade["above_kt"].sum())
    above = f"; {plain(sold)} kt are sold above demand, at a price" if sold > SMALL_KT else ""
    return f"Of {total} kt of domestic supply a year, {listed(parts)}{above}."


def deficits(result: Allocation) -> str:
    """Which regions are short before any shipment, and what is moved between regions."""
    regions, figures = _regions(result), result.figures
    has_demand = regions["demand_kt"].sum() > SMALL_KT
    if not has_demand or len(regions) < 2:  # nobody to be short, or nobody to be supplied by
        return ""
    short = ranked(regions["region"], regions["deficit_kt"])
    if not short:
        return "No region needs more than it supplies itself."
    if len(short) == 1:
        lack = f"Before any shipment {short[0]} alone is short"
    else:
        most = "most of it in " if len(short) > NAMED else ""
        lack = (
            f"Before any shipment {len(short)} regions lack {plain(figures['deficit_kt'])} kt "
            f"together, {most or 'in '}{listed(short[:NAMED])}"
        )
    if figures["moved_kt"] <= SMALL_KT:
        return f"{lack}; nothing is moved between regions."
    share = percent(figures["moved_kt"] / figures["domestic_kt"])
    return (
        f"{lack}; {plain(figures['moved_kt'])} kt, {share} of domestic shipments, cross a "
        "regional border."
    )


def worth(result: Allocation) -> str:
    """What new capacity saves at a stated size; without curves, what the next tonne saves."""
    if result.is_quick:
        return ""
    steps = curve_steps(result)
    if steps:
        return worth_of_block(steps)
    table = result.prices
    makers = result.case.origins["origin"][is_maker(result.case)]
    is_of_maker = (table["role"] == "origin") & table["place"].isin(makers)
    origins = table[is_of_maker & table["right_cny_per_t"].notna()]
    if origins.empty:
        return ""
    best = origins.sort_values(["right_cny_per_t", "place"], ascending=[False, True])
    top = [
        f"{row['place']} ({plain(row['right_cny_per_t'])} CNY)"
        for row in records(best.head(NAMED))
        if row["right_cny_per_t"] > SMALL_KT
    ]
    if not top:
        return "One more tonne of supply would save nothing anywhere."
    more = "" if is_full(result) else "; what a whole plant saves is told by a full run"
    return f"One more tonne of supply saves most at {listed(top)}{more}."


def _easing(result: Allocation, base: Allocation) -> str:
    title = base.scenario.title or base.scenario.name
    changes = [
        f"{words} by {plain(change, signed=True)} {unit}"
        for key, words, unit in (
            ("deficit_kt", "the deficit", "kt"),
            ("moved_kt", "tonnes moved between regions", "kt"),
            ("total_cost_mcny", "the cost", "MCNY a year"),
        )
        if base.figures[key] is not None
        and abs(change := result.figures[key] - base.figures[key]) > SMALL_KT
    ]
    if not changes:
        return f"Deficit, tonnes moved and cost are those of “{title}”."
    first, *others = changes
    return f"Against “{title}” {listed([first.replace(' by ', ' changes by ', 1), *others])}."


def grounds(result: Allocation) -> str:
    """What the answer rests on: figures reproduced, assumptions, proof."""
    parts = []
    table = result.observed
    is_chosen = result.figures.get("opened") is not None
    if len(table) and result.changes.empty and not is_chosen:  # else it is not meant to be the past
        holds = table["holds"].astype(str).str.lower()
        checked = int(holds.isin(["true", "false"]).sum())
        if checked:
            parts.append(
                f"{int((holds == 'true').sum())} of {checked} reported figures are "
                "reproduced within their rounding"
            )
    graded = [
        table["grade"] for table in result.case.tables().values() if "grade" in table and len(table)
    ]
    total = sum(len(grade) for grade in graded)
    assumed = sum(int((grade == "assumed").sum()) for grade in graded)
    if assumed:
        parts.append(f"{assumed} of {total} rows of input are assumptions")
    hangs = _hangs_on(result)
    if hangs:
        parts.append(hangs)
    offered = result.lanes.get("offered")
    if _is_proved(result) and is_number(offered):
        plan = "with this set the flows are" if is_chosen else "the plan is"
        lanes = "the only lane" if offered == 1 else f"all {plain(offered, 0)} lanes"
        parts.append(f"{plan} proved cheapest over {lanes} on offer")
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _is_proved(result: Allocation) -> bool:
    found: Any = result.certificate.get("found") or {}
    return result.status == "optimal" and found.get("word", "proved") == "proved"


def _hangs_on(result: Allocation) -> str:
    found: dict[str, tuple[Any, Any]] = dict(effects(result))
    spread = {title: abs(high - low) for title, (low, high) in found.items()}
    if not spread:
        return ""
    title = max(spread, key=lambda name: (spread[name], name))
    return f"the cost hangs most on “{title}”, whose range moves it by {plain(spread[title])} MCNY"
