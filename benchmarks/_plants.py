"""A synthetic case of 111 plants and about a hundred smelters that adds up to the paper's tables.

``python -m benchmarks._plants FOLDER [MONTHS]`` writes it as a case folder. Which plant has
which size and place is made up; what the provinces and efficiency classes add up to is not:
Table 1's classes (39, 34 and 38 enterprises, 19 of them idle), Table 2's capacity and output,
Table 3's demand. By month, every node stands once a month and plants hold stock over.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from model.arrays import Floats, Integers
from model.case.case import Case
from model.case.distances import with_distances
from model.case.settings import settings_without_scenarios
from model.case.write import write_case
from model.reading.read_case import read_case

ROOT = Path(__file__).resolve().parents[1]
PRINTED = ROOT / "tests" / "data" / "twelve_regions"
"""One place a region, as the paper prints them."""
CLASSES = ("high", "medium", "low", "idle")
ENTERPRISES = (39, 34, 19, 19)
UTILISATION = ((0.90, 1.0), (0.62, 0.90), (0.0, 0.62), (0.0, 0.0))
"""Least and most of each class, Table 1."""
SHARES = {
    "Shandong": (60, 16, 18, 6), "Xinjiang": (54, 12, 34, 0), "Henan": (18, 41, 16, 24),
    "Inner Mongolia": (32, 68, 0, 0), "Yunnan": (100, 0, 0, 0), "Gansu": (50, 26, 18, 6),
    "Guangxi": (37, 49, 14, 0), "Qinghai": (27, 59, 0, 14), "Liaoning": (0, 52, 48, 0),
    "Guizhou": (0, 88, 12, 0), "Ningxia": (27, 73, 0, 0), "Others": (29, 34, 17, 20),
}  # fmt: skip
"""Share of each class in a province's capacity, %, Table 1."""
SMELTERS = 100
HOLDING_CNY_PER_T = 12.0
SEED = 2024
NAME = "synthetic_plants"
TITLE = "Synthetic: 111 made-up plants that add up to the provinces of 2024"


def plant_case(months: int = 1) -> Case:
    """The synthetic case, by year or by month."""
    rng = np.random.default_rng(SEED)
    base = with_distances(read_case(PRINTED))
    plants, smelters = plants_of(base, rng), smelters_of(base, rng)
    case = _with_places(base, plants, smelters, rng)
    return case if months == 1 else _by_month(case, months)


def spread(total: int, weight: Floats) -> Integers:
    """Whole numbers that add up to a total, by weight; at least 1 where there is any weight."""
    least = (weight > 0).astype(np.intp)
    exact = weight / weight.sum() * (total - least.sum())
    number = least + np.floor(exact).astype(np.intp)
    rest = np.argsort(-(exact - np.floor(exact)), kind="stable")[: total - number.sum()]
    number[rest] += 1
    return np.asarray(number)


def plants_of(base: Case, rng: np.random.Generator) -> pd.DataFrame:
    """Plants with region, class, capacity and output, kt."""
    known = base.origins.set_index("origin")
    regions = list(SHARES)
    share = np.array([SHARES[region] for region in regions], dtype=float)
    share /= share.sum(axis=1, keepdims=True)
    capacity = share * known.loc[regions, "capacity_kt"].to_numpy()[:, None]
    count = np.column_stack([spread(total, capacity[:, c]) for c, total in enumerate(ENTERPRISES)])
    low, high = np.array(UTILISATION).T
    output = known.loc[regions, "supply_kt"].to_numpy()
    least, most = capacity @ low, capacity @ high
    between = np.clip((output - least) / (most - least), 0.0, 1.0)
    used = low + between[:, None] * (high - low)
    used *= (output / (capacity * used).sum(axis=1))[:, None]  # what a class bound cuts off
    rows = [
        {
            "region": region,
            "class": CLASSES[c],
            "capacity_kt": kt,
            "supply_kt": kt * used[r, c],
        }
        for r, region in enumerate(regions)
        for c in range(len(CLASSES))
        for kt in _parts(capacity[r, c], int(count[r, c]), rng)
    ]
    return _rounded(pd.DataFrame(rows), "plant", ("capacity_kt", "supply_kt"))


def smelters_of(base: Case, rng: np.random.Generator) -> pd.DataFrame:
    """Smelters with region and demand, kt."""
    home = base.sinks[base.sinks["kind"] == "domestic"]
    count = spread(SMELTERS, home["demand_kt"].to_numpy())
    rows = [
        {"region": region, "demand_kt": kt}
        for region, total, number in zip(home["region"], home["demand_kt"], count, strict=True)
        for kt in _parts(total, int(number), rng)
    ]
    return _rounded(pd.DataFrame(rows), "smelter", ("demand_kt",))


