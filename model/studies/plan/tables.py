"""A plan as tables: what starts when, each period's figures, flows by period, stocks carried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from model.arrays import Floats
from model.market.market import KCNY_PER_MCNY
from model.result import flows as single
from model.result.balance import home_origins, home_sinks, is_maker
from model.result.definitions import DECIMALS, KT_KM_PER_BN_T_KM, Ends, deficit_kt, located
from model.result.deliveries import deliveries
from model.result.figures import FIGURES, PLAN
from model.result.output_columns import PERIOD_NAMES
from model.result.outputs import columns_of
from model.result.trade import trade_table
from model.studies.plan.ages import LEAST_KT, parcels
from model.studies.plan.periods import Period
from model.studies.plan.places import Places
from model.studies.plan.published import PublishedFlows
from model.studies.plan.schedule import PlanProblem, Schedule
from model.studies.plan.start import Start

if TYPE_CHECKING:
    from model.case.case import Case

SCHEDULE = columns_of(PLAN, "schedule")
FLOWS = columns_of(PLAN, "flows")
STOCKS = columns_of(PLAN, "stocks")
COSTS = (
    "transport_cost_mcny", "production_cost_mcny", "duty_cost_mcny", "carbon_cost_mcny",
    "fixed_cost_mcny", "holding_cost_mcny", "shortage_cost_mcny", "revenue_mcny",
)  # fmt: skip
"""The parts of the total cost; revenue lowers it."""
YEARS = columns_of(PLAN, "years")


def chosen(problem: PlanProblem, schedule: Schedule) -> list[tuple[Start, float]]:
    """What a schedule starts, with its size."""
    return [
        (start, float(size))
        for start, yes, size in zip(
            problem.starts.starts, schedule.yes, schedule.size_kt, strict=True
        )
        if yes
    ]


def chosen_projects(problem: PlanProblem, schedule: Schedule) -> list[tuple[Start, float]]:
    """What a schedule starts, each project once, with the size of all its lines."""
    found = chosen(problem, schedule)
    size: dict[tuple[str, str], float] = {}
    for start, kt in found:
        size[start.kind, start.name] = size.get((start.kind, start.name), 0.0) + kt
    return [(start, size[start.kind, start.name]) for start, _ in found if start.line == 1]


def with_names(table: pd.DataFrame, periods: Sequence[Period]) -> pd.DataFrame:
    """The table with the names of periods behind its other columns, where there are names."""
    if not any(period.name for period in periods):
        return table
    name_of = {period.year: period.name for period in periods}
    names = {
        name: table[at].map(name_of).astype("str")
        for at, name in PERIOD_NAMES.items()
        if at in table
    }
    return table.assign(**names)


def schedule_table(problem: PlanProblem, schedule: Schedule) -> pd.DataFrame:
    """What starts when, in order: size, capital with every purchase, and fixed cost per year.

    `ends` is blank where it stands to the end of the plan; `bought` lists the periods in which its
    capital is bought; the fixed cost is the discounted mean of the years in which it stands, and
    what closing saves is negative.
    """
    rows = []
    horizon, year_of = problem.horizon, problem.horizon.timeline.year_of
    for start, size in chosen_projects(problem, schedule):
        stands = [horizon.periods[number] for number in start.stands]
        until = start.purchases[-1].until if start.purchases else stands[-1].end
        cost = start.lump_kcny(horizon) + size * start.unit_kcny_per_kt(horizon)
        rows.append(
            {
                "option": start.name,
                "kind": start.kind,
                "region": start.region,
                "starts": stands[0].year,
                "ends": np.nan if until == horizon.end else year_of(until),
                "size_kt": round(size if start.is_project else -start.raises_kt[0], DECIMALS),
                "capital_mcny": start.spent_kcny(size) / KCNY_PER_MCNY,
                "bought": "|".join(horizon.label(bought.at) for bought in start.purchases),
                "fixed_cost_mcny": cost / sum(p.weight for p in stands) / KCNY_PER_MCNY,
            }
        )
    table = pd.DataFrame(rows, columns=SCHEDULE)
    return _rounded(table.sort_values(["starts", "option"], ignore_index=True))


def flow_table(places: Places, published: PublishedFlows) -> pd.DataFrame:
    """Flows per year by period of use and of making; money of the period in which it is spent."""
    parts = []
    every = parcels(places, published)
    for used, market in enumerate(places.markets):
        own = [
            parcel
            for parcel in every
            if parcel.used == used and places.lanes[used].origin[parcel.lane] not in market.short
        ]
        lanes = places.lanes[used].take(np.array([parcel.lane for parcel in own], dtype=np.intp))
        table = single.lane_table(market, lanes)
        production = np.array(
            [
                places.production_cny_per_t[parcel.made][origin]
                for parcel, origin in zip(own, lanes.origin, strict=True)
            ]
        )
        table["cost_cny_per_t"] += production - table["production_cny_per_t"]
        table["production_cny_per_t"] = production
        table["ship_kt"] = np.round([parcel.ship_kt for parcel in own], DECIMALS)
        table["cost_mcny"] = table["ship_kt"] * table["cost_cny_per_t"] / KCNY_PER_MCNY
        table["co2_kt"] = table["ship_kt"] * table["co2_t_per_t"]
        table["year"] = places.periods[used].year
        table["made"] = [places.periods[parcel.made].year for parcel in own]
        if own:
            parts.append(table[FLOWS])
    together = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=FLOWS)
    order = ["year", "made", "origin", "sink", "mode", "route"]
    return together.sort_values(order, ignore_index=True)


def stock_table(places: Places, published: PublishedFlows) -> pd.DataFrame:
    """What each origin holds at the end of each period, for later ones, kt.

    Within a period that is cut stock passes freely: that is no carry from one period to the next.
    """
    rows = [
        {
            "from_year": places.periods[period].year,
            "to_year": places.periods[period + 1].year,
            "origin": places.markets[period].origins[origin],
            "stock_kt": round(float(held[origin]), DECIMALS),
        }
        for period, held in published.stock_kt.items()
        if places.periods[period + 1].is_listed
        for origin in np.flatnonzero(held > LEAST_KT).tolist()
    ]
    return pd.DataFrame(rows, columns=STOCKS).sort_values(
        ["from_year", "origin"], ignore_index=True
    )


def year_table(
    problem: PlanProblem, schedule: Schedule, flows: pd.DataFrame, stocks: pd.DataFrame
) -> pd.DataFrame:
    """Each period's figures per year; its money weighs length × discount in the plan's total."""
    places = problem.layout.places
    fixed = _fixed_mcny(problem, schedule)
    bought = _capital_mcny(problem, schedule)
    years_of = {period.year: period.length for period in places.periods}
    delivered = deliveries(places.cases[0], flows, years_of)
    rows = []
    for number, period in enumerate(places.periods):
        used = flows[flows["year"] == period.year]
        made, case = _made(places, number, flows), places.cases[number]
        makers = case.origins["origin"][is_maker(case)]
        trade = trade_table(case, used)
        held = float(stocks.loc[stocks["from_year"] == period.year, "stock_kt"].sum())
        row = {
            "year": period.year,
            "length_years": period.length,
            "discount": period.discount,
            **_tonnes(
                places.cases[number],
                _supply(problem, schedule, number),
                delivered[delivered["year"] == period.year],
            ),
            "made_kt": made.loc[made["origin"].isin(makers), "ship_kt"].sum(),
            "shortage_kt": trade["short_kt"].sum(),
            "stock_kt": held,
            "transport_cost_mcny": _money(used, "freight_cny_per_t"),
            "production_cost_mcny": _money(made, "production_cny_per_t"),
            "duty_cost_mcny": _money(used, "duty_cny_per_t"),
            "carbon_cost_mcny": _money(used, "carbon_cny_per_t"),
            "fixed_cost_mcny": fixed[number],
            "holding_cost_mcny": held * period.holding_cny_per_t / KCNY_PER_MCNY / period.length,
            "shortage_cost_mcny": trade["shortage_cost_mcny"].sum(),
            "revenue_mcny": trade["revenue_mcny"].sum(),
            "capital_mcny": bought[number],
            "co2_kt": used["co2_kt"].sum(),
        }
        row["total_cost_mcny"] = total_of(row)
        rows.append({name: float(value) for name, value in row.items()} | {"year": period.year})
    return _rounded(pd.DataFrame(rows, columns=YEARS))


def total_of(parts: Mapping[str, float]) -> float:
    """The total cost of its parts."""
    return sum(FIGURES[name].sign * parts[name] for name in COSTS)


def _tonnes(case: Case, supply_kt: Floats, delivered: pd.DataFrame) -> dict[str, float]:
    """Supply, demand and what is shipped, as docs/mathematics.md defines them."""
    own = supply_kt[: len(case.origins)]  # behind them stand shortages of sinks
    origins = home_origins(case.replace_unchecked(origins=case.origins.assign(supply_kt=own)))
    supply = origins.groupby("region")["supply_kt"].sum()
    demand = home_sinks(case).groupby("region")["demand_kt"].sum()
    used = located(case, delivered)
    ends, ship = Ends.of(used), used["ship_kt"]
    return {
        "supply_kt": supply.sum(),
        "demand_kt": demand.sum(),
        "shipped_kt": ship.sum(),
        "export_kt": ship[ends.exported].sum(),
        "moved_kt": ship[ends.moved].sum(),
        "bn_t_km": (ship * used["km"])[ends.domestic].sum() / KT_KM_PER_BN_T_KM,
        "deficit_kt": deficit_kt(*demand.align(supply, fill_value=0.0)).sum(),
    }


def _made(places: Places, number: int, flows: pd.DataFrame) -> pd.DataFrame:
    """Flows that a period has made, as kt per year of that period."""
    period = places.periods[number]
    length = {each.year: each.length for each in places.periods}
    made = flows[flows["made"] == period.year]
    return made.assign(ship_kt=made["ship_kt"] * made["year"].map(length) / period.length)


def _money(flows: pd.DataFrame, column: str) -> float:
    return float((flows["ship_kt"] * flows[column]).sum() / KCNY_PER_MCNY)


def _supply(problem: PlanProblem, schedule: Schedule, number: int) -> Floats:
    """Supply of every origin in a period, with what stands and without what is closed, (O,)."""
    market = problem.layout.places.markets[number]
    supply = market.supply_kt.copy()
    for start, size in chosen(problem, schedule):
        if start.is_supply and number in start.stands:
            supply[market.row_of(*start.row)] += size * start.raises_kt[start.stands.index(number)]
    return np.maximum(supply, 0.0)


def _fixed_mcny(problem: PlanProblem, schedule: Schedule) -> list[float]:
    """Annuities and yearly costs less what closing saves, per year of each period."""
    horizon, total = problem.horizon, [0.0] * len(problem.horizon.periods)
    weight = horizon.calendar.weight
    for start, size in chosen(problem, schedule):
        for number, yearly in zip(start.stands, start.yearly_kcny, strict=True):
            period = horizon.periods[number]
            annuities = sum(
                bought.annuity
                * bought.spent_kcny(size)
                * weight(max(bought.at, period.begin), min(bought.until, period.end))
                for bought in start.purchases
            )
            total[number] += (yearly + annuities / period.weight) / KCNY_PER_MCNY
    return total


def _capital_mcny(problem: PlanProblem, schedule: Schedule) -> list[float]:
    """Capital bought in each period."""
    total = [0.0] * len(problem.horizon.periods)
    for start, size in chosen(problem, schedule):
        for bought in start.purchases:
            total[problem.horizon.at(bought.at)] += bought.spent_kcny(size) / KCNY_PER_MCNY
    return total


def _rounded(table: pd.DataFrame) -> pd.DataFrame:
    """Figures without the last digits, which are the arithmetic's."""
    times = ("year", "length_years", "starts", "ends")
    numbers = [name for name in table.select_dtypes("float").columns if name not in times]
    return table.assign(**{name: table[name].round(DECIMALS) + 0.0 for name in numbers})
