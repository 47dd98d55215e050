"""The section of a run that has chosen what to build."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from model.case.records import Json
from model.result.study_tables import tables_of
from reports.figures.siting import frontier, worth
from reports.language.numbers import listed, percent, plain
from reports.page import tables_generic
from reports.page.section import Section, Text, section
from reports.page.studies import SITE

if TYPE_CHECKING:
    from model.result.allocation import Allocation
    from reports.figures.style import Picture
    from reports.page.table import PageTable

FULL = "python solve.py site --full"
EXACT, NEARLY = 1e-9, 1e-3
"""Shares of the total: less is no difference, and less hardly one."""
MONEY = (
    "It is the saving of the whole system, not the profit of an owner; no tax, no inflation, no "
    "value after its life. The row without a name is the set, against nothing but what must be "
    "built."
)
FLIPS = "An option is in the best set below the figure, and not above; a closure above its saving."


def siting_section(result: Allocation) -> Section | None:
    """Return what was chosen and why, what comes next, and what would change it."""
    if result.figures.get("opened") is None:
        return None
    flips = _found(result, "cost_flips")
    steps = _found(result, "budget")
    capital, cost = result.figures.get("capital_mcny"), result.figures["total_cost_mcny"]
    missing = Text("How far each cost and size may change is found by", FULL)
    return section(
        "siting", "Where to build: the tables",
        _table(result, "sets", "The best sets"),
        _table(result, "options", "Every option, alone and at the margin"),
        _table(result, "money", "What capital brings", MONEY),
        None if steps.empty else frontier(steps, capital, cost),
        _table(result, "budget", "The best set at every budget"),
        _table(result, "number", "The best set by number of projects"),
        _table(result, "cost_flips", "How much costs may change", FLIPS),
        _table(result, "size_flips", "How much sizes may change"),
        _table(result, "regret", "Regret of the best sets under other scenarios"),
        missing if flips.empty else None,
    )  # fmt: skip


def siting_question(result: Allocation) -> str:
    """Return the question by what there is to choose."""
    options = _found(result, "options")
    can_close = result.figures.get("closed") or (len(options) and "closure" in set(options["kind"]))
    if can_close:
        return "What should be built, and what closed?"
    return "What should be built, and where?"


def siting_picture(result: Allocation) -> Picture | None:
    """Return what each option saves; None where it was not asked for."""
    options = _found(result, "options")
    return None if options.empty else worth(options)


def _found(result: Allocation, name: str) -> pd.DataFrame:
    """A table of the study; an empty one where it was not asked for."""
    return tables_of(result.studies.get(f"{SITE}_{name}")).get("", pd.DataFrame())


def _table(result: Allocation, name: str, title: str, note: str = "") -> PageTable | None:
    frame = _found(result, name)
    if frame.empty:
        return None
    return tables_generic.generic(f"siting-{name.replace('_', '-')}", title, frame, note)


def siting_sentences(result: Allocation) -> list[str]:
    """Return what to build and close, what that takes, how sure it is, what comes next."""
    sets, flips, number = (_found(result, name) for name in ("sets", "cost_flips", "number"))
    texts = [_choice(result, number), _money(result), _proof(result), _runner_up(result, sets)]
    return [text for text in [*texts, *_nearest(flips)] if text]


def _choice(result: Allocation, number: pd.DataFrame) -> str:
    """What the best set is, its cost, and how much less that is than building nothing."""
    figures = result.figures
    opened, closed = figures["opened"], figures.get("closed") or []
    sizes = figures.get("opened_kt") or {}
    named = [f"{name} ({plain(sizes.get(name))} kt)" for name in opened]
    words = [f"build {listed(named)}"] if named else ["build nothing"]
    words += [f"close {listed(closed)}"] if closed else []
    what = " and ".join(words)
    total = figures["total_cost_mcny"]
    text = f"{_asked(result)}{what}"
    costs = f"{text[:1].upper()}{text[1:]}: {plain(total)} MCNY a year in all"
    nothing = number[(number["projects"] == 0) & number["proved"]] if len(number) else number
    if not opened or nothing.empty:
        return f"{costs}."
    saved = float(nothing["cost_mcny"].iloc[0]) - total
    return f"{costs}, {plain(saved)} less than without any project." if saved > 0 else f"{costs}."


def _money(result: Allocation) -> str:
    """The capital, and its yearly cost within the total; blank where nothing is built or closed."""
    figures = result.figures
    if not figures["opened"] and not figures.get("closed"):
        return ""
    fixed = figures["fixed_cost_mcny"]
    if not figures["opened"]:
        return (
            f"It takes no capital; closing saves {plain(-fixed)} MCNY a year, taken off the total."
        )
    counted = (
        f"{plain(fixed)} MCNY a year of annuities and yearly cost are in the total"
        if fixed >= 0
        else f"closing saves {plain(-fixed)} MCNY a year more than what is built costs"
    )
    return f"It takes {plain(figures.get('capital_mcny'))} MCNY of capital; {counted}."


def _proof(result: Allocation) -> str:
    """What is known of other sets."""
    figures = result.figures
    late = "" if figures.get("tables_proved", True) else " The time ran out before all tables."
    if result.status != "optimal":
        share = figures.get("gap_share")
        gap = (
            "a better one was not ruled out"
            if share is None
            else f"at most {percent(share, 2)} more"
        )
        return f"It is the best set found in time, not proved best: {gap}.{late}"
    total, proved = figures["total_cost_mcny"], figures.get("proved_bound_mcny")
    if proved is None or not total:
        return f"No other set costs less, by two searches.{late}"
    share = (total - proved) / abs(total)
    by_proof = "and by proof" if share < EXACT else f"and by proof within {percent(share, 2)}"
    return f"No other set costs less, by two searches {by_proof}.{late}"


def _runner_up(result: Allocation, sets: pd.DataFrame) -> str:
    """The next best set, or that it costs the same."""
    if len(sets) < 2 or not sets.iloc[1]["proved"] or result.status != "optimal":
        return ""
    second = sets.iloc[1]
    name = str(second["set"]).replace("; ", ", ")
    name = "to build nothing" if name == "nothing" else name
    gap, share = float(second["gap_mcny"]), float(second["gap_share"])
    if abs(share) < EXACT:
        return f"It is a tie: the next set, {name}, costs the same."
    more = f"{plain(gap)} MCNY a year more"
    if share < NEARLY:
        return f"It is nearly a tie: the next set, {name}, costs {more}, under {percent(NEARLY)}."
    return f"The next set, {name}, costs {more} ({percent(share)})."


def _asked(result: Allocation) -> str:
    requirements: Json = result.studies.get(SITE) or {}
    parts = []
    if requirements.get("budget_mcny") is not None:
        parts.append(f"a budget of {plain(requirements['budget_mcny'])} MCNY")
    if requirements.get("max_projects") is not None:
        parts.append(f"at most {requirements['max_projects']} projects")
    parts += [
        f"at most {most} in {region}" for region, most in (requirements.get("quotas") or {}).items()
    ]
    return f"within {listed(parts)}, " if parts else ""


def _nearest(flips: pd.DataFrame) -> list[str]:
    """The smallest changes of cost that would change the choice."""
    if flips.empty:
        return []
    known = flips[flips["change_share"].notna() & (flips["stays_best_below"] >= 0)]
    if known.empty:
        return []
    order = known["change_share"].abs().sort_values(kind="stable").index[:3]
    texts = [
        f"{row['option']} {'leaves' if row['chosen'] else 'enters'} at "
        f"{plain(row['stays_best_below'])} {row['unit']} "
        f"({percent(row['change_share'], 1, signed=True)})"
        for _, row in known.loc[order].iterrows()
    ]
    return [f"What would change it first: {listed(texts)}."]
