"""What the model is meant to reproduce, compared again (`observed.csv`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from model.audit.figures import Figures, Flow
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


def compare_observed(
    texts: Mapping[str, str],
    program: Program,
    flows: list[Flow],
    balance: Balance,
    prices: Prices,
) -> list[Compared]:
    """Every row of the case's observed.csv beside what the plan reproduces.

    Parameters
    ----------
    texts : the case
    program, flows, balance, prices : derived anew
    """
    columns = ("quantity", "region", "value", "unit", "tolerance", "source", "origins", "note")
    compared = []
    reproduced: Fraction | None
    for quantity, region, value, unit, tolerance, source, origins, note in read_table(
        texts, "observed"
    ).records(*columns):
        if quantity == "suppliers":
            into = _suppliers(flows, region)
            reproduced = Fraction(len(into.keys() & set(split_names(origins))))
            told = ", ".join(f"{origin} {float(kt):,.0f} kt" for origin, kt in into.items())
            on_record = origins.replace("|", ", ")
            note = f"on record: {on_record}; found: {told}. {note}".strip()
        elif quantity == "price_spread_cny_per_t":
            reproduced = _price_spread(program, prices, region, origins)
        else:
            places, named = split_names(region), split_names(origins)
            if places and not any(
                place not in program.origins or _is_balanced(balance, place) for place in places
            ):
                places, named = [], places
            if named or quantity in ("shipped_kt", "share"):
                reproduced = _of_origins(program, flows, quantity, places, named)
            else:
                reproduced = _from_balance(balance, quantity, places)
        difference = None if reproduced is None else reproduced - exact(value)
        room = exact_or_none(tolerance)
        holds = ""
        if difference is not None and room is not None:
            holds = str(abs(difference) <= room + ROUNDING).lower()
        compared.append(
            Compared(
                {
                    "quantity": quantity,
                    "region": region,
                    "unit": unit,
                    "holds": holds,
                    "source": source,
                    "note": note,
                },
                {
                    "reported": exact(value),
                    "reproduced": reproduced,
                    "difference": difference,
                    "tolerance": room,
                },
            )
        )
    return compared


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


def _suppliers(flows: list[Flow], sink: str) -> dict[str, Fraction]:
    """Origins that the plan sends to a sink, largest first, with their kt."""
    into: dict[str, Fraction] = {}
    for flow in sorted(flows, key=lambda flow: flow.origin.name):
        if flow.sink.name == sink:
            into[flow.origin.name] = into.get(flow.origin.name, ZERO) + flow.ship_kt
    return dict(sorted(into.items(), key=lambda item: -item[1]))


def _price_spread(
    program: Program, prices: Prices, regions: str, reference: str
) -> Fraction | None:
    """Demand-weighted mean of mid marginals of some sinks, minus that of others."""
    here, there = (_mean_price(program, prices, split_names(cell)) for cell in (regions, reference))
    return None if here is None or there is None else here - there


def _mean_price(program: Program, prices: Prices, sinks: list[str]) -> Fraction | None:
    weighted, weight = ZERO, ZERO
    for name in sinks:
        sides = [side for side in prices.get((name, "sink"), ()) if side is not None]
        if name in program.sinks:
            demand = program.sinks[name].demand_kt
            weight += demand
            weighted += demand * sum(sides, ZERO) / len(sides) if sides else ZERO
    return weighted / weight if weight else None
