"""The sections of a comparison: runs side by side, the first one as the base."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from reports.figures.bridge import bridge
from reports.figures.easing import deficits, easing
from reports.language import say, word
from reports.language.names import target_words
from reports.language.numbers import plain
from reports.maps.difference_map import difference_map
from reports.maps.outlines import Outlines
from reports.maps.small_maps import small_legend, small_maps
from reports.page import tables_generic, tables_runs
from reports.page.compared import SAME, comparison_sentences, covers_building
from reports.page.opening import Opening
from reports.page.section import Pair, Section, Text, section
from reports.page.sections import cost_bridge, deficits_of
from reports.page.table import PageTable, TableColumn, texts

if TYPE_CHECKING:
    from model.result.allocation import Allocation
    from model.studies.compare.study import Comparison
    from reports.figures.style import Picture

MOST_DIFFERENCES = 3  # maps of differences
MOST_BARS = 8  # of a bridge between its piers; smaller parts are drawn together


def comparison_sections(
    results: Sequence[Allocation], comparison: Comparison, outlines: Outlines
) -> list[Section]:
    """Return the sections of a comparison; runs without a plan stand in the tables only."""
    runs = dict(zip(comparison.results, results, strict=True))
    planned = {label: run for label, run in runs.items() if not run.flows.empty}
    if len(planned) < 2:
        first = Opening("", comparison_sentences(runs))
        found = [first.section(), _ranking(runs, comparison), _inputs(comparison), _runs(runs)]
        return [part for part in found if part is not None]
    maps = small_maps(planned, outlines)
    found = [
        Opening("", comparison_sentences(runs), easing(planned)).section(),
        _ranking(runs, comparison),
        section(
            "headlines",
            "Headline figures side by side",
            tables_runs.side_by_side(runs, "headlines-compared", "Headline figures"),
        ),
        section(
            "easing",
            "How far the mismatch eases",
            deficits(deficits_of(planned)),
            _easing_table(comparison),
        ),
        section(
            "maps",
            "Maps side by side",
            Text(
                "Colours and widths of lines mean the same on all of them; the figure is "
                "supply − demand − exports, kt."
            ),
            Text(small_legend(planned)),
            Pair(maps),
        )
        if maps
        else None,
        section("differences", "What goes up and down", *_differences(planned, outlines)),
        _bridges(planned, comparison),
        _inputs(comparison),
        _by_region(planned),
        _by_lane(comparison),
        _runs(runs),
    ]
    return [part for part in found if part is not None]


def _differences(planned: dict[str, Allocation], outlines: Outlines) -> list[Picture | None]:
    """A map of each run against the first, of the first few."""
    first, *others = planned
    return [
        difference_map(
            planned[first], planned[label], (first, label), outlines, f"difference-{number}"
        )
        for number, label in enumerate(others[:MOST_DIFFERENCES], start=1)
    ]


def _ranking(runs: dict[str, Allocation], comparison: Comparison) -> Section | None:
    """The runs by cost; not ranked where their costs cover different things."""
    planned = {label for label in runs if _cost(runs[label]) < float("inf")}
    built = covers_building({label: runs[label] for label in planned})
    is_alike = len(built) in (0, len(planned))
    order = sorted(runs, key=lambda label: (_cost(runs[label]), label)) if is_alike else list(runs)
    first = comparison.results[0]
    keys = ("deficit_kt", "moved_kt", "bn_t_km", "co2_kt", "self_sufficiency")
    columns = [
        *texts("Run"),
        TableColumn("Rank by cost", digits=0),
        TableColumn("Total cost", "MCNY per year"),
        TableColumn(say("Against {run}", run=first), "MCNY", signed=True),
        TableColumn("Deficit", "kt"),
        TableColumn("Moved", "kt"),
        TableColumn("Haulage", "bn t-km"),
        TableColumn("Emissions", "kt CO2e"),
        TableColumn("Self-sufficiency", "%", "share"),
        *texts("Note"),
    ]
    base = runs[first].figures["total_cost_mcny"]
    rows: list[list[Any]] = []
    for label in order:
        cost = runs[label].figures["total_cost_mcny"]
        change = None if None in (cost, base) else cost - base
        rank = 1 + sum(_cost(runs[other]) < _cost(runs[label]) - SAME for other in planned)
        figures = [runs[label].figures.get(key) for key in keys]
        rows.append(
            [label, rank if label in planned else None, cost, change, *figures, _note(runs[label])]
        )
    if not is_alike:
        columns, rows = columns[:1] + columns[2:], [[row[0], *row[2:]] for row in rows]
    title = "Runs by cost, cheapest first" if is_alike else "Runs, unranked: costs differ in kind"
    table = PageTable("ranking", title, columns, rows, " ".join(map(word, comparison.notes)))
    return section("ranking", "Costs of the runs", table)


def _cost(run: Allocation) -> float:
    cost = run.figures["total_cost_mcny"]
    return float("inf") if cost is None else float(cost)


def _note(run: Allocation) -> str:
    if run.diagnosis is not None:
        short = plain(run.diagnosis.shortage_kt)
        return say("No feasible plan: short by {kt} kt.", kt=short)
    status = "" if run.status == "optimal" else say("Not proved. ")
    return status + (run.scenario.why or run.scenario.title)


def _easing_table(comparison: Comparison) -> PageTable | None:
    frame = comparison.easing
    frame = frame[(frame.select_dtypes("number").fillna(0.0).abs() > 1e-6).any(axis=1)]
    if frame.empty:
        return None
    return tables_generic.generic(
        "easing",
        say("Change against {run}, in all and by region", run=comparison.results[0]),
        frame,
        "Moved, tonne-km, cost and emissions are counted where shipments arrive.",
    )


def _bridges(runs: dict[str, Allocation], comparison: Comparison) -> Section | None:
    """Return a bridge to each run: by changed input where there are several, else by cost."""
    first, *others = runs
    blocks: list[Any] = []
    for number, label in enumerate(others, start=1):
        parts = comparison.attribution
        parts = parts[parts["run"] == label] if len(parts) else parts
        if len(parts) > 1 and first == comparison.results[0]:
            words = parts["what"].map(target_words)
            steps = _largest(dict(zip(words, parts["cost_mcny"], strict=True)))
            start, end = (runs[run].figures["total_cost_mcny"] for run in (first, label))
            blocks.append(bridge((first, start), steps, (label, end), f"bridge-{number}"))
        else:
            blocks.append(cost_bridge(runs[first], runs[label], f"bridge-{number}"))
    if len(comparison.attribution):
        blocks.append(
            tables_generic.generic(
                "attribution", "Where the difference of cost comes from", comparison.attribution
            )
        )
    return section("bridges", "From the base's cost to the others'", *blocks)


def _largest(parts: dict[str, float]) -> dict[str, float]:
    """Keep the largest parts, in their order; add up the others."""
    kept = sorted(parts, key=lambda what: -abs(parts[what]))[:MOST_BARS]
    shown = {what: value for what, value in parts.items() if what in kept}
    rest = sum(value for what, value in parts.items() if what not in kept)
    return shown | ({say("other changes"): rest} if len(kept) < len(parts) else {})


def _inputs(comparison: Comparison) -> Section | None:
    frame = comparison.inputs
    if frame.empty:
        return section("inputs", "What went in differently", Text("Nothing: the inputs are equal."))
    return section(
        "inputs",
        "What went in differently",
        tables_generic.generic(
            "inputs", say("Inputs other than those of {run}", run=comparison.results[0]), frame
        ),
    )


def _by_region(runs: dict[str, Allocation]) -> Section | None:
    quantities = {
        "balance_kt": "Balance by region",
        "deficit_kt": "Deficit by region",
        "inflow_kt": "Inflow by region",
        "unshipped_kt": "Unshipped by region",
    }
    return section(
        "regions",
        "Region by region",
        *(
            tables_runs.regions_side_by_side(runs, key, f"regions-{key[:-3]}", title)
            for key, title in quantities.items()
        ),
    )


def _by_lane(comparison: Comparison) -> Section | None:
    frame = comparison.lanes
    if frame.empty:
        return None
    first, *others = comparison.results
    columns = texts("Origin", "Destination")
    columns += [TableColumn(label, "kt") for label in comparison.results]
    columns += [TableColumn(f"{label} − {first}", "kt", signed=True) for label in others]
    changed = pd.DataFrame({label: frame[label] - frame[first] for label in others})
    order = changed.abs().max(axis=1).sort_values(ascending=False, kind="stable").index
    rows = [
        [*frame.loc[index, ["origin", "sink", *comparison.results]], *changed.loc[index]]
        for index in order
    ]
    table = PageTable("lanes-compared", "Shipments, those that change most first", columns, rows)
    return section("lanes", "Lane by lane", table)


def _runs(runs: dict[str, Allocation]) -> Section | None:
    columns = [
        TableColumn(title, kind="text")
        for title in ("Run", "Title", "Why", "Source", "Status", "Folder")
    ]
    rows = [
        [
            label,
            run.scenario.title,
            run.scenario.why,
            run.scenario.source,
            say(run.status),
            str(run.figures.get("run") or ""),
        ]
        for label, run in runs.items()
    ]
    return section("runs", "The runs", PageTable("runs", "Runs compared", columns, rows))
