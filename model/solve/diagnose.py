"""Why demand cannot be met: the cut that proves it, in places and tonnes, and what repairs it."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np

from model.arrays import Integers
from model.case.commodities import receivers
from model.case.great_circle import great_circle_km
from model.market.lanes import NOTHING
from model.market.market import Market
from model.market.network import build_network
from model.solve.column_generation import Allocator
from model.solve.diagnosis import Cause, Diagnosis, Repair, Unreachable
from model.solve.optimum import SMALL, Optimum
from model.solve.solution import Status

if TYPE_CHECKING:
    from model.case.case import Case

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
    own = set(case.limits["limit"])
    leans = np.abs(infeasible.row_dual) > SMALL
    causes = _binding_rows(allocator, infeasible, own) + _full_lanes(market, infeasible)
    used_up = {taken.place for row, taken in market.input_rows.items() if leans[row]}
    unreachable = _unreachable(case, allocator, used_up)
    headline = _headline(cut, need, need - shortage, shortage, causes, unreachable)
    repairs = _repairs(allocator, infeasible, own)
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
    market, slacks = allocator.market, allocator.slacks
    first = len(market.origins)
    return {
        market.sinks[row - first]: round(float(kt), 9)
        for row, sign, kt in zip(slacks.row, slacks.sign, infeasible.slack_kt, strict=True)
        if sign > 0 and first <= row < first + len(market.sinks) and kt > SMALL
    }


def _bounds(allocator: Allocator, infeasible: Optimum) -> list[float]:
    """The bound of each row that its dual leans on."""
    market = allocator.market
    bound = np.where(infeasible.row_dual < 0, market.row_upper_kt, market.row_lower_kt)
    return [float(value) for value in bound]


def _called(family: str, name: str, limits: set[str]) -> str:
    """A row in words; a limit that `limits.csv` does not have is a link's own."""
    if family == "supply_limit":
        return f"all supply of {name}"
    return f"limit {name}" if name in limits else f"the limit of link {name}"


def _binding_rows(allocator: Allocator, infeasible: Optimum, limits: set[str]) -> list[Cause]:
    """Supply and limits that the proof leans on."""
    market, bounds = allocator.market, _bounds(allocator, infeasible)
    return [
        {"row": f"{family}[{name}]", "what": _called(family, name, limits), "kt": bounds[row]}
        for row, (family, name) in enumerate(market.rows)
        if abs(infeasible.row_dual[row]) > SMALL
        and family != "demand_met"
        and row not in market.input_rows
    ]


def _full_lanes(market: Market, infeasible: Optimum) -> list[Cause]:
    """Explicit lanes whose greatest or least flow the proof leans on."""
    lanes = infeasible.lanes
    causes: list[Cause] = []
    for lane in np.flatnonzero(np.abs(infeasible.reduced_cost) > SMALL):
        is_full = infeasible.reduced_cost[lane] < 0
        kt = float((lanes.max_kt if is_full else lanes.min_kt)[lane])
        if is_full or kt > 0:
            pair = f"{market.origins[lanes.origin[lane]]} to {market.sinks[lanes.sink[lane]]}"
            what = f"lane {pair}" if is_full else f"the least flow of lane {pair}"
            causes.append({"row": f"lane[{pair}]", "what": what, "kt": kt})
    return causes


