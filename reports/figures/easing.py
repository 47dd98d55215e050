"""How scenarios ease the mismatch: grouped bars against the first run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from model.result.figures import FIGURES
from reports.figures import style
from reports.figures.style import Axis, Picture, Plotly, escape, from_zero
from reports.figures.traces import bars, hatched
from reports.language import say
from reports.language.numbers import joined, plain

if TYPE_CHECKING:
    from model.result.allocation import Allocation

MEASURES = ("deficit_kt", "moved_kt", "bn_t_km", "total_cost_mcny", "co2_kt")
CHANGES = {"deficit_kt": "deficit {change} kt", "total_cost_mcny": "cost {change} MCNY"}
MOST_LABELLED = 4  # runs whose bars bear their figures


def easing(runs: Mapping[str, Allocation], name: str = "easing") -> Picture | None:
    """Draw the measures of each run in percent of the first run's."""
    labels = list(runs)
    first = runs[labels[0]].figures
    shown = {key: FIGURES[key].title for key in MEASURES if first.get(key)}
    if len(labels) < 2 or not shown:
        return None
    traces = [_ratios(index, label, runs[label], first) for index, label in enumerate(labels)]
    if len(labels) > MOST_LABELLED:
        traces = [trace | {"text": None} for trace in traces]
    words = say("; ").join(_words(label, runs[label], first) for label in labels[1:])
    return Picture(
        name,
        say("How far the mismatch eases ({run} = 100 %)", run=labels[0]),
        say("Grouped bars. {changes}.", changes=words),
        traces,
        _grouped(400, say("% of {run}", run=labels[0])),
    )


def _ratios(index: int, label: str, run: Allocation, first: Mapping[str, Any]) -> Plotly:
    """Bars of a run's measures in percent of the first run's."""
    shown = [key for key in MEASURES if first.get(key)]
    ratios = [100 * float(run.figures.get(key) or 0.0) / float(first[key]) for key in shown]
    titles = [say(FIGURES[key].title) for key in shown]
    template = say("{label}, %{{x}}: %{{y:,.4~r}} %", label=escape(label))
    trace = bars(label, titles, [round(ratio, 3) for ratio in ratios], hatched(index), template)
    texts = [f"{plain(ratio, 0)} %" for ratio in ratios]
    return trace | {"text": texts, "textposition": "outside", "cliponaxis": False}


def _grouped(height_px: int, title: str) -> Plotly:
    """The layout of bars that stand in groups."""
    return style.axes_layout(
        height_px,
        Axis(options={"showgrid": False}),
        from_zero(title),
        barmode="group",
        showlegend=True,
    )


def _words(label: str, run: Allocation, first: Mapping[str, Any]) -> str:
    changes = [
        say(text, change=plain(float(run.figures.get(key) or 0.0) - float(first[key]), signed=True))
        for key, text in CHANGES.items()
        if first.get(key) is not None
    ]
    return say("{run}: {changes}", run=label, changes=joined(changes))


def deficits(
    runs: Mapping[str, Sequence[tuple[str, float]]], name: str = "deficits"
) -> Picture | None:
    """Draw each region's deficit, kt, in every run; regions without any are left out."""
    by_run = {label: dict(rows) for label, rows in runs.items()}
    regions = _short_regions(list(by_run.values()))
    if not regions or len(runs) < 2:
        return None
    names = [escape(region) for region in regions]
    traces = [
        bars(
            label,
            names,
            [round(values.get(region, 0.0), 4) for region in regions],
            hatched(index),
            say("{label}, %{{x}}: %{{y:,.4~r}} kt", label=escape(label)),
        )
        for index, (label, values) in enumerate(by_run.items())
    ]
    totals = [
        say("{what} {kt} kt", what=label, kt=plain(sum(values.values())))
        for label, values in by_run.items()
    ]
    return Picture(
        name,
        "Deficits by region",
        say("Grouped bars of regional deficits. In all: {totals}.", totals=say("; ").join(totals)),
        traces,
        _grouped(380, "kt per year"),
        "Deficit: demand beyond the region's own supply, before any shipment.",
    )


def _short_regions(by_run: Sequence[Mapping[str, float]]) -> list[str]:
    """Regions with a deficit in some run, the largest first."""
    largest = {
        region: max(values.get(region, 0.0) for values in by_run)
        for values in by_run
        for region in values
    }
    ranked = sorted(largest.items(), key=lambda item: (-item[1], item[0]))
    return [region for region, deficit in ranked if deficit > 0]
