"""The table of bad inputs in README.md: every row is there, and every test that it names."""

from __future__ import annotations

import ast
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
ENTRIES = "bad_inputs.toml"
ROWS = [
    (int(number), tests)
    for number, tests in re.findall(
        r"^\| (\d+) \|.*\| ([^|]*) \|$", (TESTS / "README.md").read_text("utf-8"), re.MULTILINE
    )
]


@cache
def functions(file: str) -> set[str]:
    tree = ast.parse((TESTS / file).read_text("utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@cache
def entries() -> set[int]:
    content = tomllib.loads((TESTS / ENTRIES).read_text("utf-8"))
    return {entry["number"] for entry in content["input"]}


def test_every_row_is_there_once() -> None:
    assert [number for number, _ in ROWS] == list(range(1, len(ROWS) + 1))


@pytest.mark.parametrize(("number", "tests"), ROWS, ids=[str(number) for number, _ in ROWS])
def test_every_test_named_exists(number: int, tests: str) -> None:
    names = re.findall(r"`([^`]+)`", tests)
    assert names
    for name in names:
        file, _, function = name.partition("::")
        if file == ENTRIES:
            assert number in entries()
        else:
            assert function in functions(file), name
