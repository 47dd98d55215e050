"""The sections of a run's page, in the order in which they are read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from model.result.figures import COST_PARTS, RUN, cost_parts
from reports.figures.balance import balance_bars
from reports.figures.bridge import bridge
from reports.figures.capacity import capacity
from reports.figures.curves import curves
from reports.figures.easing import deficits, easing
from reports.figures.matrix import matrix
from reports.figures.prices import prices
from reports.figures.sankey import sankey
from reports.figures.style import Picture
from reports.figures.supply_curve import supply_curve
from reports.language import say
from reports.language.numbers import plain
from reports.maps.input_map import input_map
from reports.maps.outlines import Outlines
from reports.maps.region_map import region_map
from reports.maps.world_map import world_map
from reports.page import tables, tables_flows, tables_generic, tables_inputs, tables_runs
from reports.page.firmness import FULL, ONCE_MORE, assumptions, lanes
from reports.page.opening import NO_PLAN, Opening, opening
from reports.page.plant_classes import classes_section
from reports.page.proof import certificate, computed, cut_section, no_plan_sentences
from reports.page.section import Block, Section, Text, section
from reports.page.siting import siting_section
from reports.page.studies import (
    CURVE_COLUMNS,
    CURVES,
    PAIRS,
    curve_steps,
    is_full,
    other_studies,
    table_with,
)
from reports.page.sweep import sweep_section
from reports.page.throughput import throughput_section
from reports.page.tiles import tiles

if TYPE_CHECKING:
    from model.result.allocation import Allocation


def run_opening(
    result: Allocation, outlines: Outlines, base: Allocation | None, kind: str
) -> Opening:
    """Return how the page begins; where there is no plan, with why."""
    if result.figures["total_cost_mcny"] is None:
        return Opening(say(NO_PLAN), no_plan_sentences(result.diagnosis))
    return opening(result, outlines, base, kind)


def run_sections(
    result: Allocation,
    outlines: Outlines,
    base: Allocation | None,
    companion: Allocation | None,
    first: Opening,
    kind: str = RUN,
) -> list[Section]:
    """Return every section for which the result has something to say, after the first."""
    if result.figures["total_cost_mcny"] is None:
        found = [
            first.section(),
            cut_section(result.diagnosis),
            _ledger(result),
            assumptions(result),
            _sources(result),
            computed(result),
        ]
    else:
        found = [
            first.section(),
            siting_section(result),
            sweep_section(result),
            lanes(result, is_asked=True) if kind == "ranges" else None,
            _studies(result),
            _headlines(result, base),
            _map(result, outlines, first),
            section("world", "Exports", world_map(result, outlines)),
            _who(result, first),
            section("inputs", "Inputs", input_map(result, outlines), tables_flows.inputs(result)),
            section("trade", "Revenue and unmet demand", tables_flows.trade(result)),
            throughput_section(result),
            _balances(result),
            classes_section(result),
            _prices(result, first),
            lanes(result) if kind != "ranges" else None,
            _changes(result, base),
            _companion(result, companion),
            _ledger(result),
            assumptions(result),
            _sources(result),
            certificate(result),
            computed(result),
        ]
    return [part for part in found if part is not None]


def _headlines(result: Allocation, base: Allocation | None) -> Section | None:
    return section(
        "headlines",
        "Headline figures",
        tiles(result, base),
        tables.headlines(result, base),
        tables.costs(result),
    )


def _unless_shown(picture: Picture | None, first: Opening) -> Picture | None:
    """A picture, unless the page begins with it."""
    shown = first.picture
    return None if picture and shown and picture.name == shown.name else picture


def _map(result: Allocation, outlines: Outlines, first: Opening) -> Section | None:
    drawn = _unless_shown(region_map(result, outlines), first)
    return section("map", "Map of regions", drawn)


def _who(result: Allocation, first: Opening) -> Section | None:
    return section(
        "who",
        "Who supplies whom",
        _unless_shown(sankey(result), first),
        matrix(result),
        tables_flows.flows(result),
    )


def _balances(result: Allocation) -> Section | None:
    return section(
        "balance",
        "Balances, and those reported" if len(result.observed) else "Balances",
        balance_bars(result),
        tables.balances(result),
        tables.observed(result),
        capacity(result),
        tables.origins(result),
    )


def _prices(result: Allocation, first: Opening) -> Section | None:
    return section(
        "prices",
        "Worth of a tonne and of capacity",
        prices(result, "sink", "prices-sinks"),
        prices(result, "origin", "prices-origins"),
        Text("A quick run leaves out marginal values; they come with", ONCE_MORE)
        if result.is_quick
        else None,
        tables.prices(result) if len(result.prices) else None,
        *_worth(result, first),
        supply_curve(result),
    )


def _worth(result: Allocation, first: Opening) -> list[Block]:
    """Return what added capacity is worth, alone and two places together; or what gives it."""
    steps = curve_steps(result)
    drawn = curves(steps)
    if drawn is None and is_full(result):  # all was asked for, and there is none
        words = "No place short of supply makes any itself; what capacity there is worth, says"
        return [Text(words, "python solve.py curve --at REGION --cost CNY_PER_T")]
    if drawn is None:
        words = "The value of every further tonne of capacity, not only of the first, is drawn by"
        return [Text(words, FULL)]
    pieces = table_with(result, CURVES, CURVE_COLUMNS)
    title = "What added capacity is worth, piece by piece"
    table = tables_generic.generic("curve-pieces", title, pieces)
    found: list[Block] = [table] if _unless_shown(drawn, first) is None else [drawn, table]
    together = table_with(result, PAIRS, ["place", "together_mcny", "lost_mcny"])
    if not together.empty:
        note = "Lost: what the two save less together than each alone; they serve the same places."
        title = "Two places together"
        found.append(tables_generic.generic("pairs-together", title, together, note))
    return found


def _studies(result: Allocation) -> Section | None:
    """Return what further questions found, each as a table."""
    return section(
        "studies",
        "Further questions",
        *(
            tables_generic.generic(name.replace(" ", "-"), name.capitalize(), frame)
            for name, frame in other_studies(result).items()
        ),
    )


def cost_bridge(start: Allocation, end: Allocation, name: str) -> Any:
    """Return the bridge from one run's cost to another's, by part of the cost."""
    before, after = cost_parts(start.figures), cost_parts(end.figures)
    steps = {word: after.get(key, 0.0) - before.get(key, 0.0) for key, word in COST_PARTS.items()}
    return bridge(
        (start.scenario.name, start.figures["total_cost_mcny"]),
        steps,
        (end.scenario.name, end.figures["total_cost_mcny"]),
        name,
    )


def _changes(result: Allocation, base: Allocation | None) -> Section | None:
    if base is None or base.flows.empty or base.scenario.name == result.scenario.name:
        return None
    runs = {base.scenario.name: base, result.scenario.name: result}
    return section(
        "changes",
        "What changed against the base",
        easing(runs),
        deficits(deficits_of(runs)),
        cost_bridge(base, result, "bridge"),
        tables_runs.regions_side_by_side(
            runs, "deficit_kt", "deficits-changed", "Deficit by region"
        ),
        tables_runs.regions_side_by_side(runs, "inflow_kt", "inflow-changed", "Inflow by region"),
    )


def deficits_of(runs: Mapping[str, Allocation]) -> dict[str, list[tuple[str, float]]]:
    """Return the deficits by region, kt, of each run."""
    found = {}
    for label, run in runs.items():
        rows = run.balance[run.balance["role"] == "region"]
        found[label] = list(zip(rows["region"], rows["deficit_kt"].astype(float), strict=True))
    return found


def _companion(result: Allocation, companion: Allocation | None) -> Section | None:
    """What a scenario that the case names changes, next to the case as it stands."""
    if companion is None or companion.flows.empty:
        return None
    runs = {result.scenario.name: result, companion.scenario.name: companion}
    return section(
        "companion",
        say(
            "The other scenario: {title}",
            title=companion.scenario.title or companion.scenario.name,
        ),
        Text(_what_it_changes(result, companion)),
        Text(companion.scenario.why) if companion.scenario.why else None,
        easing(runs, "companion-easing"),
        tables_runs.side_by_side(runs, "companion-figures", "Side by side"),
        tables_runs.regions_side_by_side(
            runs, "local_kt", "companion-local", "Shipped within the region"
        ),
    )


def _what_it_changes(result: Allocation, companion: Allocation) -> str:
    """The difference in cost, or that the plan already keeps to what the scenario asks."""
    more = companion.figures["total_cost_mcny"] - result.figures["total_cost_mcny"]
    if abs(more) < 0.0005:
        return say(
            "It costs nothing more: the cheapest plan already keeps to it, so nothing in it binds."
        )
    text = "It costs {amount} MCNY a year less than the plan above."
    if more > 0:
        text = "It costs {amount} MCNY a year more than the plan above."
    return say(text, amount=plain(abs(more)))


def _ledger(result: Allocation) -> Section | None:
    table = tables_inputs.ledger(result)
    if table is None:
        table = Text("Nothing: this is the case as it stands.")  # type: ignore[assignment]
    why = Text(result.scenario.why) if result.scenario.why else None
    return section("ledger", "What the scenario changed", why, table)


def _sources(result: Allocation) -> Section | None:
    if result.case.sources.empty:
        return None
    return section("sources", "Sources", tables_inputs.sources(result))
