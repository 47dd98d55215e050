"""Who supplies whom: bands from regions to buyers, as wide as the tonnes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from model.result.deliveries import deliveries
from reports.figures import style
from reports.figures.style import Picture, Plotly, escape
from reports.frames import export_sinks, records
from reports.language import say
from reports.language.numbers import listed, percent, plain

if TYPE_CHECKING:
    from model.case.case import Case
    from model.result.allocation import Allocation

NODE_PX = 24
MOST_BANDS = 80  # more of them hide each other
TRANSLUCENT = {style.INK: "rgba(118,130,143,0.45)", style.TEAL: "rgba(40,160,140,0.45)"}


def pairs(result: Allocation) -> pd.DataFrame:
    """Return tonnes by (supplier, buyer): columns source, target, kind, ship_kt.

    Suppliers are the regions of the origins, or the origins themselves where one region holds
    all that are domestic. Buyers are regions for domestic sinks and the sinks themselves for
    exports.
    """
    case, flows = result.case, deliveries(result.case, result.flows)
    from_region = dict(zip(case.origins["origin"], case.origins["region"], strict=True))
    to_region = dict(zip(case.sinks["sink"], case.sinks["region"], strict=True))
    exports = export_sinks(case)
    regions = [from_region.get(origin, origin) for origin in flows["origin"]]
    table = pd.DataFrame(
        {
            "source": flows["origin"].to_list() if _is_one_region(case) else regions,
            "target": [s if s in exports else to_region.get(s, s) for s in flows["sink"]],
            "is_export": [s in exports for s in flows["sink"]],
            "ship_kt": flows["ship_kt"].astype(float).to_numpy(),
        }
    )
    table["kind"] = "domestic"
    table.loc[table["target"] == regions, "kind"] = "local"
    table.loc[table["is_export"], "kind"] = "export"
    sums: pd.DataFrame = table.groupby(["source", "target", "kind"])[["ship_kt"]].sum()
    return sums.reset_index()


def _is_one_region(case: Case) -> bool:
    """Whether several domestic origins stand in one region, which then tells little."""
    home = case.origins[case.origins["kind"] == "domestic"]
    return len(home) > 1 and home["region"].nunique() == 1


def sankey(result: Allocation, name: str = "sankey") -> Picture | None:
    """Draw the bands of all shipments that leave their region; local ones are left out."""
    table = pairs(result)
    table = table[table["kind"] != "local"]
    if table.empty:
        return None
    table, left_out = _largest(table)
    left = list(table.groupby("source")["ship_kt"].sum().sort_values(ascending=False).index)
    right = list(
        table.groupby(["kind", "target"])["ship_kt"]
        .sum()
        .reset_index()
        .sort_values(["kind", "ship_kt"], ascending=[True, False])["target"]
    )
    ranked = table.sort_values(["ship_kt", "source"], ascending=[False, True]).head(5)
    top = [
        say(
            "{origin} to {sink} {kt} kt",
            origin=row["source"],
            sink=row["target"],
            kt=plain(row["ship_kt"]),
        )
        for row in records(ranked)
    ]
    caption = "Left: suppliers. Right: buyers. Shipments within a region are in the matrix below."
    if (table["kind"] == "export").any():
        caption = (
            "Left: suppliers. Right: buyers, export markets in green. Shipments within a region "
            "are in the matrix below."
        )
    return Picture(
        name,
        "Who supplies whom beyond the own region",
        say("Flow diagram from suppliers to buyers. Largest: {flows}.", flows=listed(top)),
        [_bands(table, left, right)],
        style.base_layout(
            max(360, 60 + NODE_PX * max(len(left), len(right))),
            margin={"l": 8, "r": 8, "t": 14, "b": 14},
        ),
        say(caption) + left_out,
    )


def _largest(table: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Return the bands that can be told apart, in their order, and a sentence on the rest."""
    if len(table) <= MOST_BANDS:
        return table, ""
    shown = table.nlargest(MOST_BANDS, "ship_kt").sort_index()
    share = percent(shown["ship_kt"].sum() / table["ship_kt"].sum())
    return shown, say(
        " The {count} largest flows are drawn, {share} of the tonnes; {more} smaller flows are "
        "not.",
        count=MOST_BANDS,
        share=share,
        more=plain(len(table) - MOST_BANDS, 0),
    )


def _bands(table: pd.DataFrame, left: list[str], right: list[str]) -> Plotly:
    """The trace of bands from suppliers, on the left, to buyers, on the right."""
    colors = {"domestic": style.INK, "export": style.TEAL}
    kinds = dict(zip(table["target"], table["kind"], strict=True))
    nodes = {
        "label": [escape(label) for label in left + right],
        "color": [style.BLUE] * len(left) + [colors[kinds[target]] for target in right],
        "pad": 12, "thickness": 14, "line": {"width": 0},
    }  # fmt: skip
    links = {
        "source": [left.index(source) for source in table["source"]],
        "target": [len(left) + right.index(target) for target in table["target"]],
        "value": [round(float(kt), 4) for kt in table["ship_kt"]],
        "color": [TRANSLUCENT[colors[kind]] for kind in table["kind"]],
    }
    return {
        "type": "sankey", "arrangement": "fixed", "valueformat": ",.4~r", "valuesuffix": say(" kt"),
        "node": nodes, "link": links,
    }  # fmt: skip
