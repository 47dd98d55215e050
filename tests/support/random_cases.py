"""Random cases that hold to every rule, for properties of reading and writing."""

from __future__ import annotations

import datetime
from itertools import cycle
from typing import Any

import pandas as pd
from hypothesis import strategies as st

from model.case.case import Case, Settings
from model.case.columns import Column
from model.case.names import folded
from model.case.schema import TABLES

_NAME = st.text(
    st.sampled_from("AbZé京山津 _x0041=+-@<>&'\"#.,;:/(1)")
    | st.characters(categories=["Lu", "Lo"]),
    min_size=1,
    max_size=12,
).map(lambda name: name.strip().replace(">", "»"))
_TEXT = st.text(
    st.characters(exclude_categories=["Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"]), max_size=20
)
_DATES = st.dates(datetime.date(1880, 1, 1), datetime.date(2199, 12, 31)).map(str)


_PRICES = ("shortage_cny_per_t", "price_cny_per_t")


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Draw a case with lanes and a network, and a few rows in most other tables."""
    names = iter(
        draw(
            st.lists(_NAME.filter(bool), min_size=40, max_size=40, unique_by=folded),
            label="names",
        )
    )

    def some(most: int) -> list[str]:
        return [next(names) for _ in range(draw(st.integers(1, most)))]

    origins, sinks, nodes, modes, limits = (
        some(4),
        some(4),
        [*some(3), next(names)],
        some(2),
        some(3),
    )
    lanes = [(draw(st.sampled_from(origins)), sink) for sink in sinks]
    links = [(nodes[0], node, modes[0]) for node in nodes[1:]]
    rows: dict[str, list[dict[str, Any]]] = {
        "origins": [{"origin": name} for name in origins],
        "sinks": [
            {"sink": name, "max_kt": None, column: None}  # a price lies at most at its shortage
            for name, column in zip(sinks, cycle(_PRICES), strict=False)
        ],
        "lanes": [{"origin": a, "sink": b, "min_kt": 0.0} for a, b in lanes],
        "nodes": [{"node": name, "lat": 1.5, "lon": -0.25} for name in nodes],
        "modes": [{"mode": name} for name in modes],
        "links": [{"from": a, "to": b, "mode": mode, "km": 7.0} for a, b, mode in links],
        "limits": [{"limit": name, "min": None, "origin": "|".join(origins)} for name in limits],
        "duties": [{"duty": next(names), "sink": sinks[0]}],
        "periods": [{"year": float(year), "length_years": None} for year in (2025, 2030)],
        "names": [{"name": next(names)} for _ in range(2)],
        "sources": [{"source": next(names)}],
    }
    settings = Settings(
        next(names),
        title=draw(_TEXT),
        year=draw(st.none() | st.integers(1900, 2200)),
        discount_rate=draw(st.floats(0, 1).filter(lambda rate: rate == 0 or rate > 1e-9)),
        closed_passages=tuple(draw(st.lists(st.sampled_from(nodes), unique=True))),
    )
    tables = {
        name: pd.DataFrame([_filled(draw, name, row) for row in given])
        for name, given in rows.items()
    }
    return Case.of(settings, **tables)


def _filled(draw: st.DrawFn, table: str, row: dict[str, Any]) -> dict[str, Any]:
    """Return the row with a value drawn for every column that it leaves open."""
    return {
        c.name: row[c.name] if c.name in row else _value(draw, c) for c in TABLES[table].columns
    }


def _value(draw: st.DrawFn, column: Column) -> Any:
    if column.is_number:
        least = max(column.minimum or 0.0, column.above or 0.0) + 1e-6
        most = min(column.maximum or 1e6, 1e6)
        numbers: st.SearchStrategy[float] = st.floats(least, most)
        if column.kind == "integer":
            numbers = st.integers(int(least) + 1, int(most)).map(float)
        return draw(numbers if column.required else st.none() | numbers)
    if column.kind == "boolean":
        return draw(st.booleans())
    if column.kind == "choice":
        return draw(st.sampled_from(["", *column.choices]))
    if column.kind == "date":
        return draw(st.just("") | _DATES)
    if column.kind == "text":
        return draw(_TEXT.filter(bool) if column.required else _TEXT)
    return ""
