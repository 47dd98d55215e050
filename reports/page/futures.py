"""The page of one set for several futures, and its headline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from model.result.figures import COST_PARTS, cost_parts
from reports.figures.futures import regrets
from reports.language import say
from reports.language.numbers import adding_up, joined, listed, plain
from reports.language.verdict import labelled, verdict
from reports.page import tables_generic
from reports.page.opening import NO_PLAN, Opening
from reports.page.proof import cut_section, no_plan_sentences
from reports.page.section import Section, Text, section
from reports.page.siting import set_words

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
    "tradeoff": "What a smaller worst regret takes",
    "weights": "Weights that change the choice",
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
        return say(NO_PLAN)
    if answer.figures["closed"]:
        return say("What should be built, and what closed, before it is known which future comes?")
    return say("What should be built before it is known which future comes?")


def futures_sections(answer: Together) -> list[Section]:
    """Return every section for which the answer has something to say."""
    if not answer.tables:
        first = Opening(say(NO_PLAN), no_plan_sentences(answer.diagnosis)).section()
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
            "tradeoff", "Expected cost against regret",
            _table(answer, "tradeoff"), _table(answer, "weights"),
        ),
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
    built = [
        say("{place} ({amount} kt)", place=name, amount=plain(sizes[name]))
        for name in figures["opened"]
    ]
    what = set_words(built, figures["closed"])
    text = "{choice}: {amount} MCNY a year, the least {aim}, of the sets that were reached in time."
    if answer.status == "optimal":
        text = "{choice}: {amount} MCNY a year, the least {aim}, of all sets."
    texts = [
        say(
            text,
            choice=f"{what[:1].upper()}{what[1:]}",
            amount=plain(figures["criterion_value_mcny"]),
            aim=say(AIMS[figures["criterion"]]),
        ),
        say(
            "It takes {capital} MCNY of capital; {verdict}.",
            capital=plain(figures["capital_mcny"]),
            verdict=futures_verdict(answer),
        ),
        _by_future(answer),
    ]
    informed = figures.get("value_of_perfect_information_mcny")
    if informed is not None:
        text = "To know the future before building would be worth {amount} MCNY a year{naive}."
        texts.append(say(text, amount=plain(informed), naive=_naive(figures)))
    return [*texts, *_runner_up(answer.tables["sets"])]


def _by_future(answer: Together) -> str:
    """Cost and regret in each future; at least so much where a better set may be left to find."""
    costs = answer.figures["cost_by_scenario_mcny"]
    regret = answer.figures["regret_by_scenario_mcny"]
    proved = dict(answer.tables["futures"][["scenario", "proved"]].to_numpy().tolist())
    parts = [
        say(
            "{future} {cost} ({above})",
            future=name,
            cost=plain(cost),
            above=_above(regret[name], proved[name]),
        )
        for name, cost in costs.items()
    ]
    return say("It costs, MCNY a year: {parts}.", parts=listed(parts))


def _above(regret: float, is_proved: bool) -> str:
    if not is_proved:
        text = "at least {amount} above the best set there, which is not proved"
        return say(text, amount=plain(regret))
    if not regret:
        return say("the best set there")
    return say("{amount} above the best set there", amount=plain(regret))


def _naive(figures: Mapping[str, Any]) -> str:
    """What the set saves against the best one of the first future."""
    gains = figures.get("value_of_stochastic_solution_mcny")
    first = next(iter(figures["cost_by_scenario_mcny"]))
    if gains is None:
        return say("; the best set of {future} has no plan in some other future", future=first)
    if not gains:
        return say("; the best set of {future} costs as little on average", future=first)
    text = "; to build the best set of {future} instead would cost {amount} more on average"
    return say(text, future=first, amount=plain(gains))


def _runner_up(sets: pd.DataFrame) -> list[str]:
    """How far the next set is."""
    if len(sets) < 2:
        return []
    second = sets.iloc[1]
    gap = second["gap_mcny"]
    named = joined(str(second["set"]).split("; "))
    if not gap:
        text = "A tie: {name} does as well; it comes later by mean cost or by name."
        return [say(text, name=named)]
    text = "The runner-up, {name}, is {amount} MCNY a year worse."
    return [say(text, name=named, amount=plain(gap))]


def _named(costs: Mapping[str, float]) -> list[str]:
    return [say(COST_PARTS[name]).capitalize() for name in costs]


def _table(answer: Together, name: str, note: str = "") -> PageTable | None:
    frame = answer.tables.get(name)
    if frame is None or frame.empty:
        return None
    return tables_generic.generic(f"futures-{name}", TITLES[name], frame, note)


def futures_headline(answer: Together) -> str:
    """The answer as a terminal shows it."""
    figures = answer.figures
    title = say(
        "{scenario}: {verdict}",
        scenario=answer.scenario.title or answer.scenario.name,
        verdict=futures_verdict(answer),
    )
    if figures.get("total_cost_mcny") is None:
        reason = answer.diagnosis.headline if answer.diagnosis else say("none was found in time")
        return f"{title}\n  {reason}"
    lines = [title, *(f"  {text}" for text in futures_sentences(answer))]
    return "\n".join([*lines, labelled("page", f"{figures['run']}/report.html")])
