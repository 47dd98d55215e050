"""Sea legs: their lengths, closed passages by every name, and what cannot be known."""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from model import allocate, verify
from model.case.case import Case, Settings
from model.case.distances import with_distances
from model.case.great_circle import great_circle_km
from model.case.passages import PASSAGE_NAMES, PASSAGES, passage_called
from model.case.sea_routes import Place, sea_km, sea_lanes_km
from model.case.write import write_case
from model.certify.derive import derive_program
from model.market.network import build_network
from model.reading.read_case import read_case
from model.scenarios.prepare import prepare
from model.scenarios.scenario import apply, load_scenario
from tests.support.cases import TWELVE_REGIONS, same_case

FOUND = Path(__file__).parent / "data/found"
PORTS: dict[str, Place] = {
    "Qingdao": (36.07, 120.32),
    "Singapore": (1.26, 103.84),
    "Bahrain": (26.2, 50.6),
    "Sohar": (24.5, 56.6),
    "Rotterdam": (51.95, 4.1),
    "New York": (40.6, -74.0),
    "San Francisco": (37.8, -122.4),
    "Odesa": (46.5, 30.75),
    "Mumbai": (18.9, 72.8),
    "Valparaiso": (-33.0, -71.6),
    "Cape Town": (-33.9, 18.4),
    "Nome": (64.5, -165.4),
    "Fiji": (-18.1, 178.4),
    "Sydney": (-33.9, 151.3),
}


def sea_case(
    *closed: str, links: list[tuple[str, str, float]], cost: float = np.nan, tariff: float = 0.03
) -> Case:
    """Return a case of sea links (from, to, km) between ports."""
    frame = pd.DataFrame(links, columns=["from", "to", "km"])
    frame = frame.assign(mode="sea", cost_cny_per_t=cost)
    nodes = pd.DataFrame(
        [(name, lat, lon) for name, (lat, lon) in PORTS.items()], columns=["node", "lat", "lon"]
    )
    modes = pd.DataFrame({"mode": ["sea"], "cny_per_t_km": [tariff]})
    settings = Settings("sea", closed_passages=closed)
    origins = pd.DataFrame({"origin": ["O"], "supply_kt": [9.0], "node": ["Qingdao"]})
    sinks = pd.DataFrame({"sink": ["S"], "demand_kt": [5.0], "node": ["Rotterdam"]})
    return Case.of(settings, nodes=nodes, links=frame, modes=modes, origins=origins, sinks=sinks)


def lengths(case: Case) -> list[float]:
    return [float(km) for km in with_distances(case).links["km"]]


@cache
def open_sea(*closed: str) -> nx.Graph[tuple[float, float]]:
    """Return searoute's lanes, as its data has them, without some passages."""
    from searoute.data.marnet_dict import edge_list, node_list

    graph: nx.Graph[tuple[float, float]] = nx.Graph()
    graph.add_nodes_from(node_list)
    for one, others in edge_list.items():
        for other, edge in others.items():
            if edge.get("passage") not in (*closed, "northwest"):
                graph.add_edge(one, other, km=edge["weight"])
    return graph


def independent_km(start: Place, end: Place, closed: tuple[str, ...]) -> float | None:
    graph = open_sea(*closed)
    points = np.array(list(graph))
    ends = [
        tuple(points[np.hypot(points[:, 0] - lon, points[:, 1] - lat).argmin()])
        for lat, lon in (start, end)
    ]
    try:
        return float(nx.dijkstra_path_length(graph, *ends, weight="km"))
    except nx.NetworkXNoPath:
        return None


def check_against_another_search(seed: int) -> None:
    rng = random.Random(seed)
    (_, start), (_, end) = rng.sample(sorted(PORTS.items()), 2)
    closed = tuple(sorted(rng.sample(sorted(PASSAGES), rng.choice([0, 1, 1, 2, 3, 5]))))
    wanted, found = independent_km(start, end, closed), sea_lanes_km(start, end, closed)
    assert (found is None) == (wanted is None), (start, end, closed)
    if found is not None and wanted is not None:
        assert found == pytest.approx(wanted, abs=max(3.0, 1e-3 * wanted)), (start, end, closed)


@pytest.mark.parametrize("seed", range(12))
def test_lengths_are_those_of_another_search(seed: int) -> None:
    check_against_another_search(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12, 1500))
