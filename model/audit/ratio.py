"""The dual ratio test over every lane on offer: how far duals can move, and what stops them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from model.audit.corner import LOWER, Corner, Name, route_key
from model.certify.explicit import ExplicitPricing
from model.certify.lanes import LaneKey
from model.certify.routes import RoutePricing


@dataclass(frozen=True)
class Stop:
    """A tight row or nonbasic lane, and the step at which its sign condition would break."""

    step: Fraction
    name: Name


def first_stop(
    corner: Corner, direction: Mapping[str, Fraction], equalities: frozenset[str]
) -> Stop | None:
    """What stops the duals from moving further; None where nothing ever does.

    Rows and lanes met so far give a first answer. Then all lanes are priced at the duals that it
    leads to: one that pays there stops them earlier, and takes its place (Dinkelbach's method for
    a least ratio). When none pays, the answer holds for every lane on offer.

    Parameters
    ----------
    corner : Corner
    direction : row label → change of its dual per unit of the step
    equalities : tight rows whose dual may have either sign
    """
    stops = [*_rows(corner, direction, equalities), *_lanes(corner, direction)]
    best = min(stops, key=lambda stop: (stop.step, str(stop.name)), default=None)
    while (key := _pays_beyond(corner, direction, best)) is not None:
        corner.know(key)
        best = Stop(corner.reduced_cost(key) / corner.pull(key, direction), key)
    return best


def _rows(
    corner: Corner, direction: Mapping[str, Fraction], equalities: frozenset[str]
) -> Iterator[Stop]:
    for row, at in corner.tight.items():
        move = direction[row] if at == LOWER else -direction[row]
        if move < 0 and row not in equalities:
            yield Stop(abs(corner.duals[row] / move), row)


def _lanes(corner: Corner, direction: Mapping[str, Fraction]) -> Iterator[Stop]:
    for key in corner.lanes:
        pull = corner.pull(key, direction)
        if _is_free(corner, key) and (pull < 0 if key in corner.at_upper else pull > 0):
            yield Stop(corner.reduced_cost(key) / pull, key)


def _is_free(corner: Corner, key: LaneKey) -> bool:
    """Whether a lane is nonbasic and can leave its bound."""
    lane = corner.lanes[key]
    return key not in corner.basic and lane.min_kt != lane.max_kt


def _pays_beyond(
    corner: Corner, direction: Mapping[str, Fraction], best: Stop | None
) -> LaneKey | None:
    """A lane that pays at the duals that `best` leads to.

    Without a stop so far the direction itself is priced: a lane that pays there will stop it.
    """
    if best is None:
        return paying_lane(corner, direction, cost_factor=0)
    return paying_lane(corner, corner.moved_duals(direction, best.step), cost_factor=1)


def paying_lane(corner: Corner, duals: Mapping[str, Fraction], cost_factor: int) -> LaneKey | None:
    """The lane of most negative reduced cost among those at their lower bound; None if none has."""
    routes = RoutePricing(corner.program, duals, cost_factor)
    explicit = ExplicitPricing(corner.program, duals, cost_factor)
    least, chosen = Fraction(0), None
    for lane in routes.lanes_that_matter():
        if lane.reduced_cost < least:
            ends = lane.origin.name, lane.sink.name
            least = lane.reduced_cost
            chosen = route_key(*ends, lane.origin.node, routes.path(lane))
    for lane in explicit.lanes_that_matter():
        mode = lane.explicit.mode if lane.explicit else ""
        key = LaneKey(lane.origin.name, lane.sink.name, mode, "")
        stands_low = key not in corner.basic and key not in corner.at_upper
        if lane.reduced_cost < least and stands_low and lane.min_kt != lane.max_kt:
            least, chosen = lane.reduced_cost, key
    return chosen


def is_optimal(corner: Corner) -> bool:
    """Whether the duals have the signs that an optimal basis needs, over every lane on offer."""
    rows = corner.program.rows
    rows_agree = all(
        rows[row].low == rows[row].high or (dual >= 0 if corner.tight[row] == LOWER else dual <= 0)
        for row, dual in corner.duals.items()
    )
    full_lanes_agree = all(corner.reduced_cost(key) <= 0 for key in corner.at_upper)
    return rows_agree and full_lanes_agree and paying_lane(corner, corner.duals, 1) is None
