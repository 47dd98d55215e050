"""Both bundled markets answer to the same commands: run, verify, compare, with their pages."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from model.case.case import Case
from model.case.distances import with_distances
from model.market.compile_market import compile_market
from model.reading.read_case import read_case
from model.run import RunOptions, evaluate
from model.scenarios.prepare import prepare
from model.scenarios.scenario import apply, load_scenario
from model.solve.column_generation import Allocator
from model.studies.curve.curve import figure_curve
from model.studies.parametric.figure import Figure

ROOT = Path(__file__).parents[1]
QUESTIONS = {"prebaked_2024": ["base", "gulf_duty"], "battery_2024": ["base", "preliminary"]}


GULF = {"United Arab Emirates": 0.054900, "Oman": 0.056731, "Bahrain": 0.082294}
"""Market → the duty there on Chinese goods above which a plant of the Gulf serves all of it."""


def case_under(name: str, scenario: str) -> Case:
    folder = ROOT / "data" / name
    return with_distances(apply(read_case(folder), load_scenario(folder, scenario))[0])


def test_break_points_of_a_duty_in_the_gulf_agree_with_re_solves() -> None:
    rate = Figure("duties.rate")
    case = case_under("prebaked_2024", "gulf_duty")
    curve = figure_curve(case, rate, 0.0, 0.2)
    ends = [piece.end for piece in curve.pieces]
    middles = [(piece.start + piece.end) / 2 for piece in curve.pieces]
    for at in (0.0, *middles, *ends):
        optimum = Allocator(compile_market(rate.put(case, at))).optimise()
        assert curve.cost_kcny(at) == pytest.approx(optimum.objective, rel=1e-9)
    for market, switches in GULF.items():
        told = {at: change for at, (_, change) in zip(curve.breakpoints, curve.texts, strict=False)}
        nearest = min(told, key=lambda at: abs(at - switches))
        assert nearest == pytest.approx(switches, abs=1e-6)
        assert f"to {market} " in told[nearest]


@pytest.mark.parametrize("scenario", ["base", "as_printed", "hubs_one_place", "others_one_place"])
def test_every_geography_reproduces_the_paper(scenario: str) -> None:
    """Places, one hub a province, twelve regions: each printed row holds within its rounding."""
    (prepared,) = prepare(ROOT / "data" / "prebaked_2024", [scenario])
    result = evaluate(prepared.case, prepared.scenario, prepared.ledger, RunOptions())
    checked = result.observed[result.observed["holds"] != ""]
    assert len(checked) == 47
    assert set(checked["holds"]) == {"true"}
    assert result.figures["export_kt"] == pytest.approx(2165.8, abs=0.5)
    assert result.figures["domestic_kt"] == pytest.approx(19_560, abs=15)
    if scenario == "as_printed":
        assert result.figures["deficit_kt"] == pytest.approx(2732, abs=30)


def test_the_closed_suez_canal_is_that_of_the_base() -> None:
    base, closed, open_ = (
        prepare(ROOT / "data" / "prebaked_2024", [name])[0]
        for name in ("base", "suez_closed", "suez_open")
    )
    assert closed.ledger.empty
    assert closed.case.settings.closed_passages == base.case.settings.closed_passages
    assert not open_.case.settings.closed_passages


def command(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "solve.py"), *words],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.system
@pytest.mark.parametrize("name", QUESTIONS)
def test_a_market_runs_certifies_compares_and_reports(name: str, tmp_path: Path) -> None:
    case = str(ROOT / "data" / name)
    done = command("run", *QUESTIONS[name], "--case", case, "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert [run["status"] for run in answer["runs"]] == ["optimal", "optimal"]
    for run in answer["runs"]:
        folder = tmp_path / run["run"]
        certificate = json.loads((folder / "certificate.json").read_text(encoding="utf-8"))
        assert certificate
        assert (folder / "report.xlsx").stat().st_size > 10_000
        page = (folder / "report.html").read_text(encoding="utf-8")
        assert 'data-figure="world-map"' in page
        assert "proved optimal" in page
        verified = command("verify", run["run"], cwd=tmp_path)
        assert verified.returncode == 0, verified.stdout
    page = (tmp_path / answer["comparison"]["run"] / "report.html").read_text(encoding="utf-8")
    assert "duties" in page
