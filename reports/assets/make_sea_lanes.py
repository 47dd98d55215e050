"""Make sea_lanes.json: the sea lanes along which pictures draw ships.

Run once, by hand, where the package searoute is installed:

    python -m reports.assets.make_sea_lanes

The package's network of sea lanes has some ten thousand points, far more than a picture needs. Kept
is what short ways between spread-out ports use, with every passage open and with the canals closed
in turn; a lane already kept counts as a little shorter, so that ways gather in few lanes.
Distances of the model are not taken from here.
"""

from __future__ import annotations

import json
from importlib.resources import files
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt
from pathlib import Path

import networkx as nx

from model.case.records import Json
from reports.assets.make_outlines import Point, Ring, simplify
from reports.maps.outlines import unbroken
from reports.maps.projection import wrap

TARGET = Path(__file__).parent / "sea_lanes.json"
ALWAYS_CLOSED = {"northwest"}  # ice; searoute itself closes it unless given otherwise
CLOSURES: list[set[str]] = [set(), {"suez"}, {"panama"}, {"suez", "panama"}, {"malacca"}]
PORT_SPACING_KM = 1100
TOLERANCE_DEGREES = 0.6
KEPT_COUNTS_AS = 0.8  # of its length
EARTH_RADIUS_KM = 6371.0


def main() -> None:
    """Write the reduced network."""
    network = read_network()
    ports = spread_ports(network)
    used: nx.Graph[Point] = nx.Graph()
    for closed in CLOSURES:
        gone = closed | ALWAYS_CLOSED
        is_open = [edge for edge in network.edges if network.edges[edge]["passage"] not in gone]
        sea = network.edge_subgraph(is_open)
        for port in (port for port in ports if port in sea):
            ways = nx.single_source_dijkstra_path(sea, port, weight="gathering")
            for other in ports:
                for a, b in pairwise(ways.get(other, [])):
                    used.add_edge(a, b, **network.edges[a, b])
                    network.edges[a, b]["gathering"] = (
                        KEPT_COUNTS_AS * network.edges[a, b]["weight"]
                    )
    lanes = [lane(used, chain) for chain in chains(used)]
    content = {
        "source": "sea-lane network of the package searoute 1.6.0 (after Eurostat and the Oak "
        "Ridge National Laboratory), reduced; for pictures only",
        "licence": "Apache-2.0 (searoute)",
        "lanes": lanes,
    }
    text = json.dumps(content, separators=(",", ":"))
    TARGET.write_text(text + "\n", encoding="utf-8")
    print(f"{TARGET.name}: {len(lanes)} lanes, {len(text):,} bytes")


def read_network() -> nx.Graph[Point]:
    """Return searoute's network: points (lon, lat), edges with km and the name of a passage."""
    text = (files("searoute") / "data/marnet_searoute.geojson").read_text(encoding="utf-8")
    network: nx.Graph[Point] = nx.Graph()
    for feature in json.loads(text)["features"]:
        shape = feature["geometry"]
        lines = (
            shape["coordinates"] if shape["type"] == "MultiLineString" else [shape["coordinates"]]
        )
        for line in lines:
            points = [(round(wrap(x, 0.0), 2), round(y, 2)) for x, y in line]
            for a, b in pairwise(points):
                passage = feature["properties"].get("passage") or ""
                km = great_circle_km(a, b)
                network.add_edge(a, b, weight=km, gathering=km, passage=passage)
    return network


def spread_ports(network: nx.Graph[Point]) -> list[Point]:
    """Return network points next to ports, none nearer than PORT_SPACING_KM to another."""
    text = (files("searoute") / "data/ports.geojson").read_text(encoding="utf-8")
    chosen: list[Point] = []
    for feature in json.loads(text)["features"]:
        port = tuple(feature["geometry"]["coordinates"])
        if all(great_circle_km(port, other) > PORT_SPACING_KM for other in chosen):
            chosen.append(min(network, key=lambda node: great_circle_km(node, port)))
    return chosen


def chains(network: nx.Graph[Point]) -> list[Ring]:
    """Split a network into lines that run from junction to junction, or end, or passage."""

    def is_joint(point: Point) -> bool:
        passages = {edge["passage"] for edge in network[point].values()}
        return network.degree(point) != 2 or len(passages) > 1

    found: list[Ring] = []
    seen: set[frozenset[Point]] = set()
    for start in sorted(filter(is_joint, network)):
        for following in sorted(network[start]):
            if frozenset((start, following)) in seen:
                continue
            chain = [start, following]
            while not is_joint(chain[-1]):
                chain.append(next(p for p in network[chain[-1]] if p != chain[-2]))
            seen |= {frozenset(pair) for pair in pairwise(chain)}
            found.append(chain)
    return found


def lane(network: nx.Graph[Point], chain: Ring) -> Json:
    """Describe one chain: its length, its simplified line and the passage it goes through."""
    edges = [network.edges[a, b] for a, b in pairwise(chain)]
    entry = {
        "km": round(sum(edge["weight"] for edge in edges)),
        "line": [(round(x, 2), y) for x, y in simplify(unbroken(chain), TOLERANCE_DEGREES)],
    }
    passage = edges[0]["passage"]
    return {**entry, "passage": passage} if passage else entry


def great_circle_km(a: Point, b: Point) -> float:
    """Return the great-circle distance (haversine formula)."""
    lon_a, lat_a, lon_b, lat_b = map(radians, (*a, *b))
    h = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(h)))


if __name__ == "__main__":
    main()
