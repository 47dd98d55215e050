"""Least reduced costs of the routes that the network offers, pair by pair, in rationals.

Of a pair's routes only the least matters, and it is a shortest path whose
weights hold the duals of the limits that the path meets. Pairs that the same limits and duties
select share these weights.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm
from operator import itemgetter

from model.certify.explicit import PricedLane, common_denominator
from model.certify.paths import Arc, Network, Once, ShortestPaths, Tree, Weights
from model.certify.program import (
    KCNY_PER_MCNY,
    ZERO,
    Duty,
    Limit,
    Program,
    limit_row,
)
from model.certify.reading import CertificateError
from model.certify.selection import Origin, Selection, Sink

PathKey = tuple[Fraction, Fraction, tuple[int, ...], tuple[int, ...], int]


@dataclass(frozen=True)
class Terms:
    """What the limits and duties that select a pair make of a lane's attributes.

    The reduced cost of a lane is `cost` × (freight + production + carbon price × co2 + duty)
    − `co2` × co2 − (duals of rows that count tonnes).
    """

    limits: tuple[Limit, ...]
    duties: tuple[Duty, ...]
    cost: Fraction
    co2: Fraction
    network: Network

    @cached_property
    def path_key(self) -> PathKey:
        """What the weights of arcs and entries rest on: pairs that share it share paths."""
        limits = tuple(id(x) for x in self.limits if x.selection.looks_at_path)
        duties = tuple(id(x) for x in self.duties if x.selection.looks_at_path)
        return self.cost, self.co2, limits, duties, id(self.network)


class RoutePricing:
    """Reduced costs of routes under one set of duals.

    Parameters
    ----------
    program : Program
    duals : row label → CNY per t (of limits in other measures: CNY thousand per unit); absent is 0
    cost_factor : 1 for the costs of the program, 0 to price feasibility alone
    """

    def __init__(self, program: Program, duals: Mapping[str, Fraction], cost_factor: int) -> None:
        self.program = program
        self.duals = duals
        self.cost_factor = Fraction(cost_factor)
        self.live_limits = tuple(limit for limit in program.limits if duals.get(limit.row))
        self.terms_of: dict[tuple[tuple[Limit, ...], tuple[Duty, ...], int], Terms] = {}
        self.paths_of: dict[PathKey, ShortestPaths] = {}
        self.least_of: dict[tuple[PathKey, str], Mapping[str, int]] = {}
        self.tree_of: dict[tuple[PathKey, str], Tree] = {}

    def lanes_that_matter(self) -> Iterator[PricedLane]:
        """Best routes of pairs: of negative reduced cost, and the cheapest so far."""
        least: Fraction | None = None
        paid, per_paid = self._paid_at_sinks
        for origin, terms, sinks in self._groups():
            weights, start = self._least(terms, origin.node), self._start_cost(terms, origin)
            scale = lcm(start.denominator, self._paths(terms).scale, per_paid)
            first, way = int(start * scale), scale // self._paths(terms).scale
            back = scale // per_paid
            found = [
                (first + way * weights[sink.node] - back * paid[sink.label], sink)
                for sink in sinks
                if sink.node in weights
            ]
            if not found:
                continue
            cheapest = min(found, key=itemgetter(0))
            is_least = least is None or Fraction(cheapest[0], scale) < least
            least = Fraction(cheapest[0], scale) if is_least else least
            for value, sink in found:
                if value < 0 or (is_least and sink is cheapest[1]):
                    yield PricedLane(origin, sink, Fraction(value, scale), None)

    def least_of_pair(self, origin: Origin, sink: Sink) -> Fraction | None:
        """The least that a route of a pair pays before its sink's duals and price; None: no route.

        With no duals and a cost factor of 1, that is the cost of a tonne on its cheapest route.
        """
        if origin.node not in self.program.networks[""].nodes:
            return None
        terms = self._terms(origin, sink)
        weight = self._least(terms, origin.node).get(sink.node)
        if weight is None:
            return None
        return self._start_cost(terms, origin) + Fraction(weight, self._paths(terms).scale)

    def count_pairs(self, *, without_lane: bool = False) -> int:
        """How many pairs the network joins; of these, that no explicit lane does."""
        explicit, count = self.program.explicit, 0
        for origin, terms, sinks in self._groups():
            weights = self._least(terms, origin.node)
            reached = [sink for sink in sinks if sink.node in weights]
            count += len(reached)
            if without_lane and len(explicit):
                count -= sum(explicit.joins(origin.name, sink.name) for sink in reached)
        return count

    def _groups(self) -> Iterator[tuple[Origin, Terms, list[Sink]]]:
        """Every origin with the sinks of its lanes that the same limits and duties take."""
        nodes = self.program.networks[""].nodes
        takers = {recipe.origin for recipe in self.program.recipes}
        for origin in self.program.origins.values():
            if origin.node not in nodes:
                continue
            takes = [x.selection.takes_origin(origin) for x in self._all]
            for (commodity, taken), sinks in self._alike.items():
                if commodity == origin.commodity:
                    both = [
                        x for x, of, to in zip(self._all, takes, taken, strict=True) if of and to
                    ]
                    limits = tuple(x for x in both if isinstance(x, Limit))
                    duties = tuple(x for x in both if isinstance(x, Duty))
                    if origin.name in takers:
                        sinks = [x for x in sinks if self.program.are_joined(origin, x)]
                    yield origin, self._terms_of(limits, duties, commodity), sinks

    @cached_property
    def _all(self) -> tuple[Limit | Duty, ...]:
        return (*self.live_limits, *self.program.duties)

    @cached_property
    def _alike(self) -> dict[tuple[str, tuple[bool, ...]], list[Sink]]:
        """Sinks on the network by commodity and by what takes them."""
        nodes = self.program.networks[""].nodes
        alike: dict[tuple[str, tuple[bool, ...]], list[Sink]] = {}
        for sink in self.program.sinks.values():
            if sink.node in nodes:
                taken = tuple(x.selection.takes_sink(sink) for x in self._all)
                alike.setdefault((sink.commodity, taken), []).append(sink)
        return alike

    @cached_property
    def _paid_at_sinks(self) -> tuple[dict[str, int], int]:
        """What price and duals pay a tonne that comes in, by label, and in which parts."""
        paid = {
            label: self._paid(self.program.sink_rows(label))
            + self.cost_factor * sink.price_cny_per_t
            for label, sink in self.program.sinks.items()
        }
        parts = common_denominator(paid.values())
        return {label: int(value * parts) for label, value in paid.items()}, parts

    def path(self, lane: PricedLane) -> list[Arc]:
        """The arcs of a pair's best route."""
        tree = self._tree(self._terms(lane.origin, lane.sink), lane.origin.node)
        network = self.program.network_of(lane.origin.commodity)
        return [network.arcs[place] for place in tree.path(lane.sink.node)]

    def _start_cost(self, terms: Terms, origin: Origin) -> Fraction:
        """What every lane of an origin pays: production, its duals, and what every route pays."""
        own = self._paid(self.program.origin_rows(origin.name))
        every_route = self._every_route_cost(terms, origin.node)
        return terms.cost * origin.cost_cny_per_t - own + every_route

    def _paid(self, rows: Mapping[str, Fraction]) -> Fraction:
        """What the duals of some rows pay for a tonne."""
        return sum((self.duals.get(row, ZERO) * weight for row, weight in rows.items()), ZERO)

    def _terms(self, origin: Origin, sink: Sink) -> Terms:
        limits = tuple(x for x in self.live_limits if x.selection.takes_pair(origin, sink))
        duties = tuple(x for x in self.program.duties if x.selection.takes_pair(origin, sink))
        return self._terms_of(limits, duties, origin.commodity)

    def _terms_of(
        self, limits: tuple[Limit, ...], duties: tuple[Duty, ...], commodity: str
    ) -> Terms:
        network = self.program.network_of(commodity)
        known = self.terms_of.get((limits, duties, id(network)))
        if known is None:
            cost, co2 = self.cost_factor, ZERO
            for limit in limits:
                if limit.measure == "cost_mcny":
                    cost -= self.duals[limit.row] / KCNY_PER_MCNY
                elif limit.measure == "co2_kt":
                    co2 += self.duals[limit.row]
            known = Terms(limits, duties, cost, co2, network)
            self.terms_of[limits, duties, id(network)] = known
        return known

    def _paths(self, terms: Terms) -> ShortestPaths:
        """Paths by what they pay beyond what every route pays."""
        if terms.path_key not in self.paths_of:
            weights = self._weights(terms)
            if not weights.all_nonnegative():
                raise CertificateError("a dual makes a link cheaper than free")
            self.paths_of[terms.path_key] = ShortestPaths(terms.network, weights)
        return self.paths_of[terms.path_key]

    def _least(self, terms: Terms, start: str) -> Mapping[str, int]:
        """The least that paths from `start` pay, node by node, in parts of their scale."""
        key = (terms.path_key, start)
        if key not in self.least_of:
            self.least_of[key] = self._paths(terms).whole_from(start)
        return self.least_of[key]

    def _tree(self, terms: Terms, start: str) -> Tree:
        """The best routes from `start`."""
        key = (terms.path_key, start)
        if key not in self.tree_of:
            self.tree_of[key] = self._paths(terms).from_node(start)
        return self.tree_of[key]

    def _every_route_cost(self, terms: Terms, start: str) -> Fraction:
        """What any route from `start` pays per tonne, whichever way it goes."""
        duties = [x.charge_cny_per_t for x in terms.duties if not x.selection.looks_at_path]
        duals = [
            self.duals[x.row]
            for x in terms.limits
            if x.measure == "ship_kt" and not x.selection.looks_at_path
        ]
        starts = [charge * chosen.on_start(start) for chosen, charge in self._path_charges(terms)]
        return terms.cost * sum(duties, ZERO) - sum(duals, ZERO) + sum(starts, ZERO)

    def _path_charges(self, terms: Terms) -> list[tuple[Selection, Fraction]]:
        """What a route pays each time that a limit counts it."""
        limits = [(x.selection, -self.duals[x.row]) for x in terms.limits]
        return [(chosen, charge) for chosen, charge in limits if chosen.looks_at_path]

    def _once(self, terms: Terms) -> list[Once]:
        """What a route pays once, however often a duty counts it."""
        arcs = terms.network.arcs
        return [
            Once(
                charge=terms.cost * duty.charge_cny_per_t,
                starts=frozenset(filter(duty.selection.on_start, terms.network.nodes)),
                arcs=frozenset(n for n, arc in enumerate(arcs) if duty.selection.on_arc(arc)),
                entries=frozenset(filter(duty.selection.on_entry, terms.network.fixed_cny_per_t)),
            )
            for duty in terms.duties
            if duty.selection.looks_at_path and terms.cost * duty.charge_cny_per_t
        ]

    def _weights(self, terms: Terms) -> Weights:
        """What a route pays on each arc and entry."""
        program, network = self.program, terms.network
        charges = self._path_charges(terms)
        per_co2 = terms.cost * program.carbon_price_cny_per_t - terms.co2
        arcs = []
        for arc in network.arcs:
            weight = terms.cost * arc.freight_cny_per_t + per_co2 * arc.co2_t_per_t
            if arc.limit_kt is not None:
                weight -= self.duals.get(limit_row(arc.limit_name), ZERO)
            weight += sum((charge * chosen.on_arc(arc) for chosen, charge in charges), ZERO)
            arcs.append(weight)
        return Weights(
            arcs=arcs,
            entries={
                mode: terms.cost * fixed
                + sum((charge * chosen.on_entry(mode) for chosen, charge in charges), ZERO)
                for mode, fixed in network.fixed_cny_per_t.items()
            },
            once=self._once(terms),
        )
