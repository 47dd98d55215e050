"""Every figure that a run publishes, computed again from its plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction

from model.audit.deliveries import DOMESTIC, EXPORT, SMALL_KT, Flow, deliveries, flow_of
from model.certify.lanes import Lane
from model.certify.plan import Plan
from model.certify.program import KCNY_PER_MCNY, ZERO, Program
from model.certify.routes import RoutePricing
from model.certify.selection import SHORTAGE, Origin, Sink

KT_KM_PER_BN_T_KM = 1_000_000

Figures = dict[str, Fraction | None]
BALANCE = (
    "supply_kt", "demand_kt", "export_kt", "balance_kt", "deficit_kt", "local_kt", "inflow_kt",
    "outflow_kt", "unshipped_kt", "utilisation", "self_sufficiency",
)  # fmt: skip
"""Figures of a row of balance.csv."""


def flows_of(program: Program, plan: Plan) -> list[Flow]:
    """The lanes of a plan that carry something; what sinks go without is carried by none."""
    flows = [flow_of(program, key, plan.lanes[key], kt) for key, kt in plan.ship_kt.items() if kt]
    return [flow for flow in flows if flow.origin.kind != SHORTAGE]


def trade(program: Program, flows: Iterable[Flow]) -> Figures:
    """What sinks pay above their demand, and what they go without: MCNY and kt."""
    received: dict[str, Fraction] = {}
    for flow in flows:
        received[flow.sink.label] = received.get(flow.sink.label, ZERO) + flow.ship_kt
    revenue = shortage = cost = ZERO
    for sink in program.sinks.values():
        above = received.get(sink.label, ZERO) - sink.demand_kt
        revenue += max(ZERO, above) * sink.price_cny_per_t
        if sink.shortage_cny_per_t is not None and -above > SMALL_KT:
            shortage -= above
            cost -= above * sink.shortage_cny_per_t
    return {
        "revenue_mcny": revenue / KCNY_PER_MCNY,
        "shortage_kt": shortage,
        "shortage_cost_mcny": cost / KCNY_PER_MCNY,
    }


def flow_figures(lane: Lane, ship_kt: Fraction) -> Figures:
    """A row of flows.csv but for its names."""
    return {
        "ship_kt": ship_kt,
        "km": lane.km,
        "cost_cny_per_t": lane.spent_cny_per_t,
        "cost_mcny": ship_kt * lane.spent_cny_per_t / KCNY_PER_MCNY,
        "co2_kt": ship_kt * lane.co2_t_per_t,
        "freight_cny_per_t": lane.freight_cny_per_t,
        "sea_cny_per_t": lane.sea_cny_per_t,
        "production_cny_per_t": lane.production_cny_per_t,
        "duty_cny_per_t": lane.duty_cny_per_t,
        "carbon_cny_per_t": lane.carbon_cny_per_t,
        "land_km": lane.land_km,
        "sea_km": lane.sea_km,
    }


def run_figures(program: Program, flows: list[Flow], fixed_mcny: Fraction = ZERO) -> Figures:
    """The figures of run.json: MCNY, kt, shares as fractions; `fixed_mcny` is part of the cost."""
    return _costs(program, flows, fixed_mcny) | _amounts(program, flows)


def _costs(program: Program, flows: list[Flow], fixed_mcny: Fraction) -> Figures:
    def money(part: Callable[[Lane], Fraction], flows: list[Flow] = flows) -> Fraction:
        return _sum(flow.ship_kt * part(flow.lane) for flow in flows) / KCNY_PER_MCNY

    inputs = [flow for flow in flows if flow.origin.commodity != program.commodity]
    transport, sea = money(lambda x: x.freight_cny_per_t), money(lambda x: x.sea_cny_per_t)
    traded = trade(program, flows)
    total = money(lambda x: x.spent_cny_per_t) + fixed_mcny
    total += (traded["shortage_cost_mcny"] or ZERO) - (traded["revenue_mcny"] or ZERO)
    return {
        "total_cost_mcny": total,
        "objective_kcny": total * KCNY_PER_MCNY,
        "transport_cost_mcny": transport,
        "land_cost_mcny": transport - sea,
        "sea_cost_mcny": sea,
        "inbound_cost_mcny": money(lambda x: x.freight_cny_per_t, inputs),
        "production_cost_mcny": money(lambda x: x.production_cny_per_t),
        "duty_cost_mcny": money(lambda x: x.duty_cny_per_t),
        "carbon_cost_mcny": money(lambda x: x.carbon_cny_per_t),
        "fixed_cost_mcny": fixed_mcny,
        **traded,
    }


def _amounts(program: Program, flows: list[Flow]) -> Figures:
    """Tonnes, tonne-kilometres, emissions and lanes."""
    delivered = deliveries(program, flows)

    def shipped(chosen: Callable[[Flow], bool]) -> Fraction:
        return _sum(flow.ship_kt for flow in delivered if chosen(flow))

    def bn_t_km(chosen: Callable[[Flow], bool]) -> Fraction:
        total = _sum(flow.ship_kt * flow.km for flow in delivered if chosen(flow))
        return total / KT_KM_PER_BN_T_KM

    regions = [row for row in balance(program, delivered).values() if row["demand_kt"] is not None]
    demand = _sum(row["demand_kt"] or ZERO for row in regions)
    domestic, tonne_km = shipped(lambda x: x.is_domestic), bn_t_km(lambda x: x.is_domestic)
    return {
        "shipped_kt": shipped(lambda _: True),
        "domestic_kt": domestic,
        "export_kt": shipped(lambda x: x.is_export),
        "unshipped_kt": _sum(row["unshipped_kt"] or ZERO for row in regions),
        "deficit_kt": _sum(row["deficit_kt"] or ZERO for row in regions),
        "moved_kt": shipped(lambda x: x.is_moved),
        "bn_t_km": tonne_km,
        "mean_haul_km": ratio(tonne_km * KT_KM_PER_BN_T_KM, domestic),
        "export_bn_t_km": bn_t_km(lambda x: x.is_export),
        "self_sufficiency": ratio(shipped(lambda x: x.is_local), demand),
        "co2_kt": _sum(flow.ship_kt * flow.lane.co2_t_per_t for flow in flows),
        "lanes_offered": Fraction(count_lanes(program)),
        "lanes_used": Fraction(len(flows)),
    }


def count_lanes(program: Program) -> int:
    """Explicit lanes on offer, and pairs that the network joins."""
    return len(program.explicit) + RoutePricing(program, {}, cost_factor=1).count_pairs()


def home_origins(program: Program) -> list[Origin]:
    """Domestic origins that make the case's own commodity."""
    return [origin for origin in program.makers if origin.kind == DOMESTIC]


