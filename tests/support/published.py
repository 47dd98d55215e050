"""Published instances, read from their publishers' layouts into case folders.

They stay outside the project: ANODE_INSTANCES names their folder.
"""

from __future__ import annotations

import csv
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(os.environ.get("ANODE_INSTANCES", os.devnull))
"""The folder of published instances; none are in it where none is named."""
NOT_NAMED = "no published instances: name their folder in ANODE_INSTANCES"
Files = dict[str, str]


def instances(*folders: str) -> list[dict[str, Any]]:
    """Entries of the index whose first file lies in one of these folders; none where absent."""
    index = FOLDER / "index.json"
    if not index.is_file():
        return []
    entries = json.loads(index.read_text(encoding="utf-8"))
    return [entry for entry in entries if entry["files"][0].split("/")[0] in folders]


def need_instances() -> None:
    """Skip, saying why, where there are none."""
    if not (FOLDER / "index.json").is_file():
        pytest.skip(NOT_NAMED)


def case_files(entry: dict[str, Any]) -> Files:
    """The files of a case folder that states an instance."""
    paths = [FOLDER / name for name in entry["files"]]
    first = paths[0]
    if first.suffix == ".json":
        return _gams(json.loads(first.read_text(encoding="utf-8")))
    if first.suffix == ".dat":
        return _ampl(first.read_text(encoding="utf-8"))
    if first.suffix == ".txt":
        return _or_library(first.read_text(encoding="utf-8"))
    return _network(*(_records(path) for path in paths))


def _records(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _case(
    origins: list[tuple[Any, ...]],
    sinks: list[tuple[Any, ...]],
    lanes: list[tuple[Any, ...]] = [],  # noqa: B006
    **more: str,
) -> Files:
    files = {
        "case.toml": 'name = "published"\n',
        "origins.csv": _table("origin,supply_kt,node" if more else "origin,supply_kt", origins),
        "sinks.csv": _table("sink,demand_kt,node" if more else "sink,demand_kt", sinks),
    }
    if lanes:
        files["lanes.csv"] = _table("origin,sink,cost_cny_per_t", lanes)
    return files | {f"{name}.csv": text for name, text in more.items()}


def _table(header: str, rows: list[tuple[Any, ...]]) -> str:
    return "\n".join([header, *(",".join(map(str, row)) for row in rows)]) + "\n"


def _gams(content: dict[str, Any]) -> Files:
    values = content["indexed_params"]
    factor = content["scalar_params"].get("f", 0.0) / 1000
    cost = values.get("c") or {pair: round(factor * d, 9) for pair, d in values["d"].items()}
    return _case(
        list(values["a"].items()),
        list(values["b"].items()),
        [(*pair.split("|"), value) for pair, value in cost.items()],
    )


def _ampl(text: str) -> Files:
    text = re.sub(r"#.*|,(?=\s)", "", text)
    blocks = [block.split() for block in text.replace(":=", " := ").split(";")]
    values: dict[str, dict[str, float]] = {}
    for block in blocks:
        word = next((word for word in ("supply", "demand") if word in block), None)
        if word and ":=" in block:
            cells = block[block.index(":=") + 1 :]
            values[word] = dict(zip(cells[::2], map(float, cells[1::2]), strict=True))
    costs = next(block for block in blocks if {"cost", "cost:"} & set(block))
    head, body = costs[: costs.index(":=")], costs[costs.index(":=") + 1 :]
    if "capacity" in head:
        links = list(zip(*[iter(body)] * 4, strict=True))
        return _routed(values["supply"], values["demand"], [(*link, "true") for link in links])
    if "LINKS:" in head:
        lanes: list[tuple[Any, ...]] = list(zip(*[iter(body)] * 3, strict=True))
    else:
        sinks = head[head.index("cost:") + 1 :]
        step = len(sinks) + 1
        rows = [body[at : at + step] for at in range(0, len(body), step)]
        lanes = [(row[0], s, c) for row in rows for s, c in zip(sinks, row[1:], strict=True)]
    return _case(list(values["supply"].items()), list(values["demand"].items()), lanes)


def _network(nodes: list[dict[str, str]], arcs: list[dict[str, str]]) -> Files:
    if "capacity_or_demand" in nodes[0]:
        return _depots(nodes, arcs)
    supply = {row["node"]: float(row["supply"]) for row in nodes if float(row["supply"]) > 0}
    demand = {row["node"]: -float(row["supply"]) for row in nodes if float(row["supply"]) < 0}
    links = [(a["from"], a["to"], a["unit_cost"], a["capacity"], "true") for a in arcs]
    return _routed(supply, demand, links)


def _depots(nodes: list[dict[str, str]], arcs: list[dict[str, str]]) -> Files:
    """Williams: what a depot passes on is a limit `via` it."""
    of = {
        kind: {n["node"]: n["capacity_or_demand"] for n in nodes if n["type"] == kind}
        for kind in ("factory", "depot", "customer")
    }
    links = [(a["from"], a["to"], a["unit_cost"], "", "true") for a in arcs]
    open_now = {a["to"] for a in arcs} & set(of["depot"])
    files = _routed(of["factory"], of["customer"], links)
    limits = [(name, of["depot"][name], name) for name in sorted(open_now)]
    return files | {"limits.csv": _table("limit,max,via", limits)}


def _routed(supply: dict[str, Any], demand: dict[str, Any], links: list[tuple[Any, ...]]) -> Files:
    """A network of one mode whose links bear their own cost; nodes are those that links name."""
    places = sorted({end for link in links for end in link[:2]} | set(supply) | set(demand))
    return _case(
        [(f"from {node}", kt, node) for node, kt in supply.items()],
        [(f"to {node}", kt, node) for node, kt in demand.items()],
        nodes=_table("node", [(place,) for place in places]),
        modes=_table("mode", [("road",)]),
        links=_table(
            "from,to,cost_cny_per_t,limit_kt,one_way,mode", [(*link, "road") for link in links]
        ),
    )


def _or_library(text: str) -> Files:
    """The transport problem of a warehouse instance with every site open."""
    numbers = iter(text.split())
    site_count, customer_count = int(next(numbers)), int(next(numbers))
    sites = [(f"w{w}", next(numbers), next(numbers))[:2] for w in range(site_count)]
    sinks, lanes = [], []
    for c in range(customer_count):
        demand = float(next(numbers))
        sinks.append((f"c{c}", demand))
        costs = [float(next(numbers)) for _ in sites]
        lanes += [
            (name, f"c{c}", cost / demand) for (name, _), cost in zip(sites, costs, strict=True)
        ]
    return _case(sites, sinks, lanes)


LINEAR = [
    entry
    for entry in instances("ampl_book", "gams", "network", "depots")
    if entry["instance"] not in ("williams_distribution2", "gurobi_facility", "gurobi_supermarkets")
]
"""Published problems without whole numbers."""
