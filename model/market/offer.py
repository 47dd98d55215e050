"""The one interface of everything that offers lanes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from model.arrays import Booleans, Floats, Integers
from model.market.lanes import TOLERANCE_CNY_PER_T, Item, Lanes, Priced, Prices, Seen
from model.market.selection import Selection


@dataclass(frozen=True)
class Leg:
    """A part of a lane that has a cost of its own: loading at a node, or a link.

    Attributes
    ----------
    name : `A>B` of a link, `loading, A` of a charge for loading
    """

    name: str
    mode: str
    km: float
    cost_cny_per_t: float


@dataclass(frozen=True)
class Way:
    """How the goods of a lane travel.

    Attributes
    ----------
    mode : modes in order, `rail+sea`
    route : `A >rail> B >sea> C`; blank where a lane has no route
    legs : blank where a lane has no route
    """

    mode: str
    route: str
    legs: tuple[Leg, ...] = ()


class Offer(ABC):
    """Lanes on offer: rows of `lanes.csv`, or routes through a network.

    An offer never changes; which of its lanes a program has seen is the program's to know.
    """

    number: ClassVar[int]
    """What `Lanes.offer` holds for lanes of this kind."""

    @property
    @abstractmethod
    def size(self) -> int:
        """How many lanes are on offer (of a network: pairs that some route joins)."""

    @abstractmethod
    def reached_sinks(self) -> Integers:
        """Sinks that some lane leads to."""

    @abstractmethod
    def joins(self, pairs: Booleans) -> bool:
        """Whether some lane joins one of these pairs, (O, S)."""

    @abstractmethod
    def initial_lanes(self) -> Lanes:
        """Lanes for the page: all of a small offer, else the cheapest of each end; the forced."""

    @abstractmethod
    def starting_lanes(self, seen: Seen, supply_kt: Floats, demand_kt: Floats) -> Lanes:
        """More lanes to start from: near partners of each end, and enough to meet demand."""

    @abstractmethod
    def price(self, prices: Prices, seen: Seen, tolerance: float = TOLERANCE_CNY_PER_T) -> Priced:
        """Price every lane that the program does not have; find those that would improve it."""

    @abstractmethod
    def optimal_face(self, prices: Prices) -> Self:
        """The same offer without the lanes that no optimal plan uses: of reduced cost 0 alone."""

    @abstractmethod
    def tight_lanes(self, prices: Prices, most: int) -> Lanes | None:
        """Every lane of reduced cost 0; None where there are more than can be listed."""

    @abstractmethod
    def with_limits(self, selections: Sequence[Selection]) -> Self:
        """The same lanes, counted in further limits on shipments."""

    @abstractmethod
    def way(self, origin: int, item: Item) -> Way:
        """How a lane from an origin travels."""
