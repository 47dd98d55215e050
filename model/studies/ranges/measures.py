"""The quantities of flow ranges: sums over the lanes that a selection picks."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from model.case.case import Case
from model.case.commodities import INPUT
from model.market.ends import LaneEnds
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
    """Pairs of regions, and outflow of regions to the users of others: of the case's own commodity.

    What goes to a depot counts as going to nobody, what leaves it as leaving its region.
    """
    ends, own = LaneEnds.of(case), case.settings.commodity
    sends = (ends.origins["commodity"] == own).to_numpy() & ~ends.is_short
    kind = ends.receivers["kind"].to_numpy(object)
    takes = (ends.receivers["commodity"] == own).to_numpy() & (kind != INPUT)
    origins, sinks = ends.origins["region"].to_numpy(), ends.receivers["region"].to_numpy()
    regions = sorted(set(origins[sends]))
    pairs = [
        Measure(
            "pair", origin, sink, Selection(sends & (origins == origin), takes & (sinks == sink))
        )
        for origin in regions
        for sink in sorted(set(sinks[takes]))
    ]
    users = takes & (kind == "domestic")
    outflows = [
        Measure(
            "outflow",
            region,
            "",
            Selection(sends & (origins == region), users & (sinks != region)),
        )
        for region in regions
    ]
    return [*pairs, *outflows]


def port_measures(case: Case, network: Network | None) -> list[Measure]:
    """What passes each port by sea: over links by sea from it or to it."""
    if network is None:
        return []
    everything = LaneEnds.of(case).everything
    sea_links: dict[str, list[str]] = {}
    for edge in np.flatnonzero(network.is_arc & network.is_sea):
        for port in network.ends(int(edge)):
            sea_links.setdefault(port, []).append(network.arc[edge])
    ports = case.nodes["node"][case.nodes["kind"] == "port"]
    return [
        Measure("port", port, "", replace(everything, via=tuple(sea_links[port])))
        for port in ports
        if port in sea_links
    ]
