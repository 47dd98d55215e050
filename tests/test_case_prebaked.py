"""The bundled case of 2024, read with pandas alone: balances, sources, distances, scenarios."""

from __future__ import annotations

import importlib.util
import itertools
import tomllib
from pathlib import Path
from types import ModuleType

import networkx as nx
import numpy as np
import pandas as pd
import pytest

CASE = Path(__file__).parents[1] / "data" / "prebaked_2024"
GRADES = {"reported", "derived", "external", "assumed"}
WITHOUT_GRADE = {"observed", "sources", "names", "assumptions"}
SCENARIOS = sorted((CASE / "scenarios").glob("*.toml"))
PRINTED = {
    "Shandong": (7515, 9150), "Xinjiang": (2770, 3550), "Henan": (1760, 3450),
    "Inner Mongolia": (1890, 2160), "Yunnan": (1690, 1700), "Gansu": (1280, 1660),
    "Guangxi": (1250, 1430), "Qinghai": (810, 1170), "Liaoning": (590, 1040),
    "Guizhou": (560, 680), "Ningxia": (600, 660),
}  # fmt: skip
"""Output and capacity of the provinces that the paper names, kt."""
OTHERS = ("Hebei", "Shanxi", "Jiangsu", "Shaanxi", "Chongqing", "Sichuan", "Hubei", "Fujian")
GROUP = ("Liaoning", "Ningxia", *OTHERS)
"""Provinces that Table 3 prints together as Others."""


def table(name: str) -> pd.DataFrame:
    return pd.read_csv(CASE / f"{name}.csv")


def tables() -> list[str]:
    return sorted(path.stem for path in CASE.glob("*.csv"))


def known_sources() -> set[str]:
    return set(table("sources")["source"])


