"""Surplus and deficit by region, beside what was reported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.figures import style
from reports.figures.style import Picture, Plotly, escape
from reports.figures.traces import hover, points
from reports.frames import balances
from reports.language import say
from reports.language.numbers import digits_for, listed, plain

if TYPE_CHECKING:
    from model.result.allocation import Allocation


LABEL_ROOM = 0.09  # of the width, for the text beyond the bars


def reported_balances(result: Allocation) -> dict[str, float]:
    """Return the balance that was reported of each region, kt."""
    table = result.observed
    if table.empty:
        return {}
    rows = table[table["quantity"] == "balance_kt"]
    return dict(zip(rows["region"], rows["reported"].astype(float), strict=True))


def balance_bars(result: Allocation, name: str = "balance-bars") -> Picture | None:
    """Draw the balance of each region as a bar, what was reported as a mark on it."""
    values = dict(sorted(balances(result).items(), key=lambda item: (-item[1], item[0])))
    if not values:
        return None
    digits = digits_for(values.values())
    order = [escape(region) for region in values]
    traces = [
        _bars("surplus", {r: v for r, v in values.items() if v >= 0}, digits),
        _bars("deficit", {r: v for r, v in values.items() if v < 0}, digits),
    ]
    reported = {r: v for r, v in reported_balances(result).items() if r in values}
    if reported:
        mark = {
            "symbol": "line-ns-open", "size": 16, "line": {"width": 3}, "color": style.INK,
        }  # fmt: skip
        names = [escape(region) for region in reported]
        template = "%{y}, reported: %{x:,.4~r} kt"
        traces.append(points("reported", list(reported.values()), names, mark, template))
    layout = style.bars_layout(len(values), "kt per year", barmode="overlay", showlegend=True)
    layout["yaxis"] |= {"categoryorder": "array", "categoryarray": order}
    low, high = min(0.0, *values.values()), max(0.0, *values.values())
    room = LABEL_ROOM * (high - low)
    layout["xaxis"]["range"] = [low - room * (low < 0), high + room]
    short = [_amount(r, plain(v, digits)) for r, v in reversed(values.items()) if v < 0]
    spare = [_amount(r, plain(v, digits, signed=True)) for r, v in values.items() if v > 0]
    exports = result.balance.loc[result.balance["role"] == "region", "export_kt"]
    title = "Balance by region: supply − demand"
    if exports.any():
        title = "Balance by region: supply − demand − exports"
    return Picture(
        name,
        title,
        say(
            "Balances, {count} in all. Surplus: {surplus}. Deficit: {deficit}.",
            count=len(values),
            surplus=listed(spare[:4]) or say("none"),
            deficit=listed(short[:4]) or say("none"),
        ),
        traces,
        layout,
        "Upright marks show what was reported." if reported else "",
    )


def _amount(region: str, kt: str) -> str:
    return say("{what} {kt} kt", what=region, kt=kt)


def _bars(kind: str, values: dict[str, float], digits: int) -> Plotly:
    color, shape = (style.SURPLUS[2], "") if kind == "surplus" else (style.DEFICIT[2], "/")
    return {
        "type": "bar",
        "orientation": "h",
        "name": say(kind),
        "y": [escape(region) for region in values],
        "x": [round(value, 4) for value in values.values()],
        "marker": {"color": color, "pattern": style.hatch(shape, style.BORDER)},
        "text": [plain(value, digits, signed=True) for value in values.values()],
        "textposition": "outside",
        "cliponaxis": False,
        "hovertemplate": hover("%{y}: %{text} kt"),
    }
