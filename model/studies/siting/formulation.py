"""The linear program with a yes or no for every option: the one formulation of siting and of plans.

::

    min   Σ_l c_l x_l + Σ_j (lump_j y_j + unit_j s_j)              CNY thousand per year
    s.t.  the rows of `lp.py`, where option j raises the upper bound of a row by s_j
          least_j y_j ≤ s_j ≤ capacity_j y_j                        size_chosen
          Σ_{l of a pair} x_l ≤ (what the sink takes) Σ_j y_j       lane_open
          Σ_j capital_j s_j ≤ budget,  Σ y ≤ number, ...            rule_kept
          y_j ∈ {0, 1}

`lane_open` holds for pairs of an origin that only options supply, and for sinks behind a limit that
only options open, where the sink takes less than the options could bring: there it tightens.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from scipy.sparse import coo_array, csc_array, csr_array, hstack, vstack

from model.arrays import Booleans, Floats
from model.market.lanes import Lanes, columns
from model.market.market import Market
from model.solve.highs import Session, Solution, Status
from model.solve.program import Program, compile_program
from model.solve.solver_limits import SMALLEST
from model.studies.siting.branching import branch
from model.studies.siting.options import Options, Rule

MOST_NODES = 300
"""Linear programs that a tree may take before the solver's own search is called."""
OTHER_SEED = 20240229


Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Row:
    """One more row: least ≤ Σ weight × column ≤ most."""

    weights: Mapping[int, float]
    least: float = -np.inf
    most: float = np.inf


@dataclass(frozen=True)
class Choice:
    """An answer to every option, with the cost of the best plan under it.

    Attributes
    ----------
    status : optimal, infeasible, limit, ...
    yes : (J,) bool
    size_kt : (J,) 0 where the answer is no
    cost_kcny, bound_kcny : cost of the answer, and the solver's proved bound on any answer's
    value : of every column
    row_dual : duals of all rows, of a linear program
    """

    status: Status
    yes: Booleans
    size_kt: Floats
    cost_kcny: float
    bound_kcny: float
    value: Floats
    row_dual: Floats

    @property
    def found(self) -> bool:
        """Whether there is an answer (proved the best, or not)."""
        return len(self.value) > 0

    @property
    def key(self) -> tuple[bool, ...]:
        """The answers, to tell choices apart."""
        return tuple(self.yes.tolist())


NO_CHOICE = Choice(
    Status.INFEASIBLE, np.zeros(0, bool), np.zeros(0), np.inf, np.inf, np.zeros(0), np.zeros(0)
)


