"""The rows of lanes.csv in columns: a million lanes, equal names and numbers kept once."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import NamedTuple

from model.certify.reading import CertificateError, exact

ZERO = Fraction(0)


class Explicit(NamedTuple):
    """A row of lanes.csv."""

    origin: str
    sink: str
    mode: str
    freight_cny_per_t: Fraction
    km: Fraction
    min_kt: Fraction
    max_kt: Fraction | None


class _Places(dict[str, int]):
    """Distinct texts, numbered in the order in which they come."""

    def __missing__(self, text: str) -> int:
        self[text] = place = len(self)
        return place


class Decimals:
    """A column of decimals; a text that comes again is not read again."""

    def __init__(self) -> None:
        self.texts = _Places()
        self.places = array("L")

    def __getitem__(self, row: int) -> Fraction:
        """The value of a row; a blank one is 0."""
        return self.values[self.places[row]]

    @cached_property
    def values(self) -> list[Fraction]:
        """The distinct values, once all rows are read."""
        return [exact(text) if text else ZERO for text in self.texts]

    def whole(self) -> tuple[list[int], int]:
        """The distinct values as whole numbers over their common denominator."""
        denominator = lcm(*{value.denominator for value in self.values})
        return [int(value * denominator) for value in self.values], denominator


class ExplicitLanes:
    """Explicit lanes on offer, in the order of the file.

    Attributes
    ----------
    names : of origins, sinks and modes; `origins`, `sinks` and `modes` are places in it, by lane
    freight_cny_per_t, km : by lane
    min_kt, max_kt : of the lanes that have one, by their place; a least flow is above 0
    """

    def __init__(self) -> None:
        self._numbered = _Places()
        self.origins, self.sinks, self.modes = array("L"), array("L"), array("L")
        self.freight_cny_per_t, self.km = Decimals(), Decimals()
        self.min_kt: dict[int, Fraction] = {}
        self.max_kt: dict[int, Fraction] = {}
        self._place_of: dict[tuple[int, int], dict[int, int]] = {}  # origin, mode → sink → place

    @classmethod
    def read(
        cls,
        records: Iterable[tuple[str, ...]],
        ends: Mapping[str, Collection[str]],
        places: Collection[str],
    ) -> ExplicitLanes:
        """Lanes from their origin, sink, mode, cost, km, least and greatest flow.

        `ends` are the places that each origin's lanes may lead to; lanes from or to projects
        wait until the project is an origin. `places` are all names there are.

        Raises
        ------
        CertificateError
            A lane to a place that is no sink, or one that stands twice.
        """
        lanes = cls()
        for origin, sink, mode, cost, km, low, high in records:
            if sink not in places:
                raise CertificateError(f"lanes.csv: {sink} is no sink")
            if sink in ends.get(origin, ()):
                lanes._add(origin, sink, mode, cost, km)
                if low or high:
                    lanes._add_bounds(low, high)
        return lanes

    def _add(self, origin: str, sink: str, mode: str, cost: str, km: str) -> None:
        number = self._numbered
        start, end, way = number[origin], number[sink], number[mode]
        to_sinks = self._place_of.setdefault((start, way), {})
        if end in to_sinks:
            raise CertificateError(f"lanes.csv: {origin} to {sink} stands twice")
        to_sinks[end] = len(self.origins)
        self.origins.append(start)
        self.sinks.append(end)
        self.modes.append(way)
        self.freight_cny_per_t.places.append(self.freight_cny_per_t.texts[cost])
        self.km.places.append(self.km.texts[km])

    def _add_bounds(self, low: str, high: str) -> None:
        place = len(self.origins) - 1
        if low and exact(low):
            self.min_kt[place] = exact(low)
        if high:
            self.max_kt[place] = exact(high)

    @cached_property
    def names(self) -> list[str]:
        """Names by their number."""
        return list(self._numbered)

    def __len__(self) -> int:
        """How many lanes there are."""
        return len(self.origins)

    def __iter__(self) -> Iterator[tuple[str, str, str]]:
        """Origin, sink and mode of each lane."""
        names = self.names
        for numbers in zip(self.origins, self.sinks, self.modes, strict=True):
            origin, sink, mode = (names[number] for number in numbers)
            yield origin, sink, mode

    def __contains__(self, key: tuple[str, str, str]) -> bool:
        """Whether the lane of an origin, sink and mode is on offer."""
        return self._find(*key) is not None

    def __getitem__(self, key: tuple[str, str, str]) -> Explicit:
        """The lane of an origin, sink and mode."""
        place = self._find(*key)
        if place is None:
            raise KeyError(key)
        return self.lane(place, *key)

    def with_minimum(self) -> Iterator[Explicit]:
        """Lanes that flow in every plan."""
        names = self.names
        for place in self.min_kt:
            numbers = self.origins[place], self.sinks[place], self.modes[place]
            origin, sink, mode = (names[number] for number in numbers)
            yield self.lane(place, origin, sink, mode)

    def lane(self, place: int, origin: str, sink: str, mode: str) -> Explicit:
        """The lane at a place, whose names are known."""
        return Explicit(
            origin,
            sink,
            mode,
            self.freight_cny_per_t[place],
            self.km[place],
            self.min_kt.get(place, ZERO),
            self.max_kt.get(place),
        )

    def count_pairs(self) -> int:
        """How many pairs of origin and sink some lane joins."""
        if len(self._ways) <= 1:
            return len(self)
        joined: dict[int, set[int]] = {}
        for (start, _), to_sinks in self._place_of.items():
            joined.setdefault(start, set()).update(to_sinks)
        return sum(map(len, joined.values()))

    def joins(self, origin: str, sink: str) -> bool:
        """Whether a lane of any mode joins a pair."""
        start, end = self._numbered.get(origin, -1), self._numbered.get(sink, -1)
        return any(end in self._place_of.get((start, way), {}) for way in self._ways)

    def modes_of(self, origin: str, sink: str) -> list[str]:
        """Modes of the lanes that join a pair."""
        return [mode for mode in self._mode_names if (origin, sink, mode) in self]

    @cached_property
    def _mode_names(self) -> list[str]:
        return [self.names[way] for way in sorted(self._ways)]

    @cached_property
    def _ways(self) -> set[int]:
        return {way for _, way in self._place_of}

    def _find(self, origin: str, sink: str, mode: str) -> int | None:
        start, end, way = (self._numbered.get(name, -1) for name in (origin, sink, mode))
        return self._place_of.get((start, way), {}).get(end)
