"""The picture of the architecture is that of the code."""

from __future__ import annotations

import re

import networkx

from tests.support.imports import FILES, ROOT, arrows, without_detours

PAGE = ROOT / "docs" / "architecture.md"
ROOMS = (
    "solve",
    "model",
    *(f"model.{name}" for name in (
        "arrays", "case", "checking", "reading", "scenarios", "market", "solve", "result",
        "certify", "audit", "store", "run", "studies", "verification",
    )),
    "reports",
    *(f"reports.{name}" for name in (
        "language", "frames", "figures", "maps", "page", "workbook", "explore", "pages", "terminal",
    )),
)  # fmt: skip
EDGE = re.compile(r"^ +([\w.]+) --> ([\w.]+)$", re.MULTILINE)


def drawn() -> set[tuple[str, str]]:
    (picture,) = re.findall(r"```mermaid\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return set(EDGE.findall(picture))


def test_the_picture_shows_every_import_and_no_other() -> None:
    real = arrows(ROOMS)
    wanted = without_detours(real)
    right = "\n".join(f"    {above} --> {below}" for above, below in sorted(wanted))
    assert drawn() == wanted, f"draw these arrows:\n{right}"
    reached = networkx.transitive_closure(networkx.DiGraph(sorted(drawn())))
    assert {pair for pair in real if not reached.has_edge(*pair)} == set()


def test_every_package_has_its_row() -> None:
    page = PAGE.read_text(encoding="utf-8")
    packages = {name for name, path in FILES.items() if path.name == "__init__.py"}
    silent = {name for name in packages if f"`{name.replace('.', '/')}" not in page}
    assert silent == set()


def test_every_file_that_the_page_names_is_there() -> None:
    named = re.findall(r"`((?:model|reports|tests|data|docs)/[\w/.]+)`", PAGE.read_text("utf-8"))
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []
