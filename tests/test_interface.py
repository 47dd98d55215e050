"""The public interface: five lines in a notebook, whole run folders, nothing loaded too early."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import model
from model import Case, Result, allocate, compare, load_run, plan, read_case, site, sweep, verify
from model.case.errors import BadInput
from reports.pages import write_pages
from tests.support.cases import TWELVE_REGIONS
from tests.support.output_files import is_possible, required_files

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def suez() -> Result:
    return allocate(read_case(str(TWELVE_REGIONS), scenario="suez_closed"))


def test_five_lines_of_a_notebook_make_a_whole_run_folder(suez: Result, tmp_path: Path) -> None:
    assert list(suez.flows.head().columns[:2]) == ["origin", "sink"]
    folder = suez.save(str(tmp_path / "runs"))
    names = {path.name + "/" * path.is_dir() for path in folder.iterdir()}
    assert required_files("run", "optimal") <= names
    assert [name for name in names if not is_possible("run", name)] == []
    assert folder.name.startswith("suez_closed-")
    assert verify(folder).agrees
    assert suez.figures["run"] == folder.as_posix()


def test_a_folder_holds_the_page_where_pages_are_given(suez: Result, tmp_path: Path) -> None:
    folder = suez.save(tmp_path, pages=write_pages)
    assert (folder / "report.html").read_text("utf-8").startswith("<!doctype html>")
    assert (folder / "report.xlsx").stat().st_size > 1000
    assert verify(folder).agrees


def test_a_result_read_back_is_the_result(suez: Result, tmp_path: Path) -> None:
    folder = suez.save(tmp_path)
    again = load_run(str(folder))
    assert again.figures["total_cost_mcny"] == suez.figures["total_cost_mcny"]
    pd.testing.assert_frame_equal(again.balance, suez.balance, check_dtype=False)
    with pytest.raises(ValueError, match="saved already"):
        again.save(tmp_path)


def test_a_case_changed_in_python_is_checked_and_saved_as_its_own(tmp_path: Path) -> None:
    case = read_case(TWELVE_REGIONS)
    less = case.replace(
        sinks=case.sinks.assign(
            demand_kt=case.sinks["demand_kt"] / 2, max_kt=case.sinks["max_kt"] / 2
        )
    )
    result = allocate(less)
    assert result.figures["shipped_kt"] == pytest.approx(case.sinks["demand_kt"].sum() / 2)
    assert verify(result.save(tmp_path)).agrees
    with pytest.raises(BadInput, match="supply_kt"):
        allocate(case.replace(origins=case.origins.assign(supply_kt=-1.0)))


def test_every_kind_of_answer_is_saved_and_verifies(tmp_path: Path) -> None:
    case = read_case(TWELVE_REGIONS)
    answers = [
        site(case, budget_mcny=500, top=2),
        plan(case, max_projects=1),
        sweep(case, ROOT / "docs" / "draws.toml", draws=4),
        compare([allocate(case), allocate(read_case(TWELVE_REGIONS, "suez_closed"))]),
    ]
    for answer in answers:
        found = verify(answer.save(tmp_path))
        assert found.agrees, (answer.kind, found.disagreements)


def test_a_name_that_no_table_has_is_refused_with_those_there_are(suez: Result) -> None:
    with pytest.raises(AttributeError, match="its tables are flows, balance, prices"):
        _ = suez.schedule


def test_a_result_shows_itself_in_a_line_and_in_a_notebook(suez: Result) -> None:
    assert repr(suez) == "<Result: run suez_closed, optimal, 2,637.7 MCNY>"
    assert "<td>Total cost</td>" in suez._repr_html_()


def test_everything_public_is_there() -> None:
    assert Case.__name__ == "Case"
    assert all(getattr(model, name) for name in model.__all__)
    with pytest.raises(AttributeError):
        _ = model.nothing  # type: ignore[attr-defined]


def test_names_load_on_first_use() -> None:
    code = (
        "import sys, model, model.case.case\n"
        "studies = [name for name in sys.modules if name.startswith('model.studies')]\n"
        "assert not studies and 'model.interface' not in sys.modules, studies\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
