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
from reports.page.section import Pair, Section, Sentences, Text, section

if TYPE_CHECKING:
    from model.studies.plan.plan import Plan

FLOWS_SHOWN = [
    "year", "period", "made", "made_period", "origin", "sink", "mode", "ship_kt", "cost_cny_per_t",
    "cost_mcny",
]  # fmt: skip
NO_STOCK = "Nothing is carried from one period to the next."
SETTLED = (
    "Capital is priced when it is bought; its annuity stays fixed and counts in every year in which"
    " the project stands. What closing saves is negative."
)


def plan_sections(plan: Plan) -> list[Section]:
    """Return every section for which a plan has something to say."""
    if plan.years.empty:
        texts = plan.diagnosis.headline if plan.diagnosis else "None was found in time."
        return [part for part in [section("answer", "No plan", Text(texts))] if part]
    found = [
        section(
            "answer", "The plan",
            Sentences(tuple(_sentences(plan))),
            timeline(plan.schedule, plan.years),
            _table("schedule", "What starts when", _schedule(plan), SETTLED),
        ),
        section(
            "years", "Period by period",
            Pair((yearly_costs(plan.years), yearly_tonnes(plan.years))),
            _table("years-table", "The periods", _years(plan.years)),
        ),
        section(
            "stocks", "Stocks",
            _table("stocks-table", "What is carried from period to period", plan.stocks)
            or Text(NO_STOCK),
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


def _sentences(plan: Plan) -> list[str]:
    labels = period_labels(plan.years)
    first, last = labels[0], labels[-1]
    texts = [sentence for sentence in (_choice(plan), _cost(plan, first, last)) if sentence]
    moved, kt = plan.years["moved_kt"], "kt a year" if "period" in plan.years else "kt"
    texts.append(
        f"Tonnes moved between regions go from {plain(moved.iloc[0])} {kt} in {first} to "
        f"{plain(moved.iloc[-1])} {kt} in {last}."
    )
    most = plan.years["stock_kt"].max()
    texts.append(
        f"At most {plain(most)} kt are carried from one period to the next."
        if most > 0
        else "No stock is carried."
    )
    return texts


def _choice(plan: Plan) -> str:
    """What starts and what closes; blank where there was nothing to choose."""
    by_kind: dict[str, list[str]] = {"project": [], "closure": []}
    for row, start in zip(
        plan.schedule.to_dict("records"), start_labels(plan.schedule), strict=True
    ):
        by_kind[row["kind"]].append(f"{row['option']} ({plain(row['size_kt'])} kt) in {start}")
    if not any(by_kind.values()):
        can_choose = len(plan.case.projects) or len(plan.case.closures)
        return "Start nothing: no project pays." if can_choose else ""
    words = [f"start {listed(by_kind['project'])}"] if by_kind["project"] else []
    words += [f"close {listed(by_kind['closure'])}"] if by_kind["closure"] else []
    sentence = "; ".join(words)
    return f"{sentence[0].upper()}{sentence[1:]}."


def _cost(plan: Plan, first: str, last: str) -> str:
    """The total cost, what of it is for capital and what closing saves."""
    figures, saved = plan.figures, _saved_mcny(plan)
    parts = [
        f"{first} to {last} cost {plain(figures['total_cost_mcny'])} MCNY together, discounted at "
        f"{percent(figures['discount_rate'])} to {first}"
    ]
    if figures["opened"]:
        parts.append(
            f"{plain(figures['fixed_cost_mcny'] + saved)} of it are annuities and yearly cost of"
            f" what is built, which takes {plain(figures['capital_mcny'])} MCNY of capital"
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
