"""Which lanes a limit or a duty takes, and how often."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from model.certify.paths import Arc

SHORTAGE = "shortage"
"""Kind of an origin that stands for what a sink goes without, and the mode of its lane."""


@dataclass(frozen=True)
class Origin:
    """A row of origins.csv, or the shortage of a sink: without bound, and kind `shortage`."""

    name: str
    region: str
    kind: str
    node: str
    supply_kt: Fraction
    capacity_kt: Fraction
    cost_cny_per_t: Fraction
    commodity: str = ""

    @property
    def most_kt(self) -> Fraction | None:
        """Most that may leave it; a shortage has no bound, as it never pays beyond demand."""
        return None if self.kind == SHORTAGE else self.supply_kt


@dataclass(frozen=True)
class Sink:
    """A row of sinks.csv, or the place of an input; demand_kt ≤ inflow ≤ max_kt.

    `label` tells it from all others; the place of an input has the name of the origin that takes
    it, kind `input`, and no greatest inflow. A price is paid above the demand alone; a shortage
    costs what it says for each tonne of demand that goes unmet, where one may.
    """

    name: str
    region: str
    kind: str
    node: str
    demand_kt: Fraction
    max_kt: Fraction | None
    commodity: str = ""
    label: str = ""
    price_cny_per_t: Fraction = Fraction(0)
    shortage_cny_per_t: Fraction | None = None


@dataclass(frozen=True)
class Selection:
    """Names that must match; an empty set means any.

    `modes` and `vias` look at the way between, all others at the pair. A mode counts each entry
    into it; a node or link counts each passage, with a mode named too each passage in that mode
    (one starts at a node in no mode).
    """

    origins: frozenset[str]
    regions: frozenset[str]
    sinks: frozenset[str]
    kinds: frozenset[str]
    modes: frozenset[str]
    vias: frozenset[str]
    commodities: frozenset[str]

    def takes_pair(self, origin: Origin, sink: Sink) -> bool:
        """Whether lanes of this pair can be selected at all."""
        return self.takes_origin(origin) and self.takes_sink(sink)

    def takes_origin(self, origin: Origin) -> bool:
        """Whether lanes from this origin can be selected; of a shortage nothing is shipped."""
        return origin.kind != SHORTAGE and (
            (not self.origins or origin.name in self.origins)
            and (not self.regions or origin.region in self.regions)
            and (not self.commodities or origin.commodity in self.commodities)
        )

    def takes_sink(self, sink: Sink) -> bool:
        """Whether lanes to this sink can be selected."""
        return (not self.sinks or sink.name in self.sinks) and (
            not self.kinds or sink.kind in self.kinds
        )

    @property
    def looks_at_path(self) -> bool:
        """Whether two routes of one pair can differ."""
        return bool(self.modes or self.vias)

    def on_start(self, node: str) -> int:
        """How often starting at this node counts."""
        return int(not self.modes and node in self.vias)

    def on_arc(self, arc: Arc) -> int:
        """How often travelling this arc counts, beginning a stretch apart."""
        any_parallel = f"{arc.tail}>{arc.head}:{arc.mode}"
        passed = self.vias & {arc.head, f"{arc.tail}>{arc.head}", any_parallel, arc.label}
        return int(bool(passed) and (not self.modes or arc.mode in self.modes))

    def on_entry(self, mode: str) -> int:
        """How often beginning a stretch in this mode counts."""
        return int(not self.vias and mode in self.modes)

    def on_explicit(self, mode: str) -> int:
        """How often an explicit lane of this mode counts; it passes no node of the network."""
        return int(not self.vias and (not self.modes or mode in self.modes))

    def on_path(self, start: str, path: Iterable[Arc]) -> int:
        """How often a whole path from `start` counts."""
        if not self.looks_at_path:
            return 1
        count, mode = self.on_start(start), ""
        for arc in path:
            count += self.on_arc(arc)
            if arc.mode != mode:
                count += self.on_entry(arc.mode)
            mode = arc.mode
        return count
