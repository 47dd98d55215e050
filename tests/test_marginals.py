"""Marginal values are exact on both sides, degenerate or not, and say what sets them."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.case.case import Case
from model.reading.read_case import read_case
from model.solve.column_generation import Allocator
from model.solve.highs import Status
from model.solve.marginal_values import marginal_value_table
from model.solve.tie_break import break_ties
from tests.support.markets import frame, least_cost, market_of, transport_case

BASE = Path(__file__).parents[1] / "data" / "prebaked_2024"
STEP = 1e-3


def prices(case: Case) -> pd.DataFrame:
    allocator = Allocator(market_of(case))
    optimum = allocator.optimise()
    assert optimum.status is Status.OPTIMAL
    plan = break_ties(allocator, optimum).plan
    return marginal_value_table(allocator, plan).set_index(["role", "place"])


def moved(case: Case, role: str, place: str, step: float) -> Case:
    table, key, column = {
        "origin": ("origins", "origin", "supply_kt"),
        "sink": ("sinks", "sink", "demand_kt"),
        "limit": ("limits", "limit", "max"),
    }[role]
    rows = case.table(table)
    figures = rows[column].where(rows[key] != place, rows[column] + step)
    return case.replace(**{table: rows.assign(**{column: figures})})


def check_by_resolving(case: Case, found: pd.DataFrame) -> None:
    base = least_cost(case)
    assert base is not None
    for (role, place), row in found.iterrows():
        for side, step in (("left_cny_per_t", -STEP), ("right_cny_per_t", STEP)):
            there = None
            if moved_figure(case, role, place) + step >= 0:
                there = least_cost(moved(case, role, place, step))
            worth = row[side]
            if there is None:
                assert math.isnan(worth), (role, place, side)
                assert row[side.replace("cny_per_t", "reason")]
            else:
                sign = 1 if role == "sink" else -1
                assert worth == pytest.approx(sign * (there - base) / step, abs=1e-4)


def moved_figure(case: Case, role: str, place: str) -> float:
    table, key, column = {
        "origin": ("origins", "origin", "supply_kt"),
        "sink": ("sinks", "sink", "demand_kt"),
        "limit": ("limits", "limit", "max"),
    }[role]
    rows = case.table(table).set_index(key)
    return float(rows.loc[place, column])


def test_two_lanes_at_the_end_of_the_first() -> None:
    """Lanes at 1 and 3, ten each, demand ten: the next tonne costs 3, the last cost 1."""
    case = transport_case([10, 10], [10], [[1], [3]])
    found = prices(case)
    sink = found.loc[("sink", "s0")]
    assert (sink["left_cny_per_t"], sink["right_cny_per_t"]) == (1.0, 3.0)
    assert sink["right_reason"] == "o1 ships 1 more; o1 to s0 +1"
    assert sink["left_reason"] == "o0 ships 1 less; o0 to s0 -1"
    origin = found.loc[("origin", "o0")]
    assert (origin["left_cny_per_t"], origin["right_cny_per_t"]) == (2.0, 0.0)
    check_by_resolving(case, found)


def test_a_chain_is_told_from_the_place_to_where_it_ends() -> None:
    case = transport_case([20, 30], [10, 15], [[1, 2], [9, 3.5]])
    case = moved(case, "origin", "o0", -5.0)
    found = prices(case)
    assert found.loc[("sink", "s0"), "right_reason"] == (
        "o1 ships 1 more; o0 to s0 +1; o0 to s1 -1; o1 to s1 +1"
    )
    assert found.loc[("sink", "s0"), "right_cny_per_t"] == 1 - 2 + 3.5
    check_by_resolving(case, found)


def test_a_side_that_cannot_move_says_what_binds_it() -> None:
    limits = frame("limit max origin", "gate 10 o0")
    found = prices(transport_case([30], [10], [[2]], limits=limits))
    sink = found.loc[("sink", "s0")]
    assert math.isnan(sink["right_cny_per_t"])
    assert sink["right_reason"] == "cannot change this way: bound by gate"
    gate = found.loc[("limit", "gate")]
    assert math.isnan(gate["left_cny_per_t"]) and gate["right_cny_per_t"] == 0.0


def test_prices_of_the_base_agree_with_resolving() -> None:
    case = read_case(BASE)
    found = prices(case)
    some = found.iloc[[0, 5, 9, 11, 13, 18, 25, 33, 35, 36, 37]]
    check_by_resolving(case, some)
    home = found.loc["sink"]
    assert home.loc["Yunnan", "right_cny_per_t"] > home.loc["Shandong", "right_cny_per_t"]


TONNES = st.integers(0, 12)


@settings(max_examples=50, deadline=None)
@given(
    supply=st.lists(TONNES, min_size=2, max_size=2),
    demand=st.lists(TONNES, min_size=2, max_size=2),
    cost=st.lists(st.integers(0, 9) | st.none(), min_size=4, max_size=4),
    cap=st.integers(0, 15),
)
def test_both_sides_agree_with_resolving(
    supply: list[int], demand: list[int], cost: list[int | None], cap: int
) -> None:
    price = np.array([np.inf if value is None else value for value in cost], float).reshape(2, 2)
    price[0, 0] = 4.0
    limits = frame("limit max sink", f"cap {cap} s0")
    case = transport_case(supply, demand, price, limits=limits)
    if least_cost(case) is None:
        return
    check_by_resolving(case, prices(case))
