"""The section of a run that has chosen what to build."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from model.case.records import Json
from model.result.study_tables import tables_of
from reports.figures.siting import frontier, worth
from reports.language.numbers import listed, percent, plain
from reports.page import tables_generic
from reports.page.section import Section, Sentences, Text, section
from reports.page.studies import SITE

if TYPE_CHECKING:
    from model.result.allocation import Allocation
    from reports.page.table import PageTable

FULL = "python solve.py site --full"
FLIPS = "An option is in the best set below the figure, and not above; a closure above its saving."


def siting_section(result: Allocation) -> Section | None:
    """Return what was chosen and why, what comes next, and what would change it."""
    if result.figures.get("opened") is None:
        return None
    sets, options, flips = (_found(result, name) for name in ("sets", "options", "cost_flips"))
    steps = _found(result, "budget")
    capital, cost = result.figures.get("capital_mcny"), result.figures["total_cost_mcny"]
    missing = Text("How far each cost and size may change is found by", FULL)
    return section(
        "siting", "Where to build",
        Sentences(tuple(_sentences(result, sets, flips))),
        _table(result, "sets", "The best sets"),
        None if options.empty else worth(options),
        _table(result, "options", "Every option, alone and at the margin"),
        None if steps.empty else frontier(steps, capital, cost),
        _table(result, "budget", "The best set at every budget"),
        _table(result, "number", "The best set by number of projects"),
        _table(result, "cost_flips", "How much costs may change", FLIPS),
        _table(result, "size_flips", "How much sizes may change"),
        _table(result, "regret", "Regret of the best sets under other scenarios"),
        missing if flips.empty else None,
    )  # fmt: skip


def _found(result: Allocation, name: str) -> pd.DataFrame:
    """A table of the study; an empty one where it was not asked for."""
    return tables_of(result.studies.get(f"{SITE}_{name}")).get("", pd.DataFrame())


def _table(result: Allocation, name: str, title: str, note: str = "") -> PageTable | None:
    frame = _found(result, name)
    if frame.empty:
        return None
    return tables_generic.generic(f"siting-{name.replace('_', '-')}", title, frame, note)


def _sentences(result: Allocation, sets: pd.DataFrame, flips: pd.DataFrame) -> list[str]:
    figures = result.figures
    opened, closed = figures["opened"], figures.get("closed") or []
    sizes = figures.get("opened_kt") or {}
    named = [f"{name} ({plain(sizes.get(name))} kt)" for name in opened]
    first = f"Build {listed(named)}" if named else "Build nothing"
    if closed:
        first += f" and close {listed(closed)}"
    texts = [
        f"{first}: {plain(figures.get('capital_mcny'))} MCNY of capital, "
        f"{_fixed(figures['fixed_cost_mcny'])}, "
        f"{plain(figures['total_cost_mcny'])} MCNY a year in all; {_proof(result)}{_asked(result)}."
    ]
    if figures.get("tables_proved") is False:
        texts.append("The time ran out before all tables were there: rows not proved say so.")
    if len(sets) > 1 and sets.iloc[1]["proved"]:
        second = sets.iloc[1]
        texts.append(
            f"The runner-up, {str(second['set']).replace('; ', ', ')}, costs "
            f"{plain(second['gap_mcny'])} MCNY a year more ({percent(second['gap_share'], 3)})."
        )
    return [*texts, *_nearest(flips)]


def _fixed(mcny: float) -> str:
    """The yearly cost of what is built, or what closing saves above it."""
    if mcny < 0:
        return f"{plain(-mcny)} MCNY a year saved by closing"
    return f"{plain(mcny)} MCNY a year of fixed cost"


def _proof(result: Allocation) -> str:
    """What is known of other sets."""
    figures = result.figures
    if result.status != "optimal":
        return f"a gap of {percent(figures.get('gap_share'), 3)} is left"
    total, proved = figures["total_cost_mcny"], figures.get("proved_bound_mcny")
    if proved is None or not total:
        return "no other set costs less by two searches"
    within = percent((total - proved) / abs(total), 3)
    return f"no other set costs less by two searches, and within {within} by proof"


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
    return f" within {listed(parts)}" if parts else ""


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
