"""Maps in a real browser: closer and back, dragged, layers hidden."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator

from reports.page.page import render_run
from tests.support.sample_result import sample_result

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def figure(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Locator:
    path: Path = tmp_path_factory.mktemp("maps") / "run.html"
    path.write_text(render_run(sample_result()), encoding="utf-8")
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(path.as_uri())
    page.wait_for_selector("html[data-drawn]", timeout=60_000)
    return page.locator("figure:has(.tools.map)").first


def width(figure: Locator) -> float:
    axis = "e => e.querySelector('.plot').layout.xaxis.range"
    start, end = figure.evaluate(axis)
    return float(end - start)


def test_a_map_is_drawn_closer_and_whole_again(figure: Locator) -> None:
    whole = width(figure)
    for _ in range(2):
        figure.get_by_role("button", name="Closer").click()
    assert width(figure) == pytest.approx(whole / 1.6**2)
    figure.get_by_role("button", name="Farther").click()
    assert width(figure) == pytest.approx(whole / 1.6)
    figure.get_by_role("button", name="Whole map").click()
    assert width(figure) == pytest.approx(whole)


def test_a_map_keeps_its_part_when_it_is_drawn_anew(figure: Locator) -> None:
    whole = width(figure)
    figure.get_by_role("button", name="Closer").click()
    figure.page.get_by_role("button", name="Dark").click()
    assert width(figure) == pytest.approx(whole / 1.6)
    figure.page.get_by_role("button", name="Dark").click()
    figure.get_by_role("button", name="Whole map").click()


def test_a_layer_of_a_map_can_be_hidden(figure: Locator) -> None:
    shown = """e => e.querySelector('.plot').data
        .filter(t => t.meta === 'exports' && t.visible !== false).length"""
    before = figure.evaluate(shown)
    assert before > 0
    figure.get_by_label("exports").uncheck()
    assert figure.evaluate(shown) == 0
    figure.page.get_by_role("button", name="Dark").click()
    assert figure.evaluate(shown) == 0
    figure.get_by_label("exports").check()
    assert figure.evaluate(shown) == before
