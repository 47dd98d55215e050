"""Several runs side by side as one workbook."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from model.result.figures import COST_PARTS, FIGURES, printed
from reports.figures.style import SERIES, TEAL
from reports.language import say, word
from reports.language.numbers import joined
from reports.workbook.book import MAX_ROWS, Book, SheetColumn
from reports.workbook.headers import number_format, sheet_columns, spoken_cells, titled

if TYPE_CHECKING:
    from model.result.allocation import Allocation
    from model.studies.compare.study import Comparison

_BALANCE = ("balance_kt", "deficit_kt", "local_kt", "inflow_kt", "outflow_kt", "unshipped_kt")
_PRICES = ("left_cny_per_t", "right_cny_per_t")
_FIRST_RUN_COLUMN = 2  # on the first sheet, after title and unit
_ROW_PX = 20


def comparison_workbook(results: Sequence[Allocation], comparison: Comparison) -> bytes:
    """Return the workbook that sets runs beside one another, differences against the first.

    Parameters
    ----------
    results : sequence of Allocation, n runs
        In the order in which they are to stand.
    comparison : Comparison
        Of these results: the names of the runs, inputs that differ, attribution of cost.
    """
    names = list(comparison.results)
    book = Book(say("Comparison: {runs}", runs=joined(names)))
    _add_summary(book, results, names, list(map(word, comparison.notes)))
    tables = {
        "Inputs that differ": comparison.inputs,
        "Cost attribution": comparison.attribution,
        "Easing": comparison.easing,
        "Flows": _flows(results, names),
        "Balance": _side_by_side(results, names, "balance", ["region"], _BALANCE),
        "Prices": _side_by_side(results, names, "prices", ["place", "role"], _PRICES),
        "Changes": pd.concat(
            [result.changes.assign(run=name) for result, name in zip(results, names, strict=True)],
            ignore_index=True,
        ),
    }
    for name, frame in tables.items():
        if len(frame):
            shown = spoken_cells(frame.head(MAX_ROWS))
            book.table_sheet(name, TEAL, shown, _columns(frame, names))
    return book.finish()


def _flows(results: Sequence[Allocation], names: list[str]) -> pd.DataFrame:
    """Return the tonnes of every pair that some run uses, and how they differ from the first."""
    flows = _side_by_side(results, names, "flows", ["origin", "sink"], ["ship_kt"])
    used = [name for name in names if ("ship_kt", name) in flows]
    for name in used[1:]:
        change = flows["ship_kt", name].fillna(0.0) - flows["ship_kt", used[0]].fillna(0.0)
        flows["ship_kt", _against(name, used[0])] = change
    return flows


def _against(run: str, first: str) -> str:
    return say("{run} against {first}", run=run, first=first)


def _side_by_side(
    results: Sequence[Allocation],
    names: Sequence[str],
    table: str,
    keys: list[str],
    values: Sequence[str],
) -> pd.DataFrame:
    """Return one row per key and one column per value and run, all runs of a value together."""
    frames = []
    for result, name in zip(results, names, strict=True):
        frame: pd.DataFrame = getattr(result, table)
        if len(frame):
            sums = frame.groupby(keys, sort=True)[list(values)].sum(min_count=1)
            frames.append(sums.set_axis([(value, name) for value in values], axis=1))
    if not frames:
        return pd.DataFrame()
    joined = pd.concat(frames, axis=1).sort_index()
    order = [(value, name) for value in values for name in names if (value, name) in joined]
    return joined[order].reset_index()


def _columns(frame: pd.DataFrame, names: Sequence[str]) -> list[SheetColumn]:
    """Return titles in which a column of one run says which run it is."""
    columns = []
    for label in frame.columns:
        value, name = label if isinstance(label, tuple) else (label, "")
        (shown,) = sheet_columns([value])
        title = say("{title}: {run}", title=shown.title, run=name) if name else shown.title
        columns.append(SheetColumn(title, shown.number_format, is_strong=name in ("", names[0])))
    return columns


def _add_summary(
    book: Book, results: Sequence[Allocation], names: list[str], notes: Sequence[str]
) -> None:
    sheet = book.sheet("Summary", TEAL)
    sheet.hide_gridlines(2)
    book.put_text(sheet, 0, 0, "Runs side by side", bold=True, font_size=16)
    titles = [
        say(
            "{run}: {title} ({status})",
            run=name,
            title=word(result.scenario.title or result.scenario.name),
            status=say(result.status),
        )
        for result, name in zip(results, names, strict=True)
    ]
    for row, line in enumerate([*titles, *notes], start=1):
        book.put_text(sheet, row, 0, line)
    top = len(titles) + len(notes) + 2
    shown = [figure for figure in FIGURES if any(figure in printed(r.figures) for r in results)]
    frame = _figure_table(results, names, shown)
    book.put_table(sheet, top, 0, frame, titled(*frame.columns))
    for row, figure in enumerate(shown, top + 1):
        look = book.format(num_format=number_format(FIGURES[figure]))
        signed = book.format(num_format=_signed(number_format(FIGURES[figure])))
        for place in range(_FIRST_RUN_COLUMN, len(frame.columns)):
            value: Any = frame.iat[row - top - 1, place]
            if pd.notna(value):
                is_difference = place >= _FIRST_RUN_COLUMN + len(names)
                sheet.write_number(row, place, value, signed if is_difference else look)
    _add_cost_chart(book, sheet, top, shown, names)


def _figure_table(
    results: Sequence[Allocation], names: list[str], shown: list[str]
) -> pd.DataFrame:
    def values(result: Allocation) -> list[float]:
        numbers = (result.figures.get(figure) for figure in shown)
        return [float("nan") if number is None else float(number) for number in numbers]

    by_run = pd.DataFrame({name: values(r) for r, name in zip(results, names, strict=True)})
    frame = by_run.copy()
    for name in names[1:]:
        frame[_against(name, names[0])] = by_run[name] - by_run[names[0]]
    frame.insert(0, "Figure", [say(FIGURES[figure].title) for figure in shown])
    frame.insert(1, "Unit", [say(FIGURES[figure].unit) for figure in shown])
    return frame


def _signed(number_format: str) -> str:
    return f"+{number_format};-{number_format};{number_format}"


def _add_cost_chart(
    book: Book, sheet: Worksheet, top: int, shown: list[str], names: list[str]
) -> None:
    """Put stacked bars of cost, one bar a run, below the table of figures."""
    chart = book.chart("bar", "stacked")
    last_run = _FIRST_RUN_COLUMN + len(names) - 1
    for color, (figure, part) in zip(SERIES, COST_PARTS.items(), strict=False):
        if figure in shown and FIGURES[figure].sign > 0:
            row = top + 1 + shown.index(figure)
            chart.add_series(
                {
                    "name": say(part).capitalize(),
                    "categories": ["Summary", top, _FIRST_RUN_COLUMN, top, last_run],
                    "values": ["Summary", row, _FIRST_RUN_COLUMN, row, last_run],
                    "fill": {"color": color},
                    "gap": 40,
                }
            )
    if not chart.series:
        return
    chart.set_title({"name": say("What each plan costs"), "name_font": {"size": 12, "bold": True}})
    chart.set_x_axis({"name": say("MCNY/yr"), "num_format": "#,##0", "label_position": "high"})
    chart.set_y_axis({"reverse": True})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 900, "height": (7 + 2 * len(names)) * _ROW_PX})
    sheet.insert_chart(
        top + len(shown) + 3, 0, chart, {"description": say("Cost of each run by part")}
    )
