"""One set for several futures as one workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.figures.style import TEAL
from reports.workbook.book import MAX_ROWS, Book
from reports.workbook.headers import sheet_columns, spoken_cells
from reports.workbook.records import items

if TYPE_CHECKING:
    from model.studies.futures.answer import Together

SHEETS = {
    "futures": "Futures",
    "sets": "Best sets",
    "regret": "Regret",
    "given": "Named sets",
    "tradeoff": "Cost against regret",
    "weights": "Weights",
}


def futures_workbook(answer: Together) -> bytes:
    """Return the workbook: figures, a sheet for each table, flows of each future."""
    book = Book(answer.scenario.title or answer.scenario.name)
    figures = items(answer.figures)
    book.table_sheet("Summary", TEAL, figures, sheet_columns(figures.columns))
    for name, frame in answer.tables.items():
        if len(frame):
            shown = spoken_cells(frame.head(MAX_ROWS))
            book.table_sheet(SHEETS[name], TEAL, shown, sheet_columns(frame.columns))
    return book.finish()
