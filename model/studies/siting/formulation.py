"""The siting program compiled, and the questions that are put to it; each is one search or solve.

The program itself is stated in `page.py`; `arrays.py` makes the same rows without Pyomo.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.sparse import csc_array, hstack

from model.arrays import Booleans, Floats
from model.case.errors import SolverFailed
from model.market.market import Market
from model.solve.branching import branch, roundings
from model.solve.core import Core
from model.solve.deadline import GRACE_S, NEVER, Deadline
from model.solve.highs import SOLVER
from model.solve.outcome import CutShort, Impossible, Outcome, Proved, answer_of
from model.solve.program import Program
from model.solve.rows import Row, with_rows
from model.solve.search import MOST_NODES, search_in, second_search
from model.solve.session import Session
from model.solve.solution import Solution, Status
from model.studies.siting.arrays import siting_program
from model.studies.siting.choice import Choice
from model.studies.siting.expressions import Expressions
from model.studies.siting.flow_columns import FlowColumns
from model.studies.siting.options import Options
from model.studies.siting.parameter import UNUSED, Parameter

NODES_ON_ARCS = 20
"""A program on arcs is loose: after so many nodes the solver's cuts serve it better."""
CLOSE = 1e-9
"""Part of a bound by which it must grow to be another."""


@dataclass(frozen=True)
class RankedSets:
    """The best sets in order.

    Attributes
    ----------
    is_whole : whether there are no more, or none that were asked for
    """

    sets: Sequence[Proved[Choice]]
    is_whole: bool


