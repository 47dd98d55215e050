"""Inputs: what a tonne takes, where it comes from, and what that does to every answer."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from model import allocate, plan, read_case, site, verify
from model.checking.case_faults import case_faults
from model.studies.why import why_pair
from reports.language.numbers import plain
from reports.maps.input_map import input_map
from reports.maps.outlines import load_outlines
from reports.maps.region_map import region_map
from reports.maps.world_map import world_map
from reports.pages import write_pages
from tests.support.cases import TWELVE_REGIONS
from tests.support.compared import NIGHTLY
from tests.support.input_cases import DEPOTS, TWO_PLANTS, written
from tests.support.oracle import least_cost
from tests.support.recipe_cases import recipe_cases


def test_a_plant_is_chosen_by_the_freight_of_what_it_takes_too(tmp_path: Path) -> None:
    """By its own freight East is nearer; with coke only as much of it as Port can serve."""
    result = allocate(read_case(written(tmp_path, TWO_PLANTS)))
    assert result.figures["total_cost_mcny"] == pytest.approx(
        (60 / 1.1 * 1075 + (120 - 60 / 1.1) * 1211) / 1e3
    )
    assert result.figures["inbound_cost_mcny"] == pytest.approx((60 * 50 + 72 * 10) / 1e3)
    assert result.figures["shipped_kt"] == pytest.approx(120)
    carried = result.flows.set_index(["origin", "sink", "commodity"])["ship_kt"]
    assert carried["Port", "East", "coke"] == pytest.approx(60)
    assert carried["Refinery", "West", "coke"] == pytest.approx(72)
    assert list(result.balance["region"]) == ["East", "West", "Smelter"] or "Port" not in set(
        result.balance["region"]
    )


def test_a_tonne_of_an_input_has_a_value_where_it_is_and_where_it_is_used(tmp_path: Path) -> None:
    prices = allocate(read_case(written(tmp_path, TWO_PLANTS))).prices
    worth = prices.set_index(["place", "role"])["right_cny_per_t"]
    assert worth["Smelter", "sink"] == pytest.approx(1211)
    assert worth["Port", "origin"] == pytest.approx((1211 - 1075) / 1.1)
    assert worth["coke at West", "input"] == pytest.approx(1010)
    assert worth["coke at East", "input"] == pytest.approx((1211 - 30) / 1.1)


def test_depots_hand_on_what_others_made(tmp_path: Path) -> None:
    result = allocate(read_case(written(tmp_path, DEPOTS)))
    figures = result.figures
    assert figures["total_cost_mcny"] * 1e3 == 7 * 10 + 3 * 20 + 10 * (1 + 5 + 2) + 4 * 3 + 6 * 4
    assert (figures["shipped_kt"], figures["domestic_kt"], figures["export_kt"]) == (10, 1, 6)
    assert figures["moved_kt"] == 1  # of Town's four tonnes three came from abroad
    assert figures["bn_t_km"] * 1e6 == pytest.approx(1 * (100 + 50 + 30))
    assert figures["export_bn_t_km"] * 1e6 == pytest.approx(6 * (100 + 50 + 400))
    balance = result.balance.set_index("region")
    assert balance.loc["North", "unshipped_kt"] == 3 and "Middle" not in balance.index
    assert verify(result.save(tmp_path / "runs")).agrees


@pytest.mark.parametrize(
    ("source", "plant", "dearer", "without"),
    [
        ("Refinery", "East", (1229 - 1211) / 1.1, 0.0),
        ("Refinery", "West", (1211 - 1075) / 1.1, None),
        (
            "Port",
            "East",
            None,
            100 * 1.211 + 20 * 1.229 - (60 * 1.075 / 1.1 + 65.4545454545 * 1.211),
        ),
    ],
)
def test_why_a_source_sends_an_input_to_a_plant(
    tmp_path: Path, source: str, plant: str, dearer: float | None, without: float | None
) -> None:
    found = why_pair(read_case(written(tmp_path, TWO_PLANTS)), source, plant)
    assert found.dearer_cny_per_t == (None if dearer is None else pytest.approx(dearer))
    assert found.without_mcny == (None if without is None else pytest.approx(without))
    if dearer is not None:
        assert sum(part.cny_per_t for part in found.parts) == pytest.approx(dearer)
        assert f"coke at {plant}" in [part.part for part in found.parts]
        assert f"{plant} to Smelter +0.9091" in found.displaces
    else:
        assert found.obstacle == f"no tonne more can be sent, because of the supply of {source}"


def test_a_forged_flow_of_an_input_is_found(tmp_path: Path) -> None:
    folder = allocate(read_case(written(tmp_path / "case", TWO_PLANTS))).save(tmp_path / "runs")
    text = (folder / "flows.csv").read_text(encoding="utf-8")
    (folder / "flows.csv").write_text(text.replace(",72,", ",71,"), encoding="utf-8")
    assert ",72," in text and not verify(folder).agrees


def test_an_input_that_is_short_is_named(tmp_path: Path) -> None:
    few = TWO_PLANTS["origins.csv"].replace("Refinery,200", "Refinery,50")
    folder = allocate(read_case(written(tmp_path / "few", TWO_PLANTS, origins=few))).save(tmp_path)
    assert "all supply of Port 60 kt; all supply of Refinery 50 kt" in _headline(folder)
    unreached = TWO_PLANTS["lanes.csv"].replace("Refinery,West,10,100\n", "")
    case = read_case(written(tmp_path / "unreached", TWO_PLANTS, lanes=unreached))
    assert _headline(allocate(case).save(tmp_path)).startswith("No route to coke at West")


def _headline(folder: Path) -> str:
    summary = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert summary["status"] == "infeasible"
    return str(summary["diagnosis"]["headline"])


def test_a_row_that_names_the_origin_stands_before_the_general_one(tmp_path: Path) -> None:
    own = "output,input,t_per_t,origin\nanode,coke,1.1,\nanode,coke,0.5,East\n"
    case = read_case(written(tmp_path, TWO_PLANTS, recipes=own))
    flows = allocate(case).flows.set_index(["origin", "sink"])["ship_kt"]
    assert flows["East", "Smelter"] == 100 and flows["Port", "East"] == 50


@pytest.mark.parametrize("count", [60, pytest.param(NIGHTLY, marks=pytest.mark.slow)])
def test_runs_with_inputs_cost_what_every_route_written_out_costs(
    count: int, tmp_path: Path
) -> None:
    for seed, case in recipe_cases(0 if count == 60 else 10_000, count):
        assert not case_faults(case)
        least, result = least_cost(case), allocate(case)
        if least is None:
            assert result.status == "infeasible", seed
        else:
            assert result.figures["total_cost_mcny"] * 1e3 == pytest.approx(least, abs=1e-6), seed
        if seed % 10 == 0:
            assert verify(result.save(tmp_path)).agrees, seed


def test_the_page_speaks_of_inputs_apart(tmp_path: Path) -> None:
    result = allocate(read_case(written(tmp_path / "case", TWO_PLANTS)))
    folder = result.save(tmp_path / "runs", pages=write_pages)
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "Used at" in page and "One more tonne of supply saves most" not in page


SITED = {
    "depot": (
        "project,capacity_kt,capex_cny_per_t,cost_cny_per_t,life_years\nYard,80,100,1,10\n",
        TWO_PLANTS["recipes.csv"] + "anode,anode,1,Yard\n",
        "West,Yard,10,100\nEast,Yard,5,100\nYard,Smelter,2,50\n",
        "",
        "Yard",
    ),
    "coke terminal": (
        "project,capacity_kt,capex_cny_per_t,cost_cny_per_t,commodity,life_years\n"
        "Terminal,100,100,800,coke,10\n",
        TWO_PLANTS["recipes.csv"],
        "Terminal,West,60,100\nTerminal,East,20,100\n",
        "",
        "Terminal",
    ),
    "calciner": (
        "project,capacity_kt,capex_cny_per_t,cost_cny_per_t,commodity,life_years\n"
        "Kiln,100,100,300,coke,10\n",
        TWO_PLANTS["recipes.csv"] + "coke,green coke,1.25,Kiln\n",
        "Oilfield,Kiln,15,200\nKiln,West,20,100\nKiln,East,30,100\n",
        "Oilfield,300,200,green coke\n",
        "Kiln",
    ),
}
"""Projects, recipes, further lanes and origins, and the project that pays for itself."""


@pytest.mark.parametrize("kind", SITED)
def test_a_depot_a_terminal_and_a_calciner_can_be_sited(tmp_path: Path, kind: str) -> None:
    """Built by `site` and by `plan`, each saving what the case as `run` with it built saves."""
    projects, recipes, lanes, origins, name = SITED[kind]
    recipes = recipes.replace("t_per_t\n", "t_per_t,origin\n").replace("1.1\n", "1.1,\n")
    lanes = TWO_PLANTS["lanes.csv"] + lanes
    tables = {"projects": projects, "recipes": recipes, "lanes": lanes}
    tables["origins"] = TWO_PLANTS["origins.csv"] + origins
    case = read_case(written(tmp_path / "case", TWO_PLANTS, **tables))
    chosen = site(case)
    assert chosen.figures["opened"] == [name]
    cost, without = chosen.figures["total_cost_mcny"], allocate(case).figures["total_cost_mcny"]
    size_kt, annuity = float(case.projects["capacity_kt"].iloc[0]), 100 * 0.08 / (1 - 1.08**-10)
    with_it = case.replace(
        origins=[
            *case.origins.to_dict("records"),
            {
                "origin": name,
                "supply_kt": size_kt,
                "cost_cny_per_t": float(case.projects["cost_cny_per_t"].iloc[0]),
                "commodity": case.projects["commodity"].iloc[0],
            },
        ],
        projects=case.projects.iloc[:0],
    )
    run = allocate(with_it).figures["total_cost_mcny"]
    assert cost == pytest.approx(run + size_kt * annuity / 1e3) and cost < without
    years = case.replace(periods=[{"year": 2025}, {"year": 2026}])
    planned = plan(years)
    assert planned.figures["total_cost_mcny"] == pytest.approx(cost * (1 + 1 / 1.08))
    for answer in (chosen, planned):
        assert verify(answer.save(tmp_path / "runs")).agrees


def test_inputs_have_a_map_of_their_own(tmp_path: Path) -> None:
    """Coke from Qinzhou is drawn on it, and on neither the map of regions nor that of exports."""
    case = read_case(TWELVE_REGIONS)
    coke = {"origin": "Coke", "supply_kt": 30000, "node": "Qinzhou", "kind": "abroad"}
    with_coke = case.replace(
        settings=replace(case.settings, commodity="anode"),
        origins=[*case.origins.to_dict("records"), coke | {"commodity": "coke"}],
        recipes=[{"output": "anode", "input": "coke", "t_per_t": 1.1}],
    )
    result, outlines = allocate(with_coke), load_outlines()
    drawn = input_map(result, outlines)
    assert drawn is not None and "coke" in drawn.alt
    hovers = "".join(str(trace.get("text", "")) for trace in drawn.data)
    sent = result.flows[result.flows["commodity"] == "coke"]["ship_kt"].sum()
    assert f"<b>Coke</b><br>{plain(sent)} kt" in hovers and "Qinzhou → " in hovers
    for picture in (region_map(result, outlines), world_map(result, outlines)):
        assert picture is not None and "Coke" not in str(picture.data)
    assert input_map(allocate(case), outlines) is None