@pytest.fixture(scope="module")
def distances() -> ModuleType:
    spec = importlib.util.spec_from_file_location("distances", CASE / "distances.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def regions() -> pd.DataFrame:
    """Supply, demand and reported exports by region, kt."""
    origins, sinks, limits = table("origins"), table("sinks"), table("limits")
    domestic = sinks[sinks["kind"] == "domestic"]
    frame = pd.DataFrame(
        {
            "supply": origins.groupby("region")["supply_kt"].sum(),
            "demand": domestic.groupby("region")["demand_kt"].sum(),
        }
    )
    frame = frame.fillna(0.0)
    single = limits[~limits["region"].str.contains("|", regex=False)]
    frame["exports"] = single.set_index("region")["max"]
    return frame


@pytest.mark.parametrize(
    ("region", "balance", "surplus"),
    [("Shandong", 2563, 4199), ("Yunnan", -772, -772), ("Inner Mongolia", -1100, -1100)],
)
def test_balances_of_the_paper_follow_from_the_inputs(
    regions: pd.DataFrame, region: str, balance: float, surplus: float
) -> None:
    row = regions.loc[region].fillna(0)
    assert row["supply"] - row["demand"] == pytest.approx(surplus, abs=10)
    assert row["supply"] - row["demand"] - row["exports"] == pytest.approx(balance, abs=10)


def test_national_totals(regions: pd.DataFrame) -> None:
    sinks = table("sinks")
    exports = sinks.loc[sinks["kind"] == "export", "demand_kt"].sum()
    assert exports == pytest.approx(2165.8, abs=0.5)
    assert regions["demand"].sum() == pytest.approx(19_560, abs=15)
    national = regions["supply"].sum() - regions["demand"].sum() - exports
    assert national == pytest.approx(1378, abs=15)


def test_limits_on_exports_admit_what_the_markets_take() -> None:
    sinks = table("sinks")
    wanted = sinks.loc[sinks["kind"] == "export", "demand_kt"].sum()
    assert 0 <= table("limits")["max"].sum() - wanted < 0.5


def test_places_sum_to_the_paper_exactly() -> None:
    origins, sinks = table("origins"), table("sinks")
    made = origins.groupby("region")[["supply_kt", "capacity_kt"]].sum().round(6)
    for region, printed in PRINTED.items():
        assert tuple(made.loc[region]) == printed, region
    assert tuple(made.loc[[*OTHERS]].sum().round(6)) == (2400, 3730)
    used = sinks[sinks["kind"] == "domestic"].groupby("region")["demand_kt"].sum()
    assert used.reindex(GROUP).sum() == pytest.approx(2390, abs=1e-9)
    limits = table("limits").set_index("limit")
    assert limits.loc["Exports of Liaoning with Ningxia and Others", "region"] == "|".join(GROUP)


def test_captive_tonnes_are_offered_a_lane_next_door() -> None:
    """At most what the smelters beside the plant use, and nothing obliges them to stay."""
    origins, sinks, lanes = table("origins").set_index("origin"), table("sinks"), table("lanes")
    captive = [name for name in origins.index if name.endswith(" captive")]
    assert set(lanes["origin"]) == set(captive)
    demand = sinks.set_index("sink")["demand_kt"]
    for name in captive:
        place = name.removesuffix(" captive")
        (lane,) = lanes[lanes["origin"] == name].to_dict("records")
        assert (lane["sink"], lane["mode"]) == (place, "yard")
        assert "min_kt" not in lane
        assert origins.at[name, "supply_kt"] <= demand[place]
        if place in origins.index:
            assert origins.at[name, "node"] == origins.at[place, "node"]


def test_no_link_is_shorter_than_the_great_circle(distances: ModuleType) -> None:
    nodes, links = distances.read_network()
    assert distances.too_short(nodes, links, links["km"]).empty


def test_wagons_and_containers_run_on_the_same_rails() -> None:
    links = table("links")
    ways = {
        mode: links[links["mode"] == mode].set_index(["from", "to"])["km"]
        for mode in ("rail", "rail_container")
    }
    wagons = ways["rail"].reindex(ways["rail_container"].index)
    assert wagons.tolist() == ways["rail_container"].tolist()


def test_a_port_is_reached_over_its_quay() -> None:
    """Ships call at the quay alone, trains and trucks at the yard behind it."""
    nodes, links = table("nodes").set_index("node"), table("links")
    ends = pd.concat([links[["from", "mode"]].set_axis(["node", "mode"], axis=1),
                      links[["to", "mode"]].set_axis(["node", "mode"], axis=1)])  # fmt: skip
    modes = ends.groupby("node")["mode"].agg(set)
    quays = [node for node in nodes.index if node.endswith(" port")]
    assert len(quays) == 12
    for quay in quays:
        assert modes[quay] <= {"quay", "sea", "sea_coastal"} and "quay" in modes[quay], quay
    assert (links.loc[links["mode"] == "quay", "cost_cny_per_t"] > 0).all()


def test_observed_supply_and_demand_hold(regions: pd.DataFrame) -> None:
    observed = table("observed")
    for column in ("supply", "demand"):
        rows = observed[observed["quantity"] == f"{column}_kt"]
        for row in rows.itertuples():
            names = list(regions.index) if pd.isna(row.region) else str(row.region).split("|")
            found = regions.loc[names, column].sum()
            assert found == pytest.approx(row.value, abs=row.tolerance), (column, row.region)


def test_regions_and_markets_bear_the_names_of_the_tables() -> None:
    origins, sinks = table("origins"), table("sinks")
    assert set(origins["region"]) == {*PRINTED, *OTHERS}
    assert set(sinks.loc[sinks["kind"] == "domestic", "region"]) <= set(origins["region"])
    for named in (origins["origin"], sinks.loc[sinks["kind"] == "domestic", "sink"]):
        region = origins.set_index("origin")["region"].reindex(named).fillna("")
        assert all(name.startswith(start) for name, start in zip(named, region, strict=True))
    assert set(sinks.loc[sinks["kind"] == "export", "sink"]) == {
        "Malaysia", "Canada", "Norway", "United Arab Emirates", "Russia", "Indonesia", "Iceland",
        "Oman", "South Korea", "Bahrain", "Other markets",
    }  # fmt: skip


@pytest.mark.parametrize("name", [name for name in tables() if name not in {"sources", "names"}])
def test_every_row_has_a_source_that_is_listed(name: str) -> None:
    cited = table(name)["source"].dropna()
    assert len(cited) == len(table(name))
    unknown = set(cited.str.split("|").explode()) - known_sources()
    assert not unknown


@pytest.mark.parametrize("name", [name for name in tables() if name not in WITHOUT_GRADE])
def test_every_row_has_a_grade(name: str) -> None:
    assert set(table(name)["grade"]) <= GRADES


def test_every_figure_assumed_for_a_tariff_or_a_demand_has_a_range() -> None:
    """Sinks and modes graded as assumed are the target of a row in assumptions.csv."""
    assumptions = table("assumptions").fillna({"where": ""})
    covered = "; ".join(assumptions["where"])
    sinks, modes = table("sinks"), table("modes")
    for sink in sinks.loc[sinks["grade"] == "assumed", "sink"]:
        assert f"sink={sink}" in covered
    ranges = assumptions.dropna(subset=["low"])
    targets = {
        (mode, row.target)
        for row in ranges.itertuples()
        for mode in row.where.partition(";")[0].removeprefix("mode=").split("|")
    }
    for mode in modes.to_dict("records"):
        for column in ("fixed_cny_per_t", "cny_per_t_km", "gco2_per_t_km"):
            if mode[column] and (mode["mode"], column) != ("road_local", "fixed_cny_per_t"):
                assert (mode["mode"], f"modes.{column}") in targets, (mode["mode"], column)
    assert (ranges["low"] < ranges["high"]).all()


def test_every_quantity_assumed_for_a_place_has_a_range() -> None:
    """What a province's places make, and what each port charges, is a row of assumptions.csv."""
    where = set(table("assumptions").fillna({"where": ""})["where"])
    named = {name for cell in where for name in cell.removeprefix("origin=").split("|")}
    origins = table("origins")
    several = origins.groupby("region")["node"].transform("nunique") > 1
    shared = several | origins["region"].isin(OTHERS)
    for name in origins.loc[shared & (origins["supply_kt"] > 0), "origin"]:
        assert name in named
    for quay in table("links").query("mode == 'quay'")["to"]:
        assert f"to={quay}; mode=quay" in where


def test_distances_are_reproduced_by_their_script(distances: ModuleType) -> None:
    nodes, links = distances.read_network()
    np.testing.assert_allclose(distances.computed_km(nodes, links), links["km"], atol=0.05)
    tolled = links["cost_cny_per_t"].notna()
    np.testing.assert_allclose(
        distances.computed_cost(links, links["km"])[tolled],
        links["cost_cny_per_t"][tolled],
        atol=0.05,
    )


def test_sea_routes_come_within_three_percent_of_published_distances(distances: ModuleType) -> None:
    _, links = distances.read_network()
    sea = distances.graph(links, "sea")
    for port, published in distances.PUBLISHED_SEA_NM.items():
        km = nx.dijkstra_path_length(sea, "Qingdao port", port, "km")
        assert km / 1.852 == pytest.approx(published, rel=0.03), port


def test_rail_way_to_the_north_west_has_its_published_length(distances: ModuleType) -> None:
    _, links = distances.read_network()
    rail = distances.graph(links, "rail")
    stops = ("Beijing", "Taiyuan", "Zhongwei", "Ürümqi")
    legs = itertools.pairwise(stops)
    km = sum(nx.dijkstra_path_length(rail, *leg, "km") for leg in legs)
    assert km == pytest.approx(3150, rel=0.02)


def test_network_reaches_every_sink_from_every_origin() -> None:
    links, origins, sinks = table("links"), table("origins"), table("sinks")
    ways = nx.DiGraph(list(zip(links["from"], links["to"], strict=True)))
    both = links[links["one_way"].isna()]
    ways.add_edges_from(zip(both["to"], both["from"], strict=True))
    assert set(ways) == set(table("nodes")["node"])
    ways.remove_nodes_from(tomllib.loads((CASE / "case.toml").read_text())["closed_passages"])
    for node in origins["node"]:
        assert set(sinks["node"]) <= nx.descendants(ways, node), node


def test_links_are_named_once() -> None:
    links = table("links")
    ends = [
        (mode, *sorted((start, end)))
        for start, end, mode in zip(links["from"], links["to"], links["mode"], strict=True)
    ]
    assert len(set(ends)) == len(ends)


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_scenario_says_what_why_and_on_whose_word(path: Path) -> None:
    scenario = tomllib.loads(path.read_text(encoding="utf-8"))
    assert all(scenario[key] for key in ("title", "why", "source"))
    sources = known_sources()
    assert set(scenario["source"].split("|")) <= sources
    for step in scenario.get("step", []):
        assert step["why"]
        assert step["grade"] in GRADES
        assert set(step["source"].split("|")) <= sources
        assert set(step.get("row", {}).get("source", "places").split("|")) <= sources
