"""The case as arrays: rows of the program and the offers that its lanes come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np
import pandas as pd
from scipy.sparse import csr_array, hstack

from model.arrays import Booleans, Floats, Indices
from model.market.explicit_lanes import ExplicitOffer
from model.market.lanes import Lanes, Offer
from model.market.network import GRAMS_PER_TONNE, TIE_RANGE, Network, build_network
from model.market.network_lanes import NetworkOffer, RouteTerm
from model.market.selection import Selection, select

if TYPE_CHECKING:
    from model.case.case import Case

FAMILIES = ("supply_limit", "demand_met", "limit_kept")
SHIPMENTS, EMISSIONS, MONEY = "ship_kt", "co2_kt", "cost_mcny"
KCNY_PER_MCNY = 1000.0


@dataclass(frozen=True)
class Limits:
    """K limits: names and bounds, in the unit of each limit's measure."""

    names: tuple[str, ...]
    min_kt: Floats
    max_kt: Floats


@dataclass(frozen=True)
class Market:
    """O origins, S sinks and K limits with their bounds, and the lanes on offer.

    Attributes
    ----------
    origins, sinks : names
    supply_kt : (O,)
    demand_kt, max_kt : (S,) least and greatest inflow
    limits : K rows
    offers : sources of lanes
    """

    origins: tuple[str, ...]
    supply_kt: Floats
    sinks: tuple[str, ...]
    demand_kt: Floats
    max_kt: Floats
    limits: Limits
    offers: tuple[Offer, ...]

    @staticmethod
    def of_arrays(
        supply_kt: Floats,
        demand_kt: Floats,
        origin: Indices,
        sink: Indices,
        cost_cny_per_t: Floats,
        *,
        lane_max_kt: Floats | float = np.inf,
    ) -> Market:
        """A market of n explicit lanes without names or limits: `o0`, `s0` and so on.

        Parameters
        ----------
        supply_kt, demand_kt : (O,), (S,)
        origin, sink : (n,) indices; 32-bit ones halve the memory of many millions of lanes
        cost_cny_per_t : (n,)
        lane_max_kt : (n,), or one for all
        """
        none = np.zeros(0)
        return Market(
            origins=tuple(f"o{number}" for number in range(len(supply_kt))),
            supply_kt=supply_kt,
            sinks=tuple(f"s{number}" for number in range(len(demand_kt))),
            demand_kt=demand_kt,
            max_kt=demand_kt,
            limits=Limits((), none, none),
            offers=(ExplicitOffer(origin, sink, cost_cny_per_t, max_kt=lane_max_kt),),
        )

    @property
    def row_count(self) -> int:
        """O + S + K."""
        return len(self.origins) + len(self.sinks) + len(self.limits.names)

    @cached_property
    def row_lower_kt(self) -> Floats:
        """Lower bound of every row, (O + S + K,)."""
        free = np.full(len(self.origins), -np.inf)
        return np.concatenate([free, self.demand_kt, self.limits.min_kt])

    @cached_property
    def row_upper_kt(self) -> Floats:
        """Upper bound of every row, (O + S + K,)."""
        return np.concatenate([self.supply_kt, self.max_kt, self.limits.max_kt])

    def with_row_bounds(self, lower_kt: Floats, upper_kt: Floats) -> Market:
        """The market with other bounds of rows, (O + S + K,); origins have no lower one."""
        _, demand, least = self.split(lower_kt)
        supply, most_taken, most = self.split(upper_kt)
        limits = Limits(self.limits.names, least, most)
        return replace(self, supply_kt=supply, demand_kt=demand, max_kt=most_taken, limits=limits)

    @cached_property
    def rows(self) -> dict[tuple[str, str], int]:
        """Row number of every (family, name)."""
        members = (self.origins, self.sinks, self.limits.names)
        pairs = [
            (family, name)
            for family, names in zip(FAMILIES, members, strict=True)
            for name in names
        ]
        return {pair: row for row, pair in enumerate(pairs)}

    @property
    def row_labels(self) -> list[str]:
        """`supply_limit[North]` and so on, in row order."""
        return [f"{family}[{name}]" for family, name in self.rows]

    def row_of(self, family: str, name: str) -> int:
        """Number of a row."""
        return self.rows[family, name]

    def split(self, row_values: Floats) -> tuple[Floats, Floats, Floats]:
        """Row values as those of origins, sinks and limits."""
        first_limit = len(self.origins) + len(self.sinks)
        return (
            row_values[: len(self.origins)],
            row_values[len(self.origins) : first_limit],
            row_values[first_limit:],
        )

    def lane_labels(self, lanes: Lanes) -> list[str]:
        """A unique name of every lane: `origin>sink`, counted where a pair has several."""
        labels: list[str] = []
        count: dict[str, int] = {}
        for origin, sink in zip(lanes.origin.tolist(), lanes.sink.tolist(), strict=True):
            pair = f"{self.origins[origin]}>{self.sinks[sink]}"
            count[pair] = count.get(pair, 0) + 1
            labels.append(pair if count[pair] == 1 else f"{pair}#{count[pair]}")
        return labels


