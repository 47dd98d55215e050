"""How runs differ, in sentences: cost, what has no plan, deficit and tonnes moved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from reports.language import say
from reports.language.numbers import digits_for, listed, percent, plain, sentence, some
from reports.page.studies import KCNY_PER_MCNY

if TYPE_CHECKING:
    from model.result.allocation import Allocation

Runs = Mapping[str, "Allocation"]
NAMED = 3
SAME = 1e-6  # a difference below it is none
MEASURES = {
    "deficit_kt": ("the deficit ({amount} kt)", "the deficit is least in {runs} ({amount} kt)"),
    "moved_kt": (
        "what is moved between regions ({amount} kt)",
        "what is moved between regions is least in {runs} ({amount} kt)",
    ),
    "co2_kt": (
        "emissions of transport ({amount} kt CO2e)",
        "emissions of transport are least in {runs} ({amount} kt CO2e)",
    ),
}
"""What is compared beside cost: in words where it is the same in all, and where it differs."""


def comparison_sentences(runs: Runs) -> list[str]:
    """Return how the cost differs, which runs have no plan, and what else differs."""
    planned = {
        label: run for label, run in runs.items() if run.figures["total_cost_mcny"] is not None
    }
    texts = [_costs(planned, next(iter(runs)))] if len(planned) > 1 else []
    texts += [_no_plan(label, run) for label, run in runs.items() if label not in planned][:NAMED]
    if len(planned) > 1:
        texts += [_measures(planned), _eased(planned), _building(planned)]
    return [text for text in texts if text]


def _costs(runs: Runs, first: str) -> str:
    """Each cost against the first run's, the cheapest first; without it, each by itself."""
    costs = {label: float(run.figures["total_cost_mcny"]) for label, run in runs.items()}
    if first not in costs:
        named = [say("“{run}” {cost}", run=run, cost=plain(cost)) for run, cost in costs.items()]
        return say("Least cost, MCNY a year: {costs}.", costs=some(named, NAMED))
    base, digits = costs[first], digits_for(costs.values())
    others = sorted((label for label in costs if label != first), key=lambda label: costs[label])
    return say(
        "Against “{first}” ({cost} MCNY a year) {others}.",
        first=first,
        cost=plain(base, digits),
        others=some([_against(label, costs[label], base, digits) for label in others], NAMED),
    )


def _against(label: str, cost: float, base: float, digits: int) -> str:
    change = cost - base
    if abs(change) <= SAME:
        return say("“{run}” costs the same", run=label)
    text = "“{run}” costs {amount} MCNY less"
    if change > 0:
        text = "“{run}” costs {amount} MCNY more"
    amount = plain(abs(change), None if abs(change) < 1 else digits)
    share = percent(change / abs(base), signed=True) if base else ""
    return say(text, run=label, amount=amount) + (say(" ({share})", share=share) if base else "")


def _no_plan(label: str, run: Allocation) -> str:
    if run.diagnosis is None:
        return say("“{run}” has no plan yet: a limit came first.", run=label)
    found = run.diagnosis
    text = (
        "“{run}” has no feasible plan: of {need} kt that are needed, at most {most} kt can be had."
    )
    return say(text, run=label, need=plain(found.need_kt), most=plain(found.reach_kt))


def _measures(runs: Runs) -> str:
    """Which run is lowest by each measure that differs; the others are the same in all."""
    texts, same = [], []
    for key, (as_same, as_least) in MEASURES.items():
        values = {label: float(run.figures[key] or 0.0) for label, run in runs.items()}
        least, most = min(values.values()), max(values.values())
        if most <= SAME:
            continue
        if most - least <= SAME:
            same.append(say(as_same, amount=plain(least)))
            continue
        lowest = [
            say("“{run}”", run=label) for label, value in values.items() if value - least <= SAME
        ]
        texts.append(say(as_least, runs=some(lowest, NAMED), amount=plain(least)))
    if len(same) == 1:
        texts.append(say("{measure} is the same in all", measure=same[0]))
    elif same:
        texts.append(say("{measures} are the same in all", measures=listed(same)))
    return sentence(texts)


def _eased(runs: Runs) -> str:
    """What new capacity saves for each tonne of deficit that it closes, where it saves any."""
    first, *others = runs.values()
    labels = list(runs)[1:]
    texts = []
    for label, run in zip(labels, others, strict=True):
        closed = first.figures["deficit_kt"] - run.figures["deficit_kt"]
        saved = first.figures["transport_cost_mcny"] - run.figures["transport_cost_mcny"]
        wanted = [float(each.balance["demand_kt"].sum()) for each in (first, run)]
        if closed > SAME and saved > SAME and abs(wanted[0] - wanted[1]) <= SAME:
            amount = plain(KCNY_PER_MCNY * saved / closed, 0)
            texts.append(say("“{run}” {amount} CNY", run=label, amount=amount))
    if not texts:
        return ""
    text = "Freight saved by each tonne of deficit closed: {savings}."
    return say(text, savings=some(texts, NAMED))


def covers_building(runs: Runs) -> list[str]:
    """Return the runs whose cost holds what is built or closed."""
    return [label for label, run in runs.items() if run.figures["fixed_cost_mcny"]]


def _building(runs: Runs) -> str:
    """Whether the costs cover building."""
    built = covers_building(runs)
    if not built:
        has_projects = any(len(run.case.projects) for run in runs.values())
        return say("What it takes to build is in none of these costs.") if has_projects else ""
    if len(built) == len(runs):
        return ""
    return say(
        "The cost of building is in {runs} alone, so the costs cover different things and rank "
        "nothing.",
        runs=listed(say("“{run}”", run=label) for label in built),
    )