@dataclass(frozen=True)
class Formulation(Expressions):
    """A market with its lanes and options, compiled.

    Attributes
    ----------
    deadline : by which every search ends
    """

    deadline: Deadline = NEVER

    @staticmethod
    def of(
        market: Market, lanes: FlowColumns, options: Options, deadline: Deadline = NEVER
    ) -> Formulation:
        """Compile."""
        program = siting_program(market, lanes, options)
        return Formulation(market, lanes, options, program, deadline)

    # Questions

    def choose(
        self,
        rows: Iterable[Row] = (),
        *,
        answers: Mapping[int, bool] | None = None,
        minimise: Floats | None = None,
        cutoff: float = np.inf,
        tried: Iterable[Choice] = (),
        besides: Iterable[Choice] = (),
        parameter: Parameter = UNUSED,
    ) -> Outcome[Choice]:
        """The best answers, with gap 0 asked for.

        Parameters
        ----------
        rows : further rows
        answers : options whose answer is given
        minimise : another objective, by column, instead of cost
        cutoff : answers that are not below it are not sought
        tried : answers that may be the best
        besides : answers that do not count
        """
        self._pose(rows, answers or {}, minimise, parameter)
        found = search_in(
            self.core,
            self.deadline,
            cutoff=cutoff,
            most_nodes=self._most_nodes,
            tried=_numbers(tried),
            besides=_numbers(besides),
        )
        return self._choices(found, costed=minimise is None)

    def ranked(
        self, count: int, rows: Iterable[Row] = (), *, tried: Iterable[Choice] = ()
    ) -> RankedSets:
        """The best sets in order, as far as one search finds them."""
        self._pose(rows, {})
        found = branch(
            self.core, self._most_nodes, self.deadline, count=count, tried=_numbers(tried)
        )
        sets = [Proved(self._choice(each.best), each.bound) for each in found.proved]
        return RankedSets(sets, not found.reason or len(sets) == count)

    def choose_otherwise(self, rows: Iterable[Row], below_kcny: float) -> Outcome[Choice]:
        """The same question put to the solver's own search, for what costs less than a cost."""
        found = second_search(
            self.with_rows(rows),
            self.layout.answers,
            self.deadline,
            cutoff=below_kcny,
            spare=self.tightening_rows,
        )
        return self._choices(found)

    def evaluate(
        self,
        answers: Iterable[bool],
        rows: Iterable[Row] = (),
        *,
        minimise: Floats | None = None,
        parameter: Parameter = UNUSED,
    ) -> Choice | None:
        """The best plan under given answers; None where there is none.

        A linear program, but for what may stand idle below its least load.

        Raises
        ------
        SolverFailed
        """
        self._pose(rows, dict(enumerate(answers)), minimise, parameter)
        if self.options.loads:
            return answer_of(self._choices(search_in(self.core, NEVER), costed=minimise is None))
        solution = self.core.solve()
        if solution.status is Status.OPTIMAL:
            return self._choice(solution, costed=minimise is None)
        if solution.status is Status.INFEASIBLE:
            return None
        raise SolverFailed(f"{SOLVER} ended as {solution.status.value}; no result was written")

    def most_useful_kt(self, number: int) -> float:
        """A size of a project beyond which no set, and no part of one, can use more of it."""
        takes = float(self.market.max_kt[np.isfinite(self.market.max_kt)].sum())
        capacity = self.options.options[number].capacity_kt
        if self._ends_take_kt(number) <= takes:
            return max(takes, capacity)
        return max(self._most_through_kt(number), takes, capacity)

    def _ends_take_kt(self, number: int) -> float:
        """What the ends of all lanes that need a project's size can take of it."""
        row = self.market.row_of(*next(iter(self.options.options[number].raises)))
        flows = self.lanes.matrix.tocsr()[[row], :].tocoo()
        ends = np.unique(self.lanes.part[flows.coords[1]])
        return float(self.lanes.takes_kt[ends].sum() * flows.data.max(initial=0.0))

    def _most_through_kt(self, number: int) -> float:
        """The most that a project of any size can ship."""
        option, program = self.options.options[number], self.relaxed()
        row = self.market.row_of(*next(iter(option.raises)))
        flows = program.matrix[[row], :].toarray()[0]
        flows[len(self.lanes) :] = 0.0
        row_upper, upper = program.row_upper.copy(), program.upper.copy()
        row_upper[[row, self.capacity_row(number), *self.rows_opened_by(number)]] = np.inf
        if option.is_sized:
            upper[self.layout.size_column[number]] = np.inf
        free = replace(program, cost=-flows, upper=upper, row_upper=row_upper, offset_kcny=0.0)
        solution = Session(free).solve()
        return -solution.objective if solution.status is Status.OPTIMAL else 0.0

    def least_bound(self, answers: Iterable[bool], rows: Iterable[Row], row: Row) -> float:
        """The least upper bound of one more row under which given answers have a plan.

        Every bound that is too small comes with a ray that tells of a larger one that is needed.
        """
        yes, rows, bound = dict(enumerate(answers)), list(rows), 0.0
        while not self.options.loads:
            self._pose([*rows, replace(row, most=bound)], yes)
            if self.core.solve().status is not Status.INFEASIBLE:
                return bound
            needed = self.core.needed(len(rows))
            if needed <= bound + CLOSE * (1.0 + abs(bound)):
                break
            bound = needed
        least = self.evaluate(yes.values(), rows, minimise=row.weights)
        return np.inf if least is None else float(row.weights @ least.value)

    def rounded(self, nothing: CutShort[Choice], rows: Iterable[Row] = ()) -> CutShort[Choice]:
        """Whole answers next to those of the relaxed program, where a search ended before any.

        Parameters
        ----------
        nothing : how that search ended
        """
        rows, late = list(rows), self.deadline.later(GRACE_S)
        relaxed = replace(self.with_rows(rows), integer=None)
        root = Session(relaxed).solve(time_limit_s=late.left_s)
        if root.status is not Status.OPTIMAL:
            return nothing
        value = root.value[self.layout.answers]
        found: list[Choice] = []
        for near in roundings(value):
            choice = None if found and late.has_passed else self.evaluate(near > 0.5, rows)
            found += [] if choice is None else [choice]
        best = min(found, key=lambda choice: choice.cost_kcny, default=None)
        bound = max(nothing.bound, root.objective)
        return CutShort(best, bound if best is None else min(bound, best.cost_kcny), nothing.reason)

    def relaxed(self, rows: Iterable[Row] = ()) -> Program:
        """The program whose answers may be anything between no and yes."""
        return replace(self.with_rows(rows), integer=None)

    @cached_property
    def core(self) -> Core:
        """The program with the parameter in a warm session, which all questions share."""
        wide = self._with_parameter(UNUSED)
        integer = np.zeros(len(wide.cost), bool)
        integer[[*range(*self.layout.answers.indices(len(integer))), *self.layout.runs]] = True
        left = self.deadline.left_s
        return Core(wide, self.layout.answers, integer=integer, time_limit_s=left)

    def _with_parameter(self, parameter: Parameter) -> Program:
        program = self.program
        row_upper, upper = program.row_upper.copy(), np.r_[program.upper, parameter.high]
        row_upper[list(parameter.freed)] = upper[list(parameter.opened)] = np.inf
        return Program(
            cost=self.cost_weights(),
            lower=np.r_[program.lower, parameter.low],
            upper=upper,
            matrix=self._wide_matrix,
            row_lower=program.row_lower,
            row_upper=row_upper,
            offset_kcny=program.offset_kcny,
        )

    @cached_property
    def _wide_matrix(self) -> csc_array:
        own = self.program.matrix
        return csc_array(hstack([own, csc_array((own.shape[0], 1))], format="csc"))

    @property
    def _most_nodes(self) -> int:
        return NODES_ON_ARCS if self.lanes.balance.shape[0] else MOST_NODES

    def _pose(
        self,
        rows: Iterable[Row],
        answers: Mapping[int, bool],
        minimise: Floats | None = None,
        parameter: Parameter = UNUSED,
    ) -> None:
        """Put a question to the warm session."""
        program = self._given(self._with_parameter(parameter), answers)
        if minimise is not None:
            program = replace(program, cost=minimise, offset_kcny=0.0)
        self.core.pose(program, list(rows))

    def with_rows(self, rows: Iterable[Row]) -> Program:
        """The program with further rows, none of which has the parameter."""
        own = [replace(row, weights=row.weights[:-1]) for row in rows]
        return with_rows(self.program, own)

    def _given(self, program: Program, answers: Mapping[int, bool]) -> Program:
        """A program with given answers."""
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
            cost_kcny=solution.objective if costed else self.cost_of(solution.value),
            value=solution.value,
            row_dual=solution.row_dual,
            idle=self._idle(yes, solution.value),
        )

    def _idle(self, yes: Booleans, value: Floats) -> tuple[str, ...]:
        """Projects that are built and do not run."""
        options, runs = self.options, value[self.layout.runs] > 0.5
        return tuple(
            options.options[load.members[0]].name
            for load, is_running in zip(options.loads, runs, strict=True)
            if yes[load.members[0]] and not is_running
        )


def _numbers(choices: Iterable[Choice]) -> list[Floats]:
    """Answers as noughts and ones."""
    return [choice.yes.astype(float) for choice in choices]
