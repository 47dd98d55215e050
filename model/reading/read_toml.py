"""A TOML file, with its keys' lines for messages on what is wrong."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from model.case.errors import BadInput, Fault
from model.case.records import Json
from model.reading.files import read_utf8

_AT = re.compile(
    r"(?P<reason>.*) \(at (line (?P<line>\d+), column (?P<column>\d+)|end of document)\)"
)


def read_toml(path: Path, name: str = "") -> tuple[Json, str]:
    """Return what a TOML file says, and its text; messages call it `name`, or by its file name.

    Raises
    ------
    BadInput
        If the file is missing, unreadable or not TOML; with line and column.
    """
    name = name or path.name
    text = read_utf8(path, name)
    return parse_toml(text, name), text


def parse_toml(text: str, name: str) -> Json:
    """Return what a TOML text says; messages call it `name`.

    Raises
    ------
    BadInput
        If it is not TOML; with line and column.
    """
    try:
        return tomllib.loads(text)
    except ValueError as error:  # TOMLDecodeError, or a number of too many digits
        raise BadInput([_syntax_fault(name, text, str(error))]) from None
    except RecursionError:
        rule = "brackets may not be nested so deep"
        raise BadInput([Fault(name, "too many brackets", rule, "mend them")]) from None


def _syntax_fault(file: str, text: str, message: str) -> Fault:
    found = _AT.fullmatch(message)
    reason = found["reason"] if found else message
    line, column = len(text.splitlines()) or 1, 1
    if found and found["line"]:
        line, column = int(found["line"]), int(found["column"])
    return Fault(
        f"{file}:{line}:{column}",
        f"an error ({reason[:1].lower()}{reason[1:]})",
        "the file must be TOML",
        'mend the line; texts stand in double quotes (name = "...")',
    )


def line_of_key(text: str, key: str) -> int | None:
    """Return the 1-based line on which a top-level `key` is set, None where it is not found."""
    setting = re.compile(rf"""\s*["']?{re.escape(key)}["']?\s*=""")
    for number, line in enumerate(text.splitlines(), start=1):
        if setting.match(line):
            return number
    return None
