"""Tables made from what other programs write."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from model import Case, allocate, network_from_gmns, table_from
from model.case.case import Settings
from model.case.errors import BadInput


@pytest.fixture
def gmns(tmp_path: Path) -> Path:
    """Two towns 100 miles apart by rail, a road between them, and a path for walkers."""
    files = {
        "node.csv": "node_id,name,x_coord,y_coord\n1,West,110.5,30.25\n2,East,112.0,30.5\n",
        "link.csv": (
            "link_id,from_node_id,to_node_id,directed,length,facility_type\n"
            "a,1,2,false,100,rail line\nb,1,2,true,,highway\nc,2,1,true,99,footpath\n"
        ),
        "config.csv": "dataset_name,long_length\ntest,miles\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


MODES = {"rail line": "rail", "highway": "road"}


def test_a_network_keeps_places_lengths_and_directions(gmns: Path) -> None:
    network = network_from_gmns(gmns, MODES)
    assert network["nodes"].to_dict("list") == {
        "node": ["1", "2"], "name": ["West", "East"], "lat": [30.25, 30.5], "lon": [110.5, 112.0],
    }  # fmt: skip
    links = network["links"]
    assert links["mode"].tolist() == ["rail", "road"]
    assert links["one_way"].tolist() == [False, True]
    assert links["km"].iloc[0] == pytest.approx(160.9344)
    assert pd.isna(links["km"].iloc[1])


def test_a_case_of_such_tables_costs_what_its_length_and_tariff_say(gmns: Path) -> None:
    plants = pd.DataFrame({"Plant": ["W"], "t": ["50000"], "at": ["1"]})
    names = {"origin": "Plant", "supply_kt": "t", "node": "at"}
    case = Case.of(
        Settings("elsewhere"),
        origins=table_from(plants, "origins", names, scale={"supply_kt": 0.001}),
        sinks=pd.DataFrame({"sink": ["E"], "demand_kt": [40.0], "node": ["2"]}),
        modes=pd.DataFrame({"mode": ["rail"], "cny_per_t_km": [0.5]}),
        **network_from_gmns(gmns, {"rail line": "rail"}),
    )
    assert allocate(case).figures["total_cost_mcny"] == pytest.approx(40 * 160.9344 * 0.5 / 1000)


def test_what_is_missing_or_no_number_is_named(gmns: Path, tmp_path: Path) -> None:
    plants = pd.DataFrame({"Plant": ["W", "X"], "t": ["12", "many"]})
    with pytest.raises(BadInput, match='origins:3:t: "many" found; must be a number'):
        table_from(plants, "origins", {"origin": "Plant", "supply_kt": "t"})
    with pytest.raises(BadInput, match=r'"Plnt" found; .*did you mean "Plant"'):
        table_from(plants, "origins", {"origin": "Plnt"})
    with pytest.raises(BadInput, match='"supply" found; no such column'):
        table_from(plants, "origins", {"supply": "t"})
    with pytest.raises(BadInput, match="furlong"):
        network_from_gmns(gmns, length_unit="furlong")
    (gmns / "link.csv").unlink()
    with pytest.raises(BadInput, match=r"link\.csv: no such file"):
        network_from_gmns(gmns)
