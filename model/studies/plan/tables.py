"""A plan as tables: what starts when, each year's figures, flows by year, stocks carried."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from model.arrays import Floats
from model.market.market import KCNY_PER_MCNY
from model.market.selection import records
from model.result import flows as single
from model.result.definitions import DOMESTIC, KT_KM_PER_BN_T_KM, Ends, deficit_kt, located
from model.studies.plan.joined import Joined
from model.studies.plan.years import Year
from model.studies.siting.formulation import Choice, Formulation
from model.studies.siting.options import capital_recovery_factor

SCHEDULE = ["option", "kind", "region", "starts", "size_kt", "capital_mcny", "fixed_cost_mcny"]
FLOWS = ["year", "made", *single.COLUMNS]
STOCKS = ["from_year", "to_year", "origin", "stock_kt"]
YEARS = [
    "year", "discount", "supply_kt", "demand_kt", "made_kt", "shipped_kt", "export_kt", "moved_kt",
    "bn_t_km", "deficit_kt", "stock_kt", "transport_cost_mcny", "production_cost_mcny",
    "duty_cost_mcny", "carbon_cost_mcny", "holding_cost_mcny", "fixed_cost_mcny", "total_cost_mcny",
    "co2_kt",
]  # fmt: skip
DECIMALS = 9


def schedule(formulation: Formulation, choice: Choice, years: list[Year]) -> pd.DataFrame:
    """What starts when, in order of years: size, capital, and fixed cost in each year it stands."""
    rows = []
    for option, yes, size in zip(
        formulation.options.options, choice.yes, choice.size_kt, strict=True
    ):
        if yes:
            standing = sum(year.discount for year in years if year.year >= (option.year or 0))
            yearly = (option.lump_kcny + size * option.unit_kcny_per_kt) / standing
            rows.append(
                {
                    "option": option.name,
                    "kind": option.kind,
                    "region": option.region,
                    "starts": option.year,
                    "size_kt": round(float(size), DECIMALS),
                    "capital_mcny": size * option.capital_kcny_per_kt / KCNY_PER_MCNY,
                    "fixed_cost_mcny": yearly / KCNY_PER_MCNY,
                }
            )
    table = pd.DataFrame(rows, columns=SCHEDULE)
    return table.sort_values(["starts", "option"], ignore_index=True)


def flow_table(joined: Joined, shipped: Floats) -> pd.DataFrame:
    """Flows by year of use and year of making; money of the year in which it is spent."""
    parts = []
    used_rows = np.flatnonzero(shipped > single.LEAST_SHIPMENT_KT)
    for used, market in enumerate(joined.markets):
        rows = used_rows[joined.used[used_rows] == used]
        lanes = joined.year_lanes[used].take(joined.lane[rows])
        table = single.lane_table(market, lanes)
        made = joined.made[rows]
        production = np.array(
            [
                joined.cases[year].origins["cost_cny_per_t"].iloc[origin]
                for year, origin in zip(made, lanes.origin, strict=True)
            ]
        )
        table["cost_cny_per_t"] += production - table["production_cny_per_t"]
        table["production_cny_per_t"] = production
        table["ship_kt"] = np.round(shipped[rows], DECIMALS)
        table["cost_mcny"] = table["ship_kt"] * table["cost_cny_per_t"] / KCNY_PER_MCNY
        table["co2_kt"] = table["ship_kt"] * table["co2_t_per_t"]
        table["year"] = joined.years[used].year
        table["made"] = [joined.years[year].year for year in made]
        parts.append(table[FLOWS])
    together = pd.concat(parts, ignore_index=True)
    order = ["year", "made", "origin", "sink", "mode", "route"]
    return together.sort_values(order, ignore_index=True)


def stock_table(joined: Joined, flows: pd.DataFrame) -> pd.DataFrame:
    """What each origin holds at the end of each year, for later ones."""
    rows = []
    years = [year.year for year in joined.years]
    for year, following in pairwise(years):
        held = flows[(flows["made"] <= year) & (flows["year"] > year)]
        for origin, kt in held.groupby("origin")["ship_kt"].sum().items():
            rows.append({"from_year": year, "to_year": following, "origin": origin, "stock_kt": kt})
    return pd.DataFrame(rows, columns=STOCKS)


def year_table(
    joined: Joined, formulation: Formulation, choice: Choice, flows: pd.DataFrame
) -> pd.DataFrame:
    """Each year's figures; money of the year, its discount factor beside it."""
    starts = _standing(formulation, choice)
    rows = []
    for year, case in zip(joined.years, joined.cases, strict=True):
        used = located(case, flows[flows["year"] == year.year])
        made = flows[flows["made"] == year.year]
        supply = _supply(year, starts)
        ends = Ends.of(used)
        ship = used["ship_kt"]
        at_home_sinks = year.case.sinks[year.case.sinks["kind"] == DOMESTIC]
        demand = at_home_sinks.groupby("region")["demand_kt"].sum()
        held = flows[(flows["made"] <= year.year) & (flows["year"] > year.year)]["ship_kt"].sum()
        row = {
            "year": year.year,
            "discount": year.discount,
            "supply_kt": supply.sum(),
            "demand_kt": demand.sum(),
            "made_kt": made["ship_kt"].sum(),
            "shipped_kt": ship.sum(),
            "export_kt": ship[ends.exported].sum(),
            "moved_kt": ship[ends.moved].sum(),
            "bn_t_km": (ship * used["km"])[ends.domestic].sum() / KT_KM_PER_BN_T_KM,
            "deficit_kt": deficit_kt(*demand.align(supply, fill_value=0.0)).sum(),
            "stock_kt": held,
            "transport_cost_mcny": _money(used, "freight_cny_per_t"),
            "production_cost_mcny": _money(made, "production_cny_per_t"),
            "duty_cost_mcny": _money(used, "duty_cny_per_t"),
            "carbon_cost_mcny": _money(used, "carbon_cny_per_t"),
            "holding_cost_mcny": held * year.holding_cny_per_t / KCNY_PER_MCNY,
            "fixed_cost_mcny": _fixed_mcny(year, starts),
            "co2_kt": used["co2_kt"].sum(),
        }
        row["total_cost_mcny"] = sum(
            value for name, value in row.items() if name.endswith("_cost_mcny")
        )
        rows.append({name: float(value) for name, value in row.items()} | {"year": year.year})
    table = pd.DataFrame(rows, columns=YEARS)
    figures = [name for name in YEARS if name != "year"]
    return table.assign(**{name: table[name].round(DECIMALS) + 0.0 for name in figures})