def test_more_lengths_are_those_of_another_search(seed: int) -> None:
    check_against_another_search(seed)


def test_a_link_without_a_way_round_is_closed_and_never_free() -> None:
    case = with_distances(read_case(FOUND / "passage-closed"))
    assert list(case.links["closed_by"]) == ["ormuz", "ormuz"]
    assert build_network(case) is None
    is_open = with_distances(read_case(FOUND / "passage-open"))
    assert list(is_open.links["closed_by"]) == ["", ""]
    assert is_open.links["km"].min() > 700


def test_a_lane_that_names_no_way_stays_where_a_passage_is_closed(tmp_path: Path) -> None:
    case = sea_case("Suez", "Qingdao", links=[("Qingdao", "Rotterdam", np.nan)])
    lanes = pd.DataFrame(
        {"origin": ["O"], "sink": ["S"], "mode": ["sea"], "cost_cny_per_t": [70.0]}
    )
    folder = allocate(case.replace(lanes=lanes.assign(km=19_000.0))).save(tmp_path)
    flows = pd.read_csv(folder / "flows.csv")
    assert flows[["mode", "cost_cny_per_t", "km", "ship_kt"]].values.tolist() == [
        ["sea", 70.0, 19_000.0, 5.0]
    ]
    assert verify(folder).agrees


@pytest.mark.parametrize("passage", sorted(PASSAGES))
@pytest.mark.parametrize("given", [np.nan, 1.0])
def test_no_closed_passage_makes_any_link_shorter(passage: str, given: float) -> None:
    pairs = [(a, b, np.nan) for a in ("Qingdao", "Rotterdam") for b in PORTS if a != b]
    before = with_distances(sea_case(links=pairs)).links
    if given == given:  # the same lengths, but as a user gives them
        pairs = list(before[["from", "to", "km"]].itertuples(index=False, name=None))
    after = with_distances(sea_case(passage, links=pairs)).links
    shut = (after["closed_by"] != "").to_numpy()
    assert (after["km"][~shut].to_numpy() >= before["km"][~shut].to_numpy()).all()
    for row in np.flatnonzero(shut):
        assert (
            independent_km(PORTS[after["from"][row]], PORTS[after["to"][row]], (passage,)) is None
        )


@pytest.mark.parametrize("name", PASSAGE_NAMES)
def test_every_name_of_a_passage_closes_it(name: str) -> None:
    pairs = [(a, b, np.nan) for a in ("Qingdao", "Rotterdam") for b in PORTS if a != b]
    wanted = with_distances(sea_case(passage_called(name), links=pairs)).links
    found = with_distances(sea_case(name.upper(), links=pairs)).links
    pd.testing.assert_frame_equal(found, wanted)


def test_a_given_length_becomes_that_of_the_way_round() -> None:
    link = ("Qingdao", "Rotterdam")
    by_cape = sea_km(PORTS[link[0]], PORTS[link[1]], ("suez",))
    assert by_cape is not None
    assert lengths(sea_case("suez", links=[(*link, 20_000.0)])) == [by_cape]
    assert lengths(sea_case("suez", links=[(*link, by_cape + 100)])) == [by_cape + 100]
    assert lengths(sea_case("panama", links=[(*link, 20_000.0)])) == [20_000.0]
    both = lengths(sea_case("Suez Canal", "panama", links=[(*link, np.nan)]))
    assert both[0] > by_cape
    once = with_distances(sea_case("suez", links=[(*link, 20_000.0)]))
    assert lengths(once.replace(gone_round=())) == [by_cape]


def test_a_cost_of_its_own_grows_by_the_tariff_of_the_detour() -> None:
    case = sea_case("suez", links=[("Qingdao", "Rotterdam", 20_000.0)], cost=700.0)
    links = with_distances(case).links
    wanted = 700 + (links["km"][0] - 20_000) * 0.03
    assert links["cost_cny_per_t"][0] == pytest.approx(wanted, abs=1e-6)
    again = with_distances(case.replace(links=links))
    pd.testing.assert_frame_equal(again.links, links)


def test_two_services_that_go_the_same_way_round_stay_two(tmp_path: Path) -> None:
    pair = ("Qingdao", "Rotterdam")
    case = sea_case("suez", links=[(*pair, 20_000.0), (*pair, 21_000.0), ("Mumbai", "Odesa", 9e4)])
    found = with_distances(case)
    assert len(set(found.links["km"])) == 3
    assert found.links["km"].iloc[1:].round(1).nunique() == 1
    write_case(found, tmp_path / "inputs")
    assert same_case(read_case(tmp_path / "inputs"), found)


