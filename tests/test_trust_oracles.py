"""Answers that owe nothing to this program: by brute force, and by GLPK in exact arithmetic.

Further oracles stand where they belong: scipy's linprog over every route written out
(test_traps.py), networkx's network simplex (test_network.py), the conditions of an optimum and laws
(test_core.py), published optima (test_instances.py), enumeration of projects (test_site.py).
"""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import swiglpk as glpk  # type: ignore[import-not-found]
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from model.case.case import Case
from model.case.write import write_case
from model.certify.certificate import certify
from model.run import RunOptions, evaluate
from model.scenarios.info import ScenarioInfo
from model.store.output_csv import to_csv
from model.store.output_json import json_text
from tests.support.compared import NIGHTLY
from tests.support.markets import least_cost, transport_case
from tests.support.oracle import written_out
from tests.support.random_networks import networks
from tests.support.recipe_cases import recipe_cases

SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much]

# Brute force


@st.composite
def tiny_cases(draw: st.DrawFn) -> Case:
    """Two origins, two or three sinks, whole tonnes, bounds on lanes."""
    sinks = draw(st.integers(2, 3))
    kt, cost = st.integers(0, 4), st.integers(0, 30)
    table = np.array(draw(st.lists(cost, min_size=2 * sinks, max_size=2 * sinks)), dtype=float)
    case = transport_case(
        draw(st.lists(kt, min_size=2, max_size=2)),
        draw(st.lists(kt, min_size=sinks, max_size=sinks)),
        table.reshape(2, sinks),
    )
    least = draw(st.lists(st.sampled_from([0, 0, 0, 1, 2]), min_size=len(table)))
    room = draw(st.lists(st.sampled_from([0, 1, 4]), min_size=len(table)))
    lanes = case.lanes.assign(
        min_kt=[float(kt) for kt in least[: len(table)]],
        max_kt=[float(kt + more) for kt, more in zip(least, room, strict=False)][: len(table)],
    )
    most = case.sinks["demand_kt"] + float(draw(st.integers(0, 1)))
    return case.replace(lanes=lanes, sinks=case.sinks.assign(max_kt=most))


def cheapest_by_enumeration(case: Case) -> float | None:
    """Try every plan of whole tonnes: a transport problem in whole numbers has such an optimum."""
    lanes = case.lanes.to_dict("records")
    origins, sinks = case.origins.set_index("origin"), case.sinks.set_index("sink")
    choices = [range(int(lane["min_kt"]), int(lane["max_kt"]) + 1) for lane in lanes]
    best: float | None = None
    for plan in itertools.product(*choices):
        shipped, received = dict.fromkeys(origins.index, 0), dict.fromkeys(sinks.index, 0)
        for kt, lane in zip(plan, lanes, strict=True):
            shipped[lane["origin"]] += kt
            received[lane["sink"]] += kt
        if any(kt > origins.loc[name, "supply_kt"] for name, kt in shipped.items()):
            continue
        if any(
            not sinks.loc[name, "demand_kt"] <= kt <= sinks.loc[name, "max_kt"]
            for name, kt in received.items()
        ):
            continue
        cost = sum(kt * lane["cost_cny_per_t"] for kt, lane in zip(plan, lanes, strict=True))
        best = cost if best is None else min(best, cost)
    return best


@settings(max_examples=25, deadline=None, suppress_health_check=SLOW)
@given(tiny_cases())
def test_tiny_cases_by_brute_force(case: Case) -> None:
    assert least_cost(case) == pytest.approx(cheapest_by_enumeration(case), abs=1e-6)


@pytest.mark.slow
@settings(max_examples=1000, deadline=None, suppress_health_check=SLOW)
@given(tiny_cases())
def test_a_thousand_tiny_cases_by_brute_force(case: Case) -> None:
    assert least_cost(case) == pytest.approx(cheapest_by_enumeration(case), abs=1e-6)


# GLPK, simplex in rational arithmetic


