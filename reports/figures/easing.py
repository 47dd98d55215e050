"""How scenarios ease the mismatch: grouped bars against the first run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from model.result.figures import FIGURES
from reports.figures import style
from reports.figures.style import Axis, Figure, escape
from reports.numbers import plain

if TYPE_CHECKING:
    from model.result.result import Result

MEASURES = ("deficit_kt", "moved_kt", "bn_t_km", "total_cost_mcny", "co2_kt")


def easing(runs: Mapping[str, Result], name: str = "easing") -> Figure | None:
    """Draw the measures of each run in percent of the first run's."""
    labels = list(runs)
    first = runs[labels[0]].figures
    shown = {key: FIGURES[key].title for key in MEASURES if first.get(key)}
    if len(labels) < 2 or not shown:
        return None
    traces: list[dict[str, Any]] = []
    for index, label in enumerate(labels):
        figures = runs[label].figures
        ratios = [100 * float(figures.get(key) or 0.0) / float(first[key] or 1.0) for key in shown]
        traces.append(
            {
                "type": "bar",
                "name": escape(label),
                "x": list(shown.values()),
                "y": [round(ratio, 3) for ratio in ratios],
                "text": [f"{plain(ratio, 0)} %" for ratio in ratios] if len(labels) < 5 else None,
                "textposition": "outside",
                "cliponaxis": False,
                "marker": {
                    "color": style.SERIES[index % len(style.SERIES)],
                    "pattern": {
                        "shape": PATTERNS[index % len(PATTERNS)],
                        "fgcolor": style.BORDER,
                        "size": 7,
                        "solidity": 0.2,
                        "fillmode": "overlay",
                    },
                },
                "hovertemplate": escape(label) + ", %{x}: %{y:,.4~r} %<extra></extra>",
            }
        )
    return Figure(
        name,
        f"How far the mismatch eases ({labels[0]} = 100 %)",
        "Grouped bars. "
        + "; ".join(_words(label, runs[label], first) for label in labels[1:])
        + ".",
        traces,
        style.base_layout(
            400,
            barmode="group",
            showlegend=True,
            xaxis=Axis(options={"showgrid": False}).as_plotly(),
            yaxis=Axis(f"% of {labels[0]}", {"rangemode": "tozero"}).as_plotly(),
        ),
    )


PATTERNS = ("", "/", ".", "x", "\\", "-", "+", "|")


def _words(label: str, run: Result, first: Mapping[str, Any]) -> str:
    change = {
        word: float(run.figures.get(key) or 0.0) - float(first[key])
        for key, word in (("deficit_kt", "deficit"), ("total_cost_mcny", "cost"))
        if first.get(key) is not None
    }
    units = {"deficit": "kt", "cost": "MCNY"}
    return f"{label}: " + ", ".join(
        f"{word} {plain(value, signed=True)} {units[word]}" for word, value in change.items()
    )


def deficits(
    runs: Mapping[str, Sequence[tuple[str, float]]], name: str = "deficits"
) -> Figure | None:
    """Draw each region's deficit, kt, in every run; regions without any are left out."""
    regions = [
        r
        for r, _ in sorted(
            {
                r: max(dict(rows).get(r, 0.0) for rows in runs.values())
                for rows in runs.values()
                for r, v in rows
                if v > 0
            }.items(),
            key=lambda item: (-item[1], item[0]),
        )
    ]
    if not regions or len(runs) < 2:
        return None
    traces: list[dict[str, Any]] = []
    for index, (label, rows) in enumerate(runs.items()):
        values = dict(rows)
        traces.append(
            {
                "type": "bar",
                "name": escape(label),
                "x": [escape(r) for r in regions],
                "y": [round(values.get(r, 0.0), 4) for r in regions],
                "marker": {
                    "color": style.SERIES[index % len(style.SERIES)],
                    "pattern": {
                        "shape": PATTERNS[index % len(PATTERNS)],
                        "fgcolor": style.BORDER,
                        "size": 7,
                        "solidity": 0.2,
                        "fillmode": "overlay",
                    },
                },
                "hovertemplate": escape(label) + ", %{x}: %{y:,.4~r} kt<extra></extra>",
            }
        )
    totals = [f"{label} {plain(sum(dict(rows).values()))} kt" for label, rows in runs.items()]
    return Figure(
        name,
        "Deficits by region",
        f"Grouped bars of regional deficits. In all: {'; '.join(totals)}.",
        traces,
        style.base_layout(
            380,
            barmode="group",
            showlegend=True,
            xaxis=Axis(options={"showgrid": False}).as_plotly(),
            yaxis=Axis("kt per year", {"rangemode": "tozero"}).as_plotly(),
        ),
        "Deficit: demand beyond the region's own supply, before any shipment.",
    )
