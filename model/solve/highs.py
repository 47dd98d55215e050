"""The only place that imports highspy: its words in our terms, programs as it takes them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import highspy
import numpy as np

from model.arrays import Booleans
from model.solve.silence import silent_output
from model.solve.solution import Status
from model.solve.solver_limits import require_bounds, require_coefficients, require_costs

if TYPE_CHECKING:
    from model.solve.program import Program

SOLVER = "HiGHS"

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

    def padded(self, columns: int) -> Any:
        """As HiGHS takes it; columns that it lacks are nonbasic at their lower bound."""
        missing = columns - len(self.columns)
        own = highspy.HighsBasis()
        own.col_status = self.columns + [highspy.HighsBasisStatus.kLower] * missing
        own.row_status = self.rows
        return own

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


def new_highs() -> Any:
    """HiGHS without its banner, which 1.16.0 prints before it can be told to be quiet."""
    with silent_output():
        return highspy.Highs()  # type: ignore[no-untyped-call]


def started(program: Program, presolve: bool, seed: int) -> Any:
    """HiGHS with a program in it."""
    require_costs(program.cost)
    require_bounds(program.lower, program.upper)
    require_bounds(program.row_lower, program.row_upper)
    require_coefficients(program.matrix.data)
    highs = new_highs()
    for option, value in (
        ("output_flag", False),
        ("threads", 1),
        ("random_seed", seed),
        ("presolve", "on" if presolve else "off"),
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", 0.0),
    ):
        highs.setOptionValue(option, value)
    highs.passModel(_lp(program))
    return highs


def write_mps(program: Program, rows: list[str], columns: list[str], path: Path) -> None:
    """Write a program as free MPS, with these names, which have no blank and none twice.

    Raises
    ------
    OSError
        The file cannot be written.
    """
    lp = _lp(program)
    lp.row_names_, lp.col_names_ = rows, columns
    highs = new_highs()
    highs.setOptionValue("output_flag", False)
    highs.passModel(lp)
    if highs.writeModel(str(path)) == highspy.HighsStatus.kError:
        raise OSError(None, f"{SOLVER} could not write it")


def _lp(program: Program) -> highspy.HighsLp:
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