def glpk_least_cost(case: Case) -> float | None:
    """What the simplex method of GLPK in rationals makes of every way written out."""
    program = written_out(case)
    glpk.glp_term_out(glpk.GLP_OFF)
    glpk_program = glpk.glp_create_prob()
    glpk.glp_add_rows(glpk_program, len(program.low))
    glpk.glp_add_cols(glpk_program, len(program.ways))
    for row, bounds in enumerate(zip(program.low, program.high, strict=True), start=1):
        glpk.glp_set_row_bnds(glpk_program, row, kind_of(*bounds), *map(finite, bounds))
    for column, way in enumerate(program.ways, start=1):
        glpk.glp_set_obj_coef(glpk_program, column, way.cost)
        bounds = way.least, way.most
        glpk.glp_set_col_bnds(glpk_program, column, kind_of(*bounds), *map(finite, bounds))
        rows = [number for number, row in enumerate(program.matrix) if row[column - 1]]
        places, values = glpk.intArray(len(rows) + 1), glpk.doubleArray(len(rows) + 1)
        for place, row in enumerate(rows, start=1):
            places[place], values[place] = row + 1, float(program.matrix[row][column - 1])
        glpk.glp_set_mat_col(glpk_program, column, len(rows), places, values)
    assert glpk.glp_exact(glpk_program, None) == 0
    status = glpk.glp_get_status(glpk_program)
    cost = float(glpk.glp_get_obj_val(glpk_program))
    glpk.glp_delete_prob(glpk_program)
    return cost if status == glpk.GLP_OPT else None


def kind_of(low: float, high: float) -> int:
    """What GLPK calls such bounds."""
    if low == high:
        return int(glpk.GLP_FX)
    kinds = {(True, True): glpk.GLP_DB, (True, False): glpk.GLP_LO, (False, True): glpk.GLP_UP}
    return int(kinds.get((bool(np.isfinite(low)), bool(np.isfinite(high))), glpk.GLP_FR))


def finite(bound: float) -> float:
    """A bound; 0 where there is none, which GLPK does not look at."""
    return float(bound) if np.isfinite(bound) else 0.0


def glpk_agrees(case: Case) -> None:
    if not written_out(case).ways:
        return
    ours, theirs = least_cost(case), glpk_least_cost(case)
    assert (ours is None) == (theirs is None)
    if theirs is not None:
        assert ours == pytest.approx(theirs, rel=1e-9, abs=1e-6)


@settings(max_examples=10, deadline=None, suppress_health_check=SLOW)
@given(networks())
def test_glpk_in_exact_arithmetic_agrees(case: Case) -> None:
    glpk_agrees(case)


@pytest.mark.slow
@settings(max_examples=1000, deadline=None, suppress_health_check=SLOW)
@given(networks())
def test_glpk_agrees_on_a_thousand_cases(case: Case) -> None:
    glpk_agrees(case)


@pytest.mark.parametrize("count", [10, pytest.param(NIGHTLY, marks=pytest.mark.slow)])
def test_glpk_agrees_on_cases_with_inputs(count: int) -> None:
    """Sources, recipes, depots and tariffs by commodity, in a solver that shares no code."""
    for _, case in recipe_cases(0 if count == 10 else 10_000, count):
        glpk_agrees(case)


# The certificate of whatever is solved


def is_proved(case: Case, folder: Path) -> None:
    """Whatever the model answers, its files prove with a gap of nought, or with a cut."""
    result = evaluate(case, ScenarioInfo("base"), pd.DataFrame(), RunOptions())
    write_case(result.case, folder / "inputs")
    (folder / "flows.csv").write_text(to_csv(result.flows), encoding="utf-8")
    (folder / "certificate.json").write_text(json_text(result.certificate), encoding="utf-8")
    found = certify(folder)
    assert found["word"] == "proved", found
    if result.status == "optimal":
        assert found["relative_gap"] <= 1e-9


@settings(max_examples=20, deadline=None, suppress_health_check=SLOW)
@given(networks())
def test_random_cases_are_proved(tmp_path_factory: pytest.TempPathFactory, case: Case) -> None:
    is_proved(case, tmp_path_factory.mktemp("proved"))


@pytest.mark.slow
@settings(max_examples=3000, deadline=None, suppress_health_check=SLOW)
@given(networks())
def test_thousands_of_random_cases_are_proved(
    tmp_path_factory: pytest.TempPathFactory, case: Case
) -> None:
    is_proved(case, tmp_path_factory.mktemp("proved"))
