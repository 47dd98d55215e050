"""A CSV file as a raw table, read strictly."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from sys import intern

from model.case.errors import BadInput, Fault, quoted
from model.case.schema import MAX_ROWS
from model.reading.files import read_utf8
from model.reading.raw import RawTable

_OTHER_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "bars"}
_DELIMITER_LINE = re.compile(r'"?sep=(.)"?[,;\t]*(?:\r\n|\r|\n)', re.IGNORECASE)
"""What Excel writes, and reads, on a line of its own before the header."""


def read_csv_table(path: Path) -> RawTable:
    """Read a table named by its file; rows without any text are left out.

    A first line such as ``sep=;`` names the delimiter. Columns at the end that hold nothing, as a
    spreadsheet program writes them, are left out.

    Raises
    ------
    BadInput
        If the file is too large, is not UTF-8, is empty, or breaks the rules of CSV.
    """
    text = read_utf8(path, path.name)
    named = _DELIMITER_LINE.match(text)
    delimiter, above = (named[1], 1) if named else (",", 0)
    # A buffer of bytes takes a quarter of the memory of one of characters.
    body = io.BytesIO((text[named.end() :] if named else text).encode("utf-8"))
    del text
    _refuse_delimiter(f"{path.name}:1", delimiter)
    rows: list[list[str]] = []
    lines: list[int] = []
    end_of_last = 0
    decoded = io.TextIOWrapper(body, encoding="utf-8", newline="")
    reader = csv.reader(decoded, delimiter=delimiter, strict=True)
    try:
        for row in reader:
            line, end_of_last = end_of_last + 1, reader.line_num
            if row and (row[0] or any(row)):
                rows.append(list(map(intern, row)))  # names and figures that come again: once
                lines.append(line + above)
                if len(rows) > MAX_ROWS + 1:
                    raise BadInput([_too_many_rows(path.name)])
    except csv.Error as error:
        raise BadInput([_broken_csv(f"{path.name}:{end_of_last + 1 + above}", error)]) from None
    if not rows:
        raise BadInput([_no_header(path.name)])
    header, rows = _without_empty_columns(rows)
    if len(header) == 1:
        _refuse_other_delimiter(f"{path.name}:{lines[0]}", header[0])
    return RawTable(path.stem, header, rows, lines[1:], path.name, header_line=lines[0])


def _without_empty_columns(rows: list[list[str]]) -> tuple[tuple[str, ...], list[list[str]]]:
    """Return header and rows without what is blank beyond the last title."""
    header, *rows = rows
    width = max(number for number, title in enumerate(header, start=1) if title)
    longer = [row for row in rows if len(row) > width]
    blank = [row for row in longer if not any(row[width:])]
    if len(blank) < len(longer):
        width = len(header)  # a value without a title is for others to refuse
    for row in blank:
        del row[width:]
    return tuple(header[:width]), rows


def _refuse_delimiter(where: str, delimiter: str) -> None:
    if delimiter not in ",;\t":
        rule = "columns must be separated by commas, semicolons or tabs"
        found = quoted(f"sep={delimiter}")
        raise BadInput([Fault(where, found, rule, "save it as CSV with commas")])


def _too_many_rows(file: str) -> Fault:
    rule = f"a table may have at most {MAX_ROWS:,} rows"
    return Fault(file, "more rows", rule, "aggregate its rows")


def _no_header(file: str) -> Fault:
    return Fault(
        file, "an empty file", "a table must have a header", "write its columns, or delete the file"
    )


def _broken_csv(where: str, error: csv.Error) -> Fault:
    reason = str(error)
    if "unexpected end" in reason:
        return Fault(where, "an open quote", "a quoted cell must end", 'close it with "')
    if "expected after" in reason:
        rule = 'a quoted cell must end before the comma, and a " inside it is written twice'
        return Fault(where, "text after a closing quote", rule, "mend the quotes from here on")
    return Fault(where, f"an error ({reason})", "the file must be plain CSV", "mend the line")


def _refuse_other_delimiter(where: str, title: str) -> None:
    for delimiter, plural in _OTHER_DELIMITERS.items():
        if delimiter in title:
            rule = "columns must be separated by commas"
            remedy = f"save it as CSV with commas instead of {plural}"
            raise BadInput([Fault(where, quoted(title), rule, remedy)])
