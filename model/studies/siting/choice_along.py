"""Which set of projects is best as a figure moves: every change of the choice, exactly.

Where the figure moves prices alone (a duty, a freight rate, the carbon price, a capital cost), the
least cost over all sets is concave in it, and lines that support it find every change. Where it
moves bounds alone (a demand, a supply, a limit), the cost of each set is convex, and searches over
sets and values of the figure together find whatever undercuts the sets that are known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from model.case.case import Case
from model.case.change import FACTOR
from model.case.distances import with_distances
from model.case.errors import BadInput, Fault, NoPlan, raise_any
from model.case.schema import column
from model.checking.case_faults import refuse_faulty
from model.checking.check import out_of_bounds, rule_of_bounds
from model.market.compile_market import compile_market
from model.market.market import KCNY_PER_MCNY
from model.result.figures import SITE
from model.result.outputs import columns_of
from model.solve.deadline import NEVER, Deadline
from model.studies.parametric.compare_markets import same_bounds, same_lanes, same_prices, same_rows
from model.studies.parametric.figure import TARGETS, Figure, crossed_bounds
from model.studies.siting.along_bounds import stretches_of_bounds
from model.studies.siting.along_prices import CAPITAL, YEARLY, stretches_of_prices
from model.studies.siting.requirements import Requirements
from model.studies.siting.stretches import AlongQuestion, Stretch

if TYPE_CHECKING:
    from model.market.market import Market

COLUMNS = columns_of(SITE, "along")
NO_PLAN = "no plan"
ALL = (*TARGETS, *CAPITAL, *YEARLY)


@dataclass(frozen=True)
class Along:
    """A figure of a case and the values from one to another.

    Attributes
    ----------
    text : as it was written
    """

    figure: Figure
    low: float
    high: float
    text: str = ""


def read_along(text: str) -> Along:
    """A figure and its range from `TARGET=LOW:HIGH`, or `TARGET where column=value=LOW:HIGH`.

    An `x` behind both ends makes them factors.

    Raises
    ------
    BadInput

    Examples
    --------
    >>> along = read_along("sinks.demand_kt where sink=North=100:200")
    >>> along.figure.name, along.low, along.high
    ('sinks.demand_kt where sink=North', 100.0, 200.0)
    >>> read_along("duties.rate=0.5x:2x").figure.how
    'factor'
    """
    figure, _, ends = text.rpartition("=")
    target, _, where = figure.partition(" where ")
    low, colon, high = ends.partition(":")
    is_factor = low.strip().endswith("x") and high.strip().endswith("x")
    try:
        values = [float(end.strip().removesuffix("x" if is_factor else "")) for end in (low, high)]
    except ValueError:
        values = []
    if not target or not colon or len(values) != 2 or not values[0] < values[1]:
        rule = "must be a figure, = and two ends from the least on"
        raise BadInput([Fault("--along", text, rule, "write duties.rate=0:0.3")])
    how = FACTOR if is_factor else "absolute"
    return Along(Figure(target.strip(), where.strip(), how), values[0], values[1], text)


def choice_along(
    case: Case,
    figure: Figure,
    low: float,
    high: float,
    requirements: Requirements | None = None,
    deadline: Deadline = NEVER,
) -> pd.DataFrame:
    """The best set of projects (and closures) as a figure runs from `low` to `high`.

    Returns
    -------
    pandas.DataFrame
        A row per stretch: figure, unit, from, to, cost_from_mcny and cost_to_mcny (least at both
        ends, fixed cost included), capital_mcny (at its beginning), projects (how many) and set.

    Raises
    ------
    BadInput
        No choice depends on the figure, its column does not allow such values, or it moves bounds
        and prices at once.
    NoPlan
        A figure that moves prices, and no set has a plan.
    OutOfTime
    """
    requirements = requirements or Requirements()
    refuse_faulty(case)
    case = with_distances(case)
    _check(case, figure, low, high, requirements)
    asked = AlongQuestion(case, figure, (low, high), requirements, deadline)
    if _moves_prices(case, figure, low, high):
        found = stretches_of_prices(asked)
    else:
        found = stretches_of_bounds(asked)
    rows = [_row(figure, stretch) for stretch in _joined(found)]
    if all(row["set"] == NO_PLAN for row in rows):
        raise NoPlan(f"no value of {figure.name} from {low:g} to {high:g} allows a plan")
    return pd.DataFrame(rows, columns=COLUMNS)


def _check(case: Case, figure: Figure, low: float, high: float, requirements: Requirements) -> None:
    """Refuse figures on which no choice depends, and values that the case could not hold."""
    if figure.target not in ALL:
        rule = "a choice runs along a figure on which costs or bounds depend in proportion"
        raise BadInput([Fault("--along", figure.name, rule, f"take one of {', '.join(ALL)}")])
    if not figure.target.startswith("case.") and not figure.rows(case).any():
        rule = f"must pick a row of {figure.target.partition('.')[0]}"
        raise BadInput(
            [Fault("--along", figure.name, rule, "write table.column where column=value")]
        )
    if figure.target in CAPITAL and requirements.budget_mcny is not None:
        rule = "moves what a budget counts and what capital costs at once"
        raise BadInput([Fault("--along", figure.name, rule, "drop --budget, or compare runs")])
    faults: list[Fault] = []
    if figure.how != FACTOR:
        for value, wrong in zip(
            (low, high), out_of_bounds(column(figure.target), np.array([low, high])), strict=True
        ):
            rule, remedy = rule_of_bounds(column(figure.target))
            faults += [Fault("--along", f"{value:g} for {figure.name}", rule, remedy)] * bool(wrong)
    if figure.target != "sinks.demand_kt":
        for value in (low, high):
            faults += crossed_bounds(figure, figure.put(case, value), value)
    raise_any(faults)


def _moves_prices(case: Case, figure: Figure, low: float, high: float) -> bool:
    """Whether a figure moves prices alone; not so, it moves bounds alone."""
    if figure.target in (*CAPITAL, *YEARLY):
        return True
    start, end = (compile_market(figure.put(case, value)) for value in (low, high))
    if not (same_rows(start, end) and same_lanes(start, end)):
        raise _neither(figure, "it changes what limits count, or which bounds there are")
    if same_prices(start, end) and same_paid(start, end):
        return False
    if not same_bounds(start, end):
        raise _neither(figure, "it moves bounds and prices at once")
    return True


def same_paid(start: Market, end: Market) -> bool:
    """Whether what sinks pay up to their demand moves with bounds alone."""
    return start.unpaid_kcny == end.unpaid_kcny or not same_bounds(start, end)


def _neither(figure: Figure, why: str) -> BadInput:
    rule = f"a choice runs along a figure that moves bounds alone, or prices alone; {why}"
    remedy = "take a narrower figure, or compare runs of `site`"
    return BadInput([Fault("--along", figure.name, rule, remedy)])


def _joined(stretches: Iterable[Stretch]) -> Iterator[Stretch]:
    """Stretches of the same set that follow one another as one."""
    before: Stretch | None = None
    for each in stretches:
        if before is not None and before.name == each.name:
            before = replace(before, end=each.end, cost_to_kcny=each.cost_to_kcny)
            continue
        if before is not None:
            yield before
        before = each
    if before is not None:
        yield before


def _row(figure: Figure, stretch: Stretch) -> dict[str, object]:
    return {
        "figure": figure.name,
        "unit": figure.unit,
        "from": stretch.start,
        "to": stretch.end,
        "cost_from_mcny": stretch.cost_from_kcny / KCNY_PER_MCNY,
        "cost_to_mcny": stretch.cost_to_kcny / KCNY_PER_MCNY,
        "capital_mcny": stretch.capital_mcny,
        "projects": stretch.projects,
        "set": stretch.name or NO_PLAN,
        "proved": True,
    }
