"""Every computed kilometre of `links.csv`, computed again from `nodes.csv`.

    python data/prebaked_2024/distances.py            compare with links.csv and print the checks
    python data/prebaked_2024/distances.py --write    write the computed figures into links.csv

How a link's length is made is told by its `source`:

- `searoute`            along sea lanes (package searoute, the Northwest Passage closed), never
                        shorter than the great circle
- `great_circle`        the great circle: mid-ocean legs, and a fjord that has no sea lane
- `great_circle_rail`   great circle × 1.33
- `great_circle_road`   great circle × 1.18
- a line of PUBLISHED_LINE_KM    its length, split over its sections by great circle
- anything else         a figure with a source of its own, left alone and only checked

A passage with a toll also has its cost computed: kilometres × the sea tariff + the toll.
Nothing here looks at a balance, a price or a flow: no length is fitted to a result.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd

from model.case.great_circle import great_circle_km
from model.case.sea_routes import sea_lanes_km

CASE = Path(__file__).parent
RAIL_CIRCUITY = 1.33
ROAD_CIRCUITY = 1.18
KM_PER_NAUTICAL_MILE = 1.852

PUBLISHED_LINE_KM = {
    "baolan_north": 511.0,
    "baolan_middle": 162.0,
    "baolan_south": 306.0,
    "hanji": 232.0,
    "jiaoliu": 1639.0,
    "jingbao_west": 451.0,
    "taizhongyin": 752.0,
    "xinyan": 305.0,
}
"""Lines, or parts between two posts, whose length is known but not that of the sections here."""

TOLL_CNY_PER_T = {"Suez Canal": 64.0, "Panama Canal": 83.0}
"""Assumed: 9.0 and 11.7 USD/t at 7.12 CNY/USD, from the ocean freights of the source `ocean`."""

PUBLISHED_SEA_NM = {
    "Samalaju": 2185,
    "Sept-Îles": 11622,
    "Kitimat": 4935,
    "Årdal": 11321,
    "Khalifa": 6065,
    "Vladivostok": 1020,
    "Morowali": 2590,
    "Kuala Tanjung": 2780,
    "Straumsvik": 11403,
    "Sohar": 5835,
    "Ulsan": 523,
    "Alba": 6186,
}
"""Nautical miles from Qingdao that the links of a route should add up to."""

PUBLISHED_SEA_NM_WITHOUT_SUEZ = {"Årdal": 13669, "Straumsvik": 12932}
"""The same with the Suez Canal closed."""

PUBLISHED_RAIL_KM = {
    ("Beijing", "Taiyuan", "Zhongwei", "Ürümqi"): 3150,
    ("Ürümqi", "Lanzhou", "Baoji", "Chengdu"): 3334,
}
"""Rail distances printed elsewhere, by the way that trains of the time took."""


def read_network() -> tuple[pd.DataFrame, pd.DataFrame]:
    """The case's nodes (indexed by name) and links, as they stand."""
    nodes = pd.read_csv(CASE / "nodes.csv").set_index("node")
    return nodes, pd.read_csv(CASE / "links.csv")


def straight_km(nodes: pd.DataFrame, links: pd.DataFrame) -> np.ndarray:
    """Great circle of every link, km."""
    start, end = nodes.loc[links["from"]], nodes.loc[links["to"]]
    return great_circle_km(
        start["lat"].to_numpy(),
        start["lon"].to_numpy(),
        end["lat"].to_numpy(),
        end["lon"].to_numpy(),
    )


def computed_km(nodes: pd.DataFrame, links: pd.DataFrame) -> pd.Series:
    """Length of every link by the rule that its source names, km to a tenth."""
    straight = pd.Series(straight_km(nodes, links), index=links.index)
    rule = links["source"].str.split("|").str[0]
    km = links["km"].astype(float)
    for name, circuity in (
        ("great_circle", 1.0),
        ("great_circle_rail", RAIL_CIRCUITY),
        ("great_circle_road", ROAD_CIRCUITY),
    ):
        km = km.mask(rule == name, straight * circuity)
    for line, total in PUBLISHED_LINE_KM.items():
        for mode in ("rail", "rail_container"):
            on_line = (rule == line) & (links["mode"] == mode)
            km = km.mask(on_line, straight * total / straight[on_line].sum())
    for row in links.index[rule == "searoute"]:
        ends = nodes.loc[links.loc[row, ["from", "to"]], ["lat", "lon"]].to_numpy(dtype=float)
        km[row] = max(sea_lanes_km(*map(tuple, ends)), straight[row])
    return km.round(1)


