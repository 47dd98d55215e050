"""The sheet of charts, each beside the small table it is drawn from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from model.case.workbook_sheets import ResultSheet
from model.result.deliveries import deliveries
from model.result.figures import COST_PARTS, cost_parts
from reports.figures.style import BLUE, GREY, GRID, ORANGE
from reports.language import say, word
from reports.workbook.book import Book, SheetColumn
from reports.workbook.headers import spoken_cells

_LARGEST_FLOWS = 20
_CHART_COLUMN = 4
_WIDTH_PX = 900
_ROW_PX = 20


@dataclass(frozen=True)
class _Block:
    """A table of labels and numbers, and how its bars look."""

    title: str
    frame: pd.DataFrame
    number_format: str
    negative_color: str = BLUE


def add_charts(book: Book, tab_color: str, result: Any) -> None:
    """Add native charts of balances, of the largest flows and of what makes up the cost."""
    sheet = book.sheet(ResultSheet.CHARTS, tab_color)
    row = 0
    for block in (_balances(result), _flows(result), _costs(result)):
        if len(block.frame):
            row = _put_block(book, sheet, row, block)


def _balances(result: Any) -> _Block:
    balance = result.balance
    regions = balance[balance["role"] == "region"]
    frame = regions[["region", "balance_kt"]].sort_values(
        ["balance_kt", "region"], ascending=[False, True], kind="stable"
    )
    frame.columns = pd.Index(["Region", "Balance, kt/yr"])
    title = "Surplus and deficit by region: supply less demand and exports"
    return _Block(say(title), spoken_cells(frame), "+#,##0;-#,##0;0", negative_color=ORANGE)


def _flows(result: Any) -> _Block:
    """Return the largest flows that leave their region; the others stay at home and dwarf them."""
    case = result.case
    flows = deliveries(case, result.flows)
    region_from = dict(zip(case.origins["origin"], case.origins["region"], strict=True))
    region_to = dict(zip(case.sinks["sink"], case.sinks["region"], strict=True))
    is_moved = flows["origin"].map(region_from) != flows["sink"].map(region_to)
    sums: pd.DataFrame = flows[is_moved].groupby(["origin", "sink"])[["ship_kt"]].sum()
    moved = sums.reset_index()
    largest = moved.nlargest(_LARGEST_FLOWS, "ship_kt", keep="first")
    lanes = largest["origin"].map(word) + " → " + largest["sink"].map(word)
    frame = pd.DataFrame({"From → to": lanes, "Shipped, kt/yr": largest["ship_kt"]})
    return _Block(say("The largest flows between regions"), frame, "#,##0")


def _costs(result: Any) -> _Block:
    parts = cost_parts(result.figures)
    shown = {say(COST_PARTS[name]).capitalize(): cost for name, cost in parts.items()}
    frame = pd.DataFrame({"Part": shown.keys(), "Cost, MCNY/yr": shown.values()})
    return _Block(say("What the plan costs"), frame, "#,##0.0")


def _put_block(book: Book, sheet: Worksheet, row: int, block: _Block) -> int:
    """Put a table and its chart; return the row where the next one begins."""
    label, value = map(say, block.frame.columns)
    book.put_text(sheet, row, 0, block.title, bold=True, font_size=12)
    columns = [SheetColumn(label, "@"), SheetColumn(value, block.number_format)]
    book.put_table(sheet, row + 1, 0, block.frame, columns)
    first, last = row + 2, row + 1 + len(block.frame)
    chart = book.chart("bar")
    chart.add_series(
        {
            "name": block.title,
            "categories": [ResultSheet.CHARTS, first, 0, last, 0],
            "values": [ResultSheet.CHARTS, first, 1, last, 1],
            "fill": {"color": BLUE},
            "invert_if_negative": True,
            "invert_if_negative_color": block.negative_color,
            "gap": 40,
            "data_labels": {"value": True, "num_format": block.number_format},
        }
    )
    chart.set_title({"name": block.title, "name_font": {"size": 12, "bold": True}})
    chart.set_legend({"none": True})
    axis_line = {"color": GREY}
    chart.set_y_axis({"reverse": True, "label_position": "low", "line": axis_line})
    chart.set_x_axis(
        {"name": value, "num_format": "#,##0", "major_gridlines": {"visible": True,
         "line": {"color": GRID}}, "label_position": "high", "line": axis_line}
    )  # fmt: skip
    lines = max(10, len(block.frame) + 6)
    chart.set_size({"width": _WIDTH_PX, "height": lines * _ROW_PX})
    sheet.insert_chart(row + 1, _CHART_COLUMN, chart, {"description": block.title})
    return row + lines + 3
