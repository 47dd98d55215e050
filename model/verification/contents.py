"""The files of two run folders cell by cell and key by key: what is stored, what is derived."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from model.audit.disagreement import IN_FULL, ROUNDED, Disagreement, compare_number, row_name, show
from model.certify.reading import CertificateError, Table, exact, read_table, strict_json

SHORT = 10**6
"""Figures that are whole in one part of so many have not been rounded at their ninth decimal."""
NAMED_CELLS = 3
"""Cells by which a row is named to people, after its number."""


def compare_csv(file: str, stored: str, derived: str) -> Iterator[Disagreement]:
    """Cells of a table that are not those derived."""
    if stored == derived:
        return
    name = file.removesuffix(".csv")
    try:
        said = read_table({file: stored}, name)
    except CertificateError as error:
        yield Disagreement(file, "", str(error), "a table")
        return
    found = read_table({file: derived}, name)
    if list(said.header) != list(found.header):
        yield Disagreement(file, "header", ", ".join(said.header), ", ".join(found.header))
        return
    yield from _rows(file, said, found)


def _rows(file: str, said: Table, found: Table) -> Iterator[Disagreement]:
    columns = list(found.header)
    for number, (ours, theirs) in enumerate(zip(said.rows, found.rows, strict=False), start=2):
        texts = [cell for cell in theirs if not _number(cell)][:NAMED_CELLS]
        where = f"row {number} ({row_name(tuple(texts))})" if any(texts) else f"row {number}"
        for column, cell, right in zip(columns, ours, theirs, strict=True):
            yield from _compare_text(file, f"{where}, {column}", cell, right)
    if len(said.rows) != len(found.rows):
        yield Disagreement(file, "", f"{len(said.rows)} rows", str(len(found.rows)))


def _compare_text(file: str, figure: str, said: str, found: str) -> Iterator[Disagreement]:
    """A disagreement, if two cells differ by more than the rounding of a number."""
    if said == found:
        return
    ours, theirs = _number(said), _number(found)
    if ours is None or theirs is None:
        yield Disagreement(file, figure, show(said), show(found))
    else:
        yield from _compare_number(file, figure, ours, theirs)


def _compare_number(
    file: str, figure: str, said: Fraction, found: Fraction
) -> Iterator[Disagreement]:
    """A disagreement, unless the arithmetic of another machine explains it."""
    is_short = (found * SHORT).denominator == 1
    yield from compare_number(file, figure, said, found, IN_FULL if is_short else ROUNDED)


def _number(text: str) -> Fraction | None:
    try:
        return exact(text)
    except CertificateError:
        return None


def compare_json(
    file: str, stored: str, derived: str, passed_over: frozenset[str] = frozenset()
) -> Iterator[Disagreement]:
    """Keys and values of a JSON object that are not those derived.

    Parameters
    ----------
    passed_over : keys, joined by dots, that have to be there and whose values are not compared
    """
    if stored == derived:
        return
    try:
        said = strict_json(file, stored)
    except CertificateError as error:
        yield Disagreement(file, "", str(error), "a JSON object")
        return
    yield from _values(file, "", said, strict_json(file, derived), passed_over)


def _values(
    file: str, key: str, said: Any, found: Any, passed_over: frozenset[str]
) -> Iterator[Disagreement]:
    if isinstance(said, dict) and isinstance(found, dict):
        for name in dict.fromkeys([*found, *said]):
            where = f"{key}.{name}" if key else name
            if name not in said or name not in found:
                there = name in said
                yield Disagreement(file, where, *_presence(there))
            elif where not in passed_over:
                yield from _values(file, where, said[name], found[name], passed_over)
    elif isinstance(said, list) and isinstance(found, list):
        if len(said) != len(found):
            yield Disagreement(file, key, f"{len(said)} entries", str(len(found)))
        for place, (ours, theirs) in enumerate(zip(said, found, strict=False)):
            yield from _values(file, f"{key}[{place}]", ours, theirs, passed_over)
    elif _is_number(said) and _is_number(found):
        yield from _compare_number(file, key, Fraction(said), Fraction(found))
    elif type(said) is not type(found) or said != found:
        yield Disagreement(file, key, show(said), show(found))


def _presence(is_stored: bool) -> tuple[str, str]:
    return ("a key", "none") if is_stored else ("no key", "one")


def _is_number(value: Any) -> bool:
    return isinstance(value, Fraction | int) and not isinstance(value, bool)
