"""Draw the pictures of the README again, from real runs: ``python docs/pictures/draw.py``.

Needs a Chromium. The page is drawn as it opens, the others are saved from its figures.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from reports.page.pictures import NoBrowserError, find_browser, save_pictures

HERE = Path(__file__).parent
SOLVE = HERE.parents[1] / "solve.py"
SIZE = "1200,910"


def run(out: Path, *words: str) -> Path:
    """Run a command and return the page that it wrote."""
    command = [sys.executable, str(SOLVE), *words, "--out", str(out), "--json"]
    done = subprocess.run(command, capture_output=True, check=True)
    return Path(json.loads(done.stdout)["run"]) / "report.html"


def photograph(browser: str, page: Path, file: Path) -> None:
    """Save what a page shows when it is opened."""
    flags = ["--headless", "--no-sandbox", "--hide-scrollbars", "--virtual-time-budget=20000"]
    size, shot = f"--window-size={SIZE}", f"--screenshot={file}"
    subprocess.run([browser, *flags, size, shot, page.as_uri()], capture_output=True, check=True)


def main() -> None:
    """Draw all of them."""
    browser = find_browser()
    if browser is None:
        raise NoBrowserError("pictures need a Chromium")
    with TemporaryDirectory() as folder:
        out = Path(folder)
        page = run(out, "run", "base", "--full")
        photograph(browser, page, HERE / "page.png")
        wanted = {"map": (page, "region-map")}
        for place, name in (("Yunnan", "yunnan"), ("Inner Mongolia", "inner_mongolia")):
            wanted[f"curve_{name}"] = (run(out, "curve", "--at", place), "curves")
        for name, (source, figure) in wanted.items():
            save_pictures(source, out / name, browser)
            shutil.copy(out / name / f"{figure}.svg", HERE / f"{name}.svg")


if __name__ == "__main__":
    main()
