"""What a case leads to, at any value of one of its figures: one session serves every figure.

Prices and bounds are linear in a single figure, so bounds of rows move, and price rows weigh what
a unit of each figure adds to every lane. Every value is solved and priced over all lanes on offer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.arrays import Floats
from model.case.case import Case
from model.case.distances import with_distances
from model.market.compile_market import compile_market
from model.market.lanes import COST, Objective
from model.market.market import KCNY_PER_MCNY, Market
from model.result.definitions import DOMESTIC
from model.solve.change_text import changes
from model.solve.marginal_values import Tangent
from model.solve.optimum import Optimum
from model.solve.solution import Status
from model.solve.tie_break import settle
from model.solve.warm_program import Bounds
from model.studies.allowance import Allowance
from model.studies.parametric.compare_markets import (
    same_bounds,
    same_lanes,
    same_prices,
    same_rows,
)
from model.studies.parametric.figure import Figure
from model.studies.parametric.programs import bound_steps, with_price_rows
from model.studies.sites import short_with_makers, site_rows, with_sites

SAME_CNY_PER_T = 1e-6
DECIMALS = 9
"""Of costs in MCNY: what is beyond depends on what was solved before."""


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
        return not self.turned(other)

    def turned(self, other: Conclusion) -> list[str]:
        """Which conclusions are others: `flow`, `sites`."""
        is_other = {"flow": self.flow != other.flow, "sites": self.sites != other.sites}
        return [name for name, turns in is_other.items() if turns]


@dataclass(frozen=True)
class Idle:
    """A figure that moves nothing in this case."""


@dataclass(frozen=True)
class MovingBounds:
    """A figure that moves bounds of rows.

    Attributes
    ----------
    now : its present value
    lower, upper : (O + S + K,) what one unit adds to each bound; rows that came later do not move
    """

    now: float
    lower: Floats
    upper: Floats

    def bounds(self, market: Market, value: float) -> Bounds:
        """Bounds of every row at a value."""
        lower, upper = market.row_lower_kt.copy(), market.row_upper_kt.copy()
        lower[: len(self.lower)] += (value - self.now) * self.lower
        upper[: len(self.upper)] += (value - self.now) * self.upper
        return lower, upper


@dataclass(frozen=True)
class MovingPrices:
    """A figure that moves prices of lanes.

    Attributes
    ----------
    now : its present value
    marks : (K,) 1 for the limits whose activity is what a unit of the figure costs
    """

    now: float
    marks: Floats

    def objective(self, limits: int, value: float) -> Objective:
        """Cost at a value, in a program of so many limits."""
        activity = np.zeros(limits)
        activity[: len(self.marks)] = -(value - self.now) * self.marks
        return Objective(cost=1.0, activity=activity)


@dataclass(frozen=True)
class Several:
    """A figure that moves several things at once: every value is a case of its own."""

    figure: Figure


Effect = Idle | MovingBounds | MovingPrices | Several


class NewSites:
    """Where conclusions are read: the case with new capacity at every region of deficit.

    Attributes
    ----------
    case : with an origin of no supply yet at each of these regions
    regions : those of deficit
    """

    def __init__(self, case: Case) -> None:
        self.regions = short_with_makers(case)
        self.given = case
        self.case = with_distances(with_sites(case, self.regions))
        origins, sinks = self.case.origins, self.case.sinks
        self._region_of = dict(zip(origins["origin"], origins["region"], strict=True))
        home = sinks[sinks["kind"] == DOMESTIC]
        self._home_region = dict(zip(home["sink"], home["region"], strict=True))

    def market(self) -> Market:
        """The market of the case as it stands."""
        return compile_market(self.case)

    def market_with(self, figure: Figure, value: float) -> Market:
        """The market with a value of a figure; new capacity keeps no supply."""
        case = figure.put(self.case, value)
        for name, key, column in (("origins", "origin", "supply_kt"), ("limits", "limit", "max")):
            if figure.target == f"{name}.{column}":
                table, is_given = (
                    case.table(name),
                    self.case.table(name)[key].isin(self.given.table(name)[key]),
                )
                kept = table[column].where(is_given, self.case.table(name)[column])
                case = case.replace_unchecked(**{name: table.assign(**{column: kept})})
        return compile_market(with_distances(case))

    def effect(
        self, base: Market, market: Market, figure: Figure, low: float, high: float
    ) -> tuple[Effect, Market]:
        """What a figure moves, and the market with the rows that this needs.

        Parameters
        ----------
        base : of the case as it stands
        market : `base` with the rows that other figures needed
        """
        now = figure.now(self.case)
        value = high if high != now else low
        other = self.market_with(figure, value)
        lanes, prices = same_lanes(base, other), same_prices(base, other)
        bounds = same_bounds(base, other)
        if lanes and prices and bounds:
            return Idle(), market
        is_paid_alike = base.unpaid_kcny == other.unpaid_kcny or prices
        is_one = same_rows(base, other) and (prices or bounds) and is_paid_alike
        if now is None or not lanes or not is_one:
            return Several(figure), market
        if prices:
            lower, upper = (step / (value - now) for step in bound_steps(base, other))
            return MovingBounds(now, lower, upper), market
        market, marks = with_price_rows(market, other, value - now)
        return MovingPrices(now, marks), market

    def largest_flow(self, market: Market, plan: Optimum) -> str:
        """The largest flow between regions, to domestic sinks; blank where there is none."""
        total: dict[tuple[str, str], float] = {}
        for (origin, sink), kt in changes(market, plan).items():
            if origin not in self._region_of:
                continue  # what a sink goes without
            pair = self._region_of[origin], self._home_region.get(sink, "")
            if pair[1] and pair[0] != pair[1]:
                total[pair] = round(total.get(pair, 0.0) + kt, 6)
        if not total:
            return ""
        origin, sink = min(total, key=lambda pair: (-total[pair], pair))
        return f"{origin} to {sink}"


class Conclusions:
    """A session that draws conclusions at values of figures.

    Parameters
    ----------
    market : of the case of `places`, with the rows that the effects of figures need
    """

    def __init__(self, places: NewSites, market: Market, allowance: Allowance) -> None:
        self._places, self._market, self._allowance = places, market, allowance
        self._allocator = allowance.allocator(market)
        self.now = self._solve(COST, (market.row_lower_kt, market.row_upper_kt))

    def at(self, effect: Effect, value: float) -> Conclusion | None:
        """What the case leads to at a value of the figure of that effect; None without a plan."""
        match effect:
            case Idle():
                return self.now
            case Several():
                places = NewSites(effect.figure.put(self._places.given, value))
                moved = places.market()
                if moved.has_crossed_bounds:
                    return None
                return Conclusions(places, moved, self._allowance).now
            case _:
                return self._solve(*self._moved(effect, value))

    def hold(self, effect: Effect, value: float) -> bool:
        """Whether the conclusions at a value are those of now."""
        if isinstance(effect, MovingBounds | MovingPrices) and self.now is not None:
            found = self._solve(*self._moved(effect, value), among=self.now.sites)
        else:
            found = self.at(effect, value)
        return found is not None and self.now is not None and found.same(self.now)

    def _moved(self, effect: MovingBounds | MovingPrices, value: float) -> tuple[Objective, Bounds]:
        market = self._market
        if isinstance(effect, MovingBounds):
            return COST, effect.bounds(market, value)
        objective = effect.objective(len(market.limits.names), value)
        return objective, (market.row_lower_kt, market.row_upper_kt)

    def _solve(
        self, objective: Objective, bounds: Bounds, among: tuple[str, ...] | None = None
    ) -> Conclusion | None:
        """What a program leads to; None without a plan, or where sites come in another order."""
        allocator = self._allocator
        with allocator.bounds(bounds):
            optimum = allocator.optimise(objective)
            if optimum.status is not Status.OPTIMAL:
                return None
            with Tangent(allocator, optimum, objective) as tangent:
                worth = self._worth(tangent)
            sites = tuple(sorted(worth, key=lambda region: (worth[region], region)))
            if among not in (None, sites):
                return None
            flow = self._places.largest_flow(self._market, settle(allocator, optimum, objective))
        return Conclusion(round(optimum.objective / KCNY_PER_MCNY, DECIMALS), flow, sites)

    def _worth(self, tangent: Tangent) -> dict[str, int]:
        """What the first tonne of new capacity costs at each region, in whole micro-CNY."""
        market, worth = self._market, {}
        rows = site_rows(self._places.given, market, self._places.regions)
        for region, row in rows.items():
            step = np.zeros(market.row_count)
            step[row] = 1.0
            slope = tangent.direction(np.zeros(market.row_count), step).objective
            worth[region] = round(slope / SAME_CNY_PER_T)
        return worth
