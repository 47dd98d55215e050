"""Random networks with many plans of equal cost."""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.case.case import Case
from tests.support.markets import make_case


def degenerate(seed: int) -> Case:
    """A random network whose links are alike, most of them with a limit, some free."""
    rng = np.random.default_rng(seed)
    places = [f"N{number}" for number in range(int(rng.integers(5, 10)))]
    ends = {(int(rng.integers(0, number)), number) for number in range(1, len(places))}
    for _ in range(int(rng.integers(3, 12))):
        here, there = rng.choice(len(places), 2, replace=False)
        ends.add((int(here), int(there)))
    links = [
        {
            "from": places[here],
            "to": places[there],
            "mode": str(rng.choice(["rail", "road"])),
            "km": float(rng.choice([1, 1, 1, 2, 0])),
            "limit_kt": float(rng.choice([2, 3, 4, np.nan], p=[0.2, 0.25, 0.25, 0.3])),
        }
        for here, there in sorted(ends)
    ]
    demand = rng.integers(1, 5, int(rng.integers(2, 5))).astype(float)
    supply = rng.integers(1, 6, int(rng.integers(2, 5))).astype(float)
    supply[0] += max(0.0, demand.sum() - supply.sum())

    def table(kind: str, column: str, kt: np.ndarray) -> pd.DataFrame:
        nodes = [places[node] for node in rng.integers(0, len(places), len(kt))]
        names = [f"{kind[0]}{number}" for number in range(len(kt))]
        return pd.DataFrame({kind: names, column: kt, "node": nodes})

    return make_case(
        origins=table("origin", "supply_kt", supply),
        sinks=table("sink", "demand_kt", demand),
        nodes=pd.DataFrame({"node": places}),
        links=pd.DataFrame(links),
        modes=pd.DataFrame(
            {"mode": ["rail", "road"], "fixed_cny_per_t": [0.0, 0.0], "cny_per_t_km": [1.0, 1.0]}
        ),
    )
