"""The page in a real browser: quiet, complete, usable, accessible, printable."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from model.studies.compare.study import compare
from reports.page.page import render_comparison, render_page, render_run
from reports.page.section import Section
from reports.page.table import PageTable, TableColumn
from tests.support.browsed import Browsed
from tests.support.page_parts import NASTY, ORDER, STUDIES
from tests.support.sample_result import sample_result

pytestmark = pytest.mark.browser
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
A4_POINTS = (595, 842)
PRINT_WIDTH_PX = 695  # A4 less the margins of the style sheet


class Opened(Browsed):
    """A page of a run."""

    def open(self, path: Path) -> Page:
        self.visit(path.as_uri())
        self.page.wait_for_selector("html[data-drawn]", timeout=60_000)
        return self.page

    def unfold(self, path: Path) -> Page:
        """Open it with everything unfolded, and wait until all pictures are drawn."""
        page = self.open(path)
        button = page.get_by_role("button", name="Unfold all")
        if button.count():
            button.click()
            page.wait_for_function("[...document.querySelectorAll('.plot')].every(p => p.data)")
        return page


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The pages under test: a full run, a comparison of three, names that are markup."""
    folder = tmp_path_factory.mktemp("pages")
    result = sample_result(studies=STUDIES)
    base, beside = sample_result("base", cost_factor=1.2), sample_result("captive")
    runs = [result, base, beside]
    pages = {
        "run": render_run(result, base, beside),
        "comparison": render_comparison(runs, compare(runs)),
        "nasty": render_run(sample_result(rename={"Yunnan": NASTY, "Malaysia": f"b{NASTY}"})),
    }
    for name, html in pages.items():
        (folder / f"{name}.html").write_text(html, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in pages}


@pytest.fixture(scope="module")
def run(browser: Browser, files: dict[str, Path]) -> Iterator[Opened]:
    opened = Opened(browser.new_page(viewport={"width": 1366, "height": 900}))
    opened.unfold(files["run"])
    yield opened
    opened.page.close()


def test_quiet_and_alone(run: Opened) -> None:
    assert run.said == []
    assert [url for url in run.requested if not url.startswith(("file:", "data:"))] == []


def test_every_section_is_there_and_every_figure_drawn(run: Opened) -> None:
    shown = run.page.eval_on_selector_all("main section", "all => all.map(part => part.id)")
    assert shown == ORDER
    empty = run.page.eval_on_selector_all(
        ".plot", "all => all.filter(plot => !plot.querySelector('svg.main-svg')).length"
    )
    assert empty == 0


def test_sorting(run: Opened) -> None:
    table = "#t-balances table"

    def supplies() -> list[float]:
        cells = run.page.eval_on_selector_all(
            f"{table} tbody tr",
            "rows => rows.map(r => r.cells[2].dataset.v ?? r.cells[2].textContent)",
        )
        return [float(cell) for cell in cells]

    header = run.page.locator(f"{table} thead th").nth(2)
    header.get_by_role("button").click()
    assert supplies() == sorted(supplies())
    assert header.get_attribute("aria-sort") == "ascending"
    header.get_by_role("button").press("Enter")
    assert supplies() == sorted(supplies(), reverse=True)
    assert header.get_attribute("aria-sort") == "descending"
    assert "Supply" in (run.page.locator("#said").text_content() or "")


def test_filtering(run: Opened) -> None:
    holder = run.page.locator("#t-shipments")
    holder.get_by_role("searchbox").fill("henan yunnan")
    assert holder.locator("tbody tr:visible").count() == 1
    run.page.wait_for_function(
        "document.querySelector('#t-shipments output').textContent.startsWith('1 of 19 rows')"
    )
    holder.get_by_role("searchbox").fill("")
    assert holder.locator("tbody tr:visible").count() == 19


def test_table_is_saved_as_csv(run: Opened) -> None:
    with run.page.expect_download() as download:
        run.page.locator("#t-balances").get_by_role("button", name="Save", exact=False).click()
    lines = Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert download.value.suggested_filename == "balances.csv"
    assert lines[0].startswith("Region,Local name,Supply (kt)")
    assert any(line.startswith("Shandong,山东,7515,3316,1419.3,") for line in lines)


@pytest.mark.parametrize("kind", ["PNG", "SVG"])
def test_picture_is_saved(run: Opened, kind: str) -> None:
    with run.page.expect_download() as download:
        run.page.locator("#f-region-map").get_by_role("button", name=kind).click()
    content = Path(download.value.path()).read_bytes()
    assert content.startswith(b"\x89PNG" if kind == "PNG" else b"<svg")
    assert len(content) > 20_000


def test_dark_and_light(run: Opened) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    ink = "document.querySelector('#f-balance-bars .xtick text').style.fill"
    button = run.page.get_by_role("button", name="Dark")
    light = run.page.evaluate(ground), run.page.evaluate(ink)
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    dark = run.page.evaluate(ground), run.page.evaluate(ink)
    button.click()
    assert dark[0] != light[0] and dark[1] != light[1]
    assert (run.page.evaluate(ground), run.page.evaluate(ink)) == light


