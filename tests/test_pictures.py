"""Pictures of a page as files."""

from __future__ import annotations

from pathlib import Path

import pytest

from reports.page import pictures
from reports.page.page import render_run
from reports.page.pictures import NoBrowserError, save_pictures
from tests.support.sample_result import sample_result

PNG_HEAD = b"\x89PNG\r\n\x1a\n"


@pytest.mark.browser
def test_every_figure_is_written_as_png_and_svg(chromium: str, tmp_path: Path) -> None:
    page = tmp_path / "a page.html"
    page.write_text(render_run(sample_result()), encoding="utf-8")
    files = save_pictures(page, tmp_path / "pictures", chromium)
    names = {file.name for file in files}
    assert {"region-map.png", "region-map.svg", "world-map.png", "sankey.svg"} <= names
    for file in files:
        content = file.read_bytes()
        assert content.startswith(PNG_HEAD if file.suffix == ".png" else b"<svg")
        assert len(content) > 5_000


def test_without_a_browser_it_says_which_would_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(pictures, "find_browser", lambda: None)
    with pytest.raises(NoBrowserError, match="chromium"):
        save_pictures(tmp_path / "page.html", tmp_path)


def test_a_browser_that_draws_nothing_is_told(tmp_path: Path) -> None:
    with pytest.raises(NoBrowserError, match="drew nothing"):
        save_pictures(tmp_path / "page.html", tmp_path, "/bin/true")