def _parts(total: float, number: int, rng: np.random.Generator) -> Floats:
    """Uneven parts of a total."""
    size = rng.gamma(4.0, size=number)
    return total * size / size.sum() if number else np.zeros(0)


def _rounded(table: pd.DataFrame, what: str, columns: tuple[str, ...]) -> pd.DataFrame:
    """Figures to a tonne, and a name for every row; a region's largest takes the rounding."""
    for column in columns:
        total = table.groupby("region")[column].transform("sum")
        table[column] = table[column].round(3)
        rest = total - table.groupby("region")[column].transform("sum")
        largest = table.groupby("region")[column].idxmax()
        table.loc[largest, column] = (table[column] + rest).round(6)[largest]
    digits = len(str(len(table)))
    table["name"] = [f"{what} {number:0{digits}}" for number in range(1, len(table) + 1)]
    return table


def _with_places(
    base: Case, plants: pd.DataFrame, smelters: pd.DataFrame, rng: np.random.Generator
) -> Case:
    """The bundled network and a node for every plant and smelter, by road from its region's hub."""
    origin_node = base.origins.set_index("region")["node"]
    sink_node = base.sinks.set_index("region")["node"]
    place = base.nodes.set_index("node")[["lat", "lon"]]
    nodes, links = [base.nodes], [base.links]
    for table, hub in ((plants, origin_node), (smelters, sink_node)):
        hubs = table["region"].map(hub)
        away = rng.normal(scale=0.8, size=(len(table), 2))
        here = place.loc[hubs].to_numpy() + away
        nodes.append(
            pd.DataFrame({"node": table["name"], "lat": here[:, 0], "lon": here[:, 1]}).round(4)
        )
        km = (np.hypot(*away.T) * 111 * 1.2 + 10).round(1)
        links.append(
            pd.DataFrame(
                {
                    "from": table["name"],
                    "to": hubs,
                    "mode": "road",
                    "km": km,
                    "one_way": False,
                    "grade": "assumed",
                }
            )
        )
    made_up = {"source": "", "grade": "assumed"}
    origins = plants.assign(
        origin=plants["name"], node=plants["name"], kind="domestic", **made_up
    ).drop(columns=["name", "class"])
    home = smelters.assign(sink=smelters["name"], node=smelters["name"], kind="domestic", **made_up)
    abroad = base.sinks[base.sinks["kind"] == "export"]
    nothing = pd.DataFrame()
    return base.replace(
        settings=replace(settings_without_scenarios(base.settings), name=NAME, title=TITLE),
        origins=origins,
        sinks=pd.concat([home.drop(columns="name"), abroad], ignore_index=True),
        nodes=pd.concat(nodes, ignore_index=True),
        links=pd.concat(links, ignore_index=True),
        observed=nothing,
        assumptions=nothing,
        projects=nothing,
        periods=nothing,
        paths=nothing,
        names=nothing,
    )


def _by_month(case: Case, months: int) -> Case:
    """Every place and every tonne once a month, with stock held at plants from month to month."""

    def each(table: pd.DataFrame, names: list[str], shares: list[str]) -> pd.DataFrame:
        parts = []
        for month in range(1, months + 1):
            part = table.copy()
            for column in names:
                part[column] = [f"{name} m{month:02}" if name else "" for name in part[column]]
            for column in shares:
                part[column] = part[column] / months
            parts.append(part)
        return pd.concat(parts, ignore_index=True)

    held = [
        {
            "from": f"{plant} m{month:02}",
            "to": f"{plant} m{month + 1:02}",
            "mode": "holding",
            "cost_cny_per_t": HOLDING_CNY_PER_T,
            "km": 0.0,
            "one_way": True,
            "grade": "assumed",
        }
        for plant in case.origins["node"]
        for month in range(1, months)
    ]
    links = each(case.links, ["from", "to"], ["limit_kt"])
    holding = pd.DataFrame([{"mode": "holding", "grade": "assumed"}])
    return case.replace(
        origins=each(case.origins, ["origin", "node"], ["supply_kt", "capacity_kt"]),
        sinks=each(case.sinks, ["sink", "node"], ["demand_kt", "max_kt"]),
        nodes=each(case.nodes, ["node"], []),
        links=pd.concat([links, pd.DataFrame(held)], ignore_index=True),
        modes=pd.concat([case.modes, holding], ignore_index=True),
    )


def main(folder: str, months: str = "1") -> None:
    """Write the case."""
    write_case(plant_case(int(months)), Path(folder))


if __name__ == "__main__":
    main(*sys.argv[1:])