@dataclass(frozen=True)
class Formulation:
    """A market with its lanes and options, compiled; every question about it is one solve.

    Columns are n lanes, then the J answers, then the sizes of the options that are sized.
    """

    market: Market
    lanes: Lanes
    options: Options
    program: Program
    rules: tuple[Rule, ...]
    time_limit_s: float | None = None

    @staticmethod
    def of(
        market: Market, lanes: Lanes, options: Options, *, time_limit_s: float | None = None
    ) -> Formulation:
        """Compile; `market` holds the bounds of rows without any option."""
        draft = _Draft(market, lanes, options)
        return Formulation(market, lanes, options, draft.program(), options.rules, time_limit_s)

    # Columns

    @property
    def first_answer(self) -> int:
        """Column of the first answer; those of the others follow."""
        return len(self.lanes)

    def answer(self, option: int) -> int:
        """Column of an option's answer."""
        return self.first_answer + option

    @property
    def answers(self) -> slice:
        """Columns of all answers."""
        return slice(self.first_answer, self.first_answer + len(self.options))

    @cached_property
    def size_terms(self) -> list[tuple[int, float]]:
        """Column and factor that make the size of each option, kt."""
        return _size_terms(self.options, self.first_answer)

    def capital_weights(self) -> dict[int, float]:
        """Upfront capital by column, CNY thousand."""
        return {
            column: factor * option.capital_kcny_per_kt
            for (column, factor), option in zip(self.size_terms, self.options.options, strict=True)
            if option.capital_kcny_per_kt
        }

    def cost_weights(self) -> dict[int, float]:
        """The objective by column, CNY thousand a year."""
        cost = self.program.cost
        return {column: float(cost[column]) for column in np.flatnonzero(cost).tolist()}

    def row_of_rule(self, rule: Rule) -> Row:
        """A rule on answers as a row."""
        weights = {self.answer(option): weight for option, weight in rule.weights.items()}
        return Row(weights, rule.least, rule.most)

    def other_than(self, answers: Iterable[bool]) -> Row:
        """At least one answer differs: Σ_{yes} (1 − y) + Σ_{no} y ≥ 1."""
        given = list(answers)
        weights = {self.answer(option): -1.0 if yes else 1.0 for option, yes in enumerate(given)}
        return Row(weights, least=1.0 - sum(given))

    def with_parameter(self, lower: float, upper: float, adds: Mapping[int, float]) -> Formulation:
        """The same with one more column, free of cost, that raises the upper bounds of some rows.

        Parameters
        ----------
        adds : row → by how much the bound rises for each unit of the parameter
        """
        program = self.program
        shape = (program.matrix.shape[0], 1)
        entries = (-np.array(list(adds.values()), float), (list(adds), [0] * len(adds)))
        column = csc_array(coo_array(entries, shape=shape))
        return replace(
            self,
            program=replace(
                program,
                cost=np.r_[program.cost, 0.0],
                lower=np.r_[program.lower, lower],
                upper=np.r_[program.upper, upper],
                matrix=csc_array(hstack([program.matrix, column], format="csc")),
                integer=None if program.integer is None else np.r_[program.integer, False],
            ),
        )

    def with_capital(self, number: int, capital_kcny_per_kt: float) -> Formulation:
        """The same with another capital cost of one project, its annuity in proportion."""
        option = self.options.options[number]
        changed = replace(
            option,
            capital_kcny_per_kt=capital_kcny_per_kt,
            unit_kcny_per_kt=option.annuity * capital_kcny_per_kt,
        )
        column, factor = self.size_terms[number]
        cost = self.program.cost.copy()
        cost[column] += factor * (changed.unit_kcny_per_kt - option.unit_kcny_per_kt)
        others = self.options.options
        options = replace(self.options, options=(*others[:number], changed, *others[number + 1 :]))
        return replace(self, options=options, program=replace(self.program, cost=cost))

    def capacity_row(self, number: int) -> int:
        """Row whose upper bound an option's capacity is: that of its size, or the one it raises."""
        option = self.options.options[number]
        if not option.is_sized:
            return self.market.row_of(*next(iter(option.raises)))
        sized = [other for other in self.options.options[:number] if other.is_sized]
        return self.market.row_count + 2 * len(sized)

    @property
    def parameter(self) -> int:
        """The last column: that of the parameter, where there is one."""
        return len(self.program.cost) - 1

    # Solving

    def choose(
        self,
        rows: Iterable[Row] = (),
        *,
        answers: Mapping[int, bool] | None = None,
        minimise: Mapping[int, float] | None = None,
    ) -> Choice:
        """The best answers, proved with gap 0 asked for.

        Parameters
        ----------
        rows : further rows
        answers : options whose answer is given
        minimise : another objective, by column, instead of cost
        """
        program = self._ruled(rows, answers or {})
        if minimise is not None:
            program = replace(program, cost=_dense(minimise, len(program.cost)))
        branched = branch(
            replace(program, integer=None), self.answers, MOST_NODES, self.time_limit_s
        )
        if branched is None:
            session = Session(program, presolve=True)
            return self._choice(session.solve(time_limit_s=self.time_limit_s))
        if branched.solution is None:
            return NO_CHOICE
        return replace(self._choice(branched.solution), bound_kcny=branched.bound)

    def choose_otherwise(self, rows: Iterable[Row] = ()) -> Choice:
        """The same question put to the solver's own search, without presolve, with another seed."""
        session = Session(self._ruled(rows, {}), presolve=False, seed=OTHER_SEED)
        return self._choice(session.solve(time_limit_s=self.time_limit_s))

    def evaluate(self, answers: Iterable[bool], rows: Iterable[Row] = ()) -> Choice:
        """The best plan under given answers (whatever the rules say): a linear program."""
        given = dict(enumerate(answers))
        program = replace(self._with(self.program, list(rows), given), integer=None)
        return self._choice(Session(program).solve())

    def relaxed(self, rows: Iterable[Row] = ()) -> tuple[Program, Solution]:
        """The program whose answers may be anything between no and yes, and its solution."""
        program = replace(self._ruled(rows, {}), integer=None)
        return program, Session(program).solve()

    def _ruled(self, rows: Iterable[Row], answers: Mapping[int, bool]) -> Program:
        """The program with the case's rules, further rows and given answers."""
        rules = [self.row_of_rule(rule) for rule in self.rules]
        return self._with(self.program, [*rules, *rows], answers)

    def _with(self, program: Program, rows: list[Row], answers: Mapping[int, bool]) -> Program:
        lower, upper = program.lower.copy(), program.upper.copy()
        for option, yes in answers.items():
            lower[self.answer(option)] = upper[self.answer(option)] = float(yes)
        if not rows:
            return replace(program, lower=lower, upper=upper)
        return replace(
            program,
            lower=lower,
            upper=upper,
            matrix=csc_array(vstack([program.matrix, matrix_of(rows, len(lower))], format="csc")),
            row_lower=np.r_[program.row_lower, [row.least for row in rows]],
            row_upper=np.r_[program.row_upper, [row.most for row in rows]],
        )

    def _choice(self, solution: Solution) -> Choice:
        has_answer = len(solution.value) == len(self.program.cost) and np.isfinite(
            solution.objective
        )
        if solution.status not in (Status.OPTIMAL, Status.LIMIT) or not has_answer:
            return replace(NO_CHOICE, status=solution.status)
        value = solution.value
        yes = value[self.answers] > 0.5
        size = np.array([factor * value[column] for column, factor in self.size_terms])
        return Choice(
            status=solution.status,
            yes=yes,
            size_kt=np.where(yes, size, 0.0),
            cost_kcny=solution.objective,
            bound_kcny=solution.bound,
            value=value,
            row_dual=solution.row_dual,
        )


