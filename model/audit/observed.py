"""What the model is meant to reproduce, compared again (`observed.csv`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from model.audit.deliveries import Flow
from model.audit.figures import Figures
from model.certify.program import ZERO, Program
from model.certify.reading import exact, exact_or_none, read_table, split_names

ROUNDING = Fraction(1, 1_000_000_000)

Prices = Mapping[tuple[str, str], tuple[Fraction | None, Fraction | None]]
Balance = Mapping[tuple[str, str], Figures]


@dataclass(frozen=True)
class Compared:
    """A row of observed.csv: its texts and its figures, in the order of the case's table."""

    texts: dict[str, str]
    figures: Figures


@dataclass(frozen=True)
class Found:
    """What a plan reproduces figures from: its program, flows, balance and marginal values."""

    program: Program
    flows: list[Flow]
    balance: Balance
    prices: Prices


def compare_observed(texts: Mapping[str, str], found: Found) -> list[Compared]:
    """Every row of the case's observed.csv with what the plan reproduces.

    Parameters
    ----------
    texts : the case
    found : derived from its plan
    """
    table = read_table(texts, "observed")
    rows = [dict(zip(COLUMNS, cells, strict=True)) for cells in table.records(*COLUMNS)]
    return [_compared(row, _reproduced(row, found), _note(row, found)) for row in rows]


COLUMNS = ("quantity", "region", "value", "unit", "tolerance", "source", "origins", "note")


def _compared(row: Mapping[str, str], reproduced: Fraction | None, note: str) -> Compared:
    reported, tolerance = exact(row["value"]), exact_or_none(row["tolerance"])
    difference = None if reproduced is None else reproduced - reported
    holds = ""
    if difference is not None and tolerance is not None:
        holds = str(abs(difference) <= tolerance + ROUNDING).lower()
    kept = {name: row[name] for name in ("quantity", "region", "unit", "source")}
    return Compared(
        kept | {"holds": holds, "note": note},
        {
            "reported": reported,
            "reproduced": reproduced,
            "difference": difference,
            "tolerance": tolerance,
        },
    )


def _note(row: Mapping[str, str], found: Found) -> str:
    """The note of a row; of suppliers it begins with those on record and those found."""
    if row["quantity"] != "suppliers":
        return row["note"]
    into = _suppliers(found.flows, split_names(row["region"]), split_names(row["origins"]))
    named = ", ".join(f"{origin} {float(kt):,.0f} kt" for origin, kt in into.items())
    on_record = row["origins"].replace("|", ", ")
    return f"on record: {on_record}; found: {named}. {row['note']}".strip()


def _reproduced(row: Mapping[str, str], found: Found) -> Fraction | None:
    """The figure of the plan that a row is about; None where it has none."""
    quantity, region, origins = row["quantity"], row["region"], row["origins"]
    places, named = split_names(region), split_names(origins)
    if quantity == "suppliers":
        return Fraction(len(_suppliers(found.flows, places, named).keys() & set(named)))
    if quantity == "price_spread_cny_per_t":
        return _price_spread(found.program, found.prices, region, origins)
    is_region = any(
        place not in found.program.origins or _is_balanced(found.balance, place) for place in places
    )
    if places and not is_region:
        places, named = [], places
    if named or quantity in ("shipped_kt", "share"):
        return _of_origins(found.program, found.flows, quantity, places, named)
    return _from_balance(found.balance, quantity, places)


def _is_balanced(balance: Balance, place: str) -> bool:
    return any(region == place for region, _ in balance)


def _from_balance(balance: Balance, quantity: str, regions: list[str]) -> Fraction | None:
    """A column of the balance over some regions, or all."""
    rows = {key: row for key, row in balance.items() if not regions or key[0] in regions}
    if not rows:
        return None
    if quantity == "supply_minus_demand_kt":
        return _total(rows, "supply_kt") - _total(rows, "demand_kt")
    if quantity == "export_kt" and all(role == "market" for _, role in rows):
        quantity = "inflow_kt"
    return _total(rows, quantity) if any(quantity in row for row in rows.values()) else None


def _total(rows: Balance, column: str) -> Fraction:
    return sum((row.get(column) or ZERO for row in rows.values()), ZERO)


def _of_origins(
    program: Program, flows: list[Flow], quantity: str, into: list[str], names: list[str]
) -> Fraction | None:
    """What origins supply, ship to some places, keep, or their share of what is received there."""
    total = shipped = ZERO
    for flow in flows:
        if not into or flow.sink.name in into or flow.sink.region in into:
            total += flow.ship_kt
            if not names or flow.origin.name in names or flow.origin.region in names:
                shipped += flow.ship_kt
    supply = sum(
        (
            x.supply_kt
            for x in program.origins.values()
            if not names or {x.name, x.region} & {*names}
        ),
        ZERO,
    )
    if quantity == "supply_kt":
        return supply
    if quantity == "shipped_kt":
        return shipped
    if quantity == "unshipped_kt":
        return supply - shipped
    return shipped / total if quantity == "share" and total else None


def _suppliers(flows: list[Flow], places: list[str], named: list[str]) -> dict[str, Fraction]:
    """Who the plan sends from to some sinks or regions, largest first, with their kt.

    An origin goes by its own name where that is on record, otherwise by its region's.
    """
    into: dict[str, Fraction] = {}
    for flow in flows:
        if {flow.sink.name, flow.sink.region} & {*places}:
            origin = flow.origin
            name = origin.name if origin.name in named else origin.region
            into[name] = into.get(name, ZERO) + flow.ship_kt
    return dict(sorted(into.items(), key=lambda item: (-item[1], item[0])))


def _price_spread(
    program: Program, prices: Prices, regions: str, reference: str
) -> Fraction | None:
    """Demand-weighted mean of mid marginals of sinks of some regions, minus that of others."""
    here, there = (_mean_price(program, prices, split_names(cell)) for cell in (regions, reference))
    return None if here is None or there is None else here - there


def _mean_price(program: Program, prices: Prices, places: list[str]) -> Fraction | None:
    weighted, weight = ZERO, ZERO
    for name, sink in program.sinks.items():
        if not {name, sink.region} & {*places} or (name, "sink") not in prices:
            continue
        sides = [side for side in prices[name, "sink"] if side is not None]
        weight += sink.demand_kt
        weighted += sink.demand_kt * sum(sides, ZERO) / len(sides) if sides else ZERO
    return weighted / weight if weight else None
