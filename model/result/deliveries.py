"""The tonnes that arrive, by where they were made: what depots hand on is traced back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from model.case.commodities import depots, input_uses, receivers

if TYPE_CHECKING:
    from model.case.case import Case

Place = tuple[str, float]
"""An origin or a sink, and a period; the period of all is 0 where there are none."""
SMALL_KT = 1e-9
"""What is left of a shipment below this is the arithmetic's."""


def is_own(case: Case, flows: pd.DataFrame) -> pd.Series:
    """Which flows carry the case's own commodity."""
    return flows["commodity"] == case.settings.commodity


def is_inbound(case: Case, flows: pd.DataFrame) -> pd.Series:
    """Which flows end at an origin that takes them as an input, or hands them on."""
    taken = {(use.origin, use.input) for use in input_uses(case)}
    if not taken:
        return pd.Series(False, index=flows.index)
    ends = zip(flows["sink"], flows["commodity"], strict=True)
    return pd.Series([end in taken for end in ends], index=flows.index, dtype=bool)


def received(case: Case, flows: pd.DataFrame) -> pd.DataFrame:
    """Flows with `to_region` and `to_kind` of the place where each leg ends: a sink, an origin."""
    places = receivers(case).set_index(["commodity", "sink"])[["region", "kind"]]
    ends = pd.MultiIndex.from_frame(flows[["commodity", "sink"]])
    found = places.reindex(ends)
    return flows.assign(to_region=found["region"].to_numpy(), to_kind=found["kind"].to_numpy())


def deliveries(
    case: Case, flows: pd.DataFrame, years_of: Mapping[float, float] | None = None
) -> pd.DataFrame:
    """Shipments of the case's own commodity to sinks, by the origin that made them.

    What leaves a depot is taken from what came in, in the order of `flows.csv`, first come, first
    served; km are those of every leg. What a depot holds from one period of a plan to a later one
    is taken from what came in with the period in which it was `made`, that is taken in, there.

    Parameters
    ----------
    flows : all of a run, or of a plan, with `year` and `made`
    years_of : how long each period of a plan lasts, by its `year`; none of a run

    Returns
    -------
    pandas.DataFrame
        origin, sink, ship_kt (kt/year) and km, of a plan also year; without depots these are rows
        of `flows`.
    """
    columns = ["origin", "sink", "ship_kt", "km", *(["year"] if years_of else [])]
    own = flows[is_own(case, flows)]
    through = depots(case)
    if not through:
        return own[~is_inbound(case, own)][columns]
    lasts = years_of or {0.0: 1.0}
    own = own if years_of else own.assign(year=0.0, made=0.0)
    cells = own[["origin", "made", "sink", "year", "ship_kt", "km"]].itertuples(index=False)
    legs = [
        _Leg((origin, made), (sink, year), kt * lasts[year], km, inbound)
        for (origin, made, sink, year, kt, km), inbound in zip(
            cells, is_inbound(case, own), strict=True
        )
    ]
    rows = [
        (leg.origin[0], leg.end[0], leg.kt / lasts[leg.end[1]], leg.km, leg.end[1])
        for leg in _traced(legs, through)
    ]
    return pd.DataFrame(rows, columns=["origin", "sink", "ship_kt", "km", "year"])[columns]


@dataclass(frozen=True)
class _Leg:
    """Tonnes from an origin to a place; `is_inbound` where that is an origin.

    The period of the origin is that in which they were made or taken in, that of the place the one
    in which they arrive.
    """

    origin: Place
    end: Place
    kt: float
    km: float
    is_inbound: bool


def _traced(legs: list[_Leg], through: frozenset[str]) -> list[_Leg]:
    """Legs to sinks that begin where their tonnes were made; depots in the order of what flows."""
    arrived: dict[Place, list[_Leg]] = defaultdict(list)
    found: list[_Leg] = []
    left = _without_circles([leg for leg in legs if leg.origin[0] in through], through)
    ready = [leg for leg in legs if leg.origin[0] not in through]
    while ready:
        for leg in ready:
            if not leg.is_inbound:
                found.append(leg)
            elif leg.end[0] in through:
                arrived[leg.end].append(leg)
        waiting = {leg.end for leg in left if leg.is_inbound}
        depot = min((leg.origin for leg in left if leg.origin not in waiting), default=None)
        ready = [part for leg in left if leg.origin == depot for part in _handed_on(arrived, leg)]
        left = [leg for leg in left if leg.origin != depot]
    return found


def _handed_on(arrived: dict[Place, list[_Leg]], leg: _Leg) -> list[_Leg]:
    """A leg that leaves a depot, made of what came in first; that is taken away there."""
    parts, need, stock = [], leg.kt, arrived[leg.origin]
    while need > SMALL_KT and stock:
        kt = min(need, stock[0].kt)
        parts.append(replace(leg, origin=stock[0].origin, kt=kt, km=stock[0].km + leg.km))
        need -= kt
        rest = stock[0].kt - kt
        stock[:1] = [replace(stock[0], kt=rest)] if rest > SMALL_KT else []
    return parts


def _without_circles(legs: list[_Leg], through: frozenset[str]) -> list[_Leg]:
    """Legs without what goes round from depot to depot and back."""
    import networkx as nx  # where there are depots alone, and slow to import

    while True:
        between = [n for n, leg in enumerate(legs) if leg.is_inbound and leg.end[0] in through]
        graph: nx.DiGraph[Place] = nx.DiGraph()
        for n in between:
            graph.add_edge(legs[n].origin, legs[n].end, leg=n)
        try:
            circle = [graph.edges[edge]["leg"] for edge in nx.find_cycle(graph)]
        except nx.NetworkXNoCycle:
            return legs
        kt = min(legs[n].kt for n in circle)
        less = {n: replace(legs[n], kt=legs[n].kt - kt) for n in circle}
        legs = [less.get(n, leg) for n, leg in enumerate(legs)]
        legs = [leg for leg in legs if leg.kt > SMALL_KT]
