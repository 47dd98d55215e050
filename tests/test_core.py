"""The allocation of small cases: by hand, by the conditions of an optimum, and by laws."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.case.case import Case
from model.reading.read_case import read_case
from model.result.allocation import Allocation
from model.run import RunOptions, evaluate
from model.scenarios.info import ScenarioInfo
from model.solve.column_generation import Allocator
from model.solve.solution import Status
from tests.support.cases import TWELVE_REGIONS
from tests.support.markets import (
    check_optimal,
    frame,
    least_cost,
    make_case,
    market_of,
    transport_case,
)


def run(case: Case) -> Allocation:
    return evaluate(case, ScenarioInfo("base"), pd.DataFrame(), RunOptions())


def flows(case: Case) -> dict[tuple[str, str], float]:
    table = run(case).flows
    return {(row.origin, row.sink): row.ship_kt for row in table.itertuples()}


def test_two_by_two_by_hand() -> None:
    # o0 would rather serve both sinks; its last 3 kt save more at s1 (9 − 4) than at s0 (2 − 1).
    case = transport_case([5, 9], [4, 3], [[1, 4], [2, 9]])
    assert flows(case) == {("o0", "s0"): 2, ("o0", "s1"): 3, ("o1", "s0"): 2}
    assert least_cost(case) == pytest.approx(2 * 1 + 3 * 4 + 2 * 2)


def test_dantzig(dantzig: Path) -> None:
    result = run(read_case(dantzig))
    assert result.status == "optimal"
    assert result.figures["total_cost_mcny"] * 1000 == pytest.approx(153.675)


def test_production_duty_and_carbon_enter_the_cost() -> None:
    case = make_case(
        {"carbon_price_cny_per_t": 100.0, "year": 2024},
        origins=frame("origin supply_kt cost_cny_per_t", "o0 10 7"),
        sinks=frame("sink demand_kt kind", "s0 4 export"),
        lanes=frame("origin sink cost_cny_per_t mode km", "o0 s0 20 rail 1000"),
        modes=frame("mode gco2_per_t_km", "rail 50"),
        duties=frame("duty rate value_cny_per_t kind", "d 0.1 300 export"),
    )
    figures = run(case).figures
    assert figures["production_cost_mcny"] == pytest.approx(4 * 7 / 1000)
    assert figures["duty_cost_mcny"] == pytest.approx(4 * 30 / 1000)
    assert figures["carbon_cost_mcny"] == pytest.approx(4 * 5 / 1000)
    assert figures["total_cost_mcny"] == pytest.approx(4 * (20 + 7 + 30 + 5) / 1000)


def test_a_market_of_zero_and_an_origin_of_zero() -> None:
    case = transport_case([0, 5], [0, 5], [[1, 1], [2, 3]])
    assert least_cost(case) == pytest.approx(15)


@st.composite
def transports(draw: st.DrawFn) -> tuple[list[int], list[int], np.ndarray]:
    origins, sinks = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    demand = draw(st.lists(st.integers(0, 20), min_size=sinks, max_size=sinks))
    supply = draw(st.lists(st.integers(0, 20), min_size=origins, max_size=origins))
    supply[0] += max(0, sum(demand) - sum(supply))
    cost = draw(st.lists(st.integers(0, 50), min_size=origins * sinks, max_size=origins * sinks))
    return supply, demand, np.array(cost, dtype=float).reshape(origins, sinks)


Transport = tuple[list[int], list[int], np.ndarray]
a_few = settings(max_examples=20, deadline=None)


@a_few
@given(transports(), st.integers(2, 9))
def test_costs_scaled_scale_the_objective(transport: Transport, factor: int) -> None:
    supply, demand, cost = transport
    once = least_cost(transport_case(supply, demand, cost))
    assert once is not None
    scaled = least_cost(transport_case(supply, demand, cost * factor))
    assert scaled == pytest.approx(once * factor, abs=1e-6)


@a_few
@given(transports(), st.integers(2, 9))
def test_masses_scaled_scale_the_objective(transport: Transport, factor: int) -> None:
    supply, demand, cost = transport
    once = least_cost(transport_case(supply, demand, cost))
    assert once is not None
    scaled = least_cost(
        transport_case([factor * kt for kt in supply], [factor * kt for kt in demand], cost)
    )
    assert scaled == pytest.approx(once * factor, abs=1e-6)


@a_few
@given(transports(), st.integers(0, 5), st.integers(1, 9))
def test_more_supply_never_costs_more(transport: Transport, which: int, more: int) -> None:
    supply, demand, cost = transport
    before = least_cost(transport_case(supply, demand, cost))
    supply[which % len(supply)] += more
    after = least_cost(transport_case(supply, demand, cost))
    assert before is not None and after is not None and after <= before + 1e-6


@a_few
@given(transports(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(transport: Transport, random: object) -> None:
    case = transport_case(*transport)
    tables = {name: case.table(name) for name in ("origins", "sinks", "lanes")}
    seed = random.randrange(1000)  # type: ignore[attr-defined]
    shuffled = case.replace(
        **{name: table.sample(frac=1, random_state=seed) for name, table in tables.items()}
    )
    one, other = run(case), run(shuffled)
    pd.testing.assert_frame_equal(one.flows, other.flows, check_exact=True)
    pd.testing.assert_frame_equal(one.prices, other.prices, check_exact=True)
    assert {**one.figures, "seconds": 0} == {**other.figures, "seconds": 0}


@a_few
@given(transports())
def test_an_origin_split_in_two_keeps_the_total(transport: Transport) -> None:
    supply, demand, cost = transport
    whole = least_cost(transport_case(supply, demand, cost))
    half = supply[0] // 2
    split = transport_case(
        [half, supply[0] - half, *supply[1:]], demand, np.vstack([cost[:1], cost])
    )
    assert least_cost(split) == pytest.approx(whole, abs=1e-6)


def test_among_equal_plans_the_least_tonne_km_is_published() -> None:
    lanes = frame(
        "origin sink cost_cny_per_t mode km",
        *["o0 s0 5 a 900", "o0 s1 5 a 100", "o1 s0 5 a 100", "o1 s1 5 a 900"],
    )
    case = transport_case([4, 4], [4, 4], np.ones((2, 2)), lanes=lanes)
    assert flows(case) == {("o0", "s1"): 4, ("o1", "s0"): 4}
    assert run(case).lanes["other_plans_cost_the_same"]


def test_the_result_counts_lanes_and_rounds() -> None:
    rng = np.random.default_rng(1)
    case = transport_case([9] * 60, [8] * 60, rng.integers(1, 999, (60, 60)))
    counts = run(case).lanes
    assert counts["offered"] == 3600 > counts["seen"] > counts["used"]
    assert counts["rounds"] >= 1 and counts["least_reduced_cost"] >= -1e-6


@pytest.mark.parametrize("seed", range(3))
def test_warm_and_cold_agree_after_many_changes(seed: int) -> None:
    rng = np.random.default_rng(seed)
    case = transport_case([30] * 12, [20] * 15, rng.integers(1, 99, (12, 15)))
    warm = Allocator(market_of(case))
    for _ in range(10):
        demand = rng.integers(0, 24, 15).astype(float)
        lower, upper = warm.market.row_lower_kt.copy(), warm.market.row_upper_kt.copy()
        lower[12:], upper[12:] = demand, demand
        with warm.bounds((lower, upper)):
            optimum = warm.optimise()
        assert optimum.status is Status.OPTIMAL
        cold = case.replace(
            sinks=case.sinks.assign(demand_kt=[demand[int(s[1:])] for s in case.sinks["sink"]])
        )
        # canonical order is that of names: s0, s1, s10, …
        order = [int(name[1:]) for name in warm.market.sinks]
        lower[12:], upper[12:] = demand[order], demand[order]
        with warm.bounds((lower, upper)):
            assert warm.optimise().objective == pytest.approx(least_cost(cold))


def test_the_bundled_case_meets_the_conditions_of_an_optimum() -> None:
    case = read_case(TWELVE_REGIONS)
    allocator = Allocator(market_of(case))
    check_optimal(allocator.market, allocator.optimise())
