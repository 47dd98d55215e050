"""A case as a workbook, filled or empty, and the sheet that explains how to fill it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from model.case.case import Case
from model.case.schema import CASE, TABLES
from model.case.workbook_sheets import README_SHEET
from reports.figures.style import BLUE, INK
from reports.language import say
from reports.workbook.book import Book
from reports.workbook.examples import add_examples
from reports.workbook.guidance import blank_meaning, sentence
from reports.workbook.headers import titled
from reports.workbook.inputs import add_inputs, empty_tables, require_room

_STEPS = (
    ("case", "Give the case a name, and the year that its figures are of."),
    ("origins", "List the places that supply, and how much each can ship."),
    ("sinks", "List the places that are supplied, and how much each needs."),
    (
        "lanes",
        "Either list the freight from each origin to each sink that it may serve, door to door ...",
    ),
    (
        "modes",
        "... or describe a network, from which the cheapest routes are found: means of transport "
        "and their tariffs here,",
    ),
    ("nodes", "its places here; then name in origins and sinks the node where each one stands,"),
    ("links", "and the stretches between places here. Both ways, lanes and network, may be mixed."),
    ("recipes", "If plants take inputs, say how much of each; list their sources on "
     "the sheet origins, with their commodity and price, and name what plants make as the case's "
     "commodity."),
    ("limits", "If there are ports, corridors, quotas or fixed deliveries, bound them here."),
    ("duties", "If a market levies duties, list them here."),
    ("projects", "If you ask where to build, list what could be built. Nothing here is built by "
     "a plain run."),
    ("periods", "If you plan over years, months or seasons, list them in order, by year or by "
     "name, with their lengths (a month is 1/12); what changes from one to the next stands on the "
     "sheet paths."),
    ("observed", "If you know what really happened, write it here: each run compares."),
    ("sources", "Say where figures come from. Every table has a source column for it."),
)  # fmt: skip
"""The order in which to fill the sheets, in the words of a planner."""

_CONVENTIONS = (
    "Quantities are in kt (thousand tonnes) per year, money in CNY, unit costs in CNY per tonne, "
    "totals in million CNY.",
    "A column's name ends in its unit. Point at a column's title to read what it means.",
    "Dark blue titles are needed in every row; grey ones may stay blank, and their note says what "
    "a blank means. A sheet that stays empty means: there is no such thing.",
    "Cells with an arrow offer the names and words that fit. Names must be written alike on every "
    "sheet. Yes and no are true and false.",
    "Formulas may be used; their values are read. Please do not merge cells, hide or rename "
    "sheets, or rename columns. This sheet may be deleted.",
)

_COMMANDS = (
    ("python solve.py check --case FILE.xlsx", "lists everything that is wrong, by sheet and cell"),
    ("python solve.py run --case FILE.xlsx", "finds the plan of least cost and writes the report"),
)


def template_workbook(path: Path) -> None:
    """Write an empty case as a workbook to `path`."""
    book = Book(say("An empty case"))
    _add_readme(book)
    add_inputs(book, None, empty_tables())
    add_examples(book)
    path.write_bytes(book.finish())


def case_workbook(case: Case) -> bytes:
    """Return `case` as a workbook that reads back as the same case.

    Raises
    ------
    BadInput
        When a workbook cannot hold it.
    """
    require_room(case)
    book = Book(case.settings.title or case.settings.name)
    _add_readme(book)
    add_inputs(book, case.settings, case.tables())
    return book.finish()


def _add_readme(book: Book) -> None:
    sheet = book.sheet(README_SHEET, INK)
    sheet.hide_gridlines(2)
    book.put_text(sheet, 0, 0, "How to fill this workbook", bold=True, font_size=16)
    row = _put_steps(book, sheet, 2)
    row = _put_lines(book, sheet, row, "What to know", _CONVENTIONS)
    book.put_text(sheet, row, 0, "Then", bold=True, font_size=12)
    for line, (command, effect) in enumerate(_COMMANDS, start=row + 1):
        book.put_text(sheet, line, 0, command, font_name="Consolas")
        book.put_text(sheet, line, 3, effect)
    row += len(_COMMANDS) + 2
    book.put_text(sheet, row, 0, "Every column", bold=True, font_size=12)
    columns = titled(*_COLUMN_TITLES)
    book.put_table(sheet, row + 1, 0, _column_table(), columns)
    for place, width in enumerate((16, 26, 16, 80, 50)):
        sheet.set_column(place, place, width)


def _put_steps(book: Book, sheet: Worksheet, row: int) -> int:
    book.put_text(sheet, row, 0, "Fill the sheets in this order", bold=True, font_size=12)
    link = book.format(font_color=BLUE, underline=True, valign="top")
    for line, (name, what) in enumerate(_STEPS, start=row + 1):
        sheet.write_url(line, 0, f"internal:'{name}'!A1", link, f"{line - row}. {name}")
        book.put_text(sheet, line, 1, what)
    return row + len(_STEPS) + 2


def _put_lines(book: Book, sheet: Worksheet, row: int, title: str, lines: tuple[str, ...]) -> int:
    book.put_text(sheet, row, 0, title, bold=True, font_size=12)
    for line, text in enumerate(lines, start=row + 1):
        book.put_text(sheet, line, 0, text)
    return row + len(lines) + 2


_COLUMN_TITLES = ("sheet", "column", "unit", "meaning", "a blank means")


def _column_table() -> pd.DataFrame:
    return pd.DataFrame(
        [
            (
                table.name,
                column.name,
                say(column.unit),
                sentence(column.meaning),
                say("(needed)") if column.required else blank_meaning(column),
            )
            for table in (CASE, *TABLES.values())
            for column in table.columns
        ],
        columns=list(_COLUMN_TITLES),
    )
