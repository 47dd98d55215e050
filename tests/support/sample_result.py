"""A small result made by hand, for tests of the report: no solver, every kind of section.

The figures hang together (flows fit balances, costs add up) but are no optimum.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import networkx as nx
import pandas as pd

from model.case.case import Case, Settings
from model.result.allocation import Allocation
from model.result.outputs import THROUGHPUT
from model.scenarios.info import ScenarioInfo

REGIONS = {  # supply, demand, capacity, node, lat, lon
    "Shandong": (7515, 3316, 9150, "Binzhou", 37.38, 117.97),
    "Henan": (1760, 880, 3450, "Gongyi", 34.75, 112.98),
    "Xinjiang": (2770, 2796, 3550, "Changji", 44.17, 87.54),
    "Inner Mongolia": (1890, 2990, 2160, "Baotou", 40.65, 109.84),
    "Yunnan": (1690, 2462, 1700, "Qujing", 25.49, 103.80),
    "Qinghai": (810, 1290, 1170, "Xining", 36.62, 101.78),
    "Guizhou": (560, 758, 680, "Guiyang", 26.65, 106.63),
    "Others": (3000, 1594, 3730, "Cangzhou", 38.30, 116.84),
}
MARKETS = {
    "Malaysia": (549.9, "Samalaju", 3.5, 113.3),
    "Canada": (266.1, "Sept-Îles", 50.19, -66.38),
    "Norway": (242.7, "Årdal", 61.24, 7.70),
    "United Arab Emirates": (240.4, "Khalifa", 24.82, 54.65),
    "Iceland": (120.2, "Straumsvik", 64.05, -22.05),
}
POINTS = {
    "Qingdao": ("port", 36.06, 120.32),
    "Rizhao": ("port", 35.38, 119.55),
    "Zhengzhou": ("junction", 34.75, 113.65),
    "Lanzhou": ("junction", 36.04, 103.85),
    "Jinan": ("junction", 36.67, 116.99),
}
LINKS = [
    ("Binzhou", "Jinan", "rail", 150), ("Jinan", "Zhengzhou", "rail", 420),
    ("Cangzhou", "Jinan", "rail", 220), ("Zhengzhou", "Gongyi", "rail", 70),
    ("Gongyi", "Lanzhou", "rail", 1120), ("Lanzhou", "Xining", "rail", 190),
    ("Lanzhou", "Changji", "rail", 1930), ("Zhengzhou", "Guiyang", "rail", 1650),
    ("Guiyang", "Qujing", "rail", 420), ("Cangzhou", "Baotou", "rail", 900),
    ("Jinan", "Qingdao", "rail", 390), ("Binzhou", "Rizhao", "road", 330),
] + [
    (port, node, "sea", km)
    for port in ("Qingdao", "Rizhao")
    for node, km in (("Samalaju", 4050), ("Sept-Îles", 21500), ("Årdal", 20970),
                     ("Khalifa", 11230), ("Straumsvik", 21120))
]  # fmt: skip
SHIPMENTS = [  # origin, sink, kt
    ("Shandong", "Shandong", 3316), ("Henan", "Henan", 880), ("Xinjiang", "Xinjiang", 2770),
    ("Inner Mongolia", "Inner Mongolia", 1890), ("Yunnan", "Yunnan", 1690),
    ("Qinghai", "Qinghai", 810), ("Guizhou", "Guizhou", 560), ("Others", "Others", 1594),
    ("Others", "Inner Mongolia", 1100), ("Henan", "Yunnan", 772), ("Henan", "Qinghai", 80),
    ("Shandong", "Qinghai", 400), ("Shandong", "Guizhou", 198), ("Shandong", "Xinjiang", 26),
    ("Shandong", "Malaysia", 549.9), ("Shandong", "Canada", 266.1), ("Shandong", "Norway", 242.7),
    ("Shandong", "United Arab Emirates", 240.4), ("Shandong", "Iceland", 120.2),
]  # fmt: skip
TARIFF = {"rail": (50.3, 0.14), "road": (20.0, 0.30), "sea": (137.0, 0.016)}
LOCAL = {"Shandong": "山东", "Henan": "河南", "Xinjiang": "新疆", "Yunnan": "云南",
         "Inner Mongolia": "内蒙古", "Malaysia": "马来西亚"}  # fmt: skip


def sample_case(name: str = "sample", rename: dict[str, str] | None = None) -> Case:
    """Return a small case; `rename` changes names of regions and markets."""
    new = rename or {}
    regions = [(new.get(r, r), *values) for r, values in REGIONS.items()]
    markets = [(new.get(m, m), *values) for m, values in MARKETS.items()]
    origins = pd.DataFrame(
        [
            {"origin": r, "supply_kt": supply, "capacity_kt": capacity, "node": node,
             "source": "paper", "grade": "reported"}
            for r, supply, _, capacity, node, *_ in regions
        ]
    )  # fmt: skip
    sinks = pd.DataFrame(
        [
            {"sink": r, "demand_kt": demand, "node": node, "kind": "domestic",
             "source": "paper", "grade": "derived"}
            for r, _, demand, _, node, *_ in regions
        ]
        + [
            {"sink": m, "demand_kt": demand, "node": node, "kind": "export",
             "source": "paper", "grade": "reported"}
            for m, demand, node, *_ in markets
        ]
    )  # fmt: skip
    nodes = pd.DataFrame(
        [{"node": node, "kind": "hub", "lat": lat, "lon": lon}
         for *_, node, lat, lon in regions]
        + [{"node": node, "kind": "market", "lat": lat, "lon": lon}
           for _, _, node, lat, lon in markets]
        + [{"node": node, "kind": kind, "lat": lat, "lon": lon}
           for node, (kind, lat, lon) in POINTS.items()]
    )  # fmt: skip
    return Case.of(
        Settings(name, title="A sample market, 2024", year=2024),
        origins=origins,
        sinks=sinks,
        nodes=nodes,
        links=pd.DataFrame(
            [{"from": a, "to": b, "mode": m, "km": km, "source": "paper", "grade": "external"}
             for a, b, m, km in LINKS]
        ),
        modes=pd.DataFrame(
            [{"mode": m, "fixed_cny_per_t": fixed, "cny_per_t_km": rate, "gco2_per_t_km": 10,
              "source": "guess", "grade": "assumed"} for m, (fixed, rate) in TARIFF.items()]
        ),
        sources=pd.DataFrame(
            [
                {"source": "paper", "title": "A paper", "locator": "Table 3", "year": 2025},
                {"source": "guess", "title": "Estimates of this project"},
            ]
        ),
        names=pd.DataFrame(
            [{"name": new.get(n, n), "local_name": local} for n, local in LOCAL.items()]
        ),
        assumptions=pd.DataFrame(
            [
                {"assumption": "Rail tariff", "target": "modes.cny_per_t_km",
                 "where": "mode=rail", "low": 0.11, "high": 0.18, "how": "absolute",
                 "why": "The freight class was not found", "source": "guess"},
                {"assumption": "Ocean freight", "target": "modes.cny_per_t_km",
                 "where": "mode=sea", "low": 0.8, "high": 1.5, "how": "factor",
                 "why": "Charter rates move", "source": "guess"},
            ]
        ),
    )  # fmt: skip


def sample_result(
    name: str = "sample",
    *,
    rename: dict[str, str] | None = None,
    cost_factor: float = 1.0,
    studies: dict[str, Any] | None = None,
) -> Allocation:
    """Return a result of the sample case; costs multiplied by `cost_factor`."""
    case = sample_case(name, rename)
    flows = _flows(case, rename or {}, cost_factor)
    balance = _balance(case, flows)
    return Allocation(
        case=case,
        scenario=ScenarioInfo(name, "The sample as it stands", "to see a report", "paper"),
        status="optimal",
        figures=_figures(case, flows, balance),
        flows=flows,
        balance=balance,
        prices=_prices(case),
        changes=pd.DataFrame(
            [
                {"step": 1, "table": "origins", "row": "Yunnan", "column": "supply_kt",
                 "before": "1690", "after": "2465", "why": "two lines of 400 kt",
                 "source": "guess", "grade": "assumed"}
            ]
        ),
        observed=_observed(balance),
        throughput=_throughput(),
        lanes={"offered": 104, "seen": 60, "used": len(flows), "rounds": 2,
               "least_reduced_cost": 0.0},
        certificate={"status": "verified", "gap": 0, "primal": "5432.1", "dual": "5432.1"},
        diagnosis=None,
        studies=studies or {},
        provenance={
            "created": "2026-01-01T00:00:00Z", "git_commit": "0123abc",
            "versions": {"python": "3.11", "highspy": "1.15.1"},
            "timings": {"read": 0.1, "solve": 0.05}, "options": {"threads": 1},
        },
    )  # fmt: skip


def _throughput() -> pd.DataFrame:
    rows = [
        ("Qingdao", "port", "", 700.0, 700.0, 700.0, "kt/yr", 1.0, "Rizhao", 12.5, 9.1),
        ("Manzhouli", "border", "", 216.7, None, None, "kt/yr", None, "", None, None),
        ("Rizhao", "port", "", 0.0, 0.0, None, "kt/yr", None, "", None, None),
    ]
    return pd.DataFrame(rows, columns=list(THROUGHPUT))


def _flows(case: Case, new: dict[str, str], factor: float) -> pd.DataFrame:
    graph = nx.Graph()
    for a, b, mode, km in LINKS:
        graph.add_edge(a, b, mode=mode, km=km, weight=km * TARIFF[mode][1])
    at = dict(zip(case.origins["origin"], case.origins["node"], strict=True))
    to = dict(zip(case.sinks["sink"], case.sinks["node"], strict=True))
    rows = []
    for origin, sink, kt in SHIPMENTS:
        origin, sink = new.get(origin, origin), new.get(sink, sink)
        path = nx.shortest_path(graph, at[origin], to[sink], weight="weight")
        steps = [graph.edges[a, b] for a, b in pairwise(path)]
        modes = [
            s["mode"] for i, s in enumerate(steps) if not i or s["mode"] != steps[i - 1]["mode"]
        ]
        land = sum(s["km"] for s in steps if s["mode"] != "sea")
        sea = sum(s["km"] for s in steps if s["mode"] == "sea")
        freight = factor * (sum(s["weight"] for s in steps) + sum(TARIFF[m][0] for m in modes))
        sea_cost = factor * (sum(s["weight"] for s in steps if s["mode"] == "sea")
                             + (137.0 if sea else 0.0))  # fmt: skip
        route = path[0] + "".join(
            f" >{s['mode']}> {node}" for s, node in zip(steps, path[1:], strict=True)
        )
        rows.append(
            {
                "origin": origin, "sink": sink, "mode": "+".join(modes),
                "route": route if steps else "", "ship_kt": float(kt), "km": float(land + sea),
                "cost_cny_per_t": freight, "cost_mcny": freight * kt / 1000,
                "co2_kt": kt * (land * 10 + sea * 5.4) / 1e6, "freight_cny_per_t": freight,
                "sea_cny_per_t": sea_cost, "production_cny_per_t": 0.0, "duty_cny_per_t": 0.0,
                "carbon_cny_per_t": 0.0, "land_km": float(land), "sea_km": float(sea),
                "commodity": "product",
            }
        )  # fmt: skip
    return pd.DataFrame(rows).sort_values(["origin", "sink", "mode", "route"], ignore_index=True)


def _balance(case: Case, flows: pd.DataFrame) -> pd.DataFrame:
    export = set(case.sinks["sink"][case.sinks["kind"] == "export"])
    rows = []
    for region, supply, capacity in case.origins[["region", "supply_kt", "capacity_kt"]].itertuples(
        index=False, name=None
    ):
        demand = float(case.sinks["demand_kt"][case.sinks["sink"] == region].sum())
        sent = flows[flows["origin"] == region]
        got = flows[flows["sink"] == region]
        local = float(sent["ship_kt"][sent["sink"] == region].sum())
        exported = float(sent["ship_kt"][sent["sink"].isin(export)].sum())
        rows.append(
            {
                "region": region, "role": "region", "supply_kt": supply, "demand_kt": demand,
                "export_kt": exported, "balance_kt": supply - demand - exported,
                "deficit_kt": max(0.0, demand - supply), "local_kt": local,
                "inflow_kt": float(got["ship_kt"].sum()) - local,
                "outflow_kt": float(sent["ship_kt"].sum()) - local,
                "unshipped_kt": supply - float(sent["ship_kt"].sum()),
                "utilisation": supply / capacity, "self_sufficiency": local / demand,
            }
        )  # fmt: skip
    for market in sorted(export):
        received = float(flows["ship_kt"][flows["sink"] == market].sum())
        rows.append({"region": market, "role": "market", "inflow_kt": received})
    return pd.DataFrame(rows)


def _figures(case: Case, flows: pd.DataFrame, balance: pd.DataFrame) -> dict[str, Any]:
    export = set(case.sinks["sink"][case.sinks["kind"] == "export"])
    is_export = flows["sink"].isin(export)
    domestic = flows[~is_export]
    total = float(flows["cost_mcny"].sum())
    sea = float((flows["sea_cny_per_t"] * flows["ship_kt"]).sum()) / 1000
    tkm = float((domestic["ship_kt"] * domestic["km"]).sum())
    return {
        "total_cost_mcny": total, "transport_cost_mcny": total, "land_cost_mcny": total - sea,
        "sea_cost_mcny": sea, "production_cost_mcny": 0.0, "duty_cost_mcny": 0.0,
        "carbon_cost_mcny": 0.0, "fixed_cost_mcny": 0.0, "objective_kcny": total * 1000,
        "shipped_kt": float(flows["ship_kt"].sum()),
        "domestic_kt": float(domestic["ship_kt"].sum()),
        "export_kt": float(flows["ship_kt"][is_export].sum()),
        "unshipped_kt": float(balance["unshipped_kt"].sum()),
        "deficit_kt": float(balance["deficit_kt"].sum()),
        "moved_kt": float(domestic["ship_kt"][domestic["origin"] != domestic["sink"]].sum()),
        "bn_t_km": tkm / 1e6, "mean_haul_km": tkm / float(domestic["ship_kt"].sum()),
        "export_bn_t_km": float((flows["ship_kt"] * flows["km"])[is_export].sum()) / 1e6,
        "self_sufficiency": float(balance["local_kt"].sum() / balance["demand_kt"].sum()),
        "co2_kt": float(flows["co2_kt"].sum()), "lanes_offered": 104, "lanes_used": len(flows),
        "run": "reports/runs/sample", "solver": "HiGHS 1.15.1", "seconds": 0.31,
    }  # fmt: skip


def _prices(case: Case) -> pd.DataFrame:
    rows = []
    for i, origin in enumerate(case.origins["origin"]):
        rows.append(
            {
                "place": origin,
                "role": "origin",
                "left_cny_per_t": float("nan"),
                "right_cny_per_t": 40.0 * (i % 3),
                "left_reason": "less supply leaves demand unmet",
                "right_reason": "",
            }
        )
    for i, sink in enumerate(case.sinks["sink"]):
        rows.append(
            {
                "place": sink,
                "role": "sink",
                "left_cny_per_t": 30.0 * i + 50,
                "right_cny_per_t": 30.0 * i + 50 + (60 if i % 3 == 0 else 0),
                "left_reason": "",
                "right_reason": "",
            }
        )
    return pd.DataFrame(rows)  # fmt: skip


def _observed(balance: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for region, value in [("Shandong", 2560.0), ("Yunnan", -775.0), ("Henan", 870.0)]:
        of_region = balance[balance["region"] == region]
        if of_region.empty:
            continue
        model = float(of_region["balance_kt"].iloc[0])
        rows.append(
            {
                "quantity": "balance_kt", "region": region, "reported": value, "reproduced": model,
                "unit": "kt", "difference": model - value, "tolerance": 15.0,
                "holds": abs(model - value) <= 15.0, "source": "paper", "note": "",
            }
        )  # fmt: skip
    return pd.DataFrame(rows)
