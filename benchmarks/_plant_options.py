"""What makes the synthetic plants a consultant's case: costs, limits, projects, periods, scenarios.

``python -m benchmarks._plant_options FOLDER [YEARS [MONTHS]]`` writes it. All of it is made up and
graded assumed: 40 projects, 15 closures, 16 limits, 3 duties, demand that grows, or has seasons,
stocks from period to period.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks._plants import SEED, plant_case
from model.case.case import Case
from model.case.write import write_case

CLASS_COST_CNY_PER_T = {"high": 3600.0, "medium": 3680.0, "low": 3790.0, "idle": 3850.0}
PROJECT_REGIONS = {
    "Gansu": "Baiyin", "Guangxi": "Baise", "Inner Mongolia": "Baotou", "Qinghai": "Xining",
    "Xinjiang": "Changji", "Yunnan": "Qujing",
}  # fmt: skip
"""Regions with sites for new plants, and the node of each."""
FIRST_MONTH_IN = 2027
EXTENSIONS, CLOSURES, CAPTIVE = 14, 15, 8
GROWTH = {"Guangxi": 0.01, "Inner Mongolia": 0.02, "Qinghai": 0.02, "Shandong": -0.01,
          "Yunnan": 0.03}  # fmt: skip
SCENARIOS = {
    "carbon_200": 'set = "case.carbon_price_cny_per_t"\nvalue = 200',
    "rail_up": 'scale = "modes.cny_per_t_km"\nwhere = { mode = ["rail"] }\nvalue = 1.25',
    "shandong_dear": (
        'add = "origins.cost_cny_per_t"\nwhere = { region = ["Shandong"] }\nvalue = 150'
    ),
    "suez_closed": 'set = "case.closed_passages"\nvalue = ["Suez Canal"]',
    "yunnan_up": 'scale = "sinks.demand_kt"\nwhere = { region = ["Yunnan"] }\nvalue = 1.25',
}


def consultants_case(years: int = 5, months: int = 0) -> Case:
    """The synthetic plants with all that `site` and `plan` choose among.

    Parameters
    ----------
    years : int
        Periods of a year each, from 2024.
    months : int
        Periods of a month each in their place, where there are any.
    """
    case = plant_case()
    rng = np.random.default_rng(SEED + 1)
    origins = _with_costs(case.origins, rng)
    return case.replace(
        settings=replace(case.settings, name="synthetic_options", companion_scenario=""),
        origins=origins,
        limits=_limits(origins, case.sinks),
        duties=_duties(),
        projects=_projects(origins, rng),
        closures=_closures(origins, rng),
        periods=_months(months) if months else _periods(years),
        paths=_seasons(months) if months else _paths(years),
        assumptions=_assumptions(),
    )


def _with_costs(origins: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Production cost by how well a plant is used."""
    used = origins["supply_kt"] / origins["capacity_kt"]
    classes = np.select([used >= 0.9, used >= 0.62, used > 0], ["high", "medium", "low"], "idle")
    cost = pd.Series(classes).map(CLASS_COST_CNY_PER_T) + rng.normal(0, 20, len(origins))
    return origins.assign(cost_cny_per_t=cost.round(1).to_numpy())


def _limits(origins: pd.DataFrame, sinks: pd.DataFrame) -> pd.DataFrame:
    """Captive tonnes, exports by region, ports, corridors, tonnes that must be taken."""
    home = sinks[sinks["kind"] == "domestic"]
    shandong = origins[(origins["region"] == "Shandong") & (origins["supply_kt"] > 100)]
    near = home[home["region"] == "Shandong"]
    rows = [
        {
            "limit": f"Captive {plant} {smelter}",
            "origin": plant,
            "sink": smelter,
            "min": round(0.4 * min(supply, demand), 1),
        }
        for plant, smelter, supply, demand in zip(
            shandong["origin"].iloc[:CAPTIVE],
            near["sink"].iloc[:CAPTIVE],
            shandong["supply_kt"].iloc[:CAPTIVE],
            near["demand_kt"].iloc[:CAPTIVE],
            strict=True,
        )
    ]
    inland = "Xinjiang|Inner Mongolia|Yunnan|Gansu|Guangxi|Qinghai|Guizhou"
    rows += [
        {"limit": "Exports of Shandong", "region": "Shandong", "kind": "export", "max": 1900},
        {"limit": "Exports of the seven", "region": inland, "kind": "export", "max": 200},
        {"limit": "Longhai west", "via": "Luoyang>Xi'an:rail", "max": 900},
        {"limit": "Nankun and Hukun", "via": "Guiyang>Qujing:rail|Baise>Kunming:rail", "max": 1200},
        {"limit": "Port Longkou", "via": "Longkou", "max": 600},
        {"limit": "Port Qingdao", "via": "Qingdao", "max": 700},
    ]
    big = origins.sort_values("supply_kt", ascending=False).iloc[:2]
    rows += [
        {"limit": f"Take or pay {name}", "origin": name, "min": round(0.6 * supply, 1)}
        for name, supply in zip(big["origin"], big["supply_kt"], strict=True)
    ]
    return pd.DataFrame(rows)


def _duties() -> pd.DataFrame:
    rows = [
        ("Bahrain and Oman", 0.05, "Bahrain|Oman"),
        ("Norway", 0.05, "Norway"),
        ("Other", 0.0655, "Other markets"),
    ]
    duties = pd.DataFrame(rows, columns=["duty", "rate", "sink"])
    return duties.assign(value_cny_per_t=5000.0)


