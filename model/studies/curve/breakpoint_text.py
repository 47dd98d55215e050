"""What moves along a piece of a curve, and what happens at its end, in words."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from model.arrays import Booleans, Floats
from model.market.columns import columns
from model.market.lanes import COST
from model.market.market import Market
from model.solve.change_text import Pair, changes, in_words
from model.solve.marginal_values import Tangent
from model.solve.optimum import Optimum
from model.solve.solution import Status
from model.solve.tie_break import settle
from model.solve.warm_program import tight
from model.studies.parametric.piecewise import Piece
from model.studies.parametric.programs import ParametricBounds, ParametricPrices

NEAR = 1e-6
"""kt that count as none where plans are compared."""
MOST_NAMED = 6


@dataclass(frozen=True)
class Motion:
    """A plan in the middle of a piece, how it changes per unit of the figure, and its bounds.

    Attributes
    ----------
    at : value of the figure
    flow, rate : kt by origin and sink, and their change
    row_value, row_rate : (O + S + K,)
    held_below, held_above : (O + S + K,) rows on a bound
    row_lower, row_upper : (O + S + K,) bounds at the end of the piece
    """

    at: float
    flow: dict[Pair, float]
    rate: dict[Pair, float]
    row_value: Floats
    row_rate: Floats
    held_below: Booleans
    held_above: Booleans
    row_lower: Floats
    row_upper: Floats


def bounds_text(
    moving: ParametricBounds, pieces: list[Piece], row: int | None = None
) -> list[tuple[str, str]]:
    """For each piece what moves with one unit more, and what happens where it ends.

    Parameters
    ----------
    row : int, optional
        The row whose bound moves: chains of flows begin there.
    """
    motions = [_motion(moving, piece) for piece in pieces]
    market = moving.allocator.market
    texts = []
    for number, (piece, motion) in enumerate(zip(pieces, motions, strict=True)):
        moves = in_words(market, motion.rate, row)
        last = number + 1 == len(pieces)
        ends = "" if last else _end(market, motion, motions[number + 1], piece.end)
        texts.append((moves, ends))
    return texts


def _motion(moving: ParametricBounds, piece: Piece) -> Motion:
    middle = (piece.start + piece.end) / 2
    lower, upper = moving.bounds(middle)
    allocator = moving.allocator
    market = allocator.market
    with allocator.bounds((lower, upper)):
        plan = settle(allocator, moving.optimum(middle), COST)
        with Tangent(allocator, plan) as tangent:
            step = tangent.direction(*moving.steps)
    known = step.status is Status.OPTIMAL
    return Motion(
        middle,
        changes(market, plan),
        changes(market, step) if known else {},
        plan.row_value,
        np.asarray(columns(market, step.lanes) @ step.ship_kt) if known else np.zeros(len(lower)),
        tight(plan.row_value, lower),
        tight(plan.row_value, upper),
        lower + moving.steps[0] * (piece.end - middle),
        upper + moving.steps[1] * (piece.end - middle),
    )


def _end(market: Market, motion: Motion, after: Motion, end: float) -> str:
    """Flows that stop and begin at a breakpoint, and bounds that are reached or left there."""
    further = end - motion.at
    flow = {
        pair: motion.flow.get(pair, 0.0) + motion.rate.get(pair, 0.0) * further
        for pair in {**motion.flow, **motion.rate, **after.rate}
    }
    stops = [
        f"{origin} to {sink} stops"
        for (origin, sink), rate in sorted(motion.rate.items())
        if rate < 0 and abs(flow[origin, sink]) <= NEAR
    ]
    begins = [
        f"{origin} to {sink} begins"
        for (origin, sink), rate in sorted(after.rate.items())
        if rate > 0 and abs(flow[origin, sink]) <= NEAR and motion.rate.get((origin, sink), 0) <= 0
    ]
    value = motion.row_value + motion.row_rate * further
    reached = (~motion.held_above & (np.abs(value - motion.row_upper) <= NEAR)) | (
        ~motion.held_below & (np.abs(value - motion.row_lower) <= NEAR)
    )
    left = (motion.held_above & ~after.held_above) | (motion.held_below & ~after.held_below)
    texts = [*stops, *_rows(market, reached, left), *begins]
    return "; ".join(texts[:MOST_NAMED]) or "other flows take over at another cost"


def _rows(market: Market, reached: Booleans, left: Booleans) -> list[str]:
    words = {
        ("supply_limit", True): "{} has nothing left",
        ("supply_limit", False): "{} keeps tonnes back",
        ("demand_met", True): "{} is at its bound",
        ("demand_met", False): "{} leaves its bound",
        ("limit_kept", True): "limit {} is reached",
        ("limit_kept", False): "limit {} binds no more",
    }
    places = {len(market.origins) + taken.place for taken in market.inputs}  # their lanes say it
    return [
        words[family, is_reached].format(name)
        for is_reached, rows in ((True, reached), (False, left))
        for row, (family, name) in enumerate(market.rows)
        if rows[row] and row not in places
    ]


def prices_text(moving: ParametricPrices, pieces: list[Piece]) -> list[tuple[str, str]]:
    """For each piece what moves along it (prices alone), and how the plan jumps at its end."""
    plans = [_settled(moving, (piece.start + piece.end) / 2) for piece in pieces]
    market = moving.allocator.market
    jumps = [_jump(market, before, after) for before, after in pairwise(plans)]
    return [("no flow changes, prices do", jump) for jump in [*jumps, ""]]


def _settled(moving: ParametricPrices, at: float) -> Optimum:
    return settle(moving.allocator, moving.optimum(at), moving.objective(at))


def _jump(market: Market, before: Optimum, after: Optimum) -> str:
    """Pairs whose flow differs between two plans, or whose route does where no flow differs."""
    old, new = changes(market, before), changes(market, after)
    texts = []
    for pair in sorted({**old, **new}):
        was, is_now = old.get(pair, 0.0), new.get(pair, 0.0)
        if abs(was - is_now) > NEAR:
            texts.append(f"{pair[0]} to {pair[1]} {was:,.6g} → {is_now:,.6g} kt")
    if not texts:
        texts = [f"{o} to {s} by another route" for o, s in _rerouted(market, before, after)]
    more = len(texts) - MOST_NAMED
    return "; ".join([*texts[:MOST_NAMED], *([f"{more} more"] if more > 0 else [])])


def _rerouted(market: Market, before: Optimum, after: Optimum) -> list[Pair]:
    lanes = after.lanes
    was = np.zeros(len(lanes))
    was[: len(before.ship_kt)] = before.ship_kt
    moved = np.flatnonzero(np.abs(was - after.ship_kt) > NEAR)
    return sorted({(market.origins[lanes.origin[k]], market.sinks[lanes.sink[k]]) for k in moved})
