"""Why a pair of origin and sink ships what it does: what its tonne costs, what it displaces."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np

from model.arrays import Booleans, Floats
from model.case.case import Case
from model.case.commodities import input_uses
from model.case.distances import with_distances
from model.case.errors import Fault, quoted, raise_any
from model.case.names import did_you_mean
from model.case.records import Json
from model.checking.case_faults import refuse_faulty
from model.market.compile_market import compile_market
from model.market.lanes import Lanes
from model.market.market import KCNY_PER_MCNY, Market, add_limits
from model.market.selection import Selection
from model.result.flows import lane_table
from model.solve.change_text import changes, in_words
from model.solve.marginal_values import Tangent
from model.solve.optimum import SMALL, Optimum
from model.solve.solution import Status
from model.studies.allowance import Allowance
from model.studies.parametric.programs import names_of
from model.studies.published import published_plan

FORCED_KT = 10.0


@dataclass(frozen=True)
class LaneCost:
    """The lane that a tonne takes: how it goes, how far, and the parts of its cost."""

    origin: str
    sink: str
    mode: str
    route: str
    km: float
    cost_cny_per_t: float
    freight_cny_per_t: float
    sea_cny_per_t: float
    production_cny_per_t: float
    duty_cny_per_t: float
    carbon_cny_per_t: float


@dataclass(frozen=True)
class LegCost:
    """Where freight arises: loading at a change of mode, or a link."""

    leg: str
    mode: str
    km: float
    cost_cny_per_t: float


@dataclass(frozen=True)
class Part:
    """A part of what one tonne more costs in all."""

    part: str
    cny_per_t: float


@dataclass(frozen=True)
class Why:
    """What a pair ships and why, against the published plan.

    Attributes
    ----------
    ship_kt : what the published plan ships on it
    lane : that one more tonne would take; None where no lane joins the pair
    legs : they sum to the lane's freight
    parts : they sum to `dearer_cny_per_t`
    dearer_cny_per_t : what the first tonne more costs in all, and how much cheaper the lane
        must become before it carries more; None where none can be sent
    displaces : the flows that change with that tonne
    spared_cny_per_t : what the last tonne saves, and how much dearer the lane may become
        before it carries less; None where the pair ships nothing, or has to
    forced_kt, forced_mcny : what shipping that much more costs, by a solve
    without_mcny : what the plan costs more without the pair, by a solve
    obstacle : why no tonne more, or not so much, can be sent; blank where it can
    """

    origin: str
    sink: str
    ship_kt: float
    lane: LaneCost | None
    legs: list[LegCost]
    parts: list[Part]
    dearer_cny_per_t: float | None
    displaces: str
    spared_cny_per_t: float | None
    forced_kt: float
    forced_mcny: float | None
    without_mcny: float | None
    obstacle: str

    def as_dict(self) -> Json:
        """The answer as JSON-ready values; no lane is an empty one."""
        return asdict(self) | {"lane": {} if self.lane is None else asdict(self.lane)}


def why_pair(
    case: Case,
    origin: str,
    sink: str,
    forced_kt: float = FORCED_KT,
    allowance: Allowance | None = None,
) -> Why:
    """Explain what one pair of origin and sink ships in the plan of least cost.

    Parameters
    ----------
    origin : or a region: all of its origins together
    sink : or a region: all of its sinks; or an origin that takes what `origin` sends as an input
    forced_kt : how much more is forced through the pair, for its exact cost

    Raises
    ------
    BadInput
        The case has no such origin, or no such sink or origin that takes an input.
    NoPlan
        The case has no feasible plan.
    OutOfTime
        The moment of the allowance came first.
    """
    refuse_faulty(case)
    _check_names(case, origin, sink)
    question = _Question(with_distances(case), origin, sink, allowance or Allowance())
    step = question.push(+1)
    more = step if step.status is Status.OPTIMAL else None
    lane = question.lane(more)
    forced = question.extra_cost_mcny(question.ship_kt + forced_kt, np.inf)
    ships = question.ship_kt > SMALL
    return Why(
        origin=origin,
        sink=sink,
        ship_kt=question.ship_kt,
        lane=None if lane is None else question.cost(lane),
        legs=[] if lane is None else question.legs(lane),
        parts=[] if lane is None or more is None else question.parts(lane, more),
        dearer_cny_per_t=None if more is None else _rounded(more.objective),
        displaces="" if more is None else question.in_words(more),
        spared_cny_per_t=question.spared() if ships else None,
        forced_kt=forced_kt,
        forced_mcny=forced,
        without_mcny=question.extra_cost_mcny(0.0, 0.0) if ships else 0.0,
        obstacle="no lane joins them"
        if lane is None
        else question.obstacle(step, forced, forced_kt),
    )


class _Question:
    """The case's program with one more row that counts what the pair ships."""

    def __init__(self, case: Case, origin: str, sink: str, allowance: Allowance) -> None:
        self._case = case
        market = compile_market(case)
        self._origins, self._sinks = _ends(case, market, origin, sink)
        pair = Selection(self._origins, self._sinks)
        self._market = add_limits(market, [pair])
        self._allocator = allowance.allocator(self._market)
        self._plan = published_plan(self._allocator)
        self._row = self._market.row_count - 1
        self.ship_kt = round(float(self._plan.row_value[self._row]), 9) + 0.0

    def push(self, step: int) -> Optimum:
        """Changes of flows per tonne more (+1) or less (-1) on the pair, and what they cost."""
        moves = np.zeros((2, self._market.row_count))
        moves[0 if step > 0 else 1, self._row] = step
        bounds = self._bounds(self.ship_kt, np.inf) if step > 0 else self._bounds(0.0, self.ship_kt)
        with (
            self._allocator.bounds(bounds),
            Tangent(self._allocator, self._plan) as tangent,
        ):
            return tangent.direction(*moves)

    def obstacle(self, more: Optimum, forced_mcny: float | None, forced_kt: float) -> str:
        """Why no tonne more can be sent, or not so many; blank where they can.

        One tonne more is stopped by the bounds that the least violation leans on.
        """
        if more.status is Status.OPTIMAL:
            return (
                "" if forced_mcny is not None else f"{forced_kt:g} kt more are too many to be sent"
            )
        leaning = np.abs(more.row_dual) > SMALL
        leaning[self._row] = False
        bounds = ", ".join(names_of(self._market, leaning)) or "what the sink takes"
        return f"no tonne more can be sent, because of {bounds}"

    def extra_cost_mcny(self, least_kt: float, most_kt: float) -> float | None:
        """What the best plan costs more with the pair so bound; None where there is none."""
        with self._allocator.bounds(self._bounds(least_kt, most_kt)):
            optimum = self._allocator.optimise()
        if optimum.status is not Status.OPTIMAL:
            return None
        return _rounded((optimum.objective - self._plan.objective) / KCNY_PER_MCNY)

    def _bounds(self, least_kt: float, most_kt: float) -> tuple[Floats, Floats]:
        lower, upper = self._market.row_lower_kt.copy(), self._market.row_upper_kt.copy()
        lower[self._row], upper[self._row] = least_kt, most_kt
        return lower, upper

    def lane(self, more: Optimum | None) -> Lanes | None:
        """The lane that a tonne more takes, or else the pair's cheapest that was seen."""
        lanes = self._allocator.lanes if more is None else more.lanes
        on_pair = self._origins[lanes.origin] & self._sinks[lanes.sink]
        if more is not None:
            on_pair &= more.ship_kt > SMALL
        rows = np.flatnonzero(on_pair)
        if not len(rows):
            return None
        order = np.lexsort((rows, lanes.cost_cny_per_t[rows]))
        return lanes.take(rows[order[:1]])

    def cost(self, lane: Lanes) -> LaneCost:
        """How it goes, how far, and the parts of its cost."""
        record = lane_table(self._market, lane).iloc[0]
        return LaneCost(**{field.name: _plain(record[field.name]) for field in fields(LaneCost)})

    def legs(self, lane: Lanes) -> list[LegCost]:
        """Where the freight of a lane arises: loading at each change of mode, then each link."""
        (offer,) = (o for o in self._market.offers if o.number == lane.offer[0])
        legs = offer.way(int(lane.origin[0]), lane.item[0]).legs
        if legs:
            return [
                LegCost(leg.name, leg.mode, leg.km, _rounded(leg.cost_cny_per_t)) for leg in legs
            ]
        cost = self.cost(lane)
        name = f"{cost.origin} > {cost.sink}"
        return [LegCost(name, cost.mode, cost.km, _rounded(cost.freight_cny_per_t))]

    def parts(self, lane: Lanes, more: Optimum) -> list[Part]:
        """What one tonne more costs in all: the lane, and the prices of what it takes and gives.

        The duals are those of the directional program; they are duals of the plan too, and
        of all such the ones under which the tonne is worth least.
        """
        cost, market = self.cost(lane), self._market
        origin, sink, limit = market.split(more.row_dual)
        start, end = int(lane.origin[0]), int(lane.sink[0])
        weight = lane.limit_weight.toarray()[0]
        is_input = any(taken.place == end for taken in market.inputs)
        at_sink = f"price at {market.sinks[end]}"
        inputs = {taken.limit: taken.use.label for taken in market.inputs}
        names = [inputs.get(k, f"limit {name}") for k, name in enumerate(market.limits.names)]
        parts = [
            Part("freight", cost.freight_cny_per_t),
            Part("production", cost.production_cny_per_t),
            Part("duty", cost.duty_cny_per_t),
            Part("carbon", cost.carbon_cny_per_t),
            Part(
                f"paid by {market.sinks[end]} above its demand",
                -float(market.row_price_cny_per_t[len(market.origins) + end]),
            ),
            Part(f"scarcity at {market.origins[start]}", -float(origin[start])),
            Part(at_sink, -float(sink[end])),
            *(Part(names[k], -float(limit[k] * weight[k])) for k in np.flatnonzero(weight[:-1])),
        ]
        shown = ("freight",) if is_input else ("freight", at_sink)
        return [
            Part(each.part, _rounded(each.cny_per_t))
            for each in parts
            if each.part in shown or abs(each.cny_per_t) > SMALL
        ]

    def spared(self) -> float | None:
        """What the last tonne saves; None where it has to be sent."""
        less = self.push(-1)
        return _rounded(less.objective) if less.status is Status.OPTIMAL else None

    def in_words(self, more: Optimum) -> str:
        """The flows that change, in a chain that begins where the tonne starts."""
        lane = self.lane(more)
        start = int(np.argmax(self._origins)) if lane is None else int(lane.origin[0])
        return in_words(self._market, changes(self._market, more), start)


