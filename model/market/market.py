"""Rows of the program as arrays, and the offers that its lanes come from."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from model.arrays import Floats, Indices, Integers
from model.case.commodities import InputUse
from model.market.explicit_lanes import ExplicitOffer
from model.market.lanes import Lanes, Prices
from model.market.network_lanes import NetworkOffer
from model.market.offer import Offer
from model.market.selection import Selection

FAMILIES = ("supply_limit", "demand_met", "limit_kept")
KCNY_PER_MCNY = 1000.0


@dataclass(frozen=True)
class Limits:
    """K limits: names and bounds, in the unit of each limit's measure."""

    names: tuple[str, ...]
    min_kt: Floats
    max_kt: Floats


@dataclass(frozen=True)
class InputRow:
    """What an origin takes of an input, as rows of the program.

    Attributes
    ----------
    use : who takes what
    place : number of the sink that it goes to
    limit : number of the limit, of bounds 0, in which it comes in and is used up
    """

    use: InputUse
    place: int
    limit: int


@dataclass(frozen=True)
class Market:
    """O origins, S sinks and K limits with their bounds, and the lanes on offer.

    Attributes
    ----------
    origins, sinks : names
    supply_kt : (O,)
    demand_kt, max_kt : (S,) least and greatest inflow
    limits : K rows
    network : routes on offer, or None without a network
    explicit : lanes of `lanes.csv` on offer, or None
    inputs : what origins take, each with the place and the limit that stand for it
    commodities : (O,) what each origin sends; empty where nobody asks
    price_cny_per_t : (S,) what each sink pays for a tonne above its demand; None: nothing
    short : origins that are the shortage of a sink: what they send is what it goes without
    """

    origins: tuple[str, ...]
    supply_kt: Floats
    sinks: tuple[str, ...]
    demand_kt: Floats
    max_kt: Floats
    limits: Limits
    network: NetworkOffer | None = None
    explicit: ExplicitOffer | None = None
    inputs: tuple[InputRow, ...] = ()
    commodities: tuple[str, ...] = ()
    price_cny_per_t: Floats | None = None
    short: Integers = field(default_factory=lambda: np.zeros(0, dtype=np.intp))

    @cached_property
    def row_price_cny_per_t(self) -> Floats:
        """What the sink of each row pays, (O + S + K,); 0 in rows of origins and limits."""
        price = np.zeros(self.row_count)
        if self.price_cny_per_t is not None:
            price[len(self.origins) : len(self.origins) + len(self.sinks)] = self.price_cny_per_t
        return price

    @property
    def unpaid_kcny(self) -> float:
        """What lanes count as paid for tonnes up to demand, which earn nothing.

        Lanes cost c − p, p what their sink pays; p is paid above demand alone. So a plan costs
        Σ (c − p) x and this.
        """
        return 0.0 if self.price_cny_per_t is None else float(self.price_cny_per_t @ self.demand_kt)

    @property
    def offers(self) -> tuple[Offer, ...]:
        """All sources of lanes."""
        return tuple(offer for offer in (self.network, self.explicit) if offer is not None)

    @property
    def size(self) -> int:
        """How many lanes are on offer (of a network: pairs that some route joins)."""
        return sum(offer.size for offer in self.offers)

    @staticmethod
    def of_arrays(
        supply_kt: Floats,
        demand_kt: Floats,
        origin: Indices,
        sink: Indices,
        cost_cny_per_t: Floats,
        *,
        lane_max_kt: Floats | float = np.inf,
    ) -> Market:
        """A market of n explicit lanes without names or limits: `o0`, `s0` and so on.

        Parameters
        ----------
        supply_kt, demand_kt : (O,), (S,)
        origin, sink : (n,) indices; 32-bit ones halve the memory of many millions of lanes
        cost_cny_per_t : (n,)
        lane_max_kt : (n,), or one for all
        """
        none = np.zeros(0)
        return Market(
            origins=tuple(f"o{number}" for number in range(len(supply_kt))),
            supply_kt=supply_kt,
            sinks=tuple(f"s{number}" for number in range(len(demand_kt))),
            demand_kt=demand_kt,
            max_kt=demand_kt,
            limits=Limits((), none, none),
            explicit=ExplicitOffer(
                origin, sink, cost_cny_per_t, max_kt=np.asarray(lane_max_kt, dtype=float)
            ),
        )

    @cached_property
    def sink_names(self) -> tuple[str, ...]:
        """Sinks as the case names them: the place of an input by the origin that takes it."""
        names = list(self.sinks)
        for taken in self.inputs:
            names[taken.place] = taken.use.origin
        return tuple(names)

    @cached_property
    def input_rows(self) -> dict[int, InputRow]:
        """What origins take, by the row of its limit."""
        first = len(self.origins) + len(self.sinks)
        return {first + taken.limit: taken for taken in self.inputs}

    @property
    def row_count(self) -> int:
        """O + S + K."""
        return len(self.origins) + len(self.sinks) + len(self.limits.names)

    @property
    def has_crossed_bounds(self) -> bool:
        """Whether a least lies above its most, so that there is no plan.

        No case does so as it is given; a figure that is moved alone may cross the other bound.
        """
        lanes = self.explicit
        crosses = bool((self.row_lower_kt > self.row_upper_kt).any())
        return crosses or (lanes is not None and bool((lanes.min_kt > lanes.max_kt).any()))

    @cached_property
    def row_lower_kt(self) -> Floats:
        """Lower bound of every row, (O + S + K,)."""
        free = np.full(len(self.origins), -np.inf)
        return np.concatenate([free, self.demand_kt, self.limits.min_kt])

    @cached_property
    def row_upper_kt(self) -> Floats:
        """Upper bound of every row, (O + S + K,)."""
        return np.concatenate([self.supply_kt, self.max_kt, self.limits.max_kt])

    def with_row_bounds(self, lower_kt: Floats, upper_kt: Floats) -> Market:
        """The market with other bounds of rows, (O + S + K,); origins have no lower one."""
        _, demand, least = self.split(lower_kt)
        supply, most_taken, most = self.split(upper_kt)
        limits = Limits(self.limits.names, least, most)
        return replace(self, supply_kt=supply, demand_kt=demand, max_kt=most_taken, limits=limits)

    @cached_property
    def rows(self) -> dict[tuple[str, str], int]:
        """Row number of every (family, name)."""
        members = (self.origins, self.sinks, self.limits.names)
        pairs = [
            (family, name)
            for family, names in zip(FAMILIES, members, strict=True)
            for name in names
        ]
        return {pair: row for row, pair in enumerate(pairs)}

    @property
    def row_labels(self) -> list[str]:
        """`supply_limit[North]` and so on, in row order."""
        return [f"{family}[{name}]" for family, name in self.rows]

    def row_of(self, family: str, name: str) -> int:
        """Number of a row."""
        return self.rows[family, name]

    def optimal_face(self, prices: Prices) -> Market:
        """The market without the lanes that no optimal plan uses: of reduced cost 0 alone."""
        return replace(
            self,
            network=self.network and self.network.optimal_face(prices),
            explicit=self.explicit and self.explicit.optimal_face(prices),
        )

    def tight_lanes(self, prices: Prices, most: int) -> list[Lanes] | None:
        """Every lane of reduced cost 0, by offer; None where there are more than can be listed."""
        listed = [offer.tight_lanes(prices, most) for offer in self.offers]
        found = [lanes for lanes in listed if lanes is not None]
        return found if len(found) == len(listed) else None

    def without_lanes(self) -> Market:
        """The same rows with no lane on offer."""
        return replace(self, network=None, explicit=None)

    def split(self, row_values: Floats) -> tuple[Floats, Floats, Floats]:
        """Row values as those of origins, sinks and limits."""
        first_limit = len(self.origins) + len(self.sinks)
        return (
            row_values[: len(self.origins)],
            row_values[len(self.origins) : first_limit],
            row_values[first_limit:],
        )

    def lane_labels(self, lanes: Lanes) -> list[str]:
        """A unique name of every lane: `origin>sink`, numbered where that name is taken."""
        labels: dict[str, None] = {}
        for origin, sink in zip(lanes.origin.tolist(), lanes.sink.tolist(), strict=True):
            label = pair = f"{self.origins[origin]}>{self.sinks[sink]}"
            number = 1
            while label in labels:
                number += 1
                label = f"{pair}#{number}"
            labels[label] = None
        return list(labels)


def add_limits(market: Market, selections: Sequence[Selection]) -> Market:
    """The market with further shipment limits, 0 to infinity: they measure or are bound later.

    They stand behind the market's own, under names that none of those has.
    """
    limits, more = market.limits, np.zeros(len(selections))
    return replace(
        market,
        limits=Limits(
            (*limits.names, *unused_names(limits.names, len(selections))),
            np.r_[limits.min_kt, more],
            np.r_[limits.max_kt, more + np.inf],
        ),
        network=market.network and market.network.with_limits(selections),
        explicit=market.explicit and market.explicit.with_limits(selections),
    )


def unused_names(names: Iterable[str], count: int) -> list[str]:
    """So many names that are not among some, for rows that no user names."""
    taken = set(names)
    free = (name for number in itertools.count(1) if (name := f"row {number}") not in taken)
    return list(itertools.islice(free, count))
