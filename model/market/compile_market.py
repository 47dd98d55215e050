"""A case as a market: tables become rows and offers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from model.arrays import Floats, Integers
from model.case.case import complete
from model.case.commodities import SHORTAGE, names_apart, receivers, short_sinks, tariffs
from model.case.distances import is_sea
from model.case.schema import TABLES
from model.market import tie_numbers
from model.market.ends import LaneEnds
from model.market.explicit_lanes import ExplicitOffer
from model.market.market import KCNY_PER_MCNY, InputRow, Limits, Market
from model.market.network import Network, build_network, emission_t_per_t
from model.market.network_lanes import NetworkOffer
from model.market.route_terms import RouteDuty, RouteTerm
from model.market.selection import Selection, records

if TYPE_CHECKING:
    from model.case.case import Case

SHIPMENTS, EMISSIONS, MONEY = "ship_kt", "co2_kt", "cost_mcny"


@dataclass(frozen=True)
class LimitRow:
    """One limit before it is spread over the offers."""

    name: str
    min_kt: float
    max_kt: float
    measure: str
    selection: Selection
    edges: tuple[int, ...] = ()  # of a link's own limit
    taken: Floats | None = None  # (O, S) of a recipe: what a tonne of each pair counts


def compile_market(case: Case) -> Market:
    """Arrays of a case whose distances are filled in.

    Defaults that rest on another figure are resolved here: a sink's greatest inflow is
    its demand, a limit's bounds are infinite where blank. Each input of an origin is a further
    place that receives, and a recipe a limit whose bounds are 0.
    """
    network, ends, (demand, most) = build_network(case), LaneEnds.of(case), sink_bounds(case)
    rows = _limit_rows(case, ends) + ([] if network is None else _link_rows(case, network, ends))
    first_recipe = len(rows)
    rows += _recipe_rows(ends, [row.name for row in rows])
    return Market(
        origins=tuple(ends.origins["origin"]),
        supply_kt=ends.origins["supply_kt"].to_numpy(dtype=float),
        sinks=tuple(ends.receivers["label"]),
        limits=Limits(
            tuple(row.name for row in rows),
            np.array([row.min_kt for row in rows], dtype=float),
            np.array([row.max_kt for row in rows], dtype=float),
        ),
        network=None if network is None else _network_offer(case, ends, network, rows),
        explicit=_explicit_offer(case, ends, rows),
        demand_kt=demand,
        max_kt=most,
        inputs=tuple(
            InputRow(use, len(ends.receivers) - len(ends.uses) + number, first_recipe + number)
            for number, use in enumerate(ends.uses)
        ),
        commodities=tuple(ends.origins["commodity"]),
        price_cny_per_t=ends.price_cny_per_t,
        short=np.flatnonzero(ends.is_short),
    )


def sink_bounds(case: Case) -> tuple[Floats, Floats]:
    """Least and greatest inflow of every place that receives."""
    places = receivers(case)
    return places["demand_kt"].to_numpy(dtype=float), places["max_kt"].to_numpy(dtype=float)


def limit_bounds(limits: pd.DataFrame) -> tuple[Floats, Floats]:
    """Bounds of the rows of `limits.csv`; infinite where blank."""
    least = limits["min"].fillna(-np.inf).to_numpy(dtype=float)
    most = limits["max"].fillna(np.inf).to_numpy(dtype=float)
    return least, most


def _limit_rows(case: Case, ends: LaneEnds) -> list[LimitRow]:
    bounds = zip(records(case.limits), *limit_bounds(case.limits), strict=True)
    return [
        LimitRow(row["limit"], least, most, row["measure"], ends.select(row))
        for row, least, most in bounds
    ]


def _link_rows(case: Case, network: Network, ends: LaneEnds) -> list[LimitRow]:
    """`limit_kt` of links, one row for each direction, under a name that no other limit has."""
    edges: dict[str, list[int]] = {}
    for edge in np.flatnonzero(np.isfinite(network.limit_kt)).tolist():
        edges.setdefault(network.arc[edge], []).append(edge)
    names, everything = names_apart(edges, case.limits["limit"], "link"), ends.everything
    return [
        LimitRow(
            name, -np.inf, float(network.limit_kt[same[0]]), SHIPMENTS, everything, tuple(same)
        )
        for name, same in zip(names, edges.values(), strict=True)
    ]


def _recipe_rows(ends: LaneEnds, taken: list[str]) -> list[LimitRow]:
    """A row of bounds 0 for each input: what comes in less what the tonnes that leave take."""
    rows, names = [], names_apart((use.label for use in ends.uses), taken, "recipe")
    shape, first = (len(ends.origins), len(ends.receivers)), len(ends.receivers) - len(ends.uses)
    origin = pd.Index(ends.origins["origin"]).get_indexer([use.origin for use in ends.uses])
    for number, (name, use) in enumerate(zip(names, ends.uses, strict=True)):
        counted = np.zeros(shape)
        counted[:, first + number] = 1.0
        counted[origin[number]] -= use.t_per_t
        rows.append(LimitRow(name, 0.0, 0.0, SHIPMENTS, ends.everything, taken=counted))
    return rows


def _network_offer(
    case: Case, ends: LaneEnds, network: Network, rows: list[LimitRow]
) -> NetworkOffer:
    """Routes between all origins and sinks with a node, with what limits and duties count."""
    whatever_route = np.zeros((len(ends.origins), len(ends.receivers)))
    offer = NetworkOffer(
        network=network,
        origin_node=network.node_index(ends.origins["node"], ends.origins["commodity"]),
        sink_node=network.node_index(ends.receivers["node"], ends.receivers["commodity"]),
        production_cny_per_t=ends.origins["cost_cny_per_t"].to_numpy(dtype=float),
        duty_cny_per_t=whatever_route,
        carbon_price_cny_per_t=case.settings.carbon_price_cny_per_t,
        pair_ties=tie_numbers.PairTies.of(ends),
        joined=ends.joined(),
        price_cny_per_t=prices if (prices := ends.price_cny_per_t).any() else None,
    )
    on_route = []
    for charge, selection in duties(case, ends):
        if selection.depends_on_route:
            on_route.append(_route_duty(offer, selection, charge))
        else:
            whatever_route += charge * selection.pairs
    offer = replace(offer, duties=tuple(on_route))
    return replace(offer, limits=tuple(_term(offer, row) for row in rows))


def _route_duty(offer: NetworkOffer, selection: Selection, charge: float) -> RouteDuty:
    always = offer.network.start_weight(selection, offer.origin_node) > 0
    edges = np.flatnonzero(offer.network.edge_weight(selection))
    return RouteDuty(selection.pairs, selection.pairs & always[:, None], edges, charge)


def _term(offer: NetworkOffer, row: LimitRow) -> RouteTerm:
    """What a limit counts on network lanes, by its measure."""
    if row.taken is not None:
        return RouteTerm(row.taken != 0, row.taken)
    if row.edges:
        shape, this_edge = offer.shape, np.zeros(len(offer.network.arc))
        this_edge[list(row.edges)] = 1.0
        everywhere, nothing = np.broadcast_to(np.True_, shape), np.broadcast_to(0.0, shape)
        return RouteTerm(everywhere, nothing, this_edge)
    pairs = row.selection.pairs
    if row.measure == EMISSIONS:
        return RouteTerm(pairs, np.zeros(pairs.shape), offer.network.co2_t_per_t)
    if row.measure == MONEY:
        pair = pairs * offer.pair_spent_cny_per_t / KCNY_PER_MCNY
        edge = offer.edge_cost_cny_per_t / KCNY_PER_MCNY
        charges = np.array([duty.charge_cny_per_t for duty in offer.duties]) / KCNY_PER_MCNY
        return RouteTerm(pairs, pair, edge, charges if len(charges) else None)
    return offer.shipments(row.selection)


def _explicit_offer(case: Case, ends: LaneEnds, rows: list[LimitRow]) -> ExplicitOffer | None:
    """The lanes of `lanes.csv` as arrays, with what limits and duties count on them."""
    lanes = with_shortages(case, ends)
    origin, sink = ends.of_lanes(lanes)
    on_offer = (origin >= 0) & (sink >= 0)
    lanes, origin, sink = lanes[on_offer], origin[on_offer], sink[on_offer]
    if lanes.empty:
        return None
    freight, km = lanes["cost_cny_per_t"].to_numpy(), lanes["km"].fillna(0.0).to_numpy()
    at_sea = lanes["mode"].map({mode: is_sea(mode) for mode in set(lanes["mode"])}).to_numpy(bool)
    emission = emission_t_per_t(km, _grams_per_t_km(case, ends, origin, lanes["mode"]))
    offer = ExplicitOffer(
        origin=origin,
        sink=sink,
        freight_cny_per_t=freight,
        sea_cny_per_t=freight * at_sea,
        production_cny_per_t=ends.origins["cost_cny_per_t"].to_numpy()[origin],
        carbon_cny_per_t=case.settings.carbon_price_cny_per_t * emission,
        land_km=km * ~at_sea,
        sea_km=km * at_sea,
        co2_t_per_t=emission,
        min_kt=lanes["min_kt"].to_numpy(dtype=float),
        max_kt=lanes["max_kt"].fillna(np.inf).to_numpy(dtype=float),
        price_cny_per_t=ends.price_cny_per_t[sink],
        tie=tie_numbers.of_lanes(lanes["origin"] + ">" + lanes["sink"] + ":" + lanes["mode"]),
        mode=lanes["mode"].to_numpy(dtype=object),
    )
    charges = [charge * offer.selected(selection) for charge, selection in duties(case, ends)]
    offer = replace(offer, duty_cny_per_t=sum(charges, np.zeros(offer.size)))
    return offer.with_weights([_counted(offer, row) for row in rows]) if rows else offer


def with_shortages(case: Case, ends: LaneEnds) -> pd.DataFrame:
    """The rows of `lanes.csv`, then a lane for the shortage of each sink that may have one."""
    short = ends.origins["origin"][ends.is_short]
    if short.empty:
        return case.lanes
    sinks = short_sinks(case)["sink"].to_numpy()
    rows = pd.DataFrame({"origin": short.to_numpy(), "sink": sinks, "mode": SHORTAGE})
    lanes = complete(TABLES["lanes"], rows.assign(cost_cny_per_t=0.0))
    return pd.concat([case.lanes, lanes], ignore_index=True)


def _counted(offer: ExplicitOffer, row: LimitRow) -> Floats:
    """What a limit counts on each explicit lane, (n,)."""
    if row.taken is not None:
        return np.asarray(row.taken[offer.origin, offer.sink])
    if row.edges:
        return np.zeros(offer.size)
    per_tonne = {
        SHIPMENTS: 1.0,
        EMISSIONS: offer.co2_t_per_t,
        MONEY: offer.spent_cny_per_t / KCNY_PER_MCNY,
    }
    return np.asarray(offer.selected(row.selection) * np.asarray(per_tonne[row.measure]))


def duties(case: Case, ends: LaneEnds) -> list[tuple[float, Selection]]:
    """Duties in force in the case's year: charge in CNY/t (rate × value) and what they fall on."""
    return [
        (row["rate"] * row["value_cny_per_t"], ends.select(row))
        for row in records(duties_in_force(case))
    ]


def duties_in_force(case: Case) -> pd.DataFrame:
    """Rows of `duties.csv` whose first day is not after the case's year."""
    last_day = f"{case.settings.year}-12-31" if case.settings.year else ""
    return case.duties[(case.duties["from_date"] <= last_day) | (last_day == "")]


def _grams_per_t_km(case: Case, ends: LaneEnds, origin: Integers, modes: pd.Series) -> Floats:
    """Emissions of explicit lanes by mode, for what each carries, (n,)."""
    carried = ends.origins["commodity"].to_numpy(object)[origin]
    grams = np.zeros(len(modes))
    for commodity in set(carried):
        rate = tariffs(case, commodity)["gco2_per_t_km"]
        here = carried == commodity
        grams[here] = modes[here].map(rate).fillna(0.0)
    return grams
