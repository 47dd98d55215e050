"""A bound on every choice, proved in exact arithmetic from the duals of the relaxed program."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import floor

import numpy as np

from model.arrays import Floats, Integers
from model.market.market import KCNY_PER_MCNY
from model.solve.highs import Status
from model.solve.program import Program
from model.studies.siting.options import SUPPLY
from model.studies.siting.problem import SitingProblem

DECIMALS = 9
DENOMINATOR = 2**30
"""Duals are rounded to parts of this; any duals give a bound, so nothing is lost but digits."""


def root_bound_mcny(problem: SitingProblem) -> tuple[float | None, str]:
    """What no choice undercuts: the relaxed program's dual bound in rationals, and as text `p/q`.

    Any duals y (of the right sign at rows with one bound) bound the program from below by
    Σ_rows y·b + Σ_columns min over its bounds of (c − yA)·x. A lane carries at most what its
    origin and the options that raise it can send, and what its sink takes.

    Returns
    -------
    tuple
        In MCNY, rounded down to nine decimals, and in CNY thousand exactly; None where the relaxed
        program has no optimum.
    """
    program, solution = problem.formulation.relaxed(problem.rows)
    if solution.status is not Status.OPTIMAL:
        return None, ""
    program = _bounded(problem, program)
    bound = dual_bound(program, solution.row_dual)
    below = floor(bound / int(KCNY_PER_MCNY) * 10**DECIMALS)
    return float(Fraction(below, 10**DECIMALS)), str(bound)


def _bounded(problem: SitingProblem, program: Program) -> Program:
    """The program with a finite upper bound on every lane, which the rows imply."""
    formulation = problem.formulation
    market, lanes = formulation.market, formulation.lanes
    sends = market.supply_kt.copy()
    for option in formulation.options.options:
        for family, name in option.raises:
            if family == SUPPLY and option.is_project:
                sends[market.row_of(family, name)] += option.capacity_kt
    most = np.minimum(sends[lanes.origin], lanes.takes_kt[lanes.part])
    upper = program.upper.copy()
    upper[: len(lanes)] = np.minimum(upper[: len(lanes)], most)
    return replace(program, upper=upper)


def dual_bound(program: Program, duals: Floats) -> Fraction:
    """The bound that duals give, exactly. Duals of a sign that a row's bounds forbid count as 0."""
    y = [Fraction(round(float(dual) * DENOMINATOR), DENOMINATOR) for dual in duals]
    total = Fraction(0)
    for row, dual in enumerate(y):
        side = program.row_lower[row] if dual > 0 else program.row_upper[row]
        if dual and np.isinf(side):
            y[row] = Fraction(0)
        elif dual:
            total += dual * Fraction(float(side))
    matrix = program.matrix
    for column in _not_idle(program, np.array([float(dual) for dual in y])).tolist():
        here = slice(matrix.indptr[column], matrix.indptr[column + 1])
        entries = zip(matrix.indices[here].tolist(), matrix.data[here].tolist(), strict=True)
        reduced = Fraction(float(program.cost[column])) - sum(
            (y[row] * Fraction(value) for row, value in entries if y[row]), Fraction(0)
        )
        side = program.lower[column] if reduced > 0 else program.upper[column]
        if reduced:
            total += reduced * Fraction(float(side))
    return total


def _not_idle(program: Program, duals: Floats) -> Integers:
    """Columns that may add to the bound: others stay at 0, at a reduced cost surely above 0.

    Surely: by more than the rounding of the floats in which it is summed here.
    """
    matrix = program.matrix
    terms = int(np.diff(matrix.indptr).max(initial=0)) + 3
    size = np.abs(program.cost) + abs(matrix).T @ np.abs(duals)
    is_positive = program.cost - matrix.T @ duals > 4 * terms * np.finfo(float).eps * size
    return np.flatnonzero(~is_positive | (program.lower != 0))
