"""Capacity against output, by region and class; and how much of capacity runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from model.result.balance import is_maker
from reports.figures import style
from reports.figures.style import Axis, Picture, Plotly, escape
from reports.figures.traces import hover
from reports.language import say
from reports.language.numbers import listed, percent, plain

if TYPE_CHECKING:
    from model.result.allocation import Allocation

MOST_CLASSES = 6
LABEL_ROOM = 1.16  # of the longest bar, for the text beyond it


def capacity(result: Allocation, name: str = "capacity") -> Picture | None:
    """Draw, for each region, what is shipped (by class), what is not, and idle capacity.

    Where a region has several origins, the class of each is what its name says beyond the region's.
    """
    table = _origins(result)
    if table.empty:
        return None
    totals = table.groupby("region")[["capacity_kt", "supply_kt", "shipped_kt", "left_kt"]].sum()
    totals = totals.sort_values("capacity_kt", ascending=False)
    idle = (totals["capacity_kt"] - totals["supply_kt"]).clip(lower=0.0)
    longest = float((totals["supply_kt"] + idle).max())
    shares = [
        (supply / most if most else 0.0, shipped / most if most else 0.0)
        for most, supply, shipped in totals[["capacity_kt", "supply_kt", "shipped_kt"]].to_numpy()
    ]
    traces = [
        _bar(part.groupby("region")["shipped_kt"].sum().reindex(totals.index), label, {"color": c})
        for (label, part), c in zip(_by_class(table), style.SERIES, strict=False)
    ]
    traces.append(_bar(totals["left_kt"], "output not shipped", {"color": style.PALE_BLUE}))
    look = {"color": style.PALE_GREY, "pattern": style.hatch("/", style.BORDER)}
    traces.append(
        _bar(idle, "capacity not used", look)
        | {
            "text": [f"{percent(used, 0)}, {percent(sent, 0)}" for used, sent in shares],
            "textposition": "outside",
            "cliponaxis": False,
        }
    )
    top = [
        say("{what} {kt} kt", what=str(r), kt=plain(kt))
        for r, kt in totals["capacity_kt"].head(3).items()
    ]
    used_by = dict(zip(totals.index, (used for used, _ in shares), strict=True))
    low = [
        say("{part} {amount}", part=str(r), amount=percent(used_by[r]))
        for r in sorted(used_by, key=lambda r: used_by[r])[:2]
    ]
    return Picture(
        name,
        "Capacity against output",
        say(
            "Stacked bars of output and idle capacity by region. Largest capacity: {largest}. "
            "Least used: {least}.",
            largest=listed(top),
            least=listed(low),
        ),
        traces,
        style.bars_layout(len(totals), "kt per year", barmode="stack", showlegend=True)
        | {"xaxis": Axis("kt per year", {"range": [0, LABEL_ROOM * longest]}).as_plotly()},
        "Beside the bars, in percent of capacity: output, and what of it is shipped.",
    )


def _origins(result: Allocation) -> pd.DataFrame:
    """Return domestic origins that state a capacity, with their class and what they ship."""
    table = result.case.origins[is_maker(result.case)]
    table = table[(table["kind"] == "domestic") & table["capacity_kt"].notna()]
    sent = result.flows.groupby("origin")["ship_kt"].sum()
    shipped = pd.Series([float(sent.get(o, 0.0)) for o in table["origin"]], index=table.index)
    return table.assign(
        shipped_kt=shipped,
        left_kt=(table["supply_kt"] - shipped).clip(lower=0.0),
        tier=[_tier(o, r) for o, r in zip(table["origin"], table["region"], strict=True)],
    )


def _tier(origin: str, region: str) -> str:
    rest = origin.removeprefix(region).strip(" -–,:()")
    return rest if rest != origin else ""


def _by_class(table: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """Return the origins of each class, the classes in order of what they cost to run."""
    means = table.groupby("tier")["cost_cny_per_t"].mean()
    tiers = sorted(map(str, means.index), key=lambda tier: (means[tier], tier))
    if len(tiers) > MOST_CLASSES:
        return [(say("shipped"), table)]
    return [
        (
            say("shipped, {tier}", tier=tier) if tier else say("shipped"),
            table[table["tier"] == tier],
        )
        for tier in tiers
    ]


def _bar(values: pd.Series, label: str, marker: Plotly) -> Plotly:
    return {
        "type": "bar",
        "orientation": "h",
        "name": escape(label),
        "y": [escape(str(region)) for region in values.index],
        "x": values.fillna(0.0).round(4).tolist(),
        "marker": marker,
        "hovertemplate": hover(say("%{{y}}, {label}: %{{x:,.4~r}} kt", label=escape(label))),
    }
