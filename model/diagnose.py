"""Why demand cannot be met: the cut that proves it, in places and tonnes, and what would repair it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np

from model.allocate import Allocator, Optimum
from model.distances import great_circle_km
from model.highs import Status
from model.lanes import NOTHING
from model.network import build_network
from model.result import Diagnosis

if TYPE_CHECKING:
    from model.case import Case

SMALL = 1e-9
MOST_REPAIRS = 3
NEAREST_NODES = 3


def diagnose(case: Case, allocator: Allocator, infeasible: Optimum) -> Diagnosis:
    """Explain an infeasible program from the duals of its least shortage.

    Let y be those duals: 1 at the sinks of the cut, -1 at the origins, limits and lanes
    that bound what can reach them. Then Σ y·b is the least shortage (LP duality), so
    the sinks need D, at most S = D − shortage can reach them.

    Parameters
    ----------
    infeasible : Optimum
        As `Allocator.optimise` returns it: phase 1 solved over every lane.
    """
    market = allocator.market
    short = _shortages(allocator, infeasible)
    duals = dict(zip(market.rows, infeasible.row_dual.tolist(), strict=True))
    cut = [
        name for (family, name), dual in duals.items() if family == "demand_met" and dual > SMALL
    ]
    demand = dict(zip(market.sinks, market.demand_kt.tolist(), strict=True))
    need, shortage = sum(demand[name] for name in cut), sum(short.values())
    causes = [
        {"row": f"{family}[{name}]", "what": _cause(family, name), "kt": bound}
        for (family, name), dual, bound in zip(
            duals, duals.values(), _bounds(allocator, infeasible), strict=True
        )
        if abs(dual) > SMALL and family != "demand_met"
    ]
    unreachable = _unreachable(case, allocator)
    headline = _headline(cut, need, need - shortage, shortage, causes, unreachable)
    repairs = _repairs(allocator, infeasible)
    return Diagnosis(
        headline=headline,
        sinks=[
            {"sink": name, "demand_kt": demand[name], "short_kt": short.get(name, 0.0)}
            for name in cut
        ],
        need_kt=need,
        reach_kt=need - shortage,
        shortage_kt=shortage,
        causes=causes,
        repairs=repairs,
        unreachable=unreachable,
        components=_components(case),
        farkas={
            f"{family}[{name}]": dual for (family, name), dual in duals.items() if abs(dual) > SMALL
        },
    )


def _shortages(allocator: Allocator, infeasible: Optimum) -> dict[str, float]:
    """Unmet demand by sink in the plan of least shortage, kt."""
    market, elastic = allocator.market, allocator.elastic
    first = len(market.origins)
    return {
        market.sinks[row - first]: round(float(kt), 9)
        for row, sign, kt in zip(elastic.row, elastic.sign, infeasible.slack_kt, strict=True)
        if sign > 0 and first <= row < first + len(market.sinks) and kt > SMALL
    }


def _bounds(allocator: Allocator, infeasible: Optimum) -> list[float]:
    """The bound of each row that its dual leans on."""
    market = allocator.market
    bound = np.where(infeasible.row_dual < 0, market.row_upper_kt, market.row_lower_kt)
    return [float(value) for value in bound]


def _cause(family: str, name: str) -> str:
    return f"all supply of {name}" if family == "supply_limit" else f"limit {name}"


def _headline(
    cut: list[str],
    need: float,
    reach: float,
    shortage: float,
    causes: list[dict[str, Any]],
    unreachable: list[dict[str, Any]],
) -> str:
    routes = [
        f"No route to {entry['sink']}"
        + (f" (nearest: {', '.join(entry['nearest'])})" if entry["nearest"] else "")
        for entry in unreachable
    ]
    if not cut:
        binding = ", ".join(cause["what"] for cause in causes)
        return ". ".join([*routes, f"No allocation keeps these bounds together: {binding}."])
    why = (
        "; ".join(f"{cause['what']} {cause['kt']:,.6g} kt" for cause in causes)
        or "no lane brings more"
    )
    verb = "needs" if len(cut) == 1 else "need"
    told = (
        f"{', '.join(cut)} {verb} {need:,.6g} kt; at most {reach:,.6g} kt can reach"
        f" {'it' if len(cut) == 1 else 'them'}: short by {shortage:,.6g} kt, because of {why}."
    )
    return ". ".join([*routes, told])


def _repairs(allocator: Allocator, infeasible: Optimum) -> list[dict[str, Any]]:
    """The smallest single changes of a bound that make the program feasible, each found by a solve."""
    elastic = allocator.elastic
    leaning = np.abs(infeasible.row_dual[elastic.row]) > SMALL
    helps = elastic.sign * infeasible.row_dual[elastic.row] > 0
    repairs = []
    for column in np.flatnonzero(leaning & helps):
        kt = _least_relief(allocator, int(column))
        if kt is not None:
            repairs.append({**_repair(allocator, int(column), kt), "kt": kt})
    return sorted(repairs, key=lambda repair: (repair["kt"], repair["row"]))[:MOST_REPAIRS]


def _least_relief(allocator: Allocator, column: int) -> float | None:
    """How far one bound alone must give way, kt; None where that is not enough."""
    allocator.relieve(np.array([column]))
    optimum = allocator.optimise(NOTHING)
    allocator.relieve(np.array([], dtype=np.intp))
    if optimum.status is not Status.OPTIMAL:
        return None
    return round(float(optimum.slack_kt[column]), 9)


def _repair(allocator: Allocator, column: int, kt: float) -> dict[str, Any]:
    row, sign = int(allocator.elastic.row[column]), allocator.elastic.sign[column]
    family, name = list(allocator.market.rows)[row]
    amount = f"{kt:,.6g} kt"
    if family == "supply_limit":
        what = f"{amount} more supply at {name}"
    elif family == "demand_met":
        what = (
            f"{amount} less demand at {name}" if sign > 0 else f"room for {amount} more at {name}"
        )
    else:
        what = f"limit {name} {'lowered' if sign > 0 else 'raised'} by {amount}"
    return {"row": f"{family}[{name}]", "what": what}


def _unreachable(case: Case, allocator: Allocator) -> list[dict[str, Any]]:
    """Sinks that no lane reaches, with the nodes nearest to theirs."""
    market = allocator.market
    reached = np.zeros(len(market.sinks), dtype=bool)
    for offer in market.offers:
        reached[offer.reached_sinks()] = True
    nodes = case.sinks.set_index("sink")["node"]
    return [
        {"sink": sink, "nearest": _nearest(case, nodes[sink])}
        for sink, is_reached in zip(market.sinks, reached, strict=True)
        if not is_reached
    ]


def _nearest(case: Case, node: str) -> list[str]:
    """Names of the nodes nearest to one, with the distance, where there are coordinates."""
    known = case.nodes.dropna(subset=["lat", "lon"])
    here = known[known["node"] == node]
    others = known[known["node"] != node]
    if here.empty or others.empty:
        return []
    lat, lon = float(here["lat"].iloc[0]), float(here["lon"].iloc[0])
    km = great_circle_km(
        np.full(len(others), lat),
        np.full(len(others), lon),
        others["lat"].to_numpy(),
        others["lon"].to_numpy(),
    )
    order = np.argsort(km, kind="stable")[:NEAREST_NODES]
    return [f"{others['node'].iloc[row]} {km[row]:,.0f} km" for row in order]


def _components(case: Case) -> list[list[str]]:
    """Nodes of each part of the network, where it falls into several."""
    network = build_network(case)
    if network is None:
        return []
    parts = [sorted(part) for part in nx.weakly_connected_components(network.graph())]
    return sorted(parts) if len(parts) > 1 else []
