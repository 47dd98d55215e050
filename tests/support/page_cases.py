"""Cases and questions whose answers between them print every kind of page."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import solve
from tests.support.cases import TWELVE_REGIONS
from tests.support.honest_folders import DRAWS, write_case_with_inputs
from tests.support.small_case import write_small_case

ROOT = Path(__file__).parents[2]
PLANTS = {
    "case.toml": 'name = "works"\ntitle = "Five works and four smelters"\nyear = 2026\n',
    "origins.csv": (
        "origin,supply_kt,region,capacity_kt,cost_cny_per_t\n"
        "Alder Works,180,West,200,2900\nBirch Works,120,West,130,3000\n"
        "Cedar Works,90,East,100,3150\nDate Works,60,East,80,3300\nElm Works,40,South,50,3200\n"
    ),
    "sinks.csv": (
        "sink,demand_kt,region,kind\nNorth Smelter,130,West,domestic\n"
        "Hill Smelter,150,East,domestic\nBay Smelter,110,South,domestic\nQuay,40,,export\n"
    ),
    "lanes.csv": "origin,sink,cost_cny_per_t,mode,km\n"
    + "".join(
        f"{origin},{sink},{cost},truck,{2 * cost}\n"
        for origin, costs in {
            "Alder Works": (40, 150, 260, 300),
            "Birch Works": (60, 140, 240, 280),
            "Cedar Works": (170, 50, 120, 110),
            "Date Works": (180, 70, 130, 120),
            "Elm Works": (280, 140, 45, 160),
            "Fir Works": (270, 150, 50, 170),
            "Gorse Works": (50, 160, 270, 310),
        }.items()
        for sink, cost in zip(
            ("North Smelter", "Hill Smelter", "Bay Smelter", "Quay"), costs, strict=True
        )
    ),
    "modes.csv": "mode,gco2_per_t_km\ntruck,60\n",
    "projects.csv": (
        "project,region,capacity_kt,capex_cny_per_t,life_years,cost_cny_per_t\n"
        "Fir Works,South,70,1200,20,2950\nGorse Works,West,80,2500,20,2900\n"
    ),
    "closures.csv": "origin,saved_mcny_per_year\nDate Works,9\nElm Works,4\n",
    "assumptions.csv": (
        "assumption,target,where,low,high,how,why\n"
        "demand in the bay,sinks.demand_kt,sink=Bay Smelter,0.9,1.1,factor,orders vary\n"
    ),
    "periods.csv": "year,holding_cny_per_t,max_stock_kt\n2026,20,30\n2027,20,30\n2028,,\n",
    "paths.csv": "target,where,year,value\nsinks.demand_kt,sink=Bay Smelter,2028,125\n",
}
ABROAD_ALONE = {
    "case.toml": 'name = "abroad"\ntitle = "Exports alone"\nyear = 2026\n',
    "origins.csv": "origin,supply_kt\nPort A,100\nPort B,60\n",
    "sinks.csv": "sink,demand_kt,kind\nHarbour,90,export\nIsland,40,export\n",
    "lanes.csv": (
        "origin,sink,cost_cny_per_t,mode,km\n"
        "Port A,Harbour,90,sea,900\nPort A,Island,120,sea,1300\n"
        "Port B,Harbour,110,sea,1100\nPort B,Island,100,sea,1000\n"
    ),
    "projects.csv": "project,capacity_kt,capex_cny_per_t\nPort C,50,300\n",
}
ABROAD_ALONE["lanes.csv"] += "Port C,Harbour,20,sea,200\nPort C,Island,30,sea,300\n"
NO_PROJECTS = {
    "case.toml": 'name = "cans"\ntitle = "Two plants, three markets"\n',
    "origins.csv": "origin,supply_kt\nSeattle,350\nSan Diego,600\n",
    "sinks.csv": "sink,demand_kt\nNew York,325\nChicago,300\nTopeka,275\n",
    "lanes.csv": (
        "origin,sink,cost_cny_per_t\nSeattle,New York,225\nSeattle,Chicago,153\n"
        "Seattle,Topeka,162\nSan Diego,New York,225\nSan Diego,Chicago,162\nSan Diego,Topeka,126\n"
    ),
}
TRADE = {
    "case.toml": 'name = "trade"\ntitle = "Prices and shortages"\nyear = 2025\n',
    "origins.csv": "origin,supply_kt,cost_cny_per_t\nA,100,100\nB,50,150\n",
    "sinks.csv": (
        "sink,demand_kt,kind,max_kt,price_cny_per_t,shortage_cny_per_t\n"
        "Home,60,domestic,,,\nFar,40,domestic,60,300,900\nPort,0,export,80,200,\n"
        "Remote,10,domestic,,,250\nLost,70,domestic,,,150\n"
    ),
    "lanes.csv": (
        "origin,sink,cost_cny_per_t,max_kt\nA,Home,10,\nA,Far,50,\nA,Port,30,\nB,Home,20,\n"
        "B,Far,40,\nB,Port,40,\nA,Remote,400,\nB,Remote,500,\nA,Lost,90,\nNew,Remote,120,\n"
    ),
    "projects.csv": "project,capacity_kt,capex_cny_per_t,life_years\nNew,10,900,10\n",
    "periods.csv": "year\n2025\n2026\n",
}
MONTHS = {
    "case.toml": 'name = "months"\ntitle = "A year by month"\nyear = 2026\n',
    "origins.csv": "origin,supply_kt,cost_cny_per_t\nMill,120,1000\nYard,60,1100\n",
    "sinks.csv": "sink,demand_kt\nTown,100\nVillage,50\n",
    "lanes.csv": (
        "origin,sink,cost_cny_per_t,km\nMill,Town,30,100\nMill,Village,60,200\nYard,Town,50,170\n"
        "Yard,Village,20,60\nPress,Town,10,30\nPress,Village,90,300\n"
    ),
    "projects.csv": (
        "project,capacity_kt,capex_cny_per_t,life_years,after_life\nPress,40,10,0.2,gone\n"
    ),
    "periods.csv": "period,length_years,holding_cny_per_t,max_stock_kt\n"
    + "".join(f"2026-{month:02},1/12,5,8\n" for month in range(1, 13)),
    "paths.csv": (
        "target,where,period,value\nsinks.demand_kt,sink=Town,2026-05,150\n"
        "sinks.demand_kt,sink=Town,2026-07,90\n"
    ),
}
NOTHING_WANTED = {
    "case.toml": 'name = "idle"\ntitle = "Nothing is wanted"\n',
    "origins.csv": "origin,supply_kt\nMill,10\n",
    "sinks.csv": "sink,demand_kt\nTown,0\n",
    "lanes.csv": "origin,sink,cost_cny_per_t\nMill,Town,5\n",
}
OWN = {
    "plants": PLANTS,
    "abroad": ABROAD_ALONE,
    "cans": NO_PROJECTS,
    "trade": TRADE,
    "months": MONTHS,
    "idle": NOTHING_WANTED,
}
DEARER = """
title = "Freight a fifth dearer"
[[step]]
scale = "lanes.cost_cny_per_t"
where = {}
value = 1.2
why = "a test"
"""
WANTS_MORE = """
title = "Three times the demand"
[[step]]
scale = "sinks.demand_kt"
where = {}
value = 3
why = "a test"
"""
PREBAKED, BATTERY = "twelve_regions", "battery_2024"
QUESTIONS: dict[str, tuple[str, tuple[str, ...]]] = {
    "plants_run": ("plants", ("run",)),
    "plants_full": ("plants", ("run", "dearer", "--full")),
    "plants_quick": ("plants", ("run", "--quick")),
    "plants_compare": ("plants", ("run", "base", "dearer", "wants_more")),
    "plants_site": ("plants", ("site", "--top", "3", "--against", "dearer")),
    "plants_site_full": ("plants", ("site", "--full", "--budget", "100")),
    "plants_together": ("plants", ("site", "base", "dearer", "--together", "expected")),
    "plants_plan": ("plants", ("plan",)),
    "plants_curve": ("plants", ("curve", "--at", "South", "--at", "East", "--up-to", "120")),
    "plants_along": (
        "plants",
        ("curve", "--of", "demand", "--at", "Bay Smelter", "--up-to", "130"),
    ),
    "plants_ranges": ("plants", ("ranges",)),
    "plants_why": ("plants", ("why", "Alder Works", "Bay Smelter")),
    "plants_sweep": ("plants", ("sweep", "draws.toml")),
    "plants_infeasible": ("plants", ("run", "wants_more")),
    "plants_no_site": ("plants", ("site", "wants_more")),
    "plants_no_plan": ("plants", ("plan", "wants_more")),
    "abroad_run": ("abroad", ("run",)),
    "abroad_full": ("abroad", ("run", "--full")),
    "abroad_site": ("abroad", ("site",)),
    "cans_run": ("cans", ("run",)),
    "cans_full": ("cans", ("run", "--full")),
    "cans_why": ("cans", ("why", "Seattle", "Topeka")),
    "cans_ranges": ("cans", ("ranges",)),
    "trade_run": ("trade", ("run",)),
    "trade_site": ("trade", ("site",)),
    "trade_plan": ("trade", ("plan",)),
    "trade_sweep": ("trade", ("sweep", "draws.toml")),
    "months_plan": ("months", ("plan",)),
    "months_run": ("months", ("run",)),
    "idle_run": ("idle", ("run",)),
    "small_run": ("small", ("run",)),
    "small_site": ("small", ("site", "--top", "3")),
    "small_plan": ("small", ("plan",)),
    "inputs_run": ("inputs", ("run",)),
    "inputs_site": ("inputs", ("site", "--top", "2")),
    "inputs_plan": ("inputs", ("plan",)),
    "prebaked_run": (PREBAKED, ("run",)),
    "prebaked_full": (PREBAKED, ("run", "yunnan_775", "--full")),
    "prebaked_compare": (PREBAKED, ("run", "base", "suez_closed", "wants_more")),
    "prebaked_site": (PREBAKED, ("site", "--budget", "2000", "--top", "3")),
    "prebaked_plan": (PREBAKED, ("plan",)),
    "prebaked_curve": (PREBAKED, ("curve", "--at", "Yunnan", "--up-to", "300")),
    "prebaked_why": (PREBAKED, ("why", "Shandong", "Xinjiang")),
    "prebaked_sweep": (PREBAKED, ("sweep", "draws.toml")),
    "battery_run": (BATTERY, ("run",)),
    "battery_full": (BATTERY, ("run", "--full")),
    "battery_compare": (BATTERY, ("run", "base", "final")),
    "battery_site": (BATTERY, ("site", "--top", "3")),
}
"""By name: the case, and the command that is asked of it."""


@dataclass
class Answers:
    """Folders of answers, made when they are first asked for.

    Attributes
    ----------
    base : the folder in which all is made
    found : the folders so far, by the name of the question; of several runs, the last one
    language : of the pages; blank: the case's own
    """

    base: Path
    found: dict[str, Path] = field(default_factory=dict)
    language: str = ""

    def folder(self, name: str) -> Path:
        """The folder of an answer."""
        if name not in self.found:
            self.found[name] = self._asked(name)
        return self.found[name]

    def page(self, name: str) -> str:
        """The page of an answer."""
        return (self.folder(name) / "report.html").read_text(encoding="utf-8")

    def _asked(self, name: str) -> Path:
        case, command = QUESTIONS[name]
        scenarios = {"dearer": "dearer.toml", "wants_more": "wants_more.toml"}
        words = [scenarios.get(word, word) for word in command]
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.base)
            arguments = [
                "solve.py",
                *words,
                "--case",
                str(self._case(case)),
                "--out",
                f"out/{name}",
                *(["--language", self.language] if self.language else []),
            ]
            patch.setattr(sys, "argv", arguments)
            assert solve.main() in (0, 3)
        return max((self.base / "out" / name).iterdir(), key=lambda path: path.stat().st_mtime_ns)

    def _case(self, name: str) -> Path:
        folder = self.base / name
        if name == PREBAKED:
            return TWELVE_REGIONS
        if name == BATTERY:
            return ROOT / "data" / name
        if not folder.exists():
            _write_case(name, folder)
        return folder


def _write_case(name: str, folder: Path) -> None:
    if name == "small":
        write_small_case(folder)
    elif name == "inputs":
        write_case_with_inputs(folder)
    else:
        folder.mkdir()
        for file, text in OWN[name].items():
            (folder / file).write_text(text, encoding="utf-8")


def page_answers(base: Path, language: str = "") -> Answers:
    """Answers in a folder, with the scenarios and draws that the questions name."""
    for name, text in {"dearer": DEARER, "wants_more": WANTS_MORE}.items():
        (base / f"{name}.toml").write_text(text, encoding="utf-8")
    (base / "draws.toml").write_text(DRAWS, encoding="utf-8")
    return Answers(base, language=language)
