"""Both bundled markets answer to the same commands: run, verify, compare, with their pages."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
QUESTIONS = {"prebaked_2024": ["base", "gulf_duty"], "battery_2024": ["base", "preliminary"]}


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
