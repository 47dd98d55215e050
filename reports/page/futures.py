"""The page of one set for several futures, and its headline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from model.result.figures import COST_PARTS, cost_parts
from reports.figures.futures import regrets
from reports.language.numbers import adding_up, listed, plain
from reports.language.verdict import verdict
from reports.page import tables_generic
from reports.page.opening import NO_PLAN, Opening
from reports.page.proof import cut_section, no_plan_sentences
from reports.page.section import Section, Text, section

if TYPE_CHECKING:
    from model.studies.futures.answer import Together
    from reports.page.table import PageTable

AIMS = {
    "expected": "expected cost, the weighted mean over futures",
    "worst": "worst cost, the greatest over futures",
    "regret": "worst regret, the greatest cost above a future's own best set",
}
RULES = (
    "Decided once: what is built, its size, and what is closed. Free in each future: the flows. "
    "Every set keeps the rules and the budget in every future. Costs are yearly, capital included "
    "as its annuity; those of the whole are weighted means over futures."
)
TITLES = {
    "futures": "Future by future",
    "sets": "The best sets",
    "regret": "The best sets in each future",
    "given": "The sets that were named",
}


def futures_verdict(answer: Together) -> str:
    """What may be said of the answer: the bound is that of the criterion."""
    figures = answer.figures | {"total_cost_mcny": answer.figures.get("criterion_value_mcny")}
    if figures.get("criterion") == "regret":
        figures |= {"proved_bound_mcny": None}
    return verdict(answer.status, figures)


def futures_question(answer: Together) -> str:
    """Return the question by what there was to choose."""
    if not answer.tables:
        return NO_PLAN
    closes = ", and what closed," if answer.figures["closed"] else ""
    return f"What should be built{closes} before it is known which future comes?"


def futures_sections(answer: Together) -> list[Section]:
    """Return every section for which the answer has something to say."""
    if not answer.tables:
        first = Opening(NO_PLAN, no_plan_sentences(answer.diagnosis)).section()
        return [part for part in [first, cut_section(answer.diagnosis)] if part]
    tables = answer.tables
    costs = cost_parts(answer.figures)
    total, parts = adding_up(answer.figures["total_cost_mcny"], list(costs.values()))
    found = [
        Opening(
            futures_question(answer), futures_sentences(answer),
            regrets(tables["regret"], tables["sets"]),
        ).section(),
        section("futures", "Future by future", _table(answer, "futures", RULES)),
        section("sets", "What comes next", _table(answer, "sets"), _table(answer, "regret")),
        section("given", "Sets that were named", _table(answer, "given")),
        section(
            "costs", "What the mean cost is made of",
            tables_generic.facts(
                "futures-costs", "Weighted means, MCNY a year",
                [("Total", total), *zip(_named(costs), parts, strict=True)],
            ),
            Text("The run of the set in each future, with flows, balances, prices and its own "
                 "proof, stands in the folder futures/."),
        ),
    ]  # fmt: skip
    return [part for part in found if part is not None]


def futures_sentences(answer: Together) -> list[str]:
    """The answer first: the set, what was minimised, what it costs where, what comes next."""
    figures = answer.figures
    sizes = figures["opened_kt"]
    built = [f"{name} ({plain(sizes[name])} kt)" for name in figures["opened"]]
    what = f"Build {listed(built)}" if built else "Build nothing"
    if figures["closed"]:
        what += f" and close {listed(figures['closed'])}"
    among = "of all sets" if answer.status == "optimal" else "of the sets that were reached in time"
    value = f"{plain(figures['criterion_value_mcny'])} MCNY a year"
    texts = [
        f"{what}: {value}, the least {AIMS[figures['criterion']]}, {among}.",
        f"It takes {plain(figures['capital_mcny'])} MCNY of capital; {futures_verdict(answer)}.",
        _by_future(answer),
    ]
    informed = figures.get("value_of_perfect_information_mcny")
    if informed is not None:
        texts.append(
            f"To know the future before building would be worth {plain(informed)} MCNY a year"
            f"{_naive(figures)}."
        )
    return [*texts, *_runner_up(answer.tables["sets"])]


def _by_future(answer: Together) -> str:
    """Cost and regret in each future; at least so much where a better set may be left to find."""
    costs = answer.figures["cost_by_scenario_mcny"]
    regret = answer.figures["regret_by_scenario_mcny"]
    proved = dict(answer.tables["futures"][["scenario", "proved"]].to_numpy().tolist())
    parts = [
        f"{name} {plain(cost)} ({_above(regret[name], proved[name])})"
        for name, cost in costs.items()
    ]
    return f"It costs, MCNY a year: {listed(parts)}."


def _above(regret: float, is_proved: bool) -> str:
    if not is_proved:
        return f"at least {plain(regret)} above the best set there, which is not proved"
    return f"{plain(regret)} above the best set there" if regret else "the best set there"


def _naive(figures: Mapping[str, Any]) -> str:
    """What the set saves against the best one of the first future."""
    gains = figures.get("value_of_stochastic_solution_mcny")
    first = next(iter(figures["cost_by_scenario_mcny"]))
    if gains is None:
        return f"; the best set of {first} has no plan in some other future"
    if not gains:
        return f"; the best set of {first} costs as little on average"
    return f"; to build the best set of {first} instead would cost {plain(gains)} more on average"


def _runner_up(sets: pd.DataFrame) -> list[str]:
    """How far the next set is."""
    if len(sets) < 2:
        return []
    second = sets.iloc[1]
    gap = second["gap_mcny"]
    named = str(second["set"]).replace("; ", ", ")
    if not gap:
        return [f"A tie: {named} does as well; it comes later by mean cost or by name."]
    return [f"The runner-up, {named}, is {plain(gap)} MCNY a year worse."]


def _named(costs: Mapping[str, float]) -> list[str]:
    return [COST_PARTS[name].capitalize() for name in costs]


def _table(answer: Together, name: str, note: str = "") -> PageTable | None:
    frame = answer.tables.get(name)
    if frame is None or frame.empty:
        return None
    return tables_generic.generic(f"futures-{name}", TITLES[name], frame, note)


def futures_headline(answer: Together) -> str:
    """The answer as a terminal shows it."""
    figures = answer.figures
    title = f"{answer.scenario.title or answer.scenario.name}: {futures_verdict(answer)}"
    if figures.get("total_cost_mcny") is None:
        reason = answer.diagnosis.headline if answer.diagnosis else "none was found in time"
        return f"{title}\n  {reason}"
    lines = [title, *(f"  {text}" for text in futures_sentences(answer))]
    return "\n".join([*lines, f"  page     {figures['run']}/report.html"])