@pytest.mark.parametrize("name", ["run", "comparison"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessible(browser: Browser, files: dict[str, Path], name: str, scheme: str) -> None:
    context = browser.new_context(
        color_scheme="dark" if scheme == "dark" else "light", bypass_csp=True
    )
    page = Opened(context.new_page()).unfold(files[name])
    page.add_script_tag(path=AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    serious = [
        f"{item['id']} ({item['impact']}): {item['nodes'][0]['html'][:120]}"
        for item in found["violations"]
        if item["impact"] in ("serious", "critical")
    ]
    context.close()
    assert serious == []


def test_long_table_is_drawn_as_it_scrolls(browser: Browser, tmp_path: Path) -> None:
    """All rows are in the file, found, sorted, printed and readable without scripts."""
    rows = [[f"place {number}", number * 37 % 5000] for number in range(5000)]
    table = PageTable(
        "long", "Long", [TableColumn("Place", kind="text"), TableColumn("Rank")], rows
    )
    path = tmp_path / "long.html"
    html = render_page(
        [Section("all", "All", (table,))], title="", subtitle="", status="", created=""
    )
    path.write_text(html, encoding="utf-8")
    page = Opened(browser.new_page()).open(path)
    drawn = page.locator("#t-long tbody tr:visible")
    assert page.locator("#t-long tbody tr").count() == 5000 and drawn.count() < 1000
    box = page.locator("#t-long .scroll")
    box.evaluate("box => box.scrollTo(0, box.scrollHeight)")
    page.wait_for_function("document.querySelectorAll('tbody.waiting').length < 24")
    box.get_by_role("button", name="Rank").click()
    firsts = [drawn.nth(index).locator("th").text_content() for index in range(2)]
    assert firsts == ["place 0", "place 2973"]  # 2973 · 37 = 1 modulo 5000
    page.get_by_role("searchbox").fill("place 4999")
    assert drawn.count() == 1
    page.emulate_media(media="print")
    assert drawn.count() == 5000
    page.close()
    plain = browser.new_context(java_script_enabled=False).new_page()
    plain.goto(path.as_uri())
    assert plain.locator("tbody tr:visible").count() == 5000
    plain.context.close()


def test_browser_that_cannot_unpack_the_script_says_so(
    browser: Browser, files: dict[str, Path]
) -> None:
    opened = Opened(browser.new_page())
    opened.page.add_init_script("delete window.DecompressionStream")
    page = opened.open(files["run"])
    assert opened.said == []
    assert "cannot unpack" in (page.locator("main > .note").text_content() or "")
    assert "Map of 8 regions" in (page.locator("#f-region-map .alt").text_content() or "")
    page.close()


def test_keyboard_reaches_the_report(browser: Browser, files: dict[str, Path]) -> None:
    page = Opened(browser.new_page()).open(files["run"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the report"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.close()


def test_names_stay_names(browser: Browser, files: dict[str, Path]) -> None:
    opened = Opened(browser.new_page())
    dialogs: list[str] = []
    opened.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page = opened.open(files["nasty"])
    page.locator(".plot .hoverlayer").first.wait_for(state="attached")
    assert dialogs == [] and opened.said == []
    assert NASTY in (page.locator("#t-balances").text_content() or "")
    scripts = page.eval_on_selector_all("script", "all => all.map(s => s.textContent)")
    assert not any(text.strip() == "alert(1)" for text in scripts)
    page.close()


def test_tables_are_readable_without_scripts(browser: Browser, files: dict[str, Path]) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(files["run"].as_uri())
    assert page.locator("#t-balances tbody tr").count() == 8
    assert page.locator("button:visible").count() == 0
    assert "Map of 8 regions" in (page.locator("#f-region-map .alt").text_content() or "")
    context.close()


def test_phone_shows_everything_without_sideways_scrolling(
    browser: Browser, files: dict[str, Path]
) -> None:
    page = Opened(browser.new_page(viewport={"width": 360, "height": 740})).unfold(files["run"])
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.close()


@pytest.mark.parametrize("name", ["run", "comparison"])
def test_print_fits_its_pages(
    browser: Browser, files: dict[str, Path], name: str, tmp_path: Path
) -> None:
    """No figure is wider than the paper or higher than a page, and the browser need not shrink."""
    page = browser.new_page(viewport={"width": PRINT_WIDTH_PX, "height": 1000})
    Opened(page).open(files[name])
    page.emulate_media(media="print")
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.scrollWidth") <= PRINT_WIDTH_PX
    figures = page.eval_on_selector_all(
        "figure",
        """all => all.map(figure => {
            const box = figure.getBoundingClientRect();
            const svg = figure.querySelector('svg.main-svg').getBoundingClientRect();
            return [figure.id, svg.right, box.height, svg.bottom <= box.bottom,
                    getComputedStyle(figure).breakInside];
        })""",
    )
    assert figures
    for figure, right, height, is_inside, may_break in figures:
        assert right <= PRINT_WIDTH_PX + 1, figure
        assert height <= 1017, f"{figure} is higher than a page"
        assert is_inside and may_break == "avoid", figure
    pdf = page.pdf(path=tmp_path / "page.pdf", prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert boxes and {(round(float(w)), round(float(h))) for w, h in boxes} == {A4_POINTS}
    page.close()


def test_data_of_a_figure_is_its_picture(run: Opened, files: dict[str, Path]) -> None:
    """What is drawn is what the page carries: as many traces, no more."""
    text = re.search(r'id="data">(.*?)</script>', files["run"].read_text(encoding="utf-8"), re.S)
    assert text
    figures = json.loads(text.group(1))["figures"]
    drawn = run.page.eval_on_selector_all(
        ".plot", "all => all.map(plot => [plot.dataset.figure, plot.data.length])"
    )
    assert dict(drawn) == {name: len(figure["data"]) for name, figure in figures.items()}
