"""The synthetic plants with coke and pitch to buy: two inputs from twenty sources.

``python -m benchmarks._plants_with_inputs FOLDER`` writes it as a case folder. Where the sources
stand, what they sell and at which price is made up; together they sell a quarter more than all
plants could use.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks._plants import SEED, plant_case
from model.case.case import Case
from model.case.write import write_case

OUTPUT = "anode"
T_PER_T = {"coke": 1.1, "pitch": 0.16}
SOURCES = {"coke": 14, "pitch": 6}
PRICE_CNY_PER_T = {"coke": (1_700.0, 2_100.0), "pitch": (3_800.0, 4_300.0)}
ROOM = 1.25
"""What sources sell together, over what all plants could use."""


def case_with_inputs() -> Case:
    """The synthetic case of a year, with recipes and sources at nodes of the bundled network."""
    case, rng = plant_case(), np.random.default_rng(SEED)
    ends = {*case.origins["node"], *case.sinks["node"]}
    places = case.nodes[~case.nodes["node"].isin(list(ends)) & (case.nodes["kind"] != "junction")]
    linked = {*case.links["from"], *case.links["to"]}
    nodes = places["node"][places["node"].isin(list(linked))].to_numpy(object)
    sources = []
    for commodity, number in SOURCES.items():
        total = ROOM * T_PER_T[commodity] * case.origins["supply_kt"].sum()
        part = rng.gamma(4.0, size=number)
        low, high = PRICE_CNY_PER_T[commodity]
        sources.append(
            pd.DataFrame(
                {
                    "origin": [f"{commodity} {k:02}" for k in range(1, number + 1)],
                    "supply_kt": (total * part / part.sum()).round(3),
                    "node": rng.choice(nodes, size=number, replace=False),
                    "cost_cny_per_t": rng.uniform(low, high, size=number).round(0),
                    "commodity": commodity,
                    "grade": "assumed",
                }
            )
        )
    recipes = pd.DataFrame(
        {"output": OUTPUT, "input": list(T_PER_T), "t_per_t": list(T_PER_T.values())}
    )
    return case.replace(
        settings=replace(case.settings, name="synthetic_plants_with_inputs", commodity=OUTPUT),
        origins=pd.concat([case.origins.assign(commodity=OUTPUT), *sources], ignore_index=True),
        recipes=recipes.assign(grade="assumed"),
    )


def main(folder: str) -> None:
    """Write the case."""
    write_case(case_with_inputs(), Path(folder))


if __name__ == "__main__":
    main(*sys.argv[1:])
