"""Random siting questions over every table that matters to them, small enough to enumerate."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from model.case.case import Case, Settings
from tests.support.siting_oracle import Asked
from tests.support.varied_cases import Dice, Rows, checked, drawn_case


def varied_question(seed: int) -> tuple[Case, Asked, Case] | None:
    """A case, what is required, and the same case in another scenario; None where rules broke."""
    plain = drawn_case(seed)
    dice = Dice(seed + 1_000_000)
    projects, lanes = _projects(dice, plain)
    closed = [name for name in plain.origins["origin"] if dice.happens(0.3)][:2]
    saved = {"origin": closed, "saved_mcny_per_year": [dice.whole(0, 9) / 500 for _ in closed]}
    none = {name: plain.table(name).iloc[:0] for name in ("periods", "paths")}
    settings = Settings(
        "varied",
        year=plain.settings.year,
        discount_rate=dice.one((0.0, 0.08)),
        carbon_price_cny_per_t=plain.settings.carbon_price_cny_per_t,
        closed_passages=plain.settings.closed_passages,
    )
    tables = {
        name: plain.table(name)
        for name in ("origins", "sinks", "nodes", "modes", "links", "limits", "duties")
    }
    tables |= none | {
        "lanes": pd.concat([plain.lanes, pd.DataFrame(lanes, columns=plain.lanes.columns)])
        if lanes
        else plain.lanes,
        "projects": pd.DataFrame(projects),
        "closures": pd.DataFrame(saved),
        "groups": pd.DataFrame(groups_of(dice, projects)),
    }
    case = checked(
        Case.of(settings, **{name: table for name, table in tables.items() if len(table)})
    )
    if case is None:
        return None
    factor = dice.one((0.5, 1.0, 1.25))
    sinks = case.sinks.assign(
        demand_kt=case.sinks["demand_kt"] * factor,
        max_kt=np.fmax(case.sinks["max_kt"], case.sinks["demand_kt"] * factor),
    )
    other = case.replace_unchecked(sinks=sinks)
    return case, _asked(dice, case), other


def _projects(dice: Dice, case: Case) -> tuple[Rows, Rows]:
    """One to four projects, and lanes of their own."""
    origins, nodes = case.origins["origin"].tolist(), case.nodes["node"].tolist()
    bounded = case.limits["limit"][case.limits["max"].notna()].tolist()
    found: Rows = []
    lanes: Rows = []
    for k in range(int(dice.whole(1, 4))):
        capacity = dice.whole(1, 12)
        row: dict[str, Any] = {
            "project": f"p{k}",
            "capacity_kt": capacity,
            "capex_cny_per_t": dice.one((0.0, 5.0, 10.0, 40.0)),
            "fixed_capex_mcny": dice.one((0.0, 0.0, 0.01, 0.06)),
            "fixed_mcny_per_year": dice.one((0.0, 0.0, 0.004, 0.02)),
            "cost_cny_per_t": dice.one((0.0, 2.0)),
            "life_years": dice.one((2.5, 5.0, 20.0)),
            "min_kt": dice.whole(0, int(capacity)) if dice.happens(0.4) else None,
            "group": dice.one(("", "", "g", "h")),
            "requires": f"p{int(dice.whole(0, k - 1))}" if k and dice.happens(0.3) else "",
            "forced": dice.happens(0.1),
        }
        place = dice.one(("origin", "origin", "node", "lanes", "limit"))
        if place == "limit" and bounded:
            row["adds_to_limit"] = dice.one(bounded)
        elif place == "node" and nodes:
            row |= {"node": dice.one(nodes), "region": dice.one(("North", "South", "East"))}
        elif place == "lanes":
            row["region"] = dice.one(("North", "South"))
            lanes += _own_lanes(dice, case, row["project"])
        else:
            row["origin"] = dice.one(origins)
            if dice.happens(0.2):
                lanes += _own_lanes(dice, case, row["project"])
        found.append(row)
    return found, lanes


def with_loads(case: Case, seed: int) -> Case:
    """The case in which some projects that supply have a least load."""
    dice = Dice(seed + 7_000_000)
    loads = [
        dice.one((0.0, 0.0, 0.5, 0.8, 1.0)) if not raised else 0.0
        for raised in case.projects["adds_to_limit"]
    ]
    return case.replace_unchecked(projects=case.projects.assign(min_load=loads))


def groups_of(dice: Dice, projects: Rows) -> Rows:
    """How many of some groups are built."""
    groups = sorted({row["group"] for row in projects} - {""})
    rows = []
    for group in groups:
        if dice.happens(0.5):
            least = int(dice.whole(0, sum(row["group"] == group for row in projects)))
            most = least + int(dice.whole(0, 2))
            rows.append({"group": group, "min_projects": least, "max_projects": most})
    return rows


def _own_lanes(dice: Dice, case: Case, project: str) -> Rows:
    return [
        {
            "origin": project,
            "sink": sink,
            "cost_cny_per_t": dice.whole(0, 9),
            "mode": "",
            "km": dice.whole(1, 9),
            "min_kt": dice.whole(1, 2) if dice.happens(0.25) else 0.0,
            "max_kt": dice.whole(2, 8) if dice.happens(0.25) else np.nan,
            "source": "",
            "grade": "",
        }
        for sink in case.sinks["sink"]
        if dice.happens(0.8)
    ]


def _asked(dice: Dice, case: Case) -> Asked:
    """Requirements, each in turn."""
    names = case.projects["project"].tolist()
    spend = float((case.projects["capacity_kt"] * case.projects["capex_cny_per_t"]).sum()) / 1000
    spend += float(case.projects["fixed_capex_mcny"].sum())
    free = [name for name, must in zip(names, case.projects["forced"], strict=True) if not must]
    exclude = (dice.one(free),) if free and dice.happens(0.15) else ()
    left = [name for name in names if name not in exclude]
    regions = [region for region in case.projects["region"] if region]
    return Asked(
        budget_mcny=round(spend * dice.whole(1, 9) / 10, 6) if dice.happens(0.5) else float("inf"),
        most=int(dice.whole(0, 3)) if dice.happens(0.3) else 99,
        quotas={dice.one(regions): int(dice.whole(0, 1))} if regions and dice.happens(0.2) else {},
        include=(dice.one(left),) if left and dice.happens(0.15) else (),
        exclude=exclude,
    )