def _money(flows: pd.DataFrame, column: str) -> float:
    return float((flows["ship_kt"] * flows[column]).sum() / KCNY_PER_MCNY)


Standing = list[tuple[str, str, int, float]]
"""Kind, name, first year and size of what a choice starts."""


def _standing(formulation: Formulation, choice: Choice) -> Standing:
    return [
        (option.kind, option.name, option.year or 0, float(size))
        for option, yes, size in zip(
            formulation.options.options, choice.yes, choice.size_kt, strict=True
        )
        if yes
    ]


def _supply(year: Year, starts: Standing) -> pd.Series:
    """Supply at home by region, with what stands and without what is closed."""
    from model.studies.siting.expand import built

    projects = {n: kt for kind, n, first, kt in starts if kind == "project" and first <= year.year}
    closed = [n for kind, n, first, _ in starts if kind == "closure" and first <= year.year]
    origins = built(year.case, projects, closed).origins
    home = origins[origins["kind"] == DOMESTIC]
    return home.groupby("region")["supply_kt"].sum()


def _fixed_mcny(year: Year, starts: Standing) -> float:
    """Annuities of the year, less what closures save in it."""
    case = year.case
    projects = {row["project"]: row for row in records(case.projects)}
    saved = {row["origin"]: row["saved_mcny_per_year"] for row in records(case.closures)}
    total = 0.0
    for kind, name, first, size in starts:
        if first > year.year:
            continue
        if kind == "closure":
            total -= saved[name]
            continue
        project = projects[name]
        factor = capital_recovery_factor(case.settings.discount_rate, project["life_years"])
        annuity = factor * project["capex_cny_per_t"] * size / KCNY_PER_MCNY
        total += project["fixed_mcny_per_year"] + annuity
    return total
