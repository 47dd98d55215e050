"""What is read out of every draw: figures, prices, and how much every lane carries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.arrays import Booleans, Floats, Integers
from model.market.market import KCNY_PER_MCNY
from model.result.definitions import DECIMALS, KT_KM_PER_BN_T_KM, Ends
from model.result.flows import LEAST_SHIPMENT_KT
from model.result.outputs import DRAWN
from model.solve.solution import Status
from model.studies.sweep.draws import Draws
from model.studies.sweep.edge_costs import Routes
from model.studies.sweep.program import DrawPrices, FlatProgram
from model.studies.sweep.regions import Regions

Statuses = NDArray[Any]
"""`Status` of every draw."""
PRICE_DECIMALS = 6
OF_TRADE = ("shortage_cost_mcny", "revenue_mcny", "shortage_kt")
"""Nothing where no sink pays above its demand or may go without; else a draw's flows are traced."""


@dataclass(frozen=True)
class Outcomes:
    """How D draws ended.

    Attributes
    ----------
    status : (D,) of `Status`
    short_kt : (D,) least demand unmet where no plan is feasible, else 0
    row_dual : (D, m) one of the prices of each row; at a degenerate plan there are others
    by_solver : (D,) whether the solver was needed
    """

    status: Statuses
    short_kt: Floats
    row_dual: Floats
    by_solver: Booleans

    @property
    def has_plan(self) -> Booleans:
        """(D,) whether a plan is feasible, and the best one was found."""
        return np.asarray(self.status == Status.OPTIMAL)

    @staticmethod
    def join(parts: Sequence[Outcomes]) -> Outcomes:
        """Draws one after the other."""
        return Outcomes(
            *(np.concatenate(arrays) for arrays in zip(*map(_arrays, parts), strict=True))
        )

    def rounded(self) -> Outcomes:
        """The same to the digits that arithmetic vouches for, without duals that price no plan."""
        dual = np.where(self.has_plan[:, None], self.row_dual, np.nan)
        return replace(
            self,
            short_kt=np.round(self.short_kt, DECIMALS).astype(np.float64),
            row_dual=np.round(dual, PRICE_DECIMALS).astype(np.float64) + 0.0,
        )


@dataclass(frozen=True)
class Carried:
    """What pairs carry in draws, u entries.

    Attributes
    ----------
    draw, origin, sink : (u,)
    kt : (u,)
    """

    draw: Integers
    origin: Integers
    sink: Integers
    kt: Floats

    @staticmethod
    def join(parts: Sequence[Carried], first: Sequence[int]) -> Carried:
        """Entries of all parts, whose first draws become these."""
        shifted = [
            replace(part, draw=part.draw + start) for part, start in zip(parts, first, strict=True)
        ]
        arrays = zip(*map(_arrays, shifted), strict=True)
        return Carried(*(np.concatenate(each) for each in arrays))


@dataclass(frozen=True)
class Answers:
    """Answers of D draws.

    Attributes
    ----------
    outcomes : how each ended
    figure : (D, figures), NaN where there is no plan
    carried : which pair carries something in which draw
    """

    outcomes: Outcomes
    figure: Floats
    carried: Carried

    def __len__(self) -> int:
        return len(self.figure)

    @staticmethod
    def join(parts: Sequence[Answers]) -> Answers:
        """Answers one after the other."""
        first = np.cumsum([0, *map(len, parts)])[:-1].tolist()
        return Answers(
            Outcomes.join([part.outcomes for part in parts]),
            np.concatenate([part.figure for part in parts]),
            Carried.join([part.carried for part in parts], first),
        )


def _arrays(record: Outcomes | Carried) -> list[NDArray[Any]]:
    return [getattr(record, field.name) for field in fields(record)]


@dataclass(frozen=True)
class Used:
    """Lanes that carry something, in whichever draw: u entries.

    Attributes
    ----------
    carried : draw, pair and kt of each
    freight, sea, production, duty, carbon : (u,) CNY/t; sea is part of freight
    co2 : (u,) t/t
    land_km, sea_km : (u,)
    """

    carried: Carried
    freight: Floats
    sea: Floats
    production: Floats
    duty: Floats
    carbon: Floats
    co2: Floats
    land_km: Floats
    sea_km: Floats


