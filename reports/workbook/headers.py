"""Titles and number formats of the columns of a result, as a spreadsheet shows them."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from model.result.figures import SHARE, FigureInfo
from model.result.output_columns import COLUMNS, KT, OutputColumn
from reports.language import say, word
from reports.language.catalogue import ENGLISH, spoken_language
from reports.workbook.book import SheetColumn

_KT, _SIGNED_KT = "#,##0.0;-#,##0.0;0", "+#,##0.0;[Color 53]-#,##0.0;0"
_MONEY, _UNIT_COST, _SHARE = "#,##0.0", "#,##0.00", "0.0%"
_ANY = "#,##0.####;-#,##0.####"

_UNITS = {
    "_kt": ("kt/yr", _KT),
    "_mcny": ("MCNY/yr", _MONEY),
    "_cny_per_t": ("CNY/t", _UNIT_COST),
    "_km": ("km", "#,##0"),
}


def sheet_columns(names: Iterable[str]) -> list[SheetColumn]:
    """Return how result columns of these names are shown.

    A name that is not known is shown in words, with the unit that it ends in.
    """
    return [
        SheetColumn(*_title_and_format(name), note=say("In files: {name}", name=name))
        for name in names
    ]


def titled(*titles: str) -> list[SheetColumn]:
    """Return columns of these titles, as the language has them."""
    return [SheetColumn(say(title)) for title in titles]


def spoken_cells(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table with names and words as the language has them."""
    if spoken_language() == ENGLISH:
        return frame
    spoken = frame.copy()
    for name in frame:
        if not pd.api.types.is_numeric_dtype(frame[name]):
            cells = [word(value) if isinstance(value, str) else value for value in frame[name]]
            spoken[name] = pd.Series(cells, frame.index, dtype=object)
    return spoken


def _title_and_format(name: str) -> tuple[str, str]:
    if name in COLUMNS:
        column = COLUMNS[name]
        return _with_unit(column.title, column.unit), _format(column)
    for ending, (unit, number_format) in _UNITS.items():
        if name.endswith(ending):
            return _with_unit(in_words(name.removesuffix(ending)), unit), number_format
    return say(in_words(name)), _ANY


def _with_unit(title: str, unit: str) -> str:
    if not unit:
        return say(title)
    return say("{figure}, {unit}", figure=say(title), unit=say(unit))


def _format(column: OutputColumn) -> str:
    """How a spreadsheet shows a column of outputs."""
    if column.is_text:
        return "@"
    if column.unit == KT:
        return _SIGNED_KT if column.is_signed else _KT
    return _ANY if column.decimals is None else _number(column.unit, column.decimals)


def number_format(figure: FigureInfo) -> str:
    """How a spreadsheet shows a figure of a run."""
    return _number(figure.unit, figure.decimals)


def _number(unit: str, decimals: int) -> str:
    if unit == SHARE:
        return _SHARE
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def in_words(name: str) -> str:
    """Return a name of a file or a column as words.

    >>> in_words("rests_on")
    'Rests on'
    """
    words = name.replace("_", " ").strip()
    return f"{words[:1].upper()}{words[1:]}"
