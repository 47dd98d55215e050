"""How far a figure may be off: a part in ten thousand million is named in every cell and key."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from model.audit.disagreement import IN_FULL, PRICES, ROUNDED, SUMS, Rounding, compare_number
from model.audit.layout import RUN_JSON_NOT_COVERED
from model.verification.verify import verify
from tests.support.forging import seal_again, table, write
from tests.support.honest_folders import CUT_SHORT, NAMES, Honest, honest_folders

PART = 1e-10
FAST = ("run",)
"""Folders of which every figure is changed in the fast tests; of the others in the slow ones."""


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Honest:
    return honest_folders(tmp_path_factory.mktemp("digits"))


@pytest.mark.parametrize(
    "name", [pytest.param(x, marks=[] if x in FAST else [pytest.mark.slow]) for x in NAMES]
)
def test_every_figure_that_is_off_by_its_tenth_digit_is_named(
    honest: Honest, tmp_path: Path, name: str
) -> None:
    files = sorted(path.name for path in honest.folder(name).iterdir() if is_changed(path))
    for file in files:
        run = honest.copy(name, tmp_path / file)
        changed = set(
            change_table(run / file) if file.endswith(".csv") else change_json(run / file)
        )
        seal_again(run)
        entries = [entry for entry in verify(run).disagreements if entry.file == file]
        missed = [x for x in changed if not any(x in entry.figure for entry in entries)]
        if file == "run.json" and name in CUT_SHORT:  # what it was made again of is off already
            assert entries or not changed
        else:
            assert not missed, f"{file}: {sorted(missed)[:9]}"


def is_changed(path: Path) -> bool:
    return path.name.endswith((".csv", ".json")) and path.name != "manifest.json"


def change(path: Path) -> Iterator[str]:
    return change_table(path) if path.name.endswith(".csv") else change_json(path)


def change_table(path: Path) -> Iterator[str]:
    """Change every number of a table, each column by another part; the columns that have any."""
    header, rows = table(path)
    for row in rows:
        for column, cell in enumerate(row):
            if is_number(cell):
                row[column] = repr(float(cell) * (1 + (column + 1) * PART))
                yield header[column]
    write(path, header, rows)


def is_number(cell: str) -> bool:
    try:
        return float(cell) not in (0.0, float("inf"))
    except ValueError:
        return False


def change_json(path: Path) -> Iterator[str]:
    """Change every fraction of an object; where they stand."""
    content = json.loads(path.read_text(encoding="utf-8"))
    passed_over = {*RUN_JSON_NOT_COVERED.keys, "provenance"}
    yield from changed_values(content, "", passed_over)
    path.write_text(json.dumps(content, indent=2), encoding="utf-8")


def changed_values(value: Any, place: str, passed_over: set[str]) -> Iterator[str]:
    items = list(enumerate(value)) if isinstance(value, list) else list(value.items())
    for key, each in items:
        where = f"{place}[{key}]" if isinstance(value, list) else f"{place}.{key}".strip(".")
        if isinstance(each, dict | list) and where not in passed_over:
            yield from changed_values(each, where, passed_over)
        elif isinstance(each, float) and each and where not in passed_over:
            value[key] = each * (1 + PART)
            yield where


@pytest.mark.parametrize(
    ("rounding", "found", "said", "agrees"),
    [
        (SUMS, "0.25", "0.250000000025", False),
        (SUMS, "1/3", "0.333333333", True),
        (SUMS, "1/3", "0.3333333333333333", True),
        (SUMS, "1/3", "0.33333333336", False),
        (SUMS, "2617.896723896", "2617.896723898", True),
        (SUMS, "2617.896723896", "2617.896723903", False),
        (PRICES, "1000/3", "333.333333", True),
        (PRICES, "1000/3", "333.333335", False),
        (PRICES, "1000/3", "333.33333336", False),
        (ROUNDED, "345.056106909", "345.056106910", True),
        (ROUNDED, "345.056106909", "345.056106911", False),
        (ROUNDED, "345.056106909", "345.056106943", False),
        (ROUNDED, "0.0333333333333", "0.0333333333366", False),
        (IN_FULL, "10", "10.000000001", False),
    ],
)
def test_what_rounding_explains(rounding: Rounding, found: str, said: str, agrees: bool) -> None:
    entries = list(compare_number("run.json", "cost", Fraction(said), Fraction(found), rounding))
    assert (entries == []) == agrees
