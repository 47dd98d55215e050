"""The arrays of a plan are its page, row by row, on random plans."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
import pyomo.environ as pyo
import pytest
from pyomo.repn import generate_standard_repn

from model.case.errors import BadInput
from model.solve.program import Program
from model.studies.plan.page import build_plan
from model.studies.plan.schedule import pose
from model.studies.siting.requirements import Requirements
from tests.support.plan_cases import random_plan
from tests.support.siting_varied import with_loads

Row = tuple[tuple[tuple[int, float], ...], float]


def one_sided(terms: Iterator[tuple[int, float]], least: float, most: float) -> Iterator[Row]:
    """A row as one or two of the form Σ a x ≤ b; empty ones and free ones as none."""
    entries = sorted((int(at), round(float(v), 9)) for at, v in terms if abs(v) > 1e-12)
    for sign, bound in ((-1.0, least), (1.0, most)):
        if entries and np.isfinite(bound):
            yield tuple((at, sign * v) for at, v in entries), round(sign * float(bound), 9) + 0.0


def rows_of_arrays(program: Program) -> Counter[Row]:
    matrix, rows = program.matrix.tocsr(), Counter[Row]()
    for number, (least, most) in enumerate(zip(program.row_lower, program.row_upper, strict=True)):
        here = slice(matrix.indptr[number], matrix.indptr[number + 1])
        terms = zip(matrix.indices[here].tolist(), matrix.data[here].tolist(), strict=True)
        rows.update(one_sided(terms, least, most))
    return rows


def rows_of_page(model: pyo.ConcreteModel, column: dict[int, int]) -> Counter[Row]:
    rows = Counter[Row]()
    for each in model.component_data_objects(pyo.Constraint):
        body = generate_standard_repn(each.body)
        terms = (
            (column[id(v)], c) for v, c in zip(body.linear_vars, body.linear_coefs, strict=True)
        )
        least = -np.inf if each.lower is None else pyo.value(each.lower) - body.constant
        most = np.inf if each.upper is None else pyo.value(each.upper) - body.constant
        rows.update(one_sided(terms, least, most))
    return rows


@pytest.mark.parametrize("seed", range(100, 130))
def test_the_arrays_are_the_page(seed: int) -> None:
    case = with_loads(random_plan(seed)[0], seed)
    try:
        problem = pose(case, Requirements())
    except BadInput:
        pytest.skip("a forced project that cannot start")
    model = build_plan(problem.horizon, problem.layout.places, problem.starts)
    families = (model.ship_kt, model.stock_kt, model.yes, model.size_kt, model.runs)
    every = [variable for family in families for variable in family.values()]
    column = {id(variable): number for number, variable in enumerate(every)}
    program = problem.whole()
    page, arrays = rows_of_page(model, column), rows_of_arrays(program)
    assert page - arrays == Counter()
    assert arrays - page == Counter()
    cost = np.zeros(len(every))
    objective = generate_standard_repn(model.total_cost_kcny.expr)
    for variable, value in zip(objective.linear_vars, objective.linear_coefs, strict=True):
        cost[column[id(variable)]] += value
    assert program.cost == pytest.approx(cost)
    assert [each.is_binary() for each in every] == program.integer.tolist()  # type: ignore[union-attr]
