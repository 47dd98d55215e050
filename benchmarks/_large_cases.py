"""Cases that are large in one way each: a million explicit lanes; a limit for every origin.

``python -m benchmarks._large_cases FOLDER KIND`` writes one, `lanes` or `network`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

SEED = 3
SIDE_KM = 3000.0
WINDING, ACCESS_KM = 1.2, 10.0
HANDLING_CNY_PER_T, TARIFF_CNY_PER_T_KM = 30.0, 0.25
USED_SHARE = 0.8  # demand over supply
PLACES, ENDS, LINKS = 600, 150, 7
"""Of the network: nodes, origins (as many sinks), links that leave a node."""
SHIPMENT_KT = 10.0


def write_lanes(folder: Path, places: int = 1000) -> None:
    """A case of `places` origins and as many sinks on a plane, with a lane for every pair."""
    rng = np.random.default_rng(SEED)
    here, there = rng.random((2, 2, places)) * SIDE_KM
    supply = np.round(rng.gamma(4.0, 50.0, places), 3)
    demand = rng.gamma(4.0, 50.0, places)
    demand = np.round(demand * supply.sum() * USED_SHARE / demand.sum(), 3)
    along, up = (here[axis][:, None] - there[axis] for axis in range(2))
    km = np.round(np.hypot(along, up) * WINDING + ACCESS_KM, 1)
    origins = [f"plant {number:04}" for number in range(places)]
    sinks = [f"smelter {number:04}" for number in range(places)]
    regions = [f"region {number % 30:02}" for number in range(places)]
    production = np.round(3500.0 + rng.normal(0.0, 100.0, places), 1)
    tables = {
        "origins": {"origin": origins, "supply_kt": supply, "cost_cny_per_t": production,
                    "region": regions},
        "sinks": {"sink": sinks, "demand_kt": demand, "region": regions},
        "lanes": {
            "origin": np.repeat(origins, places), "sink": np.tile(sinks, places),
            "cost_cny_per_t": np.round(HANDLING_CNY_PER_T + TARIFF_CNY_PER_T_KM * km, 2).ravel(),
            "km": km.ravel(),
        },
    }  # fmt: skip
    _write(folder, "million_lanes", tables)


def write_network(folder: Path) -> None:
    """A case over a network of one-way links, where each origin has a least shipment of its own."""
    rng = np.random.default_rng(SEED)
    nodes = [f"n{number}" for number in range(PLACES)]
    tails = np.repeat(np.arange(PLACES), LINKS)
    heads = (tails + rng.integers(1, PLACES, len(tails))) % PLACES
    around = np.arange(PLACES)  # a circle through all, so that every sink can be reached
    tails, heads = np.r_[around, tails], np.r_[(around + 1) % PLACES, heads]
    pairs = np.unique(np.c_[tails, heads], axis=0)
    origins = [f"o{number}" for number in range(ENDS)]
    tables: dict[str, dict[str, object]] = {
        "nodes": {"node": nodes},
        "modes": {"mode": ["rail"]},
        "links": {
            "from": [nodes[tail] for tail in pairs[:, 0]],
            "to": [nodes[head] for head in pairs[:, 1]],
            "mode": "rail", "km": 1, "cost_cny_per_t": rng.integers(1, 50, len(pairs)),
            "one_way": "true",
        },
        "origins": {"origin": origins, "supply_kt": SHIPMENT_KT, "node": nodes[:ENDS]},
        "sinks": {"sink": [f"s{number}" for number in range(ENDS)], "demand_kt": SHIPMENT_KT,
                  "node": nodes[-ENDS:]},
        "limits": {"limit": [f"all {name}" for name in origins], "min": SHIPMENT_KT,
                   "origin": origins},
    }  # fmt: skip
    _write(folder, "limited_network", tables)


def _write(folder: Path, name: str, tables: dict[str, dict[str, object]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "case.toml").write_text(f'name = "{name}"\n', encoding="utf-8")
    for table, columns in tables.items():
        pd.DataFrame(columns).to_csv(folder / f"{table}.csv", index=False)


if __name__ == "__main__":
    {"lanes": write_lanes, "network": write_network}[sys.argv[2]](Path(sys.argv[1]))
