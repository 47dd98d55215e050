"""What a figure is worth, unit by unit: least cost as an exact function of one figure.

`capacity_curves` asks it of new capacity at regions, `figure_curve` of any other figure of
the case: a demand, a limit, a duty, a freight rate, the carbon price. Figures that are
bounds give a convex function, figures that are prices a concave one. `pairs` values two
additions together, since the values of sites do not add.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations, compress
from math import comb

import numpy as np
import pandas as pd

from model.case.case import Case
from model.case.change import FACTOR
from model.case.distances import with_distances
from model.case.errors import BadInput, Fault, raise_any
from model.case.schema import column
from model.checking.case_faults import refuse_faulty
from model.checking.check import out_of_bounds, rule_of_bounds
from model.checking.rules_network import NO_MIN, may_have_min
from model.checking.rules_targets import MIN
from model.market.compile_market import compile_market
from model.market.market import KCNY_PER_MCNY
from model.result.definitions import DECIMALS
from model.solve.column_generation import Allocator
from model.solve.solution import Status
from model.studies.allowance import Allowance
from model.studies.curve.breakpoint_text import bounds_text, prices_text
from model.studies.parametric.compare_markets import same_bounds, same_lanes, same_prices, same_rows
from model.studies.parametric.figure import TARGETS, Figure, crossed_bounds
from model.studies.parametric.piecewise import Piece, trace
from model.studies.parametric.programs import ParametricBounds, ParametricPrices
from model.studies.sites import site_rows, with_sites
from model.studies.steps import counted

UP_TO_KT = 1500.0
PAIR_COLUMNS = [
    "place",
    "and_place",
    "kt",
    "alone_mcny",
    "and_alone_mcny",
    "together_mcny",
    "lost_mcny",
]


@dataclass(frozen=True)
class Curve:
    """Least cost over a range of one figure.

    Attributes
    ----------
    of : the figure in words
    unit : of the figure's values
    pieces : from left to right; costs in kCNY, slopes in kCNY per unit (CNY/t where the unit is kt)
    texts : for each piece what moves with one unit more, and what happens at its end
    shape : `convex` (bounds), `concave` (prices) or `linear`
    requested : the range that was requested; the pieces cover the part that allows a plan
    """

    of: str
    unit: str
    pieces: tuple[Piece, ...]
    texts: tuple[tuple[str, str], ...]
    shape: str
    requested: tuple[float, float]

    @property
    def breakpoints(self) -> list[float]:
        """Values at which the slope changes."""
        return [piece.end for piece in self.pieces[:-1]]

    def cost_kcny(self, at: float) -> float:
        """Least cost at a value within the range."""
        piece = next((piece for piece in self.pieces if at <= piece.end), self.pieces[-1])
        return piece.cost_kcny + piece.slope * (at - piece.start)


def capacity_curves(
    case: Case,
    regions: Sequence[str],
    up_to_kt: float = UP_TO_KT,
    cost_cny_per_t: float | None = None,
    allowance: Allowance | None = None,
) -> list[Curve]:
    """The cost of the best plan as capacity is added at each region alone.

    Parameters
    ----------
    up_to_kt : the most that is added
    cost_cny_per_t : production cost there, where it is not that of the region's cheapest origin
    allowance : how many regions may be answered; all without

    Returns
    -------
    list of Curve
        `of` is the region, the unit kt. One kt more saves −slope CNY/t.
    """
    allowance = allowance or Allowance()
    allocator, rows = _with_open_sites(case, regions, cost_cny_per_t, allowance)
    curves = (_capacity_curve(allocator, region, row, up_to_kt) for region, row in rows.items())
    return allowance.collect(counted(curves, "curve", len(rows)))


def _with_open_sites(
    case: Case, regions: Sequence[str], cost_cny_per_t: float | None, allowance: Allowance
) -> tuple[Allocator, dict[str, int]]:
    """The program with new capacity at each region, and the row of each."""
    refuse_faulty(case)
    market = compile_market(with_sites(with_distances(case), regions, cost_cny_per_t))
    return allowance.allocator(market), site_rows(case, market, regions)


def _capacity_curve(allocator: Allocator, region: str, row: int, up_to_kt: float) -> Curve:
    market = allocator.market
    step = np.zeros(market.row_count)
    step[row] = 1.0
    moving = ParametricBounds(allocator, np.zeros(market.row_count), step)
    return _bounds_curve(moving, region, "kt", (0.0, up_to_kt), row)


def _bounds_curve(
    moving: ParametricBounds,
    of: str,
    unit: str,
    requested: tuple[float, float],
    row: int | None = None,
) -> Curve:
    start, end = moving.feasible(*requested)
    pieces = trace(moving.point, start, end)
    texts = bounds_text(moving, pieces, row)
    if start > requested[0]:
        moves, ends = texts[0]
        below = f"no plan below {start:.10g} {unit}: {moving.obstacle(start, requested[0])}"
        texts[0] = f"{below}; {moves}", ends
    if end < requested[1]:
        beyond = f"no plan beyond {end:.10g} {unit}: {moving.obstacle(end, requested[1])}"
        texts[-1] = texts[-1][0], beyond
    return Curve(of, unit, tuple(pieces), tuple(texts), "convex", requested)


def figure_curve(
    case: Case, figure: Figure, low: float, high: float, allowance: Allowance | None = None
) -> Curve:
    """The cost of the best plan as a figure of the case runs from `low` to `high`.

    Raises
    ------
    OutOfTime
        The moment of the allowance came first.
    BadInput
        No allocation depends on the figure, or its column does not allow such values, or it
        moves bounds and prices at once, or what limits count: then the function is no single
        convex or concave one.
    NoPlan
        No value in the range allows a plan.
    """
    refuse_faulty(case)
    case, allowance = with_distances(case), allowance or Allowance()
    _check_range(case, figure, low, high)
    start, end = (compile_market(figure.put(case, value)) for value in (low, high))
    requested = low, high
    if not (same_rows(start, end) and same_lanes(start, end)):
        raise _no_curve(figure, "it changes what limits count, or which bounds there are")
    if same_prices(start, end):
        moving = ParametricBounds.along(start, end, requested, allowance)
        return _bounds_curve(moving, figure.name, figure.unit, requested)
    if not same_bounds(start, end):
        raise _no_curve(figure, "it moves bounds and prices at once")
    prices = ParametricPrices(start, end, low, high, allowance)
    pieces = trace(prices.point, low, high)
    texts = tuple(prices_text(prices, pieces))
    return Curve(figure.name, figure.unit, tuple(pieces), texts, "concave", requested)


def _no_curve(figure: Figure, why: str) -> BadInput:
    rule = f"a curve takes a figure that moves bounds alone, or prices alone; {why}"
    return BadInput([Fault("--of", figure.name, rule, "take a narrower figure, or compare runs")])


def _check_range(case: Case, figure: Figure, low: float, high: float) -> None:
    """Refuse a figure on which nothing depends, and values that the case could not hold.

    A demand may pass what its sink takes at most: the curve ends there.
    """
    if figure.target not in TARGETS:
        rule = "a curve takes a figure on which an allocation depends in proportion"
        raise BadInput([Fault("--of", figure.name, rule, f"take one of {', '.join(TARGETS)}")])
    faults = []
    if figure.how != FACTOR:
        wrong = out_of_bounds(column(figure.target), np.array([low, high]))
        for option, value in compress(zip(("--from", "--up-to"), (low, high), strict=True), wrong):
            rule, remedy = rule_of_bounds(column(figure.target))
            faults.append(Fault(option, f"{value:g} for {figure.name}", rule, remedy))
    if figure.target == MIN and not may_have_min(case.limits, case.links)[figure.rows(case)].all():
        faults.append(Fault("--of", figure.name, NO_MIN, "pick other limits with --at"))
    if figure.target != "sinks.demand_kt":
        for value in (low, high):
            faults += crossed_bounds(figure, figure.put(case, value), value)
    raise_any(faults)


def pairs(
    case: Case,
    regions: Sequence[str],
    kt: float,
    cost_cny_per_t: float | None = None,
    allowance: Allowance | None = None,
) -> pd.DataFrame:
    """What two additions of one size save together, against each alone.

    Returns
    -------
    pandas.DataFrame
        place, and_place, kt (at each), alone_mcny, and_alone_mcny, together_mcny, and lost_mcny:
        what the two savings add up to beyond the saving together. Not a number where the
        case has a plan only with the addition.
    """
    allowance = allowance or Allowance()
    allocator, rows = _with_open_sites(case, regions, cost_cny_per_t, allowance)
    market = allocator.market

    def saving(nothing: float, *added: str) -> float:
        upper = market.row_upper_kt.copy()
        upper[[rows[region] for region in added]] = kt
        with allocator.bounds((market.row_lower_kt, upper)):
            return (nothing - _cost_kcny(allocator)) / KCNY_PER_MCNY

    def records() -> Iterator[tuple[object, ...]]:
        save = partial(saving, _cost_kcny(allocator))
        alone = {region: save(region) for region in rows}
        for one, other in combinations(rows, 2):
            both = save(one, other)
            lost = round(alone[one] + alone[other] - both, DECIMALS) + 0.0
            yield one, other, kt, alone[one], alone[other], both, lost

    found = allowance.collect(counted(records(), "pair", comb(len(rows), 2)))
    return pd.DataFrame(found, columns=PAIR_COLUMNS)


def _cost_kcny(allocator: Allocator) -> float:
    optimum = allocator.optimise()
    return optimum.objective if optimum.status is Status.OPTIMAL else float("nan")
