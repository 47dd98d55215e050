"""Flows as lines on the globe: the right places and tonnes, as programs of maps read them."""

from __future__ import annotations

from pathlib import Path

import geopandas
import pandas as pd
import pytest

import model
from model.case.case import Case, Settings
from model.store.geojson import FLOWS_GEOJSON
from tests.support.cases import TWELVE_REGIONS


def test_lines_carry_the_tonnes_between_the_right_places(tmp_path: Path) -> None:
    case = model.read_case(TWELVE_REGIONS)
    result = model.allocate(case)
    lines = geopandas.read_file(result.save(tmp_path) / FLOWS_GEOJSON)
    assert lines.crs.to_epsg() == 4326
    assert lines["ship_kt"].tolist() == pytest.approx(result.flows["ship_kt"].tolist())
    assert lines["sink"].tolist() == result.flows["sink"].tolist()
    at = case.nodes.set_index("node")[["lon", "lat"]]
    node = case.origins.set_index("origin")["node"]
    for line in lines.itertuples():
        first = line.geometry.boundary.geoms[0] if line.geometry.boundary.geoms else None
        if first is not None and line.geometry.geom_type == "LineString":
            assert (first.x, first.y) == pytest.approx(tuple(at.loc[node[line.origin]]))


def across() -> Case:
    """One ship over the 180th meridian, one lorry from door to door."""
    return Case.of(
        Settings("across"),
        origins=pd.DataFrame({"origin": ["Fiji"], "supply_kt": [30.0], "node": ["Suva"]}),
        sinks=pd.DataFrame(
            {"sink": ["Samoa", "Lautoka"], "demand_kt": [20.0, 10.0], "node": ["Apia", "Lautoka"]}
        ),
        nodes=pd.DataFrame(
            {
                "node": ["Suva", "Apia", "Lautoka"],
                "kind": ["port", "port", "hub"],
                "lat": [-18.0, -14.0, -17.6],
                "lon": [178.0, -172.0, 177.4],
            }
        ),
        links=pd.DataFrame(
            {"from": ["Suva"], "to": ["Apia"], "mode": ["sea"], "cost_cny_per_t": [50.0]}
        ),
        modes=pd.DataFrame({"mode": ["sea"], "cny_per_t_km": [0.1]}),
        lanes=pd.DataFrame({"origin": ["Fiji"], "sink": ["Lautoka"], "cost_cny_per_t": [9.0]}),
    )


def test_a_line_over_the_180th_meridian_is_cut_there(tmp_path: Path) -> None:
    lines = geopandas.read_file(model.allocate(across()).save(tmp_path) / FLOWS_GEOJSON)
    by_sink = lines.set_index("sink").geometry
    west, east = by_sink["Samoa"].geoms
    assert list(west.coords) == [(178.0, -18.0), (180.0, pytest.approx(-17.2))]
    assert list(east.coords) == [(-180.0, pytest.approx(-17.2)), (-172.0, -14.0)]
    assert list(by_sink["Lautoka"].coords) == [(178.0, -18.0), (177.4, -17.6)]


def test_without_coordinates_there_are_no_lines(tmp_path: Path) -> None:
    case = across()
    case = case.replace(nodes=case.nodes.drop(columns=["lat", "lon"]))
    case = case.replace(links=case.links.assign(km=500.0))
    run = model.allocate(case).save(tmp_path)
    assert not (run / FLOWS_GEOJSON).exists()
    assert model.verify(run).agrees


def test_lines_moved_elsewhere_are_noticed(tmp_path: Path) -> None:
    run = model.allocate(across()).save(tmp_path)
    file = run / FLOWS_GEOJSON
    file.write_text(file.read_text(encoding="utf-8").replace("177.4", "171.4"), encoding="utf-8")
    found = model.verify(run).disagreements
    assert any(entry.file == FLOWS_GEOJSON and entry.figure for entry in found)
