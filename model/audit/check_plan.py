"""A stored plan against itself: its flows, its years and its total, added up in rationals.

That no schedule is cheaper is the solver's claim. Here flows are summed again, period by period,
stocks counted, discount factors raised from the rate, and the total made of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from model.audit.disagreement import Disagreement, compare_number, show
from model.audit.siting import DEFAULT_RATE, KCNY_PER_MCNY
from model.certify.program import ZERO
from model.certify.reading import Table, exact, read_json, read_output, read_settings, read_table

PARTS = {
    "transport_cost_mcny": ("year", "freight_cny_per_t"),
    "production_cost_mcny": ("made", "production_cny_per_t"),
    "duty_cost_mcny": ("year", "duty_cny_per_t"),
    "carbon_cost_mcny": ("year", "carbon_cny_per_t"),
}
"""Parts of a year's cost: the year of a flow in which it falls, and its rate."""
NUMBERS = ("year", "made", "ship_kt", *(rate for _, rate in PARTS.values()))


def check_plan(inputs: Mapping[str, str], outputs: Mapping[str, str]) -> Iterator[Disagreement]:
    """Figures of years.csv and run.json that the flows do not add up to."""
    summary = read_json(outputs, "run.json")
    years = read_output(outputs, "years")
    flows = _numbers(read_output(outputs, "flows"), NUMBERS)
    rate = Fraction(read_settings(inputs).get("discount_rate", DEFAULT_RATE))
    columns = ("year", "length_years", "discount", "stock_kt", "holding_cost_mcny",
               "fixed_cost_mcny")  # fmt: skip
    said_columns = (*PARTS, "total_cost_mcny")
    stated_years = _numbers(years, columns)
    length = {cells["year"]: cells["length_years"] for cells in stated_years}
    listed = _listed(inputs, length)
    total = ZERO
    for cells, said in zip(stated_years, _numbers(years, said_columns), strict=True):
        year = cells["year"]
        own = max((one for one in listed if one <= year), default=year)
        found = _year(flows, year, length, listed.get(own, ZERO))
        found["discount"] = _discount(year - own, own - min(length), length[year], rate)
        cost = sum((found[part] for part in PARTS), found["holding_cost_mcny"])
        found["total_cost_mcny"] = cost + cells["fixed_cost_mcny"]
        total += length[year] * found["discount"] * found["total_cost_mcny"]
        for name, figure in found.items():
            stated = said.get(name, cells.get(name))
            yield from compare_number("years.csv", f"{show(year)}, {name}", stated, figure)
    stated_total = summary.get("total_cost_mcny")
    if stated_total is not None:
        yield from compare_number("run.json", "total_cost_mcny", Fraction(stated_total), total)


def _listed(
    inputs: Mapping[str, str], length: Mapping[Fraction, Fraction]
) -> dict[Fraction, Fraction]:
    """Holding cost of the periods as listed; a case without periods is one year."""
    rows = read_table(inputs, "periods").records("year", "holding_cny_per_t")
    return {exact(year): exact(cost or "0") for year, cost in rows} or dict.fromkeys(length, ZERO)


def _discount(within: Fraction, begin: Fraction, length: Fraction, rate: Fraction) -> Fraction:
    """Mean discount of a part of a period: whole years from its beginning, each from its own."""
    year, weight = 0, ZERO
    while year < within + length:
        overlap = min(Fraction(year + 1), within + length) - max(Fraction(year), within)
        weight += max(overlap, ZERO) * Fraction((1 + rate) ** -(begin + year))
        year += 1
    return weight / length


def _numbers(table: Table, columns: tuple[str, ...]) -> list[dict[str, Fraction]]:
    return [dict(zip(columns, map(exact, cells), strict=True)) for cells in table.records(*columns)]


def _year(
    flows: list[dict[str, Fraction]],
    year: Fraction,
    length: Mapping[Fraction, Fraction],
    holding: Fraction,
) -> dict[str, Fraction]:
    """What the flows say of one period, per year of it; stock is kt."""
    found = {
        name: sum(
            (f["ship_kt"] * f[rate] * length[f["year"]] for f in flows if f[when] == year), ZERO
        )
        / (KCNY_PER_MCNY * length[year])
        for name, (when, rate) in PARTS.items()
    }
    stock = sum(
        (f["ship_kt"] * length[f["year"]] for f in flows if f["made"] <= year < f["year"]), ZERO
    )
    held = stock * holding / (KCNY_PER_MCNY * length[year])
    return found | {"stock_kt": stock, "holding_cost_mcny": held}
