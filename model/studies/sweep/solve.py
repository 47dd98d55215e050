"""The draws of a chunk: known bases first, the solver from the base's basis for the others."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from model.draws import Draws
from model.highs import Basis, Session, Status
from model.lanes import Floats
from model.studies.sweep.answers import Answers, read_out
from model.studies.sweep.bases import PLACES, Codes, KnownBasis, first_that_solves
from model.studies.sweep.legs import Ways
from model.studies.sweep.program import Batch, FlatProgram, Prices
from model.studies.sweep.regions import Regions

LEARNT_FROM = 200
"""So many of the first draws teach the bases that all draws are tested on."""
MOST_BASES = 64


@dataclass(frozen=True)
class SweepTask:
    """All that a worker needs.

    Attributes
    ----------
    base : basis of the base, as the session has it
    known : statuses of columns and rows of the bases to test, in order
    """

    flat: FlatProgram
    regions: Regions
    base: Basis | None
    known: tuple[tuple[Codes, Codes], ...] = ()


class Solver:
    """A flat program in a session, with its known bases."""

    def __init__(self, task: SweepTask) -> None:
        self.task = task
        self.flat = task.flat
        self._e = len(self.flat.elastic)
        self.session = Session(self.flat.program)
        self._matrix = self.flat.program.matrix[:, self._e :]
        self.bases = [KnownBasis(self._matrix, *codes) for codes in task.known]

    def solve(self, draws: Draws) -> Answers:
        """Solve these draws and read out what is asked of each."""
        prices, ways, batch = self.batch(draws)
        size, columns = len(draws), self.flat.size
        ship, dual = np.zeros((size, columns)), np.zeros((size, batch.row_lower.shape[1]))
        short = np.zeros(size)
        status = np.full(size, Status.OPTIMAL, dtype=object)
        found = first_that_solves(self.bases, batch)
        for number in np.unique(found[found >= 0]):
            rows = np.flatnonzero(found == number)
            plans = self.bases[number].plans(batch.take(rows))
            ship[rows], dual[rows] = plans.ship_kt, plans.row_dual
        for row in np.flatnonzero(found < 0):
            one = batch.take(np.array([row]))
            solution = self.solve_one(one)
            status[row] = solution.status
            if solution.status is Status.OPTIMAL:
                ship[row], dual[row] = solution.value[self._e :], solution.row_dual
            elif solution.status is Status.INFEASIBLE:
                short[row] = self._least_shortage(one)
        return read_out(
            self.flat, self.task.regions, draws, prices, ways, ship, dual, status, short, found < 0
        )

    def batch(self, draws: Draws) -> tuple[Prices, Ways | None, Batch]:
        """Prices, routes, and the program of every draw."""
        prices = self.flat.prices(draws)
        ways, pair_cost = None, np.zeros((1, 0))
        if self.flat.legs is not None:
            ways = self.flat.legs.ways(draws, prices.carbon_price)
            pair_cost = ways.pair_cost
        return prices, ways, self.flat.batch(draws, prices, pair_cost)

    def solve_one(self, one: Batch):  # type: ignore[no-untyped-def]
        """Solve a single draw from the base's basis, so that no other draw has a say."""
        self._set(one)
        self._set_elastic(np.zeros(self._e), 0.0)
        return self.session.solve()

    def learn(self, draws: Draws) -> list[tuple[Codes, Codes]]:
        """Bases of these draws, those that solve most of them first."""
        *_, batch = self.batch(draws)
        hits: list[int] = []
        found: list[tuple[Codes, Codes]] = []
        known: list[KnownBasis] = []
        left = np.arange(batch.size)
        while len(left):
            one = batch.take(left[:1])
            left = left[1:]
            if self.solve_one(one).status is not Status.OPTIMAL:
                continue
            codes = self.codes()
            basis = _invertible(self._matrix, codes)
            if basis is None:
                continue
            solved = basis.solves(batch.take(left)) if len(left) else np.zeros(0, dtype=bool)
            hits.append(1 + int(solved.sum()))
            found.append(codes)
            known.append(basis)
            left = left[~solved]
        order = sorted(range(len(found)), key=lambda number: (-hits[number], number))
        return [found[number] for number in order[:MOST_BASES]]

    def codes(self) -> tuple[Codes, Codes]:
        """The session's basis without elastic columns: one that is basic stands for its row."""
        columns, rows = self.session.basis().places()
        for column in range(self._e):
            if columns[column] == "basic":
                rows[int(self.flat.elastic.row[column])] = "basic"
        return _codes(columns[self._e :]), _codes(rows)

    def _set(self, one: Batch) -> None:
        where = self._e + np.arange(self.flat.size)
        self.session.forget()
        if self.task.base is not None:
            self.session.set_basis(self.task.base)
        self.session.set_costs(one.cost[0], where)
        self.session.set_column_bounds(one.lower[0], one.upper[0], where)
        self.session.set_row_bounds(one.row_lower[0], one.row_upper[0])

    def _set_elastic(self, cost: Floats, upper: float) -> None:
        where = np.arange(self._e)
        self.session.set_costs(cost, where)
        self.session.set_column_bounds(np.zeros(self._e), np.full(self._e, upper), where)

    def _least_shortage(self, one: Batch) -> float:
        """Least demand that goes unmet, kt, where no plan keeps every bound."""
        self._set(one)
        self._set_elastic(self.flat.elastic.cost, np.inf)
        self.session.set_costs(np.zeros(self.flat.size), self._e + np.arange(self.flat.size))
        solution = self.session.solve()
        return float(solution.value[: self._e].sum())


def solve_chunk(task: bytes, draws: Draws) -> Answers:
    """What a worker does: unpack the task once, then solve chunk after chunk."""
    return _solver(task).solve(draws)


@lru_cache(maxsize=1)
def _solver(task: bytes) -> Solver:
    return Solver(pickle.loads(task))


def _codes(places: list[str]) -> Codes:
    return np.array([PLACES[place] for place in places], dtype=np.int8)


def _invertible(matrix: object, codes: tuple[Codes, Codes]) -> KnownBasis | None:
    try:
        return KnownBasis(matrix, *codes)  # type: ignore[arg-type]
    except np.linalg.LinAlgError:
        return None
