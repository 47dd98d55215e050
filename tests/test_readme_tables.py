"""The tables in README.md: every row is there, and every test that it names."""

from __future__ import annotations

import ast
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

from tests.support.long_tests import long_tests

TESTS = Path(__file__).parent
ENTRIES = "bad_inputs.toml"


def rows_of(title: str) -> list[tuple[int, str]]:
    """Number and tests of every row under a heading of README.md."""
    _, _, text = (TESTS / "README.md").read_text("utf-8").partition(f"## {title}\n")
    section = text.partition("\n## ")[0]
    rows = re.findall(r"^\| (\d+) \|.*\| ([^|]*) \|$", section, re.MULTILINE)
    return [(int(number), tests) for number, tests in rows]


BAD_INPUTS, FOUND = rows_of("Bad input and bad luck"), rows_of("Found by use")
ROWS = BAD_INPUTS + FOUND


@cache
def functions(file: str) -> set[str]:
    tree = ast.parse((TESTS / file).read_text("utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@cache
def entries() -> set[int]:
    content = tomllib.loads((TESTS / ENTRIES).read_text("utf-8"))
    return {entry["number"] for entry in content["input"]}


def test_every_row_is_there_once() -> None:
    assert [number for number, _ in BAD_INPUTS] == list(range(1, 70))
    assert [number for number, _ in FOUND] == list(range(1, 45))


def test_every_input_that_was_found_stands_in_the_table() -> None:
    text = (TESTS / "README.md").read_text("utf-8")
    folders = [path.name for path in (TESTS / "data" / "found").iterdir() if path.is_dir()]
    assert [name for name in folders if f"`{name}`" not in text] == []


@pytest.mark.parametrize(
    ("number", "tests"), ROWS, ids=[f"{n} {number}" for n, (number, _) in enumerate(ROWS)]
)
def test_every_test_named_exists(number: int, tests: str) -> None:
    names = re.findall(r"`([^`]+)`", tests)
    assert names
    for name in names:
        file, _, function = name.partition("::")
        if file == ENTRIES:
            assert number in entries()
        else:
            assert function in functions(file), name


def test_every_long_test_exists() -> None:
    here = {name for name in long_tests() if name.startswith("tests.")}
    assert here
    for name in here:
        module, _, function = name.removeprefix("tests.").partition("::")
        assert function in functions(f"{module}.py"), name
