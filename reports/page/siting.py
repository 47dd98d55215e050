"""The section of a run that has chosen what to build."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from model.case.records import Json
from model.result.definitions import EXACT, NEARLY, STAYS_OPEN
from model.result.study_tables import tables_of
from reports.figures.siting import frontier, worth
from reports.language import say
from reports.language.numbers import joined, listed, percent, plain
from reports.page import tables_generic
from reports.page.section import Section, Text, section
from reports.page.studies import SITE

if TYPE_CHECKING:
    from model.result.allocation import Allocation
    from reports.figures.style import Picture
    from reports.page.table import PageTable

FULL = "python solve.py site --full"
MONEY = (
    "It is the saving of the whole system, not the profit of an owner; no tax, no inflation, no "
    "value after its life. The row without a name is the set, against nothing but what must be "
    "built."
)
WHY = (
    "Each row is what the set saves more than that of the rows above it; together they are what it "
    "saves. A fixed cost is a saving below 0. `tie` and `hardly` mark what the figures cannot tell."
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
        _table(result, "why_set", "Why this set: what each part displaces, saves and costs", WHY),
        _table(result, "along", "The best set as a figure moves"),
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
        return say("What should be built, and what closed?")
    return say("What should be built, and where?")


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
    kept = _kept_open(_found(result, "options"))
    return [text for text in [*texts, kept, *_nearest(flips)] if text]


def _kept_open(options: pd.DataFrame) -> str:
    """Which origins a minimum keeps open; blank where there is none."""
    if options.empty:
        return ""
    pairs = zip(options["option"], options["blank_because"], strict=True)
    names = [name for name, reason in pairs if STAYS_OPEN in reason]
    text = "A minimum keeps {names} open, whatever closing saves: the table of options names it."
    return say(text, names=listed(names)) if names else ""


def _choice(result: Allocation, number: pd.DataFrame) -> str:
    """What the best set is, its cost, and how much less that is than building nothing."""
    figures = result.figures
    opened, closed = figures["opened"], figures.get("closed") or []
    sizes = figures.get("opened_kt") or {}
    named = [
        say("{place} ({amount} kt)", place=name, amount=plain(sizes.get(name))) for name in opened
    ]
    text = _asked(result) + set_words(named, closed)
    total = figures["total_cost_mcny"]
    costs = say(
        "{choice}: {total} MCNY a year in all",
        choice=f"{text[:1].upper()}{text[1:]}",
        total=plain(total),
    )
    nothing = number[(number["projects"] == 0) & number["proved"]] if len(number) else number
    saved = float(nothing["cost_mcny"].iloc[0]) - total if opened and len(nothing) else 0.0
    if saved <= 0:
        return say("{cost}.", cost=costs)
    text = "{cost}, {saved} less than without any project."
    return say(text, cost=costs, saved=plain(saved))


def set_words(built: list[str], closed: list[str]) -> str:
    """What a set builds and closes, as an order: `build A and close B`."""
    words = say("build {names}", names=listed(built)) if built else say("build nothing")
    if not closed:
        return words
    return say("{build} and close {names}", build=words, names=listed(closed))


def _money(result: Allocation) -> str:
    """The capital, and its yearly cost within the total; blank where nothing is built or closed."""
    figures = result.figures
    if not figures["opened"] and not figures.get("closed"):
        return ""
    fixed = figures["fixed_cost_mcny"]
    if not figures["opened"]:
        text = "It takes no capital; closing saves {saved} MCNY a year, taken off the total."
        return say(text, saved=plain(-fixed))
    text = (
        "It takes {capital} MCNY of capital; closing saves {amount} MCNY a year more than what is "
        "built costs."
    )
    if fixed >= 0:
        text = (
            "It takes {capital} MCNY of capital; {amount} MCNY a year of annuities and yearly cost "
            "are in the total."
        )
    return say(text, capital=plain(figures.get("capital_mcny")), amount=plain(abs(fixed)))


def _proof(result: Allocation) -> str:
    """What is known of other sets."""
    is_whole = result.figures.get("tables_proved", True)
    return _bound(result) + ("" if is_whole else say(" The time ran out before all tables."))


def _bound(result: Allocation) -> str:
    """How much less another set may cost."""
    figures = result.figures
    share = figures.get("gap_share")
    if result.status != "optimal" and share is None:
        return say(
            "It is the best set found in time, not proved best: a better one was not ruled out."
        )
    if result.status != "optimal":
        text = "It is the best set found in time, not proved best: at most {share} more."
        return say(text, share=percent(share, 2))
    total, proved = figures["total_cost_mcny"], figures.get("proved_bound_mcny")
    if proved is None or not total:
        return say("No other set costs less, by two searches.")
    share = (total - proved) / abs(total)
    if share < EXACT:
        return say("No other set costs less, by two searches and by proof.")
    text = "No other set costs less, by two searches and by proof within {share}."
    return say(text, share=percent(share, 2))


def _runner_up(result: Allocation, sets: pd.DataFrame) -> str:
    """The next best set, or that it costs the same."""
    if len(sets) < 2 or not sets.iloc[1]["proved"] or result.status != "optimal":
        return ""
    second = sets.iloc[1]
    name = joined(str(second["set"]).split("; "))
    name = say("to build nothing") if second["set"] == "nothing" else name
    share, more = float(second["gap_share"]), plain(float(second["gap_mcny"]))
    if abs(share) < EXACT:
        return say("It is a tie: the next set, {name}, costs the same.", name=name)
    if share < NEARLY:
        return say(
            "It is nearly a tie: the next set, {name}, costs {more} MCNY a year more, under "
            "{share}.",
            name=name,
            more=more,
            share=percent(NEARLY),
        )
    text = "The next set, {name}, costs {more} MCNY a year more ({share})."
    return say(text, name=name, more=more, share=percent(share))


def _asked(result: Allocation) -> str:
    requirements: Json = result.studies.get(SITE) or {}
    parts = []
    if requirements.get("budget_mcny") is not None:
        amount = plain(requirements["budget_mcny"])
        parts.append(say("a budget of {amount} MCNY", amount=amount))
    if requirements.get("max_projects") is not None:
        parts.append(say("at most {count} projects", count=requirements["max_projects"]))
    parts += [
        say("at most {count} in {region}", count=most, region=region)
        for region, most in (requirements.get("quotas") or {}).items()
    ]
    return say("within {limits}, ", limits=listed(parts)) if parts else ""


def _nearest(flips: pd.DataFrame) -> list[str]:
    """The smallest changes of cost that would change the choice."""
    if flips.empty:
        return []
    known = flips[flips["change_share"].notna() & (flips["stays_best_below"] >= 0)]
    if known.empty:
        return []
    order = known["change_share"].abs().sort_values(kind="stable").index[:3]
    texts = [
        say(
            "{option} leaves at {figure} {unit} ({change})"
            if row["chosen"]
            else "{option} enters at {figure} {unit} ({change})",
            option=row["option"],
            figure=plain(row["stays_best_below"]),
            unit=say(row["unit"]),
            change=percent(row["change_share"], 1, signed=True),
        )
        for _, row in known.loc[order].iterrows()
    ]
    return [say("What would change it first: {changes}.", changes=listed(texts))]
