"""A plan as one workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.figures.style import TEAL
from reports.language import say, word
from reports.workbook.book import MAX_ROWS, Book
from reports.workbook.headers import sheet_columns, spoken_cells
from reports.workbook.records import items

if TYPE_CHECKING:
    from model.studies.plan.plan import Plan

SHEETS = {"schedule": "Schedule", "years": "Years", "flows": "Flows", "stocks": "Stocks",
          "changes": "Changes"}  # fmt: skip


def plan_workbook(plan: Plan) -> bytes:
    """Return the workbook of a plan: its figures, then a sheet for each table that has rows."""
    case = plan.case.settings
    scenario = word(plan.scenario.title or plan.scenario.name)
    title = say("{case}: plan, {scenario}", case=word(case.title or case.name), scenario=scenario)
    book = Book(title)
    figures = items(plan.figures)
    book.table_sheet("Summary", TEAL, figures, sheet_columns(figures.columns))
    for name, frame in plan.tables().items():
        if len(frame):
            shown = spoken_cells(frame.head(MAX_ROWS))
            book.table_sheet(SHEETS[name], TEAL, shown, sheet_columns(frame.columns))
    return book.finish()
