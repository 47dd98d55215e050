"""Capacity against output, by region and class; and how much of capacity runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reports.figures import style
from reports.figures.style import Figure, escape
from reports.numbers import listed, percent, plain

if TYPE_CHECKING:
    import pandas as pd

    from model.result import Result

MOST_CLASSES = 6


def capacity(result: Result, name: str = "capacity") -> Figure | None:
    """Draw, for each region, its supply (by class where it has several origins) and idle capacity.

    The class of an origin is what its name says beyond the name of its region.
    """
    table = result.case.origins
    table = table[(table["kind"] == "domestic") & table["capacity_kt"].notna()]
    if table.empty:
        return None
    table = table.assign(
        tier=[_tier(o, r) for o, r in zip(table["origin"], table["region"], strict=True)],
        idle_kt=(table["capacity_kt"] - table["supply_kt"]).clip(lower=0.0),
    )
    totals = table.groupby("region")[["capacity_kt", "supply_kt", "idle_kt"]].sum()
    totals = totals.sort_values(["capacity_kt"], ascending=False)
    tiers = sorted(set(table["tier"]))
    if len(tiers) > MOST_CLASSES:
        table["tier"], tiers = "", [""]
    traces = [_bar(table, tier, totals.index, i) for i, tier in enumerate(tiers)]
    used = (totals["supply_kt"] / totals["capacity_kt"]).fillna(0.0)
    traces.append({
        "type": "bar", "orientation": "h", "name": "capacity not used",
        "y": [escape(r) for r in totals.index], "x": totals["idle_kt"].round(4).tolist(),
        "marker": {"color": style.PALE_GREY, "pattern": style.hatch("/", style.BORDER)},
        "text": [percent(share) for share in used], "textposition": "outside",
        "cliponaxis": False,
        "hovertemplate": "%{y}: %{x:,.4~r} kt not used<extra></extra>",
    })  # fmt: skip
    top = [f"{r} {plain(c)} kt" for r, c in totals["capacity_kt"].head(3).items()]
    low = [f"{r} {percent(s)}" for r, s in used.sort_values().head(2).items()]
    return Figure(
        name,
        "Capacity against output",
        f"Stacked bars of output and idle capacity by region. Largest capacity: {listed(top)}. "
        f"Least used: {listed(low)}.",
        traces,
        style.bars_layout(len(totals), "kt per year", barmode="stack", showlegend=True),
        "Figures at the end of the bars: output as a share of capacity.",
    )


def _tier(origin: str, region: str) -> str:
    rest = origin.removeprefix(region).strip(" -–,:()")
    return rest if rest != origin else ""


def _bar(table: pd.DataFrame, tier: str, regions: pd.Index, index: int) -> dict[str, Any]:
    supply = table[table["tier"] == tier].groupby("region")["supply_kt"].sum()
    return {
        "type": "bar", "orientation": "h", "name": f"output, {tier}" if tier else "output",
        "y": [escape(region) for region in regions],
        "x": [round(float(supply.get(region, 0.0)), 4) for region in regions],
        "marker": {"color": style.SERIES[index % len(style.SERIES)]},
        "hovertemplate": "%{y}: %{x:,.4~r} kt<extra></extra>",
    }  # fmt: skip