def _projects(origins: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Extensions, new plants in two sizes or scalable, with second lines; a berth, a railway."""
    open_plants = origins[origins["supply_kt"] > 0].sort_values("cost_cny_per_t")
    rows: list[dict[str, object]] = [
        {
            "project": f"Extension {origin}",
            "origin": origin,
            "capacity_kt": 150,
            "min_kt": 40,
            "capex_cny_per_t": round(float(rng.uniform(2050, 2350))),
            "cost_cny_per_t": round(cost - 20, 1),
            "earliest": 2025,
            "lead_years": 1,
        }
        for origin, cost in zip(
            open_plants["origin"].iloc[:EXTENSIONS],
            open_plants["cost_cny_per_t"].iloc[:EXTENSIONS],
            strict=True,
        )
    ]
    for region, node in PROJECT_REGIONS.items():
        place = {"region": region, "node": node}
        dear, cheap, scalable = (
            round(float(rng.uniform(low, high)))
            for low, high in ((3400, 3600), (2850, 3200), (3100, 3450))
        )
        group = f"{region} site"
        rows += [
            {"project": f"{region} new 300", **place, "capacity_kt": 300, "group": group,
             "capex_cny_per_t": dear, "cost_cny_per_t": 3580, "earliest": 2025, "lead_years": 2},
            {"project": f"{region} new 600", **place, "capacity_kt": 600, "group": group,
             "capex_cny_per_t": cheap, "cost_cny_per_t": 3560, "earliest": 2025, "lead_years": 2},
            {"project": f"{region} second line", **place, "capacity_kt": 300,
             "requires": f"{region} new 300", "capex_cny_per_t": 2400, "cost_cny_per_t": 3570,
             "earliest": 2026, "lead_years": 1},
            {"project": f"{region} scalable", **place, "capacity_kt": 400, "min_kt": 100,
             "capex_cny_per_t": scalable, "fixed_mcny_per_year": 20, "cost_cny_per_t": 3600,
             "earliest": 2025, "lead_years": 1},
        ]  # fmt: skip
    rows += [
        {"project": "Longhai upgrade", "adds_to_limit": "Longhai west", "capacity_kt": 600,
         "capex_cny_per_t": 300, "cost_cny_per_t": 0, "earliest": 2025, "lead_years": 2},
        {"project": "Qingdao berth", "adds_to_limit": "Port Qingdao", "capacity_kt": 400,
         "capex_cny_per_t": 150, "cost_cny_per_t": 0, "earliest": 2025, "lead_years": 1},
    ]  # fmt: skip
    return pd.DataFrame(rows).assign(source="", grade="assumed")


def _closures(origins: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Plants that may close: the dearest that still make anything."""
    dearest = origins[origins["supply_kt"] > 0].sort_values("cost_cny_per_t").iloc[-CLOSURES:]
    saved = (rng.uniform(10, 40, CLOSURES)).round(2)
    return pd.DataFrame({"origin": dearest["origin"].to_numpy(), "saved_mcny_per_year": saved})


def _periods(years: int) -> pd.DataFrame:
    year = [2024 + n for n in range(years)]
    return pd.DataFrame({"year": year, "holding_cny_per_t": 250.0, "max_stock_kt": 800.0})


def _months(months: int) -> pd.DataFrame:
    """Months from the year in which every project can stand."""
    periods = pd.DataFrame({"period": [f"month {n + 1:02}" for n in range(months)]})
    periods["year"] = [FIRST_MONTH_IN, *[None] * (months - 1)]
    return periods.assign(length_years=1 / 12, holding_cny_per_t=20.0, max_stock_kt=800.0)


def _seasons(months: int) -> pd.DataFrame:
    """Demand that is a tenth greater in every other half year."""
    rows = [
        {
            "target": "sinks.demand_kt",
            "where": "kind=domestic",
            "period": f"month {n + 1:02}",
            "value": 1.0 + 0.1 * (n // 6 % 2),
            "how": "factor",
        }
        for n in range(months)
    ]
    return pd.DataFrame(rows)


def _paths(years: int) -> pd.DataFrame:
    rows = [
        {
            "target": "sinks.demand_kt",
            "where": f"region={region}",
            "year": 2024 + n,
            "value": round(1 + growth * n, 4),
            "how": "factor",
        }
        for region, growth in GROWTH.items()
        for n in range(years)
    ]
    return pd.DataFrame(rows)


def _assumptions() -> pd.DataFrame:
    rows = [
        ("Longhai", "limits.max", "limit=Longhai west", 600, 1500, "absolute"),
        ("Shandong cost", "origins.cost_cny_per_t", "region=Shandong", 0.95, 1.05, "factor"),
        ("Yunnan demand", "sinks.demand_kt", "region=Yunnan", 0.9, 1.1, "factor"),
        ("carbon", "case.carbon_price_cny_per_t", "", 0, 300, "absolute"),
        ("rail tariff", "modes.cny_per_t_km", "mode=rail", 0.1357, 0.175, "absolute"),
        ("road tariff", "modes.cny_per_t_km", "mode=road", 0.2, 0.4, "absolute"),
        ("sea tariff", "modes.cny_per_t_km", "mode=sea", 0.7, 1.6, "factor"),
    ]
    columns = ["assumption", "target", "where", "low", "high", "how"]
    return pd.DataFrame(rows, columns=columns).assign(why="made up for measuring")


def write(folder: Path, years: int = 5, months: int = 0) -> None:
    """Write the case with its scenarios."""
    write_case(consultants_case(years, months), folder)
    (folder / "scenarios").mkdir(exist_ok=True)
    for name, step in SCENARIOS.items():
        text = f'title = "{name}"\n\n[[step]]\n{step}\nwhy = "made up for measuring"\n'
        (folder / "scenarios" / f"{name}.toml").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]), *map(int, sys.argv[2:4]))
