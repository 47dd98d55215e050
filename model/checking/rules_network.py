"""Rules for nodes, links and what refers to places on a route."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from model.arrays import Booleans
from model.case.errors import quoted
from model.case.great_circle import great_circle_km
from model.case.names import did_you_mean, nearest
from model.case.schema import TABLES
from model.checking.check import Finding, Frames, Rule, distinct, names_in

Stretch = tuple[str, ...]
"""One direction of a link: from, to, mode and, of parallel links, its number."""


def _self_loops(frames: Frames) -> Iterator[Finding]:
    links = frames["links"]
    for row in np.flatnonzero((links["from"] == links["to"]) & (links["from"] != "")):
        rule = "a link must join two nodes"
        yield Finding("links", int(row), "to", rule, "name the node at the other end")


def _half_coordinates(frames: Frames) -> Iterator[Finding]:
    nodes = frames["nodes"]
    lacks_lat, lacks_lon = nodes["lat"].isna().to_numpy(), nodes["lon"].isna().to_numpy()
    for row in np.flatnonzero(lacks_lat != lacks_lon):
        blank, given = ("lat", "lon") if lacks_lat[row] else ("lon", "lat")
        rule = f"must be given, since {given} is"
        yield Finding("nodes", int(row), blank, rule, "write both or neither")


def _lengths_unknown(frames: Frames) -> Iterator[Finding]:
    """Yield links without length whose ends have no coordinates to compute it from."""
    links, nodes = frames["links"], frames["nodes"]
    unplaced = distinct(nodes["node"][nodes["lat"].isna() | nodes["lon"].isna()])
    unknown = links["km"].isna() & links["cost_cny_per_t"].isna()
    for row in np.flatnonzero(unknown):
        ends = links["from"].iloc[row], links["to"].iloc[row]
        for node in [end for end in ends if end in unplaced][:1]:
            rule = f"must be given, since node {quoted(node)} has no coordinates"
            yield Finding("links", int(row), "km", rule, "write the length, or lat and lon there")


def _via(frames: Frames) -> Iterator[Finding]:
    names = distinct(frames["nodes"]["node"]).union(*(names for _, _, names in _stretches(frames)))
    for table in ("limits", "duties"):
        column = TABLES[table].by_name["via"]
        for row, cell in enumerate(frames[table]["via"].tolist()):
            for name in names_in(column, cell):
                if name not in names:
                    rule = "must be a node A, or a link A>B or A>B:mode in its direction"
                    remedy = did_you_mean(name, names, "add the node or the link")
                    yield Finding(table, row, "via", rule, remedy, quoted(name))


def _stretches(frames: Frames) -> Iterator[tuple[int, Stretch, tuple[str, str]]]:
    """Yield each direction of each link: its row, what it is, and how `via` may name it."""
    links = frames["links"]
    counts: dict[Stretch, int] = {}
    columns = (links[name].tolist() for name in ("from", "to", "mode", "one_way"))
    for row, (start, end, mode, one_way) in enumerate(zip(*columns, strict=True)):
        for tail, head in [(start, end)] if one_way else [(start, end), (end, start)]:
            stretch = tail, head, mode
            counts[stretch] = counts.get(stretch, 0) + 1
            number = f"#{counts[stretch]}" if counts[stretch] > 1 else ""
            yield row, (*stretch, number), (f"{tail}>{head}", f"{tail}>{head}:{mode}{number}")


def _names_for_two_stretches(frames: Frames) -> Iterator[Finding]:
    """Yield links that bear the name of another one, because a mode or node holds `:` or `#`."""
    modes = frames["modes"]["mode"].tolist()
    if not any(sign in name for name in [*modes, *frames["nodes"]["node"]] for sign in ":#"):
        return
    first: dict[str, tuple[Stretch, int]] = {}
    for row, stretch, (pair, link) in _stretches(frames):
        for name, meant in ((pair, stretch[:2]), (link, stretch)):
            known, earlier = first.setdefault(name, (meant, row))
            if known != meant:
                sign = ":" if ":" in "".join(stretch[:3]) else "#"
                rule = f"a route may not name two links alike, and {{other}} is {quoted(name)} too"
                remedy = f"leave {quoted(sign)} out of the names of modes and nodes"
                yield Finding("links", row, None, rule, remedy, quoted(name), ("links", earlier))
                return


def _least_on_routes(frames: Frames) -> Iterator[Finding]:
    """Yield limits that force tonnes onto a mode or a place, which no single lane stands for."""
    limits = frames["limits"]
    if not len(frames["links"]):
        return
    for row in np.flatnonzero(limits["min"].to_numpy() > 0):
        for column in ("via", "mode"):
            if limits[column].iloc[row]:
                rule = f"a limit with {column} may have no min where there is a network"
                remedy = f"leave min blank, or pick lanes by origin or sink instead of {column}"
                yield Finding("limits", int(row), "min", rule, remedy)
                break


NO_MIN = "a limit by mode, via, emission or cost may have no min where there is a network"


def may_have_min(limits: pd.DataFrame, links: pd.DataFrame) -> Booleans:
    """Whether each limit, (K,), may have a least: not where single lanes do not stand for it."""
    by_place = (limits["mode"] != "") | (limits["via"] != "")
    counts_otherwise = by_place | (limits["measure"] != "ship_kt")
    return np.asarray(~counts_otherwise.to_numpy(dtype=bool) | (len(links) == 0))


def _measures_on_routes(frames: Frames) -> Iterator[Finding]:
    """Yield limits whose measure has no meaning for one stretch of a route."""
    limits = frames["limits"]
    if not len(frames["links"]):
        return
    routed = (limits["via"] != "") | (limits["mode"] != "")
    other = (limits["measure"] != "ship_kt").to_numpy()
    for row in np.flatnonzero(other & routed.to_numpy()):
        rule = "a limit with via or mode counts ship_kt where there is a network"
        remedy = "write ship_kt, or pick lanes by origin or sink"
        yield Finding("limits", int(row), "measure", rule, remedy)
    for row in np.flatnonzero(other & (limits["min"].to_numpy() > 0)):
        rule = "a limit of another measure than ship_kt may have no min where there is a network"
        yield Finding("limits", int(row), "min", rule, "leave min blank")
    duties = frames["duties"]
    if ((duties["via"] != "") | (duties["mode"] != "")).any():
        for row in np.flatnonzero((limits["measure"] == "cost_mcny").to_numpy()):
            rule = "a limit on cost cannot count duties that depend on via or mode"
            remedy = "pick the duty's lanes by origin or sink"
            yield Finding("limits", int(row), "measure", rule, remedy)


def _unreached_sinks(frames: Frames) -> Iterator[Finding]:
    """Yield sinks that no lane and no link leads to, which no solve can change."""
    sinks, links, lanes = frames["sinks"], frames["links"], frames["lanes"]
    reached = distinct(lanes["sink"])
    linked = distinct(links["from"], links["to"])
    unknown = distinct(sinks["node"]) - distinct(frames["nodes"]["node"])
    supplied = distinct(frames["origins"]["node"], frames["projects"]["node"])
    must_be_met = (sinks["demand_kt"] > 0) & sinks["shortage_cny_per_t"].isna()
    for row in np.flatnonzero(must_be_met):
        sink, node = sinks["sink"].iloc[row], sinks["node"].iloc[row]
        if sink in reached or node in linked | supplied | unknown:
            continue
        if node:
            rule = f"there is no route to {sink}: no lane ends there, and no link ends at {node}"
            remedy = f"add a lane, or a link from {_nearest_places(node, linked, frames)}"
        else:
            rule = f"there is no route to {sink}: no lane ends there, and it has no node"
            remedy = _remedy_without_node(sink, linked, reached)
        yield Finding("sinks", int(row), "sink", rule, remedy)


def _remedy_without_node(sink: str, linked: set[str], reached: set[str]) -> str:
    near = nearest(sink, linked)
    if near:
        return f"add a lane, or give its node: {quoted(near)}?"
    return "give its node, or add a lane" if linked else "add a lane"


def _nearest_places(node: str, linked: set[str], frames: Frames) -> str:
    """Return the three linked nodes next to `node`, or the ones with the most alike names."""
    nodes = frames["nodes"].drop_duplicates("node").set_index("node")[["lat", "lon"]]
    others = nodes.loc[[name for name in nodes.index if name in linked]].dropna()
    if node not in nodes.index or nodes.loc[node].isna().any() or others.empty:
        return "a linked node"
    here = nodes.loc[node].to_numpy(dtype=float)
    there = others.to_numpy(dtype=float)
    km = pd.Series(great_circle_km(here[0], here[1], there[:, 0], there[:, 1]), index=others.index)
    return ", ".join(f"{name} ({far:.0f} km)" for name, far in km.sort_values()[:3].items())


NETWORK_RULES: tuple[Rule, ...] = (
    _self_loops,
    _half_coordinates,
    _lengths_unknown,
    _via,
    _names_for_two_stretches,
    _least_on_routes,
    _measures_on_routes,
    _unreached_sinks,
)