def computed_cost(links: pd.DataFrame, km: pd.Series) -> pd.Series:
    """Cost of the tolled passages, CNY/t to a tenth: distance cost at the sea tariff plus toll."""
    modes = pd.read_csv(CASE / "modes.csv").set_index("mode")
    toll = links["to"].map(TOLL_CNY_PER_T).where(links["source"].str.contains("canal_tolls"))
    priced = (km * modes.loc["sea", "cny_per_t_km"] + toll).round(1)
    return priced.where(toll.notna(), links["cost_cny_per_t"].astype(float))


def graph(links: pd.DataFrame, mode: str) -> nx.Graph:
    """The links of one mode, with their km."""
    return nx.from_pandas_edgelist(links[links["mode"] == mode], "from", "to", edge_attr="km")


def against(found: float, published: float) -> str:
    """Two figures and by how much the first is off the second."""
    return f"{found:8.0f} {published:8.0f} {found / published - 1:+7.1%}"


def sea_checks(links: pd.DataFrame) -> Iterator[str]:
    """Sums of links along sea routes against published distances."""
    yield "Sea, nautical miles from Qingdao: sum of links, published, difference"
    sea = graph(links, "sea")
    without_suez = sea.subgraph(set(sea) - {"Suez Canal"})
    for network, published_nm, remark in (
        (sea, PUBLISHED_SEA_NM, ""),
        (without_suez, PUBLISHED_SEA_NM_WITHOUT_SUEZ, "  Suez closed"),
    ):
        for port, published in published_nm.items():
            km = nx.dijkstra_path_length(network, "Qingdao port", port, "km")
            yield f"  {port:14} {against(km / KM_PER_NAUTICAL_MILE, published)}{remark}"


def rail_checks(links: pd.DataFrame) -> Iterator[str]:
    """Rail routes against published distances."""
    yield "Rail, km: that way in the network, published, difference, shortest way"
    rail = graph(links, "rail")
    for way, published in PUBLISHED_RAIL_KM.items():
        km = sum(nx.dijkstra_path_length(rail, *leg, "km") for leg in pairwise(way))
        shortest, stops = nx.single_source_dijkstra(rail, way[0], way[-1], weight="km")
        yield f"  {'-'.join(way):34} {against(km, published)} {shortest:.0f} by {', '.join(stops)}"


def section_checks(nodes: pd.DataFrame, links: pd.DataFrame) -> Iterator[str]:
    """Lines with a length of their own against the rule for those without."""
    yield f"Rail lines with a length of their own, km: length, great circle × {RAIL_CIRCUITY}"
    own = links[(links["mode"] == "rail") & ~links["source"].str.startswith("great_circle")]
    own = own.assign(rule=straight_km(nodes, own) * RAIL_CIRCUITY)
    lines = own.groupby("source")[["km", "rule"]].sum()
    for line, km, rule in lines.itertuples():
        yield f"  {line:19} {against(km, rule)}"
    yield f"  {'all':19} {against(*lines.sum())}"


def too_short(nodes: pd.DataFrame, links: pd.DataFrame, km: pd.Series) -> pd.DataFrame:
    """Links shorter than the great circle between their ends, by more than a tenth of a km."""
    straight = straight_km(nodes, links)
    short = links.assign(km=km, straight=straight.round(1))[km < straight - 0.1]
    return short[["from", "to", "mode", "km", "straight"]]


def main() -> int:
    """Compare or write; 0 if links.csv holds what is computed, 1 otherwise."""
    parser = argparse.ArgumentParser(description="Computed kilometres of links.csv")
    parser.add_argument("--write", action="store_true", help="write them into links.csv")
    write = parser.parse_args().write
    nodes, links = read_network()
    km = computed_km(nodes, links)
    cost = computed_cost(links, km)
    differs = (km - links["km"]).abs().fillna(np.inf) > 0.05
    differs |= (cost - links["cost_cny_per_t"]).abs().fillna(0) > 0.05
    differs |= cost.notna() & links["cost_cny_per_t"].isna()
    links["km"], links["cost_cny_per_t"] = km, cost
    if write:
        table = links.astype({"limit_kt": object, "one_way": object})
        table["one_way"] = table["one_way"].map({True: "true"})
        for column in ("km", "cost_cny_per_t"):
            table[column] = [
                None if np.isnan(x) else f"{x:.1f}".removesuffix(".0") for x in links[column]
            ]
        table.to_csv(CASE / "links.csv", index=False, lineterminator="\n")
    short = too_short(nodes, links, km)
    if len(short):
        print("Shorter than the great circle", short.to_string(index=False), sep="\n")
    for checks in (sea_checks(links), rail_checks(links), section_checks(nodes, links)):
        print(*checks, sep="\n")
    print(
        f"{len(links)} links, {int(differs.sum())} differ from links.csv"
        + (", written" if write else "")
    )
    return 0 if (write or not differs.any()) and short.empty else 1


if __name__ == "__main__":
    sys.exit(main())
