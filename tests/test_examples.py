"""The worked examples of the documentation: commands run, Python gives what the page says."""

from __future__ import annotations

import doctest
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Page:
    """An example with its Python, its commands and the scenario files that it has one save."""

    name: str

    @property
    def path(self) -> Path:
        return ROOT / "docs" / f"example_{self.name}.md"

    @property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    def blocks(self, language: str) -> list[str]:
        return re.findall(rf"```{language}\n(.*?)```", self.text, flags=re.DOTALL)

    @property
    def commands(self) -> list[str]:
        return [line for block in self.blocks("sh") for line in block.splitlines()]

    def prepare(self, folder: Path) -> None:
        """Lay out a folder in which the page's commands can be run."""
        (folder / "data").symlink_to(ROOT / "data")
        files = re.findall(r"`(\w+\.toml)`:\n\n```toml\n(.*?)```", self.text, flags=re.DOTALL)
        assert len(files) == len(self.blocks("toml"))
        for name, text in files:
            (folder / name).write_text(text, encoding="utf-8")


PAGES = (Page("planner"), Page("consultant"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_its_python_gives_what_it_says(
    page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.prepare(tmp_path)
    monkeypatch.chdir(tmp_path)
    parser = doctest.DocTestParser()
    examples = parser.get_doctest(
        page.text.replace("```", ""), {}, page.path.name, str(page.path), 0
    )
    runner = doctest.DocTestRunner(optionflags=doctest.REPORT_NDIFF)
    runner.run(examples)
    assert runner.summarize(verbose=False).failed == 0
    assert len(examples.examples) > 20


@pytest.mark.system
@pytest.mark.parametrize(
    ("page", "line"),
    [pytest.param(page, line, id=line) for page in PAGES for line in page.commands],
)
def test_its_commands_run(page: Page, line: str, tmp_path: Path) -> None:
    page.prepare(tmp_path)
    command, _, note = line.partition("#")
    told = re.search(r"exit code (\d+)", note)
    words = shlex.split(command)[2:]
    done = subprocess.run(
        [sys.executable, str(ROOT / "solve.py"), *words],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == (int(told[1]) if told else 0), done.stderr
    assert done.stdout
