"""The pictures of a page as files, PNG and SVG, made by whatever Chromium is at hand."""

from __future__ import annotations

import base64
import html
import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import unquote

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge")
PATIENCE_S = 120
_FOUND = re.compile(r'<pre id="pictures">(.*?)</pre>', re.S)


class NoBrowserError(Exception):
    """There is no browser to draw with, or it did not answer."""


def find_browser() -> str | None:
    """Return the path of a browser that can draw the pictures, or None."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def save_pictures(page: Path, folder: Path, browser: str | None = None) -> list[Path]:
    """Write every figure of a rendered page into a folder, as NAME.png and NAME.svg.

    Parameters
    ----------
    page : Path
        A `report.html`; a page without figures gives no files.
    folder : Path
        Made when it does not exist.
    browser : str, optional
        Path of a Chromium; the first one on the search path by default.

    Raises
    ------
    NoBrowserError
        When there is no browser or it draws nothing.
    """
    browser = browser or find_browser()
    if browser is None:
        raise NoBrowserError(f"pictures need a browser; install one of {', '.join(BROWSERS)}")
    with tempfile.TemporaryDirectory() as profile:
        command = [
            browser,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            f"--user-data-dir={profile}",
            "--virtual-time-budget=60000",
            "--dump-dom",
            f"{page.resolve().as_uri()}#pictures",
        ]
        try:
            done = subprocess.run(
                command, capture_output=True, encoding="utf-8", timeout=PATIENCE_S, check=True
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise NoBrowserError(f"{browser} drew nothing: {error}") from error
    found = _FOUND.search(done.stdout)
    if found is None:
        raise NoBrowserError(f"{browser} drew nothing of {page}")
    folder.mkdir(parents=True, exist_ok=True)
    pictures: dict[str, dict[str, str]] = json.loads(html.unescape(found.group(1)))
    return [path for name, forms in pictures.items() for path in _write(folder, name, forms)]


def _write(folder: Path, name: str, forms: dict[str, str]) -> list[Path]:
    png, svg = folder / f"{name}.png", folder / f"{name}.svg"
    png.write_bytes(base64.b64decode(forms["png"]))
    svg.write_text(unquote(forms["svg"]), encoding="utf-8")
    return [png, svg]
