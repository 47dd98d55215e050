"""Pictures of plants: utilisation by class, and size against utilisation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reports.figures import style
from reports.figures.style import Axis, Picture, escape, from_zero
from reports.figures.traces import hover
from reports.language import say
from reports.language.numbers import joined, percent

if TYPE_CHECKING:
    from model.studies.plant_classes import Plants

COLORS = {"high": style.BLUE, "medium": style.TEAL, "low": style.ORANGE, "shut": style.GREY}
SHAPES = {"high": "circle", "medium": "square", "low": "diamond", "shut": "x"}
SHARE = Axis(
    "output as a share of capacity",
    {"tickformat": ".0%", "rangemode": "tozero", "separatethousands": False},
)


def _rank(part: tuple[Any, Any]) -> int:
    """The place of a class in the order of classes."""
    return list(COLORS).index(str(part[0]))


def utilisation_by_class(plants: Plants) -> Picture:
    """Return every plant as a point of its class, with a box round the middle half."""
    traces = [
        {
            "type": "box", "name": say(str(name)), "y": part["utilisation"].round(6).tolist(),
            "text": [escape(str(origin)) for origin in part["origin"]],
            "boxpoints": "all", "jitter": 0.5, "pointpos": 0,
            "marker": {"color": COLORS[str(name)], "size": 5, "symbol": SHAPES[str(name)]},
            "hovertemplate": "%{text}: %{y:.1%}<extra></extra>",
        }
        for name, part in sorted(plants.table.groupby("class"), key=_rank)
    ]  # fmt: skip
    counts = plants.by_class()
    texts = joined(
        say(
            "{count} {class_} ({share} of capacity)",
            count=row["plants"],
            class_=say(row["class"]),
            share=percent(row["capacity_share"]),
        )
        for row in counts.to_dict("records")
    )
    return Picture(
        "plants-utilisation", "Utilisation by class",
        say("Points and boxes of plants: {classes}.", classes=texts),
        traces,
        style.axes_layout(400, Axis("class", {"showgrid": False}), SHARE, showlegend=False),
    )  # fmt: skip


def size_against_utilisation(plants: Plants) -> Picture:
    """Return plants by capacity and utilisation, with the cuts between classes."""
    table = plants.table
    traces = [
        {
            "type": "scatter", "mode": "markers", "name": say(name),
            "x": table.loc[table["class"] == name, "capacity_kt"].round(4).tolist(),
            "y": table.loc[table["class"] == name, "utilisation"].round(6).tolist(),
            "text": [escape(str(n)) for n in table.loc[table["class"] == name, "origin"]],
            "marker": {"color": color, "symbol": SHAPES[name], "size": 8},
            "hovertemplate": hover("%{text}: %{x:,.4~r} kt, %{y:.1%}"),
        }
        for name, color in COLORS.items()
        if (table["class"] == name).any()
    ]  # fmt: skip
    lines = [
        {
            "type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": cut, "y1": cut,
            "line": {"color": style.MUTED, "width": 1.2, "dash": dash},
        }
        for cuts, dash in ((plants.cuts, "solid"), (plants.cuts_by_data, "dot"))
        for cut in cuts
    ]  # fmt: skip
    low, high = (percent(cut) for cut in plants.cuts)
    found_low, found_high = (percent(cut) for cut in plants.cuts_by_data)
    return Picture(
        "plants-size", "Size against utilisation",
        say(
            "Plants by capacity and utilisation; classes are cut at {low} and {high}.",
            low=low, high=high,
        ),
        traces,
        style.axes_layout(
            420, from_zero("capacity, kt"), SHARE, showlegend=True, shapes=lines
        ),
        say(
            "Lines: the cuts at {low} and {high}; dotted: those that a clustering of these plants "
            "finds, {found_low} and {found_high}.",
            low=low, high=high, found_low=found_low, found_high=found_high,
        ),
    )  # fmt: skip