def test_a_figure_moved_after_the_detour_stays_moved() -> None:
    case = with_distances(sea_case("suez", links=[("Qingdao", "Rotterdam", 20_000.0)]))
    links = case.links.assign(km=case.links["km"] * 0.9)
    pd.testing.assert_frame_equal(with_distances(case.replace(links=links)).links, links)


def test_longitudes_are_wrapped() -> None:
    east, west = (
        with_distances(read_case(FOUND / f"pacific-lon-{turn}")) for turn in (237, "minus")
    )
    assert list(east.links["km"]) == list(west.links["km"]) == [10050.6]
    qingdao = PORTS["Qingdao"]
    for lat, lon in PORTS.values():
        assert sea_km(qingdao, (lat, lon % 360)) == sea_km(qingdao, (lat, lon))
    just_west, just_east = (sea_km(qingdao, (52.0, lon)) for lon in (-179.9, 179.9))
    assert just_west == pytest.approx(just_east, rel=0.03)


def test_a_sea_leg_is_never_shorter_than_the_great_circle() -> None:
    assert sea_km((22.33, 114.12), (22.47, 113.9)) == 27.5
    rng = np.random.default_rng(5)
    for lat, lon, north, east in rng.uniform((-50, -180, -1, -1), (60, 180, 1, 1), (200, 4)):
        start, end = (lat, lon), (lat + north, lon + east)
        km = sea_km(start, end)
        assert km is None or km >= great_circle_km(*start, *end)


@pytest.mark.parametrize("name", ["suez", "SUEZ CANAL"])
def test_the_canal_closes_by_any_name(tmp_path: Path, name: str) -> None:
    """Its links carry kilometres; its node of that name closes as it always did."""
    path = tmp_path / "closed.toml"
    path.write_text(f'[[step]]\nset = "case.closed_passages"\nvalue = ["{name}"]\n', "utf-8")
    by_passage = build_network(
        with_distances(
            apply(read_case(TWELVE_REGIONS), load_scenario(TWELVE_REGIONS, str(path)))[0]
        )
    )
    by_node = build_network(
        with_distances(
            apply(read_case(TWELVE_REGIONS), load_scenario(TWELVE_REGIONS, "suez_closed"))[0]
        )
    )
    assert by_passage is not None and by_node is not None
    through = {"Gulf of Suez>Suez Canal:sea", "Suez Canal>Port Said:sea"}
    assert not through & set(by_passage.arc)
    assert set(by_node.arc) == set(by_passage.arc)


def test_a_task_says_what_its_closed_passages_do() -> None:
    (task,) = prepare(FOUND / "passage-closed", ["base"])
    assert task.warnings == (
        "links.csv: with ormuz closed, 2 sea links have no way round and are closed: Qingdao to "
        "Bahrain by sea; Sohar to Bahrain by sea",
    )


def test_a_closed_link_keeps_the_numbers_of_its_parallels() -> None:
    """And the certificate's own network leaves out the same."""
    texts = {
        "case.toml": 'name = "x"\n',
        "origins.csv": "origin,supply_kt,node\nO,10,A\n",
        "sinks.csv": "sink,demand_kt,node\nT,5,B\n",
        "modes.csv": "mode,cny_per_t_km\nrail,0.03\n",
        "nodes.csv": "node\nA\nB\n",
        "links.csv": "from,to,mode,km,closed_by\nA,B,rail,10,flood\nA,B,rail,20,\n",
    }
    links = pd.DataFrame(
        {"from": "A", "to": "B", "mode": "rail", "km": [10.0, 20.0], "closed_by": ["flood", ""]}
    )
    case = Case.of(
        Settings("x"),
        nodes=pd.DataFrame({"node": ["A", "B"]}),
        modes=pd.DataFrame({"mode": ["rail"], "cny_per_t_km": [0.03]}),
        links=links,
    )
    network = build_network(case)
    assert network is not None
    assert {name for name in network.arc if name} == {"A>B:rail#2", "B>A:rail#2"}
    assert {arc.step for arc in derive_program(texts).networks[""].arcs} == {"rail#2"}
