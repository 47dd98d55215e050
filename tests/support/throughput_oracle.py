"""What passes each place, and the next best way around it, over every simple route written out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from model.case.case import Case
from tests.support.oracle import Row, Tables, Way, counted, rows_of, ways_of

WIDE = 1e-6
ANY: Row = dict.fromkeys(("origin", "region", "sink", "kind", "mode", "commodity", "via"), "")
SHIP: Row = ANY | {"measure": "ship_kt"}


@dataclass(frozen=True)
class Passed:
    """A row of throughput.csv as the oracle has it."""

    through: float
    by_sea: float
    dearer: float | None
    closed: float | None
    through_whom: frozenset[str]


def is_sea(mode: str) -> bool:
    return mode.split("_")[0] == "sea"


def passed(case: Case, flows: pd.DataFrame) -> dict[tuple[str, str, str], Passed]:
    """Every row there should be, by place, role and direction."""
    tables = Tables(case)
    ways = ways_of(tables)
    named = {(way.origin, way.sink, way.mode, way.route): way for way in ways}
    used = [
        (named[row["origin"], row["sink"], row["mode"], row["route"]], row["ship_kt"])
        for row in rows_of(flows)
    ]
    rows: dict[tuple[str, str, str], Row] = {}
    if len(case.links):
        for node in rows_of(case.nodes):
            if node["kind"] in ("port", "border"):
                rows[node["node"], node["kind"], ""] = SHIP | {"via": node["node"]}
        for number, arc in enumerate(tables.arcs()):
            if np.isfinite(arc.limit):
                link = {"arc": number, "max": arc.limit}
                rows[arc.name, "link", f"{arc.tail}>{arc.head}"] = link
    for limit in rows_of(case.limits):
        rows[limit["limit"], "limit", ""] = limit
    full = [row for row in rows.values() if _is_full(tables, row, used)]
    return {key: _passed(tables, key, row, used, ways, full) for key, row in rows.items()}


def times(tables: Tables, row: Row, way: Way) -> float:
    """What a tonne on a way counts in a row."""
    return float(way.arcs.count(row["arc"])) if "arc" in row else counted(tables, row, way)


def _is_full(tables: Tables, row: Row, used: list[tuple[Way, float]]) -> bool:
    most = row.get("max", np.nan)
    activity = sum(times(tables, row, way) * kt for way, kt in used)
    return bool(most == most and most - activity <= WIDE * max(1.0, abs(most)))


def _passed(
    tables: Tables,
    key: tuple[str, str, str],
    row: Row,
    used: list[tuple[Way, float]],
    ways: list[Way],
    full: list[Row],
) -> Passed:
    place, shipped = key[0], {id(way): kt for way, kt in used}
    dearer: list[float | None] = []
    whom: dict[float, set[str]] = {}
    cost = 0.0
    for way, kt in used:
        if times(tables, row, way) <= 0:
            continue
        shut = [row, *(other for other in full if times(tables, other, way) == 0)]
        around = [
            other
            for other in ways
            if (other.origin, other.sink) == (way.origin, way.sink)
            and not any(times(tables, each, other) > 0 for each in shut)
            and (other.arcs or other.start or shipped.get(id(other), 0.0) < other.most)
        ]
        least = min((other.cost for other in around), default=None)
        dearer.append(None if least is None else least - way.cost)
        if least is not None:
            cost += kt * (least - way.cost) / 1000
            best = [other for other in around if other.cost <= least + WIDE]
            whom.setdefault(round(least - way.cost, 5), set()).update(
                name for other in best for name in _names(other)
            )
    known = [value for value in dearer if value is not None]
    return Passed(
        sum(times(tables, row, way) * kt for way, kt in used),
        sum(kt for way, kt in used if _calls(way, place)),
        min(known, default=None),
        cost if known and len(known) == len(dearer) else None,
        frozenset(whom[min(whom)]) if whom else frozenset(),
    )


def _calls(way: Way, place: str) -> bool:
    """Whether a way comes or leaves by sea at a node."""
    names = way.route.replace(" >", "\n").replace("> ", "\n").split("\n")
    return any(
        is_sea(names[step].partition("#")[0]) and place in (names[step - 1], names[step + 1])
        for step in range(1, len(names) - 1, 2)
    )


def _names(way: Way) -> set[str]:
    """Everything that a way may be named by."""
    return {name for _, called in way.passages for name in called} | {way.mode or "direct"}
