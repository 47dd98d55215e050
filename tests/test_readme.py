"""The README's commands run as they stand, and what it links to exists."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from solve import app

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [
    line.split("#")[0].strip()
    for block in re.findall(r"```sh\n(.*?)```", README, flags=re.DOTALL)
    for line in block.splitlines()
    if line.strip()
]
OURS = [command for command in COMMANDS if command.startswith("python solve.py")]
SERVES = "python solve.py explore"  # until it is stopped; tests of its own


def solve(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a `python solve.py` line in a folder in which the project's documents can be found."""
    if not (folder / "docs").exists():
        (folder / "docs").symlink_to(ROOT / "docs")
    command = [sys.executable, str(ROOT / "solve.py"), *shlex.split(line)[2:]]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="session")
def a_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run folder to put where the README says RUN."""
    folder = tmp_path_factory.mktemp("a_run")
    done = solve("python solve.py", folder)
    assert done.returncode == 0, done.stderr
    (run,) = (folder / "reports" / "runs").glob("base-*")
    return run


def test_the_readme_shows_its_two_commands() -> None:
    assert COMMANDS[:2] == ["make run", "make test"]
    assert ".venv/bin/python -m pip install -c constraints.txt -e ." in COMMANDS
    assert ".venv/bin/python -m pip install -c constraints.txt -e '.[test]'" in COMMANDS


def test_every_command_has_an_example() -> None:
    names = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    assert len(names) > 10
    assert names - {"run"} == {line.split()[2] for line in OURS if line.split()[2:]} - {"run"}


@pytest.mark.system
@pytest.mark.parametrize("line", [line for line in OURS if line != SERVES])
def test_a_command_of_the_readme_runs(line: str, a_run: Path, tmp_path: Path) -> None:
    done = solve(line.replace("RUN", shlex.quote(str(a_run))), tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout


@pytest.mark.parametrize(
    "page", ["README.md", *sorted(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md"))]
)
def test_what_a_page_links_to_exists(page: str) -> None:
    file = ROOT / page
    links = re.findall(r"\]\(([^)#]+)\)", file.read_text(encoding="utf-8"))
    assert links or page != "README.md"
    assert [link for link in links if not (file.parent / link).exists()] == []


@pytest.mark.slow
@pytest.mark.system
def test_make_run_on_a_fresh_copy(tmp_path: Path) -> None:
    files = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.split(b"\0")
    for name in filter(None, map(os.fsdecode, files)):
        target = tmp_path / "copy" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target)
    done = subprocess.run(
        ["make", "run", f"PYTHON={sys.executable}"],
        cwd=tmp_path / "copy",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    page = re.search(r"reports/runs/\S+/report\.html", done.stdout)
    assert page is not None
    assert (tmp_path / "copy" / page[0]).is_file()
