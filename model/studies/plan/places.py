"""The market of each period, with every place that a plan could build, and stocks between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from model.arrays import Booleans, Floats, Integers
from model.case.commodities import commodities, senders
from model.market.compile_market import compile_market, duties_in_force
from model.market.lanes import Lanes
from model.market.market import Market
from model.market.unbeaten_routes import routes_again, unbeaten_routes, with_explicit
from model.studies.plan.periods import Horizon, Period
from model.studies.plan.starts import Starts, supplying
from model.studies.siting.expand import built

if TYPE_CHECKING:
    from model.case.case import Case


@dataclass(frozen=True)
class Places:
    """K periods with the same O origins, S sinks and limits, and the lanes between them.

    Attributes
    ----------
    periods : K periods
    cases : K cases in which projects are origins without supply
    markets, lanes : of each period on its own
    is_project : (O,) whether an origin is a project
    """

    periods: tuple[Period, ...]
    cases: tuple[Case, ...]
    markets: tuple[Market, ...]
    lanes: tuple[Lanes, ...]
    is_project: Booleans

    @staticmethod
    def of(horizon: Horizon, starts: Starts, is_late: Callable[[], bool] = lambda: False) -> Places:
        """Compile the market of each period.

        Parameters
        ----------
        is_late : whether the time has run out

        Raises
        ------
        OutOfTime
        """
        unbuilt = dict.fromkeys(supplying(starts), 0.0)
        cases = tuple(built(period.case, unbuilt) for period in horizon.periods)
        markets = tuple(compile_market(case) for case in cases)
        lanes = tuple(_lanes(cases, markets, is_late))
        is_project = np.isin(np.array(markets[0].origins, dtype=object), list(unbuilt))
        return Places(horizon.periods, cases, markets, lanes, is_project)

    def __len__(self) -> int:
        return len(self.periods)

    @property
    def origin_count(self) -> int:
        """O."""
        return len(self.markets[0].origins)

    @cached_property
    def production_cny_per_t(self) -> list[Floats]:
        """Cost of production of each period, (O,)."""
        return [senders(case)["cost_cny_per_t"].to_numpy(dtype=float) for case in self.cases]

    @property
    def unpaid_kcny(self) -> float:
        """What sinks do not pay for tonnes up to their demand, discounted."""
        pairs = zip(self.periods, self.markets, strict=True)
        return sum(period.weight * market.unpaid_kcny for period, market in pairs)

    @cached_property
    def carries(self) -> list[int]:
        """Periods from which stock may be carried to the next."""
        return [n for n, period in enumerate(self.periods[:-1]) if period.max_stock_kt > 0]

    @cached_property
    def receives(self) -> Booleans:
        """Whether stock may come into each period, (K,)."""
        return np.isin(np.arange(len(self)) - 1, self.carries)

    @cached_property
    def ship(self) -> Integers:
        """Origins, shortages of sinks among them, that some lane leaves in some period."""
        return np.unique(np.concatenate([lanes.origin for lanes in self.lanes]))

    @cached_property
    def stock_origins(self) -> Integers:
        """Those of them that make or hand on the case's own commodity: they alone hold stock."""
        case = self.cases[0]
        own = np.flatnonzero(commodities(case, case.origins) == case.settings.commodity)
        return np.intersect1d(self.ship, own)

    def stock_cost_cny_per_t(self, number: int) -> Floats:
        """Discounted cost of making in one period what the next one delivers, and holding it, (O,).

        What is delivered is priced with production in the period of delivery; that is given back.
        """
        here, there = self.periods[number], self.periods[number + 1]
        made = here.discount * (self.production_cny_per_t[number] + here.holding_cny_per_t)
        return made - there.discount * self.production_cny_per_t[number + 1]


def _lanes(
    cases: Sequence[Case], markets: Sequence[Market], is_late: Callable[[], bool]
) -> Iterator[Lanes]:
    """The lanes of each period; routes are found again only where one may cost otherwise."""
    before: tuple[Case, Lanes] | None = None
    for case, market in zip(cases, markets, strict=True):
        if before is not None and _has_same_routes(case, before[0]):
            routes = routes_again(market, before[1])
        else:
            routes = unbeaten_routes(market, is_late)
        before = case, routes
        yield with_explicit(market, routes)


def _has_same_routes(case: Case, other: Case) -> bool:
    """Whether nothing differs that makes one route cost, or count, more than another."""
    return all(
        mine.equals(theirs)
        for mine, theirs in zip(_of_routes(case), _of_routes(other), strict=True)
    ) and (
        case.settings.carbon_price_cny_per_t == other.settings.carbon_price_cny_per_t
        and case.settings.closed_passages == other.settings.closed_passages
    )


def _of_routes(case: Case) -> list[pd.DataFrame]:
    """What routes, and what duties and limits count on them, are made from."""
    return [
        case.nodes,
        case.links.drop(columns="limit_kt").assign(is_limited=case.links["limit_kt"].notna()),
        case.modes,
        case.limits.drop(columns=["min", "max"]),
        duties_in_force(case),
        senders(case)[["origin", "region", "node"]],
        case.sinks[["sink", "region", "kind", "node"]],
    ]
