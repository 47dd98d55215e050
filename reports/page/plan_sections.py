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
from reports.language.numbers import listed, percent, plain
from reports.language.verdict import verdict
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
SMALL = 1e-6  # less is the noise of arithmetic
NO_STOCK = "Nothing is carried from one period to the next."
SETTLED = (
    "Capital is priced when it is bought; its annuity stays fixed and counts in every year in which"
    " the project stands. What closing saves is negative."
)


def plan_sections(plan: Plan) -> list[Section]:
    """Return every section for which a plan has something to say."""
    if plan.years.empty:
        first = Opening(NO_PLAN, no_plan_sentences(plan.diagnosis)).section()
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
        return "haulage, bn t-km"
    suffix = next((end for end in tables_generic.UNITS if name.endswith(end)), "")
    words = name.removesuffix(suffix).replace("_", " ")
    unit = f", {tables_generic.UNITS[suffix]}" if suffix else ""
    return f"{words}{unit}"


def plan_question(plan: Plan) -> str:
    """Return the question by what there is to choose."""
    can_build, can_close = len(plan.case.projects), len(plan.case.closures)
    if can_build and can_close:
        return "What should start, what should close, and when?"
    if can_close:
        return "What should close, and when?"
    return "What should start, and when?" if can_build else "What do the periods cost?"


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
        return "Doing nothing would cost the same."
    word = "more" if cost > total else "less, but something is forced"
    return f"Doing nothing would cost {plain(abs(cost - total))} MCNY {word}."


def _moved(plan: Plan, first: str, last: str) -> str:
    """How what crosses regional borders goes from the first period to the last."""
    moved = plan.years["moved_kt"]
    if moved.max() <= SMALL:
        return ""
    unit = "kt a year" if "period" in plan.years else "kt"
    begin, end = moved.iloc[0], moved.iloc[-1]
    if len(moved) == 1:
        return f"{plain(begin)} {unit} are moved between regions."
    if moved.max() - moved.min() <= SMALL:
        return f"Tonnes moved between regions stay at {plain(begin)} {unit}."
    return (
        f"Tonnes moved between regions go from {plain(begin)} {unit} in {first} to "
        f"{plain(end)} {unit} in {last}."
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
        return "No stock is carried from one period to the next."
    return f"At most {plain(most)} kt of stock are carried from one period to the next."


def _choice(plan: Plan) -> str:
    """What starts and what closes, by period; where there was nothing to choose, the cost alone."""
    rows = plan.schedule.to_dict("records")
    starts = start_labels(plan.schedule)
    by_start: dict[tuple[str, str], list[str]] = {}
    for row, start in zip(rows, starts, strict=True):
        named = f"{row['option']} ({plain(row['size_kt'])} kt)"
        by_start.setdefault((row["kind"], start), []).append(named)
    if not by_start:
        return _none_starts(plan)
    words = [
        f"{'start' if kind == 'project' else 'close'} {listed(names)} in {start}"
        for wanted in ("project", "closure")
        for (kind, start), names in by_start.items()
        if kind == wanted
    ]
    sentence = "; ".join(words)
    return f"{sentence[0].upper()}{sentence[1:]}."


def _none_starts(plan: Plan) -> str:
    if not (len(plan.case.projects) or len(plan.case.closures)):
        return ""
    if plan.status != "optimal":
        return "Start nothing: that is the best schedule found in time."
    return "Start nothing: no schedule of projects costs less."


def _cost(plan: Plan, first: str, last: str) -> str:
    """The total cost, what of it is for capital and what closing saves."""
    figures, saved = plan.figures, _saved_mcny(plan)
    span = f"{first} to {last} cost" if first != last else f"{first} costs"
    rate = percent(figures["discount_rate"], None)
    parts = [
        f"{span} {plain(figures['total_cost_mcny'])} MCNY in all, discounted at {rate} to {first}"
    ]
    if figures["opened"]:
        parts.append(
            f"{plain(figures['fixed_cost_mcny'] + saved)} MCNY of it are annuities and yearly cost"
            f" of what is built, which takes {plain(figures['capital_mcny'])} MCNY of capital"
        )
    if figures["closed"]:
        parts.append(f"closing saves {plain(saved)} MCNY, which are taken off")
    if plan.status != "optimal":
        parts.append("a better schedule was not ruled out in time")
    elif figures["opened"] or figures["closed"]:
        parts.append("no other schedule costs less, by two searches")
    return "; ".join(parts) + "."


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
        texts = plan.diagnosis.headline if plan.diagnosis else "no plan was found in time"
        return f"{plan.scenario.name}: {texts}"
    status = verdict(plan.status, plan.figures)
    lines = [f"{plan.scenario.name}: {status}", *(f"  {line}" for line in _sentences(plan))]
    return "\n".join([*lines, f"  page     {plan.figures['run']}/report.html"])
