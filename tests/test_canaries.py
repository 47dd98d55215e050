"""The canaries are the published problems, and they catch a solver that is wrong."""

from __future__ import annotations

import highspy
import numpy as np
import pytest

from model.solve.canaries import CANARIES, Canary, failed_canaries
from tests.support.published import FOLDER, NOT_NAMED


def highs_lp(canary: Canary) -> highspy.HighsLp:
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = canary.matrix.shape
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = canary.cost, canary.lower, canary.upper
    lp.row_lower_, lp.row_upper_ = canary.row_lower, canary.row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    columns = canary.matrix.shape[1]
    lp.a_matrix_.start_ = np.arange(0, canary.matrix.size + 1, columns)
    lp.a_matrix_.index_ = np.tile(np.arange(columns), canary.matrix.shape[0])
    lp.a_matrix_.value_ = canary.matrix.ravel()
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    lp.integrality_ = [kinds[int(flag)] for flag in canary.integer]
    return lp


def solve(canary: Canary) -> float:
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.passModel(highs_lp(canary))
    highs.run()
    return float(highs.getInfo().objective_function_value)


def test_installed_solver_passes() -> None:
    assert failed_canaries(solve) == []


def test_a_wrong_or_missing_optimum_is_named() -> None:
    assert failed_canaries(lambda canary: canary.optimum + 1.0) == [
        "HiGHS issue 2432: -3776.571243523316 instead of -3777.571243523316",
        "HiGHS issue 2957: 29.2 instead of 28.2",
        "HiGHS issue 2975: 21.0 instead of 20",
        "HiGHS issue 3043: 10.0 instead of 9",
        "HiGHS issue 3073: 1.03 instead of 0.03",
    ]
    assert len(failed_canaries(lambda _: float("nan"))) == len(CANARIES)


@pytest.mark.parametrize("canary", CANARIES, ids=lambda canary: canary.name.split()[-1])
def test_canary_is_the_published_problem(canary: Canary) -> None:
    path = FOLDER / "solver" / f"highs_issue_{canary.name.split()[-1]}.lp"
    if not path.is_file():
        pytest.skip(NOT_NAMED)
    published = highspy.Highs()
    published.setOptionValue("output_flag", False)
    published.readModel(str(path))
    lp = published.getLp()
    assert np.array_equal(sorted(lp.col_cost_), sorted(canary.cost))
    assert sorted(zip(lp.col_lower_, lp.col_upper_, strict=True)) == sorted(
        zip(canary.lower, canary.upper, strict=True)
    )
    assert sorted(lp.row_lower_) == sorted(canary.row_lower)
    assert sorted(lp.row_upper_) == sorted(canary.row_upper)
    assert sorted(lp.a_matrix_.value_) == sorted(canary.matrix[canary.matrix != 0])
