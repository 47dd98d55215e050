"""The what-if page in a real browser: moved by mouse and keyboard, exact, alone with its server."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.support.browsed import Browsed
from tests.support.cases import TWELVE_REGIONS

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[1]
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
PATIENCE_MS = 60_000


@dataclass(frozen=True)
class Server:
    """A running `solve.py explore` and where it saves."""

    process: subprocess.Popen[str]
    address: str
    out: Path

    @property
    def root(self) -> str:
        """The address without its token."""
        return self.address.partition("?")[0]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    out = tmp_path_factory.mktemp("explore") / "runs"
    command = [sys.executable, "solve.py", "explore", "--case", str(TWELVE_REGIONS)]
    command += ["--port", "0", "--out", str(out), "--json"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = []
        while "}" not in "".join(lines):
            lines.append(process.stdout.readline())
        yield Server(process, json.loads("".join(lines))["address"], out)
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=30)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    yield context
    context.close()


class Tab(Browsed):
    """The what-if page in a tab."""

    def open(self, address: str) -> Tab:
        self.visit(address)
        self.page.wait_for_selector("html[data-worths]", state="attached", timeout=PATIENCE_MS)
        return self.rest()

    def rest(self) -> Tab:
        """Wait until nothing is asked any more: the settled answer and the worths are there."""
        self.page.wait_for_timeout(100)
        self.page.wait_for_selector("main[aria-busy=false]", timeout=PATIENCE_MS)
        drawn = self.page.get_attribute("html", "data-drawn")
        if not self.page.locator("#said.is-bad").count():
            self.page.wait_for_selector(
                f'html[data-worths="{drawn}"]', state="attached", timeout=PATIENCE_MS
            )
        return self

    def knob(self, key: str) -> str:
        return f'.knob[data-key="{key}"]'

    def write(self, key: str, text: str) -> Tab:
        box = self.page.locator(f"{self.knob(key)} input[type=text]")
        if not box.is_visible():
            self.page.locator("details", has=self.page.locator(self.knob(key))).locator(
                "summary"
            ).click()
        box.fill(text)
        box.press("Enter")
        return self.rest()

    def value(self, key: str) -> str:
        return self.page.locator(f"{self.knob(key)} input[type=text]").input_value()

    def headline(self) -> list[str]:
        return self.page.locator("#tiles b").all_text_contents()

    def every(self) -> dict[str, float]:
        """The figures now, as they stand in the table of all figures."""
        cells = self.page.eval_on_selector_all(
            "#every tr",
            "rows => rows.map(r => [r.cells[0].textContent, Number(r.cells[1].textContent)])",
        )
        return dict(cells)

    def said_below(self) -> str:
        return self.page.locator("#said").text_content() or ""


@pytest.fixture
def tab(context: BrowserContext, server: Server) -> Tab:
    return Tab(context.new_page()).open(server.address)


def test_quiet_and_alone(tab: Tab, server: Server) -> None:
    tab.page.mouse.move(900, 600)
    for _ in range(6):  # every figure comes into view
        tab.page.mouse.wheel(0, 800)
        tab.page.wait_for_timeout(150)
    tab.write("supply:Yunnan", "400")
    assert tab.said == []
    assert [url for url in tab.requested if not url.startswith((server.root, "data:"))] == []
    drawn = tab.page.eval_on_selector_all(
        ".plot", "all => all.filter(p => p.querySelector('svg')).length"
    )
    assert drawn == tab.page.locator(".plot").count() == 6
    assert "Proved optimal" in tab.said_below()


def test_moved_by_keyboard_and_by_mouse(tab: Tab) -> None:
    start = tab.headline()
    slider = tab.page.locator(f"{tab.knob('supply:Yunnan')} input[type=range]")
    slider.focus()
    for _ in range(4):
        tab.page.keyboard.press("ArrowRight")
    tab.rest()
    assert tab.value("supply:Yunnan") == "40" and tab.headline() != start
    box = slider.bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    tab.page.mouse.move(box["x"] + box["width"] * 0.5, middle)
    tab.page.mouse.down()
    for part in (0.55, 0.6, 0.65, 0.7):
        tab.page.mouse.move(box["x"] + box["width"] * part, middle)
        tab.page.wait_for_timeout(30)
    tab.page.mouse.up()
    tab.rest()
    assert float(tab.value("supply:Yunnan")) > 400
    slider.press("Escape")  # back to where it rests
    tab.rest()
    assert tab.value("supply:Yunnan") == "0" and tab.headline() == start


def test_a_saved_run_has_the_same_figures_to_the_last_digit(tab: Tab, server: Server) -> None:
    tab.write("supply:Yunnan", "400").write("cny_per_t_km:rail", "0.15").write("via:Qingdao", "5")
    shown, headline = tab.every(), tab.headline()
    tab.page.fill("#title", "Yunnan and <b>rail</b>")
    tab.page.click("#save-button")
    tab.page.wait_for_selector("#saved a", timeout=PATIENCE_MS)
    name = tab.page.locator("#saved a").text_content() or ""
    folder = server.out / name
    kept = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert len(shown) > 20 and {figure: kept[figure] for figure in shown} == shown
    with tab.page.expect_popup() as report:
        tab.page.click("#saved a")
    report.value.wait_for_selector("html[data-drawn]", timeout=PATIENCE_MS)
    assert report.value.locator(".tiles b").all_text_contents() == headline
    assert "Yunnan and <b>rail</b>" in (report.value.locator(".subtitle").text_content() or "")
    (scenario,) = folder.glob("*.toml")
    command = [sys.executable, "solve.py", "run", str(scenario), "--case", str(TWELVE_REGIONS)]
    command += ["--out", str(server.out), "--json"]
    again = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout)
    assert {figure: again[figure] for figure in shown} == shown
    # The run is a place to start from.
    tab.page.select_option("#start", name)
    tab.page.wait_for_url(f"**/?start={name}")
    tab.rest()
    assert tab.headline() == headline and tab.value("supply:Yunnan") == "0"


def test_two_tabs_do_not_disturb_one_another(context: BrowserContext, server: Server) -> None:
    one, two = (Tab(context.new_page()).open(server.address) for _ in range(2))
    one.write("demand:Gansu", "100")
    two.write("demand:Gansu", "-100")
    first, second = one.headline(), two.headline()
    for _ in range(3):
        one.page.locator(f"{one.knob('supply:Yunnan')} input[type=range]").press("ArrowRight")
        two.page.locator(f"{two.knob('supply:Xinjiang')} input[type=range]").press("ArrowLeft")
    for tab in (one.rest(), two.rest()):
        for _ in range(3):
            tab.page.click("#undo")
        tab.rest()
    assert one.headline() == first and two.headline() == second and first != second


@pytest.mark.parametrize("text", ["many", "1,5", "-9999", "1e99", "NaN"])
def test_bad_numbers_are_refused_in_place(tab: Tab, text: str) -> None:
    before = tab.headline()
    tab.write("supply:Yunnan", text)
    fault = tab.page.locator(f"{tab.knob('supply:Yunnan')} .fault")
    box = tab.page.locator(f"{tab.knob('supply:Yunnan')} input[type=text]")
    assert "must be" in (fault.text_content() or "") and box.get_attribute("aria-invalid") == "true"
    assert box.input_value() == text and tab.headline() == before
    tab.write("supply:Yunnan", "100")
    assert fault.text_content() == "" and box.get_attribute("aria-invalid") is None
    assert tab.headline() != before


def test_no_plan_is_said(tab: Tab) -> None:
    tab.write("demand:Yunnan", "5000")
    assert "No feasible allocation" in tab.said_below()
    assert tab.page.locator("#tiles.is-old").count() == 1
    tab.page.click("#reset")
    tab.rest()
    assert tab.page.locator("#tiles.is-old, figure.is-old").count() == 0


def test_undo_and_link(tab: Tab, context: BrowserContext) -> None:
    start = tab.headline()
    tab.write("supply:Yunnan", "400").write("via:Qingdao", "0").write("carbon", "60")
    third = tab.headline()
    restored = Tab(context.new_page()).open(tab.page.url)
    assert restored.headline() == third and restored.value("via:Qingdao") == "0"
    assert restored.every() == tab.every()
    for _ in range(3):
        tab.page.keyboard.press("Control+z")
    tab.rest()
    assert tab.headline() == start and tab.page.locator("#undo").is_disabled()
    assert tab.page.url.endswith("/")


def test_the_worth_stands_beside_its_slider(tab: Tab) -> None:
    worth = tab.page.locator(f"{tab.knob('supply:Yunnan')} .worth")
    assert worth.text_content() == "next tonne saves 442.8 CNY, up to +111.7 kt"
    assert "Shandong" in (worth.get_attribute("title") or "")
    assert tab.page.locator(f"{tab.knob('supply:Yunnan')} .until").is_visible()


def test_found_by_name(tab: Tab) -> None:
    tab.page.fill("#find", "suez")
    labels = tab.page.locator(".knob:visible label").all_text_contents()
    assert sorted(labels) == ["Gulf of Suez 苏伊士湾", "Suez Canal 苏伊士运河"]


def test_accessible(browser: Browser, server: Server) -> None:
    context = browser.new_context(bypass_csp=True, viewport={"width": 1440, "height": 900})
    tab = Tab(context.new_page()).open(server.address)
    tab.page.add_script_tag(path=AXE)
    found = tab.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    serious = [
        f"{item['id']} ({item['impact']}): {item['nodes'][0]['html'][:120]}"
        for item in found["violations"]
        if item["impact"] in ("serious", "critical")
    ]
    context.close()
    assert serious == []


def test_other_sites_get_nothing(context: BrowserContext, server: Server) -> None:
    page = context.new_page()
    body = f'<a href="{server.address}">look</a>'
    page.route("http://example.org/", lambda route: route.fulfill(body=body))
    page.goto("http://example.org/")
    statuses: list[int] = []
    page.on("response", lambda response: statuses.append(response.status))
    for options in ({"mode": "no-cors"}, {"mode": "no-cors", "method": "POST", "body": "{}"}):
        page.evaluate(
            "([url, options]) => fetch(url, options).then(() => 0, () => 0)",
            [f"{server.root}_dash-update-component", options],
        )
    page.click("a")
    page.wait_for_url(server.address)
    assert "refused" in (page.locator("body").text_content() or "")
    assert statuses and set(statuses) == {403}


def test_ctrl_c_ends_it_without_leftovers(server: Server) -> None:
    """The last test: the server of this module is stopped here."""
    server.process.send_signal(signal.SIGINT)
    assert server.process.wait(timeout=30) == 130
    assert [path for path in server.out.iterdir() if path.name.startswith(".")] == []
