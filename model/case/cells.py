"""One cell: text into a value, or what is wrong with it."""

from __future__ import annotations

import contextlib
import datetime
import re
import unicodedata
from dataclasses import dataclass

from model.case.cell_types import plain_year
from model.case.columns import Column, Kind
from model.case.errors import quoted
from model.case.names import did_you_mean
from model.case.schema import MAX_NAME_LENGTH, MAX_NUMBER, MIN_NUMBER, present_target
from model.case.write import format_number

NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,4})?")
_FRACTION = re.compile(r"(?P<part>[0-9]{1,9}) ?/ ?(?P<whole>[0-9]{1,9})")
_MIDNIGHT = r"( 0?0:00(:00)?)?"
_YEAR_FIRST = re.compile(
    r"(?P<year>[0-9]{4})(?P<sign>[-/.])(?P<month>[0-9]{1,2})(?P=sign)(?P<day>[0-9]{1,2})"
    + _MIDNIGHT
)
_YEAR_LAST = re.compile(
    r"(?P<one>[0-9]{1,2})(?P<sign>[-/.])(?P<two>[0-9]{1,2})(?P=sign)(?P<year>[0-9]{4})" + _MIDNIGHT
)
_HARMLESS = re.compile(r"[ -{}~\u00c0-\u024f\u3400-\u9fff]*")  # no "|", nothing invisible
_JOINERS = "\u200c\u200d"  # spelling in some scripts needs them
_NAMES_OF_A_LINK = 4
"""A link is named by two nodes, a mode and, of parallel ones, a number."""
_INVISIBLE = frozenset({"Cc", "Cs", "Zl", "Zp"})

Value = float | bool | str


@dataclass(frozen=True)
class CellProblem:
    """What is wrong with a cell, wherever it stands."""

    found: str
    rule: str
    remedy: str


def parse_cell(column: Column, text: str) -> Value | CellProblem:
    """Return the value that `text` gives in `column`; a blank gives what a blank means.

    Numbers nearer to 0 than 1e-9 come out as 0.
    """
    if not text:
        return column.filler if not column.required else _blank(column)
    if column.is_number:
        return _number(column, text)
    match column.kind:
        case "boolean":
            return _boolean(text)
        case "date":
            return _date(text)
        case "choice":
            return text if text in column.choices else _no_choice(column, text)
        case "names":
            return _names(column, text)
        case "name":
            return _name_problem(column, text) or text
        case "moment":
            return _name_problem(column, text) or plain_year(text)
        case "target":
            return _hidden_character(text, _INVISIBLE) or present_target(text)
        case _:
            return _hidden_character(text, _INVISIBLE) or text


def _blank(column: Column) -> CellProblem:
    what = f"a number ({column.unit})" if column.unit else f"a {column.kind}"
    remedy = "write the figure; a blank never counts as 0" if column.is_number else "write it"
    return CellProblem("a blank", f"must be {what}", remedy)


def _number(column: Column, text: str) -> float | CellProblem:
    fraction = _FRACTION.fullmatch(text) if column.takes_fractions else None
    if fraction and int(fraction["whole"]):
        return int(fraction["part"]) / int(fraction["whole"])
    if not NUMBER.fullmatch(text):
        rule = "must be a plain decimal number"
        rule += " or a fraction" if column.takes_fractions else ""
        return CellProblem(quoted(text), rule, _number_remedy(column, text))
    number = float(text)
    if abs(number) >= MAX_NUMBER:
        return _too_large(column, quoted(text))
    if column.kind == "integer" and not number.is_integer():
        return CellProblem(quoted(text), "must be a whole number", "write it without decimals")
    return 0.0 if abs(number) < MIN_NUMBER else number


def _too_large(column: Column, found: str) -> CellProblem:
    return CellProblem(found, "must be less than 1e15 in size", _unlimited(column))


def _number_remedy(column: Column, text: str) -> str:
    if text.strip().lower().lstrip("+-") in {"inf", "infinity", "unlimited", "∞"}:
        return _unlimited(column)
    if not text.isascii() and NUMBER.fullmatch(unicodedata.normalize("NFKC", text)):
        return "write it in the digits 0 to 9"
    if re.fullmatch(r"[-+]?[0-9.,' \u00a0\u202f]+", text) and re.search(r"[0-9]", text):
        return "write digits and one decimal point, such as 1234.5; no separators, no spaces"
    if column.takes_fractions:
        return "write a decimal, such as 0.25, or a fraction, such as 1/12"
    if text.endswith("%"):
        return "write the fraction, such as 0.065 for 6.5 %"
    if column.required:
        return "write the figure, such as 1234.5"
    return "write the figure, such as 1234.5, or leave it blank"


def _unlimited(column: Column) -> str:
    if column.blank in {"no limit", "no bound"}:
        return f"leave it blank for {column.blank}"
    return "write a figure that can occur"


def _boolean(text: str) -> bool | CellProblem:
    if text.lower() in {"true", "false"}:
        return text.lower() == "true"
    return CellProblem(quoted(text), "must be true or false", "write true or false")


def _date(text: str) -> str | CellProblem:
    """Return a day as YYYY-MM-DD, from the forms of it that a spreadsheet program may write."""
    readings = _readings_of_date(text)
    if len(readings) == 1:
        return readings.pop().isoformat()
    rule = "must be a day written YYYY-MM-DD"
    if readings:
        two = " or ".join(day.isoformat() for day in sorted(readings))
        rule = f"{rule}, and this may be {two}"
    return CellProblem(quoted(text), rule, "write it like 2025-05-20")


