"""The sections of a plan's page, and its headline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from model.result.output_columns import PERIOD_NAMES
from reports.figures.plan_pictures import (
    period_labels,
    start_labels,
    timeline,
    yearly_costs,
    yearly_tonnes,
)
from reports.language import say
from reports.language.numbers import listed, percent, plain, sentence
from reports.language.verdict import labelled, verdict
from reports.page import tables_generic
from reports.page.opening import NO_PLAN, Opening
from reports.page.proof import cut_section, no_plan_sentences
from reports.page.section import Pair, Section, Text, section

if TYPE_CHECKING:
    from model.studies.plan.plan import Plan

FLOWS_SHOWN = [
    "year", "period", "made", "made_period", "origin", "sink", "mode", "ship_kt", "cost_cny_per_t",
    "cost_mcny",
]  # fmt: skip
KEPT = {"supply_kt", "demand_kt", "shipped_kt", "moved_kt", "deficit_kt", "total_cost_mcny"}
"""Figures of a period that are told even where they are 0 in all."""
CUTS = "A period is cut where a life may end; its parts are told apart by when they begin."
TO_DO = {"project": "start {names} in {period}", "closure": "close {names} in {period}"}
"""What is done with a choice, by its kind."""
SMALL = 1e-6  # less is the noise of arithmetic
NO_STOCK = "Nothing is carried from one period to the next."
SETTLED = (
    "Capital is priced when it is bought; its annuity stays fixed and counts in every year in which"
    " the project stands. What closing saves is negative."
)


def plan_sections(plan: Plan) -> list[Section]:
    """Return every section for which a plan has something to say."""
    if plan.years.empty:
        first = Opening(say(NO_PLAN), no_plan_sentences(plan.diagnosis)).section()
        return [part for part in [first, cut_section(plan.diagnosis)] if part]
    found = [
        Opening(
            plan_question(plan), _sentences(plan),
            timeline(plan.schedule, plan.years) or yearly_costs(plan.years),
        ).section(),
        section(
            "schedule", "What starts when",
            _table("schedule", "What starts when", _schedule(plan), SETTLED),
        ),
        section(
            "years", "Period by period",
            Pair((yearly_costs(plan.years), yearly_tonnes(plan.years)))
            if len(plan.schedule) else Pair((yearly_tonnes(plan.years),)),
            _table("years-table", "The periods", _years(plan.years), _cuts(plan)),
        ),
        section(
            "stocks", "Stocks",
            _table("stocks-table", "What is carried from period to period", plan.stocks)
            or (Text(NO_STOCK) if _can_carry(plan) else None),
        ),
        section(
            "flows", "Flows",
            _table("plan-flows", "Who supplies whom",
                   plan.flows[[name for name in FLOWS_SHOWN if name in plan.flows]]),
        ),
        section("ledger", "What the scenario changed", _table("ledger", "Changes", plan.changes)),
    ]  # fmt: skip
    return [part for part in found if part is not None]


def _table(name: str, title: str, frame: pd.DataFrame, note: str = "") -> object | None:
    return None if frame.empty else tables_generic.generic(name, title, _plain_years(frame), note)


def _schedule(plan: Plan) -> pd.DataFrame:
    """The schedule; where periods have names, so have the ends of what is gone."""
    if "period" not in plan.years:
        return plan.schedule
    labels = dict(zip(plan.years["year"], period_labels(plan.years), strict=True))
    return plan.schedule.assign(ends=[labels.get(at, "") for at in plan.schedule["ends"]])


def _plain_years(frame: pd.DataFrame) -> pd.DataFrame:
    """Periods as texts: their names; else years, which take no thousands separator."""
    for year, name in PERIOD_NAMES.items():
        if name in frame and year in frame:
            texts = [label or f"{at:g}" for label, at in zip(frame[name], frame[year], strict=True)]
            frame = frame.assign(**{year: texts}).drop(columns=name)
            frame = frame.rename(columns={year: year.replace("year", "period")})
        elif year in frame:
            frame = frame.assign(**{year: [f"{at:g}" for at in frame[year]]})
    return frame


def _years(years: pd.DataFrame) -> pd.DataFrame:
    """The table of years on its side: a row per figure."""
    labels = pd.Index(period_labels(years))
    figures = years.drop(columns=[name for name in ("year", "period") if name in years])
    figures = figures.loc[:, [name in KEPT or values.any() for name, values in figures.items()]]
    named = figures.set_index(labels).T.rename(index=_words)
    return named.rename_axis("figure").rename_axis(None, axis=1).reset_index()


def _words(name: str) -> str:
    """A figure of a year in words, with its unit."""
    if name == "bn_t_km":
        return say("haulage, bn t-km")
    suffix = next((end for end in tables_generic.UNITS if name.endswith(end)), "")
    words = name.removesuffix(suffix).replace("_", " ")
    if not suffix:
        return say(words)
    return say("{figure}, {unit}", figure=say(words), unit=say(tables_generic.UNITS[suffix]))


def plan_question(plan: Plan) -> str:
    """Return the question by what there is to choose."""
    can_build, can_close = len(plan.case.projects), len(plan.case.closures)
    if can_build and can_close:
        return say("What should start, what should close, and when?")
    if can_close:
        return say("What should close, and when?")
    return say("What should start, and when?") if can_build else say("What do the periods cost?")


def _sentences(plan: Plan) -> list[str]:
    labels = _names(plan.years)
    ends = labels[0], labels[-1]
    found = (_choice(plan), _cost(plan, *ends), _nothing(plan), _moved(plan, *ends), _stock(plan))
    return [text for text in found if text]


def _cuts(plan: Plan) -> str:
    """A note on periods that are cut; blank where none is."""
    return CUTS if len(plan.years) > max(len(plan.case.periods), 1) else ""


def _names(years: pd.DataFrame) -> list[str]:
    """What each period is called; parts of one have its name."""
    names = years["period"] if "period" in years else [""] * len(years)
    return [name or f"{at:g}" for name, at in zip(names, years["year"], strict=True)]


def _nothing(plan: Plan) -> str:
    """What doing nothing would cost, where something is done."""
    figures = plan.figures
    cost, total = figures.get("nothing_cost_mcny"), figures["total_cost_mcny"]
    if not (figures["opened"] or figures["closed"]) or cost is None:
        return ""
    if abs(cost - total) <= SMALL:
        return say("Doing nothing would cost the same.")
    text = "Doing nothing would cost {amount} MCNY less, but something is forced."
    if cost > total:
        text = "Doing nothing would cost {amount} MCNY more."
    return say(text, amount=plain(abs(cost - total)))


def _moved(plan: Plan, first: str, last: str) -> str:
    """How what crosses regional borders goes from the first period to the last."""
    moved = plan.years["moved_kt"]
    if moved.max() <= SMALL:
        return ""
    unit = say("kt a year") if "period" in plan.years else say("kt")
    begin, end = moved.iloc[0], moved.iloc[-1]
    if len(moved) == 1:
        return say("{amount} {unit} are moved between regions.", amount=plain(begin), unit=unit)
    if moved.max() - moved.min() <= SMALL:
        text = "Tonnes moved between regions stay at {amount} {unit}."
        return say(text, amount=plain(begin), unit=unit)
    return say(
        "Tonnes moved between regions go from {begin} {unit} in {first} to {end} {unit} in {last}.",
        begin=plain(begin),
        unit=unit,
        first=first,
        end=plain(end),
        last=last,
    )


def _can_carry(plan: Plan) -> bool:
    """Whether stock may be carried at all."""
    return len(plan.case.periods) > 1 and bool((plan.case.periods["max_stock_kt"] > 0).any())


def _stock(plan: Plan) -> str:
    """How much stock is carried at most; blank where none may be."""
    if not _can_carry(plan):
        return ""
    most = plan.years["stock_kt"].max()
    if most <= SMALL:
        return say("No stock is carried from one period to the next.")
    text = "At most {kt} kt of stock are carried from one period to the next."
    return say(text, kt=plain(most))


def _choice(plan: Plan) -> str:
    """What starts and what closes, by period; where there was nothing to choose, the cost alone."""
    rows = plan.schedule.to_dict("records")
    starts = start_labels(plan.schedule)
    by_start: dict[tuple[str, str], list[str]] = {}
    for row, start in zip(rows, starts, strict=True):
        named = say("{place} ({amount} kt)", place=row["option"], amount=plain(row["size_kt"]))
        by_start.setdefault((row["kind"], start), []).append(named)
    if not by_start:
        return _none_starts(plan)
    return sentence(
        say(text, names=listed(names), period=start)
        for wanted, text in TO_DO.items()
        for (kind, start), names in by_start.items()
        if kind == wanted
    )


def _none_starts(plan: Plan) -> str:
    if not (len(plan.case.projects) or len(plan.case.closures)):
        return ""
    if plan.status != "optimal":
        return say("Start nothing: that is the best schedule found in time.")
    return say("Start nothing: no schedule of projects costs less.")


def _cost(plan: Plan, first: str, last: str) -> str:
    """The total cost, what of it is for capital and what closing saves."""
    figures, saved = plan.figures, _saved_mcny(plan)
    text = "{first} costs {total} MCNY in all, discounted at {rate} to {first}"
    if first != last:
        text = "{first} to {last} cost {total} MCNY in all, discounted at {rate} to {first}"
    total, rate = plain(figures["total_cost_mcny"]), percent(figures["discount_rate"], None)
    parts = [say(text, first=first, last=last, total=total, rate=rate)]
    if figures["opened"]:
        text = (
            "{amount} MCNY of it are annuities and yearly cost of what is built, which takes "
            "{capital} MCNY of capital"
        )
        amount = plain(figures["fixed_cost_mcny"] + saved)
        parts.append(say(text, amount=amount, capital=plain(figures["capital_mcny"])))
    if figures["closed"]:
        parts.append(say("closing saves {amount} MCNY, which are taken off", amount=plain(saved)))
    if plan.status != "optimal":
        parts.append(say("a better schedule was not ruled out in time"))
    elif figures["opened"] or figures["closed"]:
        parts.append(say("no other schedule costs less, by two searches"))
    return sentence(parts)


def _saved_mcny(plan: Plan) -> float:
    """What closures save over all periods, discounted."""
    years, closed = plan.years, plan.schedule[plan.schedule["kind"] == "closure"]
    weight = years["length_years"] * years["discount"]
    saved = [
        weight[years["year"] >= starts].sum() * yearly
        for starts, yearly in zip(closed["starts"], closed["fixed_cost_mcny"], strict=True)
    ]
    return -float(sum(saved))


def plan_headline(plan: Plan) -> str:
    """A plan in a few lines, as a terminal shows it."""
    if plan.years.empty:
        text = plan.diagnosis.headline if plan.diagnosis else say("no plan was found in time")
        return say("{scenario}: {verdict}", scenario=plan.scenario.name, verdict=text)
    status = verdict(plan.status, plan.figures)
    title = say("{scenario}: {verdict}", scenario=plan.scenario.name, verdict=status)
    lines = [title, *(f"  {line}" for line in _sentences(plan))]
    return "\n".join([*lines, labelled("page", f"{plan.figures['run']}/report.html")])
