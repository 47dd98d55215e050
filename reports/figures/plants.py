"""Pictures of plants: utilisation by class, and size against utilisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.figures import style
from reports.figures.style import Axis, Picture, escape, from_zero
from reports.language.numbers import percent

if TYPE_CHECKING:
    from model.studies.plant_classes import Plants

COLORS = {"high": style.BLUE, "medium": style.TEAL, "low": style.ORANGE, "shut": style.GREY}
SHAPES = {"high": "circle", "medium": "square", "low": "diamond", "shut": "x"}
SHARE = Axis(
    "output as a share of capacity",
    {"tickformat": ".0%", "rangemode": "tozero", "separatethousands": False},
)


def utilisation_by_class(plants: Plants) -> Picture:
    """Return every plant as a point of its class, with a box round the middle half."""
    traces = [
        {
            "type": "box", "name": name, "y": part["utilisation"].round(6).tolist(),
            "text": [escape(str(origin)) for origin in part["origin"]],
            "boxpoints": "all", "jitter": 0.5, "pointpos": 0,
            "marker": {"color": COLORS[str(name)], "size": 5, "symbol": SHAPES[str(name)]},
            "hovertemplate": "%{text}: %{y:.1%}<extra></extra>",
        }
        for name, part in plants.table.groupby("class")
    ]  # fmt: skip
    traces.sort(key=lambda trace: list(COLORS).index(str(trace["name"])))
    counts = plants.by_class()
    texts = ", ".join(
        f"{row['plants']} {row['class']} ({percent(row['capacity_share'])} of capacity)"
        for row in counts.to_dict("records")
    )
    return Picture(
        "plants-utilisation", "Utilisation by class", f"Points and boxes of plants: {texts}.",
        traces,
        style.axes_layout(400, Axis("class", {"showgrid": False}), SHARE, showlegend=False),
    )  # fmt: skip


def size_against_utilisation(plants: Plants) -> Picture:
    """Return plants by capacity and utilisation, with the cuts between classes."""
    table = plants.table
    traces = [
        {
            "type": "scatter", "mode": "markers", "name": name,
            "x": table.loc[table["class"] == name, "capacity_kt"].round(4).tolist(),
            "y": table.loc[table["class"] == name, "utilisation"].round(6).tolist(),
            "text": [escape(str(n)) for n in table.loc[table["class"] == name, "origin"]],
            "marker": {"color": color, "symbol": SHAPES[name], "size": 8},
            "hovertemplate": "%{text}: %{x:,.4~r} kt, %{y:.1%}<extra></extra>",
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
        f"Plants by capacity and utilisation; classes are cut at {low} and {high}.",
        traces,
        style.axes_layout(
            420, from_zero("capacity, kt"), SHARE, showlegend=True, shapes=lines
        ),
        f"Lines: the cuts at {low} and {high}; dotted: those that a clustering of these plants "
        f"finds, {found_low} and {found_high}.",
    )  # fmt: skip
