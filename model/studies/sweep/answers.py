"""What is read out of every draw: figures, prices, and how much every lane carries."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.arrays import Booleans, Floats, Integers
from model.result.definitions import KCNY_PER_MCNY, KT_KM_PER_BN_T_KM, Ends
from model.result.flows import LEAST_SHIPMENT_KT
from model.solve.highs import Status
from model.studies.sweep.draws import Draws
from model.studies.sweep.edge_costs import Routes
from model.studies.sweep.program import FlatProgram, Prices
from model.studies.sweep.regions import Regions

Statuses = NDArray[Any]
"""`Status` of every draw."""
FIGURES = (
    "total_cost_mcny", "transport_cost_mcny", "land_cost_mcny", "sea_cost_mcny",
    "production_cost_mcny", "duty_cost_mcny", "carbon_cost_mcny", "shipped_kt", "domestic_kt",
    "export_kt", "moved_kt", "unshipped_kt", "deficit_kt", "bn_t_km", "export_bn_t_km", "co2_kt",
)  # fmt: skip
DECIMALS = 9


@dataclass(frozen=True)
class Answers:
    """Answers of D draws.

    Attributes
    ----------
    status : (D,) of `Status`
    figure : (D, figures), NaN where there is no plan
    short_kt : (D,) least demand unmet where no plan is feasible, else 0
    row_dual : (D, m) one of the prices of each row; at a degenerate plan there are others
    solved : (D,) whether the solver was needed
    found_lanes : (D,) whether a lane or route was needed that the base's program did not have
    used_draw, used_origin, used_sink : (u,) which pair carries something in which draw
    used_kt : (u,)
    """

    status: Statuses
    figure: Floats
    short_kt: Floats
    row_dual: Floats
    solved: Booleans
    found_lanes: Booleans
    used_draw: Integers
    used_origin: Integers
    used_sink: Integers
    used_kt: Floats

    def __len__(self) -> int:
        return len(self.status)

    @staticmethod
    def join(parts: list[Answers]) -> Answers:
        """Answers one after the other."""
        start = np.cumsum([0, *(len(part) for part in parts)])
        joined = {
            field.name: np.concatenate([getattr(part, field.name) for part in parts])
            for field in fields(Answers)
        }
        joined["used_draw"] = np.concatenate(
            [part.used_draw + first for part, first in zip(parts, start, strict=False)]
        )
        return Answers(**joined)


@dataclass(frozen=True)
class Used:
    """Lanes that carry something, in whichever draw: u entries.

    Attributes
    ----------
    draw, origin, sink : (u,)
    kt : (u,)
    freight, sea, production, duty, carbon : (u,) CNY/t; sea is part of freight
    co2 : (u,) t/t
    land_km, sea_km : (u,)
    """

    draw: Integers
    origin: Integers
    sink: Integers
    kt: Floats
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
    prices: Prices,
    ways: Routes | None,
    ship_kt: Floats,
    row_dual: Floats,
    status: Statuses,
    short_kt: Floats,
    solved: Booleans,
) -> Answers:
    """Answers of draws of a flat program, from their plans, (D, n), and duals, (D, m)."""
    has_plan = status == Status.OPTIMAL
    draw, column = np.nonzero((ship_kt > LEAST_SHIPMENT_KT) & has_plan[:, None])
    parts, is_new = _parts(flat, draws, prices, ways, draw, column)
    freight, sea, co2, land_km, sea_km = parts.T
    origin, nothing = flat.origin[column], np.zeros_like(draw)
    used = Used(
        draw,
        origin,
        flat.sink[column],
        np.round(ship_kt[draw, column], DECIMALS),
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
    found = np.bincount(draw, is_new, minlength=len(draws)) > 0
    return totals(used, regions, supply, demand, status, row_dual, short_kt, solved, found)


def totals(
    used: Used,
    regions: Regions,
    supply_kt: Floats,
    demand_kt: Floats,
    status: Statuses,
    row_dual: Floats,
    short_kt: Floats,
    solved: Booleans,
    found_lanes: Booleans,
) -> Answers:
    """Sum what is used to the figures of each draw, by the definitions of a run."""
    size = len(status)
    ends = Ends(
        regions.origin_is_home[used.origin],
        regions.sink_is_home[used.sink],
        regions.origin_region[used.origin] != regions.sink_region[used.sink],
    )
    km = used.land_km + used.sea_km

    def total(values: Floats | Booleans) -> Floats:
        return np.bincount(used.draw, used.kt * values, minlength=size).astype(np.float64)

    def money(values: Floats) -> Floats:
        return total(values) / KCNY_PER_MCNY

    def tonne_km(rows: Booleans) -> Floats:
        return total(km * rows) / KT_KM_PER_BN_T_KM

    transport, at_sea = money(used.freight), money(used.sea)
    charges = [money(part) for part in (used.production, used.duty, used.carbon)]
    home_kt = supply_kt[:, regions.origin_is_home].sum(axis=1)
    figure = np.column_stack(
        [
            transport + sum(charges),
            transport,
            transport - at_sea,
            at_sea,
            *charges,
            total(np.ones(len(used.kt))),
            total(ends.domestic),
            total(ends.exported),
            total(ends.moved),
            home_kt - total(ends.from_home),
            np.broadcast_to(regions.deficit_kt(supply_kt, demand_kt), size),
            tonne_km(ends.domestic),
            tonne_km(ends.exported),
            total(used.co2),
        ]
    )
    has_plan = status == Status.OPTIMAL
    figure[~has_plan] = np.nan
    return Answers(
        status,
        np.round(figure, DECIMALS) + 0.0,
        np.round(short_kt, DECIMALS).astype(np.float64),
        np.round(np.where(has_plan[:, None], row_dual, np.nan), 6).astype(np.float64) + 0.0,
        solved,
        found_lanes,
        used.draw,
        used.origin,
        used.sink,
        used.kt,
    )


def _parts(
    flat: FlatProgram,
    draws: Draws,
    prices: Prices,
    ways: Routes | None,
    draw: Integers,
    column: Integers,
) -> tuple[Floats, Booleans]:
    """Freight, sea freight, emission, land and sea kilometres of used columns, (u, 5).

    And which of them go another way than in the base, (u,).
    """
    parts, is_new = np.zeros((len(draw), 5)), np.zeros(len(draw), dtype=bool)
    on_network = np.flatnonzero(flat.pair[column] >= 0)
    if len(on_network) and flat.legs is not None and ways is not None:
        pair = flat.pair[column[on_network]]
        parts[on_network], signature = flat.legs.along(ways, draw[on_network], pair)
        is_new[on_network] = signature != flat.legs.base_signature[pair]
    explicit = np.flatnonzero(flat.lane[column] >= 0)
    if len(explicit):
        lane, here = flat.lane[column[explicit]], draw[explicit]
        freight = _at(prices.lane_cost, here, lane)
        km = np.nan_to_num(_at(flat.figures(draws, "lanes.km"), here, lane))
        at_sea = flat.lane_is_sea[lane]
        co2 = _at(prices.lane_co2_t_per_t, here, lane)
        parts[explicit] = np.column_stack(
            [freight, freight * at_sea, co2, km * ~at_sea, km * at_sea]
        )
    return parts, is_new


def _at(values: Floats, draw: Integers, column: Integers) -> Floats:
    """Values of these draws and columns, where a single row holds for every draw."""
    return values[draw if len(values) > 1 else np.zeros_like(draw), column]
