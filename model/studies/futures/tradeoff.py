"""What a smaller worst regret takes in expected cost, and which weights change the choice.

Expected cost by the worst regret allowed is followed as a choice is along a bound: sets and regret
are searched together. A weight turns the choice where another set, at its best sizes, costs less.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from scipy.sparse import csc_array, csr_array, hstack, vstack

from model.arrays import Booleans, Floats
from model.case.errors import OutOfTime
from model.market.market import KCNY_PER_MCNY
from model.result.figures import FUTURES
from model.result.outputs import columns_of
from model.solve.core import Core
from model.solve.deadline import Deadline
from model.solve.outcome import CutShort, Proved
from model.solve.program import Program
from model.solve.search import search, search_in
from model.studies.futures.criterion import Criterion
from model.studies.futures.joint import Joint, join
from model.studies.futures.valued import LAST_DIGITS, SAME, Valued, Valuer
from model.studies.siting.along_bounds import Envelope, Moving, Part

BETTER_KCNY = 0.01
"""By how much a set must undercut another: ten CNY a year."""
MOST_STEPS = 50


@dataclass
class Tradeoffs:
    """Searches for the set of least weighted mean cost.

    Attributes
    ----------
    valuer : of the question, under any criterion
    """

    valuer: Valuer
    deadline: Deadline
    joint: Joint = field(init=False)
    core: Core = field(init=False)
    mean: Valuer = field(init=False)

    def __post_init__(self) -> None:
        """State the program of the mean."""
        own = self.valuer.own_kcny
        self.joint = join(self.valuer.futures, Criterion.EXPECTED, self.valuer.weights, own)
        self.mean = replace(self.valuer, joint=self.joint, criterion=Criterion.EXPECTED)
        self.core = self.mean.core

    def best(self, weights: Floats) -> Valued | None:
        """The set of least mean under some weights, at its sizes there; None where there is none.

        Raises
        ------
        OutOfTime
        """
        joint = self.joint
        self.core.pose(self._weighed(joint.program, weights))
        outcome = search_in(self.core, self.deadline)
        if isinstance(outcome, CutShort):
            raise OutOfTime
        if not isinstance(outcome, Proved):
            return None
        layout = self.valuer.futures[0].problem.formulation.layout
        columns = layout.size_column - layout.first_answer + joint.decisions.start
        value = outcome.best.value
        yes = np.asarray(value[joint.answers] > 0.5)
        return self.mean.at(yes, np.where(yes, layout.size_factor * value[columns], 0.0))

    def _weighed(self, program: Program, weights: Floats) -> Program:
        joint = self.joint
        offset = float(weights @ joint.offset)
        return replace(program, cost=weights @ joint.cost, offset_kcny=offset)

    # The curve

    def curve(self) -> tuple[list[Part], float, float]:
        """Parts of the least expected cost by the worst regret allowed, and the ends of that.

        From the least regret that any set allows to that of the set of least expected cost.

        Raises
        ------
        OutOfTime
        """
        valuer, joint = self.valuer, self.joint
        regret = join(valuer.futures, Criterion.REGRET, valuer.weights, valuer.own_kcny)
        least = search(_whole(regret), regret.answers, self.deadline)
        cheapest = search(_whole(joint), joint.answers, self.deadline)
        if not isinstance(least, Proved) or not isinstance(cheapest, Proved):
            raise OutOfTime
        low = max(least.best.objective, 0.0)
        over = joint.costs_of(cheapest.best.value) - valuer.own_kcny
        high = max(float(over.max()), low) + BETTER_KCNY
        return Envelope(self._moving(low, high), self.deadline).parts(), low, high

    def _moving(self, low: float, high: float) -> Moving:
        """The program of the mean, with the worst regret allowed as a share of a range."""
        joint, valuer = self.joint, self.valuer
        program, futures = joint.program, len(valuer.futures)
        room = LAST_DIGITS * np.abs(valuer.own_kcny)
        bounded = hstack([csr_array(joint.cost), csr_array(np.full((futures, 1), low - high))])
        wide = hstack([program.matrix, csr_array((program.matrix.shape[0], 1))])
        return Moving(
            valuer.futures[0].problem,
            Program(
                cost=np.r_[program.cost, 0.0],
                lower=np.r_[program.lower, 0.0],
                upper=np.r_[program.upper, 1.0],
                matrix=csc_array(vstack([wide, bounded], format="csc")),
                row_lower=np.r_[program.row_lower, np.full(futures, -np.inf)],
                row_upper=np.r_[program.row_upper, valuer.own_kcny + low + room - joint.offset],
                integer=np.r_[joint.integer, False],
                offset_kcny=program.offset_kcny,
            ),
            joint.answers,
        )

    # Weights

    def turning_weight(
        self, chosen: Valued, future: int, end: float
    ) -> tuple[float, Valued] | None:
        """The weight nearest to the present one, towards `end`, at which another set is as good.

        The other futures keep their proportions. None where no weight up to there changes it.
        """
        now = float(self.valuer.weights[future])
        if now == end:
            return None
        at, rival = end, self.best(self._weights(future, end))
        turn: tuple[float, Valued] | None = None
        while rival is not None and self._undercuts(rival, chosen, future, at):
            crossing = self._crossing(rival, chosen, future, (now, at))
            if abs(crossing - at) <= SAME:
                break
            turn, at = (crossing, rival), crossing
            rival = self.best(self._weights(future, at))
        return turn

    def _crossing(
        self, rival: Valued, chosen: Valued, future: int, span: tuple[float, float]
    ) -> float:
        """Where a set at its sizes costs what the chosen one does, at the best sizes there.

        The chosen set's cost is concave in the weight: the line that supports it at a weight lies
        above it, so that crossings go outwards until they meet the cost itself.
        """
        (now, end), theirs = span, np.array(rival.costs_kcny)
        at = now
        for _ in range(MOST_STEPS):
            own = self._costs_of(chosen.yes, self._weights(future, at))
            ahead, beyond = (float(self._weights(future, w) @ (theirs - own)) for w in span)
            if ahead <= beyond or beyond >= 0:
                return end
            crossing = now + (end - now) * max(ahead, 0.0) / (ahead - beyond)
            if abs(crossing - at) <= SAME:
                return crossing
            at = crossing
        return at

    def _undercuts(self, rival: Valued, chosen: Valued, future: int, at: float) -> bool:
        weights = self._weights(future, at)
        room = max(BETTER_KCNY, SAME * (1.0 + abs(chosen.mean_kcny)))
        own = float(weights @ self._costs_of(chosen.yes, weights))
        return float(weights @ np.array(rival.costs_kcny)) < own - room

    def _costs_of(self, yes: Booleans, weights: Floats) -> Floats:
        """Costs of a set in each future, (F,), at its best sizes under some weights."""
        self.core.pose(self._weighed(self.joint.given(yes), weights))
        outcome = search_in(self.core, self.deadline)
        if not isinstance(outcome, Proved):
            raise OutOfTime
        return self.joint.costs_of(outcome.best.value)

    def _weights(self, future: int, weight: float) -> Floats:
        """Weights with another one of a future; the others keep their proportions."""
        others = self.valuer.weights.copy()
        others[future] = 0.0
        if others.sum() <= 0:
            others = np.ones(len(others))
            others[future] = 0.0
        others *= (1.0 - weight) / others.sum()
        others[future] = weight
        return others


def tradeoff_tables(
    valuer: Valuer, chosen: Valued, deadline: Deadline
) -> tuple[dict[str, pd.DataFrame], bool]:
    """The curve and, of the expected cost, weights that change the choice; whether all is there."""
    searches = Tradeoffs(valuer, deadline)
    tables: dict[str, pd.DataFrame] = {}
    try:
        tables["tradeoff"] = _curve_table(searches)
        if valuer.criterion is Criterion.EXPECTED:
            tables["weights"] = _weight_table(searches, chosen)
    except OutOfTime:
        return tables, False
    return tables, True


def _curve_table(searches: Tradeoffs) -> pd.DataFrame:
    parts, low, high = searches.curve()
    rows: list[dict[str, object]] = []
    for part in parts:
        is_end = rows and (part.end - part.start) * (high - low) <= 2 * BETTER_KCNY
        if part.curve is None or is_end:
            continue
        last = part.cost_kcny + part.slope * (part.end - part.start)
        row = {
            "regret_from_mcny": (low + part.start * (high - low)) / KCNY_PER_MCNY,
            "regret_to_mcny": (low + part.end * (high - low)) / KCNY_PER_MCNY,
            "mean_from_mcny": part.cost_kcny / KCNY_PER_MCNY,
            "mean_to_mcny": last / KCNY_PER_MCNY,
            "projects": part.curve.projects,
            "set": part.curve.name,
        }
        rows.append(row)
    return pd.DataFrame(rows, columns=columns_of(FUTURES, "tradeoff"))


def _whole(joint: Joint) -> Program:
    """A program with what is whole in it."""
    return replace(joint.program, integer=joint.integer)


def _weight_table(searches: Tradeoffs, chosen: Valued) -> pd.DataFrame:
    problem = searches.valuer.futures[0].problem
    rows = []
    for number, future in enumerate(searches.valuer.futures):
        row: dict[str, object] = {
            "scenario": future.name,
            "weight": float(searches.valuer.weights[number]),
        }
        for side, end in (("down", 0.0), ("up", 1.0)):
            turn = searches.turning_weight(chosen, number, end)
            row[f"weight_{side}"] = np.nan if turn is None else turn[0]
            row[f"set_{side}"] = "" if turn is None else problem.set_name(turn[1].yes)
        rows.append(row)
    return pd.DataFrame(rows, columns=columns_of(FUTURES, "weights"))
