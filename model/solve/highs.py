"""The only place that imports highspy: a session that keeps basis and factorisation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import highspy
import numpy as np
from scipy.sparse import csc_array, csr_array

from model.arrays import Booleans, Floats, Integers
from model.solve.canaries import Canary, failed_canaries
from model.solve.silence import silent_output
from model.solve.solution import Solution, Status
from model.solve.solver_limits import require_bounds, require_coefficients, require_costs

if TYPE_CHECKING:
    from model.solve.program import Program

SOLVER = "HiGHS"
OLDEST_HIGHS = (1, 15, 1)
"""1.14.0 returns wrong optima on tiny fixed-charge problems that 1.15.1 solves."""

DUAL_SIMPLEX, PRIMAL_SIMPLEX = 1, 4
LARGEST_VIOLATION = 0
"""Pricing of the dual simplex without weights, which columns that are added would spoil."""


class SolverRefused(Exception):  # noqa: N818 - the name says it
    """The installed solver may not be used; the message says why and what to do."""


STATUS = {
    highspy.HighsModelStatus.kOptimal: Status.OPTIMAL,
    highspy.HighsModelStatus.kInfeasible: Status.INFEASIBLE,
    highspy.HighsModelStatus.kUnbounded: Status.UNBOUNDED,
    highspy.HighsModelStatus.kTimeLimit: Status.LIMIT,
    highspy.HighsModelStatus.kIterationLimit: Status.LIMIT,
    highspy.HighsModelStatus.kSolutionLimit: Status.LIMIT,
}


@dataclass(frozen=True)
class Basis:
    """A basis: HiGHS' status of every column and row."""

    columns: list[Any]
    rows: list[Any]

    def seated(self, columns_up: Booleans, rows_up: Booleans) -> Basis:
        """The same basis with every nonbasic column and row on the side given, (n,) and (m,)."""
        return Basis(_seated(self.columns, columns_up), _seated(self.rows, rows_up))

    def places(self) -> tuple[list[str], list[str]]:
        """`basic`, `lower` or `upper` for every column and row."""
        return [PLACE[s] for s in self.columns], [PLACE[s] for s in self.rows]


PLACE = {
    highspy.HighsBasisStatus.kBasic: "basic",
    highspy.HighsBasisStatus.kLower: "lower",
    highspy.HighsBasisStatus.kUpper: "upper",
    highspy.HighsBasisStatus.kZero: "lower",
    highspy.HighsBasisStatus.kNonbasic: "lower",
}


def require_version() -> str:
    """The solver and its version, `HiGHS 1.15.1`, refused where it is older than tested.

    Raises
    ------
    SolverRefused
    """
    version = str(_new_highs().version())
    if tuple(int(part) for part in version.split(".")[:3]) < OLDEST_HIGHS:
        oldest = ".".join(map(str, OLDEST_HIGHS))
        raise SolverRefused(
            f"highspy {version} found; at least {oldest} is required, because older versions return"
            f' wrong optima on small siting problems; run pip install "highspy>={oldest}"'
        )
    return f"{SOLVER} {version}"


@cache
def require_sound_search() -> None:
    """Put the canaries to the solver, once a process: without a proof, its word must be good.

    A linear program is proved by its certificate; of whole numbers the solver's bound is
    all there is.

    Raises
    ------
    SolverRefused
    """
    failed = failed_canaries(_canary_solver(presolve=True))
    failed += failed_canaries(_canary_solver(presolve=False))
    if failed:
        raise SolverRefused(
            f"this solver gets small problems with whole numbers wrong ({'; '.join(failed)});"
            ' nothing was solved; run pip install --upgrade "highspy"'
        )


def _canary_solver(*, presolve: bool) -> Callable[[Canary], float]:
    from model.solve.program import Program

    def solve(canary: Canary) -> float:
        matrix = csc_array(canary.matrix)
        bounds = canary.lower, canary.upper, matrix, canary.row_lower, canary.row_upper
        highs = _started(Program(canary.cost, *bounds, canary.integer), presolve, seed=0)
        highs.run()
        is_optimal = STATUS.get(highs.getModelStatus()) is Status.OPTIMAL
        return float(highs.getInfo().objective_function_value) if is_optimal else np.nan

    return solve


def _new_highs() -> Any:
    """HiGHS without its banner, which 1.16.0 prints before it can be told to be quiet."""
    with silent_output():
        return highspy.Highs()  # type: ignore[no-untyped-call]


def _started(program: Program, presolve: bool, seed: int) -> Any:
    """HiGHS with a program in it."""
    require_costs(program.cost)
    require_bounds(program.lower, program.upper)
    require_bounds(program.row_lower, program.row_upper)
    require_coefficients(program.matrix.data)
    highs = _new_highs()
    for option, value in (
        ("output_flag", False),
        ("threads", 1),
        ("random_seed", seed),
        ("presolve", "on" if presolve else "off"),
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", 0.0),
    ):
        highs.setOptionValue(option, value)
    highs.passModel(_highs_lp(program))
    return highs


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
        self._highs = _started(program, presolve, seed)
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
        missing = self.columns - len(basis.columns)
        if missing or self._given is None or self._given[0] is not basis:
            own = highspy.HighsBasis()
            own.col_status = basis.columns + [highspy.HighsBasisStatus.kLower] * missing
            own.row_status = basis.rows
            self._given = (basis, own) if not missing else None
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


def _seated(statuses: list[Any], up: Booleans) -> list[Any]:
    basic, lower, upper = (
        highspy.HighsBasisStatus.kBasic,
        highspy.HighsBasisStatus.kLower,
        highspy.HighsBasisStatus.kUpper,
    )
    return [
        basic if status == basic else upper if is_up else lower
        for status, is_up in zip(statuses, up.tolist(), strict=True)
    ]


def _indices(count: int, chosen: Integers | None) -> np.ndarray[Any, np.dtype[np.int32]]:
    return (
        np.arange(count, dtype=np.int32) if chosen is None else np.asarray(chosen, dtype=np.int32)
    )


def write_mps(program: Program, rows: list[str], columns: list[str], path: Path) -> None:
    """Write a program as free MPS, with these names, which have no blank and none twice.

    Raises
    ------
    OSError
        The file cannot be written.
    """
    lp = _highs_lp(program)
    lp.row_names_, lp.col_names_ = rows, columns
    highs = _new_highs()
    highs.setOptionValue("output_flag", False)
    highs.passModel(lp)
    if highs.writeModel(str(path)) == highspy.HighsStatus.kError:
        raise OSError(None, f"{SOLVER} could not write it")


def _highs_lp(program: Program) -> highspy.HighsLp:
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = program.matrix.shape
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = program.cost, program.lower, program.upper
    lp.row_lower_, lp.row_upper_ = program.row_lower, program.row_upper
    lp.offset_ = program.offset_kcny
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = program.matrix.indptr.astype(np.int32)
    lp.a_matrix_.index_ = program.matrix.indices.astype(np.int32)
    lp.a_matrix_.value_ = program.matrix.data.astype(np.float64)
    if program.integer is not None and program.integer.any():
        kind = [highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger]
        lp.integrality_ = [kind[int(flag)] for flag in program.integer]
    return lp
