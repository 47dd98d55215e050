"""Pictures of a plan: what stands when, and what each year costs."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from model.result.figures import COST_PARTS, FIGURES
from reports.figures import style
from reports.figures.style import Axis, Picture, Plotly, escape, from_zero
from reports.figures.traces import hover
from reports.language import say
from reports.language.numbers import listed, plain

COSTS = {"transport_cost_mcny": "freight"} | {
    name: words
    for name, words in COST_PARTS.items()
    if name not in ("land_cost_mcny", "sea_cost_mcny")
}


MOST_NAMES = 12
"""Names of periods that an axis has room for."""


def period_labels(years: pd.DataFrame) -> list[str]:
    """Return what each period is called: its name, else its year; parts of one by year too."""
    if "period" not in years:
        return [f"{year:g}" for year in years["year"]]
    names = years["period"].tolist()
    return [
        f"{name} ({year:g})" if name and names.count(name) > 1 else name or f"{year:g}"
        for name, year in zip(names, years["year"], strict=True)
    ]


def start_labels(schedule: pd.DataFrame) -> list[str]:
    """Return the period in which each choice starts: its name, else its year."""
    names = schedule["period"] if "period" in schedule else [""] * len(schedule)
    return [name or f"{year:g}" for name, year in zip(names, schedule["starts"], strict=True)]


def timeline(schedule: pd.DataFrame, years: pd.DataFrame) -> Picture | None:
    """Return a bar per choice, from the year in which it starts to that in which it ends."""
    if schedule.empty:
        return None
    names = [escape(str(name)) for name in schedule["option"]]
    starts = schedule["starts"].tolist()
    end = float(years["year"].iloc[-1] + years["length_years"].iloc[-1])
    ends = schedule["ends"].fillna(end).tolist()
    sizes = [plain(kt) for kt in schedule["size_kt"]]
    begun = start_labels(schedule)
    texts = [
        say("{part} {amount}", part=name, amount=start)
        for name, start in zip(schedule["option"], begun, strict=True)
    ]
    shut = [kind == "closure" for kind in schedule["kind"]]
    trace = {
        "type": "bar", "orientation": "h", "y": names, "base": starts,
        "x": [last - first for first, last in zip(starts, ends, strict=True)],
        "marker": {"color": [style.GREY if closed else style.BLUE for closed in shut]},
        "text": [
            say("closed, {kt} kt" if closed else "{kt} kt", kt=size)
            for size, closed in zip(sizes, shut, strict=True)
        ],
        "textposition": "inside", "insidetextanchor": "start",
        "hovertemplate": hover("%{y}: from %{base}, %{text}"),
    }  # fmt: skip
    layout = style.bars_layout(len(schedule), "first year in which it stands", showlegend=False)
    layout["xaxis"] |= {
        "dtick": max(1, round((end - min(starts)) / 20)), "tickformat": "d",
        "range": [min(starts) - 0.2, end], "separatethousands": False,
    }  # fmt: skip
    if "period" in years:
        layout["xaxis"] = _named_axis(layout["xaxis"], years, end)
        trace["customdata"] = [escape(start) for start in begun]
        trace["hovertemplate"] = hover("%{y}: from %{customdata}, %{text}")
    return Picture(
        "plan-timeline", "What stands when",
        say(
            "A bar for each project, beginning in the year in which it starts: {starts}.",
            starts=listed(texts),
        ),
        [trace], layout,
    )  # fmt: skip


def _named_axis(axis: Plotly, years: pd.DataFrame, end: float) -> Plotly:
    """Return an axis of time with the names of periods where they begin, some left out if many."""
    begins, labels = years["year"].tolist(), period_labels(years)
    if years["period"].all():  # a period that is cut is named once, where it begins
        starts = years.drop_duplicates("period")
        begins, labels = starts["year"].tolist(), starts["period"].tolist()
    step = -(-len(labels) // MOST_NAMES)
    begins, labels = begins[::step], labels[::step]
    kept = {name: value for name, value in axis.items() if name not in ("dtick", "tickformat")}
    return kept | {
        "tickmode": "array", "tickvals": begins, "ticktext": [escape(label) for label in labels],
        "range": [float(years["year"].iloc[0]), end],
        "title": axis["title"] | {"text": say("first period in which it stands")},
    }  # fmt: skip


def yearly_costs(years: pd.DataFrame) -> Picture:
    """Return stacked bars of each year's cost by part, money of the year."""
    labels = period_labels(years)
    traces = [
        {
            "type": "bar", "name": say(words), "x": labels,
            "y": [round(FIGURES[part].sign * float(value), 4) for value in years[part]],
            "marker": {"color": style.SERIES[index % len(style.SERIES)]},
            "hovertemplate": say("%{x}: %{y:,.4~r} MCNY") + f"<extra>{say(words)}</extra>",
        }
        for index, (part, words) in enumerate(COSTS.items())
        if years[part].abs().sum() > 0
    ]  # fmt: skip
    totals = years["total_cost_mcny"]
    return Picture(
        "plan-costs", "What each period costs, per year",
        say(
            "Stacked bars: from {start} MCNY in {first} to {end} MCNY in {last}, before "
            "discounting.",
            start=plain(totals.iloc[0]), first=labels[0], end=plain(totals.iloc[-1]),
            last=labels[-1],
        ),
        traces,
        style.axes_layout(
            380, Axis(options={"type": "category", "showgrid": False}), Axis("MCNY a year"),
            barmode="relative", showlegend=True,
        ),
        "Per year of each period, not discounted.",
    )  # fmt: skip


def yearly_tonnes(years: pd.DataFrame) -> Picture:
    """Return lines of what crosses borders, what regions lack and what is carried over."""
    shown: Mapping[str, tuple[str, str]] = {
        "deficit_kt": ("deficit of short regions", style.ORANGE),
        "moved_kt": ("moved between regions", style.BLUE),
        "stock_kt": ("stock at the end of the period", style.TEAL),
    }
    labels, has_stock = period_labels(years), years["stock_kt"].any()
    traces: list[Plotly] = [
        {
            "type": "scatter", "mode": "lines+markers", "name": say(words), "x": labels,
            "y": [round(float(value), 4) for value in years[column]],
            "line": {"color": color, "width": 2.5, "dash": style.DASHES[index]},
            "hovertemplate": say("%{x}: %{y:,.4~r} kt") + f"<extra>{say(words)}</extra>",
        }
        for index, (column, (words, color)) in enumerate(shown.items())
        if column != "stock_kt" or has_stock
    ]  # fmt: skip
    moved = years["moved_kt"]
    return Picture(
        "plan-tonnes",
        "Mismatch and stock, period by period" if has_stock else "Mismatch, period by period",
        say(
            "Lines: tonnes moved between regions go from {start} kt to {end} kt.",
            start=plain(moved.iloc[0]), end=plain(moved.iloc[-1]),
        ),
        traces,
        style.axes_layout(
            360, Axis(options={"type": "category"}), from_zero("kt"), showlegend=True
        ),
    )  # fmt: skip
