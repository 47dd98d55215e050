"""What several tests share: the browser, Dantzig's case, the command line as a process."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.cluster import cluster
from tests.support.compared import COUNTED
from tests.support.long_tests import are_long, name_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = ["cluster"]

BROWSER_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")

DANTZIG = {
    "case.toml": 'name = "dantzig"\n',
    "origins.csv": "origin,supply_kt\nSeattle,350\nSan Diego,600\n",
    "sinks.csv": "sink,demand_kt\nNew York,325\nChicago,300\nTopeka,275\n",
    "lanes.csv": (
        "origin,sink,cost_cny_per_t\n"
        "Seattle,New York,0.225\nSeattle,Chicago,0.153\nSeattle,Topeka,0.162\n"
        "San Diego,New York,0.225\nSan Diego,Chicago,0.162\nSan Diego,Topeka,0.126\n"
    ),
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that take long, as they were measured."""
    modules = (item.nodeid.partition("::")[0].removesuffix(".py") for item in items)
    names = (
        name_of(module.replace("/", "."), item.name)
        for module, item in zip(modules, items, strict=True)
    )
    for item, is_long in zip(items, are_long(names), strict=True):
        if is_long:
            item.add_marker(pytest.mark.long)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell how many random cases were compared with an oracle."""
    cases: Counter[str] = Counter()
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            for name, number in report.user_properties:
                if name.startswith(COUNTED):
                    cases[name] += int(number)
    for name, number in sorted(cases.items()):
        terminalreporter.write_line(f"{name} {number:,} random cases")


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the system's Chromium; without one a test skips, in CI it fails."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        reason = f"no Chromium: install one of {', '.join(BROWSERS)}, or name it in CHROMIUM"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """The system's Chromium, headless, driven by Playwright."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=BROWSER_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def make_folder(tmp_path: Path) -> Callable[[str, dict[str, str]], Path]:
    """Write a folder of text files below `tmp_path`."""

    def make(name: str, files: dict[str, str]) -> Path:
        for file, text in files.items():
            path = tmp_path / name / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path / name

    return make


@pytest.fixture
def dantzig(make_folder: Callable[[str, dict[str, str]], Path]) -> Path:
    """The folder of Dantzig's transport problem; its least cost is 153.675."""
    return make_folder("dantzig", DANTZIG)


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        """Standard error without the lines that say what took long on a busy machine."""
        return re.sub(r"^[^\n]*: \d+\.\d s\n", "", self.err, flags=re.MULTILINE)

    @property
    def json(self) -> dict[str, Any]:
        content = json.loads(self.out)
        assert isinstance(content, dict)
        return content


@pytest.fixture
def command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Ended]:
    """Run a command of `solve.py` in this process and in `tmp_path`; folders go to `runs` there.

    Every run that it makes in `runs` must verify.
    """
    import solve
    from model.audit.verify import verify

    monkeypatch.chdir(tmp_path)

    def call(*arguments: str | Path) -> Ended:
        capsys.readouterr()
        monkeypatch.setattr("sys.argv", ["solve.py", *map(str, arguments)])
        earlier = set(Path("runs").glob("*"))
        code = solve.main()
        captured = capsys.readouterr()
        if code in (0, 3):
            for folder in set(Path("runs").glob("*")) - earlier:
                assert verify(folder) == [], folder
        return Ended(int(code), captured.out, captured.err)

    return call
