"""The program knows neither bundled market by name; its words are those of any commodity."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).parents[1]
CASES = [ROOT / "data" / name for name in ("prebaked_2024", "battery_2024")]
SUFFIXES = {".py", ".html", ".js", ".css", ".toml"}
COMMAND_LINE = [ROOT / "solve.py", ROOT / "reports" / "commands"]
PLACES = [*COMMAND_LINE, ROOT / "model", ROOT / "reports"]
GENERATED = ROOT / "reports" / "runs"

COMMODITIES = ["anode", "graphite", "alumin", "smelter", "lithium", "battery", "coke"]
OF_THE_PROJECT = {"anode-allocation"}
"""What the project itself is called."""
HELP = {"epilog", "help"}
"""Arguments of the command line's help, whose examples are those of the default case."""
OF_PICTURES = {"reports/assets/make_outlines.py", "reports/assets/outlines.toml"}
"""Outlines have to name the places that they outline."""
OF_BUNDLED_CASES = {"model/studies/sensitivity/assumptions_page.py"}
"""It makes the page of what the bundled cases assume."""


def sources() -> list[Path]:
    files = [
        file
        for place in PLACES
        for file in ([place] if place.is_file() else place.rglob("*"))
        if file.suffix in SUFFIXES and GENERATED not in file.parents
    ]
    return sorted(
        file
        for file in files
        if file.relative_to(ROOT).as_posix() not in OF_PICTURES | OF_BUNDLED_CASES
    )


def words_of_the_cases() -> set[str]:
    """Names of origins, sinks, regions and projects, but for words of everyday language."""
    found: set[str] = set()
    for case in CASES:
        for table, columns in (
            ("origins", ["origin", "region", "node"]),
            ("sinks", ["sink", "region", "node"]),
            ("projects", ["project", "region"]),
        ):
            frame = pd.read_csv(case / f"{table}.csv").reindex(columns=columns)
            found |= set(frame.stack().dropna().astype(str))
    return {name for name in found if not name.startswith("Other")}


def without_help(file: Path) -> str:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            node.keywords = [each for each in node.keywords if each.arg not in HELP]
    return ast.unparse(tree)


@pytest.fixture(scope="module")
def pattern() -> re.Pattern[str]:
    names = sorted(re.escape(name) for name in words_of_the_cases())
    stems = [rf"\w*{stem}\w*" for stem in COMMODITIES]
    return re.compile(rf"\b(?:{'|'.join(names)})\b|(?i:{'|'.join(stems)})")


def test_there_are_sources_and_names_to_look_for() -> None:
    assert len(sources()) > 50
    assert {"Shandong", "Yunnan", "BTR", "United States"} <= words_of_the_cases()


@pytest.mark.parametrize("file", sources(), ids=lambda file: file.relative_to(ROOT).as_posix())
def test_no_source_names_a_commodity_a_company_or_a_place(
    file: Path, pattern: re.Pattern[str]
) -> None:
    of_the_command_line = not {file, file.parent}.isdisjoint(COMMAND_LINE)
    text = without_help(file) if of_the_command_line else file.read_text(encoding="utf-8")
    for name in OF_THE_PROJECT:
        text = text.replace(name, "")
    found = [
        f"{number}: {hit[0]}"
        for number, line in enumerate(text.splitlines(), start=1)
        for hit in pattern.finditer(line)
    ]
    assert not found