def _rounded(value: float) -> float:
    return round(value, 9) + 0.0


def _plain(value: Any) -> Any:
    return value if isinstance(value, str) else float(value)


def _ends(case: Case, market: Market, origin: str, sink: str) -> tuple[Booleans, Booleans]:
    """Which origins, and which places that receive, the two names mean: of one, or of a region."""
    origins = np.array(market.origins) == origin
    if not origins.any():
        regions = dict(zip(case.origins["origin"], case.origins["region"], strict=True))
        origins = np.array([regions.get(name) == origin for name in market.origins])
    first = int(np.argmax(origins))
    sent = market.commodities[first] if market.commodities else ""
    inputs = {taken.place: taken.use.input for taken in market.inputs}
    places = [place for place, name in enumerate(market.sink_names) if name == sink]
    if places:
        one = min(places, key=lambda place: (inputs.get(place) != sent, place in inputs))
        return origins, np.arange(len(market.sinks)) == one
    within = set(case.sinks.loc[case.sinks["region"] == sink, "sink"])
    return origins, np.array(
        [name in within and k not in inputs for k, name in enumerate(market.sink_names)]
    )


def _check_names(case: Case, origin: str, sink: str) -> None:
    takers = dict.fromkeys(use.origin for use in input_uses(case))
    known = {
        "ORIGIN": (origin, [*case.origins["origin"], *case.origins["region"]]),
        "SINK": (sink, [*case.sinks["sink"], *takers, *case.sinks["region"]]),
    }
    raise_any(
        [
            Fault(
                where,
                quoted(name),
                f"must be one of the case's {where.lower()}s, or of their regions",
                did_you_mean(name, names, f"there are {', '.join(dict.fromkeys(names))}"),
            )
            for where, (name, names) in known.items()
            if name not in set(names)
        ]
    )
