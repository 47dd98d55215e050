"""What the conclusions rest on: each assumed figure over its range, and where a conclusion turns.

Two conclusions are watched: the largest flow between regions, and the order of regions by
what the first tonne of new capacity there saves. Prices and bounds are linear in a single
figure, so one session serves them all: bounds of rows move, and price rows weigh what a unit
of each figure adds to every lane. Every value is solved and priced over all lanes on offer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from model.case.case import Case
from model.case.distances import with_distances
from model.market.compile_market import compile_market
from model.market.lanes import COST, Objective
from model.market.market import KCNY_PER_MCNY, Market
from model.result.definitions import DOMESTIC
from model.solve.column_generation import Allocator, Optimum
from model.solve.highs import Status
from model.solve.marginal_values import Tangent, changes
from model.solve.tie_break import Bounds, settle
from model.studies.parametric.compare_markets import same_bounds, same_lanes, same_prices, same_rows
from model.studies.parametric.figure import Figure
from model.studies.parametric.programs import bound_steps, with_price_rows
from model.studies.sites import deficit_regions, site_names, with_sites

TOLERANCE = 1e-2
"""Part of a range to which the place where a conclusion turns is found, by halving."""
BEYOND = 1.0
"""So many times the range further on, at both sides, turns are looked for."""
SAME_CNY_PER_T = 1e-6
COLUMNS = [
    "assumption", "figure", "unit", "now", "low", "high", "cost_at_low_mcny", "cost_at_high_mcny",
    "change_mcny", "flow_at_low", "flow_at_high", "sites_at_low", "sites_at_high", "turns",
    "holds_from", "holds_to", "note",
]  # fmt: skip


@dataclass(frozen=True)
class Conclusion:
    """What one set of figures leads to.

    Attributes
    ----------
    flow : the largest flow between regions, `North to South`
    sites : regions in the order of what the first tonne of new capacity saves there
    """

    cost_mcny: float
    flow: str
    sites: tuple[str, ...]

    def same(self, other: Conclusion) -> bool:
        """Whether flow and order are the same."""
        return (self.flow, self.sites) == (other.flow, other.sites)


Evaluate = Callable[[float], Conclusion | None]


def rests_on(case: Case) -> tuple[Conclusion | None, pd.DataFrame]:
    """Try each assumption of the case (`assumptions.csv`) over its range, the others as they are.

    Returns
    -------
    now : Conclusion
        Of the case as it stands; None where it has no feasible plan.
    table : pandas.DataFrame
        assumption, figure, unit, now, low, high, cost_at_low_mcny, cost_at_high_mcny,
        change_mcny (high less low), flow_at_low, flow_at_high, sites_at_low, sites_at_high,
        turns (which conclusion is another one at an end of the range: `flow`, `sites`),
        holds_from and holds_to (the values around `now` between which both conclusions hold,
        found to `TOLERANCE` of the range; blank where they hold as far as was looked:
        `BEYOND` times the range further on), note. Largest change first.
    """
    program = _Program(case)
    asked = case.assumptions.to_dict("records")
    figures = [Figure(row["target"], row["where"], row["how"]) for row in asked]
    lines = [
        program.line(figure, row["low"], row["high"])
        for figure, row in zip(figures, asked, strict=True)
    ]
    program.start()
    now = program.conclude(COST)
    if now is None:
        return None, pd.DataFrame(columns=COLUMNS)
    records = [
        {"assumption": row["assumption"], "figure": figure.name, "unit": figure.unit}
        | _tried(line, figure.now(case), row["low"], row["high"], now)
        for row, figure, line in zip(asked, figures, lines, strict=True)
    ]
    table = pd.DataFrame(records, columns=COLUMNS)
    order = table["change_mcny"].abs().sort_values(ascending=False, kind="stable").index
    return now, table.loc[order].reset_index(drop=True)


def _tried(
    line: _Line,
    at_now: float | None,
    low: float,
    high: float,
    now: Conclusion,
) -> dict[str, Any]:
    """One assumption at both ends of its range, and how far both conclusions hold."""

    def at(value: float) -> Conclusion | None:
        return now if line.idle else line.conclude(value)

    ends = {"low": at(low), "high": at(high)}
    record: dict[str, Any] = {"now": np.nan if at_now is None else at_now, "low": low, "high": high}
    for name, found in ends.items():
        record |= {
            f"cost_at_{name}_mcny": np.nan if found is None else found.cost_mcny,
            f"flow_at_{name}": "" if found is None else found.flow,
            f"sites_at_{name}": "" if found is None else " > ".join(found.sites),
        }
    record["change_mcny"] = record["cost_at_high_mcny"] - record["cost_at_low_mcny"]
    known = [found for found in ends.values() if found is not None]
    record["turns"] = " and ".join(
        what
        for what in ("flow", "sites")
        if any(getattr(found, what) != getattr(now, what) for found in known)
    )
    record["note"] = "; ".join(
        ["it moves nothing in this run"] * line.idle
        + [f"no feasible plan at its {name} end" for name, found in ends.items() if found is None]
    )
    record |= {"holds_from": np.nan, "holds_to": np.nan}
    if at_now is not None and not line.idle:
        looked: tuple[tuple[str, float, float], ...] = (
            ("holds_from", low, max(low - BEYOND * (high - low), low / 2)),
            ("holds_to", high, high + BEYOND * (high - low)),
        )
        for name, end, further in looked:
            if (end - at_now) * (further - at_now) >= 0:
                record[name] = _turn(at, at_now, (end, further), now, (high - low) * TOLERANCE)
    return record


def _turn(
    at: Evaluate, start: float, ends: tuple[float, ...], now: Conclusion, nearest: float
) -> float:
    """The last value from `start` at which the conclusions hold, before the first end without."""
    holds = start
    for end in ends:
        if not _holds(at, end, now):
            fails = end
            while abs(fails - holds) > nearest:
                middle = (holds + fails) / 2
                if _holds(at, middle, now):
                    holds = middle
                else:
                    fails = middle
            return holds
        holds = end
    return float("nan")


def _holds(at: Evaluate, value: float, now: Conclusion) -> bool:
    found = at(value)
    return found is not None and found.same(now)


@dataclass(frozen=True)
class _Line:
    """What the program concludes at each value of one figure; idle where nothing moves."""

    conclude: Evaluate
    idle: bool = False


class _Program:
    """One session in which every assumption of a case can move."""

    def __init__(self, case: Case) -> None:
        self._given = case
        here = set(case.origins["region"])
        self._regions = [region for region in deficit_regions(case) if region in here]
        self._case = with_sites(case, self._regions)
        self._site_names = list(site_names(case, self._regions).values())
        self._base = self._market = compile_market(with_distances(self._case))
        origins, sinks = self._case.origins, self._case.sinks
        self._region_of = dict(zip(origins["origin"], origins["region"], strict=True))
        home = sinks[sinks["kind"] == DOMESTIC]
        self._home_region = dict(zip(home["sink"], home["region"], strict=True))

    def line(self, figure: Figure, low: float, high: float) -> _Line:
        """Take a figure up; before `start`."""
        now = figure.now(self._case)
        value = high if high != now else low
        other = self._with(figure, value)
        if _same_offers(self._base, other) and same_bounds(self._base, other):
            return _Line(lambda _: None, idle=True)
        if now is not None and same_rows(self._base, other) and same_lanes(self._base, other):
            if same_prices(self._base, other):
                return self._moving_bounds(other, now, value)
            if same_bounds(self._base, other):
                return self._moving_prices(other, now, value)
        return _Line(partial(self._anew, figure))

    def _moving_bounds(self, other: Market, now: float, value: float) -> _Line:
        steps = [step / (value - now) for step in bound_steps(self._base, other)]

        def conclude(at: float) -> Conclusion | None:
            market = self._market
            lower, upper = market.row_lower_kt.copy(), market.row_upper_kt.copy()
            for bound, step in zip((lower, upper), steps, strict=True):
                bound[: len(step)] += (at - now) * step
            return self.conclude(COST, (lower, upper))

        return _Line(conclude)

    def _moving_prices(self, other: Market, now: float, value: float) -> _Line:
        self._market, marks = with_price_rows(self._market, other, value - now)

        def conclude(at: float) -> Conclusion | None:
            activity = np.zeros(len(self._market.limits.names))
            activity[: len(marks)] = -(at - now) * marks
            return self.conclude(Objective(cost=1.0, activity=activity))

        return _Line(conclude)

    def _anew(self, figure: Figure, value: float) -> Conclusion | None:
        """The slow way, for a figure that moves several things at once."""
        program = _Program(figure.put(self._given, value))
        program.start()
        return program.conclude(COST)

    def start(self) -> None:
        """Open the session."""
        self._allocator = Allocator(self._market)
        self._site_rows = [self._market.row_of("supply_limit", name) for name in self._site_names]

    def _with(self, figure: Figure, value: float) -> Market:
        case = figure.put(self._case, value)
        new = case.origins["origin"].isin(self._site_names)
        if figure.target == "origins.supply_kt":
            supply = case.origins["supply_kt"].where(~new, 0.0)
            case = case.replace(origins=case.origins.assign(supply_kt=supply))
        return compile_market(with_distances(case))

    def conclude(self, objective: Objective, rows: Bounds | None = None) -> Conclusion | None:
        """Solve under an objective and bounds of rows; None where there is no plan."""
        allocator, market = self._allocator, self._market
        bounds = rows or (market.row_lower_kt, market.row_upper_kt)
        allocator.set_row_bounds(*bounds)
        optimum = allocator.optimise(objective)
        if optimum.status is not Status.OPTIMAL:
            allocator.restore_bounds()
            return None
        plan = settle(allocator, optimum, objective, bounds)
        tangent = Tangent(allocator, plan, *bounds, objective)
        worth = {}
        for region, row in zip(self._regions, self._site_rows, strict=True):
            step = np.zeros(market.row_count)
            step[row] = 1.0
            slope = tangent.direction(np.zeros(market.row_count), step).objective
            worth[region] = round(slope / SAME_CNY_PER_T)
        tangent.leave()
        sites = tuple(sorted(worth, key=lambda region: (worth[region], region)))
        return Conclusion(optimum.objective / KCNY_PER_MCNY, self._largest_flow(plan), sites)

    def _largest_flow(self, plan: Optimum) -> str:
        total: dict[tuple[str, str], float] = {}
        for (origin, sink), kt in changes(self._market, plan).items():
            pair = self._region_of[origin], self._home_region.get(sink, "")
            if pair[1] and pair[0] != pair[1]:
                total[pair] = round(total.get(pair, 0.0) + kt, 6)
        if not total:
            return ""
        origin, sink = min(total, key=lambda pair: (-total[pair], pair))
        return f"{origin} to {sink}"


def _same_offers(one: Market, other: Market) -> bool:
    return same_lanes(one, other) and same_prices(one, other)
