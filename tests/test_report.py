"""The page as text: its sections, its words, its figures as data; no browser."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from model.result.allocation import Allocation
from model.solve.diagnosis import Diagnosis
from model.studies.compare.study import Comparison, compare
from reports.assets.make_plotly import TRACES
from reports.figures.matrix import matrix
from reports.figures.prices import prices
from reports.figures.sankey import sankey
from reports.language.numbers import percent, plain
from reports.page import tables
from reports.page.answer import answer, grounds
from reports.page.page import packed_plotly, render_comparison, render_run, safe_json
from tests.support.page_parts import NASTY, ORDER, RANGES, RESTS_ON, STUDIES
from tests.support.sample_result import sample_result

ROOT = Path(__file__).parents[1]


class Page(HTMLParser):
    """What tests ask of a page: ids, sections, scripts, tables, outside addresses."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.sections: list[str] = []
        self.scripts: list[str] = []
        self.addresses: list[str] = []
        self.labels: dict[str, str] = {}
        self.words = ""
        self._script: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "section":
            self.sections.append(given["id"])
        if tag in ("script", "style"):
            self._script = given.get("type", tag)
            self.scripts.append("")
        if "data-figure" in given:
            self.labels[given["data-figure"]] = given["aria-label"]
        self.addresses += [given[key] for key in ("src", "href") if key in given]

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._script = None

    def handle_data(self, data: str) -> None:
        if self._script is None:
            self.words += data
        else:
            self.scripts[-1] += data


def data_of(html: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.S)
    assert found
    data: dict[str, Any] = json.loads(found.group(1))
    return data


def without_studies(result: Allocation) -> Allocation:
    return replace(result, studies={})


@pytest.fixture(scope="module")
def result() -> Allocation:
    return sample_result(studies=STUDIES)


@pytest.fixture(scope="module")
def html(result: Allocation) -> str:
    base, beside = sample_result("base", cost_factor=1.2), sample_result("captive")
    return render_run(result, base, beside)


@pytest.fixture(scope="module")
def compared() -> tuple[list[Allocation], Comparison]:
    runs = [sample_result(f"run-{n}", cost_factor=1 + n / 10) for n in range(6)]
    return runs, compare(runs)


# ---- the page as a whole


def test_sections_stand_in_order(html: str) -> None:
    page = Page(html)
    assert page.sections == ORDER
    assert len(page.ids) == len(set(page.ids))


def test_anchors_lead_somewhere(html: str) -> None:
    page = Page(html)
    anchors = {address[1:] for address in page.addresses if address.startswith("#")}
    assert anchors <= set(page.ids)
    assert {address for address in page.addresses if not address.startswith("#")} == {"data:,"}


def test_every_figure_is_valid_and_told_in_words(html: str) -> None:
    page, figures = Page(html), data_of(html)["figures"]
    assert set(page.labels) == set(figures)
    for name, figure in figures.items():
        go.Figure({"data": figure["data"], "layout": figure["layout"]})
        assert re.search(r"\d", page.labels[name]), f"{name} is told without a figure"


def test_all_kinds_of_figures_are_there(html: str) -> None:
    expected = {
        "region-map", "world-map", "sankey", "matrix", "balance-bars", "capacity", "prices-sinks",
        "prices-origins", "curves", "supply-curve", "ranges", "easing", "deficits", "bridge",
        "companion-easing",
    }  # fmt: skip
    assert set(data_of(html)["figures"]) == expected


def test_names_cannot_become_markup() -> None:
    html = render_run(sample_result(rename={"Yunnan": NASTY}))
    assert NASTY not in html
    assert "&lt;script&gt;alert(1)" in html
    assert NASTY not in json.dumps(data_of(html))  # plotly reads markup in its texts


def test_json_cannot_end_its_script() -> None:
    text = safe_json({"a": "</script><!-- & \u2028"})
    assert not set("<>&\u2028") & set(text)
    assert json.loads(text) == {"a": "</script><!-- & \u2028"}


def test_same_result_same_page(result: Allocation) -> None:
    assert render_run(result) == render_run(result)


def test_sizes(html: str, compared: tuple[list[Allocation], Comparison]) -> None:
    assert len(html.encode()) < 2e6
    assert len(render_comparison(*compared).encode()) < 3e6


def test_page_says_which_command_gives_what_is_missing(result: Allocation) -> None:
    words = Page(render_run(without_studies(result))).words
    assert words.count("python solve.py run --full") == 3
    assert "verify sample" in words


