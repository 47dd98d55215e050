"""Two cases small enough to solve by hand: plants that take coke; depots that feed one another."""

from __future__ import annotations

from pathlib import Path

from tests.support.small_case import write_file

TWO_PLANTS = {
    "case.toml": 'name = "two plants"\ncommodity = "anode"\n',
    "origins.csv": """origin,supply_kt,cost_cny_per_t,commodity
West,100,0,anode
East,100,0,anode
Refinery,200,1000,coke
Port,60,900,coke
""",
    "sinks.csv": "sink,demand_kt\nSmelter,120\n",
    "recipes.csv": "output,input,t_per_t\nanode,coke,1.1\n",
    "lanes.csv": """origin,sink,cost_cny_per_t,km
West,Smelter,100,1000
East,Smelter,30,300
Refinery,West,10,100
Refinery,East,90,900
Port,East,50,500
""",
}

DEPOTS = {
    "case.toml": 'name = "depots"\nyear = 2025\n',
    "origins.csv": """origin,supply_kt,region,kind,cost_cny_per_t
Mill,10,North,domestic,0
Overseas,10,Abroad,abroad,0
Yard,20,Middle,domestic,1
Quay,20,South,domestic,2
""",
    "sinks.csv": "sink,demand_kt,kind,region\nTown,4,domestic,South\nMarket,6,export,Market\n",
    "recipes.csv": """output,input,t_per_t,origin
product,product,1,Yard
product,product,1,Quay
""",
    "lanes.csv": """origin,sink,cost_cny_per_t,km,max_kt
Mill,Yard,10,100,7
Overseas,Yard,20,1000,
Yard,Quay,5,50,
Quay,Town,3,30,
Quay,Market,4,400,
""",
}


def written(folder: Path, files: dict[str, str], **texts: str) -> Path:
    """The files of a case, some tables in place of its own, in a folder."""
    for name, text in (files | {f"{key}.csv": text for key, text in texts.items()}).items():
        write_file(folder / name, text)
    return folder