def own_sinks(program: Program, kind: str) -> list[Sink]:
    """Sinks of one kind of the case's own commodity."""
    sinks = program.sinks.values()
    return [x for x in sinks if x.kind == kind and x.commodity == program.commodity]


def balance(program: Program, flows: list[Flow]) -> dict[tuple[str, str], Figures]:
    """The rows of balance.csv by region and role (`region` or `market`), from what is delivered."""
    home, users = home_origins(program), own_sinks(program, DOMESTIC)
    rows: dict[tuple[str, str], Figures] = {}
    for region in sorted({x.region for x in home} | {x.region for x in users}):
        ours = [flow for flow in flows if flow.is_ours and flow.origin.region == region]
        supply = _sum(x.supply_kt for x in home if x.region == region)
        demand = _sum(x.demand_kt for x in users if x.region == region)
        export = _sum(flow.ship_kt for flow in ours if flow.is_export)
        local = _sum(flow.ship_kt for flow in ours if flow.is_local)
        shipped = _sum(flow.ship_kt for flow in ours)
        received = _sum(
            flow.ship_kt
            for flow in flows
            if flow.sink.kind == DOMESTIC and flow.sink.region == region
        )
        rows[region, "region"] = {
            "supply_kt": supply,
            "demand_kt": demand,
            "export_kt": export,
            "balance_kt": supply - demand - export,
            "deficit_kt": max(ZERO, demand - supply),
            "local_kt": local,
            "inflow_kt": received - local,
            "outflow_kt": _sum(flow.ship_kt for flow in ours if flow.is_moved),
            "unshipped_kt": supply - shipped,
            "utilisation": ratio(shipped, _sum(x.capacity_kt for x in home if x.region == region)),
            "self_sufficiency": ratio(local, demand),
        }
    blank: Figures = dict.fromkeys(BALANCE)
    for market in sorted({x.region for x in own_sinks(program, EXPORT)}):
        received = _sum(
            flow.ship_kt
            for flow in flows
            if flow.sink.kind == EXPORT and flow.sink.region == market
        )
        rows[market, "market"] = blank | {"inflow_kt": received}
    return rows


def ratio(part: Fraction, whole: Fraction) -> Fraction | None:
    """Quotient, None where the whole is zero."""
    return part / whole if whole else None


def _sum(values: Iterable[Fraction]) -> Fraction:
    return sum(values, ZERO)
