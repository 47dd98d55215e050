"""The rows of lanes.csv in columns: a million lanes, equal names and numbers kept once."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator, Mapping, Set
from fractions import Fraction
from functools import cached_property
from itertools import compress, groupby
from math import lcm
from typing import NamedTuple

from model.certify.reading import CertificateError, Column, exact, exact_or

ZERO = Fraction(0)
PLAIN = re.compile(r"(\d+(\.\d+)?)?", re.ASCII)
"""A number as most are written, or a blank cell."""
NOWHERE: Set[str] = frozenset()


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

    def add(self, texts: Column) -> None:
        """More rows."""
        self.places.extend(map(self.texts.__getitem__, texts))

    def __getitem__(self, row: int) -> Fraction:
        """The value of a row; a blank one is 0."""
        return exact_or(self._distinct[self.places[row]], ZERO)

    @cached_property
    def _distinct(self) -> list[str]:
        """The distinct texts, once all rows are read."""
        return list(self.texts)

    def whole(self) -> tuple[list[int], int]:
        """The distinct values as whole numbers over one denominator."""
        if all(map(PLAIN.fullmatch, self._distinct)):
            parted = [text.partition(".") for text in self._distinct]
            most = max((len(decimals) for _, _, decimals in parted), default=0)
            return [int(f"{x or 0}{y:0<{most}}") for x, _, y in parted], 10**most
        values = [exact_or(text, ZERO) for text in self._distinct]
        denominator = lcm(*{value.denominator for value in values})
        return [
            value.numerator * (denominator // value.denominator) for value in values
        ], denominator


def _runs(starts: array[int], ways: array[int]) -> Iterator[tuple[tuple[int, int], int]]:
    """Origins and modes that follow each other, each with the number of lanes in a row."""
    if len(set(starts)) == len(set(ways)) == 1:
        yield (starts[0], ways[0]), len(starts)
        return
    for way, run in groupby(zip(starts, ways, strict=True)):
        yield way, len(tuple(run))


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
        blocks: Iterable[list[Column]],
        ends: Mapping[str, Set[str]],
        places: Set[str],
    ) -> ExplicitLanes:
        """Lanes from columns of their origin, sink, mode, cost, km, least and greatest flow.

        `ends` are the places that each origin's lanes may lead to; lanes from or to projects
        wait until the project is an origin. `places` are all names there are.

        Raises
        ------
        CertificateError
            A lane to a place that is no sink, or one that stands twice.
        """
        lanes = cls()
        for columns in blocks:
            origins, sinks = set(columns[0]), set(columns[1])
            if not sinks <= places:
                unknown = next(sink for sink in columns[1] if sink not in places)
                raise CertificateError(f"lanes.csv: {unknown} is no sink")
            if not all(sinks <= ends.get(origin, NOWHERE) for origin in origins):
                pairs = zip(columns[0], columns[1], strict=True)
                there = [sink in ends.get(origin, NOWHERE) for origin, sink in pairs]
                columns = [tuple(compress(column, there)) for column in columns]
            if columns[0]:
                lanes._add(*columns)
        return lanes

    def _add(
        self,
        origins: Column,
        sinks: Column,
        modes: Column,
        costs: Column,
        kms: Column,
        lows: Column,
        highs: Column,
    ) -> None:
        """More lanes, in columns."""
        first, place = len(self.origins), len(self.origins)
        starts, ends, ways = map(self._numbers, (origins, sinks, modes))
        self.origins.extend(starts)
        self.sinks.extend(ends)
        self.modes.extend(ways)
        self.freight_cny_per_t.add(costs)
        self.km.add(kms)
        for way, run in _runs(starts, ways):
            to_sinks = self._place_of.setdefault(way, {})
            known, following = len(to_sinks), place + run
            to_sinks.update(zip(self.sinks[place:following], range(place, following), strict=True))
            if len(to_sinks) < known + run:
                raise CertificateError(f"lanes.csv: {self._twice()} stands twice")
            place = following
        if any(lows) or any(highs):
            self._add_bounds(first, lows, highs)

    def _numbers(self, names: Column) -> array[int]:
        """The number of each name."""
        if names.count(names[0]) == len(names):
            return array("L", [self._numbered[names[0]]]) * len(names)
        return array("L", map(self._numbered.__getitem__, names))

    def _twice(self) -> str:
        """The first lane that stands twice."""
        names, numbers = self.names, zip(self.origins, self.sinks, self.modes, strict=True)
        seen: set[tuple[int, ...]] = set()
        for lane in numbers:
            if lane in seen:
                return f"{names[lane[0]]} to {names[lane[1]]}"
            seen.add(lane)
        raise AssertionError("no lane stands twice")

    def _add_bounds(self, first: int, lows: Column, highs: Column) -> None:
        for place, (low, high) in enumerate(zip(lows, highs, strict=True), start=first):
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
