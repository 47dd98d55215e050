"""A program inside the solver, which keeps basis and factorisation between solves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csc_array, csr_array

from model.arrays import Floats, Integers
from model.solve.highs import STATUS, Basis, started
from model.solve.solution import Solution, Status
from model.solve.solver_limits import require_bounds, require_coefficients, require_costs
from model.solve.solver_trust import require_sound_search

if TYPE_CHECKING:
    from model.solve.program import Program

DUAL_SIMPLEX, PRIMAL_SIMPLEX = 1, 4
LARGEST_VIOLATION = 0
"""Pricing of the dual simplex without weights, which columns that are added would spoil."""


class Session:
    """A program inside HiGHS, changed in bulk and re-solved warm.

    Parameters
    ----------
    is_growing : whether columns and rows come in between solves that take few iterations each

    Raises
    ------
    UnfitProgram
        From whatever is handed numbers that the solver would misread.
    SolverRefused
        The program has whole numbers, and the solver gets small ones wrong.
    """

    def __init__(
        self,
        program: Program,
        *,
        presolve: bool = False,
        seed: int = 0,
        is_growing: bool = False,
    ) -> None:
        if program.integer is not None and program.integer.any():
            require_sound_search()
        self._highs = started(program, presolve, seed)
        if is_growing:
            self._highs.setOptionValue("simplex_dual_edge_weight_strategy", LARGEST_VIOLATION)
        self.columns = len(program.cost)
        self.rows = len(program.row_lower)
        self._given: tuple[Basis, Any] | None = None  # the last basis given, and as HiGHS takes it

    def add_columns(self, cost: Floats, lower: Floats, upper: Floats, matrix: csc_array) -> None:
        """Append columns; the basis stays, the new ones are nonbasic."""
        require_costs(cost)
        require_bounds(lower, upper)
        require_coefficients(matrix.data)
        self._highs.addCols(
            len(cost),
            cost,
            lower,
            upper,
            matrix.nnz,
            matrix.indptr[:-1].astype(np.int32),
            matrix.indices.astype(np.int32),
            matrix.data.astype(np.float64),
        )
        self.columns += len(cost)

    def add_rows(self, matrix: csr_array, lower: Floats, upper: Floats) -> None:
        """Append rows; the basis stays, their slacks are basic."""
        require_bounds(lower, upper)
        require_coefficients(matrix.data)
        starts, where = matrix.indptr[:-1].astype(np.int32), matrix.indices.astype(np.int32)
        entries = starts, where, matrix.data.astype(np.float64)
        self._highs.addRows(len(lower), lower, upper, matrix.nnz, *entries)
        self.rows += len(lower)

    def drop_rows(self, rows: Integers) -> None:
        """Delete these rows; the basis stays, made whole where one of them was nonbasic."""
        basis = self._highs.getBasis()
        kept = np.setdiff1d(np.arange(self.rows), rows)
        self._highs.deleteRows(len(rows), rows.astype(np.int32))
        self.rows = len(kept)
        if basis.valid:
            basis.row_status = [basis.row_status[row] for row in kept.tolist()]
            basis.alien = True
            self._highs.setBasis(basis)

    def drop_columns(self, first: int) -> None:
        """Delete the columns from this one on; the basis goes with them."""
        where = np.arange(first, self.columns, dtype=np.int32)
        self._highs.deleteCols(len(where), where)
        self.columns = first

    def set_offset(self, offset_kcny: float) -> None:
        """What is added to the objective."""
        self._highs.changeObjectiveOffset(offset_kcny)

    def set_costs(self, cost: Floats, columns: Integers | None = None) -> None:
        """Costs of all columns, or of these."""
        require_costs(cost)
        where = _indices(self.columns, columns)
        self._highs.changeColsCost(len(where), where, cost)

    def set_column_bounds(
        self, lower: Floats, upper: Floats, columns: Integers | None = None
    ) -> None:
        """Bounds of all columns, or of these."""
        require_bounds(lower, upper)
        where = _indices(self.columns, columns)
        self._highs.changeColsBounds(len(where), where, lower, upper)

    def set_row_bounds(self, lower: Floats, upper: Floats, rows: Integers | None = None) -> None:
        """Bounds of all rows, or of these."""
        require_bounds(lower, upper)
        where = _indices(self.rows, rows)
        self._highs.changeRowsBounds(len(where), where, lower, upper)

    def basis(self) -> Basis:
        """The basis after the last solve."""
        basis = self._highs.getBasis()
        return Basis(list(basis.col_status), list(basis.row_status))

    def set_basis(self, basis: Basis) -> None:
        """Start from this basis; columns added since are nonbasic at their lower bound."""
        if self._given is None or self._given[0] is not basis or self.columns != len(basis.columns):
            own = basis.padded(self.columns)
            self._given = (basis, own) if self.columns == len(basis.columns) else None
            self._highs.setBasis(own)
        else:
            self._highs.setBasis(self._given[1])

    def look_below(self, cost: float) -> None:
        """Seek no answers that cost this or more."""
        self._highs.setOptionValue("objective_bound", cost)

    def dual_ray(self) -> Floats | None:
        """Weights of rows, (m,), whose sum no columns can keep, after a solve that was infeasible.

        Of a left-hand side Σ ray · A x the least that the rows allow lies above what the columns
        can reach. None where the solver has none at hand.
        """
        _, is_there, ray = self._highs.getDualRay()
        return np.asarray(ray) if is_there else None

    def forget(self) -> None:
        """Drop basis and factorisation: the next solve starts cold."""
        self._highs.clearSolver()

    def solve(
        self, *, time_limit_s: float | None = None, primal: bool = False, brief: bool = False
    ) -> Solution:
        """Solve from where the session stands.

        Parameters
        ----------
        brief : whether values of columns and duals of rows are enough; the rest is left empty
        """
        self._highs.setOptionValue("simplex_strategy", PRIMAL_SIMPLEX if primal else DUAL_SIMPLEX)
        if not self.columns:
            return self._without_columns()
        status = self._run(time_limit_s)
        if status is Status.FAILED:
            status = self._run_plainly(time_limit_s)
        solution, info = self._highs.getSolution(), self._highs.getInfo()
        return Solution(
            status=status,
            objective=float(info.objective_function_value),
            value=np.asarray(solution.col_value),
            reduced_cost=np.zeros(0) if brief else np.asarray(solution.col_dual),
            row_value=np.zeros(0) if brief else np.asarray(solution.row_value),
            row_dual=np.asarray(solution.row_dual),
            bound=float(info.mip_dual_bound)
            if info.mip_node_count >= 0
            else float(info.objective_function_value),
        )

    def _run(self, time_limit_s: float | None) -> Status:
        limit = np.inf
        if time_limit_s is not None:
            limit = self._highs.getRunTime() + max(time_limit_s, 0.0)
        self._highs.setOptionValue("time_limit", limit)
        self._highs.run()
        return STATUS.get(self._highs.getModelStatus(), Status.FAILED)

    def _run_plainly(self, time_limit_s: float | None) -> Status:
        """Once more, cold; presolve may find a program bad without saying in which way."""
        _, presolve = self._highs.getOptionValue("presolve")
        self._highs.clearSolver()
        self._highs.setOptionValue("presolve", "off")
        status = self._run(time_limit_s)
        self._highs.setOptionValue("presolve", presolve)
        return status

    def _without_columns(self) -> Solution:
        """The answer to a program without columns, of which HiGHS says only that it is empty."""
        lp = self._highs.getLp()
        stands = np.all(np.asarray(lp.row_lower_) <= 0) and np.all(np.asarray(lp.row_upper_) >= 0)
        status, nothing = Status.OPTIMAL if stands else Status.INFEASIBLE, np.zeros(self.rows)
        return Solution(status, 0.0, np.zeros(0), np.zeros(0), nothing, nothing, 0.0)


def _indices(count: int, chosen: Integers | None) -> np.ndarray[Any, np.dtype[np.int32]]:
    return (
        np.arange(count, dtype=np.int32) if chosen is None else np.asarray(chosen, dtype=np.int32)
    )
