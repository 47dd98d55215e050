"""The table of what the bundled cases assume: every assumption, its range, its replacement."""

from __future__ import annotations

import re

import pytest

from model.case.schema_page import ASSUMED, PAGE
from model.studies.sensitivity.assumptions_page import (
    CASES,
    assumed,
    not_found,
    range_of,
    section,
    wanted,
)


def table_of(title: str) -> dict[str, list[str]]:
    """Rows of the table under a title, by assumption: range, cost, turns, what would replace it."""
    _, _, rest = PAGE.read_text("utf-8").partition(ASSUMED)
    _, found, rest = rest.partition(f"\n### {title}\n")
    assert found, title
    lines = re.findall(r"^\| (.*) \|$", rest.partition("\n### ")[0], re.MULTILINE)
    cells = [line.split(" | ") for line in lines[2:]]
    return {name: rest for name, *rest in cells}


def title_of(case: str, scenario: str) -> str:
    return case if scenario == "base" else f"{case}, scenario {scenario}"


@pytest.mark.parametrize(("case", "scenario"), CASES)
def test_every_assumption_stands_there_with_its_range(case: str, scenario: str) -> None:
    found = table_of(title_of(case, scenario))
    rows = assumed(case, scenario).assumptions.to_dict("records")
    assert set(found) == {row["assumption"] for row in rows}
    for row in rows:
        given, _, _, replaced_by = found[row["assumption"]]
        assert (given, replaced_by) == (range_of(row), wanted(row["source"])), row["assumption"]
        assert replaced_by, f"say in data/wanted.toml what would replace {row['source']}"


def test_what_was_not_found_is_listed() -> None:
    assert not_found() in PAGE.read_text("utf-8")


@pytest.mark.slow
@pytest.mark.parametrize(("case", "scenario"), CASES)
def test_what_hangs_on_each_is_what_solving_says(case: str, scenario: str) -> None:
    assert section(case, scenario) in PAGE.read_text("utf-8")