def _headline(
    cut: list[str],
    need: float,
    reach: float,
    shortage: float,
    causes: list[Cause],
    unreachable: list[Unreachable],
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
    sentence = (
        f"{', '.join(cut)} {verb} {need:,.6g} kt; at most {reach:,.6g} kt can reach"
        f" {'it' if len(cut) == 1 else 'them'}: short by {shortage:,.6g} kt, because of {why}."
    )
    return ". ".join([*routes, sentence])


INPUT = "input"
KINDS = ("supply_limit", "limit_kept", INPUT, "demand_met")


def _repairs(allocator: Allocator, infeasible: Optimum, limits: set[str]) -> list[Repair]:
    """The least change of each kind that makes the program feasible, smallest first.

    The kinds are more capacity, relaxed limits, more of an input, and less demand. Each
    is found by a solve in which all bounds of the kind may be relaxed at the same price. Where
    relaxing one bound alone takes as little, each such bound is named instead.
    """
    market = allocator.market
    family_of = [
        INPUT if row in market.input_rows else family for row, (family, _) in enumerate(market.rows)
    ]
    families = np.array(family_of)[allocator.slacks.row]
    sign = allocator.slacks.sign
    leans = sign * infeasible.row_dual[allocator.slacks.row] > SMALL
    repairs: list[Repair] = []
    for family in KINDS:
        # More supply, less demand; a limit may be relaxed at either bound.
        side = {"supply_limit": sign < 0, "demand_met": sign > 0, INPUT: sign > 0}
        columns = np.flatnonzero((families == family) & side.get(family, sign != 0))
        least = _relief(allocator, columns)
        if not least:
            continue
        total = sum(least.values())
        alone = {
            int(column): relief[int(column)]
            for column in columns[leans[columns]]
            if (relief := _relief(allocator, np.array([column])))
            and relief[int(column)] <= total * (1 + SMALL) + SMALL
        }
        chosen, joined = (alone, " or ") if alone else (least, " and ")
        parts = [_repair(allocator, column, kt, limits) for column, kt in chosen.items()]
        rows = [row for row, _ in parts]
        what = joined.join(text for _, text in parts)
        repairs.append({"row": rows[0], "rows": rows, "what": what, "kt": round(total, 9)})
    return sorted(repairs, key=lambda repair: (repair["kt"], repair["row"]))[:MOST_REPAIRS]


def _relief(allocator: Allocator, columns: Integers) -> dict[int, float] | None:
    """The least by which to relax these bounds together, kt by column; None if not enough."""
    if not len(columns):
        return None
    with allocator.slack(columns):
        optimum = allocator.optimise(NOTHING)
    if optimum.status is not Status.OPTIMAL:
        return None
    used = columns[optimum.slack_kt[columns] > SMALL]
    return {int(column): round(float(optimum.slack_kt[column]), 9) for column in used}


def _repair(allocator: Allocator, column: int, kt: float, limits: set[str]) -> tuple[str, str]:
    """A row label, and what to do about the row in words."""
    row, sign = int(allocator.slacks.row[column]), allocator.slacks.sign[column]
    family, name = list(allocator.market.rows)[row]
    amount = f"{kt:,.6g} kt"
    taken = allocator.market.input_rows.get(row)
    if family == "supply_limit":
        what = f"{amount} more supply at {name}"
    elif taken:
        what = f"{amount} more {taken.use.input} at {taken.use.origin}"
    elif family == "demand_met":
        what = f"{amount} less demand at {name}"
    else:
        way = "lowered" if sign > 0 else "raised"
        what = f"{_called(family, name, limits)} {way} by {amount}"
    return f"{family}[{name}]", what


def _unreachable(case: Case, allocator: Allocator, used_up: Collection[int]) -> list[Unreachable]:
    """Sinks that no lane reaches, with the nodes nearest to theirs.

    Of the places of inputs, those that the proof leans on.
    """
    market = allocator.market
    matters = np.ones(len(market.sinks), dtype=bool)
    matters[[taken.place for taken in market.inputs]] = False
    matters[list(used_up)] = True
    for offer in market.offers:
        matters[offer.reached_sinks()] = False
    nodes = receivers(case)["node"].tolist()
    return [
        {"sink": market.sinks[number], "nearest": _nearest(case, nodes[number])}
        for number in np.flatnonzero(matters)
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
    import networkx as nx  # needed to explain only, and slow to import

    network = build_network(case)
    if network is None:
        return []
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(network.nodes)
    graph.add_edges_from(network.ends(int(edge)) for edge in np.flatnonzero(network.is_arc))
    parts = [sorted(part) for part in nx.connected_components(graph)]
    return sorted(parts) if len(parts) > 1 else []
