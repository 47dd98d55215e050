"""The rows of throughput.csv, derived again: what passes, and how much dearer another way is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from model.audit.deliveries import Flow
from model.audit.disagreement import OF_PRICES, Disagreement, compare_cell, compare_text, row_name
from model.audit.figures import Figures
from model.audit.figures import ratio as share
from model.audit.stored import Stored
from model.certify.lanes import STEP, LaneKey, ends_of, find_lane, is_sea
from model.certify.paths import Arc, Network
from model.certify.program import KCNY_PER_MCNY, ZERO, Limit, Program, limit_row
from model.certify.reading import read_output, read_records
from model.certify.routes import RoutePricing

UNITS = {"ship_kt": "kt/yr", "co2_kt": "kt CO2e/yr", "cost_mcny": "MCNY/yr"}
KINDS = ("port", "border")
SELECTION = ("origin", "region", "sink", "kind", "mode", "commodity")
KEY = ("place", "role", "direction")
DEARER = "next_best_cny_per_t"


def check_throughput(stored: Stored, flows: list[Flow]) -> Iterator[Disagreement]:
    """Cells of throughput.csv that the plan does not give; a run of an older version has none.

    Which of several ways of equal cost is named as the next best is for the same question asked
    again to tell.
    """
    if "throughput.csv" not in stored.outputs:
        return
    table, around = read_output(stored.outputs, "throughput"), _Around(stored.program, flows)
    places = list(_places(stored))
    said = [tuple(key) for key in table.records(*KEY)]
    if said != [place.key for place in places]:
        yield Disagreement("throughput.csv", "", "other rows", "a row per place and limit")
        return
    for place, cells in zip(places, table.rows, strict=True):
        row = dict(zip(table.header, cells, strict=True))
        where = row_name(place.key)
        unit = f"{where}, unit"
        yield from compare_text("throughput.csv", unit, row.get("unit", ""), place.unit)
        for column, value in _figures(place, flows, around).items():
            figure = f"{where}, {column}"
            yield from compare_cell("throughput.csv", figure, row.get(column, ""), value, OF_PRICES)


@dataclass(frozen=True)
class _Place:
    """A row: a node, or a row of the program with the limit of limits.csv that it states."""

    key: tuple[str, str, str]
    unit: str
    most: Fraction | None
    row: str = ""
    limit: Limit | None = None

    @property
    def is_port(self) -> bool:
        return self.key[1] == KINDS[0]

    def counts(self, flow: Flow) -> Fraction:
        """How much a tonne of a flow counts."""
        if self.row:
            return flow.lane.weights.get(self.row, ZERO)
        return Fraction(STEP.split(flow.lane.key.route)[::2].count(self.key[0]))


def _places(stored: Stored) -> Iterator[_Place]:
    program, own = stored.program, _own_limits(stored.inputs)
    nodes = list(read_records(stored.inputs, "nodes", "node", "kind"))
    if program.networks[""].arcs:
        for kind in KINDS:
            for name, of in nodes:
                if of == kind:
                    yield _Place((name, kind, ""), UNITS["ship_kt"], own.get(name))
    links: dict[str, str] = {}
    for arc in program.networks[""].arcs:
        if arc.limit_kt is not None:
            links.setdefault(arc.limit_name, f"{arc.tail}>{arc.head}")
    ways = {limit_row(name): (name, way) for name, way in links.items()}
    for label, row in program.rows.items():
        if label in ways:
            name, way = ways[label]
            yield _Place((name, "link", way), UNITS["ship_kt"], row.high, label)
    for (name,), limit in zip(
        read_records(stored.inputs, "limits", "limit"), program.limits, strict=False
    ):
        most = program.rows[limit.row].high
        yield _Place((name, "limit", ""), UNITS[limit.measure], most, limit.row, limit)


def _own_limits(inputs: Mapping[str, str]) -> dict[str, Fraction]:
    """The least of the limits that count every passage of one node, and nothing else."""
    found: dict[str, Fraction] = {}
    for via, most, old, measure, *cells in read_records(
        inputs, "limits", "via", "max", "max_kt", "measure", *SELECTION
    ):
        is_plain = via and "|" not in via and not any(cells) and measure in ("", "ship_kt")
        if is_plain and (most or old):
            kt = Fraction(most or old)
            found[via] = min(found.get(via, kt), kt)
    return found


def _figures(place: _Place, flows: list[Flow], around: _Around) -> Figures:
    through = _sum(place.counts(flow) * flow.ship_kt for flow in flows)
    calls = _sum(flow.ship_kt for flow in flows if place.key[0] in around.calls(flow.lane.key))
    dearer = around.of(place)
    known = [value for _, value in dearer if value is not None]
    is_closed = dearer and len(known) == len(dearer)
    cost = _sum(flow.ship_kt * (value or ZERO) for flow, value in dearer) / KCNY_PER_MCNY
    return {
        "through_kt": through,
        "by_sea_kt": calls if place.is_port else None,
        "limit": place.most,
        "used_share": None if place.most is None else share(through, place.most),
        DEARER: min(known, default=None),
        "closed_cost_mcny": cost if is_closed else None,
    }


class _Around:
    """Ways around places, for the flows of one plan."""

    def __init__(self, program: Program, flows: list[Flow]) -> None:
        self.program, self.flows = program, flows
        activity: dict[str, Fraction] = {}
        for flow in flows:
            for row, weight in flow.lane.weights.items():
                activity[row] = activity.get(row, ZERO) + weight * flow.ship_kt
        arcs = [arc for arc in program.networks[""].arcs if arc.limit_kt is not None]
        links = dict.fromkeys(limit_row(arc.limit_name) for arc in arcs)
        rows = [*(limit.row for limit in program.limits), *links]
        self.full = [
            row
            for row in rows
            if (most := program.rows[row].high) is not None
            and most - activity.get(row, ZERO) <= OF_PRICES.slack * max(Fraction(1), abs(most))
        ]
        self.limit_of = {limit.row: limit for limit in program.limits}
        self.pricing: dict[tuple[str, frozenset[str]], RoutePricing] = {}

    @cached_property
    def shipped(self) -> dict[LaneKey, Fraction]:
        """What each lane carries."""
        return {flow.lane.key: flow.ship_kt for flow in self.flows}

    def calls(self, key: LaneKey) -> set[str]:
        """Nodes at which a lane comes or leaves by sea."""
        parts, modes = STEP.split(key.route), self.program.networks[""].fixed_cny_per_t
        return {
            parts[place + end]
            for place in range(0, len(parts) - 1, 2)
            for step in [parts[place + 1]]
            if is_sea(step if step in modes else step.rpartition("#")[0])
            for end in (0, 2)
        }

    def of(self, place: _Place) -> list[tuple[Flow, Fraction | None]]:
        """Flows that pass a place, and how much dearer their best ways around are."""
        return [(flow, self._dearer(place, flow)) for flow in self.flows if place.counts(flow) > 0]

    def _dearer(self, place: _Place, flow: Flow) -> Fraction | None:
        shut = [x for x in self.full if flow.lane.weights.get(x, ZERO) == 0 and x != place.row]
        costs = [*self._by_network(place, flow, shut), *self._by_lanes_given(place, flow, shut)]
        least = min((cost for cost in costs if cost is not None), default=None)
        return None if least is None else least - flow.lane.spent_cny_per_t

    def _by_network(self, place: _Place, flow: Flow, shut: list[str]) -> Iterator[Fraction | None]:
        """Cost of the cheapest route around."""
        origin, sink = ends_of(self.program, flow.lane.key)
        rows = [*shut, *filter(None, [place.row])]
        limits = [self.limit_of[row] for row in rows if row in self.limit_of]
        limits = [x for x in limits if x.selection.takes_pair(origin, sink)]
        if any(_counts_pair(limit, origin.node) for limit in limits):
            return
        if not place.row and origin.node == place.key[0]:
            return
        mine = {limit.row for limit in limits}
        rows = [row for row in rows if row in mine or row not in self.limit_of]
        key = ("" if place.row else place.key[0], frozenset(rows))
        if key not in self.pricing:
            networks = {
                name: replace(network, arcs=tuple(self._open(network, *key)))
                for name, network in self.program.networks.items()
            }
            self.pricing[key] = RoutePricing(replace(self.program, networks=networks), {}, 1)
        yield self.pricing[key].least_of_pair(origin, sink)

    def _open(self, network: Network, node: str, rows: frozenset[str]) -> Iterator[Arc]:
        """Arcs that neither lead to a node nor count in these rows."""
        limits = [self.limit_of[row] for row in rows if row in self.limit_of]
        for arc in network.arcs:
            is_full = arc.limit_kt is not None and limit_row(arc.limit_name) in rows
            is_shut = arc.head == node or is_full
            if not is_shut and not any(self._counts_arc(limit, arc, network) for limit in limits):
                yield arc

    def _counts_arc(self, limit: Limit, arc: Arc, network: Network) -> bool:
        if limit.measure == "co2_kt":
            return arc.co2_t_per_t > 0
        if limit.measure == "cost_mcny":
            return True
        return bool(limit.selection.on_arc(arc) or limit.selection.on_entry(arc.mode))

    def _by_lanes_given(
        self, place: _Place, flow: Flow, shut: list[str]
    ) -> Iterator[Fraction | None]:
        """Costs of lanes of lanes.csv that go around and are not full."""
        origin, sink = flow.lane.key[:2]
        for mode in self.program.explicit.modes_of(origin, sink):
            key = LaneKey(origin, sink, mode, "")
            lane = find_lane(self.program, key)
            has_room = lane.max_kt is None or self.shipped.get(key, ZERO) < lane.max_kt
            rows = [*shut, *filter(None, [place.row])]
            if has_room and not any(lane.weights.get(row, ZERO) > 0 for row in rows):
                yield lane.spent_cny_per_t


def _counts_pair(limit: Limit, start: str) -> bool:
    """Whether a limit on shipments counts every route of a pair that it selects."""
    selection = limit.selection
    is_any = not selection.looks_at_path or bool(selection.on_start(start))
    return limit.measure == "cost_mcny" or (limit.measure == "ship_kt" and is_any)


def _sum(values: Iterable[Fraction]) -> Fraction:
    return sum(values, ZERO)