class _Draft:
    """Rows and columns of a formulation, put together."""

    def __init__(self, market: Market, lanes: Lanes, options: Options) -> None:
        self.market, self.lanes, self.options = market, lanes, options
        self.first_answer = len(lanes)
        self.sizes = _size_terms(options, self.first_answer)
        self.width = len(lanes) + len(options) + sum(option.is_sized for option in options.options)
        self.raised: dict[int, list[int]] = {}
        for number, option in enumerate(options.options):
            for row in option.raises:
                self.raised.setdefault(market.row_of(*row), []).append(number)

    def program(self) -> Program:
        base = compile_program(self.market, _without_minimum(self.lanes, self._conditional))
        rows = [*self._size_rows(), *self._open_rows(), *self._minimum_rows()]
        raising = self._raising()
        more = self.width - len(self.lanes)
        cost, upper = np.zeros(more), np.ones(more)
        for option, (column, factor) in zip(self.options.options, self.sizes, strict=True):
            cost[column - self.first_answer] += factor * option.unit_kcny_per_kt
            if option.is_sized:
                upper[column - self.first_answer] = option.capacity_kt
        cost[: len(self.options)] += [option.lump_kcny for option in self.options.options]
        wider = csr_array((base.matrix.shape[0], more))
        market_rows = csr_array(hstack([base.matrix, wider], format="csr"))
        return Program(
            cost=np.r_[base.cost, cost],
            lower=np.r_[base.lower, np.zeros(more)],
            upper=np.r_[base.upper, upper],
            matrix=csc_array(
                vstack([market_rows + raising, matrix_of(rows, self.width)], format="csc")
            ),
            row_lower=np.r_[base.row_lower, [row.least for row in rows]],
            row_upper=np.r_[base.row_upper, [row.most for row in rows]],
            integer=np.r_[
                np.zeros(len(self.lanes), bool),
                np.arange(more) < len(self.options),
            ],
        )

    def _raising(self) -> csr_array:
        """What options add to the upper bounds of rows, on the left-hand side."""
        rows, cols, values = [], [], []
        for number, option in enumerate(self.options.options):
            for row, kt in option.raises.items():
                column, factor = self.sizes[number]
                rows.append(self.market.row_of(*row))
                cols.append(column)
                values.append(-factor if option.is_sized else -kt)
        return csr_array(
            coo_array((values, (rows, cols)), shape=(self.market.row_count, self.width))
        )

    def _size_rows(self) -> list[Row]:
        """Sizes: least y ≤ s ≤ capacity y."""
        rows = []
        for number, option in enumerate(self.options.options):
            if option.is_sized:
                size, answer = self.sizes[number][0], self.first_answer + number
                rows.append(Row({size: 1.0, answer: -option.capacity_kt}, most=0.0))
                rows.append(Row({size: 1.0, answer: -option.min_kt}, least=0.0))
        return rows

    def _open_rows(self) -> list[Row]:
        """Lanes carry nothing unless an option opens them, where that is tighter than its size."""
        rows = []
        matrix = columns(self.market, self.lanes).tocsr()
        upper = self.market.row_upper_kt
        takes = self.market.max_kt[self.lanes.sink]
        for row, numbers in self.raised.items():
            opens = all(self.options.options[number].is_project for number in numbers)
            if upper[row] != 0 or not opens:
                continue
            here = slice(matrix.indptr[row], matrix.indptr[row + 1])
            through, weight = matrix.indices[here], matrix.data[here]
            order = np.argsort(self.lanes.sink[through], kind="stable")
            through, weight = through[order], weight[order]
            brings = sum(self.options.options[number].capacity_kt for number in numbers)
            for lanes, weights in _runs(through, weight, self.lanes.sink[through]):
                most = float(takes[lanes[0]] * weights.max())
                if most < brings and weights.min() > 0:
                    entries = dict(zip(lanes.tolist(), weights.tolist(), strict=True))
                    entries |= {
                        self.first_answer + number: -min(
                            most, self.options.options[number].capacity_kt
                        )
                        for number in numbers
                    }
                    rows.append(Row(entries, most=0.0))
        return rows

    @cached_property
    def _conditional(self) -> Booleans:
        """Lanes whose least shipment holds only if their origin is built, (n,)."""
        upper = self.market.row_upper_kt
        optional = [
            row for row in self.raised if row < len(self.market.origins) and upper[row] == 0
        ]
        return np.isin(self.lanes.origin, optional) & (self.lanes.min_kt > 0)

    def _minimum_rows(self) -> list[Row]:
        return [
            Row(
                {int(lane): 1.0}
                | {
                    self.first_answer + number: -float(self.lanes.min_kt[lane])
                    for number in self.raised[int(self.lanes.origin[lane])]
                },
                least=0.0,
            )
            for lane in np.flatnonzero(self._conditional)
        ]


