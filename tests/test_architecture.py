"""The picture of the architecture is that of the code."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import networkx
import pytest

from model.market.compile_market import compile_market
from model.reading.read_case import read_case
from model.result.balance import balance_table
from model.run import RunOptions, evaluate
from model.scenarios.prepare import PreparedCase, prepare
from model.solve.column_generation import allocate
from model.solve.lp import build_lp
from model.studies.sweep.read_draws import read_draws
from model.studies.sweep.study import sweep
from reports.page.tables import balances
from tests.support.cases import TWELVE_REGIONS
from tests.support.imports import FILES, ROOT, arrows, without_detours

PAGE = ROOT / "docs" / "architecture.md"
ROOMS = (
    "solve",
    "reports.commands",
    "model",
    *(f"model.{name}" for name in (
        "arrays", "case", "checking", "reading", "scenarios", "market", "solve", "result",
        "certify", "audit", "store", "run", "studies", "verification", "interface",
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


def rooms_run(journey: Callable[[], Any]) -> set[str]:
    """Folders of the files whose functions are called; a file outside of any room is its own."""
    files = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_name != "<module>":
            files.add(frame.f_code.co_filename)

    sys.setprofile(note)
    try:
        journey()
    finally:
        sys.setprofile(None)
    ours = {Path(name) for name in files} & set(FILES.values())
    loose = {ROOT / "model", ROOT / "reports", ROOT / "model" / "studies"}
    rooms = {path if path.parent in loose else path.parent for path in ours}
    return {room.relative_to(ROOT).as_posix() for room in rooms}


def rooms_named(beginning: str) -> set[str]:
    """The rooms that the page names last in the paragraph of a journey."""
    (journey,) = re.findall(rf"\*\*{beginning}.*?\n\n", PAGE.read_text("utf-8"), re.DOTALL)
    (listed,) = re.findall(r"rooms:\s([^:]*)$", journey.strip())
    return set(re.findall(r"`([\w/.]+)`", listed))


@pytest.fixture(scope="module")
def prepared() -> PreparedCase:
    return prepare(TWELVE_REGIONS, ["base"])[0]


def test_supply_runs_through_the_rooms_that_the_page_names(prepared: PreparedCase) -> None:
    run = evaluate(prepared.case, prepared.scenario, prepared.ledger, RunOptions(quick=True))
    market = compile_market(run.case)
    lanes = allocate(market).lanes
    stages = (
        lambda: read_case(TWELVE_REGIONS),
        lambda: compile_market(run.case),
        lambda: build_lp(market, lanes),
        lambda: balance_table(run.case, run.flows),
        lambda: balances(run),
    )
    assert set().union(*map(rooms_run, stages)) == rooms_named(
        "`origins.supply_kt` from file to page"
    )


def test_a_scenario_step_runs_through_the_rooms_that_the_page_names() -> None:
    assert rooms_run(lambda: prepare(TWELVE_REGIONS, ["suez_closed"])) == rooms_named(
        "A scenario step"
    )


def test_a_draw_runs_through_the_rooms_that_the_page_names(prepared: PreparedCase) -> None:
    file = ROOT / "docs" / "draws.toml"
    assert rooms_run(lambda: sweep(prepared.case, read_draws(file), draws=3)) == rooms_named(
        "A draw"
    )
