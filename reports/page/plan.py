"""The sections of a plan's page, and its headline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from reports.figures.plan import timeline, yearly_costs, yearly_tonnes
from reports.numbers import listed, percent, plain
from reports.page import tables_generic
from reports.page.section import Pair, Section, Sentences, Text, section

if TYPE_CHECKING:
    from model.studies.plan.plan import Plan

FLOWS_SHOWN = ["year", "made", "origin", "sink", "mode", "ship_kt", "cost_cny_per_t", "cost_mcny"]
NO_STOCK = "Nothing is carried from one year to the next: holding costs more than it saves."
SETTLED = "Capital counts as an annuity in every year in which a project stands."


def plan_sections(plan: Plan) -> list[Section]:
    """Return every section for which a plan has something to say."""
    if plan.years.empty:
        told = plan.diagnosis.headline if plan.diagnosis else "None was found in time."
        return [part for part in [section("answer", "No plan", Text(told))] if part]
    last = int(plan.figures["last_year"])
    found = [
        section(
            "answer", "The plan",
            Sentences(tuple(_sentences(plan))),
            timeline(plan.schedule, last),
            _table("schedule", "What starts when", plan.schedule, SETTLED),
        ),
        section(
            "years", "Year by year",
            Pair((yearly_costs(plan.years), yearly_tonnes(plan.years))),
            _table("years-table", "The years", _years(plan.years)),
        ),
        section(
            "stocks", "Stocks",
            _table("stocks-table", "What is carried from year to year", plan.stocks)
            or Text(NO_STOCK),
        ),
        section(
            "flows", "Flows",
            _table("plan-flows", "Who supplies whom", plan.flows[FLOWS_SHOWN]),
        ),
        section("ledger", "What the scenario changed", _table("ledger", "Changes", plan.changes)),
    ]  # fmt: skip
    return [part for part in found if part is not None]


def _table(name: str, title: str, frame: pd.DataFrame, note: str = "") -> object | None:
    return None if frame.empty else tables_generic.generic(name, title, _plain_years(frame), note)


def _plain_years(frame: pd.DataFrame) -> pd.DataFrame:
    """Years as texts: they take no thousands separator."""
    years = [n for n in ("year", "made", "starts", "from_year", "to_year") if n in frame]
    return frame.assign(**{name: frame[name].astype(int).astype(str) for name in years})


def _years(years: pd.DataFrame) -> pd.DataFrame:
    """The table of years on its side: a row per figure."""
    sideways = years.set_index(years["year"].astype(int).astype(str)).drop(columns="year").T
    named = sideways.rename(index=_words).rename_axis("figure").rename_axis(None, axis=1)
    return named.reset_index()


def _words(name: str) -> str:
    """A figure of a year in words, with its unit."""
    suffix = next((end for end in tables_generic.UNITS if name.endswith(end)), "")
    words = name.removesuffix(suffix).replace("_", " ").replace("bn t km", "haulage, bn t-km")
    unit = f", {tables_generic.UNITS[suffix]}" if suffix else ""
    return f"{words}{unit}"


def _sentences(plan: Plan) -> list[str]:
    figures = plan.figures
    starts = [
        f"{row['option']} ({plain(row['size_kt'])} kt) in {int(row['starts'])}"
        for row in plan.schedule.to_dict("records")
    ]
    proved = (
        "no other schedule costs less"
        if plan.status == "optimal"
        else "a better one was not ruled out in time"
    )
    first, last = int(figures["first_year"]), int(figures["last_year"])
    told = [
        f"Start {listed(starts)}." if starts else "Start nothing: no project pays.",
        f"{first} to {last} cost {plain(figures['total_cost_mcny'])} MCNY together, discounted at "
        f"{percent(figures['discount_rate'])} to {first}; "
        f"{plain(figures['fixed_cost_mcny'])} of it are for capital, and {proved}. The projects "
        f"take {plain(figures['capital_mcny'])} MCNY upfront.",
    ]
    moved = plan.years["moved_kt"]
    told.append(
        f"Tonnes moved between regions go from {plain(moved.iloc[0])} kt in {first} to "
        f"{plain(moved.iloc[-1])} kt in {last}."
    )
    most = plan.years["stock_kt"].max()
    told.append(
        f"At most {plain(most)} kt are carried from one year to the next."
        if most > 0
        else "No stock is carried: what one year leaves over is worth less than holding it costs."
    )
    return told


def plan_headline(plan: Plan) -> str:
    """A plan in a few lines, as a terminal shows it."""
    if plan.years.empty:
        told = plan.diagnosis.headline if plan.diagnosis else "no plan was found in time"
        return f"{plan.scenario.name}: {told}"
    status = {"optimal": "proved optimal"}.get(plan.status, "not proved, a limit came first")
    lines = [f"{plan.scenario.name}: {status}", *(f"  {line}" for line in _sentences(plan))]
    return "\n".join([*lines, f"  page     {plan.figures['run']}/report.html"])
