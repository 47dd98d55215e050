"""What a wheel installs works far from the checkout: command, bundled cases, types, pages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

pytestmark = pytest.mark.system


def pip(*words: str | Path) -> None:
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*command, *words], check=True, capture_output=True)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the wheel holds, and its command."""
    work = tmp_path_factory.mktemp("wheel")
    source = work / "source"
    source.mkdir()
    names = ["pyproject.toml", "README.md", "LICENSE", "solve.py", "model", "reports", "data"]
    for name in names:
        (source / name).symlink_to(ROOT / name)
    pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", work, source)
    pip("install", "--no-deps", "--target", work / "site", *work.glob("*.whl"))
    return work / "site"


def run(installed: Path, cwd: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The installed command, in a folder of its own."""
    command = [sys.executable, installed / "bin" / "anode-allocation", *words]
    environment = os.environ | {"PYTHONPATH": str(installed)}
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)


def test_the_command_solves_the_bundled_case_and_writes_its_page(
    installed: Path, tmp_path: Path
) -> None:
    ended = run(installed, tmp_path, "run", "--json")
    assert ended.returncode == 0, ended.stderr
    answer = json.loads(ended.stdout)
    folder = tmp_path / answer["run"]
    assert (folder / "report.html").stat().st_size > 100_000
    checked = run(installed, tmp_path, "verify", "latest")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_command_lists_the_bundled_cases(installed: Path, tmp_path: Path) -> None:
    ended = run(installed, tmp_path, "list", "--json")
    assert ended.returncode == 0, ended.stderr
    listed = json.loads(ended.stdout)
    assert {"prebaked_2024", "battery_2024"} <= set(listed["cases"])
    assert listed["scenarios"]


def test_types_are_installed(installed: Path) -> None:
    assert (installed / "model" / "py.typed").is_file()
