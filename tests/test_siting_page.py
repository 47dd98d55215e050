"""The page of the siting program, and the arrays that the search uses: the same, row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pyomo.environ as pyo
import pytest
from hypothesis import given
from pyomo.core.base import ConcreteModel
from pyomo.core.base.var import VarData
from pyomo.repn import generate_standard_repn

from model.case.case import Case
from model.market.unbeaten_routes import lanes_that_matter
from model.reading.read_case import read_case
from model.solve.program import Program
from model.studies.siting.page import build_siting
from model.studies.siting.problem import SitingProblem, pose
from model.studies.siting.requirements import Requirements
from tests.support.siting_problems import problems, small, tried

DATA = Path(__file__).parents[1] / "data"
DIGITS = 12
Row = tuple[tuple[tuple[str, float], ...], float, float]


def rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


def row(terms: Iterator[tuple[str, float]], least: float, most: float) -> Row:
    """A row whose terms stand in order; one of each pair that differ by sign."""
    kept = sorted((name, rounded(weight)) for name, weight in terms if weight)
    if kept and kept[0][1] < 0:
        kept, least, most = [(name, -weight) for name, weight in kept], -most, -least
    return tuple(kept), rounded(least) + 0.0, rounded(most) + 0.0


def columns_of(model: ConcreteModel) -> list[VarData]:
    """Variables of the page in the order of the arrays."""
    groups = (model.ship_kt, model.runs, model.yes, model.size_kt)
    return [variable for group in groups for variable in group.values()]


def of_page(model: ConcreteModel, names: list[str]) -> tuple[Counter[Row], dict[str, float]]:
    """Rows and costs of the page."""
    every = columns_of(model)
    name = {id(variable): text for variable, text in zip(every, names, strict=True)}
    rows: Counter[Row] = Counter()
    for constraint in model.component_data_objects(pyo.Constraint):
        terms = generate_standard_repn(constraint.body)
        here = [name[id(variable)] for variable in terms.linear_vars]
        least, most = (
            without if bound is None else pyo.value(bound) - terms.constant
            for bound, without in ((constraint.lower, -np.inf), (constraint.upper, np.inf))
        )
        found = row(zip(here, terms.linear_coefs, strict=True), least, most)
        rows[found] += bool(found[0])
    cost = generate_standard_repn(model.total_cost_kcny.expr)
    costs = zip(cost.linear_vars, cost.linear_coefs, strict=True)
    return rows, {name[id(each)]: rounded(value) for each, value in costs if value}


def of_arrays(program: Program, names: list[str]) -> tuple[Counter[Row], dict[str, float]]:
    """Rows that bind something, and costs, of the arrays."""
    matrix = program.matrix.tocsr()
    rows: Counter[Row] = Counter()
    for number, (least, most) in enumerate(zip(program.row_lower, program.row_upper, strict=True)):
        here = slice(matrix.indptr[number], matrix.indptr[number + 1])
        terms = zip([names[at] for at in matrix.indices[here]], matrix.data[here], strict=True)
        found = row(terms, least, most)
        if found[0] and np.isfinite([least, most]).any():
            rows[found] += 1
    costs = zip(names, program.cost, strict=True)
    return rows, {name: rounded(value) for name, value in costs if value}


def assert_same(problem: SitingProblem) -> ConcreteModel:
    formulation = problem.formulation
    model = build_siting(
        formulation.market,
        lanes_that_matter(formulation.market),
        formulation.options,
        problem.requirements,
    )
    program = formulation.with_rows(problem.rows)
    names = [f"x{number}" for number in range(len(program.cost))]
    page, arrays = of_page(model, names), of_arrays(program, names)
    assert page[0] - arrays[0] == Counter()
    assert arrays[0] - page[0] == Counter()
    assert page[1] == arrays[1]
    every = columns_of(model)
    bounds = [
        (low or 0.0, np.inf if high is None else high) for low, high in (v.bounds for v in every)
    ]
    assert bounds == list(zip(program.lower.tolist(), program.upper.tolist(), strict=True))
    assert program.integer is not None
    assert [each.is_binary() for each in every] == program.integer.tolist()
    return model


def capped(case: Case) -> Case:
    """With a limit of two bounds that a project raises, a least shipment, a forced project."""
    limits = pd.DataFrame({"limit": ["gate"], "origin": ["o0|o1"], "min": [1.0], "max": [70.0]})
    gate = pd.DataFrame(
        {"project": ["gate wider"], "capacity_kt": [30.0], "adds_to_limit": ["gate"]}
    )
    return case.replace(
        limits=limits,
        lanes=case.lanes.assign(min_kt=2.0 * (case.lanes["origin"] == "p0")),
        projects=pd.concat([case.projects.assign(min_load=0.4), gate]).fillna({"forced": False}),
    )


@tried(20)
@given(problems())
def test_the_arrays_are_the_page_on_random_cases(drawn: tuple[Case, Requirements]) -> None:
    case, wanted = drawn
    assert_same(pose(case, Requirements(max_projects=wanted.max_projects)))
    assert_same(pose(capped(case), Requirements(budget_mcny=1e3, include=("p0",))))
    lines = np.where(case.projects["min_kt"].isna(), 2.0, 1.0)
    assert_same(pose(case.replace(projects=case.projects.assign(lines_max=lines))))


@pytest.mark.parametrize("name", ["prebaked_2024", "battery_2024"])
def test_the_arrays_are_the_page_on_bundled_cases(name: str) -> None:
    case = read_case(DATA / name)
    region = pose(case).formulation.options.options[0].region
    first, second = case.projects["project"].iloc[:2]
    required = Requirements(9000.0, 5, {region: 1}, include=(first,), exclude=(second,))
    assert_same(pose(case, required))


def test_the_page_reads_as_it_should() -> None:
    case = small()
    sized = case.replace(projects=case.projects.assign(min_kt=[10.0, np.nan, np.nan], group="g"))
    model = assert_same(pose(sized, Requirements(budget_mcny=60.0, max_projects=2)))
    text = [str(each.expr) for each in model.component_data_objects(pyo.Constraint)]
    assert "-inf  <=  yes[0] + yes[1] + yes[2]  <=  1.0" in text
    assert "size_kt[0]  <=  50.0*yes[0]" in text
    assert "10.0*yes[0]  <=  size_kt[0]" in text
