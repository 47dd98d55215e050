"""A run as a workbook: its results, and its inputs, which can be edited and run again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from model.case.errors import BadInput
from model.case.workbook_sheets import ResultSheet
from model.result.figures import FIGURES, printed
from reports.figures.style import BLUE, DEFICIT, TEAL
from reports.language import say, word
from reports.language.catalogue import local_names
from reports.language.verdict import verdict
from reports.workbook.book import Book
from reports.workbook.charts import add_charts
from reports.workbook.headers import number_format, sheet_columns, spoken_cells, titled
from reports.workbook.inputs import add_inputs, require_room
from reports.workbook.records import items, study_tables

if TYPE_CHECKING:
    from model.case.case import Case
    from model.result.allocation import Allocation

RESULT_TAB = TEAL

MAX_ROWS = 50_000
"""Rows of a table beyond which writing it would take a run longer than solving does."""

_STATUS = {
    "optimal": "Proved optimal: no other plan costs less.",
    "infeasible": "There is no feasible plan.",
    "limit": "A limit came before the proof: this is the best plan found, not a proved optimum.",
}
_BULK = ("basis", "duals")  # of a certificate: for the check, not for reading
_QUICK = "A quick run: one of the plans of least cost, without a search for others or prices."
_RUN_AGAIN = (
    "The blue sheets are the inputs of this run. Change them, save, and run "
    "python solve.py run --case FILE.xlsx; the green sheets are passed over."
)


def run_workbook(result: Allocation, answer: Sequence[str] = ()) -> bytes:
    """Return the workbook of a run: results, studies, then the inputs as they were solved.

    The first sheet begins with the `answer`: the question, and sentences as the page has them.

    Read as a case, it is the case that was solved. A case too large for a workbook is left out,
    and so are rows of results beyond `MAX_ROWS`; the first sheet says so.
    """
    book = Book(_title(result))
    summary = book.sheet(ResultSheet.SUMMARY, RESULT_TAB)
    tables = _result_tables(result) | study_tables(result.studies)
    if len(result.flows):
        add_charts(book, RESULT_TAB, result)
    for name, frame in tables.items():
        columns = sheet_columns(frame.columns)
        sheet = book.table_sheet(name, RESULT_TAB, spoken_cells(frame.head(MAX_ROWS)), columns)
        if "holds" in frame.columns:
            _mark_false(book, sheet, list(frame.columns).index("holds"))
    text = "{sheet}: the first {shown:,} of {count:,} rows; the run folder has all."
    notes = [
        say(text, sheet=name, shown=MAX_ROWS, count=len(frame))
        for name, frame in tables.items()
        if len(frame) > MAX_ROWS
    ]
    notes.append(_add_case(book, result.case))
    if result.is_quick:
        notes.append(_QUICK)
    _put_summary(book, summary, result, (answer, notes), list(tables))
    return book.finish()


def _title(result: Allocation) -> str:
    case, scenario = result.case.settings, result.scenario
    title = word(scenario.title or scenario.name)
    return say("{case}: {scenario}", case=word(case.title or case.name), scenario=title)


def _add_case(book: Book, case: Case) -> str:
    """Add the inputs, if a workbook can hold them, and return what to say of them."""
    try:
        require_room(case, MAX_ROWS)
    except BadInput as error:
        text = "The inputs are left out, being too large ({fault})."
        return say(text, fault=error.faults[0])
    filled = {name: frame for name, frame in case.tables().items() if len(frame)}
    add_inputs(book, case.settings, filled)
    return _RUN_AGAIN


def _result_tables(result: Allocation) -> dict[str, pd.DataFrame]:
    """Return the result's tables that have rows, by the name of their sheet."""
    diagnosis = result.diagnosis.as_dict() if result.diagnosis is not None else {}
    found = {key: value for key, value in result.certificate.items() if key not in _BULK}
    tables = {
        ResultSheet.DIAGNOSIS: items(diagnosis),
        ResultSheet.FLOWS: result.flows,
        ResultSheet.BALANCE: _with_local_names(result.balance, local_names(result.case)),
        ResultSheet.PLACES: result.throughput,
        ResultSheet.PRICES: result.prices,
        ResultSheet.OBSERVED: result.observed,
        ResultSheet.CHANGES: result.changes,
        ResultSheet.CERTIFICATE: items(found),
    }
    return {name: frame for name, frame in tables.items() if len(frame)}


def _with_local_names(balance: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    local = [names.get(region, "") for region in balance["region"]]
    named = balance.copy()
    if any(local):
        named.insert(1, "local_name", local)
    return named


def _mark_false(book: Book, sheet: Worksheet, column: int) -> None:
    """Colour what does not hold, however the table is sorted."""
    look = book.format(bg_color=DEFICIT[0])
    rule = {"type": "text", "criteria": "containing", "value": "false", "format": look}
    sheet.conditional_format(1, column, MAX_ROWS, column, rule)


def _put_summary(
    book: Book,
    sheet: Worksheet,
    result: Allocation,
    words: tuple[Sequence[str], Sequence[str]],
    tables: list[str],
) -> None:
    """Put the answer, then status and notes, the figures, links to sheets and how it was computed.

    Parameters
    ----------
    words : the answer, the question first, and notes
    """
    answer, notes = words
    sheet.hide_gridlines(2)
    book.put_text(sheet, 0, 0, _title(result), bold=True, font_size=16)
    headline = word(result.diagnosis.headline) if result.diagnosis is not None else ""
    said = _STATUS[result.status]
    if "opened" in result.figures:
        said = verdict(result.status, result.figures).capitalize() + "."
    lines = [said, headline, result.scenario.why, *notes]
    for row, line in enumerate(answer, start=1):
        book.put_text(sheet, row, 0, line, bold=row == 1, font_size=12)
    row = len(answer) + 1
    for line in filter(None, lines):
        book.put_text(sheet, row, 0, line)
        row += 1
    row = _put_figures(book, sheet, row + 1, result.figures)
    charts = [ResultSheet.CHARTS] if len(result.flows) else []
    row = _put_links(book, sheet, row, [*charts, *tables])
    provenance = items(result.provenance)
    book.put_text(sheet, row, 0, "How it was computed", bold=True, font_size=12)
    book.put_table(sheet, row + 1, 0, provenance, titled("Item", "Value"))
    for place, width in enumerate((28, 18, 14, 80)):
        sheet.set_column(place, place, width)


def _put_figures(book: Book, sheet: Worksheet, row: int, figures: Mapping[str, Any]) -> int:
    """Put the headline figures, each with its own format; return the row below them."""
    shown = printed(figures)
    if not shown:
        return row
    frame = pd.DataFrame(
        {
            "Figure": [say(FIGURES[name].title) for name in shown],
            "Value": [float(figures[name]) for name in shown],
            "Unit": [say(FIGURES[name].unit) for name in shown],
            "Meaning": [say(FIGURES[name].definition) for name in shown],
        }
    )
    book.put_table(sheet, row, 0, frame, titled(*frame.columns))
    for line, name in enumerate(shown, row + 1):
        look = book.format(num_format=number_format(FIGURES[name]), bold=line == row + 1)
        sheet.write_number(line, 1, float(figures[name]), look)
    return row + len(shown) + 2


def _put_links(book: Book, sheet: Worksheet, row: int, tables: list[str]) -> int:
    book.put_text(sheet, row, 0, "Sheets", bold=True, font_size=12)
    link = book.format(font_color=BLUE, underline=True)
    for line, name in enumerate(tables, row + 1):
        sheet.write_url(line, 0, f"internal:'{name}'!A1", link, name)
    return row + len(tables) + 2
