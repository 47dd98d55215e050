"""What the catalogue of languages should hold: every text that reports say, by where it stands."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from model.case.schema import CASE, TABLES
from model.result.absent import BY_FUTURE, BY_PERIOD, FROM_FLOWS, NO_ALLOCATION
from model.result.figures import FIGURES
from model.result.output_columns import COLUMNS
from reports.language.words import WORDS

ROOT = Path(__file__).parents[2]
SAID_TO = {"say", "word", "texts", "labelled", "TableColumn"}
"""Functions whose texts, however short, are of the catalogue."""
WORDY = re.compile(r"[A-Za-z]{2,}[,;:]? [a-z(“]*[A-Za-z]{2,}|^[A-Z][a-z]{2,}[.:]?$")
"""Two words after each other, or a capital before small letters."""
IN_F_STRING = re.compile(r"[A-Za-z]{3,} |[ (][a-z]{3,}|\b(?:kt|MCNY|CNY)\b")
NOT_READ = ("assets", "language/words.py", "language/own_words.py")
"""Parts of `reports` that make assets, or are lists of words themselves."""


@dataclass(frozen=True)
class Literal:
    """A text in the code, and where it stands."""

    text: str
    place: str
    is_part: bool = False  # of an f-string
    is_said: bool = False  # handed to a function of the catalogue


def files() -> list[Path]:
    """The code of reports, and of the command line."""
    found = [path for path in (ROOT / "reports").rglob("*.py") if "runs" not in path.parts]
    return [ROOT / "solve.py", *(path for path in found if not _is_left_out(path))]


def _is_left_out(path: Path) -> bool:
    name = path.relative_to(ROOT / "reports").as_posix()
    return name.startswith(NOT_READ)


@cache
def literals() -> tuple[Literal, ...]:
    """Every text in the code that is no docstring."""
    return tuple(literal for path in files() for literal in _of_file(path))


def _of_file(path: Path) -> Iterator[Literal]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    silent = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    parts = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for part in ast.walk(node)
        if part is not node
    }
    said = {
        id(argument)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _name(node.func) in SAID_TO
        for argument in node.args[:2]
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if id(node) in silent:
                continue
            place = f"{path.relative_to(ROOT).as_posix()}:{node.lineno}"
            yield Literal(node.value, place, id(node) in parts, id(node) in said)


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


@cache
def in_templates() -> frozenset[str]:
    """Texts that templates say."""
    pages = [*(ROOT / "reports").rglob("*.html")]
    said = re.compile(r'say\("((?:[^"\\]|\\.)*)"')
    return frozenset(
        text
        for page in pages
        if "runs" not in page.parts
        for text in said.findall(page.read_text("utf-8"))
    )


@cache
def of_the_model() -> frozenset[str]:
    """Titles, units and meanings that the model keeps with what they are of; its words."""
    figures = [text for f in FIGURES.values() for text in (f.title, f.unit, f.definition, f.part)]
    columns = [text for c in COLUMNS.values() for text in (c.title, c.unit, c.meaning)]
    tables = [CASE, *TABLES.values()]
    inputs = [text for t in tables for c in t.columns for text in (c.meaning, c.unit, c.blank)]
    inputs += [table.meaning for table in tables]
    choices = [choice for t in tables for c in t.columns for choice in c.choices]
    absent = [figure.absent for figure in FIGURES.values()]
    absent += [BY_PERIOD, BY_FUTURE, FROM_FLOWS, *NO_ALLOCATION.values()]
    texts = {*figures, *columns, *inputs, *choices, *absent, *WORDS}
    return frozenset(text for text in texts if re.search("[A-Za-z]", text))
