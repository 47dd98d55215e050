"""Random valid cases with inputs: sources, recipes, tariffs of their own, depots."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pandas as pd

from model.case.case import Case
from tests.support.varied_cases import MODES, REGIONS, Dice, Rows, checked, drawn_case

RECIPE_SEEDS = 1_000_003
"""Recipes have draws of their own, so that a case without them is what its seed always made."""


def recipe_cases(first: int, count: int) -> Iterator[tuple[int, Case]]:
    """So many valid cases with recipes, each with its seed."""
    seed = first
    while count:
        case = recipe_case(seed)
        if case is not None:
            yield seed, case
            count -= 1
        seed += 1


def recipe_case(seed: int) -> Case | None:
    """The varied case of a seed with inputs; None where chance broke a rule."""
    case, dice = drawn_case(seed), Dice(RECIPE_SEEDS + seed)
    own = dice.one(("product", "anode"))
    more: dict[str, Rows] = {"origins": [], "recipes": [], "lanes": [], "modes": [], "limits": []}
    for commodity in ("coke", "pitch")[: int(dice.whole(1, 2))]:
        _add_input(dice, case, own, commodity, more)
    if dice.happens(0.4):
        _add_depots(dice, case, own, more)
    if dice.happens(0.3):
        more["limits"].append(_limit(dice, more))
    projects = case.projects.assign(commodity="")
    if dice.happens(0.5):
        projects = _of_another_kind(dice, case, projects, own, more)
    tables = {name: _with(case.table(name), rows) for name, rows in more.items() if rows}
    tables["projects"] = projects
    found = case.replace_unchecked(settings=replace(case.settings, commodity=own), **tables)
    return checked(found)


def _with(table: pd.DataFrame, rows: Rows) -> pd.DataFrame:
    parts = [part for part in (table, pd.DataFrame(rows)) if len(part)]
    return pd.concat(parts, ignore_index=True)


def _add_input(dice: Dice, case: Case, own: str, commodity: str, more: dict[str, Rows]) -> None:
    """One or two sources of an input, its recipes, lanes to those who take it."""
    nodes = case.nodes["node"].tolist()
    takers = case.origins["origin"].tolist()
    sources = [f"{commodity}{k}" for k in range(int(dice.whole(1, 2)))]
    for source in sources:
        more["origins"].append(
            {
                "origin": source,
                "supply_kt": dice.whole(2, 20),
                "region": dice.one(REGIONS),
                "kind": "abroad" if dice.happens(0.2) else "domestic",
                "node": dice.one(nodes) if nodes else "",
                "cost_cny_per_t": dice.whole(0, 6),
                "commodity": commodity,
            }
        )
    more["recipes"].append(
        {"output": own, "input": commodity, "t_per_t": dice.one((0.5, 1.0, 1.25))}
    )
    if dice.happens(0.3):
        special = {"output": own, "input": commodity, "t_per_t": dice.one((0.25, 2.0))}
        more["recipes"].append(special | {"origin": dice.one(takers)})
    if dice.happens(0.3) and len(case.links):
        mode = dice.one(sorted(set(case.links["mode"])))
        tariff = {"cny_per_t_km": dice.one((0.0, 0.25, 2.0)), "fixed_cny_per_t": dice.whole(0, 2)}
        more["modes"].append(
            {"mode": mode, "commodity": commodity, "gco2_per_t_km": 2000.0} | tariff
        )
    for source in sources:
        for taker in takers:
            if not nodes or dice.happens(0.2):
                more["lanes"].append(_lane(dice, source, taker))


def _add_depots(dice: Dice, case: Case, own: str, more: dict[str, Rows]) -> None:
    """One or two depots of the case's own commodity, which may feed one another."""
    nodes, origins = case.nodes["node"].tolist(), case.origins["origin"].tolist()
    depots = [f"depot{k}" for k in range(int(dice.whole(1, 2)))]
    for depot in depots:
        more["origins"].append(
            {
                "origin": depot,
                "supply_kt": dice.whole(1, 10),
                "region": dice.one(REGIONS),
                "node": dice.one(nodes) if nodes else "",
                "cost_cny_per_t": dice.one((0.0, 1.0)),
            }
        )
        more["recipes"] += [{"output": own, "input": own, "t_per_t": 1.0, "origin": depot}]
        for commodity in sorted({row["input"] for row in more["recipes"]} - {own}):
            if dice.happens(0.5):
                continue
            small = {"output": own, "input": commodity, "t_per_t": 0.125, "origin": depot}
            more["recipes"].append(small)
    if not nodes or dice.happens(0.3):
        for depot in depots:
            more["lanes"] += [_lane(dice, origin, depot) for origin in origins]
            more["lanes"] += [_lane(dice, depot, sink) for sink in case.sinks["sink"]]
            more["lanes"] += [_lane(dice, depot, other) for other in depots if other != depot]
            sources = [row["origin"] for row in more["origins"] if row.get("commodity")]
            more["lanes"] += [_lane(dice, source, depot) for source in sources]


def _of_another_kind(
    dice: Dice, case: Case, projects: pd.DataFrame, own: str, more: dict[str, Rows]
) -> pd.DataFrame:
    """The projects with one of them a depot, or a source of an input."""
    supplying = projects.index[projects["adds_to_limit"] == ""]
    if not len(supplying):
        return projects
    row = int(dice.one(supplying.tolist()))
    name, takers = projects.loc[row, "project"], case.origins["origin"].tolist()
    if dice.happens(0.5):
        more["recipes"].append({"output": own, "input": own, "t_per_t": 1.0, "origin": name})
        more["lanes"] += [_lane(dice, origin, name) for origin in takers]
        return projects
    sources = sorted({recipe["input"] for recipe in more["recipes"]} - {own})
    projects = projects.astype({"commodity": object})
    projects.loc[row, "commodity"] = dice.one(sources)
    kept = [lane for lane in more["lanes"] if lane["sink"] != name]
    more["lanes"] = kept + [_lane(dice, name, taker) for taker in takers]
    return projects


def _lane(dice: Dice, origin: str, sink: str) -> dict[str, Any]:
    most = dice.whole(1, 9) if dice.happens(0.2) else None
    lane = {"origin": origin, "sink": sink, "mode": dice.one(("", *MODES)), "max_kt": most}
    return lane | {"cost_cny_per_t": dice.whole(0, 6), "km": dice.whole(1, 9), "min_kt": 0.0}


def _limit(dice: Dice, more: dict[str, Rows]) -> dict[str, Any]:
    sources = sorted({row["commodity"] for row in more["origins"] if row.get("commodity")})
    cells = dice.one(
        ({"commodity": dice.one(sources)}, {"kind": "input"}, {"kind": "input|export"})
    )
    return {"limit": "inputs", "max": dice.whole(2, 20), "measure": "ship_kt"} | cells
