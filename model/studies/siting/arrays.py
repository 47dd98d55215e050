"""The siting program as arrays: row by row what its page, `page.build_siting`, says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_array, csc_array, csr_array, hstack, vstack

from model.arrays import Booleans, Floats, Integers
from model.market.lanes import Lanes
from model.market.market import Market
from model.solve.program import Program
from model.studies.siting.flow_columns import FlowColumns
from model.studies.siting.layout import SitingLayout
from model.studies.siting.options import Options


@dataclass(frozen=True)
class Block:
    """Rows of the program: lower ≤ A x ≤ upper."""

    matrix: csr_array
    lower: Floats
    upper: Floats


def siting_program(market: Market, lanes: FlowColumns, options: Options) -> Program:
    """All columns and rows but those of what a user requires of the choice.

    Rows stand in this order: the market's own, sizes, upper bounds of raised rows that have a lower
    bound too, lanes opened, least shipments of projects, least loads, rules, balances of flows on
    arcs.
    """
    layout = SitingLayout(len(lanes), options)
    rises = _rises(market, layout)
    held = conditional_lanes(market, lanes, options)
    market_rows, raised_rows = _market_rows(market, lanes, layout, rises)
    blocks = [
        market_rows,
        _sizes(layout),
        raised_rows,
        _lanes_opened(market, lanes, layout),
        _least_shipments(market, lanes, layout, held),
        _least_loads(market, lanes, layout),
        _rules(layout),
        _balances(lanes, layout),
    ]
    most = np.array([option.capacity_kt for option in options.options], float)
    yearly = np.array([option.unit_kcny_per_kt for option in options.options], float)
    lump = np.array([option.lump_kcny for option in options.options], float)
    cost = layout.of_sizes(yearly) + layout.of_answers(lump)
    cost[: len(lanes)] = lanes.cost_cny_per_t
    decisions, runs = np.zeros(layout.width - len(lanes)), np.ones(len(layout.runs))
    is_whole = layout.of_answers(np.ones(len(options))) > 0
    is_whole[layout.runs] = True
    return Program(
        cost=cost,
        lower=np.r_[np.where(held, 0.0, lanes.min_kt), decisions],
        upper=np.r_[lanes.max_kt, runs, np.ones(len(options)), most[options.sized]],
        matrix=csc_array(vstack([block.matrix for block in blocks], format="csc")),
        row_lower=np.concatenate([block.lower for block in blocks]),
        row_upper=np.concatenate([block.upper for block in blocks]),
        integer=is_whole,
        offset_kcny=market.unpaid_kcny,
    )


def raised_rows(market: Market, options: Options) -> dict[int, list[int]]:
    """Rows whose upper bound options raise, with these options."""
    raised: dict[int, list[int]] = {}
    for number, option in enumerate(options.options):
        for row in option.raises:
            raised.setdefault(market.row_of(*row), []).append(number)
    return raised


def without_raised_bounds(market: Market, options: Options) -> Market:
    """The market without an upper bound on rows that options raise."""
    is_raised = np.zeros(market.row_count, bool)
    is_raised[list(raised_rows(market, options))] = True
    supply, _, limits = market.split(np.where(is_raised, np.inf, market.row_upper_kt))
    return replace(market, supply_kt=supply, limits=replace(market.limits, max_kt=limits))


def conditional_lanes(market: Market, lanes: FlowColumns | Lanes, options: Options) -> Booleans:
    """Lanes whose least shipment holds only if their origin, a project, is built, (n,)."""
    built = [
        market.row_of(*row)
        for option in options.options
        if option.supplies
        for row in option.raises
    ]
    return np.isin(lanes.origin, built) & (lanes.min_kt > 0)


def upper_row(market: Market, options: Options, row: int) -> int:
    """Row of the program that holds the upper bound of a raised row of the market."""
    doubled = _doubled(market, options)
    if row not in doubled:
        return row
    return market.row_count + 2 * len(options.sized) + doubled.index(row)


def _doubled(market: Market, options: Options) -> list[int]:
    """Raised rows with a lower bound, which does not rise: their two bounds are two rows."""
    lower = market.row_lower_kt
    return [row for row in sorted(raised_rows(market, options)) if np.isfinite(lower[row])]


def _rises(market: Market, layout: SitingLayout) -> csr_array:
    """By how much each column raises the upper bound of each row, (m, width)."""
    rows, cols, values = [], [], []
    for number, option in enumerate(layout.options.options):
        for name, kt in option.raises.items():
            rows.append(market.row_of(*name))
            cols.append(int(layout.size_column[number]))
            values.append(1.0 if option.is_sized else kt)
    return csr_array(coo_array((values, (rows, cols)), shape=(market.row_count, layout.width)))


def _market_rows(
    market: Market, lanes: FlowColumns, layout: SitingLayout, rises: csr_array
) -> tuple[Block, Block]:
    """The rows of `lp.py`, and the upper bounds of those that have two bounds and rise."""
    more = csr_array((market.row_count, layout.width - len(lanes)))
    shipped = csr_array(hstack([lanes.matrix, more], format="csr"))
    doubled = _doubled(market, layout.options)
    single, upper = np.ones(market.row_count), market.row_upper_kt.copy()
    single[doubled] = 0.0
    upper[doubled] = np.inf
    kept = shipped - csr_array(rises * single[:, None])
    above = (shipped - rises)[doubled]
    free = np.full(len(doubled), -np.inf)
    return (
        Block(csr_array(kept), market.row_lower_kt, upper),
        Block(csr_array(above), free, market.row_upper_kt[doubled]),
    )


def _sizes(layout: SitingLayout) -> Block:
    """S ≤ capacity y and s ≥ least y, two rows for every option that is sized."""
    sized = layout.options.sized
    first = 2 * np.arange(len(sized))
    options = [layout.options.options[number] for number in sized]
    most = np.array([option.capacity_kt for option in options])
    least = np.array([option.min_kt for option in options])
    one, size, answer = np.ones(len(sized)), layout.size_column[sized], layout.answers.start + sized
    matrix = coo_array(
        (
            np.concatenate([one, one, -most, -least]),
            (
                np.concatenate([first, first + 1, first, first + 1]),
                np.concatenate([size, size, answer, answer]),
            ),
        ),
        shape=(2 * len(sized), layout.width),
    )
    low, high = np.tile([-np.inf, 0.0], len(sized)), np.tile([0.0, np.inf], len(sized))
    return Block(csr_array(matrix), low, high)


def _balances(lanes: FlowColumns, layout: SitingLayout) -> Block:
    """What comes to a state of the network leaves it."""
    more = csr_array((lanes.balance.shape[0], layout.width - len(lanes)))
    none = np.zeros(lanes.balance.shape[0])
    return Block(csr_array(hstack([lanes.balance, more], format="csr")), none, none)


def _lanes_opened(market: Market, lanes: FlowColumns, layout: SitingLayout) -> Block:
    """What flows into one sink through a row that projects alone open is at most what they bring.

    Stated where the sink takes less than the projects could bring: there it tightens.
    """
    rows, cols, values, count = [], [], [], 0
    for _, through, weight, most, numbers in openings(market, lanes, layout.options):
        capacity = [layout.options.options[number].capacity_kt for number in numbers]
        rows.append(np.full(len(through) + len(numbers), count))
        cols.append(np.r_[through, layout.answers.start + np.array(numbers)])
        values.append(np.r_[weight, -np.minimum(most, capacity)])
        count += 1
    entries = _joined(values, float), (_joined(rows, np.intp), _joined(cols, np.intp))
    matrix = csr_array(coo_array(entries, shape=(count, layout.width)))
    return Block(matrix, np.full(count, -np.inf), np.zeros(count))


def first_tightening_row(market: Market, options: Options) -> int:
    """The first of the rows that say which lanes are opened."""
    return market.row_count + 2 * len(options.sized) + len(_doubled(market, options))


class Opening(NamedTuple):
    """Lanes that end alike, through a row that projects alone open: a row of the program.

    Attributes
    ----------
    row : of the market
    lanes, weights : (n,) those lanes, and what they weigh in it
    most : what their end takes
    numbers : of the options that open it
    """

    row: int
    lanes: Integers
    weights: Floats
    most: float
    numbers: list[int]


def openings(market: Market, lanes: FlowColumns, options: Options) -> Iterator[Opening]:
    """Rows that say that lanes into one sink carry nothing before a project opens them."""
    matrix = lanes.matrix.tocsr()
    for row, numbers in raised_rows(market, options).items():
        opens = all(options.options[number].is_project for number in numbers)
        if market.row_upper_kt[row] != 0 or not opens:
            continue
        here = slice(matrix.indptr[row], matrix.indptr[row + 1])
        through, weight = matrix.indices[here].astype(np.intp), matrix.data[here]
        order = np.argsort(lanes.part[through], kind="stable")
        through, weight = through[order], weight[order]
        brings = sum(options.options[number].capacity_kt for number in numbers)
        cuts = np.flatnonzero(np.diff(lanes.part[through])) + 1
        for part, weights in zip(np.split(through, cuts), np.split(weight, cuts), strict=True):
            if len(part) and weights.min() > 0:
                most = float(lanes.takes_kt[lanes.part[part[0]]] * weights.max())
                if most < brings:
                    yield Opening(row, part, weights, most, numbers)


def _least_shipments(
    market: Market, lanes: FlowColumns, layout: SitingLayout, held: Booleans
) -> Block:
    """X ≥ least Σ y for a lane whose origin is a project."""
    raised = raised_rows(market, layout.options)
    lanes_held = np.flatnonzero(held)
    matrix = np.zeros((len(lanes_held), layout.width))
    for row, lane in enumerate(lanes_held):
        matrix[row, lane] = 1.0
        for number in raised[int(lanes.origin[lane])]:
            matrix[row, layout.answer(number)] = -lanes.min_kt[lane]
    none = np.zeros(len(lanes_held))
    return Block(csr_array(matrix), none, none + np.inf)


def _least_loads(market: Market, lanes: FlowColumns, layout: SitingLayout) -> Block:
    """Ships ≤ capacity u and ships ≥ share s − share capacity (1 − u), with u whether it runs."""
    loads, matrix = layout.options.loads, lanes.matrix.tocsr()
    rows = np.zeros((2 * len(loads), layout.width))
    least = np.zeros(2 * len(loads))
    for number, load in enumerate(loads):
        at, below = 2 * number, 2 * number + 1
        rows[at : below + 1, : len(lanes)] = matrix[[market.row_of(*load.row)]].toarray()
        rows[at, layout.runs[number]] = -load.capacity_kt
        size = np.zeros(len(layout.options))
        size[list(load.members)] = load.share
        rows[below] -= layout.of_sizes(size)
        rows[below, layout.runs[number]] = -load.share * load.capacity_kt
        least[below] = -load.share * load.capacity_kt
    is_most = np.arange(2 * len(loads)) % 2 == 0
    return Block(csr_array(rows), np.where(is_most, -np.inf, least), np.where(is_most, 0.0, np.inf))


def _rules(layout: SitingLayout) -> Block:
    """What the case says of answers: groups, requirements of one another, force."""
    rules = layout.options.rules
    matrix = np.zeros((len(rules), layout.width))
    for row, rule in enumerate(rules):
        for number, weight in rule.weights.items():
            matrix[row, layout.answer(number)] = weight
    least, most = ([getattr(rule, bound) for rule in rules] for bound in ("least", "most"))
    return Block(csr_array(matrix), np.array(least, float), np.array(most, float))


def _joined(parts: list[np.ndarray], kind: type) -> np.ndarray:
    return np.concatenate(parts) if parts else np.zeros(0, kind)
