"""New capacity at a region whose plants take inputs, or where others than plants stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from model import allocate, read_case
from model.case.errors import BadInput
from model.scenarios.prepare import prepare
from model.studies.curve.curve import capacity_curves
from model.studies.sites import deficit_regions
from model.studies.why import why_pair
from reports.pages import write_pages
from tests.support.input_cases import DEPOTS, TWO_PLANTS, written

ROOT = Path(__file__).parents[1]


def test_new_capacity_takes_what_those_beside_it_take(tmp_path: Path) -> None:
    """By hand: where East can make 54 kt, coke of the port is left for 0.545 kt more.

    Each saves what a tonne from West costs more; beyond them coke from the refinery is dearer.
    """
    few = TWO_PLANTS["origins.csv"].replace("East,100", "East,54")
    case = read_case(written(tmp_path / "few", TWO_PLANTS, origins=few))
    (curve,) = capacity_curves(case, ["East"], 10.0)
    assert [(p.start, p.slope) for p in curve.pieces] == [
        (0.0, pytest.approx(-(1211 - 1075))),
        (pytest.approx(60 / 1.1 - 54), 0.0),
    ]
    assert deficit_regions(case) == ["Smelter"]
    with pytest.raises(BadInput, match="takes its lanes from an origin of the region"):
        capacity_curves(case, ["Port"], 10.0)


def test_new_capacity_in_a_region_of_a_depot_is_a_plant(tmp_path: Path) -> None:
    """A depot's handling is no cost of production."""
    case = read_case(written(tmp_path, DEPOTS))
    with pytest.raises(BadInput, match="from the network"):
        capacity_curves(case, ["Middle"], 10.0)
    (curve,) = capacity_curves(case, ["North"], 10.0)
    # Mill may send no more than 7 by its lane: beside it 3 kt that came from overseas give way.
    assert [(p.start, p.slope) for p in curve.pieces] == [(0.0, -10.0), (3.0, 0.0)]


def test_words_name_an_input_as_what_its_origin_takes(tmp_path: Path) -> None:
    """Neither a limit of the case nor a bound of a sink: lanes that stop say so themselves.

    A tonne more from East takes the refinery's coke, 1.1 × 1,090, for the port's is all in use.
    """
    case = read_case(written(tmp_path, TWO_PLANTS))
    parts = {part.part: part.cny_per_t for part in why_pair(case, "East", "Smelter").parts}
    assert parts["coke at East"] == pytest.approx(1.1 * 1090)
    few = TWO_PLANTS["origins.csv"].replace("East,100,0", "East,100,50")
    dear = read_case(written(tmp_path / "dear", TWO_PLANTS, origins=few))
    (curve,) = capacity_curves(dear, ["East"], 200.0, cost_cny_per_t=0.0)
    texts = " ".join(" ".join(pair) for pair in curve.texts)
    assert "Port to coke at East stops" in texts and "at its bound" not in texts


def test_the_scenario_of_the_docs_makes_plants_pay_for_their_coke() -> None:
    scenarios = ["base", str(ROOT / "docs" / "coke.toml")]
    prepared = prepare(ROOT / "data" / "prebaked_2024", scenarios)
    balances = [allocate(each.case).balance.set_index("region") for each in prepared]
    kept = [round(balance.at["Shandong", "unshipped_kt"]) for balance in balances]
    text = (ROOT / "docs" / "how_to.md").read_text(encoding="utf-8")
    assert f"{kept[1]:,} kt instead of {kept[0]:,} kt" in text


def test_a_full_page_says_why_no_capacity_is_drawn(tmp_path: Path) -> None:
    """Smelter alone is short of supply, and makes nothing."""
    result = allocate(read_case(written(tmp_path / "case", TWO_PLANTS)), full=True)
    folder = result.save(tmp_path / "runs", pages=write_pages)
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "No place short of supply makes any itself" in page
    assert "curve --at REGION --cost CNY_PER_T" in page and "is drawn by" not in page
