"""The certificate's own reader: canonical CSV, TOML and JSON to exact rationals.

It shares no code with the reader of cases, so that a fault there cannot hide here. It takes
only what `inputs/` of a run holds (canonical tables, already checked) and refuses the rest.
"""

from __future__ import annotations

import csv
import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any

Json = dict[str, Any]
"""An object of JSON or TOML, by key."""
Column = tuple[str, ...]
"""Cells of a column, row by row."""
BUILT = "built"
PRESENT = {("limits", "min_kt"): "min", ("limits", "max_kt"): "max"}
"""Columns that runs saved earlier call otherwise."""
LINE = re.compile(r"[^\n]*\n|[^\n]+")
AT_ONCE = 256
"""Rows of a long table that are taken at a time: few, which a processor keeps near."""
DECIMAL = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d{1,3})?")


class CertificateError(Exception):
    """The files do not say enough, or contradict themselves; the message says where."""


@dataclass(frozen=True)
class Table:
    """One CSV file as text cells: n rows, each with a cell for every column of the header."""

    name: str
    header: Mapping[str, int]
    rows: tuple[tuple[str, ...], ...]

    def records(self, *columns: str) -> Iterator[tuple[str, ...]]:
        """The named columns, row by row; a column that the file lacks is blank."""
        return _picked(self.header, self.rows, columns)


def read_output(texts: Mapping[str, str], name: str) -> Table:
    """A table that a run has written: cells may begin with an apostrophe against formulas."""
    table = read_table(texts, name)
    rows = tuple(tuple(cell.removeprefix("'") for cell in row) for row in table.rows)
    return replace(table, rows=rows)


def read_table(texts: Mapping[str, str], name: str) -> Table:
    """The table `name` (without `.csv`) among `texts`; an absent one has no rows.

    Raises
    ------
    CertificateError
        A ragged row, an open quote or a repeated column.
    """
    rows = _rows(texts, name)
    header = _header(name, next(rows, []))
    return Table(name, header, tuple(map(tuple, _whole(name, header, rows))))


def read_records(texts: Mapping[str, str], name: str, *columns: str) -> Iterator[tuple[str, ...]]:
    """The named columns of a table row by row, as `Table.records`, without keeping its rows."""
    for block in read_columns(texts, name, *columns):
        yield from zip(*block, strict=True)


def read_columns(texts: Mapping[str, str], name: str, *columns: str) -> Iterator[list[Column]]:
    """The named columns of a table, some thousand rows at a time, none of them kept.

    A column that the file lacks is blank.
    """
    rows = _rows(texts, name)
    header = _header(name, next(rows, []))
    first = 2
    while some := list(islice(rows, AT_ONCE)):
        if set(map(len, some)) != {len(header)}:
            list(_whole(name, header, some, first))
        every = list(zip(*some, strict=True))
        blank = ("",) * len(some)
        yield [every[header[column]] if column in header else blank for column in columns]
        first += len(some)


def _rows(texts: Mapping[str, str], name: str) -> Iterator[list[str]]:
    """The rows of a table, blank ones left out, the header first."""
    reader = csv.reader(_lines(texts.get(f"{name}.csv", "")), strict=True)
    try:
        yield from filter(None, reader)
    except csv.Error as error:
        raise CertificateError(f"{name}.csv: {error}") from error


def _lines(text: str) -> Iterator[str]:
    """The lines of a text with their ends, none of them kept."""
    return map(re.Match.group, LINE.finditer(text))


def _header(name: str, cells: Sequence[str]) -> dict[str, int]:
    header = {PRESENT.get((name, column), column): place for place, column in enumerate(cells)}
    if len(header) != len(cells):
        raise CertificateError(f"{name}.csv: a column stands twice")
    return header


def _whole(
    name: str, header: Mapping[str, int], rows: Iterable[list[str]], first: int = 2
) -> Iterator[list[str]]:
    """The rows, none of them ragged; `first` is the number of the first."""
    for number, row in enumerate(rows, start=first):
        if len(row) != len(header):
            raise CertificateError(
                f"{name}.csv: row {number} has {len(row)} cells, not {len(header)}"
            )
        yield row


def _picked(
    header: Mapping[str, int], rows: Iterable[Sequence[str]], columns: Sequence[str]
) -> Iterator[tuple[str, ...]]:
    blank = len(header)
    places = [header.get(column, blank) for column in columns]
    for row in rows:
        cells = [*row, ""]
        yield tuple([cells[place] for place in places])


def exact(text: str) -> Fraction:
    """A decimal number as the rational that it writes down; no rounding anywhere."""
    whole, _, decimals = text.partition(".")
    if (whole + decimals).isascii() and whole.isdigit() and decimals.isdigit():
        return Fraction(int(whole + decimals), 10 ** len(decimals))  # the usual form, read fast
    if not DECIMAL.fullmatch(text):
        raise CertificateError(f"{text!r} is not a decimal number")
    return Fraction(text)


def exact_or(text: str, default: Fraction) -> Fraction:
    """`exact`, with a value for a blank cell."""
    return exact(text) if text else default


def exact_or_none(text: str) -> Fraction | None:
    """`exact`, with None (unlimited) for a blank cell."""
    return exact(text) if text else None


def split_names(cell: str) -> list[str]:
    """The names of a cell, joined by `|`; none where it is blank."""
    return [name.strip() for name in cell.split("|") if name.strip()]


def read_settings(texts: Mapping[str, str]) -> Json:
    """`case.toml`; its decimal numbers as rationals."""
    try:
        return tomllib.loads(texts.get("case.toml", ""), parse_float=Fraction)
    except (tomllib.TOMLDecodeError, ValueError) as error:
        raise CertificateError(f"case.toml: {error}") from error


def read_json(texts: Mapping[str, str], name: str) -> Json:
    """A JSON object among `texts`; its decimal numbers as rationals, {} where absent."""
    return strict_json(name, texts[name]) if name in texts else {}


def strict_json(name: str, text: str) -> Json:
    """The JSON object of a file; its decimal numbers as rationals, no key given twice.

    Raises
    ------
    CertificateError
        With the name of the file.
    """
    try:
        content = json.loads(
            text,
            parse_float=Fraction,
            parse_constant=_no_constant,
            object_pairs_hook=_keys_once,
        )
    except (ValueError, RecursionError) as error:
        raise CertificateError(f"{name}: {error}") from error
    if not isinstance(content, dict):
        raise CertificateError(f"{name}: an object is expected")
    return content


def _keys_once(pairs: list[tuple[str, Any]]) -> Json:
    content = dict(pairs)
    if len(content) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {twice!r} is given twice")
    return content


def _no_constant(text: str) -> Fraction:
    raise ValueError(f"{text} is not a number")


def read_texts(folder: Path) -> dict[str, str]:
    """Every CSV, TOML and JSON file that lies directly in `folder`, by name."""
    suffixes = {".csv", ".toml", ".json"}
    try:
        return {
            path.name: path.read_text(encoding="utf-8-sig")
            for path in sorted(folder.iterdir())
            if path.suffix in suffixes
        }
    except (OSError, UnicodeDecodeError) as error:
        raise CertificateError(f"{folder}: {error}") from error


def solved_inputs(run: Path) -> dict[str, str]:
    """The case that a run was solved on: with its choice built, where it made one."""
    built = run / BUILT
    return read_texts(built if built.is_dir() else run / "inputs")