def read_out(
    flat: FlatProgram,
    regions: Regions,
    draws: Draws,
    prices: DrawPrices,
    routes: Routes | None,
    ship_kt: Floats,
    outcomes: Outcomes,
) -> Answers:
    """Answers of draws of a flat program, from their plans, (D, n)."""
    draw, column = np.nonzero((ship_kt > LEAST_SHIPMENT_KT) & outcomes.has_plan[:, None])
    freight, sea, co2, land_km, sea_km = _parts(flat, draws, prices, routes, draw, column).T
    origin, nothing = flat.origin[column], np.zeros_like(draw)
    kt = np.round(ship_kt[draw, column], DECIMALS)
    used = Used(
        Carried(draw, origin, flat.sink[column], kt),
        freight=freight,
        sea=sea,
        production=_at(prices.production, draw, origin),
        duty=_at(prices.duty, draw, column),
        carbon=_at(prices.carbon_price, draw, nothing) * co2,
        co2=co2,
        land_km=land_km,
        sea_km=sea_km,
    )
    supply = flat.figures(draws, "origins.supply_kt")
    demand = flat.figures(draws, "sinks.demand_kt")
    return totals(used, regions, supply, demand, outcomes)


def totals(
    used: Used, regions: Regions, supply_kt: Floats, demand_kt: Floats, outcomes: Outcomes
) -> Answers:
    """Sum what is used to the figures of each draw, by the definitions of a run."""
    size, carried = len(outcomes.status), used.carried
    ends = Ends(
        regions.origin_is_home[carried.origin],
        regions.sink_is_home[carried.sink],
        regions.sink_is_market[carried.sink],
        regions.origin_region[carried.origin] != regions.sink_region[carried.sink],
    )
    km = used.land_km + used.sea_km

    def total(values: Floats | Booleans) -> Floats:
        return np.bincount(carried.draw, carried.kt * values, minlength=size).astype(np.float64)

    def money(values: Floats) -> Floats:
        return total(values) / KCNY_PER_MCNY

    def tonne_km(rows: Booleans) -> Floats:
        return total(km * rows) / KT_KM_PER_BN_T_KM

    transport, at_sea = money(used.freight), money(used.sea)
    production, duty, carbon = (money(part) for part in (used.production, used.duty, used.carbon))
    home_kt = supply_kt[:, regions.origin_is_home].sum(axis=1)
    found = {
        "total_cost_mcny": transport + sum([production, duty, carbon]),
        "transport_cost_mcny": transport,
        "land_cost_mcny": transport - at_sea,
        "sea_cost_mcny": at_sea,
        "production_cost_mcny": production,
        "duty_cost_mcny": duty,
        "carbon_cost_mcny": carbon,
        **dict.fromkeys(OF_TRADE, np.zeros(size)),
        "shipped_kt": total(regions.is_maker[carried.origin]),
        "domestic_kt": total(ends.domestic),
        "export_kt": total(ends.exported),
        "moved_kt": total(ends.moved),
        "unshipped_kt": home_kt - total(ends.from_home),
        "deficit_kt": np.broadcast_to(regions.deficit_kt(supply_kt, demand_kt), size),
        "bn_t_km": tonne_km(ends.domestic),
        "export_bn_t_km": tonne_km(ends.exported),
        "co2_kt": total(used.co2),
    }
    figure = np.column_stack([found[name] for name in DRAWN])
    figure[~outcomes.has_plan] = np.nan
    return Answers(outcomes.rounded(), np.round(figure, DECIMALS) + 0.0, carried)


def _parts(
    flat: FlatProgram,
    draws: Draws,
    prices: DrawPrices,
    routes: Routes | None,
    draw: Integers,
    column: Integers,
) -> Floats:
    """Freight, sea freight, emission, land and sea kilometres of used columns, (u, 5)."""
    parts = np.zeros((len(draw), 5))
    on_network = np.flatnonzero(column < flat.pairs)
    if len(on_network) and flat.edge_costs is not None and routes is not None:
        along = flat.edge_costs.along(routes, draw[on_network], column[on_network])
        parts[on_network] = along
    explicit = np.flatnonzero(column >= flat.pairs)
    lane, here = column[explicit] - flat.pairs, draw[explicit]
    freight = _at(prices.lane_cost, here, lane)
    km = np.nan_to_num(_at(flat.of_lanes(draws, "km"), here, lane))
    at_sea, co2 = flat.lane_is_sea[lane], _at(prices.lane_co2, here, lane)
    parts[explicit] = np.column_stack([freight, freight * at_sea, co2, km * ~at_sea, km * at_sea])
    return parts


def _at(values: Floats, draw: Integers, column: Integers) -> Floats:
    """Values of these draws and columns, where a single row holds for every draw."""
    return values[draw if len(values) > 1 else np.zeros_like(draw), column]
