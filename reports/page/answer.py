"""The answer in few sentences, written from the figures of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from model.result.balance import is_maker
from model.result.figures import COST_PARTS, cost_parts
from model.result.trade import trade_table
from reports.frames import records
from reports.language.numbers import is_number, listed, percent, plain
from reports.page.studies import curve_steps, effects, saving_mcny

if TYPE_CHECKING:
    from model.result.allocation import Allocation

QUICK = (
    "This is a quick run: its flows are one plan of least cost, not the published one. Whether "
    "others cost the same was not searched for, and marginal values were left out; run it without "
    "--quick for both."
)
NAMED = 3  # places that a sentence names
BLOCK_KT = 500.0  # of new capacity, for which places are compared


def answer(result: Allocation, base: Allocation | None = None) -> list[str]:
    """Return what a planner should know after half a minute, one sentence an entry."""
    sentences = [
        _surplus(result),
        _deficits(result),
        _unmet(result),
        _cost(result),
        _easing(result, base) if base is not None else _worth(result),
        _grounds(result),
        QUICK if result.is_quick else "",
    ]
    return [sentence for sentence in sentences if sentence]


def _regions(result: Allocation) -> pd.DataFrame:
    return result.balance[result.balance["role"] == "region"]


def _ranked(regions: pd.DataFrame, column: str, unit: str = "kt") -> list[str]:
    found = regions[regions[column] > 0].sort_values([column, "region"], ascending=[False, True])
    pairs = zip(found["region"][:NAMED], found[column][:NAMED], strict=True)
    return [f"{region} ({plain(value)} {unit})" for region, value in pairs]


def _surplus(result: Allocation) -> str:
    regions, exported = _regions(result), result.figures["export_kt"]
    supply, demand = float(regions["supply_kt"].sum()), float(regions["demand_kt"].sum())
    spare = supply - demand - exported
    uses = f"domestic demand ({plain(demand)} kt)"
    if exported:
        uses += f" and exports ({plain(exported)} kt)"
    if spare < 0:
        return f"Supply of {plain(supply)} kt a year falls {plain(-spare)} kt short of {uses}."
    sentence = (
        f"Supply of {plain(supply)} kt a year covers {uses} and leaves {plain(spare)} kt over"
    )
    named = listed(_ranked(regions, "balance_kt"))
    after = " after exports" if exported else ""
    return f"{sentence}; the largest surplus{after} is in {named}." if named else f"{sentence}."


def _deficits(result: Allocation) -> str:
    regions, figures = _regions(result), result.figures
    short = regions[regions["deficit_kt"] > 0]
    if short.empty:
        return "No region needs more than it supplies itself."
    demand = float(regions["demand_kt"].sum())
    count = "One region lacks" if len(short) == 1 else f"{len(short)} regions lack"
    together = "" if len(short) == 1 else " together"
    return (
        f"{count} {plain(figures['deficit_kt'])} kt{together}, most of it in "
        f"{listed(_ranked(short, 'deficit_kt'))}; {plain(figures['moved_kt'])} kt, "
        f"{percent(figures['moved_kt'] / demand)} of domestic demand, cross a regional border."
    )


def _cost(result: Allocation) -> str:
    figures = result.figures
    total, shipped = figures["total_cost_mcny"], figures["shipped_kt"]
    least = "costs at least" if result.status == "optimal" else "costs, in the best plan found,"
    each = f", {plain(1000 * total / shipped)} CNY a tonne" if shipped else ""
    costs = cost_parts(figures)
    revenue = -costs.pop("revenue_mcny", 0.0)
    parts = [f"{plain(cost)} MCNY for {COST_PARTS[name]}" for name, cost in costs.items()]
    made_of = f": {listed(parts)}" if len(parts) > 1 or revenue else ""
    less = f", less {plain(revenue)} MCNY of revenue" if revenue else ""
    return f"Supplying {plain(shipped)} kt {least} {plain(total)} MCNY a year{each}{made_of}{less}."


def _unmet(result: Allocation) -> str:
    """Who goes without, where demand may go unmet."""
    trade = trade_table(result.case, result.flows)
    short = trade[trade["short_kt"] > 0].sort_values("short_kt", ascending=False, kind="stable")
    if short.empty:
        return ""
    names = [
        f"{sink} ({plain(kt)} kt)"
        for sink, kt in zip(short["sink"], short["short_kt"], strict=True)
    ]
    first, more = names[:NAMED], len(names) - NAMED
    who = listed([*first, f"{more} more"] if more > 0 else first)
    cost = plain(result.figures["shortage_cost_mcny"])
    return f"{plain(result.figures['shortage_kt'])} kt go unmet at {cost} MCNY a year: {who}."


def _worth(result: Allocation) -> str:
    steps = curve_steps(result)
    if steps:
        saved = {place: saving_mcny(pieces, BLOCK_KT) for place, pieces in steps.items()}
        best = sorted(saved, key=lambda place: (-saved[place], place))[:NAMED]
        named = listed(f"{place} ({plain(saved[place])} MCNY)" for place in best)
        return f"New capacity of {BLOCK_KT:.0f} kt would save most a year in {named}."
    table = result.prices
    makers = result.case.origins["origin"][is_maker(result.case)]
    is_of_maker = (table["role"] == "origin") & table["place"].isin(makers)
    origins = table[is_of_maker & table["right_cny_per_t"].notna()]
    if origins.empty:
        return ""
    ranked = origins.sort_values(["right_cny_per_t", "place"], ascending=[False, True])
    top = [
        f"{row['place']} ({plain(row['right_cny_per_t'])} CNY)"
        for row in records(ranked.head(NAMED))
        if row["right_cny_per_t"] > 0
    ]
    if not top:
        return "One more tonne of supply would save nothing anywhere."
    return f"New capacity eases most where one more tonne saves most: in {listed(top)}."


def _easing(result: Allocation, base: Allocation) -> str:
    def change(key: str, unit: str) -> str:
        return f"{plain(result.figures[key] - base.figures[key], signed=True) or '0'} {unit}"

    title = base.scenario.title or base.scenario.name
    return (
        f"Against “{title}” the deficit changes by {change('deficit_kt', 'kt')}, tonnes moved "
        f"between regions by {change('moved_kt', 'kt')} and the cost by "
        f"{change('total_cost_mcny', 'MCNY')} a year."
    )


def _grounds(result: Allocation) -> str:
    parts = []
    table = result.observed
    if len(table) and result.changes.empty:  # a scenario is not meant to reproduce the past
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
    if result.status == "optimal" and is_number(offered):
        parts.append(f"the plan is proved cheapest over all {plain(offered, 0)} lanes on offer")
    text = listed(parts)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _hangs_on(result: Allocation) -> str:
    found: dict[str, tuple[Any, Any]] = dict(effects(result))
    spread = {title: abs(high - low) for title, (low, high) in found.items()}
    if not spread:
        return ""
    title = max(spread, key=lambda name: (spread[name], name))
    return f"the cost hangs most on “{title}”, whose range moves it by {plain(spread[title])} MCNY"
