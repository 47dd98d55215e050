"""A CSV file as a raw table, read strictly."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from model.case.errors import BadInput, Fault, quoted
from model.case.schema import MAX_BYTES, MAX_ROWS
from model.reading.raw import RawTable

_OTHER_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "bars"}
_PAIR_OF_BYTES = re.compile(rb"[\x81-\xfe][\xa1-\xfe]")
_HIGH_BYTE_ALONE = re.compile(rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])")


def read_csv_table(path: Path) -> RawTable:
    """Read a table named by its file; rows without any text are left out.

    Raises
    ------
    BadInput
        If the file is too large, is not UTF-8, is empty, or breaks the rules of CSV.
    """
    text = read_utf8(path, path.name)
    header: tuple[str, ...] = ()
    header_line = 1
    rows: list[list[str]] = []
    lines: list[int] = []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    end_of_last = 0
    try:
        for row in reader:
            line, end_of_last = end_of_last + 1, reader.line_num
            if not row or not (row[0] or any(row)):
                continue
            if header:
                rows.append(row)
                lines.append(line)
            else:
                header, header_line = tuple(row), line
            if len(rows) > MAX_ROWS:
                raise BadInput([_too_many_rows(path.name)])
    except csv.Error as error:
        raise BadInput([_broken_csv(f"{path.name}:{end_of_last + 1}", error)]) from None
    if not header:
        raise BadInput([_no_header(path.name)])
    if len(header) == 1:
        _refuse_other_delimiter(f"{path.name}:{header_line}", header[0])
    return RawTable(path.stem, header, rows, lines, path.name, header_line=header_line)


def read_utf8(path: Path, name: str) -> str:
    """Return a file's text, without a byte-order mark; messages call it `name`.

    Raises
    ------
    BadInput
        If the file cannot be read, is too large or is not UTF-8.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BadInput([_too_large(name)])
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or "no answer"
        raise BadInput(
            [Fault(name, f"an error ({reason})", "the file must be readable", "look at it")]
        ) from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput([_not_utf8(name, data, error.start)]) from None


def _too_large(file: str) -> Fault:
    rule = f"a file may have at most {MAX_BYTES:,} bytes"
    return Fault(file, "a larger file", rule, "split the case, or aggregate its rows")


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


def _not_utf8(file: str, data: bytes, position: int) -> Fault:
    line = data.count(b"\n", 0, position) + 1
    encoding = _likely_encoding(data)
    remedy = f"it looks like {encoding}: save it again as UTF-8"
    return Fault(f"{file}:{line}", f"byte 0x{data[position]:02X}", "files must be UTF-8", remedy)


def _likely_encoding(data: bytes) -> str:
    """Guess what a file is that is not UTF-8: Chinese comes in pairs of high bytes."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16"
    pairs, singles = len(_PAIR_OF_BYTES.findall(data)), len(_HIGH_BYTE_ALONE.findall(data))
    return "GBK" if pairs > singles else "Latin-1"
