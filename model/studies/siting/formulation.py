"""The siting program compiled, and the questions that are put to it; each is one search or solve.

The program itself is stated in `page.py`; `arrays.py` makes the same rows without Pyomo.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.sparse import coo_array, csc_array, hstack

from model.arrays import Floats
from model.case.errors import SolverFailed
from model.market.market import Market
from model.solve.core import Core, Memory
from model.solve.deadline import NEVER, Deadline
from model.solve.highs import SOLVER, Session, Solution, Status
from model.solve.outcome import CutShort, Impossible, Outcome, Proved
from model.solve.program import Program
from model.solve.rows import Row, with_rows
from model.solve.search import MOST_NODES, search, second_search
from model.studies.siting.arrays import siting_program, upper_row
from model.studies.siting.choice import Choice
from model.studies.siting.flow_columns import FlowColumns
from model.studies.siting.layout import SitingLayout
from model.studies.siting.options import Options

NODES_ON_ARCS = 20
"""A program on arcs is loose: after so many nodes the solver's cuts serve it better."""
NEARLY = 1e-6
"""How far an answer of the relaxed program may lie from a whole number and be one."""
GRACE_S = 3.0
"""Seconds beyond a time limit for what leads to a first answer, so that there is one to show."""


@dataclass(frozen=True)
class Formulation:
    """A market with its lanes and options, compiled.

    Attributes
    ----------
    market : its bounds are those of rows without any option
    program : with all rules of the case, without what a user requires
    deadline : by which every search ends
    memory : what mattered in questions so far
    """

    market: Market
    lanes: FlowColumns
    options: Options
    program: Program
    deadline: Deadline = NEVER
    memory: Memory = field(default_factory=Memory)

    @staticmethod
    def of(
        market: Market, lanes: FlowColumns, options: Options, deadline: Deadline = NEVER
    ) -> Formulation:
        """Compile."""
        program = siting_program(market, lanes, options)
        return Formulation(market, lanes, options, program, deadline)

    # Expressions in the columns, (n,)

    @property
    def layout(self) -> SitingLayout:
        """Which column stands for what."""
        return SitingLayout(len(self.lanes), self.options)

    def capital_weights(self) -> Floats:
        """Upfront capital, CNY thousand."""
        per_kt = [option.capital_kcny_per_kt for option in self.options.options]
        return self._wide(self.layout.of_sizes(np.array(per_kt, float)))

    def size_weights(self, number: int) -> Floats:
        """Size of one option, kt."""
        per_kt = np.zeros(len(self.options))
        per_kt[number] = 1.0
        return self._wide(self.layout.of_sizes(per_kt))

    def answer_weights(self, numbers: Iterable[int]) -> Floats:
        """How many of these options are taken."""
        weights = np.zeros(len(self.options))
        weights[list(numbers)] = 1.0
        return self._wide(self.layout.of_answers(weights))

    def cost_weights(self) -> Floats:
        """The objective, CNY thousand a year."""
        return np.array(self.program.cost, float)

    def parameter_weights(self, weight: float) -> Floats:
        """The parameter alone."""
        weights = np.zeros(len(self.program.cost))
        weights[-1] = weight
        return weights

    def _wide(self, weights: Floats) -> Floats:
        """With a nought for the parameter, where there is one."""
        wide = np.zeros(len(self.program.cost))
        wide[: len(weights)] = weights
        return wide

    def other_than(self, answers: Iterable[bool]) -> Row:
        """At least one answer differs: Σ_{yes} (1 − y) + Σ_{no} y ≥ 1."""
        yes = np.array(list(answers), bool)
        weights = self._wide(self.layout.of_answers(np.where(yes, -1.0, 1.0)))
        return Row(weights, least=1.0 - yes.sum())

    def with_parameter(self, lower: float, upper: float, raises: Iterable[int] = ()) -> Formulation:
        """The same with one more column, free of cost, that raises the upper bounds of some rows.

        Parameters
        ----------
        raises : rows of the program whose bound rises by the parameter
        """
        program, rows = self.program, list(raises)
        entries = (-np.ones(len(rows)), (rows, [0] * len(rows)))
        column = coo_array(entries, shape=(program.matrix.shape[0], 1))
        integer = np.zeros(len(program.cost), bool) if program.integer is None else program.integer
        wider = replace(
            program,
            cost=np.r_[program.cost, 0.0],
            lower=np.r_[program.lower, lower],
            upper=np.r_[program.upper, upper],
            matrix=csc_array(hstack([program.matrix, column], format="csc")),
            integer=np.r_[integer, False],
        )
        return replace(self, program=wider)

    def capacity_row(self, number: int) -> int:
        """Row whose upper bound an option's capacity is: that of its size, or the one it raises."""
        option = self.options.options[number]
        if option.is_sized:
            return self.market.row_count + 2 * int(np.searchsorted(self.options.sized, number))
        row = self.market.row_of(*next(iter(option.raises)))
        return upper_row(self.market, self.options, row)

    # Questions

    def choose(
        self,
        rows: Iterable[Row] = (),
        *,
        answers: Mapping[int, bool] | None = None,
        minimise: Floats | None = None,
        cutoff: float = np.inf,
    ) -> Outcome[Choice]:
        """The best answers, with gap 0 asked for.

        Parameters
        ----------
        rows : further rows
        answers : options whose answer is given
        minimise : another objective, by column, instead of cost
        cutoff : answers that are not below it are not sought
        """
        program = self._asked(rows, answers or {})
        if minimise is not None:
            program = replace(program, cost=minimise)
        most = NODES_ON_ARCS if self.lanes.balance.shape[0] else MOST_NODES
        found = search(
            program,
            self.layout.answers,
            self.deadline,
            cutoff=cutoff,
            most_nodes=most,
            memory=self.memory,
        )
        return self._choices(found, costed=minimise is None)

    def choose_otherwise(self, rows: Iterable[Row] = ()) -> Outcome[Choice]:
        """The same question put to the solver's own search, without presolve, with another seed."""
        program = self._asked(rows, {})
        return self._choices(second_search(program, self.layout.answers, self.deadline))

    def evaluate(
        self,
        answers: Iterable[bool],
        rows: Iterable[Row] = (),
        *,
        minimise: Floats | None = None,
    ) -> Choice | None:
        """The best plan under given answers, a linear program; None where there is none.

        Raises
        ------
        SolverFailed
        """
        program = replace(self._asked(rows, dict(enumerate(answers))), integer=None)
        if minimise is not None:
            program = replace(program, cost=minimise)
        answers_ = np.arange(self.layout.answers.start, self.layout.answers.stop)
        solution = Core(program, answers_, memory=self.memory).solve()
        if solution.status is Status.OPTIMAL:
            return self._choice(solution, costed=minimise is None)
        if solution.status is Status.INFEASIBLE:
            return None
        raise SolverFailed(f"{SOLVER} ended as {solution.status.value}; no result was written")

    def rounded(self, nothing: CutShort[Choice], rows: Iterable[Row] = ()) -> CutShort[Choice]:
        """Whole answers next to those of the relaxed program, where a search ended before any.

        Parameters
        ----------
        nothing : how that search ended
        """
        rows, late = list(rows), self.deadline.later(GRACE_S)
        relaxed = replace(self._asked(rows, {}), integer=None)
        root = Session(relaxed).solve(time_limit_s=late.left_s)
        if root.status is not Status.OPTIMAL:
            return nothing
        value = root.value[self.layout.answers]
        found: list[Choice] = []
        for near in (np.round(value), np.floor(value + NEARLY), np.ceil(value - NEARLY)):
            choice = None if found and late.has_passed else self.evaluate(near > 0.5, rows)
            found += [] if choice is None else [choice]
        best = min(found, key=lambda choice: choice.cost_kcny, default=None)
        bound = max(nothing.bound, root.objective)
        return CutShort(best, bound if best is None else min(bound, best.cost_kcny), nothing.reason)

    def relaxed(self, rows: Iterable[Row] = ()) -> Program:
        """The program whose answers may be anything between no and yes."""
        return replace(self._asked(rows, {}), integer=None)

    def _asked(self, rows: Iterable[Row], answers: Mapping[int, bool]) -> Program:
        """The program with further rows and given answers."""
        program = with_rows(self.program, list(rows))
        lower, upper = program.lower.copy(), program.upper.copy()
        for option, yes in answers.items():
            column = self.layout.answer(option)
            lower[column] = upper[column] = float(yes)
        return replace(program, lower=lower, upper=upper)

    def _choices(self, found: Outcome[Solution], *, costed: bool = True) -> Outcome[Choice]:
        match found:
            case Proved(best=best, bound=bound):
                return Proved(self._choice(best, costed=costed), bound)
            case CutShort(found=at_hand, bound=bound, reason=reason):
                choice = None if at_hand is None else self._choice(at_hand, costed=costed)
                return CutShort(choice, bound, reason)
            case Impossible():
                return found

    def _choice(self, solution: Solution, *, costed: bool = True) -> Choice:
        """A solution as answers and sizes; `costed` where its objective is the cost."""
        layout = self.layout
        yes = solution.value[layout.answers] > 0.5
        size = layout.size_factor * solution.value[layout.size_column]
        return Choice(
            yes=yes,
            size_kt=np.where(yes, size, 0.0),
            cost_kcny=solution.objective if costed else float(self.program.cost @ solution.value),
            value=solution.value,
            row_dual=solution.row_dual,
        )
