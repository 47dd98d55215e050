"""Every table and figure of a plan, computed from its starts and flows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction

from model.audit import deliveries
from model.audit.deliveries import DOMESTIC, Flow
from model.audit.figures import (
    KT_KM_PER_BN_T_KM,
    Figures,
    flow_figures,
    home_origins,
    own_sinks,
    trade,
)
from model.audit.planning import KCNY_PER_MCNY, Parcel, Planned, Start, Stretch
from model.certify.lanes import Lane
from model.certify.program import ZERO

LEAST_KT = Fraction(1, 100_000_000)
"""Less than this is what rounding of flows leaves."""
COSTS = (
    "transport_cost_mcny", "production_cost_mcny", "duty_cost_mcny", "carbon_cost_mcny",
    "fixed_cost_mcny", "holding_cost_mcny", "shortage_cost_mcny",
)  # fmt: skip
"""The parts of the total cost of a year, which revenue lowers."""
TOTALS = ("total_cost_mcny", *COSTS, "revenue_mcny")


def flow_rows(planned: Planned) -> dict[tuple[str, ...], Figures]:
    """flows.csv by year, year of making, and lane: production as it cost when made."""
    rows: dict[tuple[str, ...], Figures] = {}
    for parcel in planned.parcels:
        years = planned.stretches[parcel.used].label, planned.stretches[parcel.made].label
        row = flow_figures(parcel.lane, parcel.ship_kt)
        change = _production(planned, parcel) - parcel.lane.production_cny_per_t
        cost = parcel.lane.spent_cny_per_t + change
        rows[(*years, *parcel.key)] = row | {
            "production_cny_per_t": parcel.lane.production_cny_per_t + change,
            "cost_cny_per_t": cost,
            "cost_mcny": parcel.ship_kt * cost / KCNY_PER_MCNY,
        }
    return rows


def stock_rows(planned: Planned) -> dict[tuple[str, ...], Figures]:
    """stocks.csv by years and origin."""
    labels = [stretch.label for stretch in planned.stretches]
    return {
        (labels[at], labels[at + 1], origin): {"stock_kt": kt}
        for (at, origin), kt in planned.stock_kt.items()
        if kt > LEAST_KT and planned.stretches[at].is_last
    }


def schedule_rows(planned: Planned) -> dict[tuple[str, ...], Figures]:
    """schedule.csv by option and kind."""
    return {
        (start.name, start.kind): {
            "starts": planned.first_year + start.begin,
            "ends": None
            if start.until == planned.horizon.end
            else planned.first_year + start.until,
            "size_kt": start.size_kt,
            "capital_mcny": start.capital_mcny,
            "fixed_cost_mcny": _mean_fixed_mcny(planned, start),
        }
        for start in planned.starts
    }


def bought_text(planned: Planned, start: Start) -> str:
    """The years, or the names of the periods, in which capital is bought."""
    return "|".join(planned.horizon.label(bought.at) for bought in start.purchases)


def year_rows(planned: Planned) -> dict[tuple[str, ...], Figures]:
    """years.csv by year: rates per year of each stretch."""
    delivered = _deliveries(planned)
    return {
        (stretch.label,): _year(planned, number, delivered)
        for number, stretch in enumerate(planned.stretches)
    }


def run_figures(planned: Planned, years: dict[tuple[str, ...], Figures]) -> Figures:
    """The figures of run.json: costs over all stretches, each weighed."""
    weights = [stretch.weight for stretch in planned.stretches]
    figures: Figures = {
        name: _sum(w * (row[name] or ZERO) for w, row in zip(weights, years.values(), strict=True))
        for name in TOTALS
    }
    total = figures["total_cost_mcny"] or ZERO
    return figures | {
        "objective_kcny": total * KCNY_PER_MCNY,
        "capital_mcny": _sum(start.capital_mcny for start in planned.starts),
        "first_year": planned.horizon.first_year,
        "last_year": None
        if planned.horizon.first_year is None
        else planned.first_year + planned.horizon.periods[-1].begin,
        "discount_rate": planned.horizon.rate,
        "lanes_used": Fraction(len(planned.parcels)),
    }


def _production(planned: Planned, parcel: Parcel) -> Fraction:
    """What a tonne cost to make where and when it was made."""
    origins = planned.stretches[parcel.made].program.origins
    return origins[parcel.key.origin].cost_cny_per_t


def _mean_fixed_mcny(planned: Planned, start: Start) -> Fraction:
    """Fixed cost per year, the discounted mean of the years in which it stands."""
    stands = [x for x in planned.stretches if start.begin <= x.begin < start.until]
    yearly = _sum(x.weight * start.yearly_kcny(x.period.texts) for x in stands)
    weight = planned.horizon.weight
    annuities = _sum(
        bought.yearly_kcny(start.size_kt) * weight(bought.at, bought.until)
        for bought in start.purchases
    )
    years = _sum(x.weight for x in stands)
    return (yearly + annuities) / years / KCNY_PER_MCNY


def _fixed_mcny(planned: Planned, stretch: Stretch) -> Fraction:
    """Annuities and yearly costs less what closing saves, per year of a stretch."""
    total = ZERO
    for start in planned.standing(stretch):
        annuities = _sum(
            bought.yearly_kcny(start.size_kt)
            * planned.horizon.weight(max(bought.at, stretch.begin), min(bought.until, stretch.end))
            for bought in start.purchases
        )
        total += start.yearly_kcny(stretch.period.texts)
        total += annuities / stretch.weight
    return total / KCNY_PER_MCNY


def _capital_mcny(planned: Planned, number: int) -> Fraction:
    """Capital bought in a stretch, or in the gap between its end and the next one."""
    begin, *later = (stretch.begin for stretch in planned.stretches[number:])
    until = later[0] if later else planned.horizon.end
    return _sum(
        bought.capital.at_size(start.size_kt) / KCNY_PER_MCNY
        for start in planned.starts
        for bought in start.purchases
        if begin <= bought.at < until
    )


def _year(planned: Planned, number: int, delivered: list[Flow]) -> Figures:
    stretch = planned.stretches[number]
    flows = [flow_of(stretch, parcel) for parcel in planned.parcels if parcel.used == number]
    made = [parcel for parcel in planned.parcels if parcel.made == number]
    makers = {origin.name for origin in stretch.program.makers}

    def money(part: Callable[[Lane], Fraction]) -> Fraction:
        return _sum(flow.ship_kt * part(flow.lane) for flow in flows) / KCNY_PER_MCNY

    production = _sum(planned.made_kt(x) * _production(planned, x) for x in made)
    stock = planned.stock_at_end_kt(number) if stretch.is_last else ZERO
    _, holding_cny_per_t = planned.horizon.carried(*stretch.span)
    holding = stock * holding_cny_per_t / KCNY_PER_MCNY / stretch.length
    traded = trade(stretch.program, flows)
    revenue = traded["revenue_mcny"] or ZERO
    costs = {
        "transport_cost_mcny": money(lambda x: x.freight_cny_per_t),
        "production_cost_mcny": production / KCNY_PER_MCNY,
        "duty_cost_mcny": money(lambda x: x.duty_cny_per_t),
        "carbon_cost_mcny": money(lambda x: x.carbon_cny_per_t),
        "fixed_cost_mcny": _fixed_mcny(planned, stretch),
        "holding_cost_mcny": holding,
        "shortage_cost_mcny": traded["shortage_cost_mcny"] or ZERO,
    }
    return {
        "length_years": stretch.length,
        "discount": stretch.weight / stretch.length,
        **_tonnes(stretch, [flow for flow in delivered if flow.used == number]),
        "made_kt": _sum(planned.made_kt(x) for x in made if x.key.origin in makers),
        "shortage_kt": traded["shortage_kt"] or ZERO,
        "stock_kt": stock,
        **costs,
        "revenue_mcny": revenue,
        "total_cost_mcny": _sum(costs.values()) - revenue,
        "capital_mcny": _capital_mcny(planned, number),
        "co2_kt": _sum(flow.ship_kt * flow.lane.co2_t_per_t for flow in flows),
    }


def flow_of(stretch: Stretch, parcel: Parcel) -> Flow:
    """A flow with its ends."""
    return deliveries.flow_of(stretch.program, parcel.key, parcel.lane, parcel.ship_kt)


def _deliveries(planned: Planned) -> list[Flow]:
    """Flows to sinks, in kt, each from the origin that made it, through depots and their stocks."""
    own, depots = list[Flow](), frozenset[str]()
    for number, stretch in enumerate(planned.stretches):
        depots |= stretch.program.depots
        for parcel in planned.parcels:
            flow = flow_of(stretch, parcel) if parcel.used == number else None
            if flow is not None and flow.origin.commodity == stretch.program.commodity:
                kt = flow.ship_kt * stretch.length
                own.append(replace(flow, ship_kt=kt, made=parcel.made, used=number))
    return deliveries.traced(own, depots)


def _tonnes(stretch: Stretch, delivered: list[Flow]) -> Figures:
    """Supply, demand and what is shipped in a stretch, kt per year, from what it delivers in kt."""
    home, users = home_origins(stretch.program), own_sinks(stretch.program, DOMESTIC)
    flows = [replace(x, ship_kt=x.ship_kt / stretch.length) for x in delivered]
    deficit = ZERO
    for region in {x.region for x in users}:
        demand = _sum(x.demand_kt for x in users if x.region == region)
        supply = _sum(x.supply_kt for x in home if x.region == region)
        deficit += max(ZERO, demand - supply)
    hauls = _sum(x.ship_kt * x.km for x in flows if x.is_domestic)
    return {
        "supply_kt": _sum(x.supply_kt for x in home),
        "demand_kt": _sum(x.demand_kt for x in users),
        "shipped_kt": _sum(x.ship_kt for x in flows),
        "export_kt": _sum(x.ship_kt for x in flows if x.is_export),
        "moved_kt": _sum(x.ship_kt for x in flows if x.is_moved),
        "bn_t_km": hauls / KT_KM_PER_BN_T_KM,
        "deficit_kt": deficit,
    }


def _sum(values: Iterable[Fraction]) -> Fraction:
    return sum(values, ZERO)