@dataclass(frozen=True)
class LimitRow:
    """One limit before it is spread over the offers."""

    name: str
    min_kt: float
    max_kt: float
    measure: str
    selection: Selection
    edge: int | None = None  # of a link's own limit


def compile_market(case: Case) -> Market:
    """Arrays of a case whose distances are filled in.

    Defaults that rest on another figure are resolved here: a sink's greatest inflow is
    its demand, a limit's bounds are infinite where blank.
    """
    network = build_network(case)
    rows = _limit_rows(case) + ([] if network is None else _link_rows(case, network))
    offers: list[Offer] = []
    if network is not None:
        offers.append(_network_offer(case, network, rows, len(offers)))
    if len(case.lanes):
        offers.append(_explicit_offer(case, rows, len(offers)))
    demand = case.sinks["demand_kt"].to_numpy(dtype=float)
    return Market(
        origins=tuple(case.origins["origin"]),
        supply_kt=case.origins["supply_kt"].to_numpy(dtype=float),
        sinks=tuple(case.sinks["sink"]),
        demand_kt=demand,
        max_kt=case.sinks["max_kt"].fillna(case.sinks["demand_kt"]).to_numpy(dtype=float),
        limits=Limits(
            tuple(row.name for row in rows),
            np.array([row.min_kt for row in rows], dtype=float),
            np.array([row.max_kt for row in rows], dtype=float),
        ),
        offers=tuple(offers),
    )


def add_limits(market: Market, selections: Mapping[str, Selection]) -> Market:
    """The market with further shipment limits, 0 to infinity: they measure or are bound later."""
    limits, more = market.limits, np.zeros(len(selections))
    return replace(
        market,
        limits=Limits(
            (*limits.names, *selections),
            np.r_[limits.min_kt, more],
            np.r_[limits.max_kt, more + np.inf],
        ),
        offers=tuple(_with_selections(offer, list(selections.values())) for offer in market.offers),
    )


def _with_selections(offer: Offer, selections: list[Selection]) -> Offer:
    if isinstance(offer, NetworkOffer):
        terms = tuple(_shipment_term(offer, selection) for selection in selections)
        return replace(offer, limits=(*offer.limits, *terms))
    assert isinstance(offer, ExplicitOffer)
    picked = [
        s.origins[offer.origin] & s.sinks[offer.sink] & (not s.depends_on_route) for s in selections
    ]
    more = csr_array(np.column_stack(picked).astype(float))
    weight = (
        csr_array((offer.size, offer.limit_count))
        if offer.limit_weight is None
        else offer.limit_weight
    )
    return replace(
        offer,
        limit_weight=csr_array(hstack([weight, more], format="csr")),
        limit_count=offer.limit_count + len(selections),
    )


def _limit_rows(case: Case) -> list[LimitRow]:
    return [
        LimitRow(
            row["limit"],
            -np.inf if np.isnan(row["min_kt"]) else row["min_kt"],
            np.inf if np.isnan(row["max_kt"]) else row["max_kt"],
            row["measure"],
            select(row, case.origins, case.sinks),
        )
        for row in records(case.limits)
    ]


def _link_rows(case: Case, network: Network) -> list[LimitRow]:
    """`limit_kt` of links, one row for each direction."""
    everything = Selection(np.ones(len(case.origins), bool), np.ones(len(case.sinks), bool))
    rows = []
    for edge in np.flatnonzero(np.isfinite(network.limit_kt)):
        capacity = float(network.limit_kt[edge])
        rows.append(
            LimitRow(network.arc[edge], -np.inf, capacity, SHIPMENTS, everything, int(edge))
        )
    return rows


def _pair_mask(selection: Selection) -> Booleans:
    return selection.origins[:, None] & selection.sinks[None, :]


def _network_offer(case: Case, network: Network, rows: list[LimitRow], number: int) -> NetworkOffer:
    """Routes between all origins and sinks with a node, with what limits and duties count."""
    production = case.origins["cost_cny_per_t"].to_numpy(dtype=float)
    pair_cost = np.repeat(production[:, None], len(case.sinks), axis=1)
    edge_cost = (
        network.freight_cny_per_t + case.settings.carbon_price_cny_per_t * network.co2_t_per_t
    )
    offer = NetworkOffer(
        network=network,
        origin_node=network.node_index(case.origins["node"]),
        sink_node=network.node_index(case.sinks["node"]),
        pair_cost_cny_per_t=pair_cost,
        edge_cost_cny_per_t=edge_cost,
        pair_tie=_pair_tie(case),
        limits=(),
        number=number,
    )
    route_duties = []
    for charge, selection in duties(case):
        if selection.depends_on_route:
            route_duties.append((_shipment_term(offer, selection), charge))
        else:
            pair_cost += charge * _pair_mask(selection)
    return replace(
        offer, limits=tuple(_term(offer, row) for row in rows), duties=tuple(route_duties)
    )