def _readings_of_date(text: str) -> set[datetime.date]:
    """Return the days that a text may mean: year first, or year last with day and month around."""
    match = _YEAR_FIRST.fullmatch(text)
    if match:
        orders = [(match["year"], match["month"], match["day"])]
    elif match := _YEAR_LAST.fullmatch(text):
        one, two = match["one"], match["two"]
        orders = [(match["year"], one, two), (match["year"], two, one)]
    else:
        return set()
    days = set()
    for year, month, day in orders:
        with contextlib.suppress(ValueError):
            days.add(datetime.date(int(year), int(month), int(day)))
    return days


def _no_choice(column: Column, text: str) -> CellProblem:
    rule = f"must be one of {', '.join(column.choices)}"
    return CellProblem(quoted(text), rule, did_you_mean(text, column.choices, "write one of these"))


def _names(column: Column, text: str) -> str | CellProblem:
    names = text.split("|")
    if len(set(names)) < len(names):
        return CellProblem(
            quoted(text), "names joined by | must differ and none be blank", "write each name once"
        )
    for name in names:
        if not name:
            return CellProblem(
                quoted(text), "names joined by | must differ and none be blank", "drop the extra |"
            )
        problem = _name_problem(column, name)
        if problem:
            return problem
        if column.choices and name not in column.choices:
            return _no_choice(column, name)
    return text


def _name_problem(column: Column, name: str) -> CellProblem | None:
    if name != name.strip():
        return CellProblem(
            quoted(name), "must not begin or end with a space", f"write {quoted(name.strip())}"
        )
    longest = MAX_NAME_LENGTH * (_NAMES_OF_A_LINK if column.name == "via" else 1)
    if len(name) > longest:
        rule = f"a name may have at most {longest} characters"
        return CellProblem(quoted(name), rule, "shorten it")
    for sign in column.forbidden:
        if sign in name:
            return CellProblem(
                quoted(name),
                f"must not hold {quoted(sign)}, which parts a route",
                "use another sign",
            )
    if _HARMLESS.fullmatch(name):
        return None
    if "|" in name:
        return CellProblem(
            quoted(name), 'must not hold "|", which joins several names', "use another sign"
        )
    return _hidden_character(name, _INVISIBLE | {"Cf"})


def as_meant(name: str) -> str:
    """Return a faulty name without what cannot be seen, so that it is found fault with once."""
    return "".join(c for c in name if unicodedata.category(c) not in _INVISIBLE | {"Cf"}).strip()


def _hidden_character(text: str, categories: frozenset[str]) -> CellProblem | None:
    if text.isascii() and text.isprintable():
        return None
    for position, character in enumerate(text, start=1):
        if unicodedata.category(character) in categories and character not in _JOINERS:
            what = f"character {position} is U+{ord(character):04X}"
            return CellProblem(
                quoted(text), f"must hold no control or invisible character ({what})", "delete it"
            )
    return None


def parse_value(column: Column, value: object) -> Value | CellProblem:
    """Return what a TOML value gives in `column`; it must have the column's type already."""
    if isinstance(value, list) and column.kind == "names":
        if not all(isinstance(name, str) for name in value):
            return _wrong_type(column, value)
        bars = [name for name in value if "|" in name]
        return _name_problem(column, bars[0]) or "" if bars else parse_cell(column, "|".join(value))
    takes = (*_TOML_TYPES[column.kind], *((str,) if column.takes_fractions else ()))
    if not isinstance(value, takes) or (isinstance(value, bool) and column.kind != "boolean"):
        return _wrong_type(column, value)
    if isinstance(value, int) and abs(value) >= MAX_NUMBER:
        return _too_large(column, "a larger number")
    return parse_cell(column, toml_text(value))


_TOML_TYPES: dict[Kind, tuple[type, ...]] = {
    "number": (int, float),
    "integer": (int, float),
    "boolean": (bool,),
    "date": (str, datetime.date),
    "moment": (str, int, float),
}
_TOML_TYPES |= dict.fromkeys(("name", "names", "text", "target", "choice"), (str,))
_TYPE_RULES: dict[Kind, tuple[str, str]] = {
    "number": ("must be a number", "write it without quotes, such as 1234.5"),
    "integer": ("must be a whole number", "write it without quotes, such as 2024"),
    "boolean": ("must be true or false", "write true or false without quotes"),
    "date": ("must be a day", "write it like 2025-05-20"),
    "moment": ("must be a year or the name of a period", 'write it like 2026 or "2026-03"'),
    "names": ("must be a list of names", 'write it like ["A", "B"]'),
}


def _wrong_type(column: Column, value: object) -> CellProblem:
    rule, remedy = _TYPE_RULES.get(
        column.kind, ("must be a text", 'write it in double quotes "..."')
    )
    return CellProblem(
        toml_text(value) if _is_plain(value) else quoted(toml_text(value)), rule, remedy
    )


def _is_plain(value: object) -> bool:
    return isinstance(value, bool | int | float)


def toml_text(value: object) -> str:
    """Return a TOML value as a cell's text.

    Examples
    --------
    >>> toml_text(True), toml_text(2.0), toml_text(["A", "B"])
    ('true', '2', 'A|B')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return format_number(value)
    if isinstance(value, list):
        return "|".join(map(toml_text, value))
    return str(value)
