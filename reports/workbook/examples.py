"""A sheet of the template with a filled row of each table that a first case needs."""

from __future__ import annotations

import tomllib
from pathlib import Path

from model.case.workbook_sheets import EXAMPLES_SHEET
from reports.figures.style import GREY
from reports.language import say
from reports.workbook.book import Book

FILE = Path(__file__).parents[1] / "assets" / "examples.toml"


def examples() -> dict[str, dict[str, str | float]]:
    """Return a row of each table by its columns; what is not there may stay blank."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def add_examples(book: Book) -> None:
    """Add the sheet: the name of each table, its titles, and a row as it might be filled."""
    sheet = book.sheet(EXAMPLES_SHEET, GREY)
    text = say("A filled row of each sheet. Columns that are not here may stay blank.")
    book.put_text(sheet, 0, 0, text)
    bold = book.format(bold=True)
    for number, (name, cells) in enumerate(examples().items()):
        row = 2 + 3 * number
        sheet.write_string(row, 0, name, bold)
        for place, (title, value) in enumerate(cells.items(), start=1):
            sheet.write_string(row, place, title, bold)
            sheet.write(row + 1, place, value)
    sheet.set_column(0, 8, 20)
