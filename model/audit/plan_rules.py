"""What a plan may not do: rules of the case, its requirements, bounds of every stretch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from model.audit.choice_rules import TOLERANCE, Chosen, broken_rules
from model.audit.disagreement import Disagreement, row_name, show
from model.audit.planning import KCNY_PER_MCNY, PROJECT, Planned, Stretch
from model.certify.basis import TOLERANCE_KT
from model.certify.horizon import project_row
from model.certify.lanes import LaneKey
from model.certify.program import ZERO, Program, Recipe, supply_row
from model.certify.proof import with_shortages
from model.certify.reading import exact_or


def check_rules(
    planned: Planned, inputs: Mapping[str, str], options: Mapping[str, Any]
) -> Iterator[Disagreement]:
    """Starts that a rule of the case, or a requirement, does not allow."""
    yield from _dates(planned)
    chosen = Chosen(
        {start.name: start.size_kt for start in planned.starts if start.kind == PROJECT},
        sum((start.capital_mcny for start in planned.starts), ZERO),
        {start.name: start.begin for start in planned.starts if start.kind == PROJECT},
    )
    yield from broken_rules(inputs, chosen, options, "schedule.csv")
    for name, period in (options.get("starts") or {}).items():
        begin = chosen.begin.get(name)
        said = "none" if begin is None else planned.horizon.label(begin)
        if said != period:
            yield Disagreement("schedule.csv", f"{name}, starts", said, f"{period} asked")
    yield from _budgets(planned)


def _budgets(planned: Planned) -> Iterator[Disagreement]:
    """Periods in which more capital is bought than `capex_max_mcny`."""
    for number, period in enumerate(planned.horizon.periods):
        bought = (
            purchase.capital.at_size(start.size_kt) / KCNY_PER_MCNY
            for start in planned.starts
            for purchase in start.purchases
            if planned.horizon.number(purchase.at) == number
        )
        spent, most = sum(bought, ZERO), period.capex_max_mcny
        if most is not None and spent > most * (1 + TOLERANCE) + TOLERANCE:
            where = f"{planned.horizon.label(period.begin)}, capital_mcny"
            yield Disagreement("schedule.csv", where, show(spent), f"{show(most)} at most")


def _dates(planned: Planned) -> Iterator[Disagreement]:
    begins = {period.begin for period in planned.horizon.periods}
    seen = set()
    for start in planned.starts:
        said = show(planned.first_year + start.begin)
        if (start.kind, start.name) in seen:
            yield Disagreement("schedule.csv", start.name, "started twice", "once at most")
        seen.add((start.kind, start.name))
        if start.begin not in begins:
            yield Disagreement(
                "schedule.csv", f"{start.name}, starts", said, "a period's beginning"
            )
        if start.kind == PROJECT:
            row = project_row(planned.horizon.periods[0].texts, start.name)
            ready = planned.horizon.ready(row)
            if start.begin < ready:
                least = show(planned.first_year + ready)
                yield Disagreement(
                    "schedule.csv", f"{start.name}, starts", said, f"no earlier than {least}"
                )


def check_bounds(planned: Planned) -> Iterator[Disagreement]:
    """Bounds of rows, lanes and stocks that the flows break."""
    for number, stretch in enumerate(planned.stretches):
        lanes, shipped = {}, defaultdict[Any, Fraction](Fraction)
        made: defaultdict[str, Fraction] = defaultdict(Fraction)
        for parcel in planned.parcels:
            if parcel.ship_kt < 0 or parcel.made > parcel.used:
                figure = f"{stretch.label}, {row_name(parcel.key)}"
                yield Disagreement("flows.csv", figure, show(parcel.ship_kt), "made, then used")
            if parcel.used == number:
                lanes[parcel.key] = parcel.lane
                shipped[parcel.key] += parcel.ship_kt
            if parcel.made == number:
                made[parcel.key.origin] += planned.made_kt(parcel)
        program, gone = stretch.program, _gone(planned, number)
        broken = with_shortages(program, lanes, shipped).violations(program)
        for origin in program.origins.values():
            if origin.most_kt is not None:
                excess = made[origin.name] - origin.most_kt
                broken[supply_row(origin.name)] = max(excess, ZERO)
        for recipe in program.recipes:
            came = sum((kt for key, kt in shipped.items() if _brings(program, key, recipe)), ZERO)
            broken[recipe.row] = abs(came - recipe.t_per_t * made[recipe.origin])
        for lane in program.explicit.with_minimum():
            key = lane.origin, lane.sink, lane.mode
            carried = sum((kt for k, kt in shipped.items() if k[:3] == key and not k[3]), ZERO)
            if lane.origin not in gone:
                broken[f"lane[{' / '.join(key)}]"] = max(lane.min_kt - carried, ZERO)
        for label, amount in broken.items():
            if amount > TOLERANCE_KT and not _of_the_gone(label, gone):
                where = f"{stretch.label}, {label}"
                yield Disagreement("flows.csv", where, "kept", f"broken by {show(amount)}")
        yield from _loads(planned, stretch, made)
        stock, (most, _) = planned.stock_at_end_kt(number), planned.horizon.carried(*stretch.span)
        if stock > most + TOLERANCE_KT:
            yield Disagreement("stocks.csv", stretch.label, show(stock), f"{show(most)} at most")


def _loads(
    planned: Planned, stretch: Stretch, made: Mapping[str, Fraction]
) -> Iterator[Disagreement]:
    """Projects that make something, and less than their least load."""
    for start in planned.standing(stretch):
        if start.kind == PROJECT:
            row = project_row(planned.horizon.at(start.begin).texts, start.name)
            least = exact_or(row.get("min_load", ""), ZERO) * start.size_kt
            if TOLERANCE_KT < made.get(start.name, ZERO) < least - TOLERANCE_KT:
                where = f"{stretch.label}, {start.name}"
                found = f"nothing, or at least {show(least)}"
                yield Disagreement("flows.csv", where, f"makes {show(made[start.name])}", found)


def _brings(program: Program, key: LaneKey, recipe: Recipe) -> bool:
    """Whether a lane brings an input to the origin of its recipe."""
    return key.sink == recipe.origin and program.origins[key.origin].commodity == recipe.input


def _gone(planned: Planned, number: int) -> set[str]:
    """Projects that stood earlier and supply nothing now; their least shipments no longer hold."""
    at = planned.stretches[number].begin
    return {start.name for start in planned.starts if start.until <= at}


def _of_the_gone(label: str, gone: set[str]) -> bool:
    """Whether a bound is a lane's whose project stands no longer."""
    return label.startswith("lane[") and label[5:].split(" / ")[0].rstrip("]") in gone