def _term(offer: NetworkOffer, row: LimitRow) -> RouteTerm:
    """What a limit counts on network lanes, by its measure."""
    if row.edge is not None:
        shape, this_edge = offer.pair_tie.shape, np.zeros(len(offer.network.arc))
        this_edge[row.edge] = 1.0
        everywhere, nothing = np.broadcast_to(np.True_, shape), np.broadcast_to(0.0, shape)
        return RouteTerm(everywhere, nothing, this_edge)
    pairs = _pair_mask(row.selection)
    if row.measure == EMISSIONS:
        return RouteTerm(pairs, np.zeros(pairs.shape), offer.network.co2_t_per_t)
    if row.measure == MONEY:
        edge = offer.edge_cost_cny_per_t / KCNY_PER_MCNY
        return RouteTerm(pairs, pairs * offer.pair_cost_cny_per_t / KCNY_PER_MCNY, edge)
    return _shipment_term(offer, row.selection)


def _shipment_term(offer: NetworkOffer, selection: Selection) -> RouteTerm:
    pairs = _pair_mask(selection)
    if not selection.depends_on_route:
        return RouteTerm(pairs, pairs.astype(float))
    start = offer.network.start_weight(selection, offer.origin_node)
    return RouteTerm(pairs, pairs * start[:, None], offer.network.edge_weight(selection))


def _explicit_offer(case: Case, rows: list[LimitRow], number: int) -> ExplicitOffer:
    """The lanes of `lanes.csv` as arrays, with what limits and duties count on them."""
    lanes = case.lanes
    origin = pd.Index(case.origins["origin"]).get_indexer(pd.Index(lanes["origin"]))
    known = origin >= 0  # lanes of projects that are not built have no origin in the case
    lanes, origin = lanes[known], origin[known]
    sink = pd.Index(case.sinks["sink"]).get_indexer(pd.Index(lanes["sink"]))
    km = lanes["km"].fillna(0.0).to_numpy()
    emission = km * _grams_per_t_km(case, lanes["mode"]) / GRAMS_PER_TONNE
    cost = lanes["cost_cny_per_t"].to_numpy() + case.origins["cost_cny_per_t"].to_numpy()[origin]
    cost = cost + case.settings.carbon_price_cny_per_t * emission

    def selected(selection: Selection) -> Floats:
        by_mode = lanes["mode"].isin(selection.modes) if selection.modes else True
        on_lane = selection.origins[origin] & selection.sinks[sink] & by_mode & (not selection.via)
        return np.asarray(on_lane, dtype=float)

    for charge, selection in duties(case):
        cost = cost + charge * selected(selection)
    factor = {SHIPMENTS: 1.0, EMISSIONS: emission, MONEY: cost / KCNY_PER_MCNY}
    weight = [
        np.zeros(len(lanes))
        if row.edge is not None
        else selected(row.selection) * factor[row.measure]
        for row in rows
    ]
    names = lanes["origin"] + ">" + lanes["sink"] + ":" + lanes["mode"]
    return ExplicitOffer(
        origin=origin,
        sink=sink,
        cost_cny_per_t=cost,
        min_kt=lanes["min_kt"].to_numpy(dtype=float),
        max_kt=lanes["max_kt"].fillna(np.inf).to_numpy(dtype=float),
        km=km,
        tie=np.array([1.0 + crc32(name.encode()) % TIE_RANGE for name in names]),
        limit_weight=csr_array(np.column_stack(weight)) if rows else None,
        limit_count=len(rows),
        number=number,
    )


def duties(case: Case) -> list[tuple[float, Selection]]:
    """Duties in force in the case's year: charge in CNY/t (rate × value) and what they fall on."""
    return [
        (row["rate"] * row["value_cny_per_t"], select(row, case.origins, case.sinks))
        for row in records(duties_in_force(case))
    ]


def duties_in_force(case: Case) -> pd.DataFrame:
    """Rows of `duties.csv` whose first day is not after the case's year."""
    last_day = f"{case.settings.year}-12-31" if case.settings.year else ""
    return case.duties[(case.duties["from_date"] <= last_day) | (last_day == "")]


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a table by column name."""
    names = [str(name) for name in table.columns]
    columns = [table[name].tolist() for name in table.columns]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _grams_per_t_km(case: Case, modes: pd.Series) -> Floats:
    grams = case.modes.set_index("mode")["gco2_per_t_km"]
    return modes.map(grams).fillna(0.0).to_numpy(dtype=float)


def _pair_tie(case: Case) -> Floats:
    """Whole number of every pair from its names, (O, S)."""
    return np.array(
        [
            [1.0 + crc32(f"{origin}>{sink}".encode()) % TIE_RANGE for sink in case.sinks["sink"]]
            for origin in case.origins["origin"]
        ]
    ).reshape(len(case.origins), len(case.sinks))
