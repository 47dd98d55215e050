"""Random valid cases over every table of the schema, small enough to be written out whole.

Costs are whole numbers with many ties, some are 0; limits of every selection and measure, minimum
shipments, duties with dates, parallel and one-way links, closures, projects, periods with paths,
and scenarios that extend each other come in turn.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from model.case.case import Case, Settings
from model.case.errors import BadInput
from model.checking.case_faults import refuse_faulty

Rows = list[dict[str, Any]]
REGIONS = ("North", "South", "East")
MODES = ("rail", "road", "sea")
YEAR = 2025


class Dice:
    """Draws of one seed."""

    def __init__(self, seed: int) -> None:
        self._rng = np.random.default_rng(seed)

    def happens(self, chance: float) -> bool:
        return bool(self._rng.random() < chance)

    def whole(self, low: int, high: int) -> float:
        return float(self._rng.integers(low, high + 1))

    def one(self, values: Any) -> Any:
        return values[int(self._rng.integers(len(values)))]

    def some(self, values: Any) -> str:
        """One or two names joined as a cell has them."""
        chosen = self._rng.permutation(len(values))[: int(self._rng.integers(1, 3))]
        return "|".join(values[k] for k in sorted(chosen))


def varied_cases(first: int, count: int) -> Iterator[tuple[int, Case]]:
    """So many valid cases, each with the seed that makes it again."""
    seed = first
    while count:
        case = varied_case(seed)
        if case is not None:
            yield seed, case
            count -= 1
        seed += 1


def checked(case: Case) -> Case | None:
    """The case, which nothing need check again; None where it breaks a rule."""
    try:
        refuse_faulty(case)
    except BadInput:
        return None
    return case


def varied_case(seed: int) -> Case | None:
    """The case of a seed; None where chance broke a rule of the schema."""
    return checked(drawn_case(seed))


def drawn_case(seed: int) -> Case:
    """The case of a seed, whatever rule chance broke."""
    dice = Dice(seed)
    kind = dice.one(("lanes", "network", "network", "both"))
    rows: dict[str, Rows] = {"modes": _modes(dice)}
    if kind != "lanes":
        rows["nodes"], rows["links"] = _network(dice)
    nodes = [row["node"] for row in rows.get("nodes", [])]
    rows["origins"], rows["sinks"] = _origins(dice, nodes), _sinks(dice, nodes)
    if kind != "network":
        rows["lanes"] = _lanes(dice, rows)
    rows["limits"] = _limits(dice, rows)
    rows["duties"] = _duties(dice, rows)
    rows["projects"], rows["closures"] = _projects(dice, rows), _closures(dice, rows)
    rows["periods"], rows["paths"] = _periods(dice)
    settings = Settings(
        "varied",
        year=dice.one((None, YEAR)),
        carbon_price_cny_per_t=dice.one((0.0, 0.0, 100.0)),
        closed_passages=(dice.one(nodes),) if nodes and dice.happens(0.1) else (),
    )
    tables = {name: pd.DataFrame(table) for name, table in rows.items() if table}
    return Case.of(settings, **tables)


def scenario_texts(seed: int, case: Case) -> dict[str, str]:
    """Two scenario files for a case, by name; the second extends the first."""
    dice = Dice(seed)
    sink = dice.one(case.sinks["sink"].tolist())
    origin = dice.one(case.origins["origin"].tolist())
    first = (
        'title = "First"\n[[step]]\nscale = "origins.supply_kt"\n'
        f"value = {dice.one((1.25, 2, 3))}\n"
    )
    second = (
        'title = "Second"\nextends = "first"\n'
        f'[[step]]\nadd = "origins.cost_cny_per_t"\nwhere = {{ origin = ["{origin}"] }}\n'
        f"value = {dice.one((1, 2.5))}\n"
        f'[[step]]\nset = "sinks.demand_kt"\nwhere = {{ sink = ["{sink}"] }}\nvalue = 0\n'
    )
    return {"first": first, "second": second}


def _modes(dice: Dice) -> Rows:
    return [
        {
            "mode": mode,
            "fixed_cny_per_t": dice.one((0.0, 0.0, 1.0, 4.0)),
            "cny_per_t_km": dice.one((0.0, 0.5, 1.0)),
            "gco2_per_t_km": dice.one((0.0, 1000.0, 5000.0)),
        }
        for mode in MODES
    ]


def _network(dice: Dice) -> tuple[Rows, Rows]:
    nodes = [f"N{k}" for k in range(int(dice.whole(3, 4)))]
    kinds = ("hub", "port", "junction")
    ends = [(nodes[k], nodes[k + 1]) for k in range(len(nodes) - 1)]
    ends += [(dice.one(nodes), dice.one(nodes)) for _ in range(int(dice.whole(0, 3)))]
    links = [
        {
            "from": start,
            "to": end,
            "mode": dice.one(MODES),
            "km": dice.whole(1, 9),
            "cost_cny_per_t": dice.whole(0, 6) if dice.happens(0.3) else None,
            "limit_kt": dice.whole(0, 12) if dice.happens(0.3) else None,
            "one_way": dice.happens(0.15),
        }
        for start, end in ends
        if start != end
    ]
    return [{"node": node, "kind": dice.one(kinds)} for node in nodes], links


def _origins(dice: Dice, nodes: list[str]) -> Rows:
    return [
        {
            "origin": f"o{k}",
            "supply_kt": dice.whole(0, 14),
            "region": dice.one(REGIONS),
            "kind": "abroad" if dice.happens(0.15) else "domestic",
            "node": dice.one(nodes) if nodes and dice.happens(0.85) else "",
            "cost_cny_per_t": dice.one((0.0, 0.0, 2.0, 5.0)),
        }
        for k in range(int(dice.whole(1, 3)))
    ]


def _sinks(dice: Dice, nodes: list[str]) -> Rows:
    rows = []
    for k in range(int(dice.whole(1, 3))):
        demand = dice.one((0.0, dice.whole(0, 7), dice.whole(1, 7)))
        rows.append(
            {
                "sink": f"s{k}",
                "demand_kt": demand,
                "max_kt": demand + dice.whole(0, 4) if dice.happens(0.3) else None,
                "kind": "export" if dice.happens(0.3) else "domestic",
                "region": dice.one(REGIONS),
                "node": dice.one(nodes) if nodes and dice.happens(0.9) else "",
            }
        )
    return rows


def _lanes(dice: Dice, rows: dict[str, Rows]) -> Rows:
    found = []
    for origin in rows["origins"]:
        for sink in rows["sinks"]:
            for mode in ("", *MODES):
                if not dice.happens(0.75 if mode == "" else 0.1):
                    continue
                least = dice.whole(1, 2) if dice.happens(0.08) else 0.0
                most = least + dice.whole(0, 6) if dice.happens(0.3) else None
                ends = {"origin": origin["origin"], "sink": sink["sink"], "mode": mode}
                figures = {"cost_cny_per_t": dice.whole(0, 9), "km": dice.whole(1, 9)}
                found.append(ends | figures | {"min_kt": least, "max_kt": most})
    return found


def _selection(dice: Dice, rows: dict[str, Rows]) -> dict[str, str]:
    """Cells that pick lanes: any of the six columns."""
    cells = {}
    if dice.happens(0.4):
        cells["origin"] = dice.some([row["origin"] for row in rows["origins"]])
    if dice.happens(0.2):
        cells["region"] = dice.some(sorted({row["region"] for row in rows["origins"]}))
    if dice.happens(0.4):
        cells["sink"] = dice.some([row["sink"] for row in rows["sinks"]])
    if dice.happens(0.2):
        cells["kind"] = dice.one(("domestic", "export"))
    if dice.happens(0.25):
        cells["mode"] = dice.some(MODES)
    if rows.get("links") and dice.happens(0.3):
        link = dice.one(rows["links"])
        stretch = f"{link['from']}>{link['to']}"
        cells["via"] = dice.one((link["to"], stretch, f"{stretch}:{link['mode']}"))
    return cells


def _limits(dice: Dice, rows: dict[str, Rows]) -> Rows:
    found = []
    for k in range(int(dice.one((0, 0, 1, 1, 2)))):
        cells = _selection(dice, rows)
        measure = dice.one(("ship_kt", "ship_kt", "ship_kt", "co2_kt", "cost_mcny"))
        if rows.get("links") and {"mode", "via"} & set(cells):
            measure = "ship_kt"
        unit = {"ship_kt": 1.0, "co2_kt": 1 / 16, "cost_mcny": 1 / 64}[measure]
        most = dice.whole(0, 14) * unit
        is_plain = measure == "ship_kt" and not {"mode", "via"} & set(cells)
        least = None
        if dice.happens(0.2) and (is_plain or not rows.get("links")):
            least = min(dice.whole(0, 2) * unit, most)
        found.append(cells | {"limit": f"l{k}", "measure": measure, "min": least, "max": most})
    return found


def _duties(dice: Dice, rows: dict[str, Rows]) -> Rows:
    return [
        {
            "duty": dice.one(("d0", "d1")),
            "rate": dice.one((0.125, 0.25)) * (k + 1),
            "value_cny_per_t": 8.0,
            "from_date": dice.one(("", "2025-06-01", "2026-01-01")),
        }
        | _selection(dice, rows)
        for k in range(int(dice.one((0, 0, 1, 2))))
    ]


def _projects(dice: Dice, rows: dict[str, Rows]) -> Rows:
    found: Rows = []
    for k in range(int(dice.one((0, 0, 1, 2, 3)))):
        row: dict[str, Any] = {
            "project": f"p{k}",
            "capacity_kt": dice.whole(1, 8),
            "capex_cny_per_t": dice.one((0.0, 10.0, 40.0)),
            "fixed_capex_mcny": dice.one((0.0, 0.02)),
            "cost_cny_per_t": dice.one((0.0, 2.0)),
            "life_years": dice.one((5.0, 20.0)),
        }
        if rows["limits"] and dice.happens(0.2):
            row["adds_to_limit"] = rows["limits"][0]["limit"]
        else:
            row["origin"] = dice.one(rows["origins"])["origin"]
        if dice.happens(0.2) and "adds_to_limit" not in row:
            row["min_kt"] = min(1.0, row["capacity_kt"])
        if dice.happens(0.2):
            row["group"] = "g"
        if k and dice.happens(0.2):
            row["requires"] = "p0"
        found.append(row)
    return found


def _closures(dice: Dice, rows: dict[str, Rows]) -> Rows:
    origin = dice.one(rows["origins"])["origin"]
    return [{"origin": origin, "saved_mcny_per_year": 0.01}] if dice.happens(0.15) else []


def _periods(dice: Dice) -> tuple[Rows, Rows]:
    if not dice.happens(0.3):
        return [], []
    years = [{"year": year, "max_stock_kt": dice.one((0.0, 3.0))} for year in (YEAR, YEAR + 5)]
    path = {"target": "origins.cost_cny_per_t", "year": YEAR + 5, "value": 2.0, "how": "factor"}
    return years, [path] if dice.happens(0.5) else []
