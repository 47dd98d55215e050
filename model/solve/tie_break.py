"""Which of several equal plans is published.

Least tonne-km, then least Σ r·x, then least Σ h·x: r is a whole number made from the names of
ends and links, h one made from all that names a lane, so the choice rests on nothing but the
case. The last step says which of several pairs takes which of several routes between them.
Each step is solved on the optimal face of the one before.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from zlib import crc32

import numpy as np

from model.arrays import Booleans, Floats
from model.case.errors import OutOfTime
from model.market.lanes import COST, TIE, TOLERANCE_CNY_PER_T, TONNE_KM, LaneKey, Lanes, Objective
from model.market.market import Market
from model.solve.column_generation import Allocator
from model.solve.optimum import Optimum
from model.solve.solution import Status
from model.solve.warm_program import Bounds, LaneBounds, own_bounds

MOST_TIE = Objective(tie=-1.0)
MOST_LISTED = 20_000
"""A face of so many lanes is listed once; a larger one is priced in every step."""


@dataclass(frozen=True)
class Face:
    """What every optimal plan has in common.

    Attributes
    ----------
    market : with the lanes that some optimal plan may use and the program may lack
    lanes : least and greatest flow of lanes
    rows : bounds of every row, (O + S + K,) each
    listed : names of all lanes of reduced cost 0, all in the program; None where not listed
    """

    market: Market
    lanes: LaneBounds
    rows: Bounds
    listed: frozenset[tuple[int, LaneKey]] | None = None


def face_of(
    allocator: Allocator, optimum: Optimum, objective: Objective, within: Face | None = None
) -> Face:
    """What the plans have in common that are as good as an optimum.

    By complementary slackness a lane of nonzero reduced cost stays on its bound, and a
    row of nonzero dual stays on its.

    Parameters
    ----------
    within : the face on which `optimum` was found, if not among all plans
    """
    wider = within or _everything(allocator)
    prices = allocator.prices(optimum.row_dual, objective)
    return _narrowed(wider, optimum, wider.market.optimal_face(prices))


def _everything(allocator: Allocator) -> Face:
    return Face(allocator.market, own_bounds, allocator.row_bounds)


def _narrowed(wider: Face, optimum: Optimum, market: Market) -> Face:
    """A face with the lanes of this market, its bounds as complementary slackness has them."""
    fixed = np.abs(optimum.reduced_cost) > TOLERANCE_CNY_PER_T
    held = np.abs(optimum.row_dual) > TOLERANCE_CNY_PER_T
    return Face(
        market,
        lambda lanes: _fixed(fixed, optimum.ship_kt, wider.lanes(lanes)),
        _fixed(held, optimum.row_value, wider.rows),
        wider.listed,
    )


def _fixed(fixed: Booleans, value: Floats, bounds: Bounds) -> Bounds:
    """Bounds with the first values fixed where asked for; those of later lanes stay."""
    lower, upper = bounds[0].copy(), bounds[1].copy()
    here = np.flatnonzero(fixed)
    lower[here] = upper[here] = value[here]
    return lower, upper


def listed_face(
    allocator: Allocator, optimum: Optimum, objective: Objective, within: Face | None = None
) -> Face:
    """The same, with all its lanes in the program where they are not too many."""
    wider = within or _everything(allocator)
    if wider.listed is not None:
        return face_of(allocator, optimum, objective, within)
    prices = allocator.prices(optimum.row_dual, objective)
    listed = wider.market.tight_lanes(prices, MOST_LISTED)
    if listed is None:
        return face_of(allocator, optimum, objective, within)
    allocator.add_any([allocator.missing(lanes) for lanes in listed])
    names = frozenset(name for lanes in listed for name in _names(lanes))
    face = _narrowed(wider, optimum, allocator.market.without_lanes())
    return replace(face, listed=names)


def _names(lanes: Lanes) -> list[tuple[int, LaneKey]]:
    return list(zip(lanes.offer.tolist(), lanes.keys, strict=True))


@dataclass(frozen=True)
class Published:
    """The plan that is published, and whether another one costs the same."""

    plan: Optimum
    has_equals: bool


def break_ties(allocator: Allocator, optimum: Optimum) -> Published:
    """The published plan among those that cost as little, and whether there are others.

    Parameters
    ----------
    allocator : Allocator
        Just solved for least cost; it ends at the plan returned.
    optimum : Optimum
        Status optimal.

    Returns
    -------
    Published
        Of the same cost, with the duals of the cost.

    Raises
    ------
    OutOfTime
    """
    face = listed_face(allocator, optimum, COST)
    with allocator.bounds(face.rows, face.lanes):
        has_equals = _has_equals(allocator, face)
        chosen = _first_of(allocator, face)
    allocator.seat(chosen)
    plan = allocator.optimise(COST, primal=True)  # every step is degenerate: the plan stays
    if plan.status is Status.LIMIT:
        raise OutOfTime
    assert plan.status is Status.OPTIMAL
    return Published(plan, has_equals)


def settle(
    allocator: Allocator, optimum: Optimum, objective: Objective, within: Face | None = None
) -> Optimum:
    """The plan that would be published among those equal to `optimum`; for studies.

    Parameters
    ----------
    allocator : still under the bounds of rows for which `optimum` was found
    objective : what was minimised
    within : the face on which it was, if not among all plans

    Returns
    -------
    Optimum
        Of the last step: its objective and duals are not those of the cost.
    """
    face = listed_face(allocator, optimum, objective, within)
    with allocator.bounds(face.rows, face.lanes):
        return _first_of(allocator, face)


def _best(allocator: Allocator, objective: Objective, face: Face) -> Optimum:
    optimum = allocator.optimise(objective, face.market, primal=True)
    if optimum.status is Status.LIMIT:
        raise OutOfTime
    assert optimum.status is Status.OPTIMAL
    return optimum


def _first_of(allocator: Allocator, face: Face) -> Optimum:
    """The plan of least tonne-km, then of least Σ r·x, then of least Σ h·x, on a face."""
    shortest = _best(allocator, TONNE_KM, face)
    face = face_of(allocator, shortest, TONNE_KM, face)
    with allocator.bounds(face.rows, face.lanes):
        first = _best(allocator, TIE, face)
        face = listed_face(allocator, first, TIE, face)
        with allocator.bounds(face.rows, face.lanes):
            if face.listed is None:
                return first
            return _best(allocator, NameOrder(number=_numbers(allocator, face)), face)


@dataclass(frozen=True)
class NameOrder(Objective):
    """A whole number of every lane of the program, (n,), made from all that names it."""

    number: Floats = field(default_factory=lambda: np.zeros(0))

    def of(self, lanes: Lanes) -> Floats:
        """Objective coefficient of each lane, (n,)."""
        return self.number[: len(lanes)]


def _numbers(allocator: Allocator, face: Face) -> Floats:
    """Numbers of the lanes that may still differ between plans; a lane off the list comes last."""
    market, lanes = allocator.market, allocator.lanes
    lower, upper = face.lanes(lanes)
    free = np.flatnonzero(upper > lower)
    number, known = np.zeros(len(lanes)), allocator.name_numbers
    offers = {offer.number: offer for offer in market.offers}
    listed = face.listed or frozenset()
    for row in free.tolist():
        origin, sink = int(lanes.origin[row]), int(lanes.sink[row])
        name = int(lanes.offer[row]), (origin, sink, lanes.item[row])
        if name in listed and name not in known:
            way = offers[name[0]].way(origin, lanes.item[row])
            text = f"{market.origins[origin]}>{market.sinks[sink]}:{way.mode}:{way.route}"
            known[name] = crc32(text.encode()) / SCALE
        number[row] = known[name] if name in listed else 2.0 * LAST
    return number


LAST = 1000.0
SCALE = 2.0**32 / LAST
"""Brings numbers of 32 bits to a size at which the solver tells them apart."""


def _has_equals(allocator: Allocator, face: Face) -> bool:
    """Whether the face holds more than one plan: whether Σ r·x is not the same all over it."""
    greatest, least = (_best(allocator, objective, face) for objective in (MOST_TIE, TIE))
    return bool(-greatest.objective - least.objective > 1e-6 * (1.0 + abs(least.objective)))
