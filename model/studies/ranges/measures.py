"""The quantities of flow ranges: sums over the lanes that a selection picks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.case.case import Case
from model.market.network import Network
from model.market.selection import Selection


@dataclass(frozen=True)
class Measure:
    """A quantity: a sum over the lanes that a selection picks."""

    kind: str
    origin: str
    sink: str
    selection: Selection


def measures(case: Case) -> list[Measure]:
    """Pairs of regions, and outflow of regions to the users of others."""
    origins, sinks = case.origins["region"].to_numpy(), case.sinks["region"].to_numpy()
    at_home = (case.sinks["kind"] == "domestic").to_numpy()
    regions = sorted(set(origins))
    pairs = [
        Measure("pair", origin, sink, Selection(origins == origin, sinks == sink))
        for origin in regions
        for sink in sorted(set(sinks))
    ]
    outflows = [
        Measure("outflow", region, "", Selection(origins == region, at_home & (sinks != region)))
        for region in regions
    ]
    return [*pairs, *outflows]


def port_measures(case: Case, network: Network | None) -> list[Measure]:
    """What passes each port by sea: over links by sea from it or to it."""
    if network is None:
        return []
    everything = np.ones(len(case.origins), bool), np.ones(len(case.sinks), bool)
    sea_links: dict[str, list[str]] = {}
    for edge in np.flatnonzero(network.is_arc & network.is_sea):
        for port in network.ends(int(edge)):
            sea_links.setdefault(port, []).append(network.arc[edge])
    ports = case.nodes["node"][case.nodes["kind"] == "port"]
    return [
        Measure("port", port, "", Selection(*everything, via=tuple(sea_links[port])))
        for port in ports
        if port in sea_links
    ]
