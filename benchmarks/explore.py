"""From slider to picture on the what-if page: 200 moves on the base case, measured in the browser.

A move is a key pressed on a slider; its time runs from that event until the browser has
painted headline and the figures in view. Keys go round capacities, demands, limits, ports,
freight rates and the carbon price, ten in a row each. Target: median at most 100 ms. On a
busy machine the seconds of the processor, of the server and of the page, tell more.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
IN_A_ROW = 10
KNOBS = (
    "supply:Yunnan", "supply:Inner Mongolia", "supply:Qinghai", "supply:Xinjiang",
    "supply:Shandong", "supply:Guangxi", "supply:Henan", "demand:Yunnan", "demand:Gansu",
    "demand:Xinjiang", "demand:Malaysia", "demand:Canada", "factor:domestic", "via:Tianjin",
    "via:Suez Canal", "link:Dezhou>Shijiazhuang", "limit:max:Exports of Shandong",
    "cny_per_t_km:rail", "cny_per_t_km:sea", "carbon",
)  # fmt: skip
MEASURED = ("slider to answer", "slider to picture")


@contextmanager
def served() -> Iterator[tuple[int, str]]:
    """A running page: number of its process, address."""
    with tempfile.TemporaryDirectory() as out:
        command = [sys.executable, "solve.py", "explore", "--port", "0", "--out", out, "--json"]
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert process.stdout is not None
        text = ""
        while "}" not in text:
            text += process.stdout.readline()
        try:
            yield process.pid, json.loads(text)["address"]
        finally:
            process.send_signal(signal.SIGINT)
            process.wait()


def processor_ms(pid: int) -> float:
    """Milliseconds of the processor that a process has taken so far (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(") ", 1)[1].split()
    return 1000 * (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def page_ms(session: Any) -> float:
    """Milliseconds of the processor that the page's own thread has taken so far."""
    metrics = session.send("Performance.getMetrics")["metrics"]
    return 1000 * next(float(m["value"]) for m in metrics if m["name"] == "TaskDuration")


def move_all(page: Any) -> None:
    """Press keys on the sliders, each once the picture of the one before is there."""
    page.evaluate("document.querySelectorAll('.knobs details').forEach(part => part.open = true)")
    for key in KNOBS:
        slider = page.locator(f'.knob[data-key="{key}"] input[type=range]')
        slider.focus()
        arrow = "ArrowLeft" if key.startswith(("via", "link")) else "ArrowRight"
        for _ in range(IN_A_ROW):
            drawn = int(page.get_attribute("html", "data-drawn"))
            page.keyboard.press(arrow)
            page.wait_for_selector(f'html[data-drawn="{drawn + 1}"]', state="attached")


def main() -> None:
    """Measure and print."""
    from playwright.sync_api import sync_playwright

    chromium = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if chromium is None:
        print(f"left out: no browser; install one of {', '.join(BROWSERS)}")
        return
    with served() as (pid, address), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable", {"timeDomain": "threadTicks"})
        page.goto(address)
        page.wait_for_selector("html[data-worths]", state="attached", timeout=60_000)
        page.evaluate("performance.clearMeasures()")
        before = processor_ms(pid), page_ms(session)
        move_all(page)
        after = processor_ms(pid), page_ms(session)
        times = {
            name: page.evaluate(
                "name => performance.getEntriesByName(name).map(entry => entry.duration)", name
            )
            for name in MEASURED
        }
        browser.close()
    moves = len(times[MEASURED[1]])
    print(f"{moves} moves{'':11}{'median':>8}{'95 %':>8}  ms")
    for name, measured in times.items():
        last = statistics.quantiles(measured, n=20)[-1]
        target = "   median at most 100" if name == MEASURED[1] else ""
        print(f"{name:20}{statistics.median(measured):8.0f}{last:8.0f}{target}")
    print("milliseconds of the processor per move, with the answers at rest in between:")
    print(f"{'server':20}{(after[0] - before[0]) / moves:8.0f}")
    print(f"{'page':20}{(after[1] - before[1]) / moves:8.0f}")


if __name__ == "__main__":
    main()
