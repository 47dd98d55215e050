"""A sound case that uses every table, as the files of its folder; tests break it in one place."""

from __future__ import annotations

from pathlib import Path

FILES = {
    "case.toml": 'name = "Small"\nyear = 2024\ndiscount_rate = 0.08\n',
    "origins.csv": (
        "origin,supply_kt,region,node,capacity_kt,cost_cny_per_t,source,grade\n"
        "North mill,300,North,Northtown,400,3000,survey,reported\n"
        "South mill,200,South,Southtown,250,3100,survey,assumed\n"
        "Old mill,50,South,Southtown,60,3500,survey,assumed\n"
    ),
    "sinks.csv": (
        "sink,demand_kt,kind,node,max_kt\n"
        "East,250,domestic,Easttown,\n"
        "West,100,domestic,Westtown,120\n"
        "Overseas,40,export,Farport,\n"
    ),
    "lanes.csv": (
        "origin,sink,cost_cny_per_t,mode,km,min_kt,max_kt\n"
        "North mill,East,120,truck,300,10,80\n"
        "South mill,East,150,truck,400,,\n"
    ),
    "nodes.csv": (
        "node,kind,lat,lon\n"
        "Northtown,hub,40,110\n"
        "Southtown,hub,30,110\n"
        "Easttown,hub,35,118\n"
        "Westtown,hub,35,100\n"
        "Port,port,35,120\n"
        "Farport,port,,\n"
    ),
    "links.csv": (
        "from,to,mode,km,cost_cny_per_t,limit_kt,one_way\n"
        "Northtown,Easttown,rail,900,,,\n"
        "Southtown,Easttown,rail,,,500,\n"
        "Westtown,Northtown,rail,1000,,,\n"
        "Easttown,Port,road,200,,,false\n"
        "Port,Farport,sea,5000,300,,true\n"
    ),
    "modes.csv": (
        "mode,fixed_cny_per_t,cny_per_t_km,gco2_per_t_km,circuity\n"
        "rail,30,0.15,10,1.3\n"
        "road,10,0.4,60,1.2\n"
        "sea,60,0.02,6,\n"
    ),
    "limits.csv": (
        "limit,min,max,origin,region,sink,kind,mode,via,measure\n"
        "port,,100,,,,,,Port,ship_kt\n"
        "captive,20,,South mill,,East,,,,\n"
        "carbon,,90,,North|South,,domestic|export,,,co2_kt\n"
    ),
    "duties.csv": (
        "duty,rate,value_cny_per_t,from_date,sink,via\n"
        "tariff,0.0655,4000,2024-05-20,Overseas,Port>Farport:sea\n"
    ),
    "projects.csv": (
        "project,region,node,capacity_kt,min_kt,capex_cny_per_t,life_years,earliest,"
        "adds_to_limit,group,requires,forced\n"
        "West mill,West,Westtown,100,50,2500,20,2026,,west,,\n"
        "West mill II,West,Westtown,100,,2500,20,2027,,,West mill,\n"
        "Quay,,,40,,500,30,,port,,,true\n"
    ),
    "groups.csv": "group,min_projects,max_projects\n",
    "closures.csv": "origin,saved_mcny_per_year\nOld mill,12\n",
    "periods.csv": "year,holding_cny_per_t,max_stock_kt\n2024,30,50\n2025,30,50\n",
    "paths.csv": "target,where,year,value\nsinks.demand_kt,sink=East,2025,260\n",
    "observed.csv": (
        "quantity,region,value,unit,tolerance,source,origins\n"
        "balance_kt,South,60,kt,10,survey,South mill|Old mill\n"
    ),
    "sources.csv": "source,title,year\nsurvey,A survey of mills,2024\n",
    "names.csv": "name,local_name\nNorth,北\nSouth,南\n",
    "assumptions.csv": (
        "assumption,target,where,low,high,how,why\n"
        "rail tariff,modes.cny_per_t_km,mode=rail,0.8,1.2,factor,list prices vary\n"
        "interest,case.discount_rate,,0.05,0.1,,\n"
    ),
}


def write_small_case(folder: Path, **texts: str | bytes | None) -> Path:
    """Write the case; `texts` replaces files by stem (``case`` is case.toml), None leaves one out.

    The scenario files that ``scenarios/NAME`` would need are written by :func:`write_scenario`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for file, text in FILES.items():
        content = texts.pop(Path(file).stem, text)
        if content is not None:
            write_file(folder / file, content)
    assert not texts, f"no such file: {texts}"
    return folder


def write_file(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def write_scenario(case_folder: Path, name: str, text: str) -> Path:
    return write_file(case_folder / "scenarios" / f"{name}.toml", text)


def changed(file: str, old: str, new: str) -> str:
    """A file of the case with one place changed, which must be there."""
    text = FILES[file]
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
    return text.replace(old, new)
