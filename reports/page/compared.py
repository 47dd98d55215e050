"""How runs differ, in sentences: cost, what has no plan, deficit and tonnes moved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from reports.language.numbers import digits_for, listed, percent, plain, some
from reports.page.studies import KCNY_PER_MCNY

if TYPE_CHECKING:
    from model.result.allocation import Allocation

Runs = Mapping[str, "Allocation"]
NAMED = 3
SAME = 1e-6  # a difference below it is none
MEASURES = (
    ("deficit_kt", "the deficit", "kt"),
    ("moved_kt", "what is moved between regions", "kt"),
    ("co2_kt", "emissions of transport", "kt CO2e"),
)


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
        named = [f"“{label}” {plain(cost)}" for label, cost in costs.items()]
        return f"Least cost, MCNY a year: {some(named, NAMED)}."
    base, digits = costs[first], digits_for(costs.values())
    others = sorted((label for label in costs if label != first), key=lambda label: costs[label])
    named = [f"“{label}” {_against(costs[label], base, digits)}" for label in others]
    return f"Against “{first}” ({plain(base, digits)} MCNY a year) {some(named, NAMED)}."


def _against(cost: float, base: float, digits: int) -> str:
    change = cost - base
    if abs(change) <= SAME:
        return "costs the same"
    share = f" ({percent(change / abs(base), signed=True)})" if base else ""
    word = "more" if change > 0 else "less"
    return f"costs {plain(abs(change), None if abs(change) < 1 else digits)} MCNY {word}{share}"


def _no_plan(label: str, run: Allocation) -> str:
    if run.diagnosis is None:
        return f"“{label}” has no plan yet: a limit came first."
    found = run.diagnosis
    return (
        f"“{label}” has no feasible plan: of {plain(found.need_kt)} kt that are needed, at most "
        f"{plain(found.reach_kt)} kt can be had."
    )


def _measures(runs: Runs) -> str:
    """Which run is lowest by each measure that differs; the others are the same in all."""
    texts, same = [], []
    for key, words, unit in MEASURES:
        values = {label: float(run.figures[key] or 0.0) for label, run in runs.items()}
        least, most = min(values.values()), max(values.values())
        if most <= SAME:
            continue
        if most - least <= SAME:
            same.append(f"{words} ({plain(least)} {unit})")
            continue
        lowest = [f"“{label}”" for label, value in values.items() if value - least <= SAME]
        texts.append(f"{words} is least in {some(lowest, NAMED)} ({plain(least)} {unit})")
    if same:
        texts.append(f"{listed(same)} {'is' if len(same) == 1 else 'are'} the same in all")
    text = "; ".join(texts).replace("emissions of transport is", "emissions of transport are")
    return f"{text[:1].upper()}{text[1:]}." if text else ""


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
            texts.append(f"“{label}” {plain(KCNY_PER_MCNY * saved / closed, 0)} CNY")
    return f"Freight saved by each tonne of deficit closed: {some(texts, NAMED)}." if texts else ""


def covers_building(runs: Runs) -> list[str]:
    """Return the runs whose cost holds what is built or closed."""
    return [label for label, run in runs.items() if run.figures["fixed_cost_mcny"]]


def _building(runs: Runs) -> str:
    """Whether the costs cover building."""
    built = covers_building(runs)
    if not built:
        has_projects = any(len(run.case.projects) for run in runs.values())
        return "What it takes to build is in none of these costs." if has_projects else ""
    if len(built) == len(runs):
        return ""
    return (
        f"The cost of building is in {listed(f'“{label}”' for label in built)} alone, so the costs "
        "cover different things and rank nothing."
    )
