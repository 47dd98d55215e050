"""The page of the plan, `page.build_plan`, as arrays; a test proves them equal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from scipy.sparse import block_diag, coo_array, csc_array, csr_array, hstack, vstack

from model.arrays import Booleans, Floats, Integers
from model.market.columns import columns
from model.solve.program import Program
from model.solve.solver_limits import SMALLEST
from model.studies.plan.layout import PlanLayout, SparseRow
from model.studies.plan.periods import Horizon
from model.studies.plan.places import Places


def plan_program(horizon: Horizon, layout: PlanLayout) -> Program:
    """Every column, and every row but those of rules and requirements, which `with_rows` adds."""
    flows = _flow_rows(layout)
    lower, upper = _flow_bounds(layout)
    doubled = doubled_rows(layout)
    least, lower[doubled] = lower[doubled], -np.inf  # a least amount does not rise with the most
    rows = [*_size_rows(layout), *_minimum_rows(layout), *_load_rows(layout, flows)]
    blocks = [flows + _raising(layout, flows.shape[0]), flows[doubled], matrix_of(rows, layout)]
    column_lower, column_upper = _column_bounds(layout)
    is_answer = np.zeros(layout.width, dtype=bool)
    is_answer[layout.answers] = is_answer[layout.runs] = True
    return Program(
        cost=_costs(horizon, layout),
        lower=column_lower,
        upper=column_upper,
        matrix=csc_array(vstack(blocks, format="csc")),
        row_lower=np.r_[lower, least, [row.least for row in rows]],
        row_upper=np.r_[upper, np.full(len(doubled), np.inf), [row.most for row in rows]],
        integer=is_answer,
        offset_kcny=layout.places.unpaid_kcny,
    )


def doubled_rows(layout: PlanLayout) -> Integers:
    """Raised rows with a lower bound, which stand twice: the least comes again after all flows."""
    lower, _ = _flow_bounds(layout)
    return np.array([row for row in layout.raised if np.isfinite(lower[row])], dtype=np.intp)


def with_rows(program: Program, rows: Sequence[SparseRow], layout: PlanLayout) -> Program:
    """The program with further rows."""
    if not rows:
        return program
    return replace(
        program,
        matrix=csc_array(vstack([program.matrix, matrix_of(rows, layout)], format="csc")),
        row_lower=np.r_[program.row_lower, [row.least for row in rows]],
        row_upper=np.r_[program.row_upper, [row.most for row in rows]],
    )


def matrix_of(rows: Sequence[SparseRow], layout: PlanLayout) -> csr_array:
    """Rows as a matrix, (m, width)."""
    return _matrix([row.weights for row in rows], layout.width)


def _matrix(rows: Sequence[Mapping[int, float]], width: int) -> csr_array:
    column = np.array([column for row in rows for column in row], dtype=np.intp)
    value = np.array([value for row in rows for value in row.values()], dtype=float)
    value[np.abs(value) <= SMALLEST] = 0.0  # what differences of equal figures leave
    starts = np.r_[0, np.cumsum([len(row) for row in rows])].astype(np.intp)
    return csr_array((value, column, starts), shape=(len(rows), width))


def conditional(layout: PlanLayout, period: int) -> Booleans:
    """Lanes of a period whose least shipment holds only if their project stands, (n,)."""
    lanes = layout.places.lanes[period]
    return layout.places.is_project[lanes.origin] & (lanes.min_kt > 0)


def _flow_rows(layout: PlanLayout) -> csr_array:
    """Lanes and stocks in the rows of every market, and in those of stocks: (R + C, width)."""
    places = layout.places
    shipped = block_diag(
        [columns(m, lanes) for m, lanes in zip(places.markets, places.lanes, strict=True)],
        format="csr",
    )
    count = layout.first_row[-1] + len(places.carries)
    rows, cols, values = [], [], []
    origins = places.stock_origins
    for place, number in enumerate(places.carries):
        stocks = np.arange(layout.stocks(number).start, layout.stocks(number).stop)
        lengths = places.periods[number].length, places.periods[number + 1].length
        for row, value in (
            (layout.first_row[number] + origins, 1.0 / lengths[0]),
            (layout.first_row[number + 1] + origins, -1.0 / lengths[1]),
            (np.full(len(origins), layout.first_row[-1] + place), 1.0),
        ):
            rows.append(row)
            cols.append(stocks)
            values.append(np.full(len(origins), value))
        for period, value in ((number, -1.0 / lengths[0]), (number + 1, 1.0 / lengths[1])):
            row, holder, taken = _recipes_of(places, period)
            rows.append(layout.first_row[period] + row)
            cols.append(stocks[holder])
            values.append(value * taken)
    carried = csr_array((count, layout.width))
    if rows:
        entries = np.concatenate(values), (np.concatenate(rows), np.concatenate(cols))
        carried = csr_array(coo_array(entries, shape=carried.shape))
    wider = csr_array((shipped.shape[0], layout.width - shipped.shape[1]))
    taller = csr_array((len(places.carries), layout.width))
    return csr_array(vstack([hstack([shipped, wider]), taller], format="csr") + carried)


def _recipes_of(places: Places, period: int) -> tuple[Integers, Integers, Floats]:
    """What is made for stock takes inputs too: row, place of its holder, t/t; (n,) each."""
    market = places.markets[period]
    place = {origin: at for at, origin in enumerate(places.stock_origins.tolist())}
    found = [
        (row, place[origin], taken.use.t_per_t)
        for row, taken in market.input_rows.items()
        if (origin := market.origins.index(taken.use.origin)) in place
    ]
    row, holder, t_per_t = np.array(found, dtype=float).reshape(-1, 3).T
    return row.astype(np.intp), holder.astype(np.intp), t_per_t


def _flow_bounds(layout: PlanLayout) -> tuple[Floats, Floats]:
    """Bounds of these rows, (R + C,): where stock comes in, at least nothing is made."""
    places = layout.places
    lower = [market.row_lower_kt.copy() for market in places.markets]
    for number in np.flatnonzero(places.receives):
        lower[number][places.stock_origins] = 0.0
    stocks = [places.periods[number].max_stock_kt for number in places.carries]
    return (
        np.concatenate([*lower, np.full(len(stocks), -np.inf)]),
        np.concatenate([*(market.row_upper_kt for market in places.markets), stocks]),
    )


def _raising(layout: PlanLayout, rows: int) -> csr_array:
    """What starts add to the upper bounds of rows, on the left-hand side."""
    entries = [
        (-kt * layout.sizes[number][1], row, layout.sizes[number][0])
        for row, members in layout.raised.items()
        for number, kt in members
    ]
    values, row, column = np.array(entries, dtype=float).reshape(-1, 3).T
    where = row.astype(np.intp), column.astype(np.intp)
    return csr_array(coo_array((values, where), shape=(rows, layout.width)))


def _costs(horizon: Horizon, layout: PlanLayout) -> Floats:
    """The discounted cost of every column, CNY thousand."""
    places, cost = layout.places, np.zeros(layout.width)
    cost[: layout.first_lane[-1]] = np.concatenate(
        [
            period.weight * lanes.cost_cny_per_t
            for period, lanes in zip(places.periods, places.lanes, strict=True)
        ]
    )
    for number in places.carries:
        cost[layout.stocks(number)] = places.stock_cost_cny_per_t(number)[places.stock_origins]
    for number, start in enumerate(layout.starts.starts):
        column, factor = layout.sizes[number]
        cost[layout.answer(number)] += start.lump_kcny(horizon)
        cost[column] += factor * start.unit_kcny_per_kt(horizon)
    return cost


def _column_bounds(layout: PlanLayout) -> tuple[Floats, Floats]:
    lower, upper = np.zeros(layout.width), np.full(layout.width, np.inf)
    for number, lanes in enumerate(layout.places.lanes):
        here = slice(layout.first_lane[number], layout.first_lane[number + 1])
        lower[here] = np.where(conditional(layout, number), 0.0, lanes.min_kt)
        upper[here] = lanes.max_kt
    upper[layout.answers] = upper[layout.runs] = 1.0
    for start, (column, _) in zip(layout.starts.starts, layout.sizes, strict=True):
        if start.is_sized:
            upper[column] = start.capacity_kt
    return lower, upper


def _size_rows(layout: PlanLayout) -> Iterator[SparseRow]:
    """Sizes: least y ≤ s ≤ capacity y."""
    for number, start in enumerate(layout.starts.starts):
        if start.is_sized:
            size, answer = layout.sizes[number][0], layout.answer(number)
            yield SparseRow({size: 1.0, answer: -start.capacity_kt}, most=0.0)
            yield SparseRow({size: 1.0, answer: -start.min_kt}, least=0.0)


def _load_rows(layout: PlanLayout, flows: csr_array) -> Iterator[SparseRow]:
    """Makes ≤ capacity u and makes ≥ Σ share s − most (1 − u), with u whether it runs."""
    for number, load in enumerate(layout.loads):
        here, runs = flows[[load.row]], layout.runs.start + number
        makes = dict(zip(here.indices.tolist(), here.data.tolist(), strict=True))
        yield SparseRow(makes | {runs: -load.capacity_kt}, most=0.0)
        least, most = makes.copy(), load.share * load.capacity_kt
        for member in load.members:
            column, factor = layout.sizes[member]
            least[column] = -layout.starts.starts[member].min_load * factor
        yield SparseRow(least | {runs: -most}, least=-most)


def opening_rows(layout: PlanLayout) -> Iterator[SparseRow]:
    """Lanes carry nothing before a start opens them, where that is tighter than its size.

    The rows of the page imply these of whole answers, not of fractions. One for each row that
    projects alone open, and each sink. Where stock may come in, what stands no longer may still be
    sold, and more than is made.
    """
    starts = layout.starts.starts
    for period, market in enumerate(layout.places.markets):
        upper, matrix = market.row_upper_kt, columns(market, layout.places.lanes[period]).tocsr()
        for row, members in layout.raised.items():
            own = row - layout.first_row[period]
            opens = {n for n, _ in members}
            is_open = 0 <= own < market.row_count and upper[own] == 0
            if not is_open or not all(starts[n].is_project for n in opens):
                continue
            has_stock = bool(layout.places.receives[period]) and own < len(market.origins)
            if has_stock:
                own_starts = {n for m in opens for n in layout.starts.of(starts[m].name)}
                opens = {n for n in own_starts if starts[n].period <= period}
            here = slice(matrix.indptr[own], matrix.indptr[own + 1])
            entries = matrix.indices[here].astype(np.intp), matrix.data[here]
            yield from _opened(layout, period, entries, sorted(opens), has_stock)


def _opened(
    layout: PlanLayout,
    period: int,
    entries: tuple[Integers, Floats],
    opens: list[int],
    has_stock: bool,
) -> Iterator[SparseRow]:
    """One row for each sink that takes less than what opens its lanes could bring."""
    lanes, takes = layout.places.lanes[period], layout.places.markets[period].max_kt
    starts = [layout.starts.starts[number] for number in opens]
    order = np.argsort(lanes.sink[entries[0]], kind="stable")
    through, weight = entries[0][order], entries[1][order]
    brings = sum({(start.name, start.line): start.capacity_kt for start in starts}.values())
    cuts = np.flatnonzero(np.diff(lanes.sink[through])) + 1
    for part, weights in zip(np.split(through, cuts), np.split(weight, cuts), strict=True):
        most = float(takes[lanes.sink[part[0]]] * weights.max()) if len(part) else np.inf
        if most < brings and weights.min() > 0:
            lane = (layout.first_lane[period] + part).tolist()
            row = dict(zip(lane, weights.tolist(), strict=True))
            for number, start in zip(opens, starts, strict=True):
                row[layout.answer(number)] = -most if has_stock else -min(most, start.capacity_kt)
            yield SparseRow(row, most=0.0)


def _minimum_rows(layout: PlanLayout) -> Iterator[SparseRow]:
    """A least shipment of a project's lane holds while the project stands."""
    for period, lanes in enumerate(layout.places.lanes):
        for lane in np.flatnonzero(conditional(layout, period)):
            members = layout.raised.get(layout.first_row[period] + int(lanes.origin[lane]), [])
            entries = {layout.answer(n): -float(lanes.min_kt[lane]) for n, _ in members}
            yield SparseRow({layout.first_lane[period] + int(lane): 1.0} | entries, least=0.0)
