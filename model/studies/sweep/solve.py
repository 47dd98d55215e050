"""The draws of a chunk: known bases first, the solver from the base's basis for the others."""

from __future__ import annotations

import pickle
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from scipy.sparse import csc_array

from model.arrays import Booleans, Floats
from model.solve.highs import Basis
from model.solve.session import Session
from model.solve.solution import Status
from model.studies.sweep.answers import Answers, Outcomes, read_out
from model.studies.sweep.bases import PLACES, Codes, KnownBasis, first_that_solves
from model.studies.sweep.draws import Draws
from model.studies.sweep.edge_costs import Routes
from model.studies.sweep.program import Batch, DrawPrices, FlatProgram
from model.studies.sweep.regions import Regions

LEARNT_FROM = 200
"""So many of the first draws teach the bases that all draws are tested on."""
MOST_BASES = 64
LEAST_SHORT_KT = 1e-6
"""A shortage below this is left to the solver to judge."""

BasisCodes = tuple[Codes, Codes]
"""Statuses of columns and of rows."""


@dataclass(frozen=True)
class SweepTask:
    """All that a worker needs.

    Attributes
    ----------
    base : basis of the base, as the session has it
    known : statuses of columns and rows of the bases to test, in order
    known_short : the same for the program of least shortage, slack columns first
    """

    flat: FlatProgram
    regions: Regions
    base: Basis | None
    known: tuple[BasisCodes, ...] = ()
    known_short: tuple[BasisCodes, ...] = ()