def test_script_of_the_pictures_has_every_trace_that_is_drawn() -> None:
    rooms = (ROOT / "reports" / "figures", ROOT / "reports" / "maps")
    code = "".join(file.read_text("utf-8") for room in rooms for file in room.glob("*.py"))
    named = set(re.findall(r'"type": "(\w+)"', code))
    assert named - {"category", "line"} == {"scatter", *TRACES}
    script = gzip.decompress(packed_plotly()).decode()
    assert all(f'name:"{trace}"' in script for trace in TRACES)


def test_rendering_imports_neither_solver_nor_plotly() -> None:
    code = (
        "import sys; sys.path.insert(0, 'tests')\n"
        "import reports.page.page, reports.page.sections, reports.page.comparison\n"
        "loaded = {'plotly', 'highspy', 'pyomo', 'searoute', 'networkx'} & set(sys.modules)\n"
        "assert not loaded, loaded"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


# ---- what it says


def test_answer_is_four_sentences_with_the_figures(result: Allocation) -> None:
    sentences = answer(result)
    assert len(sentences) == 4
    assert sentences[0].startswith("All demand is met; the least cost is ")
    assert f"{plain(result.figures['total_cost_mcny'])} MCNY" in sentences[0]
    assert "kt of domestic supply a year" in sentences[1]
    assert "Inner Mongolia (1,100 kt)" in sentences[2]
    assert "“Rail tariff”, whose range moves it by 600 MCNY" in grounds(result)


def test_answer_measures_against_the_base(result: Allocation) -> None:
    sentence = answer(result, sample_result("base", cost_factor=2.0))[3]
    saved = result.figures["total_cost_mcny"]
    assert plain(-saved, signed=True) + " MCNY" in sentence


def test_balance_table_adds_up_and_stands_beside_the_reported(result: Allocation) -> None:
    table = tables.balances(result)
    titles = [column.title for column in table.columns]
    rows = {row[0]: dict(zip(titles, row, strict=True)) for row in table.rows}
    assert rows["Shandong"]["Reported balance"] == 2560
    assert rows["Shandong"]["Difference"] == pytest.approx(219.7)
    assert rows["Shandong"]["Local name"] == "山东"
    assert table.total is not None
    total = dict(zip(titles, table.total, strict=True))
    assert total["Balance"] == pytest.approx(total["Supply"] - total["Demand"] - total["Exports"])


def test_costs_add_up(result: Allocation) -> None:
    table = tables.costs(result)
    assert table.total is not None
    assert sum(row[1] for row in table.rows) == pytest.approx(table.total[1])


def test_assumptions_are_ranked_by_what_hangs_on_them(html: str) -> None:
    part = html[html.index('id="t-assumptions"') :]
    assert part.index("Rail tariff") < part.index("Ocean freight")


def test_infeasible_run_shows_its_diagnosis_and_no_figure(result: Allocation) -> None:
    told = Diagnosis(
        headline="A and B need 10 kt; at most 7 kt can reach them: short by 3 kt",
        sinks=[{"sink": "A", "demand_kt": 10.0, "short_kt": 3.0}], need_kt=10.0, reach_kt=7.0,
        shortage_kt=3.0, causes=[{"row": "supply_limit[X]", "what": "supply of X", "kt": 7.0}],
        repairs=[{"row": "supply_limit[X]", "what": "raise the supply of X", "kt": 3.0}],
        unreachable=[{"sink": "B", "nearest": ["P", "Q"]}],
    )  # fmt: skip
    nothing = {
        name: getattr(result, name).iloc[:0] for name in ("flows", "balance", "prices", "observed")
    }
    figures = dict.fromkeys(result.figures)
    html = render_run(
        replace(result, status="infeasible", diagnosis=told, figures=figures, **nothing)
    )
    page = Page(html)
    assert page.sections[0] == "answer" and "short by 3 kt" in page.words
    assert "raise the supply of X" in page.words and "P, Q" in page.words
    assert data_of(html)["figures"] == {} and 'id="plotly"' not in html


def test_run_without_places_has_no_maps(result: Allocation) -> None:
    case = result.case.replace(nodes=result.case.nodes.assign(lat=float("nan"), lon=float("nan")))
    page = Page(render_run(replace(result, case=case)))
    assert not {"map", "world"} & set(page.sections)
    assert "who" in page.sections


def test_comparison_has_its_sections(compared: tuple[list[Allocation], Comparison]) -> None:
    html = render_comparison(*compared)
    page = Page(html)
    assert page.sections == [
        "answer", "ranking", "headlines", "easing", "maps", "bridges", "inputs", "regions",
        "lanes", "runs",
    ]  # fmt: skip
    figures = data_of(html)["figures"]
    assert sum(name.startswith("small-map") for name in figures) == 6
    assert sum(name.startswith("bridge") for name in figures) == 5
    for figure in figures.values():
        go.Figure({"data": figure["data"], "layout": figure["layout"]})
    assert "Against “run-0” (" in page.words


def test_small_maps_share_their_scales(compared: tuple[list[Allocation], Comparison]) -> None:
    figures = data_of(render_comparison(*compared))["figures"]
    widths = {
        max(trace["line"]["width"] for trace in figures[name]["data"] if trace["mode"] == "lines")
        for name in figures
        if name.startswith("small-map")
    }
    assert len(widths) == 1


def test_studies_without_a_section_of_their_own_are_tables(result: Allocation) -> None:
    pairs = pd.DataFrame({"at": ["A"], "and_at": ["B"], "lost_mcny": [3.0]})
    page = Page(render_run(replace(result, studies={"detours": {"found": pairs}})))
    assert "studies" in page.sections and "Lost (MCNY)" in page.words


def with_many_places(result: Allocation) -> Allocation:
    """Two hundred suppliers in regions of their own, who ship 1, 2, ... 200 kt to one buyer."""
    names = [f"o{number:03}" for number in range(1, 201)]
    flows = pd.concat([result.flows.iloc[[0]]] * 200, ignore_index=True)
    origins = pd.concat([result.case.origins.iloc[[0]]] * 200, ignore_index=True)
    prices = pd.concat([result.prices[result.prices["role"] == "origin"].iloc[[0]]] * 200)
    figures = np.arange(1.0, 201.0)
    return replace(
        result,
        flows=flows.assign(origin=names, ship_kt=figures),
        case=replace(result.case, origins=origins.assign(origin=names, region=names)),
        prices=prices.assign(place=names, left_cny_per_t=figures, right_cny_per_t=figures),
    )


def test_grid_and_bars_of_many_places_say_what_they_leave_out(
    result: Allocation, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = with_many_places(result)
    monkeypatch.setattr("reports.figures.matrix.LARGEST_CELLS", 100)
    grid = matrix(many)
    assert grid is not None and grid.data[0]["y"] == [f"o{number}" for number in range(161, 201)]
    share = sum(range(161, 201)) / sum(range(1, 201))
    assert f"40 of 200 suppliers and 1 of 1 buyers: {percent(share)} of the tonnes" in grid.caption
    bars = prices(many, "origin", "prices-origins")
    assert bars is not None
    assert "Of 200 places the 30 highest and 30 lowest are drawn." in bars.caption
    drawn = {place for trace in bars.data for place in trace["y"] if place}
    assert drawn == {f"o{number:03}" for number in (*range(1, 31), *range(171, 201))}


def test_diagram_of_many_flows_draws_the_largest_and_counts_the_rest(result: Allocation) -> None:
    picture = sankey(with_many_places(result))
    assert picture is not None
    assert picture.data[0]["link"]["value"] == list(range(121, 201))
    assert picture.caption.endswith(
        "The 80 largest flows are drawn, 63.9\u00a0% of the tonnes; 120 smaller flows are not."
    )


def test_outlines_can_be_replaced(result: Allocation) -> None:
    square = [[110, 30], [120, 30], [120, 40], [110, 40], [110, 30]]
    own = json.dumps(
        {
            "type": "FeatureCollection",
            "role": "regions",
            "source": "Drawn by hand",
            "features": [
                {
                    "type": "Feature",
                    "properties": {"name": "Shandong"},
                    "geometry": {"type": "Polygon", "coordinates": [square]},
                }
            ],
        }
    )
    case = result.case.replace(outlines={"mine.geojson": own})
    assert "Drawn by hand" in render_run(replace(result, case=case))


def test_assumptions_that_turn_a_conclusion_and_other_plans_are_told(result: Allocation) -> None:
    turning = [
        row
        | {"now": 0.14, "low": 0.11, "high": 0.18, "change_mcny": 600.0, "turns": "sites"}
        | {"holds_from": 0.1, "holds_to": 0.16, "note": ""}
        for row in RESTS_ON
    ]
    studies = {
        "rests_on": turning,
        "ranges": [*RANGES, *(row | {"within": 0.0} for row in RANGES)],
        "ranges_wide": [row | {"within": 0.05, "high_kt": 900.0} for row in RANGES],
        "alternatives": [{"alternative": 1, "extra_mcny": 2.5, "what": "Henan to Qinghai instead"}],
        "pairs": [{"place": "A", "and_place": "B", "together_mcny": 5.0, "lost_mcny": 1.0}],
        "conclusions": {"largest_flow": "Henan to Yunnan"},
    }
    words = Page(render_run(replace(result, studies=studies))).words
    assert "How wrong a figure must be" in words
    assert "1 pair is supplied in every one, 1 in some" in words
    assert "Most, 5 % (kt)" in words
    assert "What leaves regions and what passes ports" in words
    assert "the largest flow between regions: Henan to Yunnan" in words
    assert "Henan to Qinghai instead" in words