def matrix_of(rows: list[Row], width: int) -> csr_array:
    """Rows as a matrix, (m, width)."""
    count = [len(row.weights) for row in rows]
    column = [column for row in rows for column in row.weights]
    value = np.array([value for row in rows for value in row.weights.values()], float)
    value[np.abs(value) <= SMALLEST] = 0.0  # what differences of equal figures leave
    return csr_array(
        (value, np.array(column, int), np.r_[0, np.cumsum(count)].astype(int)),
        shape=(len(rows), width),
    )


def _size_terms(options: Options, first_answer: int) -> list[tuple[int, float]]:
    """Column and factor of each option's size: its own column, or capacity times its answer."""
    terms, next_size = [], first_answer + len(options)
    for number, option in enumerate(options.options):
        if option.is_sized:
            terms.append((next_size, 1.0))
            next_size += 1
        else:
            terms.append((first_answer + number, option.capacity_kt))
    return terms


def _runs(lanes: Array, weights: Floats, key: Array) -> Iterable[tuple[Array, Floats]]:
    """Stretches of equal key."""
    cuts = np.flatnonzero(np.diff(key)) + 1
    return zip(np.split(lanes, cuts), np.split(weights, cuts), strict=True) if len(lanes) else ()


def _without_minimum(lanes: Lanes, rows: Booleans) -> Lanes:
    return replace(lanes, min_kt=np.where(rows, 0.0, lanes.min_kt)) if rows.any() else lanes


def _dense(weights: Mapping[int, float], width: int) -> Floats:
    values = np.zeros(width)
    for column, weight in weights.items():
        values[column] = weight
    return values
