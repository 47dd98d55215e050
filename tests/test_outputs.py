"""docs/outputs.md is what the tables of outputs say, and the run folders are what it says."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from model.result.absent import BY_PERIOD, not_applicable
from model.result.figures import FIGURES, OF_ALLOCATION
from model.result.outputs import columns_of, tables_of
from model.result.outputs_page import PAGE, page
from tests.support.cases import TWELVE_REGIONS
from tests.support.output_files import is_possible, required_files

Command = Callable[..., Any]
DRAWS = str(Path(__file__).parents[1] / "docs" / "draws.toml")
COMMANDS = {
    "run": ["run"],
    "curve": ["curve", "--at", "Yunnan"],
    "ranges": ["ranges"],
    "why": ["why", "Shandong", "Qinghai"],
    "site": ["site", "--top", "2"],
    "plan": ["plan"],
    "sweep": ["sweep", DRAWS, "--draws", "3"],
}


def test_the_page_of_outputs_is_the_one_that_the_tables_make() -> None:
    assert PAGE.read_text("utf-8") == page(), "run `python -m model.result.outputs_page`"


def test_every_figure_ends_in_its_unit() -> None:
    endings = {"MCNY/yr": "_mcny", "MCNY": "_mcny", "kt/yr": "_kt", "km": "_km", "kCNY/yr": "_kcny"}
    for name, figure in FIGURES.items():
        assert name.endswith(endings.get(figure.unit, "")), name


def test_a_figure_without_a_value_has_a_reason_for_every_status() -> None:
    for status in ("infeasible", "limit"):
        reasons = not_applicable("run", status, {})
        assert set(OF_ALLOCATION) <= set(reasons)
        assert "it was not derived" not in reasons.values()


def test_a_reason_that_points_to_a_file_is_true_of_it() -> None:
    reasons = not_applicable("plan", "optimal", {"total_cost_mcny": 1.0})
    by_period = {name for name, reason in reasons.items() if reason == BY_PERIOD}
    stated = [name for name in columns_of("plan", "years") if name in OF_ALLOCATION]
    assert by_period == {name for name in stated if "plan" not in FIGURES[name].kinds}
    assert "shortage_kt" in by_period and "unshipped_kt" not in by_period


@pytest.mark.parametrize("kind", COMMANDS)
def test_a_folder_of_each_kind_holds_what_the_table_says(kind: str, command: Command) -> None:
    ended = command(*COMMANDS[kind], "--case", TWELVE_REGIONS, "--out", "runs", "--json")
    folder = Path(ended.json["run"])
    assert_whole(folder, kind)
    content = json.loads((folder / "run.json").read_text("utf-8"))
    assert {name for name in FIGURES if name in content and content[name] is None} == set(
        content["not_applicable"]
    )


def test_a_comparison_holds_what_the_table_says(command: Command) -> None:
    ended = command(
        "run", "base", "suez_closed", "--case", TWELVE_REGIONS, "--out", "runs", "--json"
    )
    assert_whole(Path(ended.json["comparison"]["run"]), "comparison")


def assert_whole(folder: Path, kind: str) -> None:
    names = {path.name + "/" * path.is_dir() for path in folder.iterdir()}
    assert required_files(kind, "optimal") <= names
    assert [name for name in names if not is_possible(kind, name)] == []
    for name, table in tables_of(kind).items():
        if f"{name}.csv" not in names:
            continue
        header = next(csv.reader((folder / f"{name}.csv").read_text("utf-8").splitlines()))
        assert tuple(header[: len(table.columns)]) == table.columns, name
        assert table.beyond or len(header) == len(table.columns), name
