"""Random small networks in memory, with limits of every sort."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from model.case.case import Case
from tests.support.markets import frame, make_case

PLACES = ["A", "B", "C", "D"]
MODES = frame("mode fixed_cny_per_t cny_per_t_km gco2_per_t_km", "rail 20 0.2 10", "road 5 0.5 70")


@st.composite
def networks(draw: st.DrawFn) -> Case:
    """Two or three origins and sinks on four nodes, two modes, and limits of every sort."""
    whole = st.integers(0, 12)
    places = st.sampled_from(PLACES)
    modes = st.sampled_from(["rail", "road"])
    origins = draw(st.lists(st.tuples(places, whole, whole), min_size=1, max_size=3))
    sinks = draw(st.lists(st.tuples(places, whole, st.booleans()), min_size=1, max_size=3))
    pairs = [(a, b) for a in PLACES for b in PLACES if a < b]
    link = st.tuples(
        st.sampled_from(pairs), modes, st.integers(0, 9), st.none() | st.integers(0, 20)
    )
    links = draw(st.lists(st.tuples(link, st.booleans()), min_size=2, max_size=7))
    rows = [
        {"from": a, "to": b, "mode": mode, "km": 100.0 * km, "limit_kt": limit, "one_way": one_way}
        for ((a, b), mode, km, limit), one_way in links
    ]
    lane = st.tuples(whole, st.integers(0, 3), st.none() | st.integers(3, 9))
    lanes = draw(
        st.dictionaries(
            st.tuples(st.integers(0, len(origins) - 1), st.integers(0, len(sinks) - 1)),
            lane,
            max_size=3,
        )
    )
    limit = st.fixed_dictionaries(
        {
            "max_kt": st.integers(0, 30),
            "measure": st.sampled_from(["ship_kt", "ship_kt", "co2_kt", "cost_mcny"]),
            "origin": st.sampled_from(["", "", "o0"]),
            "sink": st.sampled_from(["", "", "s0"]),
            "kind": st.sampled_from(["", "domestic", "export"]),
            "mode": st.sampled_from(["", "", "rail", "road", "rail|road"]),
            "via": st.sampled_from(["", "", "B", "A>B", "A>B:rail", "B|C"]),
        }
    )
    limits = draw(st.lists(limit, max_size=3))
    for number, row in enumerate(limits):
        row["limit"] = f"k{number}"
        if row["measure"] != "ship_kt":  # several modes or places of other measures are not offered
            row["mode"] = row["via"] = ""
            row["max_kt"] = row["max_kt"] / (1e4 if row["measure"] == "co2_kt" else 2.0)
        elif not (row["mode"] or row["via"]) and draw(st.booleans()):
            row["min_kt"] = min(3, row["max_kt"])
    if not draw(st.booleans()):
        lanes = {}
    return make_case(
        {"carbon_price_cny_per_t": draw(st.sampled_from([0.0, 100.0]))},
        origins=pd.DataFrame(
            [
                {"origin": f"o{i}", "node": n, "supply_kt": float(kt), "cost_cny_per_t": float(c)}
                for i, (n, kt, c) in enumerate(origins)
            ]
        ),
        sinks=pd.DataFrame(
            [
                {
                    "sink": f"s{i}",
                    "node": n,
                    "demand_kt": float(kt) / 2,
                    "kind": "export" if abroad else "domestic",
                }
                for i, (n, kt, abroad) in enumerate(sinks)
            ]
        ),
        nodes=pd.DataFrame({"node": PLACES}),
        modes=MODES,
        links=pd.DataFrame(rows).drop_duplicates().astype({"limit_kt": float}),
        limits=pd.DataFrame(limits),
        lanes=pd.DataFrame(
            [
                {
                    "origin": f"o{o}",
                    "sink": f"s{s}",
                    "cost_cny_per_t": 10.0 * cost,
                    "min_kt": float(least),
                    "max_kt": np.nan if most is None else float(most),
                    "mode": "road",
                    "km": 100.0,
                }
                for (o, s), (cost, least, most) in lanes.items()
            ]
        ),
    )
