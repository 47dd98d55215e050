"""The page of one set for several futures, and its arrays: the same rows and costs."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyomo.environ as pyo
import pytest
from pyomo.repn import generate_standard_repn

from model.scenarios.apply import LEDGER
from model.scenarios.info import ScenarioInfo
from model.solve.deadline import NEVER
from model.studies.futures.criterion import Criterion
from model.studies.futures.future import Scenario, pose_futures
from model.studies.futures.joint import join
from model.studies.futures.page import build_futures
from model.studies.siting.requirements import Requirements
from tests.support.siting_problems import small

Row = tuple[tuple[tuple[int, float], ...], float, float]


def one_sided(terms: dict[int, float], least: float, most: float) -> list[Row]:
    """A row as one or two bounds from above."""
    kept = {at: weight for at, weight in terms.items() if abs(weight) > 1e-12}
    found = []
    for sign, bound in ((1.0, most), (-1.0, -least)):
        if kept and np.isfinite(bound):
            row = tuple(sorted((at, round(sign * w, 9)) for at, w in kept.items()))
            found.append((row, -np.inf, round(bound, 6) + 0.0))
    return found


@pytest.mark.parametrize("criterion", list(Criterion))
def test_the_arrays_are_the_page(criterion: Criterion) -> None:
    case = small(
        projects=small().projects.assign(
            min_kt=[10.0, np.nan, np.nan], lines_max=[1, 2, 1], min_load=[0.0, 0.5, 0.8], group="g"
        ),
        groups=pd.DataFrame({"group": ["g"], "max_projects": [2]}),
    )
    dearer = case.replace(lanes=case.lanes.assign(cost_cny_per_t=case.lanes["cost_cny_per_t"] + 9))
    more = case.replace(sinks=case.sinks.assign(demand_kt=[70.0, 40.0], max_kt=[70.0, 40.0]))
    nothing = pd.DataFrame(columns=list(LEDGER))
    scenarios = [
        Scenario(each, ScenarioInfo(name), nothing)
        for name, each in (("a", case), ("b", dearer), ("c", more))
    ]
    futures = pose_futures(scenarios, Requirements(budget_mcny=90.0), NEVER)
    weights, own = np.array([0.5, 0.25, 0.25]), np.array([4000.0, 5000.0, 6000.0])
    joint = join(futures, criterion, weights, own)
    model = build_futures(futures, criterion, weights, own)
    blocks = [getattr(model, f"future_{number}") for number in range(3)]
    flows = [v for b in blocks for group in (b.ship_kt, b.runs) for v in group.values()]
    every = [*flows, *model.yes.values(), *model.size_kt.values(), model.greatest_kcny]
    column = {id(variable): number for number, variable in enumerate(every)}
    program, matrix = joint.program, joint.program.matrix.tocsr()
    assert len(every) == len(program.cost)
    arrays: set[Row] = set()
    for at, (low, high) in enumerate(zip(program.row_lower, program.row_upper, strict=True)):
        here = slice(matrix.indptr[at], matrix.indptr[at + 1])
        terms = dict(zip(matrix.indices[here].tolist(), matrix.data[here].tolist(), strict=True))
        arrays.update(one_sided(terms, low, high))
    page: set[Row] = set()
    for each in model.component_data_objects(pyo.Constraint):
        body = generate_standard_repn(each.body)
        terms = {column[id(v)]: c for v, c in zip(body.linear_vars, body.linear_coefs, strict=True)}
        low, high = (
            without if bound is None else pyo.value(bound) - body.constant
            for bound, without in ((each.lower, -np.inf), (each.upper, np.inf))
        )
        page.update(one_sided(terms, low, high))
    assert page == arrays
    objective = generate_standard_repn(model.criterion_kcny.expr)
    cost = np.zeros(len(every))
    for variable, value in zip(objective.linear_vars, objective.linear_coefs, strict=True):
        cost[column[id(variable)]] += value
    assert program.cost == pytest.approx(cost)
    assert [each.is_binary() for each in every] == joint.integer.tolist()
