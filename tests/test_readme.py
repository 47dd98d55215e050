"""The README's commands run as they stand."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [
    line.split("#")[0].strip()
    for block in re.findall(r"```sh\n(.*?)```", README, flags=re.DOTALL)
    for line in block.splitlines()
    if line.strip()
]
OURS = [command for command in COMMANDS if command.startswith("python solve.py")]


def test_the_readme_shows_its_two_commands() -> None:
    assert COMMANDS[:2] == ["make run", "make test"]
    assert ".venv/bin/python -m pip install -c constraints.txt -e ." in COMMANDS
    assert ".venv/bin/python -m pip install -c constraints.txt -e '.[test]'" in COMMANDS
    assert len(OURS) >= 4


@pytest.mark.system
@pytest.mark.parametrize("line", OURS)
def test_a_command_of_the_readme_runs(line: str, tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "solve.py"), *shlex.split(line)[2:]]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout


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
