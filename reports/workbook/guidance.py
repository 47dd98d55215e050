"""What helps while a column is filled: its note, its drop-down, the bounds of its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from model.case.columns import Column, Table
from model.case.schema import MAX_NUMBER, TABLES
from model.reading.raw import column_letters
from reports.language import say

_BOUNDS = {"≥": "at least {bound:g}", ">": "above {bound:g}", "≤": "at most {bound:g}"}
_BOOLEANS = ("true", "false")
_LAST_ROW = 20_000  # as far as drop-downs look for names between blanks
_LONGEST_TITLE, _LONGEST_MESSAGE = 32, 255  # of a message that a spreadsheet shows


def explain(column: Column) -> str:
    """Return what a user needs to know to fill a column, one thing a line."""
    lines = [sentence(column.meaning)]
    if column.unit:
        lines.append(say("Unit: {unit}.", unit=say(column.unit)))
    blank = say("Blank: {meaning}.", meaning=blank_meaning(column))
    lines.append(say("Needed.") if column.required else blank)
    bounds = column.bounds_in_words
    if bounds:
        lines.append(sentence(_bounds(column)))
    if column.choices:
        lines.append(say("One of: {words}.", words=", ".join(column.choices)))
    if column.kind == "names":
        lines.append(say("Several names are joined by |."))
    if column.kind == "date":
        lines.append(say("A date, as 2025-12-31."))
    if column.takes_fractions:
        lines.append(say("A decimal, or a fraction as 1/12."))
    if column.kind == "moment":
        lines.append(say("A year as 2026, or a name from: periods.period."))
    if column.refers_to:
        lines.append(say("Names from: {columns}.", columns=", ".join(column.refers_to)))
    if column.key:
        lines.append(say("Part of what tells rows apart."))
    return "\n".join(lines)


def _bounds(column: Column) -> str:
    """What a number must be, as a phrase."""
    words = [say(_BOUNDS[sign], bound=bound) for sign, bound in column.bounds.items()]
    return say(" and ").join(words)


def blank_meaning(column: Column) -> str:
    """Return what a blank cell of an optional column means."""
    if column.blank:
        return say(column.blank)
    if column.default_column:
        return say("the same as {column}", column=column.default_column)
    filler = column.filler
    if isinstance(filler, bool):
        return "true" if filler else "false"
    if isinstance(filler, float):
        return f"{filler:g}" if filler == filler else say("unknown")
    return filler or say("nothing")


def sentence(text: str) -> str:
    """Return a phrase with a capital and a full stop."""
    read = say(text)
    return say("{clauses}.", clauses=f"{read[:1].upper()}{read[1:].rstrip('.。')}")


@dataclass(frozen=True)
class NameLists:
    """Named ranges that drop-downs show, collected while columns ask for them."""

    tables: Mapping[str, pd.DataFrame]
    used: dict[str, str] = field(default_factory=dict)

    def source(self, column: Column) -> str:
        """Return the formula of the list of names that a column may hold; blank for none."""
        for target in (*column.refers_to, *column.offers):
            table, _, name = target.partition(".")
            if table in self.tables:
                return f"={self._range(TABLES[table], name)}"
        return ""

    def _range(self, table: Table, name: str) -> str:
        stand_in = table.by_name[name].default_column
        if stand_in and self.tables[table.name].empty:
            name = stand_in  # in an empty table the column is likely to stay blank
        letters = column_letters(table.column_names.index(name))
        filled = f"COUNTA({table.name}!${letters}:${letters})-1"
        if not table.by_name[name].required:  # blanks stand between: as far as the last name
            cells = f"{table.name}!${letters}$1:${letters}${_LAST_ROW}"
            filled = f'SUMPRODUCT(MAX(({cells}<>"")*ROW({cells})))-1'
        self.used[f"list_{table.name}_{name}"] = (
            f"=OFFSET({table.name}!${letters}$2,0,0,MAX(1,{filled}),1)"
        )
        return f"list_{table.name}_{name}"


def validation(column: Column, lists: NameLists) -> dict[str, object]:
    """Return the drop-down or the bounds of a column; empty when anything may be typed."""
    choices = _BOOLEANS if column.kind == "boolean" else column.choices
    source = list(choices) if choices else lists.source(column)
    if source:
        # A drop-down of names helps and does not bind: a name may be entered before its own row is.
        is_binding = bool(choices) and column.kind != "names"
        rule = say("This must be one of {words}.", words=", ".join(choices))
        refusal = _refusal(column, rule) if is_binding else {}
        return {"validate": "list", "source": source, "show_error": is_binding, **refusal}
    if not column.is_number or column.takes_fractions:
        return {}
    rule = "This must be a number {bounds}." if column.bounds else "This must be a number."
    rule = say(rule, bounds=_bounds(column))
    return {"validate": "decimal", **_criteria(column), **_refusal(column, rule)}


def _criteria(column: Column) -> dict[str, object]:
    if column.above is not None:
        return {"criteria": ">", "value": column.above}
    low = column.minimum if column.minimum is not None else -MAX_NUMBER
    high = column.maximum if column.maximum is not None else MAX_NUMBER
    return {"criteria": "between", "minimum": low, "maximum": high}


def _refusal(column: Column, rule: str) -> dict[str, str]:
    title = column.name[:_LONGEST_TITLE]
    return {"error_title": title, "error_message": rule[:_LONGEST_MESSAGE]}