class Solver:
    """A flat program in a session, with its known bases."""

    def __init__(self, task: SweepTask) -> None:
        self.task = task
        self.flat = task.flat
        self._slacks = len(self.flat.slacks)
        self._short = np.zeros(self._slacks)
        self._short[self.flat.slacks.of_demand] = np.inf
        self.session = Session(self.flat.program)
        self._matrix = self.flat.program.matrix[:, self._slacks :]
        self.bases = [KnownBasis(self._matrix, *codes) for codes in task.known]
        self._short_bases = [
            KnownBasis(self.flat.program.matrix, *codes) for codes in task.known_short
        ]

    def solve(self, draws: Draws) -> Answers:
        """Solve these draws and read out the answer of each."""
        prices, routes, batch = self.batch(draws)
        size, columns = len(draws), self.flat.size
        ship, dual = np.zeros((size, columns)), np.zeros((size, batch.row_lower.shape[1]))
        short = np.zeros(size)
        status = np.full(size, Status.OPTIMAL, dtype=object)
        found = first_that_solves(self.bases, batch)
        for number in np.unique(found[found >= 0]):
            rows = np.flatnonzero(found == number)
            plans = self.bases[number].plans(batch.take(rows))
            ship[rows], dual[rows] = plans.ship_kt, plans.row_dual
        left = np.flatnonzero(found < 0)
        short[left] = self._known_shortage(batch.take(left))
        status[short > 0] = Status.INFEASIBLE
        by_solver = (found < 0) & (short == 0)
        for row in np.flatnonzero(by_solver):
            one = batch.take(np.array([row]))
            solution = self.solve_one(one)
            status[row] = solution.status
            if solution.status is Status.OPTIMAL:
                ship[row], dual[row] = solution.value[self._slacks :], solution.row_dual
            elif solution.status is Status.INFEASIBLE:
                short[row] = self._least_shortage(one)
        outcomes = Outcomes(status, short, dual, by_solver)
        return read_out(self.flat, self.task.regions, draws, prices, routes, ship, outcomes)

    def batch(self, draws: Draws) -> tuple[DrawPrices, Routes | None, Batch]:
        """DrawPrices, routes, and the program of every draw."""
        prices = self.flat.prices(draws)
        routes, pair_cost = None, np.zeros((1, 0))
        if self.flat.edge_costs is not None:
            routes = self.flat.edge_costs.routes(draws, prices.carbon_price)
            pair_cost = routes.pair_cost
        return prices, routes, self.flat.batch(draws, prices, pair_cost)

    def solve_one(self, one: Batch):  # type: ignore[no-untyped-def]
        """Solve a single draw from the base's basis, so that no other draw has a say."""
        self._set(one)
        self._set_slacks(np.zeros(self._slacks), np.zeros(self._slacks))
        return self.session.solve()

    def learn(self, draws: Draws) -> SweepTask:
        """The task with the bases of these draws, those that solve most of them first."""
        *_, batch = self.batch(draws)
        plans, shortages = Learnt(self._matrix), Learnt(self.flat.program.matrix)
        left = np.arange(batch.size)
        while len(left):
            one, left = batch.take(left[:1]), left[1:]
            status = self.solve_one(one).status
            if status is Status.OPTIMAL:
                solved = plans.add(self.codes(), batch.take(left))
            elif status is Status.INFEASIBLE and self._least_shortage(one) > LEAST_SHORT_KT:
                places = self.session.basis().places()
                codes = _codes(places[0]), _codes(places[1])
                solved = shortages.add(codes, self._phase_1(batch.take(left)))
            else:
                continue
            left = left[~solved]
        return replace(self.task, known=plans.best(), known_short=shortages.best())

    def codes(self) -> BasisCodes:
        """The session's basis without slack columns: one that is basic stands for its row."""
        columns, rows = self.session.basis().places()
        for column in range(self._slacks):
            if columns[column] == "basic":
                rows[int(self.flat.slacks.row[column])] = "basic"
        return _codes(columns[self._slacks :]), _codes(rows)

    def _set(self, one: Batch) -> None:
        where = self._slacks + np.arange(self.flat.size)
        self.session.forget()
        if self.task.base is not None:
            self.session.set_basis(self.task.base)
        self.session.set_costs(one.cost[0], where)
        self.session.set_column_bounds(one.lower[0], one.upper[0], where)
        self.session.set_row_bounds(one.row_lower[0], one.row_upper[0])

    def _set_slacks(self, cost: Floats, upper: Floats) -> None:
        where = np.arange(self._slacks)
        self.session.set_costs(cost, where)
        self.session.set_column_bounds(np.zeros(self._slacks), upper, where)

    def _phase_1(self, batch: Batch) -> Batch:
        """The program of each draw in which demand alone may go short, as little as it can."""
        slacks, size = self.flat.slacks, len(batch.lower)
        nothing = np.zeros((1, self.flat.size))
        return Batch(
            batch.size,
            np.concatenate([slacks.cost[None, :], nothing], axis=1),
            np.concatenate([np.zeros((size, self._slacks)), batch.lower], axis=1),
            np.concatenate([np.tile(self._short, (len(batch.upper), 1)), batch.upper], axis=1),
            batch.row_lower,
            batch.row_upper,
        )

    def _known_shortage(self, batch: Batch) -> Floats:
        """Least shortage of draws whose basis is known, else 0, (D,)."""
        short = np.zeros(batch.size)
        if batch.size and self._short_bases:
            phase_1 = self._phase_1(batch)
            found = first_that_solves(self._short_bases, phase_1)
            for number in np.unique(found[found >= 0]):
                rows = np.flatnonzero(found == number)
                plans = self._short_bases[number].plans(phase_1.take(rows))
                short[rows] = plans.ship_kt[:, : self._slacks].sum(axis=1)
        return np.where(short > LEAST_SHORT_KT, short, 0.0)

    def _least_shortage(self, one: Batch) -> float:
        """Least demand that goes unmet, kt, where no plan keeps every bound.

        Where that is not enough, by how much all bounds together are relaxed.
        """
        self._set(one)
        self.session.set_costs(np.zeros(self.flat.size), self._slacks + np.arange(self.flat.size))
        self._set_slacks(self.flat.slacks.cost, self._short)
        solution = self.session.solve()
        if solution.status is not Status.OPTIMAL:
            self._set_slacks(self.flat.slacks.cost, np.full(self._slacks, np.inf))
            solution = self.session.solve()
        return float(solution.value[: self._slacks].sum())


class Learnt:
    """Bases met so far on one matrix, with how many draws each has solved."""

    def __init__(self, matrix: csc_array) -> None:
        self._matrix = matrix
        self._found: list[tuple[int, BasisCodes]] = []

    def add(self, codes: BasisCodes, batch: Batch) -> Booleans:
        """Note a basis; return which of these draws it solves."""
        try:
            basis = KnownBasis(self._matrix, *codes)
        except np.linalg.LinAlgError:
            return np.zeros(batch.size, dtype=bool)
        solved = basis.solves(batch)
        self._found.append((1 + int(solved.sum()), codes))
        return solved

    def best(self) -> tuple[BasisCodes, ...]:
        """Those that solve most, in that order."""
        ranked = sorted(self._found, key=lambda found: -found[0])
        return tuple(codes for _, codes in ranked[:MOST_BASES])


def solve_chunk(task: bytes, draws: Draws) -> Answers:
    """What a worker does: unpack the task once, then solve chunk after chunk."""
    return _solver(task).solve(draws)


@lru_cache(maxsize=1)
def _solver(task: bytes) -> Solver:
    return Solver(pickle.loads(task))


def _codes(places: list[str]) -> Codes:
    return np.array([PLACES[place] for place in places], dtype=np.int8)
